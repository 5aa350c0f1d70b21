/* Lists, tuples, sets, dicts, ranges and slices, and what all values that hold others share. See the table in encode.c. */
#include "encode.h"
#include "encode_parts.h"
#include "odict.h"

/* ---- what they share ---- */

bool scope_enter(struct scope_writer *w, int code, const void *address, Py_ssize_t header, struct scope_container *container)
{
    if (w->depth > SCOPE_DEPTH_MAX || !scope_fits(w, 7 + header) || !scope_open(w, code, &container->open)) {
        return false;
    }
    container->end = w->end;
    if (w->depth > 0) { /* so that the first of several large items does not leave the others without space */
        Py_ssize_t half = (w->end - w->p) / 2;
        w->end = w->p + (half > header ? half : header);
    }
    w->ancestors[w->depth++] = address;
    return true;
}

bool scope_leave(struct scope_writer *w, struct scope_container *container, bool whole)
{
    w->depth--;
    w->end = container->end;
    if (!whole || w->refused) {
        return false;
    }
    scope_close(w, &container->open);
    return true;
}

bool scope_is_open(const struct scope_writer *w, const void *address)
{
    for (int i = 0; i < w->depth; i++) {
        if (w->ancestors[i] == address) {
            return true;
        }
    }
    return false;
}

bool scope_write_seen(struct scope_writer *w, const void *address)
{
    struct scope_open open;
    if (!scope_fits(w, 7 + 9) || !scope_open(w, SCOPE_EXT_SEEN, &open)) {
        return false;
    }
    scope_put_uint(w, (uintptr_t)address);
    open.items = 1;
    scope_close(w, &open);
    return true;
}

/* What LIST to DICT begin with. */
static bool enter_sized(struct scope_writer *w, int code, PyObject *value, Py_ssize_t size, struct scope_container *container)
{
    if (!scope_enter(w, code, value, 18, container)) {
        return false;
    }
    scope_put_uint(w, (uintptr_t)value);
    scope_put_uint(w, (uint64_t)size);
    container->open.items = 2;
    return true;
}

/* One more item, if there is space for it: else what was begun of it is taken back. */
bool scope_write_item(struct scope_writer *w, PyObject *item, struct scope_open *open)
{
    unsigned char *mark = w->p;
    if (!scope_write_value(w, item)) {
        w->p = mark;
        return false;
    }
    open->items++;
    return true;
}

bool scope_write_pair(struct scope_writer *w, PyObject *key, PyObject *value, struct scope_open *open)
{
    unsigned char *mark = w->p;
    if (!scope_write_value(w, key) ||
        !(scope_is_secret(key) ? scope_write_mark(w, SCOPE_EXT_REDACTED) : scope_write_value(w, value))) {
        w->p = mark;
        return false;
    }
    open->items += 2;
    return true;
}

/* ---- each of them ---- */

bool scope_write_sequence(struct scope_writer *w, int code, PyObject *value, PyObject *const *items, Py_ssize_t size)
{
    if (scope_is_open(w, value)) {
        return scope_write_seen(w, value);
    }
    struct scope_container container;
    if (!enter_sized(w, code, value, size, &container)) {
        return false;
    }
    Py_ssize_t stop = size < scope_items_max(w) ? size : scope_items_max(w);
    for (Py_ssize_t i = 0; i < stop && scope_write_item(w, items[i], &container.open); i++) {
    }
    return scope_leave(w, &container, true);
}

bool scope_write_set(struct scope_writer *w, int code, PyObject *value)
{
    if (scope_is_open(w, value)) {
        return scope_write_seen(w, value);
    }
    PySetObject *set = (PySetObject *)value;
    struct scope_container container;
    if (!enter_sized(w, code, value, set->used, &container)) {
        return false;
    }
    Py_ssize_t left = set->used < scope_items_max(w) ? set->used : scope_items_max(w);
    for (Py_ssize_t i = 0; left > 0 && i <= set->mask && i < SCOPE_STEPS_MAX; i++) {
        if (set->table[i].key == NULL || set->table[i].hash == -1) {
            continue; /* free, or left behind by an item that was taken out */
        }
        if (!scope_write_item(w, set->table[i].key, &container.open)) {
            break;
        }
        left--;
    }
    return scope_leave(w, &container, true);
}

void scope_write_pairs(struct scope_writer *w, struct scope_walk *walk, int most, struct scope_open *open)
{
    PyObject *key, *value;
    int left = most;
    for (int step = 0; left > 0 && step < SCOPE_STEPS_MAX && scope_walk_step(walk, &key, &value); step++) {
        if (value == NULL) {
            continue;
        }
        if (!scope_write_pair(w, key, value, open)) {
            return;
        }
        left--;
    }
}

bool scope_write_dict(struct scope_writer *w, PyObject *value)
{
    if (scope_is_open(w, value)) {
        return scope_write_seen(w, value);
    }
    struct scope_container container;
    if (!enter_sized(w, SCOPE_EXT_DICT, value, ((PyDictObject *)value)->ma_used, &container)) {
        return false;
    }
    if (scope_is_odict(value)) {
        scope_write_odict_pairs(w, value, scope_items_max(w), &container.open);
    } else {
        struct scope_walk walk = scope_walk_dict(value);
        scope_write_pairs(w, &walk, scope_items_max(w), &container.open);
    }
    return scope_leave(w, &container, true);
}

static bool write_three(struct scope_writer *w, int code, PyObject *value, PyObject *const parts[3])
{
    struct scope_container container;
    if (scope_is_open(w, value)) {
        return scope_write_seen(w, value); /* a slice may hold anything */
    }
    if (!scope_enter(w, code, value, 0, &container)) {
        return false;
    }
    for (int i = 0; i < 3 && scope_write_item(w, parts[i], &container.open); i++) {
    }
    return scope_leave(w, &container, container.open.items == 3);
}

void scope_range_parts(PyObject *range, PyObject *parts[3])
{
    /* The structure is private; the members that it is read through are start, stop, step, in this order. */
    const PyMemberDef *members = Py_TYPE(range)->tp_members;
    for (int i = 0; i < 3; i++) {
        parts[i] = *(PyObject **)((char *)range + members[i].offset);
    }
}

bool scope_write_range(struct scope_writer *w, PyObject *value)
{
    PyObject *parts[3];
    scope_range_parts(value, parts);
    return write_three(w, SCOPE_EXT_RANGE, value, parts);
}

bool scope_write_slice(struct scope_writer *w, PyObject *value)
{
    PySliceObject *slice = (PySliceObject *)value;
    return write_three(w, SCOPE_EXT_SLICE, value, (PyObject *const[3]){slice->start, slice->stop, slice->step});
}
