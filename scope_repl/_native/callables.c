/* Callables other than code objects, and types, by address. An address may be used again after its owner is gone, so each key of the
 * hash table carries a second pointer, a name that the entry keeps alive or that lies in static memory: the same pair means the
 * same callable as far as its name goes. */
#include <stdlib.h>
#include <string.h>

#include "intern.h"

static PyObject *str_name, *str_qualname, *str_module; /* interned; as long as the process */
static PyTypeObject *method_wrapper;                   /* borrowed: the static type of object().__str__ */
static const PyMethodDef *new_method;                  /* the one that the __new__ of every type shares */

int scope_callables_init(void)
{
    str_name = PyUnicode_InternFromString("__name__");
    str_qualname = PyUnicode_InternFromString("__qualname__");
    str_module = PyUnicode_InternFromString("__module__");
    PyObject *bound_slot = PyObject_GetAttrString(Py_None, "__str__");
    PyObject *object_new = PyObject_GetAttrString((PyObject *)&PyBaseObject_Type, "__new__");
    bool found = str_name && str_qualname && str_module && bound_slot && object_new && PyCFunction_Check(object_new);
    if (found) {
        method_wrapper = Py_TYPE(bound_slot);
        new_method = ((PyCFunctionObject *)object_new)->m_ml;
    }
    Py_XDECREF(bound_slot);
    Py_XDECREF(object_new);
    return found ? 0 : -1;
}

struct key {
    const void *address; /* NULL: a free place */
    const void *witness; /* see the top of this file */
    uint32_t id;
};
static struct key *keys = NULL;
static size_t places = 0, taken = 0; /* places: a power of two, or 0 */

static size_t place_of(const void *address, const void *witness)
{
    uint64_t mixed = ((uint64_t)(uintptr_t)address ^ ((uint64_t)(uintptr_t)witness << 20)) * UINT64_C(0x9e3779b97f4a7c15);
    size_t i = (size_t)(mixed >> 32) & (places - 1);
    while (keys[i].address != NULL && (keys[i].address != address || keys[i].witness != witness)) {
        i = (i + 1) & (places - 1);
    }
    return i;
}

static int grow(void)
{
    struct key *old = keys;
    size_t old_places = places;
    struct key *larger = calloc(places ? places * 2 : 1024, sizeof(struct key));
    if (larger == NULL) {
        return -1;
    }
    keys = larger;
    places = places ? places * 2 : 1024;
    for (size_t i = 0; i < old_places; i++) {
        if (old[i].address != NULL) {
            keys[place_of(old[i].address, old[i].witness)] = old[i];
        }
    }
    free(old);
    return 0;
}

/* The entry for a pair of addresses; a new one is blank but for its id, and `*fresh` says so. */
static struct scope_code *entry_for(const void *address, const void *witness, bool *fresh)
{
    *fresh = false;
    if (places != 0) {
        size_t i = place_of(address, witness);
        if (keys[i].address != NULL) {
            return scope_interned(keys[i].id);
        }
    }
    if (taken * 2 >= places && grow() < 0) {
        return NULL;
    }
    struct scope_code *entry = scope_intern_new();
    if (entry == NULL) {
        return NULL;
    }
    keys[place_of(address, witness)] = (struct key){address, witness, entry->id};
    taken++;
    *fresh = true;
    return entry;
}

/* A new str, or None when there is no memory for it: a name is never worth an exception. */
static PyObject *text(const char *utf8, Py_ssize_t size)
{
    PyObject *value = PyUnicode_DecodeUTF8(utf8, size, "replace");
    if (value == NULL) {
        PyErr_Clear();
        return Py_NewRef(Py_None);
    }
    return value;
}

static PyObject *joined(PyObject *qualifier, const char *name)
{
    PyObject *value = PyUnicode_FromFormat("%U.%s", qualifier, name);
    if (value == NULL) {
        PyErr_Clear();
        return text(name, (Py_ssize_t)strlen(name));
    }
    return value;
}

/* A str in a dictionary that belongs to a type or a callable: borrowed, or NULL. Only exact str come out. */
static PyObject *own_text(PyObject *dictionary, PyObject *name)
{
    PyObject *value = PyDict_GetItemWithError(dictionary, name);
    return value != NULL && PyUnicode_CheckExact(value) ? value : NULL;
}

