/* See stand_in.h. */
#include "stand_in.h"

#include <stddef.h>
#include <string.h>

#include "attributes.h"
#include "object_compat.h"

PyTypeObject *scope_stand_in_type; /* owned; as long as the process */
static PyObject *str_reduce, *str_reduce_ex; /* interned */

/* There is no tp_clear: whatever holds a stand-in in a cycle has one. */
static int traverse(PyObject *self, visitproc visit, void *arg)
{
    struct scope_stand_in *stand_in = (struct scope_stand_in *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(stand_in->original);
    Py_VISIT(stand_in->owner);
    return 0;
}

static void dealloc(PyObject *self)
{
    struct scope_stand_in *stand_in = (struct scope_stand_in *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    PyObject_ClearWeakRefs(self);
    Py_DECREF(stand_in->original);
    Py_XDECREF(stand_in->owner);
    type->tp_free(self);
    Py_DECREF(type);
}

static bool is_reduce(PyObject *name)
{
    return PyUnicode_Check(name) && (PyUnicode_Compare(name, str_reduce) == 0 || PyUnicode_Compare(name, str_reduce_ex) == 0);
}

static PyObject *get_attribute(PyObject *self, PyObject *name)
{
    return is_reduce(name) ? PyObject_GenericGetAttr(self, name) : PyObject_GetAttr(((struct scope_stand_in *)self)->original, name);
}

static PyObject *represent(PyObject *self) { return PyObject_Repr(((struct scope_stand_in *)self)->original); }

static PyObject *bind(PyObject *self, PyObject *object, PyObject *type)
{
    struct scope_stand_in *stand_in = (struct scope_stand_in *)self;
    if (stand_in->owner == NULL) {
        return Py_NewRef(self);
    }
    return object != NULL ? PyMethod_New(self, object) : scope_attribute_method_of(stand_in, (PyTypeObject *)type);
}

/* For pickle: a copy of a function is the function. */
static PyObject *reduce(PyObject *self, PyObject *ignored)
{
    (void)ignored;
    PyObject *module = PyImport_ImportModule("copy");
    PyObject *copy = module ? PyObject_GetAttrString(module, "copy") : NULL;
    PyObject *result = copy ? Py_BuildValue("O(O)", copy, scope_behind(self)) : NULL;
    Py_XDECREF(module);
    Py_XDECREF(copy);
    return result;
}

static PyMemberDef members[] = {{"__vectorcalloffset__", T_PYSSIZET, offsetof(struct scope_stand_in, vectorcall), READONLY, NULL},
                                {"__weaklistoffset__", T_PYSSIZET, offsetof(struct scope_stand_in, weak), READONLY, NULL},
                                {0}};
static PyMethodDef methods[] = {{"__reduce__", reduce, METH_NOARGS, NULL}, {"__reduce_ex__", reduce, METH_O, NULL}, {0}};
static PyType_Slot slots[] = {{Py_tp_call, PyVectorcall_Call}, {Py_tp_members, members},   {Py_tp_methods, methods},
                              {Py_tp_getattro, get_attribute}, {Py_tp_repr, represent},    {Py_tp_descr_get, bind},
                              {Py_tp_traverse, traverse},      {Py_tp_dealloc, dealloc},   {0, NULL}};
/* A method descriptor, so that the interpreter need not make a bound method for each call; but of a type that might change, so that it
 * does not take it for what a class gives for the attribute either: that is asked for each time (bind). */
static PyType_Spec spec = {
    .name = "scope_repl._tracer.StandIn",
    .basicsize = sizeof(struct scope_stand_in),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR |
             Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};

int scope_stand_in_init(void)
{
    str_reduce = PyUnicode_InternFromString("__reduce__");
    str_reduce_ex = PyUnicode_InternFromString("__reduce_ex__");
    scope_stand_in_type = (PyTypeObject *)PyType_FromSpec(&spec);
    return str_reduce != NULL && str_reduce_ex != NULL && scope_stand_in_type != NULL ? 0 : -1;
}

struct scope_stand_in *scope_stand_in_new(vectorcallfunc function, PyObject *original)
{
    struct scope_stand_in *stand_in = PyObject_GC_New(struct scope_stand_in, scope_stand_in_type);
    if (stand_in == NULL) {
        return NULL;
    }
    memset((char *)stand_in + sizeof(PyObject), 0, sizeof(*stand_in) - sizeof(PyObject));
    stand_in->vectorcall = function;
    stand_in->original = Py_NewRef(original);
    PyObject_GC_Track(stand_in);
    return stand_in;
}
