/* Python 3.11: the frame-evaluation hook (PEP 523) and, in frames whose C calls are recorded, the C profile hook.
 *
 * On 3.11 an installed profile hook slows all bytecode down, whether it records or not. The frame-evaluation hook does not: it sees
 * each Python call, generator resume and their ends, and switches the profile hook on for one frame alone, by setting
 * `use_tracing` of the evaluation below it, which _PyEval_EvalFrameDefault copies, and putting it back afterwards.
 *
 * With the hook in place each Python call takes C stack. Before a thread's stack ends, the evaluation goes on on a further one
 * (stack.c), so that recursion is bounded by sys.setrecursionlimit as it was. */
#include "compat.h"

#if !SCOPE_HAS_MONITORING
#  include "events.h"
#  include "hooks.h"
#  include "stack.h"

#  define Py_BUILD_CORE 1
#  include <internal/pycore_genobject.h>
#  undef Py_BUILD_CORE

typedef struct _PyInterpreterFrame Frame;

static _PyFrameEvalFunction evaluate = NULL; /* what was there before: the default, or another user of the hook */
static bool installed = false;
static bool buried = false; /* another user of the hook came after Scope, and still calls Scope's */

/* ---- exceptions, as far as entries and exits of frames show them ---- */

/* The exception that is being handled now, as sys.exception() has it (borrowed), or NULL. A generator that handles none looks through
 * to who resumed it. */
static PyObject *handled_now(PyThreadState *tstate)
{
    const _PyErr_StackItem *item = tstate->exc_info;
    while ((item->exc_value == NULL || item->exc_value == Py_None) && item->previous_item != NULL) {
        item = item->previous_item;
    }
    return item->exc_value;
}

/* A recorded frame was left by an exception into `frame`, and this is that frame's next event. If the exception is the one that is
 * being handled now, HANDLED is sure. Otherwise C code may have swallowed it, or a handler without any event is over: nothing is
 * written, because only one of the two would be true. */
static void settle_handled_slowly(struct scope_thread *thread, PyThreadState *tstate, const Frame *frame)
{
    thread->landed = NULL;
    PyObject *current = handled_now(tstate);
    bool same = current != NULL && Py_TYPE(current) == thread->unwound_type &&
                (current == thread->unwound || !thread->unwound_whole);
    struct scope_code *entry = scope_code_of(frame->f_code);
    if (same && scope_in_scope(entry)) {
        scope_record_handled(thread, entry, -1, thread->unwound_type);
    }
}

static inline void settle_handled(struct scope_thread *thread, PyThreadState *tstate, const Frame *frame)
{
    if (UNLIKELY(thread->landed != NULL) && thread->landed == frame) {
        settle_handled_slowly(thread, tstate, frame);
    }
}

/* The instruction at which the exception in flight left this frame, in code units; -1 if its traceback does not say. */
static int raised_at(PyThreadState *tstate, const Frame *frame)
{
    PyTracebackObject *traceback = (PyTracebackObject *)tstate->curexc_traceback;
    if (traceback == NULL || !PyTraceBack_Check(traceback) || traceback->tb_frame->f_frame != frame) {
        return -1;
    }
    return traceback->tb_lasti / (int)sizeof(_Py_CODEUNIT);
}

static void record_unwind(struct scope_thread *thread, struct scope_code *entry, PyThreadState *tstate, Frame *frame)
{
    PyTypeObject *type = (PyTypeObject *)tstate->curexc_type;
    PyObject *exception = tstate->curexc_value != NULL ? tstate->curexc_value : tstate->curexc_type;
    thread->landed = NULL;
    if (scope_in_scope(entry)) {
        bool propagates = scope_traceback_is_longer(tstate->curexc_traceback, frame);
        scope_record_raise(thread, entry, raised_at(tstate, frame), type, exception, propagates);
    }
    scope_record_unwind(thread, entry, type, exception);
    if (scope_in_scope(entry)) {
        thread->landed = scope_frame_caller(frame);
    }
}

/* ---- the profile hook: C calls of frames in scope, and the ends of frames that were running when the recording began ---- */

static bool is_suspended(Frame *frame)
{
    return frame->owner == FRAME_OWNED_BY_GENERATOR && _PyFrame_GetGenerator(frame)->gi_frame_state == FRAME_SUSPENDED;
}

