/* Python 3.12 and later: sys.monitoring (PEP 669) with native vectorcall callbacks.
 *
 * Two tool ids are held. The first has global events for what starts or moves between frames (PY_START, PY_RESUME, PY_THROW,
 * PY_UNWIND, RAISE, EXCEPTION_HANDLED): a code object is judged at its first start; in scope, it gets local events for the rest;
 * out of scope, the start is disabled for good and costs nothing from then on. The second id has only local events, on functions
 * out of scope that were called from a frame in scope: it gives their opaque spans, which the first cannot, because a location
 * that is disabled for a tool stays so. */
#include "compat.h"

#if SCOPE_HAS_MONITORING
#  include "delegation.h"
#  include "events.h"
#  include "hooks.h"
#  include "locals.h"
#  include "monitoring.h"

void scope_hook_judge(struct scope_code *entry, PyCodeObject *code, PyObject *globals)
{
    scope_judge(entry, globals);
    if (scope_in_scope(entry)) {
        entry->monitored = true;
        bool calls = scope_recorder.c_calls || scope_recorder.may_be_opaque;
        bool lines = entry->level >= SCOPE_LEVEL_LINES;
        scope_watch_code(SCOPE_MAIN, code, lines ? (calls ? SCOPE_LINES_EVENTS : SCOPE_PLAIN_LINES_EVENTS)
                                                 : (calls ? SCOPE_RECORDED_EVENTS : SCOPE_PLAIN_EVENTS));
    }
}

/* The entry of a code object whose frame is just entered, judged. NULL when there is no memory for one. */
static struct scope_code *entry_of(PyCodeObject *code)
{
    struct scope_code *entry = scope_intern_code(code);
    if (entry != NULL && entry->mode == SCOPE_UNJUDGED) {
        struct _PyInterpreterFrame *frame = scope_current_frame(PyThreadState_Get());
        scope_hook_judge(entry, code, frame ? frame->f_globals : NULL);
    }
    return entry;
}

bool scope_hook_can_watch(const struct scope_code *entry)
{
    return entry->mode >= SCOPE_OPAQUE || (entry->mode == SCOPE_OFF && scope_tool_is_held(SCOPE_BOUNDARY));
}

void scope_hook_make_opaque(struct scope_code *entry, PyCodeObject *code)
{
    if (entry->mode == SCOPE_OPAQUE || !scope_tool_is_held(SCOPE_BOUNDARY)) {
        return;
    }
    entry->mode = SCOPE_OPAQUE;
    entry->used = true;
    entry->monitored = true;
    scope_watch_code(SCOPE_BOUNDARY, code, SCOPE_BOUNDARY_EVENTS);
}

static bool called_from_scope(struct _PyInterpreterFrame *frame)
{
    struct _PyInterpreterFrame *caller = frame ? scope_frame_caller(frame) : NULL;
    PyCodeObject *code = caller ? scope_frame_code(caller) : NULL;
    return code != NULL && scope_in_scope(scope_code_of(code));
}

/* ---- callbacks: vectorcall functions, args borrowed; they raise nothing and return None (immortal: not counted) or DISABLE ---- */

#  define ARGS PyObject *const *args
#  define CODE ((PyCodeObject *)args[0])

static PyObject *entered(PyCodeObject *code, enum scope_kind kind)
{
    struct scope_code *entry = entry_of(code);
    if (entry == NULL) {
        return Py_None;
    }
    struct _PyInterpreterFrame *frame = scope_current_frame(PyThreadState_Get());
    if (entry->thread_entry && kind == SCOPE_CALL && frame != NULL) {
        struct scope_thread *fresh = scope_thread_attach(entry->arguments > 0 ? scope_frame_local(frame, 0) : NULL);
        if (fresh != NULL) {
            scope_record_thread_start(fresh);
        }
    }
    if (entry->mode == SCOPE_OFF && called_from_scope(frame)) {
        scope_hook_make_opaque(entry, code); /* called by an operator or from C code: no CALL event has told */
    } else if (!scope_in_scope(entry)) {
        return entry->thread_entry ? Py_None : Py_NewRef(scope_disable);
    }
    struct scope_thread *thread = scope_thread_here();
    if (thread != NULL && frame != NULL) {
        scope_record_enter(thread, entry, kind, frame);
    }
    return Py_None;
}

static PyObject *on_start(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    struct scope_code *entry = scope_code_of(CODE);
    if (LIKELY(entry != NULL && entry->mode == SCOPE_BARE) && LIKELY(scope_write_short(scope_this_thread, SCOPE_CALL, entry->head))) {
        return Py_None;
    }
    return entered(CODE, SCOPE_CALL);
}

static PyObject *on_resume(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    return entered(CODE, SCOPE_RESUME);
}

