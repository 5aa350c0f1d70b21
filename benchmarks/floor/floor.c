/* The floor: hooks that do nothing, only read the clock, or only count, for the same events as Scope's. What no tracer can go below,
 * and what no tracer that tells the time of each event can go below.
 *
 * Python 3.12 and later: objects for sys.monitoring.register_callback whose vectorcall function returns None. Python 3.11: a
 * profile hook (PyEval_SetProfile, with the C calls), a frame-evaluation hook (PEP 523, without them), and a trace function
 * (PyEval_SetTrace, with the lines). */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include <structmember.h>
#include <time.h>
#if defined(__x86_64__)
#  include <x86intrin.h>
#endif

enum { NOTHING, COUNTING, COUNTING_C, CLOCK };

static volatile unsigned long long last_time;

static inline void read_clock(void)
{
#if defined(__x86_64__)
    last_time = __rdtsc();
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    last_time = (unsigned long long)now.tv_sec * 1000000000ull + (unsigned long long)now.tv_nsec;
#endif
}

/* ---- a monitoring callback ---- */

struct callback {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    Py_ssize_t count; /* of events, if it counts */
};

/* Python functions are told by events of their own, so that a CALL or C_RETURN of one is none. */
static int is_python_function(PyObject *callable)
{
    if (PyMethod_Check(callable)) {
        callable = PyMethod_GET_FUNCTION(callable);
    }
    return PyFunction_Check(callable);
}

static PyObject *ignore(PyObject *self, PyObject *const *args, size_t nargs, PyObject *names)
{
    (void)self, (void)args, (void)nargs, (void)names;
    Py_RETURN_NONE;
}

static PyObject *count(PyObject *self, PyObject *const *args, size_t nargs, PyObject *names)
{
    (void)args, (void)nargs, (void)names;
    ((struct callback *)self)->count++;
    Py_RETURN_NONE;
}

static PyObject *count_c(PyObject *self, PyObject *const *args, size_t nargs, PyObject *names)
{
    (void)nargs, (void)names;
    ((struct callback *)self)->count += !is_python_function(args[2]);
    Py_RETURN_NONE;
}

static PyObject *tell_time(PyObject *self, PyObject *const *args, size_t nargs, PyObject *names)
{
    (void)self, (void)args, (void)nargs, (void)names;
    read_clock();
    Py_RETURN_NONE;
}

static PyMemberDef callback_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(struct callback, vectorcall), READONLY, NULL},
    {"count", T_PYSSIZET, offsetof(struct callback, count), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyTypeObject callback_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "floor.Callback",
    .tp_basicsize = sizeof(struct callback),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(struct callback, vectorcall),
    .tp_call = PyVectorcall_Call,
    .tp_members = callback_members,
};

static PyObject *callback(PyObject *module, PyObject *kind)
{
    (void)module;
    struct callback *self = PyObject_New(struct callback, &callback_type);
    if (self != NULL) {
        long which = PyLong_AsLong(kind);
        self->vectorcall = which == COUNTING ? count : which == COUNTING_C ? count_c : which == CLOCK ? tell_time : ignore;
        self->count = 0;
    }
    return (PyObject *)self;
}

/* ---- Python 3.11's hooks ---- */

#if PY_VERSION_HEX < 0x030C0000
static Py_ssize_t python_events, c_events, lines;

static int profile_nothing(PyObject *self, PyFrameObject *frame, int what, PyObject *argument)
{
    (void)self, (void)frame, (void)what, (void)argument;
    return 0;
}

static int profile_counting(PyObject *self, PyFrameObject *frame, int what, PyObject *argument)
{
    (void)self, (void)frame, (void)argument;
    if (what == PyTrace_CALL || what == PyTrace_RETURN) {
        python_events++;
    } else {
        c_events++;
    }
    return 0;
}

static PyObject *evaluate(PyThreadState *tstate, struct _PyInterpreterFrame *frame, int throwing)
{
    return _PyEval_EvalFrameDefault(tstate, frame, throwing);
}

