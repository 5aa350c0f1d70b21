/* What an object holds, as a VERSION in the log keeps it: MessagePack values one after the other, without a header, so that what is
 * appended to a list is appended to its bytes. The first is the form, a number of the table in encode.c, or 0:
 *
 *   LIST, SET       item …
 *   DICT            key, value …
 *   OBJECT          name, value …
 *   DERIVED         the builtin part, name, value …
 *   EXCEPTION       args, name, value …
 *   0               the object as encode.c writes it; of an array or a table a fingerprint behind it
 *
 * Where not all was kept, SIZE stands in place of the rest: how many there are, and a fingerprint of those that were left out. Of a list
 * of more than SCOPE_VERSION_ITEMS the first and the last items are kept. The fingerprint is made of 64 items at equal distances; a
 * change that misses them all, and changes neither the size nor what is kept, is not noticed. */
#include "digest.h"

enum { SIZE_ROOM = 26, FINGERPRINT_ITEMS = 64, EVERY_BYTE = 512 };

bool scope_write_size(struct scope_writer *w, uint64_t size, uint64_t fingerprint)
{
    unsigned char *end = w->end;
    w->end += SIZE_ROOM;
    struct scope_open open;
    bool written = scope_fits(w, SIZE_ROOM) && scope_open(w, SCOPE_EXT_SIZE, &open);
    if (written) {
        scope_put_uint(w, size);
        scope_put_uint(w, fingerprint);
        open.items = 2;
        scope_close(w, &open);
    }
    w->end = end;
    return written;
}

/* ---- fingerprints ---- */

uint64_t scope_fingerprint_list(PyObject *list)
{
    Py_ssize_t size = PyList_GET_SIZE(list);
    uint64_t fingerprint = (uint64_t)size;
    for (int i = 0; i < FINGERPRINT_ITEMS; i++) {
        Py_ssize_t place = (Py_ssize_t)((uint64_t)i * (uint64_t)size / FINGERPRINT_ITEMS);
        fingerprint = scope_mix(fingerprint, scope_digest(PyList_GET_ITEM(list, place), 1));
    }
    return fingerprint;
}

uint64_t scope_fingerprint_dict(PyObject *dict)
{
    struct scope_walk walk = scope_walk_dict(dict);
    uint64_t fingerprint = scope_mix((uint64_t)((PyDictObject *)dict)->ma_used, (uint64_t)walk.stop);
    for (int i = 0; i < FINGERPRINT_ITEMS; i++) {
        PyObject *key, *value;
        walk.next = (Py_ssize_t)((uint64_t)i * (uint64_t)walk.stop / FINGERPRINT_ITEMS);
        if (scope_walk_step(&walk, &key, &value) && value != NULL) {
            fingerprint = scope_mix(scope_mix(fingerprint, (uintptr_t)key), scope_digest(value, 1));
        }
    }
    return fingerprint;
}

static uint64_t fingerprint_set(PyObject *value)
{
    PySetObject *set = (PySetObject *)value;
    uint64_t fingerprint = scope_mix((uint64_t)set->used, (uint64_t)set->fill);
    for (int i = 0; i < FINGERPRINT_ITEMS; i++) {
        Py_ssize_t place = (Py_ssize_t)((uint64_t)i * (uint64_t)(set->mask + 1) / FINGERPRINT_ITEMS);
        fingerprint = scope_mix(fingerprint, (uintptr_t)set->table[place].key);
    }
    return fingerprint;
}

/* ---- contents ---- */

static void write_list(struct scope_writer *w, PyObject *list)
{
    PyObject *const *items = ((PyListObject *)list)->ob_item;
    Py_ssize_t size = PyList_GET_SIZE(list), first = size <= SCOPE_VERSION_ITEMS ? size : SCOPE_SAMPLE_FIRST;
    struct scope_open kept = {w->p, 0};
    for (Py_ssize_t i = 0; i < first && scope_write_item(w, items[i], &kept); i++) {
    }
    if ((Py_ssize_t)kept.items == size) {
        return;
    }
    scope_write_size(w, (uint64_t)size, scope_fingerprint_list(list));
    for (Py_ssize_t i = size - SCOPE_SAMPLE_LAST; size > SCOPE_VERSION_ITEMS && i < size && scope_write_item(w, items[i], &kept); i++) {
    }
}

static void write_set(struct scope_writer *w, PyObject *value)
{
    PySetObject *set = (PySetObject *)value;
    struct scope_open kept = {w->p, 0};
    for (Py_ssize_t i = 0; i <= set->mask && i < 4 * SCOPE_VERSION_ITEMS && kept.items < SCOPE_VERSION_ITEMS; i++) {
        if (set->table[i].key != NULL && set->table[i].hash != -1 && !scope_write_item(w, set->table[i].key, &kept)) {
            break;
        }
    }
    if ((Py_ssize_t)kept.items != set->used) {
        scope_write_size(w, (uint64_t)set->used, fingerprint_set(value));
    }
}

static void write_dict(struct scope_writer *w, PyObject *value)
{
    struct scope_walk walk = scope_walk_dict(value);
    struct scope_open kept = {w->p, 0};
    scope_write_pairs(w, &walk, SCOPE_VERSION_ITEMS, &kept);
    Py_ssize_t size = ((PyDictObject *)value)->ma_used;
    if ((Py_ssize_t)kept.items / 2 != size) {
        scope_write_size(w, (uint64_t)size, scope_fingerprint_dict(value));
    }
}

/* What is only described: as it is written inline, and what tells of a change in it. */
static bool write_described(struct scope_writer *w, PyObject *object)
{
    bool written;
    if (PyByteArray_CheckExact(object)) {
        return scope_write_bytearray(w, object);
    }
    if (scope_is_made_in_c(Py_TYPE(object)) ? scope_write_if_array(w, object, &written) : scope_write_if_pandas(w, object, &written)) {
        bool in_c = scope_is_made_in_c(Py_TYPE(object));
        uint64_t fingerprint = in_c ? scope_fingerprint_array(object) : scope_fingerprint_pandas(object);
        return written && (fingerprint == 0 || scope_write_uint(w, fingerprint));
    }
    return false;
}

Py_ssize_t scope_write_content(struct scope_writer *w, unsigned char *out, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    w->p = out;
    w->wall = out + SCOPE_CONTENT_MAX;
    w->end = w->wall - SIZE_ROOM;
    if (type == &PyList_Type) {
        *w->p++ = SCOPE_EXT_LIST;
        w->references = true;
        write_list(w, object);
    } else if (type == &PyDict_Type) {
        *w->p++ = SCOPE_EXT_DICT;
        w->references = true;
        write_dict(w, object);
    } else if (type == &PySet_Type) {
        *w->p++ = SCOPE_EXT_SET;
        w->references = true;
        write_set(w, object);
    } else {
        *w->p++ = 0;
        if (!write_described(w, object)) {
            w->p = out;
            w->references = true;
            if (!scope_write_instance_content(w, object)) {
                w->p = out;
                *w->p++ = 0;
                scope_write_mark(w, SCOPE_EXT_CUT);
            }
        }
    }
    return w->p - out;
}