static PyObject *left(PyCodeObject *code, enum scope_kind kind, PyObject *value)
{
    struct scope_code *entry = scope_code_of(code);
    struct scope_thread *thread = entry ? scope_thread_here() : NULL;
    if (thread != NULL && scope_in_scope(entry)) {
        scope_record_leave(thread, entry, kind, scope_current_frame(PyThreadState_Get()), value);
    }
    if (thread != NULL && entry->thread_entry && kind == SCOPE_RETURN) {
        scope_record_thread_end(thread);
    }
    return Py_None;
}

static PyObject *on_return(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    struct scope_code *entry = scope_code_of(CODE);
    if (LIKELY(entry != NULL && entry->mode == SCOPE_BARE) &&
        LIKELY(scope_write_short(scope_this_thread, SCOPE_RETURN, entry->head))) {
        return Py_None;
    }
    return left(CODE, SCOPE_RETURN, args[2]);
}

static PyObject *on_yield(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    return left(CODE, SCOPE_YIELD, args[2]);
}

static PyObject *on_throw(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    struct scope_code *entry = entry_of(CODE);
    struct scope_thread *thread = entry ? scope_thread_here() : NULL;
    struct _PyInterpreterFrame *frame = scope_current_frame(PyThreadState_Get());
    if (thread != NULL && frame != NULL &&
        (scope_in_scope(entry) || (entry->mode == SCOPE_OPAQUE && called_from_scope(frame)))) {
        scope_record_enter(thread, entry, SCOPE_THROW, frame);
    } else if (thread != NULL && frame != NULL) {
        scope_delegation_throw(thread, entry, frame);
    }
    return Py_None;
}

static PyObject *on_unwind(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    struct scope_code *entry = scope_code_of(CODE);
    struct scope_thread *thread = entry ? scope_thread_here() : NULL;
    if (thread == NULL) {
        return Py_None;
    }
    if (scope_in_scope(entry) ||
        (entry->mode == SCOPE_OPAQUE && called_from_scope(scope_current_frame(PyThreadState_Get())))) {
        scope_record_unwind(thread, entry, scope_current_frame(PyThreadState_Get()), Py_TYPE(args[2]), args[2]);
    }
    if (entry->thread_entry) {
        scope_record_thread_end(thread);
    }
    return Py_None;
}

static PyObject *on_line(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    struct scope_code *entry = scope_code_of(CODE);
    struct scope_thread *thread = entry != NULL && entry->level >= SCOPE_LEVEL_LINES && scope_in_scope(entry) ? scope_thread_here() : NULL;
    if (LIKELY(thread != NULL)) {
        struct _PyInterpreterFrame *frame = scope_current_frame(PyThreadState_Get());
        scope_record_line(thread, entry, frame, scope_frame_offset(frame));
    }
    return Py_None;
}

/* The offset of an event, from bytes to code units. */
static int code_units(PyObject *offset) { return (int)(PyLong_AsLong(offset) / (long)sizeof(_Py_CODEUNIT)); }

static PyObject *on_raise(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    struct scope_code *entry = scope_code_of(CODE);
    struct scope_thread *thread = scope_in_scope(entry) ? scope_thread_here() : NULL;
    if (thread != NULL) {
        PyThreadState *tstate = PyThreadState_Get();
        bool propagates = scope_traceback_is_longer(scope_traceback_of(tstate, args[2]), scope_current_frame(tstate));
        scope_record_raise(thread, entry, code_units(args[1]), Py_TYPE(args[2]), args[2], propagates);
    }
    return Py_None;
}

/* Whether the handler at this offset is one that the program has: except, finally and with begin with PUSH_EXC_INFO; the ones
 * that the compiler puts around generators and comprehensions for its own ends do not. */
static bool is_handler(PyCodeObject *code, int offset)
{
    int opcode = _PyCode_CODE(code)[offset].op.code;
    if (LIKELY(opcode < MIN_INSTRUMENTED_OPCODE)) {
        return opcode == PUSH_EXC_INFO;
    }
    PyObject *original = PyCode_GetCode(code); /* another tool has put its own instruction there */
    if (original == NULL) {
        PyErr_Clear();
        return true;
    }
    opcode = (unsigned char)PyBytes_AS_STRING(original)[offset * (int)sizeof(_Py_CODEUNIT)];
    Py_DECREF(original);
    return opcode == PUSH_EXC_INFO;
}

static PyObject *on_handled(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    struct scope_code *entry = scope_code_of(CODE);
    struct scope_thread *thread = scope_in_scope(entry) ? scope_thread_here() : NULL;
    int offset = code_units(args[1]);
    if (thread != NULL && is_handler(CODE, offset)) {
        scope_record_handled(thread, entry, offset, Py_TYPE(args[2]));
    }
    return Py_None;
}

/* CALL comes for every callable; C_RETURN and C_RAISE for all but Python functions, whose own events tell. It is also how library
 * functions are met that a frame in scope calls. */
/* The first argument of a call (borrowed), or NULL. */
static inline PyObject *first_argument(ARGS) { return args[3] != scope_missing ? args[3] : NULL; }

