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

/* What a generator's frame delegates to (borrowed) while it stands suspended at a `yield from` or an `await`: it lies on top of the
 * frame's stack, since 3.15 below an empty place. Else some other value, or NULL: before 3.14 for any frame that runs. */
static inline PyObject *scope_frame_awaited(struct _PyInterpreterFrame *frame)
{
    int locals = scope_frame_code(frame)->co_nlocalsplus;
#if PY_VERSION_HEX >= 0x030F0000
    _PyStackRef *top = frame->stackpointer;
    bool there = top != NULL && top - frame->localsplus >= locals + 2 && PyStackRef_IsNullOrInt(top[-1]) && !PyStackRef_IsNullOrInt(top[-2]);
    return there ? PyStackRef_AsPyObjectBorrow(top[-2]) : NULL;
#elif PY_VERSION_HEX >= 0x030E0000
    _PyStackRef *top = frame->stackpointer;
    bool there = top != NULL && top - frame->localsplus > locals && !PyStackRef_IsNullOrInt(top[-1]);
    return there ? PyStackRef_AsPyObjectBorrow(top[-1]) : NULL;
#else
    return frame->stacktop > locals ? frame->localsplus[frame->stacktop - 1] : NULL;
#endif
}

/* Since 3.14 throw() puts a frame on the stack whatever it delegates to; before, only if that is a generator or a coroutine. */
#define SCOPE_LINKS_EVERY_DELEGATION (PY_VERSION_HEX >= 0x030E0000)

/* The instruction at a place (in code units), without what the interpreter or a tool has made of it. A RESUME or a YIELD_VALUE comes
 * out as such; others may come out as a special form of theirs. */
static inline int scope_instruction(PyCodeObject *code, int unit, int *argument)
{
#if SCOPE_HAS_MONITORING
    int opcode = _PyCode_CODE(code)[unit].op.code;
    *argument = _PyCode_CODE(code)[unit].op.arg;
#else
    int opcode = _Py_OPCODE(_PyCode_CODE(code)[unit]);
    *argument = _Py_OPARG(_PyCode_CODE(code)[unit]);
#endif
    switch (opcode) {
#ifdef RESUME_QUICK
    case RESUME_QUICK:
        return RESUME;
#endif
#ifdef RESUME_CHECK
    case RESUME_CHECK:
        return RESUME;
#endif
#ifdef RESUME_CHECK_JIT
    case RESUME_CHECK_JIT:
        return RESUME;
#endif
#if SCOPE_HAS_MONITORING
    case INSTRUMENTED_RESUME:
        return RESUME;
    case INSTRUMENTED_YIELD_VALUE:
        return YIELD_VALUE;
    case INSTRUMENTED_LINE:
    case INSTRUMENTED_INSTRUCTION:
#ifdef ENTER_EXECUTOR
    case ENTER_EXECUTOR:
#endif
    {
        PyObject *original = PyCode_GetCode(code);
        if (original == NULL) {
            PyErr_Clear();
            return opcode;
        }
        const unsigned char *bytes = (const unsigned char *)PyBytes_AS_STRING(original) + unit * (int)sizeof(_Py_CODEUNIT);
        opcode = bytes[0];
        *argument = bytes[1];
        Py_DECREF(original);
        return opcode;
    }
#endif
    default:
        return opcode;
    }
}

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