static int profile(PyObject *self, PyFrameObject *frame_object, int what, PyObject *arg)
{
    (void)self;
    Frame *frame = frame_object->f_frame;
    struct scope_code *entry = scope_code_of(frame->f_code);
    struct scope_thread *thread = scope_in_scope(entry) ? scope_thread_here() : NULL;
    if (thread == NULL || what == PyTrace_CALL) {
        return 0;
    }
    if (what == PyTrace_RETURN) {
        if (frame == thread->frame) {
            return 0; /* the frame-evaluation hook sees this end itself */
        }
        settle_handled(thread, PyThreadState_Get(), frame);
        if (arg == NULL) {
            scope_record_unwind(thread, entry, NULL, NULL);
        } else {
            scope_record_leave(thread, entry, is_suspended(frame) ? SCOPE_YIELD : SCOPE_RETURN, arg);
        }
    } else if (scope_recorder.c_calls) {
        if (what == PyTrace_C_CALL) {
            settle_handled(thread, PyThreadState_Get(), frame);
            scope_record_c_call(thread, entry, arg, scope_frame_offset(frame));
        } else {
            scope_record_c_leave(thread, what == PyTrace_C_RETURN ? SCOPE_C_RETURN : SCOPE_C_RAISE, arg);
        }
    }
    return 0;
}

/* Whether a debugger or another profiler owns tracing in this thread: then it is left alone. */
static inline bool is_taken(PyThreadState *tstate)
{
    return tstate->c_tracefunc != NULL || (tstate->c_profilefunc != NULL && tstate->c_profilefunc != profile) || tstate->tracing;
}

/* ---- the frame-evaluation hook ---- */

static bool has_calls(PyCodeObject *code)
{
    PyObject *bytecode = PyCode_GetCode(code); /* without the specialised instructions */
    if (bytecode == NULL) {
        PyErr_Clear();
        return true;
    }
    bool found = false;
    for (Py_ssize_t i = 0; i < PyBytes_GET_SIZE(bytecode) && !found; i += (Py_ssize_t)sizeof(_Py_CODEUNIT)) {
        unsigned char opcode = (unsigned char)PyBytes_AS_STRING(bytecode)[i];
        found = opcode == PRECALL || opcode == CALL_FUNCTION_EX;
    }
    Py_DECREF(bytecode);
    return found;
}

void scope_hook_judge(struct scope_code *entry, PyCodeObject *code, PyObject *globals)
{
    scope_judge(entry, globals);
    if (scope_in_scope(entry)) {
        PyObject *type, *value, *traceback;
        PyErr_Fetch(&type, &value, &traceback);
        entry->calls = has_calls(code);
        PyErr_Restore(type, value, traceback);
    }
}

struct evaluation {
    PyThreadState *tstate;
    Frame *frame;
    int throwing;
    PyObject *result;
};

static void evaluate_on_further_stack(void *argument)
{
    struct evaluation *call = argument;
    call->result = evaluate(call->tstate, call->frame, call->throwing);
}

/* Evaluates the frame with the profile hook on or off for it alone. */
static inline PyObject *evaluate_with(PyThreadState *tstate, Frame *frame, int throwing, bool profiled)
{
    bool was_taken = is_taken(tstate);
    uint8_t before = tstate->cframe->use_tracing;
    if (!was_taken) {
        if (profiled) {
            tstate->c_profilefunc = profile; /* c_profileobj stays NULL: sys.getprofile() says None, as without Scope */
        }
        tstate->cframe->use_tracing = profiled ? 255 : 0;
    }
    PyObject *result;
    struct scope_thread *thread = scope_this_thread;
    if (UNLIKELY((char *)__builtin_frame_address(0) < thread->stack_limit)) {
        struct evaluation call = {tstate, frame, throwing, NULL};
        if (!scope_on_further_stack(&thread->stack_limit, evaluate_on_further_stack, &call)) {
            PyErr_NoMemory(); /* the call fails before it has begun; what is left of the stack is for those that unwind */
        }
        result = call.result;
    } else {
        result = evaluate(tstate, frame, throwing);
    }
    if (!is_taken(tstate)) { /* else the interpreter has passed on what the other tool needs */
        tstate->cframe->use_tracing = was_taken || tstate->c_profilefunc == NULL ? 0 : before;
    }
    return result;
}

