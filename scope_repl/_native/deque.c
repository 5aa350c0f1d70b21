/* See deque.h. The structure is that of Modules/_collectionsmodule.c, the same from CPython 3.11 to 3.15. */
#include "deque.h"

enum { BLOCK_ITEMS = 64 };

struct block {
    struct block *left;
    PyObject *items[BLOCK_ITEMS];
    struct block *right;
};
struct deque {
    PyObject_VAR_HEAD
    struct block *first, *last;
    Py_ssize_t first_index, last_index;
};

static PyTypeObject *type = NULL; /* owned; NULL if the structure is another one */

/* The item at a place that exists (borrowed), going on from where `block` and `index` stand. */
static PyObject *next_item(const struct block **block, Py_ssize_t *index)
{
    PyObject *item = (*block)->items[(*index)++];
    if (*index == BLOCK_ITEMS) {
        *block = (*block)->right;
        *index = 0;
    }
    return item;
}

/* Whether a deque of more items than a block has, some of them put in on the left, reads as it was made. */
static bool is_as_expected(PyObject *deque, PyObject *items)
{
    const struct deque *read = (const struct deque *)deque;
    const struct block *block = read->first;
    Py_ssize_t index = read->first_index;
    bool same = Py_SIZE(deque) == PyList_GET_SIZE(items);
    for (Py_ssize_t i = 0; same && i < PyList_GET_SIZE(items); i++) {
        same = index >= 0 && index < BLOCK_ITEMS && next_item(&block, &index) == PyList_GET_ITEM(items, i);
    }
    return same;
}

int scope_deque_init(void)
{
    PyObject *module = PyImport_ImportModule("_collections");
    PyObject *found = module != NULL ? PyObject_GetAttrString(module, "deque") : NULL;
    PyObject *items = PyList_New(0);
    for (long i = 0; items != NULL && i < 3 * BLOCK_ITEMS; i++) {
        PyObject *number = PyLong_FromLong(1000 + i);
        if (number == NULL || PyList_Append(items, number) < 0) {
            Py_CLEAR(items);
        }
        Py_XDECREF(number);
    }
    PyObject *deque = found != NULL && items != NULL ? PyObject_CallOneArg(found, items) : NULL;
    if (deque != NULL && is_as_expected(deque, items)) {
        type = (PyTypeObject *)Py_NewRef(found);
    }
    int result = deque != NULL ? 0 : -1;
    Py_XDECREF(deque);
    Py_XDECREF(items);
    Py_XDECREF(found);
    Py_XDECREF(module);
    return result;
}

bool scope_is_deque(PyObject *value) { return type != NULL && Py_IS_TYPE(value, type); }

bool scope_write_deque(struct scope_writer *w, PyObject *value)
{
    const struct deque *deque = (const struct deque *)value;
    struct scope_container container;
    if (!scope_enter(w, SCOPE_EXT_LIST, value, 18, &container)) {
        return false;
    }
    scope_put_uint(w, (uintptr_t)value);
    scope_put_uint(w, (uint64_t)Py_SIZE(value));
    container.open.items = 2;
    const struct block *block = deque->first;
    Py_ssize_t index = deque->first_index;
    Py_ssize_t kept = Py_SIZE(value) < scope_items_max(w) ? Py_SIZE(value) : scope_items_max(w);
    while (kept-- > 0 && scope_write_item(w, next_item(&block, &index), &container.open)) {
    }
    return scope_leave(w, &container, true);
}
