/* Everything that differs between CPython 3.11 and 3.15, and nothing else. */
#ifndef SCOPE_COMPAT_H
#define SCOPE_COMPAT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>

#if PY_VERSION_HEX < 0x030B0000 || PY_VERSION_HEX >= 0x03100000
#  error "Scope's tracer knows the frames of CPython 3.11 to 3.15"
#endif
#ifdef Py_GIL_DISABLED
#  error "Scope's tracer needs the GIL: build it with the default build of CPython, not with the free-threaded one"
#endif

/* CPython's internal headers are not written for -Wextra. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define Py_BUILD_CORE 1
#if PY_VERSION_HEX >= 0x030E0000
#  include <internal/pycore_interpframe.h>
#  include <internal/pycore_stackref.h>
#endif
#include <internal/pycore_frame.h>
#include <internal/pycore_code.h>
#include <opcode.h>
#undef Py_BUILD_CORE
#pragma GCC diagnostic pop

#define SCOPE_HAS_MONITORING (PY_VERSION_HEX >= 0x030C0000)

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* The code object of a frame (borrowed), or NULL for a frame that is not a Python function's. */
static inline PyCodeObject *scope_frame_code(struct _PyInterpreterFrame *frame)
{
#if PY_VERSION_HEX >= 0x030E0000
    PyObject *executable = PyStackRef_AsPyObjectBorrow(frame->f_executable);
#elif PY_VERSION_HEX >= 0x030D0000
    PyObject *executable = frame->f_executable;
#else
    PyObject *executable = (PyObject *)frame->f_code;
#endif
    return executable != NULL && PyCode_Check(executable) ? (PyCodeObject *)executable : NULL;
}

/* Whether a frame is one that the interpreter pushes for itself at the bottom of each C call into the evaluation loop. */
static inline bool scope_frame_is_shim(struct _PyInterpreterFrame *frame)
{
#if PY_VERSION_HEX >= 0x030E0000
    return frame->owner == FRAME_OWNED_BY_INTERPRETER;
#elif PY_VERSION_HEX >= 0x030C0000
    return frame->owner == FRAME_OWNED_BY_CSTACK;
#else
    (void)frame;
    return false;
#endif
}

/* The frame that called this one; NULL at the bottom. Left out are C frames and those that Python code does not see either
 * (frame.f_back): not begun yet, or the interpreter's own trampolines. */
static inline struct _PyInterpreterFrame *scope_frame_caller(struct _PyInterpreterFrame *frame)
{
    struct _PyInterpreterFrame *caller = frame->previous;
    while (caller != NULL && (scope_frame_is_shim(caller) || _PyFrame_IsIncomplete(caller))) {
        caller = caller->previous;
    }
    return caller;
}

/* The innermost Python frame of a thread, without making a frame object. */
static inline struct _PyInterpreterFrame *scope_current_frame(PyThreadState *tstate)
{
#if PY_VERSION_HEX >= 0x030D0000
    struct _PyInterpreterFrame *frame = tstate->current_frame;
#else
    struct _PyInterpreterFrame *frame = tstate->cframe->current_frame;
#endif
    while (frame != NULL && scope_frame_is_shim(frame)) {
        frame = frame->previous;
    }
    return frame;
}

/* The i-th local of a frame (borrowed), or NULL. Cells are not looked through. */
static inline PyObject *scope_frame_local(struct _PyInterpreterFrame *frame, int i)
{
#if PY_VERSION_HEX >= 0x030E0000
    _PyStackRef local = frame->localsplus[i];
    return PyStackRef_IsNullOrInt(local) ? NULL : PyStackRef_AsPyObjectBorrow(local);
#else
    return frame->localsplus[i];
#endif
}

/* An argument as the caller passed it (borrowed): a cell is looked through. NULL if it is gone. */
static inline PyObject *scope_frame_argument(struct _PyInterpreterFrame *frame, int i)
{
    PyObject *value = scope_frame_local(frame, i);
    if (value != NULL && PyCell_Check(value) && (_PyLocals_GetKind(scope_frame_code(frame)->co_localspluskinds, i) & CO_FAST_CELL)) {
        value = PyCell_GET(value);
    }
    return value;
}

/* The instruction that a frame is at, in code units from the start of its code. */
static inline int scope_frame_offset(struct _PyInterpreterFrame *frame) { return _PyInterpreterFrame_LASTI(frame); }

/* The traceback (borrowed, may be NULL) of an exception in flight. Before 3.12 it stands beside the exception, not in it. */
static inline PyObject *scope_traceback_of(PyThreadState *tstate, PyObject *exception)
{
#if PY_VERSION_HEX >= 0x030C0000
    (void)tstate;
    return PyExceptionInstance_Check(exception) ? ((PyBaseExceptionObject *)exception)->traceback : NULL;
#else
    (void)exception;
    return tstate->curexc_traceback;
#endif
}

/* Whether a traceback has been through another frame than this one. */
static inline bool scope_traceback_is_longer(PyObject *traceback, struct _PyInterpreterFrame *frame)
{
    if (traceback == NULL || !PyTraceBack_Check(traceback)) {
        return false;
    }
    PyTracebackObject *head = (PyTracebackObject *)traceback;
    return head->tb_next != NULL || head->tb_frame->f_frame != frame;
}

/* Where co_extra keeps a pointer for each index that was asked for: `_PyCodeObjectExtra` of Objects/codeobject.c. Read directly,
 * because the function that does so costs as much as a whole event; module.c checks at import that the layout is this one. */
struct scope_code_extra {
    Py_ssize_t size;
    void *extras[1];
};

#if PY_VERSION_HEX >= 0x030C0000
#  define SCOPE_REQUEST_EXTRA PyUnstable_Eval_RequestCodeExtraIndex
#  define SCOPE_GET_EXTRA PyUnstable_Code_GetExtra
#  define SCOPE_SET_EXTRA PyUnstable_Code_SetExtra
#else
#  define SCOPE_REQUEST_EXTRA _PyEval_RequestCodeExtraIndex
#  define SCOPE_GET_EXTRA _PyCode_GetExtra
#  define SCOPE_SET_EXTRA _PyCode_SetExtra
#endif

#endif
