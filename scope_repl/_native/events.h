/* Writing events: one function for each kind, called by the hooks with the thread's place to write to. */
#ifndef SCOPE_EVENTS_H
#define SCOPE_EVENTS_H

#include "recorder.h"

/* The whole cost of a bare event: a clock reading, two comparisons and a store; no call, so that the callback needs no stack frame.
 * False when the long way is needed. */
static inline bool scope_write_short(struct scope_thread *thread, enum scope_kind kind, uint64_t head)
{
    uint64_t *at = thread->cursor;
    uint64_t delta = scope_ticks_short() - thread->base; /* far too large where there is no short way */
    if (UNLIKELY(at >= thread->limit || delta > SCOPE_DELTA_MAX)) {
        return false;
    }
    *at = (uint64_t)kind << SCOPE_KIND_SHIFT | head | delta;
    thread->cursor = at + 1;
    return true;
}

/* Behind a record that carries `bytes` of payload, in the room that scope_reserve gave: pads it and moves the cursor on. */
void scope_finish_record(struct scope_thread *thread, uint64_t *at, uint64_t aux, uint32_t bytes);
/* A record without a payload, the long way. */
void scope_write_bare(struct scope_thread *thread, enum scope_kind kind, uint64_t head);

/* A frame is entered, resumed, or resumed by a throw. `frame` is the frame itself. */
void scope_record_enter(struct scope_thread *thread, struct scope_code *code, enum scope_kind kind, struct _PyInterpreterFrame *frame);
/* A frame is left with a value (borrowed): RETURN or YIELD. */
void scope_record_leave(struct scope_thread *thread, struct scope_code *code, enum scope_kind kind, struct _PyInterpreterFrame *frame,
                        PyObject *value);
/* The same, alone: what other frames delegate to this one (delegation.h) is left to the caller. */
void scope_write_enter(struct scope_thread *thread, struct scope_code *code, enum scope_kind kind, struct _PyInterpreterFrame *frame);
void scope_write_leave(struct scope_thread *thread, struct scope_code *code, enum scope_kind kind, struct _PyInterpreterFrame *frame,
                       PyObject *value);
/* A frame is left by an exception: `type` and `exception` (borrowed; either may be NULL when not known). */
void scope_record_unwind(struct scope_thread *thread, struct scope_code *code, struct _PyInterpreterFrame *frame, PyTypeObject *type,
                         PyObject *exception);
/* An exception is raised at an instruction (in code units; -1 if not known) of a frame in scope. `propagates`: its traceback says that
 * it has come from another frame; it is written all the same if that frame was not recorded. */
void scope_record_raise(struct scope_thread *thread, struct scope_code *code, int offset, PyTypeObject *type, PyObject *exception,
                        bool propagates);
void scope_record_handled(struct scope_thread *thread, struct scope_code *code, int offset, PyTypeObject *type);
/* A call of something that is not a Python function, from instruction `offset` (code units) of `caller`. */
void scope_record_c_call(struct scope_thread *thread, const struct scope_code *caller, PyObject *callable, int offset);
/* What a call from `caller` may change, at level lines: before it, and after one of something that is not a Python function. `first`
 * (borrowed): its first argument, or NULL. */
void scope_note_call(const struct scope_code *caller, PyObject *callable, PyObject *first);
void scope_look_after_call(struct scope_thread *thread, const struct scope_code *caller, PyObject *callable, PyObject *first);
/* Its end: C_RETURN or C_RAISE. */
void scope_record_c_leave(struct scope_thread *thread, enum scope_kind kind, PyObject *callable);

/* A thread's first and last event. */
void scope_record_thread_start(struct scope_thread *thread);
void scope_record_thread_end(struct scope_thread *thread);

/* The state of a frame in a recording that begins while it runs. */
void scope_record_open(struct scope_thread *thread, struct scope_code *code, struct _PyInterpreterFrame *frame);

#endif
