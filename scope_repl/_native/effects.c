/* See effects.h. Nothing is asked of the callable: types and tables of C methods are compared. */
#include "effects.h"

#include <string.h>

#include "encode_parts.h"

uint64_t scope_doubt = 1;

/* Functions of the module builtins that change none of their arguments. What they call is seen when it runs. */
static const char *const harmless[] = {
    "abs", "all", "any", "ascii", "bin", "callable", "chr", "dir", "divmod", "format", "getattr", "hasattr", "hash", "hex", "id",
    "isinstance", "issubclass", "iter", "len", "max", "min", "next", "oct", "ord", "pow", "print", "repr", "round", "sorted", "sum", NULL,
};

static PyTypeObject *const plain_types[] = {
    &PyLong_Type,  &PyFloat_Type, &PyUnicode_Type, &PyBytes_Type, &PyBool_Type,     &PyComplex_Type,  &PyTuple_Type,    &PyList_Type,
    &PyDict_Type,  &PySet_Type,   &PyRange_Type,   &PyType_Type,  &PyFrozenSet_Type, &PyByteArray_Type, &PyEnum_Type,   &PyZip_Type,
    &PySuper_Type, &PySlice_Type, &PyReversed_Type, &PyProperty_Type, &PyBaseObject_Type, &PyStaticMethod_Type, &PyClassMethod_Type, NULL,
};

static bool is_plain_type(const PyTypeObject *type)
{
    for (PyTypeObject *const *known = plain_types; *known != NULL; known++) {
        if (*known == type) {
            return true;
        }
    }
    return false;
}

static inline bool is_container_type(const PyTypeObject *type)
{
    return type == &PyList_Type || type == &PyDict_Type || type == &PySet_Type || type == &PyByteArray_Type;
}

/* A method of a type made in C, called with `self`. */
static enum scope_call_effect method_effect(const PyTypeObject *owner, PyObject *object, PyObject **self)
{
    if (is_container_type(owner)) {
        *self = object;
        return object != NULL ? SCOPE_CALL_CHANGES_SELF : SCOPE_CALL_DOES_ANYTHING;
    }
    return is_plain_type(owner) && owner != &PyType_Type && owner != &PyBaseObject_Type ? SCOPE_CALL_CHANGES_NOTHING
                                                                                        : SCOPE_CALL_DOES_ANYTHING;
}

static bool is_at_lines(PyObject *function)
{
    const struct scope_code *entry = scope_code_of((PyCodeObject *)((PyFunctionObject *)function)->func_code);
    return scope_in_scope(entry) && entry->level >= SCOPE_LEVEL_LINES;
}

/* Making an instance of a class: seen if its only own part in it is an __init__ at level lines. */
static enum scope_call_effect class_effect(PyTypeObject *type)
{
    static PyObject *str_init; /* interned; as long as the process */
    if (is_plain_type(type)) {
        return SCOPE_CALL_CHANGES_NOTHING;
    }
    if (scope_is_made_in_c(type) || !Py_IS_TYPE(type, &PyType_Type) || type->tp_new != PyBaseObject_Type.tp_new ||
        (str_init == NULL && (str_init = PyUnicode_InternFromString("__init__")) == NULL)) {
        PyErr_Clear();
        return SCOPE_CALL_DOES_ANYTHING;
    }
    PyObject *init = _PyType_Lookup(type, str_init); /* borrowed */
    return init != NULL && PyFunction_Check(init) && is_at_lines(init) ? SCOPE_CALL_CHANGES_NOTHING : SCOPE_CALL_DOES_ANYTHING;
}

static bool is_harmless(const PyCFunctionObject *function)
{
    enum { REMEMBERED = 256 };
    static struct {
        const PyMethodDef *method;
        bool harmless;
    } verdicts[REMEMBERED];
    size_t place = ((uintptr_t)function->m_ml >> 5) % REMEMBERED;
    if (verdicts[place].method != function->m_ml) {
        bool found = false;
        PyObject *module = function->m_module;
        if (module != NULL && PyUnicode_CheckExact(module)) {
            found = PyUnicode_CompareWithASCIIString(module, "math") == 0;
            if (PyUnicode_CompareWithASCIIString(module, "builtins") == 0) {
                for (const char *const *name = harmless; *name != NULL && !found; name++) {
                    found = strcmp(*name, function->m_ml->ml_name) == 0;
                }
            }
        }
        verdicts[place].method = function->m_ml;
        verdicts[place].harmless = found;
    }
    return verdicts[place].harmless;
}

static enum scope_call_effect builtin_effect(PyObject *callable, PyObject **self)
{
    PyObject *object = PyCFunction_GET_SELF(callable);
    if (object == NULL || PyModule_Check(object)) {
        return is_harmless((PyCFunctionObject *)callable) ? SCOPE_CALL_CHANGES_NOTHING : SCOPE_CALL_DOES_ANYTHING;
    }
    return PyType_Check(object) ? SCOPE_CALL_DOES_ANYTHING : method_effect(Py_TYPE(object), object, self);
}

static enum scope_call_effect slot_effect(const PyWrapperDescrObject *descriptor, PyObject *object, PyObject **self)
{
    const PyTypeObject *owner = PyDescr_TYPE(descriptor);
    if (owner == &PyBaseObject_Type) {
        const char *name = descriptor->d_base->name;
        bool writes = strcmp(name, "__setattr__") == 0 || strcmp(name, "__delattr__") == 0;
        *self = object;
        return !writes ? SCOPE_CALL_CHANGES_NOTHING : object != NULL ? SCOPE_CALL_CHANGES_SELF : SCOPE_CALL_DOES_ANYTHING;
    }
    return method_effect(owner, object, self);
}

enum scope_call_effect scope_call_effect(PyObject *callable, PyObject *first, PyObject **self)
{
    PyTypeObject *type = Py_TYPE(callable);
    *self = NULL;
    if (type == &PyFunction_Type) {
        return is_at_lines(callable) ? SCOPE_CALL_CHANGES_NOTHING : SCOPE_CALL_DOES_ANYTHING;
    }
    if (type == &PyMethodDescr_Type) {
        return method_effect(PyDescr_TYPE(callable), first, self);
    }
    if (PyCFunction_Check(callable)) {
        return builtin_effect(callable, self);
    }
    if (type == &PyWrapperDescr_Type) {
        return slot_effect((PyWrapperDescrObject *)callable, first, self);
    }
    return PyType_Check(callable) ? class_effect((PyTypeObject *)callable) : SCOPE_CALL_DOES_ANYTHING;
}