/* The name and module of a type, both owned. A static type's tp_name is "module.Name" (or "Name" for a builtin one). */
static PyObject *type_qualname(PyTypeObject *type)
{
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) {
        return Py_NewRef(((PyHeapTypeObject *)type)->ht_qualname);
    }
    const char *dot = strrchr(type->tp_name, '.');
    const char *name = dot ? dot + 1 : type->tp_name;
    return text(name, (Py_ssize_t)strlen(name));
}

static PyObject *type_module(PyTypeObject *type)
{
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) {
        /* Straight from the type's own dictionary, whose keys are str: no metaclass is asked. */
        PyObject *module = type->tp_dict ? own_text(type->tp_dict, str_module) : NULL;
        if (module != NULL) {
            return Py_NewRef(module);
        }
    }
    const char *dot = strrchr(type->tp_name, '.');
    return dot ? text(type->tp_name, dot - type->tp_name) : text("builtins", 8);
}

static void name_after_type(struct scope_code *entry, PyTypeObject *type)
{
    entry->qualname = type_qualname(type);
    entry->name = Py_NewRef(entry->qualname);
    entry->module = type_module(type);
}

/* What proves that an address which belongs to a type still belongs to the same one. */
static const void *witness_of(PyTypeObject *type)
{
    return type->tp_flags & Py_TPFLAGS_HEAPTYPE ? (const void *)((PyHeapTypeObject *)type)->ht_qualname
                                                : (const void *)type->tp_name;
}

static PyObject *kept_witness(PyTypeObject *type)
{
    return type->tp_flags & Py_TPFLAGS_HEAPTYPE ? Py_NewRef(((PyHeapTypeObject *)type)->ht_qualname) : NULL;
}

static struct scope_code *type_entry(PyTypeObject *type)
{
    bool fresh;
    struct scope_code *entry = entry_for(type, witness_of(type), &fresh);
    if (fresh) {
        name_after_type(entry, type);
        entry->flags = SCOPE_FLAG_C | SCOPE_FLAG_TYPE;
    }
    return entry;
}

/* The type in whose table of methods this one stands: that of `type` or the base that it comes from. */
static PyTypeObject *defining_type(PyTypeObject *type, const PyMethodDef *method)
{
    PyObject *mro = type->tp_mro;
    for (Py_ssize_t i = 0; mro != NULL && i < PyTuple_GET_SIZE(mro); i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        for (const PyMethodDef *known = base->tp_methods; known != NULL && known->ml_name != NULL; known++) {
            if (known == method) {
                return base;
            }
        }
    }
    return type;
}

/* `owner` is the type that a method belongs to (or a subclass of it), NULL for a module's function. */
static struct scope_code *method_entry(const PyMethodDef *method, PyTypeObject *owner, PyObject *module)
{
    bool fresh;
    struct scope_code *entry = entry_for(method, method->ml_name, &fresh);
    if (!fresh) {
        return entry;
    }
    entry->flags = SCOPE_FLAG_C;
    entry->name = text(method->ml_name, (Py_ssize_t)strlen(method->ml_name));
    if (owner != NULL) {
        PyTypeObject *definer = defining_type(owner, method);
        PyObject *qualifier = type_qualname(definer);
        entry->qualname = joined(qualifier, method->ml_name);
        Py_DECREF(qualifier);
        entry->module = type_module(definer);
    } else {
        entry->qualname = Py_NewRef(entry->name);
        entry->module = Py_XNewRef(module != NULL && PyUnicode_CheckExact(module) ? module : NULL);
    }
    return entry;
}

/* object.__setattr__, object.__new__ and their like: what a type's C slot looks like from Python. */
static struct scope_code *slot_entry(const void *slot, const char *name, PyTypeObject *type)
{
    bool fresh;
    struct scope_code *entry = entry_for(slot, witness_of(type), &fresh);
    if (fresh) {
        PyObject *qualifier = type_qualname(type);
        entry->flags = SCOPE_FLAG_C;
        entry->witness = kept_witness(type);
        entry->name = text(name, (Py_ssize_t)strlen(name));
        entry->qualname = joined(qualifier, name);
        entry->module = type_module(type);
        Py_DECREF(qualifier);
    }
    return entry;
}

