/* Python 3.11: the frame-evaluation hook (PEP 523) and, in frames whose C calls or lines are recorded, the C profile and trace
 * functions (tracing.c).
 *
 * On 3.11 these two slow all bytecode down while they are on, whether they record or not. The frame-evaluation hook does not: it sees
 * each Python call, generator resume and their ends, and switches the others on for one frame alone, by setting `use_tracing` of the
 * evaluation below it, which _PyEval_EvalFrameDefault copies, and putting it back afterwards. The trace function is taken out of
 * `c_tracefunc` as well where no lines are wanted: while one is there, the interpreter normalises every exception for it.
 *
 * With the hook in place each Python call takes C stack. Before a thread's stack ends, the evaluation goes on on a further one
 * (stack.c), so that recursion is bounded by sys.setrecursionlimit as it was. */
#include "compat.h"

#if !SCOPE_HAS_MONITORING
#  include "delegation.h"
#  include "events.h"
#  include "hooks.h"
#  include "stack.h"
#  include "tracing.h"

typedef struct _PyInterpreterFrame Frame;

static _PyFrameEvalFunction evaluate = NULL; /* what was there before: the default, or another user of the hook */
static bool installed = false;
static bool buried = false; /* another user of the hook came after Scope, and still calls Scope's */

/* ---- exceptions, as far as entries and exits of frames show them ---- */

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
    scope_record_unwind(thread, entry, frame, type, exception);
    if (scope_in_scope(entry)) {
        thread->landed = scope_frame_caller(frame);
    }
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

bool scope_hook_can_watch(const struct scope_code *entry) { return entry->mode >= SCOPE_OFF; }

void scope_hook_make_opaque(struct scope_code *entry, PyCodeObject *code)
{
    (void)code;
    entry->mode = SCOPE_OPAQUE;
    entry->used = true;
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

/* What is switched on for an evaluation: the profile function, the trace function. */
enum { PLAIN = 0, PROFILED = 1, LINED = 2 };

/* Switches them for the innermost evaluation, as far as nobody else has them. The objects that belong to them stay NULL, so that
 * sys.getprofile() and sys.gettrace() say None. */
static inline void switch_to(PyThreadState *tstate, unsigned needs)
{
    if (UNLIKELY(tstate->tracing)) {
        return; /* somebody else's function is running, and is not traced */
    }
    bool traced = scope_is_traced(tstate), profiled = scope_is_profiled(tstate);
    if (LIKELY(!traced)) {
        tstate->c_tracefunc = needs & LINED ? scope_trace : NULL;
    }
    if (LIKELY(!profiled)) {
        tstate->c_profilefunc = needs & PROFILED ? scope_profile : NULL;
    }
    if (LIKELY(!traced && !profiled)) { /* else the interpreter passes on what the other tool needs */
        tstate->cframe->use_tracing = needs ? 255 : 0;
    }
}

/* What an evaluation needs that was begun before the recording; it has several frames if there was no hook then. `lined`: its
 * innermost frame at level lines, or NULL. */
static unsigned needs_of(const _PyCFrame *evaluation, Frame **lined)
{
    unsigned needs = PLAIN;
    *lined = NULL;
    for (Frame *frame = evaluation->current_frame; frame != NULL && scope_recorder.running; frame = frame->previous) {
        struct scope_code *entry = scope_code_of(frame->f_code);
        needs |= scope_in_scope(entry) ? PROFILED : PLAIN;
        needs |= scope_has_lines(entry) ? LINED : PLAIN;
        *lined = *lined == NULL && scope_has_lines(entry) ? frame : *lined;
        if (frame->is_entry && !scope_delegates(frame, NULL)) { /* one that delegates stands there, and has no evaluation of its own */
            break;
        }
    }
    return needs;
}

/* The recording that was going on when an evaluation began has ended meanwhile, and another one may have begun: that one found the
 * evaluation's frame running, and the profile function has told of its end. */
static void take_over(PyThreadState *tstate)
{
    Frame *lined;
    switch_to(tstate, needs_of(tstate->cframe, &lined));
    if (scope_this_thread->generation == scope_recorder.generation) {
        scope_this_thread->lined = lined;
    }
}

/* Evaluates the frame with the profile and trace functions on or off for it alone. */
static inline PyObject *evaluate_with(PyThreadState *tstate, Frame *frame, int throwing, unsigned needs)
{
    struct scope_thread *thread = scope_this_thread;
    uint64_t generation = scope_recorder.generation;
    Frame *lined = thread->generation == generation ? thread->lined : NULL; /* what runs now, if its lines are wanted */
    unsigned before = (lined != NULL || tstate->c_tracefunc == scope_trace ? LINED : PLAIN) |
                      (tstate->c_profilefunc == scope_profile ? PROFILED : PLAIN);
    if (UNLIKELY(lined != NULL && tstate->c_tracefunc != scope_trace)) {
        scope_lines_missed(thread, tstate, frame);
    }
    switch_to(tstate, needs);
    thread->lined = needs & LINED ? frame : NULL;
    PyObject *result;
    if (UNLIKELY((char *)__builtin_frame_address(0) < thread->stack_limit)) {
        struct evaluation call = {tstate, frame, throwing, NULL};
        if (!scope_on_further_stack(&thread->stack_limit, evaluate_on_further_stack, &call)) {
            PyErr_NoMemory(); /* the call fails before it has begun; what is left of the stack is for those that unwind */
        }
        result = call.result;
    } else {
        result = evaluate(tstate, frame, throwing);
    }
    if (UNLIKELY(generation != scope_recorder.generation)) {
        take_over(tstate);
        return result;
    }
    thread = scope_this_thread; /* it may have been attached meanwhile */
    if (UNLIKELY((needs & LINED) && tstate->c_tracefunc != scope_trace)) {
        scope_lines_missed(thread, tstate, NULL);
    }
    thread->lined = lined;
    switch_to(tstate, before);
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
        scope_settle_handled(thread, tstate, frame);
        scope_record_leave(thread, entry, scope_is_suspended(frame) ? SCOPE_YIELD : SCOPE_RETURN, frame, result);
    }
    return result;
}