/* What entering this frame is. A call of a generator function makes the generator and enters nothing: NONE. */
static enum scope_kind entry_kind(const struct scope_code *entry, const Frame *frame, int throwing)
{
    if (!(entry->flags & SCOPE_FLAG_SUSPENDS)) {
        return SCOPE_CALL;
    }
    if (frame->owner != FRAME_OWNED_BY_GENERATOR) {
        return SCOPE_NONE;
    }
    if (throwing) {
        return SCOPE_THROW;
    }
    return _Py_OPCODE(*frame->prev_instr) == RETURN_GENERATOR ? SCOPE_CALL : SCOPE_RESUME;
}

/* What is written when a recorded frame is left; passes the result on. */
static PyObject *record_exit(PyThreadState *tstate, Frame *frame, struct scope_code *entry, PyObject *result)
{
    struct scope_thread *thread = scope_thread_here(); /* NULL once the recording has ended */
    if (thread == NULL) {
        return result;
    }
    if (result == NULL) {
        record_unwind(thread, entry, tstate, frame);
    } else {
        settle_handled(thread, tstate, frame);
        scope_record_leave(thread, entry, is_suspended(frame) ? SCOPE_YIELD : SCOPE_RETURN, result);
    }
    return result;
}

static PyObject *evaluate_recorded(PyThreadState *tstate, Frame *frame, int throwing, struct scope_thread *thread,
                                   struct scope_code *entry, enum scope_kind kind)
{
    bool profiled = scope_in_scope(entry) && scope_recorder.c_calls && entry->calls;
    settle_handled(thread, tstate, frame->previous);
    scope_record_enter(thread, entry, kind, frame);
    Frame *outer = thread->frame;
    thread->frame = profiled ? frame : outer;
    PyObject *result = evaluate_with(tstate, frame, throwing, profiled);
    thread->frame = outer;
    return record_exit(tstate, frame, entry, result);
}

/* A thread's whole Python life. */
static PyObject *evaluate_thread(PyThreadState *tstate, Frame *frame, struct scope_code *entry)
{
    struct scope_thread *thread = scope_thread_attach(entry->arguments > 0 ? frame->localsplus[0] : NULL);
    if (thread != NULL) {
        scope_record_thread_start(thread);
    }
    PyObject *result = thread != NULL && scope_in_scope(entry)
                           ? evaluate_recorded(tstate, frame, 0, thread, entry, SCOPE_CALL)
                           : evaluate_with(tstate, frame, 0, false);
    thread = scope_thread_here();
    if (thread != NULL) {
        scope_record_thread_end(thread);
    }
    return result;
}

static inline bool called_from_scope(const Frame *frame)
{
    return frame->previous != NULL && scope_in_scope(scope_code_of(frame->previous->f_code));
}

/* Whether a frame may take the short path: a plain function at level calls without C calls to be seen, in a thread where nothing
 * else is going on. */
static inline bool is_short(const struct scope_code *entry, PyThreadState *tstate, const struct scope_thread *thread)
{
    return entry != NULL && entry->mode == SCOPE_BARE && !(entry->calls && scope_recorder.c_calls) && thread->landed == NULL &&
           !is_taken(tstate) && (char *)__builtin_frame_address(0) >= thread->stack_limit;
}

