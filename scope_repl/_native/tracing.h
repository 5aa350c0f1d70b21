/* Python 3.11: the C profile and trace functions, which the frame-evaluation hook switches on for one evaluation at a time, and the
 * tools that may hold these hooks instead. */
#ifndef SCOPE_TRACING_H
#define SCOPE_TRACING_H

#include "recorder.h"

#if !SCOPE_HAS_MONITORING

static inline bool scope_has_lines(const struct scope_code *entry)
{
    return scope_in_scope(entry) && entry->level >= SCOPE_LEVEL_LINES;
}

/* C calls of frames in scope, and the ends of frames that were running when the recording began. */
int scope_profile(PyObject *self, PyFrameObject *frame, int what, PyObject *arg);
/* The lines of frames at level lines. */
int scope_trace(PyObject *self, PyFrameObject *frame, int what, PyObject *arg);

/* Whether somebody else traces this thread: a debugger, coverage.py. Then Scope takes no lines there. */
static inline bool scope_is_traced(const PyThreadState *tstate)
{
    return tstate->c_tracefunc != NULL && tstate->c_tracefunc != scope_trace;
}

static inline bool scope_is_profiled(const PyThreadState *tstate)
{
    return tstate->c_profilefunc != NULL && tstate->c_profilefunc != scope_profile;
}

/* Whether another tool decides what is traced and profiled in this thread. */
static inline bool scope_is_taken(const PyThreadState *tstate)
{
    return scope_is_traced(tstate) || scope_is_profiled(tstate) || tstate->tracing;
}

/* Who traces this thread, as module.qualname of the trace function or of its class. New reference; NULL with an exception. */
PyObject *scope_trace_holder(const PyThreadState *tstate);

/* Lines of the innermost frame at level lines have run without Scope, because somebody else traced it: what they changed is found
 * out when its next line begins or when it is left. `entered`: a frame that is just entered and has run no line; or NULL. Noted once
 * for each thread. Raises nothing. */
void scope_lines_missed(struct scope_thread *thread, const PyThreadState *tstate, const struct _PyInterpreterFrame *entered);

/* A recorded frame was left by an exception into `frame`, and this is that frame's next event: if the exception is the one that is
 * being handled now, HANDLED is written. */
void scope_settle_handled_slowly(struct scope_thread *thread, PyThreadState *tstate, const struct _PyInterpreterFrame *frame);

static inline void scope_settle_handled(struct scope_thread *thread, PyThreadState *tstate, const struct _PyInterpreterFrame *frame)
{
    if (UNLIKELY(thread->landed != NULL) && thread->landed == frame) {
        scope_settle_handled_slowly(thread, tstate, frame);
    }
}

bool scope_is_suspended(struct _PyInterpreterFrame *frame);

#endif
#endif
