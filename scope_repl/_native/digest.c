/* See digest.h. */
#include "digest.h"

#include "arrays.h"

uint64_t scope_digest_bytes(uint64_t digest, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    uint64_t word;
    for (; size >= 8; at += 8, size -= 8) {
        memcpy(&word, at, 8);
        digest = scope_mix(digest, word);
    }
    word = 0;
    for (size_t i = 0; i < size; i++) {
        word |= (uint64_t)at[i] << (8 * i);
    }
    return scope_mix(digest, word ^ (uint64_t)size << 56);
}

static uint64_t digest_int(PyObject *value)
{
    const digit *digits;
    bool negative;
    Py_ssize_t count = scope_int_digits(value, &digits, &negative);
    Py_ssize_t kept = SCOPE_INT_BYTES_MAX * 8 / PyLong_SHIFT + 2; /* the most significant ones are written */
    Py_ssize_t first = count > kept ? count - kept : 0;
    return scope_digest_bytes(scope_mix(0x55 + negative, (uint64_t)count), digits + first, (size_t)(count - first) * sizeof(digit));
}

static uint64_t digest_text(PyObject *text)
{
    if (!scope_text_is_ready(text)) {
        return 0x66;
    }
    size_t size = (size_t)PyUnicode_GET_LENGTH(text), kept = size < SCOPE_TEXT_MAX ? size : SCOPE_TEXT_MAX;
    unsigned kind = PyUnicode_KIND(text);
    return scope_digest_bytes(scope_mix(0x77 + kind, size), PyUnicode_DATA(text), kept * kind);
}

static uint64_t digest_prefix(uint64_t seed, const char *bytes, Py_ssize_t size)
{
    size_t kept = size < SCOPE_TEXT_MAX ? (size_t)size : SCOPE_TEXT_MAX;
    return scope_digest_bytes(scope_mix(seed, (uint64_t)size), bytes, kept);
}

static uint64_t digest_items(uint64_t digest, PyObject *const *items, Py_ssize_t size, int depth)
{
    digest = scope_mix(digest, (uint64_t)size);
    for (Py_ssize_t i = 0; i < size; i++) {
        digest = scope_mix(digest, scope_digest(items[i], depth));
    }
    return digest;
}

static uint64_t digest_set(uint64_t digest, PyObject *value, int depth)
{
    PySetObject *set = (PySetObject *)value;
    digest = scope_mix(digest, (uint64_t)set->used);
    Py_ssize_t left = set->used < SCOPE_VERSION_ITEMS ? set->used : SCOPE_VERSION_ITEMS;
    for (Py_ssize_t i = 0; left > 0 && i <= set->mask && i < 4 * SCOPE_VERSION_ITEMS; i++) {
        if (set->table[i].key != NULL && set->table[i].hash != -1) {
            digest = scope_mix(digest, scope_digest(set->table[i].key, depth));
            left--;
        }
    }
    return digest;
}

/* What has no structure to walk: its encoding. */
static uint64_t digest_encoding(PyObject *value)
{
    unsigned char bytes[256];
    struct scope_writer w = {.p = bytes, .end = bytes + sizeof bytes, .wall = bytes + sizeof bytes, .references = true};
    Py_ssize_t size = scope_encode_into(&w, value, 0);
    return scope_digest_bytes(0x88, bytes, (size_t)size);
}

uint64_t scope_digest_other(PyObject *value, int depth)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyLong_Type) {
        return digest_int(value);
    }
    if (type == &PyUnicode_Type) {
        return digest_text(value);
    }
    if (depth > SCOPE_DEPTH_MAX) {
        return scope_mix(0xaa, (uintptr_t)value);
    }
    if (type == &PyTuple_Type) {
        Py_ssize_t size = PyTuple_GET_SIZE(value);
        Py_ssize_t kept = size < SCOPE_ITEMS_MAX ? size : SCOPE_ITEMS_MAX;
        return digest_items(scope_mix(0xbb, (uint64_t)size), ((PyTupleObject *)value)->ob_item, kept, depth + 1);
    }
    if (type == &PyFrozenSet_Type) {
        return digest_set(0xcc, value, depth + 1);
    }
    if (type == &PyBytes_Type) {
        return digest_prefix(0xdd, PyBytes_AS_STRING(value), PyBytes_GET_SIZE(value));
    }
    return digest_encoding(value);
}

/* ---- of contents ---- */

/* Of a long list the first and the last items, and some in between. */
static uint64_t digest_list(uint64_t digest, PyObject *value)
{
    PyObject *const *items = ((PyListObject *)value)->ob_item;
    Py_ssize_t size = PyList_GET_SIZE(value);
    if (size <= SCOPE_VERSION_ITEMS) {
        return digest_items(digest, items, size, 1);
    }
    digest = scope_mix(digest, (uint64_t)size);
    digest = digest_items(digest, items, SCOPE_SAMPLE_FIRST, 1);
    digest = digest_items(digest, items + size - SCOPE_SAMPLE_LAST, SCOPE_SAMPLE_LAST, 1);
    return scope_mix(digest, scope_fingerprint_list(value));
}

static uint64_t digest_walk(uint64_t digest, struct scope_walk *walk, Py_ssize_t size)
{
    PyObject *key, *value;
    int left = SCOPE_VERSION_ITEMS;
    digest = scope_mix(digest, (uint64_t)size);
    if (walk->values != NULL) { /* the names stand in an order that the class has for all its instances */
        digest = scope_mix(digest, (uintptr_t)walk->keys);
        while (left-- > 0 && walk->next < walk->stop) {
            Py_ssize_t place = scope_values_place(walk->values, walk->next++);
            digest = scope_mix(digest + (uint64_t)place, scope_digest(walk->values->values[place], 1));
        }
        return digest;
    }
    for (int step = 0; left > 0 && step < 4 * SCOPE_VERSION_ITEMS && scope_walk_step(walk, &key, &value); step++) {
        if (value != NULL) {
            /* keys are mostly the very same str each time; the others count by value */
            uint64_t name = PyUnicode_CheckExact(key) && PyUnicode_CHECK_INTERNED(key) ? (uintptr_t)key : scope_digest(key, 1);
            digest = scope_mix(scope_mix(digest, name), scope_digest(value, 1));
            left--;
        }
    }
    return digest;
}

static uint64_t digest_dict(uint64_t digest, PyObject *value)
{
    struct scope_walk walk = scope_walk_dict(value);
    digest = digest_walk(digest, &walk, ((PyDictObject *)value)->ma_used);
    return ((PyDictObject *)value)->ma_used <= SCOPE_VERSION_ITEMS ? digest : scope_mix(digest, scope_fingerprint_dict(value));
}

uint64_t scope_digest_content(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    uint64_t digest = scope_mix(0xee, (uintptr_t)type);
    if (type == &PyList_Type) {
        return digest_list(digest, object);
    }
    if (type == &PyDict_Type) {
        return digest_dict(digest, object);
    }
    if (type == &PySet_Type) {
        return digest_set(digest, object, 1);
    }
    struct scope_walk walk;
    Py_ssize_t size;
    if (scope_is_plain_instance(object)) { /* only names, no slots, no builtin part */
        return scope_walk_attributes(object, &walk, &size) ? digest_walk(digest, &walk, size) : digest;
    }
    unsigned char bytes[SCOPE_CONTENT_MAX];
    struct scope_writer w = {.found = NULL};
    Py_ssize_t used = scope_write_content(&w, bytes, object);
    return scope_digest_bytes(digest, bytes, (size_t)used);
}