static PyObject *evaluate_recorded(PyThreadState *tstate, Frame *frame, int throwing, struct scope_thread *thread,
                                   struct scope_code *entry, enum scope_kind kind)
{
    scope_settle_handled(thread, tstate, frame->previous);
    scope_record_enter(thread, entry, kind, frame);
    unsigned needs = scope_has_lines(entry) && thread->depth <= scope_recorder.max_depth ? LINED : PLAIN;
    bool calls = scope_recorder.c_calls || (needs != PLAIN && scope_recorder.may_be_opaque); /* which may change objects of the frame */
    if (calls && entry->calls && scope_in_scope(entry)) {
        needs |= PROFILED;
    }
    uint64_t generation = scope_recorder.generation;
    Frame *outer = thread->frame;
    thread->frame = needs ? frame : outer;
    PyObject *result = evaluate_with(tstate, frame, throwing, needs);
    if (UNLIKELY(generation != scope_recorder.generation)) {
        return result;
    }
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
                           : evaluate_with(tstate, frame, 0, PLAIN);
    thread = scope_thread_here();
    if (thread != NULL) {
        scope_record_thread_end(thread);
    }
    return result;
}

/* A frame that is not recorded; some that are may delegate to it. */
static inline PyObject *evaluate_unrecorded(PyThreadState *tstate, Frame *frame, int throwing, struct scope_code *entry)
{
    if (UNLIKELY(throwing) && !tstate->tracing && scope_thread_here() != NULL) {
        scope_delegation_throw(scope_this_thread, entry, frame);
    }
    PyObject *result = evaluate_with(tstate, frame, throwing, PLAIN);
    struct scope_thread *thread = scope_this_thread;
    if (UNLIKELY(thread->delegating_count > 0) && result != NULL && scope_is_suspended(frame) && scope_thread_here() != NULL) {
        scope_delegation_yield(scope_this_thread, frame, result);
    }
    return result;
}

static inline bool called_from_scope(const Frame *frame)
{
    return frame->previous != NULL && scope_in_scope(scope_code_of(frame->previous->f_code));
}

/* Whether a frame may take the short path: a plain function at level calls without C calls to be seen, in a thread where nothing
 * else is going on and called from no frame whose lines are recorded. */
static inline bool is_short(const struct scope_code *entry, PyThreadState *tstate, const struct scope_thread *thread)
{
    return entry != NULL && entry->mode == SCOPE_BARE && !(entry->calls && scope_recorder.c_calls) && thread->landed == NULL &&
           thread->lined == NULL && tstate->c_tracefunc == NULL && !scope_is_taken(tstate) &&
           (char *)__builtin_frame_address(0) >= thread->stack_limit;
}

