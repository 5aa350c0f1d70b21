/* See tracing.h. Both functions are called by the evaluation loop where its `use_tracing` is set, and with tracing off. They raise
 * nothing: a trace function that returns -1 would end the frame. */
#include "compat.h"

#if !SCOPE_HAS_MONITORING
#  include "events.h"
#  include "locals.h"
#  include "tracing.h"

#  define Py_BUILD_CORE 1
#  include <internal/pycore_genobject.h>
#  undef Py_BUILD_CORE

typedef struct _PyInterpreterFrame Frame;

bool scope_is_suspended(Frame *frame)
{
    return frame->owner == FRAME_OWNED_BY_GENERATOR && _PyFrame_GetGenerator(frame)->gi_frame_state == FRAME_SUSPENDED;
}

/* ---- exceptions ---- */

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

/* If the exception is not the one that is being handled now, C code may have swallowed it, or a handler without any event is over:
 * nothing is written, because only one of the two would be true. */
void scope_settle_handled_slowly(struct scope_thread *thread, PyThreadState *tstate, const Frame *frame)
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

/* ---- who else traces ---- */

static PyObject *dotted(PyObject *module, PyObject *name)
{
    return module != NULL && PyUnicode_Check(module) ? PyUnicode_FromFormat("%U.%U", module, name) : Py_NewRef(name);
}

PyObject *scope_trace_holder(const PyThreadState *tstate)
{
    PyObject *holder = tstate->c_traceobj;
    if (holder == NULL) {
        return PyUnicode_FromString("a trace function in C");
    }
    holder = scope_unwrap(holder);
    if (PyFunction_Check(holder)) {
        const PyFunctionObject *function = (PyFunctionObject *)holder;
        return dotted(function->func_module, function->func_qualname);
    }
    PyTypeObject *type = Py_TYPE(holder);
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) {
        return PyUnicode_FromString(type->tp_name);
    }
    return dotted(PyDict_GetItemString(type->tp_dict, "__module__"), ((PyHeapTypeObject *)type)->ht_qualname);
}

static void note_missed_lines(struct scope_thread *thread, const PyThreadState *tstate)
{
    PyObject *type, *value, *traceback; /* an exception may be in flight */
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *holder = scope_is_traced(tstate) ? scope_trace_holder(tstate) : PyUnicode_FromString("another tool");
    if (holder == NULL || scope_note("thread %lu: %U took sys.settrace there; no lines are recorded while it holds it, and what they "
                                     "changed is told by the next one that is",
                                     thread->ident, holder) < 0) {
        PyErr_Clear();
    }
    Py_XDECREF(holder);
    PyErr_Restore(type, value, traceback);
}

void scope_lines_missed(struct scope_thread *thread, const PyThreadState *tstate, const Frame *entered)
{
    struct scope_shadow *shadow = thread->shadow;
    if (shadow != NULL && shadow->frame == entered) {
        shadow = shadow->below;
    }
    if (shadow != NULL) {
        shadow->line = 0; /* as at the frame's beginning: every slot may have been bound */
        shadow->cursor = NULL;
    }
    if (!thread->missed_lines && scope_recorder.running) {
        thread->missed_lines = true;
        note_missed_lines(thread, tstate);
    }
}

/* ---- the functions ---- */

int scope_trace(PyObject *self, PyFrameObject *frame_object, int what, PyObject *arg)
{
    (void)self, (void)arg;
    if (what != PyTrace_LINE) {
        return 0; /* the frame-evaluation hook sees calls, returns and exceptions itself */
    }
    Frame *frame = frame_object->f_frame;
    struct scope_code *entry = scope_code_of(frame->f_code);
    struct scope_thread *thread = scope_has_lines(entry) ? scope_thread_here() : NULL;
    if (LIKELY(thread != NULL)) {
        if (UNLIKELY(thread->landed != NULL)) {
            scope_settle_handled(thread, PyThreadState_Get(), frame);
        }
        scope_record_line(thread, entry, frame, scope_frame_offset(frame)); /* prev_instr is the one that is about to run */
    }
    return 0;
}

/* Whether a frame in scope is still running below this one. */
static bool is_called_from_scope_at_all(const Frame *frame)
{
    for (frame = frame->previous; frame != NULL; frame = frame->previous) {
        if (scope_in_scope(scope_code_of(frame->f_code))) {
            return true;
        }
    }
    return false;
}

/* The end of a frame that was running when the recording began. */
static void end_running_frame(struct scope_thread *thread, struct scope_code *entry, Frame *frame, PyObject *value)
{
    PyThreadState *tstate = PyThreadState_Get();
    scope_settle_handled(thread, tstate, frame);
    if (scope_has_lines(entry) && tstate->c_tracefunc != scope_trace) {
        scope_lines_missed(thread, tstate, NULL);
    }
    if (value == NULL) {
        scope_record_unwind(thread, entry, frame, NULL, NULL);
    } else {
        scope_record_leave(thread, entry, scope_is_suspended(frame) ? SCOPE_YIELD : SCOPE_RETURN, frame, value);
    }
    if (!scope_is_traced(tstate) && !is_called_from_scope_at_all(frame)) {
        tstate->c_tracefunc = NULL; /* the interpreter sets `use_tracing` anew when this call has returned */
        tstate->c_profilefunc = NULL;
        thread->lined = NULL;
    }
}

int scope_profile(PyObject *self, PyFrameObject *frame_object, int what, PyObject *arg)
{
    (void)self;
    Frame *frame = frame_object->f_frame;
    struct scope_code *entry = scope_code_of(frame->f_code);
    struct scope_thread *thread = scope_in_scope(entry) ? scope_thread_here() : NULL;
    if (thread == NULL || what == PyTrace_CALL) {
        return 0;
    }
    if (what == PyTrace_RETURN) {
        if (frame != thread->frame) { /* else the frame-evaluation hook sees this end itself */
            end_running_frame(thread, entry, frame, arg);
        }
    } else if (what == PyTrace_C_CALL) {
        scope_note_call(entry, arg, NULL); /* a method is bound: it has its object itself */
        if (scope_recorder.c_calls) {
            scope_settle_handled(thread, PyThreadState_Get(), frame);
            scope_record_c_call(thread, entry, arg, scope_frame_offset(frame));
        }
    } else if (scope_recorder.c_calls) {
        scope_record_c_leave(thread, what == PyTrace_C_RETURN ? SCOPE_C_RETURN : SCOPE_C_RAISE, arg);
        scope_look_after_call(thread, entry, arg, NULL);
    }
    return 0;
}
#endif
