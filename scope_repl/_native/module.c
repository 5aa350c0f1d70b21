/* The module `scope_repl._tracer`: its contract is _tracer.pyi. */
#include "deque.h"
#include "encode.h"
#include "events.h"
#include "hooks.h"
#include "log.h"
#include "names.h"
#include "odict.h"
#include "module.h"
#include "output.h"
#include "watch.h"

static PyObject *running(PyObject *self, PyObject *ignored)
{
    (void)self, (void)ignored;
    return PyBool_FromLong(scope_recorder.running);
}

static PyObject *counts(PyObject *self, PyObject *ignored)
{
    (void)self, (void)ignored;
    uint64_t stored = 0, dropped = 0;
    for (uint32_t i = 0; i < scope_recorder.thread_count; i++) {
        stored += scope_stored(scope_recorder.threads[i]);
        dropped += scope_recorder.threads[i]->folded + scope_recorder.threads[i]->refused;
    }
    return Py_BuildValue("KK", (unsigned long long)stored, (unsigned long long)dropped);
}

static PyObject *now(PyObject *self, PyObject *ignored)
{
    (void)self, (void)ignored;
    return PyLong_FromUnsignedLongLong(scope_ticks());
}

static PyObject *encode(PyObject *self, PyObject *args)
{
    (void)self;
    PyObject *value;
    int redact = 0;
    Py_ssize_t limit = SCOPE_PAYLOAD_MAX, room = SCOPE_PAYLOAD_MAX;
    if (!PyArg_ParseTuple(args, "O|pnn:encode", &value, &redact, &limit, &room)) {
        return NULL;
    }
    if (limit < 3 || limit > SCOPE_PAYLOAD_MAX || room < 1 || room > SCOPE_PAYLOAD_MAX) {
        return PyErr_Format(PyExc_ValueError, "limit=%zd, room=%zd: limit from 3 and room from 1, both to %d", limit, room,
                            SCOPE_PAYLOAD_MAX);
    }
    unsigned char *buffer = PyMem_RawMalloc((size_t)room); /* of just this size: a sanitizer sees a byte too many */
    if (buffer == NULL) {
        return PyErr_NoMemory();
    }
    Py_ssize_t bytes = scope_encode_within(buffer, room, limit, value, redact);
    PyObject *encoded = PyBytes_FromStringAndSize((const char *)buffer, bytes);
    PyMem_RawFree(buffer);
    return encoded;
}

static PyObject *type_name(PyObject *self, PyObject *number)
{
    (void)self;
    unsigned long id = PyLong_AsUnsignedLong(number);
    if (PyErr_Occurred()) {
        return NULL;
    }
    const struct scope_code *entry = id <= UINT32_MAX ? scope_interned((uint32_t)id) : NULL;
    if (entry == NULL) {
        return PyErr_Format(PyExc_KeyError, "%lu", id);
    }
    return Py_BuildValue("OO", entry->module ? entry->module : Py_None, entry->qualname ? entry->qualname : Py_None);
}

static PyObject *is_secret(PyObject *self, PyObject *name)
{
    (void)self;
    if (!PyUnicode_Check(name)) {
        return PyErr_Format(PyExc_TypeError, "is_secret: a str, not %R", name);
    }
    return PyBool_FromLong(scope_is_secret(name));
}

static PyObject *set_secrets(PyObject *self, PyObject *words)
{
    (void)self;
    if (!PyTuple_Check(words)) {
        return PyErr_Format(PyExc_TypeError, "set_secrets: a tuple of str, not %R", words);
    }
    if (scope_set_secrets(words) < 0) {
        return NULL;
    }
    scope_intern_redact();
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"start", (PyCFunction)(void (*)(void))scope_start, METH_VARARGS | METH_KEYWORDS, "Start recording in every thread."},
    {"stop", scope_stop, METH_NOARGS, "Stop and hand over the log."},
    {"abandon", scope_abandon, METH_NOARGS, "Stop and forget."},
    {"running", running, METH_NOARGS, "Whether a recorder is running."},
    {"counts", counts, METH_NOARGS, "(stored, dropped) events so far."},
    {"now", now, METH_NOARGS, "The clock, in ticks."},
    {"encode", encode, METH_VARARGS, "The value as the log would hold it."},
    {"type_name", type_name, METH_O, "(module, qualified name) of an interned type."},
    {"is_secret", is_secret, METH_O, "Whether a name looks like a secret's."},
    {"look", scope_look_object, METH_O, "Look at an object now."},
    {"look_namespace", scope_look_namespace, METH_VARARGS, "Look at the variables of a module now."},
    {"set_secrets", set_secrets, METH_O, "Replace the words that make a name a secret."},
    {0},
};