static PyObject *hook(PyThreadState *tstate, Frame *frame, int throwing)
{
    frame->previous = tstate->cframe->current_frame; /* as the evaluation is about to do; until then it is not set */
    struct scope_code *entry = scope_code_of(frame->f_code);
    if (LIKELY(is_short(entry, tstate, scope_this_thread)) && LIKELY(scope_write_short(scope_this_thread, SCOPE_CALL, entry->head))) {
        uint8_t before = tstate->cframe->use_tracing;
        tstate->cframe->use_tracing = 0;
        PyObject *result = evaluate(tstate, frame, throwing);
        if (LIKELY(!is_taken(tstate))) {
            tstate->cframe->use_tracing = tstate->c_profilefunc == NULL ? 0 : before;
        }
        if (LIKELY(result != NULL && scope_this_thread->landed == NULL) &&
            LIKELY(scope_write_short(scope_this_thread, SCOPE_RETURN, entry->head))) {
            return result;
        }
        return record_exit(tstate, frame, entry, result);
    }
    if (LIKELY(entry != NULL && entry->mode == SCOPE_OFF && !entry->thread_entry) && !called_from_scope(frame)) {
        return evaluate_with(tstate, frame, throwing, false);
    }
    if (UNLIKELY(!scope_recorder.running || tstate->tracing)) {
        return evaluate(tstate, frame, throwing);
    }
    if (UNLIKELY(entry == NULL || entry->mode == SCOPE_UNJUDGED)) {
        entry = scope_intern_code(frame->f_code);
        if (entry == NULL) {
            return evaluate_with(tstate, frame, throwing, false);
        }
        scope_hook_judge(entry, frame->f_code, frame->f_globals);
    }
    if (UNLIKELY(entry->thread_entry)) {
        return evaluate_thread(tstate, frame, entry);
    }
    struct scope_thread *thread = scope_thread_here();
    enum scope_kind kind = entry_kind(entry, frame, throwing);
    bool opaque = (entry->mode == SCOPE_OFF || entry->mode == SCOPE_OPAQUE) && called_from_scope(frame);
    if (thread == NULL || kind == SCOPE_NONE || !(scope_in_scope(entry) || opaque)) {
        return evaluate_with(tstate, frame, throwing, false);
    }
    if (opaque) {
        entry->mode = SCOPE_OPAQUE;
        entry->used = true;
    }
    return evaluate_recorded(tstate, frame, throwing, thread, entry, kind);
}

/* ---- in and out ---- */

int scope_hook_init(void) { return 0; }

/* Frames in scope that are running now return without passing through the hook: profile the evaluations they belong to. */
static void profile_running_frames(PyThreadState *tstate)
{
    bool any = false;
    for (_PyCFrame *evaluation = tstate->cframe; evaluation != NULL; evaluation = evaluation->previous) {
        bool in_scope = false;
        for (Frame *frame = evaluation->current_frame; frame != NULL; frame = frame->previous) {
            in_scope = in_scope || scope_in_scope(scope_code_of(frame->f_code));
            if (frame->is_entry) {
                break;
            }
        }
        if (in_scope) {
            evaluation->use_tracing = 255;
            any = true;
        }
    }
    if (any) {
        tstate->c_profilefunc = profile;
    }
}

static PyThreadState *first_thread(void) { return PyInterpreterState_ThreadHead(PyInterpreterState_Get()); }

int scope_hook_install(void)
{
    for (PyThreadState *tstate = first_thread(); tstate != NULL; tstate = PyThreadState_Next(tstate)) {
        if (!is_taken(tstate)) {
            scope_open_running_frames(tstate);
            profile_running_frames(tstate);
        } else if (scope_note("thread %lu: a debugger or profiler holds sys.settrace or sys.setprofile there; its C calls, and the "
                              "ends of frames that were running at the start, are not recorded while it does",
                              tstate->thread_id) < 0) {
            return -1;
        }
    }
    PyInterpreterState *interpreter = PyInterpreterState_Get();
    _PyFrameEvalFunction current = _PyInterpreterState_GetEvalFrameFunc(interpreter);
    if (!buried || current == _PyEval_EvalFrameDefault) {
        evaluate = current;
        buried = false;
        _PyInterpreterState_SetEvalFrameFunc(interpreter, hook);
    }
    installed = true;
    return 0;
}

void scope_hook_remove(void)
{
    PyInterpreterState *interpreter = PyInterpreterState_Get();
    if (installed) {
        buried = _PyInterpreterState_GetEvalFrameFunc(interpreter) != hook;
        if (!buried) {
            _PyInterpreterState_SetEvalFrameFunc(interpreter, evaluate);
        }
        installed = false;
    }
    for (PyThreadState *tstate = first_thread(); tstate != NULL; tstate = PyThreadState_Next(tstate)) {
        if (tstate->c_profilefunc == profile) {
            tstate->c_profilefunc = NULL;
            for (_PyCFrame *evaluation = tstate->cframe; evaluation != NULL; evaluation = evaluation->previous) {
                evaluation->use_tracing = tstate->c_tracefunc != NULL ? 255 : 0;
            }
        }
    }
}
#endif
