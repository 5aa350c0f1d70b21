/* See wanted.h. */
#include "wanted.h"

#include "attributes.h"
#include "object_compat.h"
#include "watch.h"

static PyObject *wanted = NULL; /* owned list of tuples: a module's name, then the names of a path */
bool scope_has_wanted = false;

/* What is kept under a name in a thing, without asking the thing (borrowed), or NULL. */
static PyObject *member(PyObject *thing, PyObject *name)
{
    if (PyType_Check(thing)) {
        return _PyType_Lookup((PyTypeObject *)thing, name);
    }
    return PyModule_Check(thing) ? scope_dict_under(PyModule_GetDict(thing), name) : scope_stored_attribute(thing, name);
}

/* What a path leads to (borrowed), from a namespace on; NULL if it leads nowhere. The names from `first` on are exact str. */
static PyObject *follow(PyObject *namespace, PyObject *path, Py_ssize_t first)
{
    PyObject *found = scope_dict_under(namespace, PyTuple_GET_ITEM(path, first));
    for (Py_ssize_t i = first + 1; found != NULL && i < PyTuple_GET_SIZE(path); i++) {
        found = member(found, PyTuple_GET_ITEM(path, i));
    }
    return found;
}

/* 0: it is not there yet. */
static int watch_if_there(PyObject *path)
{
    PyObject *module = scope_dict_under(PyImport_GetModuleDict(), PyTuple_GET_ITEM(path, 0));
    PyObject *thing = module != NULL && PyModule_Check(module) ? follow(PyModule_GetDict(module), path, 1) : NULL;
    if (thing == NULL) {
        return 0;
    }
    Py_INCREF(thing);
    int result = scope_watch(thing) < 0 ? -1 : 1;
    struct scope_thread *thread = scope_recorder.running ? scope_thread_here() : NULL;
    if (result > 0 && thread != NULL && !PyType_Check(thing)) {
        scope_watch_look_at(thread, thing, 0);
    }
    Py_DECREF(thing);
    return result;
}

void scope_wanted_look(void)
{
    struct scope_pending pending = scope_put_aside();
    for (Py_ssize_t i = wanted != NULL ? PyList_GET_SIZE(wanted) : 0; i-- > 0;) {
        PyObject *path = PyList_GET_ITEM(wanted, i);
        int found = watch_if_there(path);
        if (found < 0 && PyErr_ExceptionMatches(PyExc_TypeError)) {
            PyObject *type, *reason, *traceback;
            PyErr_Fetch(&type, &reason, &traceback);
            scope_note("%U is not watched: %S", PyTuple_GET_ITEM(path, PyTuple_GET_SIZE(path) - 1), reason);
            Py_XDECREF(type);
            Py_XDECREF(reason);
            Py_XDECREF(traceback);
        }
        if (found != 0) {
            PyList_SetSlice(wanted, i, i + 1, NULL);
        }
        PyErr_Clear();
    }
    scope_has_wanted = wanted != NULL && PyList_GET_SIZE(wanted) > 0;
    scope_put_back(&pending);
}

void scope_wanted_forget(void)
{
    scope_has_wanted = false;
    Py_CLEAR(wanted);
}

/* ---- what Python calls ---- */

static bool is_path(PyObject *path, Py_ssize_t least)
{
    bool whole = PyTuple_CheckExact(path) && PyTuple_GET_SIZE(path) >= least;
    for (Py_ssize_t i = 0; whole && i < PyTuple_GET_SIZE(path); i++) {
        whole = PyUnicode_CheckExact(PyTuple_GET_ITEM(path, i));
    }
    return whole;
}

static PyObject *find(PyObject *self, PyObject *args)
{
    (void)self;
    PyObject *namespace, *path;
    if (!PyArg_ParseTuple(args, "O!O:find", &PyDict_Type, &namespace, &path)) {
        return NULL;
    }
    if (!is_path(path, 1)) {
        return PyErr_Format(PyExc_TypeError, "find: a tuple of str, not %R", path);
    }
    PyObject *found = follow(namespace, path, 0);
    if (found == NULL) {
        PyErr_SetObject(PyExc_LookupError, path);
    }
    return Py_XNewRef(found);
}

static PyObject *watch_later(PyObject *self, PyObject *path)
{
    (void)self;
    if (!is_path(path, 2)) {
        return PyErr_Format(PyExc_TypeError, "watch_later: a tuple of str, not %R", path);
    }
    if ((wanted == NULL && (wanted = PyList_New(0)) == NULL) || PyList_Append(wanted, path) < 0) {
        return NULL;
    }
    scope_has_wanted = true;
    Py_RETURN_NONE;
}

static PyObject *waiting(PyObject *self, PyObject *ignored)
{
    (void)self, (void)ignored;
    return wanted != NULL ? PyList_GetSlice(wanted, 0, PyList_GET_SIZE(wanted)) : PyList_New(0);
}

static PyMethodDef methods[] = {
    {"find", find, METH_VARARGS, "What a path of names leads to."},
    {"watch_later", watch_later, METH_O, "Watch what a path of names leads to, as soon as there is something."},
    {"waiting", waiting, METH_NOARGS, "The paths that watch_later waits for."},
    {0},
};

int scope_wanted_init(PyObject *module) { return PyModule_AddFunctions(module, methods); }
