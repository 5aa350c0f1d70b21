/* See odict.h. The structure is that of Objects/odictobject.c, the same from CPython 3.11 to 3.15. */
#include "odict.h"

struct node {
    PyObject *key;
    Py_hash_t hash;
    struct node *next, *previous;
};
struct odict {
    PyDictObject dict;
    struct node *first, *last;
};

static bool understood = false;

/* The value (borrowed) under a key, which is looked for by its address: comparing keys may run code. NULL if it is not met soon. */
static PyObject *value_under(PyObject *dict, PyObject *wanted)
{
    struct scope_walk walk = scope_walk_dict(dict);
    PyObject *key, *value;
    for (int step = 0; step < SCOPE_STEPS_MAX && scope_walk_step(&walk, &key, &value); step++) {
        if (key == wanted) {
            return value;
        }
    }
    return NULL;
}

void scope_write_odict_pairs(struct scope_writer *w, PyObject *value, int most, struct scope_open *open)
{
    for (const struct node *node = ((struct odict *)value)->first; node != NULL && most > 0; node = node->next, most--) {
        PyObject *item = value_under(value, node->key);
        if (item == NULL || !scope_write_pair(w, node->key, item, open)) {
            return;
        }
    }
}

bool scope_is_odict(PyObject *value) { return understood && PyODict_Check(value); }

/* Whether the nodes of an OrderedDict of 3, 1, 2 hold these. */
int scope_odict_init(void)
{
    PyObject *value = PyODict_New();
    static const long order[] = {3, 1, 2};
    bool same = value != NULL;
    for (int i = 0; same && i < 3; i++) {
        PyObject *number = PyLong_FromLong(order[i]);
        same = number != NULL && PyODict_SetItem(value, number, number) == 0;
        Py_XDECREF(number);
    }
    if (!same) {
        Py_XDECREF(value);
        return -1;
    }
    const struct node *node = ((struct odict *)value)->first;
    for (int i = 0; same && i < 3; i++, node = node->next) {
        same = node != NULL && PyLong_CheckExact(node->key) && PyLong_AsLong(node->key) == order[i];
    }
    understood = same && node == NULL;
    Py_DECREF(value);
    return 0;
}
