/* What is known by a name: classes, functions, methods, modules, generators. See the table in encode.c. */
#include "encode_parts.h"
#include "intern.h"

static bool write_type(struct scope_writer *w, PyObject *value)
{
    struct scope_open open;
    if (!scope_fits(w, 7 + 18) || !scope_open(w, SCOPE_EXT_TYPE, &open)) {
        return false;
    }
    scope_put_uint(w, (uintptr_t)value);
    scope_put_uint(w, scope_intern_type((PyTypeObject *)value));
    open.items = 2;
    scope_close(w, &open);
    return true;
}

/* What is said of a thing known by a name. All borrowed; NULL where there is nothing to say. */
struct named {
    PyObject *module;
    PyObject *name;
    const char *c_name; /* in place of name */
    PyObject *self;
};

static bool write_text_or_nil(struct scope_writer *w, PyObject *text)
{
    return text != NULL && PyUnicode_CheckExact(text) ? scope_write_value(w, text) : scope_write_nil(w);
}

static bool write_named(struct scope_writer *w, PyObject *value, const struct named *named)
{
    if (scope_is_open(w, value)) {
        return scope_write_seen(w, value);
    }
    struct scope_container container;
    if (!scope_enter(w, SCOPE_EXT_NAMED, value, 18, &container)) {
        return false;
    }
    scope_put_uint(w, scope_intern_type(Py_TYPE(value)));
    scope_put_uint(w, (uintptr_t)value);
    bool whole = write_text_or_nil(w, named->module) &&
                 (named->c_name ? scope_write_utf8(w, named->c_name) : write_text_or_nil(w, named->name));
    container.open.items = 4;
    if (whole && named->self != NULL && !scope_is_deep(w)) {
        scope_write_item(w, named->self, &container.open);
    }
    return scope_leave(w, &container, whole);
}

static struct named function_name(PyObject *function)
{
    return (struct named){((PyFunctionObject *)function)->func_module, ((PyFunctionObject *)function)->func_qualname, NULL, NULL};
}

static struct named method_name(PyObject *method)
{
    PyObject *function = PyMethod_GET_FUNCTION(method);
    struct named named = {NULL, NULL, NULL, NULL};
    if (PyFunction_Check(function)) {
        named = function_name(function);
    }
    named.self = PyMethod_GET_SELF(method);
    return named;
}

static struct named builtin_name(PyObject *value)
{
    PyCFunctionObject *function = (PyCFunctionObject *)value;
    PyObject *self = function->m_self;
    return (struct named){function->m_module, NULL, function->m_ml->ml_name, self && !PyModule_Check(self) ? self : NULL};
}

static struct named module_name(PyObject *module)
{
    static PyObject *str_name; /* interned; as long as the process */
    if (str_name == NULL && (str_name = PyUnicode_InternFromString("__name__")) == NULL) {
        PyErr_Clear();
        return (struct named){NULL, NULL, NULL, NULL};
    }
    return (struct named){NULL, scope_dict_under(PyModule_GetDict(module), str_name), NULL, NULL};
}

/* Whether a value is known by a name, and by which. */
static bool find_name(PyObject *value, struct named *named)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyFunction_Type) {
        *named = function_name(value);
    } else if (type == &PyMethod_Type) {
        *named = method_name(value);
    } else if (type == &PyCFunction_Type || type == &PyCMethod_Type) {
        *named = builtin_name(value);
    } else if (type == &PyMethodDescr_Type || type == &PyClassMethodDescr_Type || type == &PyWrapperDescr_Type ||
               type == &PyMemberDescr_Type || type == &PyGetSetDescr_Type) {
        *named = (struct named){NULL, PyDescr_NAME(value), NULL, (PyObject *)PyDescr_TYPE(value)};
    } else if (type == &PyModule_Type) {
        *named = module_name(value);
    } else if (type == &PyCode_Type) {
        *named = (struct named){NULL, ((PyCodeObject *)value)->co_qualname, NULL, NULL};
    } else if (type == &PyGen_Type || type == &PyCoro_Type || type == &PyAsyncGen_Type) {
        *named = (struct named){NULL, ((PyGenObject *)value)->gi_qualname, NULL, NULL}; /* the three begin alike */
    } else {
        return false;
    }
    return true;
}

bool scope_has_name(PyObject *value)
{
    struct named named;
    return find_name(value, &named);
}

bool scope_write_if_named(struct scope_writer *w, PyObject *value, bool *written)
{
    struct named named;
    if (PyType_Check(value)) {
        *written = write_type(w, value);
    } else if (find_name(value, &named)) {
        *written = write_named(w, value, &named);
    } else {
        return false;
    }
    return true;
}
