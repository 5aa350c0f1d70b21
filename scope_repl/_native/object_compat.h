/* How CPython 3.11 to 3.15 lay out ints, dictionaries and the attributes of instances, read without calling anything. Everything
 * that differs between them is here. */
#ifndef SCOPE_OBJECT_COMPAT_H
#define SCOPE_OBJECT_COMPAT_H

#include "compat.h"

#define Py_BUILD_CORE 1
#undef _PyGC_FINALIZED /* on 3.12, the header below makes it a function */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations" /* in the header itself, as is the next */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <internal/pycore_dict.h>
#pragma GCC diagnostic pop
#undef Py_BUILD_CORE

#include <structmember.h>

/* ---- ints ---- */

/* The digits of an int (or of a subclass's instance), least significant first; returns how many. */
static inline Py_ssize_t scope_int_digits(PyObject *value, const digit **digits, bool *negative)
{
    const PyLongObject *number = (const PyLongObject *)value;
#if PY_VERSION_HEX >= 0x030C0000
    *digits = number->long_value.ob_digit;
    *negative = (number->long_value.lv_tag & _PyLong_SIGN_MASK) == 2;
    return (Py_ssize_t)(number->long_value.lv_tag >> _PyLong_NON_SIZE_BITS);
#else
    Py_ssize_t size = Py_SIZE(number);
    *digits = number->ob_digit;
    *negative = size < 0;
    return size < 0 ? -size : size;
#endif
}

/* ---- types ---- */