static PyObject *hook(PyThreadState *tstate, Frame *frame, int throwing)
{
    frame->previous = tstate->cframe->current_frame; /* as the evaluation is about to do; until then it is not set */
    struct scope_code *entry = scope_code_of(frame->f_code);
    if (LIKELY(is_short(entry, tstate, scope_this_thread)) && LIKELY(scope_write_short(scope_this_thread, SCOPE_CALL, entry->head))) {
        unsigned before = tstate->c_profilefunc != NULL ? PROFILED : PLAIN;
        uint64_t generation = scope_recorder.generation;
        switch_to(tstate, PLAIN);
        PyObject *result = evaluate(tstate, frame, throwing);
        if (UNLIKELY(generation != scope_recorder.generation)) {
            take_over(tstate);
            return result;
        }
        switch_to(tstate, before);
        if (LIKELY(result != NULL && scope_this_thread->landed == NULL) &&
            LIKELY(scope_write_short(scope_this_thread, SCOPE_RETURN, entry->head))) {
            return result;
        }
        return record_exit(tstate, frame, entry, result);
    }
    if (LIKELY(entry != NULL && entry->mode == SCOPE_OFF && !entry->thread_entry) && !called_from_scope(frame)) {
        return evaluate_unrecorded(tstate, frame, throwing, entry);
    }
    if (UNLIKELY(!scope_recorder.running || tstate->tracing)) {
        return evaluate(tstate, frame, throwing);
    }
    if (UNLIKELY(entry == NULL || entry->mode == SCOPE_UNJUDGED)) {
        entry = scope_intern_code(frame->f_code);
        if (entry == NULL) {
            return evaluate_with(tstate, frame, throwing, PLAIN);
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
        return evaluate_unrecorded(tstate, frame, throwing, entry);
    }
    if (opaque) {
        scope_hook_make_opaque(entry, frame->f_code);
    }
    return evaluate_recorded(tstate, frame, throwing, thread, entry, kind);
}

/* ---- in and out ---- */

int scope_hook_init(void) { return 0; }

/* Frames in scope that are running now return without passing through the hook: trace the evaluations they belong to. An evaluation
 * that ends hands its `use_tracing` down to the one below it, so that those above the last one in scope are traced too. */
static void trace_running_frames(PyThreadState *tstate)
{
    Frame *innermost = NULL, *lined;
    const _PyCFrame *last = NULL;
    for (const _PyCFrame *evaluation = tstate->cframe; evaluation != NULL; evaluation = evaluation->previous) {
        last = needs_of(evaluation, &lined) ? evaluation : last;
        innermost = innermost == NULL ? lined : innermost;
    }
    if (last == NULL) {
        return;
    }
    for (_PyCFrame *evaluation = tstate->cframe; evaluation != last->previous; evaluation = evaluation->previous) {
        evaluation->use_tracing = 255;
    }
    tstate->c_profilefunc = scope_profile;
    struct scope_thread *thread = innermost != NULL ? scope_thread_of(tstate) : NULL;
    if (thread != NULL) {
        thread->lined = innermost;
        tstate->c_tracefunc = scope_trace;
    }
}

/* Level lines needs the trace function: an error says who holds it in this thread. */
static int refuse_where_traced(PyThreadState *tstate)
{
    bool lines = scope_recorder.default_level == SCOPE_LEVEL_LINES;
    for (size_t i = 0; i < scope_recorder.rule_count; i++) {
        lines = lines || scope_recorder.rules[i].level == SCOPE_LEVEL_LINES;
    }
    if (!lines || !scope_is_traced(tstate)) {
        return 0;
    }
    PyObject *holder = scope_trace_holder(tstate);
    PyObject *holders = holder != NULL ? PyTuple_Pack(1, holder) : NULL;
    Py_XDECREF(holder);
    if (holders != NULL) {
        PyErr_SetObject(PyExc_RuntimeError, holders);
        Py_DECREF(holders);
    }
    return -1;
}

static PyThreadState *first_thread(void) { return PyInterpreterState_ThreadHead(PyInterpreterState_Get()); }

int scope_hook_install(void)
{
    if (refuse_where_traced(PyThreadState_Get()) < 0) {
        return -1;
    }
    for (PyThreadState *tstate = first_thread(); tstate != NULL; tstate = PyThreadState_Next(tstate)) {
        if (!scope_is_taken(tstate)) {
            scope_open_running_frames(tstate);
            trace_running_frames(tstate);
        } else if (scope_note("thread %lu: a debugger or profiler holds sys.settrace or sys.setprofile there; its C calls and lines, "
                              "and the ends of frames that were running at the start, are not recorded while it does",
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
        tstate->c_profilefunc = tstate->c_profilefunc == scope_profile ? NULL : tstate->c_profilefunc;
        tstate->c_tracefunc = tstate->c_tracefunc == scope_trace ? NULL : tstate->c_tracefunc;
        bool others = tstate->c_profilefunc != NULL || tstate->c_tracefunc != NULL;
        for (_PyCFrame *evaluation = tstate->cframe; evaluation != NULL; evaluation = evaluation->previous) {
            evaluation->use_tracing = others ? 255 : 0;
        }
    }
}
#endif