static struct scope_code *descriptor_entry(const PyWrapperDescrObject *descriptor)
{
    return slot_entry(descriptor->d_base, descriptor->d_base->name, PyDescr_TYPE(descriptor));
}

/* The head of Objects/descrobject.c's wrapperobject: a slot bound to an object. */
struct bound_slot {
    PyObject_HEAD
    PyWrapperDescrObject *descriptor;
};

static struct scope_code *builtin_entry(PyCFunctionObject *function)
{
    PyObject *self = function->m_self;
    PyTypeObject *owner = NULL;
    if (self != NULL && !PyModule_Check(self)) {
        owner = PyType_Check(self) ? (PyTypeObject *)self : Py_TYPE(self);
    }
    if (function->m_ml == new_method && owner != NULL) {
        return slot_entry(new_method, new_method->ml_name, owner);
    }
    return method_entry(function->m_ml, owner, function->m_module);
}

/* A callable with its own dictionary may say there what it wraps (lru_cache, NumPy's dispatchers): its name is that. Only where
 * the dictionary lies at a fixed offset, as in types made in C. */
static struct scope_code *instance_entry(PyObject *callable)
{
    PyTypeObject *type = Py_TYPE(callable);
    PyObject *qualname = NULL, *module = NULL; /* borrowed */
    if (type->tp_dictoffset > 0) {
        PyObject *dictionary = *(PyObject **)((char *)callable + type->tp_dictoffset);
        if (dictionary != NULL && PyDict_CheckExact(dictionary)) {
            qualname = own_text(dictionary, str_qualname);
            qualname = qualname ? qualname : own_text(dictionary, str_name);
            module = own_text(dictionary, str_module);
        }
    }
    bool fresh;
    if (qualname != NULL) {
        /* The entry keeps the name alive, so that its address is not used again while the key stands. */
        struct scope_code *entry = entry_for(qualname, module ? (const void *)module : (const void *)type, &fresh);
        if (fresh) {
            entry->flags = SCOPE_FLAG_C;
            entry->name = Py_NewRef(qualname);
            entry->qualname = Py_NewRef(qualname);
            entry->module = module ? Py_NewRef(module) : type_module(type);
        }
        return entry;
    }
    struct scope_code *entry = entry_for((const char *)type + 1, witness_of(type), &fresh); /* + 1: not the type itself */
    if (fresh) {
        name_after_type(entry, type);
        Py_SETREF(entry->qualname, joined(entry->qualname, "__call__"));
        Py_SETREF(entry->name, Py_NewRef(entry->qualname));
        entry->flags = SCOPE_FLAG_C;
        entry->witness = kept_witness(type);
    }
    return entry;
}

struct scope_code *scope_intern_callable(PyObject *callable)
{
    callable = scope_unwrap(callable);
    PyTypeObject *type = Py_TYPE(callable);
    if (PyCFunction_Check(callable)) {
        return builtin_entry((PyCFunctionObject *)callable);
    }
    if (type == &PyMethodDescr_Type || type == &PyClassMethodDescr_Type) {
        PyMethodDescrObject *descriptor = (PyMethodDescrObject *)callable;
        return method_entry(descriptor->d_method, PyDescr_TYPE(descriptor), NULL);
    }
    if (type == &PyWrapperDescr_Type) {
        return descriptor_entry((PyWrapperDescrObject *)callable);
    }
    if (type == method_wrapper) {
        return descriptor_entry(((struct bound_slot *)callable)->descriptor);
    }
    if (PyType_Check(callable)) {
        return type_entry((PyTypeObject *)callable);
    }
    if (type == &PyFunction_Type) {
        return scope_intern_code((PyCodeObject *)((PyFunctionObject *)callable)->func_code);
    }
    return instance_entry(callable);
}

uint32_t scope_intern_type(PyTypeObject *type)
{
    struct scope_code *entry = type_entry(type);
    if (entry == NULL) {
        return 0;
    }
    entry->used = true;
    return entry->id;
}