static PyObject *on_call(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    PyObject *callable = scope_unwrap(args[2]);
    struct scope_code *caller = scope_code_of(CODE);
    if (caller != NULL) {
        scope_note_call(caller, callable, first_argument(args));
    }
    if (Py_IS_TYPE(callable, &PyFunction_Type)) {
        PyCodeObject *callee = (PyCodeObject *)((PyFunctionObject *)callable)->func_code;
        struct scope_code *entry = scope_code_of(callee);
        if (LIKELY(entry != NULL && entry->mode >= SCOPE_OPAQUE)) {
            return Py_None;
        }
        entry = scope_intern_code(callee);
        if (entry != NULL && entry->mode == SCOPE_UNJUDGED) {
            scope_hook_judge(entry, callee, ((PyFunctionObject *)callable)->func_globals);
        }
        if (entry != NULL && entry->mode == SCOPE_OFF) {
            scope_hook_make_opaque(entry, callee);
        }
        return Py_None;
    }
    struct scope_thread *thread = scope_recorder.c_calls ? scope_thread_here() : NULL;
    if (thread != NULL && caller != NULL) {
        scope_record_c_call(thread, caller, callable, caller->level >= SCOPE_LEVEL_VALUES ? code_units(args[1]) : -1);
    }
    return Py_None;
}

static PyObject *c_left(ARGS, enum scope_kind kind)
{
    PyObject *callable = scope_unwrap(args[2]);
    struct scope_thread *thread = !Py_IS_TYPE(callable, &PyFunction_Type) ? scope_thread_here() : NULL;
    if (thread != NULL) {
        const struct scope_code *caller = scope_code_of(CODE);
        scope_record_c_leave(thread, kind, callable);
        if (caller != NULL && scope_in_scope(caller)) {
            scope_look_after_call(thread, caller, callable, first_argument(args));
        }
    }
    return Py_None;
}

static PyObject *on_c_return(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    return c_left(args, SCOPE_C_RETURN);
}

static PyObject *on_c_raise(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    return c_left(args, SCOPE_C_RAISE);
}

/* The second tool's: functions out of scope, of interest only when a frame in scope called them. */
static PyObject *boundary_entered(PyCodeObject *code, enum scope_kind kind)
{
    struct scope_code *entry = scope_code_of(code);
    struct _PyInterpreterFrame *frame = scope_current_frame(PyThreadState_Get());
    if (entry != NULL && called_from_scope(frame)) {
        struct scope_thread *thread = scope_thread_here();
        if (thread != NULL) {
            scope_record_enter(thread, entry, kind, frame);
        }
    }
    return Py_None;
}

static PyObject *on_boundary_start(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    return boundary_entered(CODE, SCOPE_CALL);
}

static PyObject *on_boundary_resume(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    return boundary_entered(CODE, SCOPE_RESUME);
}

static PyObject *boundary_left(PyCodeObject *code, enum scope_kind kind, PyObject *value)
{
    struct scope_code *entry = scope_code_of(code);
    struct _PyInterpreterFrame *frame = scope_current_frame(PyThreadState_Get());
    if (entry != NULL && called_from_scope(frame)) {
        struct scope_thread *thread = scope_thread_here();
        if (thread != NULL) {
            scope_record_leave(thread, entry, kind, frame, value);
        }
    } else if (UNLIKELY(scope_this_thread->delegating_count > 0) && kind == SCOPE_YIELD && scope_thread_here() != NULL) {
        scope_delegation_yield(scope_this_thread, frame, value);
    }
    return Py_None;
}

static PyObject *on_boundary_return(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    return boundary_left(CODE, SCOPE_RETURN, args[2]);
}

static PyObject *on_boundary_yield(PyObject *self, ARGS, size_t nargs, PyObject *kwnames)
{
    (void)self, (void)nargs, (void)kwnames;
    return boundary_left(CODE, SCOPE_YIELD, args[2]);
}

const struct scope_callback scope_callbacks[SCOPE_CALLBACKS] = {
    {SCOPE_MAIN, "PY_START", on_start},
    {SCOPE_MAIN, "PY_RESUME", on_resume},
    {SCOPE_MAIN, "PY_THROW", on_throw},
    {SCOPE_MAIN, "PY_UNWIND", on_unwind},
    {SCOPE_MAIN, "RAISE", on_raise},
    {SCOPE_MAIN, "EXCEPTION_HANDLED", on_handled},
    {SCOPE_MAIN, "PY_RETURN", on_return},
    {SCOPE_MAIN, "PY_YIELD", on_yield},
    {SCOPE_MAIN, "LINE", on_line},
    {SCOPE_MAIN, "CALL", on_call},
    {SCOPE_MAIN, "C_RETURN", on_c_return},
    {SCOPE_MAIN, "C_RAISE", on_c_raise},
    {SCOPE_BOUNDARY, "PY_START", on_boundary_start},
    {SCOPE_BOUNDARY, "PY_RESUME", on_boundary_resume},
    {SCOPE_BOUNDARY, "PY_RETURN", on_boundary_return},
    {SCOPE_BOUNDARY, "PY_YIELD", on_boundary_yield},
};
#endif