/* Whether a type's name and layout are those that C code gave it: no class statement makes such a type. */
static inline bool scope_is_made_in_c(const PyTypeObject *type)
{
    return !(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || (type->tp_flags & Py_TPFLAGS_IMMUTABLETYPE);
}

/* A number that changes whenever a type or one of its bases does; 0: none was given to it, or it has changed since. */
static inline unsigned scope_type_version(const PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030D0000
    return type->tp_version_tag;
#else
    return type->tp_flags & Py_TPFLAGS_VALID_VERSION_TAG ? type->tp_version_tag : 0;
#endif
}

/* A type's own dictionary (new reference). */
static inline PyObject *scope_type_dict(PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030C0000
    return PyType_GetDict(type);
#else
    return Py_XNewRef(type->tp_dict);
#endif
}

/* ---- weak references ---- */

/* Whether a type's instances can be referred to weakly. */
static inline bool scope_supports_weak(PyTypeObject *type) { return PyType_SUPPORTS_WEAKREFS(type); }

/* What a weak reference refers to (new reference), or NULL when that is gone. */
static inline PyObject *scope_weakly_held(PyObject *weak)
{
#if PY_VERSION_HEX >= 0x030D0000
    PyObject *object;
    if (PyWeakref_GetRef(weak, &object) < 0) {
        PyErr_Clear();
    }
    return object;
#else
    PyObject *object = PyWeakref_GET_OBJECT(weak);
    return object != Py_None ? Py_NewRef(object) : NULL;
#endif
}

/* ---- the error indicator ---- */

struct scope_pending {
#if PY_VERSION_HEX >= 0x030C0000
    PyObject *exception;
#else
    PyObject *type, *value, *traceback;
#endif
};

static inline struct scope_pending scope_put_aside(void)
{
    struct scope_pending pending;
#if PY_VERSION_HEX >= 0x030C0000
    pending.exception = PyErr_GetRaisedException();
#else
    PyErr_Fetch(&pending.type, &pending.value, &pending.traceback);
#endif
    return pending;
}

static inline void scope_put_back(struct scope_pending *pending)
{
#if PY_VERSION_HEX >= 0x030C0000
    PyErr_SetRaisedException(pending->exception);
#else
    PyErr_Restore(pending->type, pending->value, pending->traceback);
#endif
}

/* ---- text ---- */

/* Before 3.12, a str made by an old interface may not have its characters yet. */
static inline bool scope_text_is_ready(PyObject *text)
{
#if PY_VERSION_HEX >= 0x030C0000
    (void)text;
    return true;
#else
    return PyUnicode_IS_READY(text);
#endif
}

/* ---- dictionaries ---- */

/* A walk over a dictionary's own entries, or over the values that an instance keeps without a dictionary. */
struct scope_walk {
    PyDictKeysObject *keys;
    PyDictValues *values; /* NULL: they stand beside the keys */
    Py_ssize_t next, stop;
};

static inline Py_ssize_t scope_values_size(PyDictValues *values)
{
#if PY_VERSION_HEX >= 0x030D0000
    return values->size;
#else
    return ((uint8_t *)values)[-2];
#endif
}

/* Where the i-th attribute that was set stands among the shared keys. */
static inline Py_ssize_t scope_values_place(PyDictValues *values, Py_ssize_t i)
{
#if PY_VERSION_HEX >= 0x030D0000
    return get_insertion_order_array(values)[i];
#else
    return ((uint8_t *)values)[-3 - i];
#endif
}

static inline struct scope_walk scope_walk_values(PyDictKeysObject *keys, PyDictValues *values)
{
    return (struct scope_walk){keys, values, 0, scope_values_size(values)};
}

static inline struct scope_walk scope_walk_dict(PyObject *dictionary)
{
    PyDictObject *dict = (PyDictObject *)dictionary;
    if (dict->ma_values != NULL) {
        return scope_walk_values(dict->ma_keys, dict->ma_values);
    }
    return (struct scope_walk){dict->ma_keys, NULL, 0, dict->ma_keys->dk_nentries};
}

/* One step. False at the end; a NULL value stands for an entry that was deleted. Key and value are borrowed. */
static inline bool scope_walk_step(struct scope_walk *walk, PyObject **key, PyObject **value)
{
    if (walk->next >= walk->stop) {
        return false;
    }
    Py_ssize_t i = walk->next++;
    if (walk->values != NULL) {
        i = scope_values_place(walk->values, i);
        *key = DK_UNICODE_ENTRIES(walk->keys)[i].me_key;
        *value = walk->values->values[i];
    } else if (DK_IS_UNICODE(walk->keys)) {
        *key = DK_UNICODE_ENTRIES(walk->keys)[i].me_key;
        *value = DK_UNICODE_ENTRIES(walk->keys)[i].me_value;
    } else {
        *key = DK_ENTRIES(walk->keys)[i].me_key;
        *value = DK_ENTRIES(walk->keys)[i].me_value;
    }
    return true;
}

/* The value (borrowed) under an exact str, or NULL. Only dictionaries whose keys are all exact str are asked: looking up among
 * other keys may run their __eq__. */
static inline PyObject *scope_dict_under(PyObject *dictionary, PyObject *name)
{
    if (dictionary == NULL || !PyDict_Check(dictionary) || !DK_IS_UNICODE(((PyDictObject *)dictionary)->ma_keys)) {
        return NULL;
    }
    return PyDict_GetItemWithError(dictionary, name); /* of a subclass the same table, and none of its methods */
}

/* ---- instances ---- */

/* The words before an object whose dictionary the interpreter manages (internal/pycore_object.h, which cannot be included here). */
static inline void *scope_word_before(PyObject *object, int words) { return ((void **)object)[-words]; }

/* What an instance keeps its attributes in: a dictionary, or values under the keys that its class has for all its instances. Both
 * borrowed, at most one not NULL. */
static inline void scope_find_attributes(PyObject *object, PyObject **dictionary, PyDictValues **values)
{
    PyTypeObject *type = Py_TYPE(object);
    *dictionary = NULL;
    *values = NULL;
    if (!(type->tp_flags & Py_TPFLAGS_MANAGED_DICT)) {
        PyObject **place = type->tp_dictoffset != 0 ? _PyObject_GetDictPtr(object) : NULL; /* computes an address, makes nothing */
        *dictionary = place != NULL ? *place : NULL;
        return;
    }
#if PY_VERSION_HEX >= 0x030D0000
    *dictionary = scope_word_before(object, 3);
    if (*dictionary == NULL && (type->tp_flags & Py_TPFLAGS_INLINE_VALUES)) {
        PyDictValues *inside = (PyDictValues *)((char *)object + type->tp_basicsize);
        *values = inside->valid ? inside : NULL;
    }
#elif PY_VERSION_HEX >= 0x030C0000
    char *either = scope_word_before(object, 3); /* odd: the values, less one */
    if ((uintptr_t)either & 1) {
        *values = (PyDictValues *)(either + 1);
    } else {
        *dictionary = (PyObject *)either;
    }
#else
    *values = scope_word_before(object, 4);
    *dictionary = *values == NULL ? scope_word_before(object, 3) : NULL;
#endif
}

/* The attributes that an instance keeps under names; a dictionary that was not made yet stays unmade. False if it has none. */
static inline bool scope_walk_attributes(PyObject *object, struct scope_walk *walk, Py_ssize_t *size)
{
    PyObject *dictionary;
    PyDictValues *values;
    scope_find_attributes(object, &dictionary, &values);
    if (values != NULL) {
        *walk = scope_walk_values(((PyHeapTypeObject *)Py_TYPE(object))->ht_cached_keys, values);
        *size = walk->stop;
        return true;
    }
    if (dictionary != NULL && PyDict_Check(dictionary)) {
        *walk = scope_walk_dict(dictionary);
        *size = ((PyDictObject *)dictionary)->ma_used;
        return true;
    }
    return false;
}

#endif