static int add_kinds(PyObject *module)
{
    static const struct {
        const char *name;
        int number;
    } kinds[] = {
        {"CALL", SCOPE_CALL},
        {"RETURN", SCOPE_RETURN},
        {"UNWIND", SCOPE_UNWIND},
        {"YIELD", SCOPE_YIELD},
        {"RESUME", SCOPE_RESUME},
        {"THROW", SCOPE_THROW},
        {"RAISE", SCOPE_RAISE},
        {"HANDLED", SCOPE_HANDLED},
        {"C_CALL", SCOPE_C_CALL},
        {"C_RETURN", SCOPE_C_RETURN},
        {"C_RAISE", SCOPE_C_RAISE},
        {"THREAD_START", SCOPE_THREAD_START},
        {"THREAD_END", SCOPE_THREAD_END},
        {"TIME", SCOPE_TIME},
        {"OPEN", SCOPE_OPEN},
        {"SUSPENDED", SCOPE_SUSPENDED},
        {"LINE", SCOPE_LINE},
        {"VERSION", SCOPE_VERSION},
        {"NAMES", SCOPE_NAMES},
        {"OUTPUT", SCOPE_OUTPUT},
        {"ATTRIBUTE", SCOPE_ATTRIBUTE},
        {"FRAME", SCOPE_FRAME},
    };
    PyObject *numbers = PyDict_New();
    for (size_t i = 0; numbers != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        PyObject *number = PyLong_FromLong(kinds[i].number);
        if (number == NULL || PyDict_SetItemString(numbers, kinds[i].name, number) < 0) {
            Py_CLEAR(numbers);
        }
        Py_XDECREF(number);
    }
    int result = numbers ? PyModule_AddObjectRef(module, "KINDS", numbers) : -1;
    Py_XDECREF(numbers);
    return result;
}

static int add_constants(PyObject *module)
{
    PyObject *levels = Py_BuildValue("{s:i,s:i,s:i,s:i,s:i}", "off", SCOPE_LEVEL_OFF, "calls", SCOPE_LEVEL_CALLS, "values",
                                     SCOPE_LEVEL_VALUES, "lines", SCOPE_LEVEL_LINES, "hidden", SCOPE_LEVEL_HIDDEN);
    int result = levels ? PyModule_AddObjectRef(module, "LEVELS", levels) : -1;
    Py_XDECREF(levels);
    if (result < 0 || add_kinds(module) < 0 || PyModule_AddIntConstant(module, "LOG_VERSION", SCOPE_LOG_VERSION) < 0 ||
        PyModule_AddIntConstant(module, "CHUNK_BYTES", SCOPE_CHUNK_BYTES) < 0 ||
        PyModule_AddIntConstant(module, "PAYLOAD_MAX", SCOPE_PAYLOAD_MAX) < 0) {
        return -1;
    }
    return PyModule_AddStringConstant(module, "HOOK", SCOPE_HOOK_NAME);
}

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "scope_repl._tracer",
    .m_doc = "The native tracer: observes, stamps, interns, encodes, stores.",
    .m_size = -1, /* one recorder a process, not one an interpreter */
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit__tracer(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL) {
        return NULL;
    }
    scope_clock_init();
    if (add_constants(module) < 0 || scope_log_init(module) < 0 || scope_deque_init() < 0 ||
        scope_odict_init() < 0 || scope_intern_init() < 0 || scope_threads_init() < 0 ||
        scope_hook_init() < 0 || scope_stand_in_init() < 0 || scope_watch_init(module) < 0 || scope_output_init(module) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