static PyObject *set_profile(PyObject *module, PyObject *counting)
{
    (void)module;
    PyEval_SetProfile(PyObject_IsTrue(counting) ? profile_counting : profile_nothing, NULL);
    Py_RETURN_NONE;
}

static PyObject *evaluate_with_clock(PyThreadState *tstate, struct _PyInterpreterFrame *frame, int throwing)
{
    read_clock();
    PyObject *result = _PyEval_EvalFrameDefault(tstate, frame, throwing);
    read_clock();
    return result;
}

static PyObject *set_frame_hook(PyObject *module, PyObject *kind)
{
    (void)module;
    int clock = PyLong_AsLong(kind) == CLOCK;
    _PyInterpreterState_SetEvalFrameFunc(PyInterpreterState_Get(), clock ? evaluate_with_clock : evaluate);
    Py_RETURN_NONE;
}

static PyObject *clear_frame_hook(PyObject *module, PyObject *none)
{
    (void)module, (void)none;
    _PyInterpreterState_SetEvalFrameFunc(PyInterpreterState_Get(), _PyEval_EvalFrameDefault);
    Py_RETURN_NONE;
}

static int trace_nothing(PyObject *self, PyFrameObject *frame, int what, PyObject *argument)
{
    (void)self, (void)frame, (void)what, (void)argument;
    return 0;
}

static int trace_counting(PyObject *self, PyFrameObject *frame, int what, PyObject *argument)
{
    (void)self, (void)frame, (void)argument;
    lines += what == PyTrace_LINE;
    return 0;
}

static int trace_with_clock(PyObject *self, PyFrameObject *frame, int what, PyObject *argument)
{
    (void)self, (void)frame, (void)what, (void)argument;
    read_clock();
    return 0;
}

static PyObject *set_trace(PyObject *module, PyObject *kind)
{
    (void)module;
    long which = PyLong_AsLong(kind);
    PyEval_SetTrace(which == COUNTING ? trace_counting : which == CLOCK ? trace_with_clock : trace_nothing, NULL);
    Py_RETURN_NONE;
}

static PyObject *clear_trace(PyObject *module, PyObject *none)
{
    (void)module, (void)none;
    PyEval_SetTrace(NULL, NULL);
    Py_RETURN_NONE;
}

static PyObject *clear_profile(PyObject *module, PyObject *none)
{
    (void)module, (void)none;
    PyEval_SetProfile(NULL, NULL);
    Py_RETURN_NONE;
}

static PyObject *counts(PyObject *module, PyObject *none)
{
    (void)module, (void)none;
    return Py_BuildValue("nnn", python_events, c_events, lines);
}
#endif

static PyMethodDef methods[] = {
    {"callback", callback, METH_O, "A monitoring callback of one kind."},
#if PY_VERSION_HEX < 0x030C0000
    {"set_profile", set_profile, METH_O, "Set the calling thread's profile hook, to one that counts or does nothing."},
    {"clear_profile", clear_profile, METH_NOARGS, "Remove the calling thread's profile hook."},
    {"set_frame_hook", set_frame_hook, METH_O, "Set a frame-evaluation hook that does nothing or reads the clock."},
    {"clear_frame_hook", clear_frame_hook, METH_NOARGS, "Remove the frame-evaluation hook."},
    {"set_trace", set_trace, METH_O, "Set the calling thread's trace function, to one that counts lines, reads the clock or does nothing."},
    {"clear_trace", clear_trace, METH_NOARGS, "Remove the calling thread's trace function."},
    {"counts", counts, METH_NOARGS, "(events of Python functions, events of C functions, lines) counted."},
#endif
    {NULL, NULL, 0, NULL},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "floor", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC PyInit_floor(void)
{
    return PyType_Ready(&callback_type) < 0 ? NULL : PyModule_Create(&definition);
}
