/* See delegation.h. A thread keeps a list of the frames that delegate and whose THROW is in the log: a frame leaves the list when it
 * yields, or when the interpreter goes on with it. */
#include "delegation.h"

#include <stdlib.h>

#include "events.h"
#include "hooks.h"
#include "tracing.h"

/* ---- frames ---- */

/* Whether a frame stands at a `yield from` or an `await`: at the YIELD_VALUE in it, or at the RESUME behind that. One that runs stands
 * there only while it yields or is about to go on. */
static bool is_awaiting(struct _PyInterpreterFrame *frame)
{
    PyCodeObject *code = scope_frame_code(frame);
    int unit = scope_frame_offset(frame), argument;
    int opcode = scope_instruction(code, unit, &argument);
    if (opcode == YIELD_VALUE) {
        opcode = scope_instruction(code, unit + 1, &argument);
    }
    enum { AFTER = 3, AFTER_YIELD_FROM = 2 }; /* the argument of RESUME: 0 start, 1 yield, 2 yield from, 3 await (dis, "RESUME") */
    return opcode == RESUME && (argument & AFTER) >= AFTER_YIELD_FROM;
}

bool scope_delegates(struct _PyInterpreterFrame *frame, const struct _PyInterpreterFrame *above)
{
    if (frame->owner != FRAME_OWNED_BY_GENERATOR || !is_awaiting(frame)) {
        return false;
    }
    PyObject *to = scope_frame_awaited(frame);
    if (to == NULL) {
        return false;
    }
    if (PyGen_CheckExact(to) || PyCoro_CheckExact(to)) {
        const PyGenObject *generator = (PyGenObject *)to;
        return generator->gi_frame_state == FRAME_EXECUTING || (const void *)&generator->gi_iframe == above; /* which just yields */
    }
    return SCOPE_LINKS_EVERY_DELEGATION && Py_TYPE(to)->tp_iternext != NULL;
}

static bool is_in_scope(struct _PyInterpreterFrame *frame)
{
    PyCodeObject *code = frame != NULL ? scope_frame_code(frame) : NULL;
    return code != NULL && scope_in_scope(scope_code_of(code));
}

/* The entry of a frame that delegates, judged; NULL if it would not be told when frames of its code yield. */
static struct scope_code *entry_of(struct _PyInterpreterFrame *frame)
{
    PyCodeObject *code = scope_frame_code(frame);
    struct scope_code *entry = scope_intern_code(code);
    if (entry != NULL && entry->mode == SCOPE_UNJUDGED) {
        scope_hook_judge(entry, code, frame->f_globals);
    }
    return entry != NULL && scope_hook_can_watch(entry) ? entry : NULL;
}

/* ---- the list ---- */

/* The place of a frame among the first `count` of the list, plus one; 0: it is not there. */
static uint32_t place_of(const struct scope_thread *thread, uint32_t count, const struct _PyInterpreterFrame *frame)
{
    while (count > 0 && thread->delegating[count - 1] != frame) {
        count--;
    }
    return count;
}

static bool enlist(struct scope_thread *thread, struct _PyInterpreterFrame *frame)
{
    if (thread->delegating_count == thread->delegating_room) {
        uint32_t room = thread->delegating_room ? 2 * thread->delegating_room : 16;
        struct _PyInterpreterFrame **larger = realloc(thread->delegating, room * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        thread->delegating = larger;
        thread->delegating_room = room;
    }
    thread->delegating[thread->delegating_count++] = frame;
    return true;
}

/* Takes a frame off the list, and those above it, which have ended without a word. False: it was not there. */
static bool strike(struct scope_thread *thread, const struct _PyInterpreterFrame *frame)
{
    uint32_t place = place_of(thread, thread->delegating_count, frame);
    thread->delegating_count = place > 0 ? place - 1 : thread->delegating_count;
    return place > 0;
}

void scope_delegation_forget(struct scope_thread *thread, const struct _PyInterpreterFrame *frame) { strike(thread, frame); }

void scope_delegation_open(struct scope_thread *thread, struct _PyInterpreterFrame *frame)
{
    if (scope_delegates(frame, NULL)) {
        enlist(thread, frame);
    }
}

/* Puts all that delegate to this frame and are not there yet on the list, outermost first. Not by recursion: they may be many. */
static void enlist_callers(struct scope_thread *thread, struct _PyInterpreterFrame *frame)
{
    uint32_t known = thread->delegating_count;
    struct _PyInterpreterFrame *above = frame, *caller = scope_frame_caller(frame);
    while (caller != NULL && scope_delegates(caller, above) && place_of(thread, known, caller) == 0 && entry_of(caller) != NULL &&
           enlist(thread, caller)) {
        above = caller;
        caller = scope_frame_caller(caller);
    }
    for (uint32_t i = known, j = thread->delegating_count; i + 1 < j; i++, j--) {
        struct _PyInterpreterFrame *outer = thread->delegating[j - 1];
        thread->delegating[j - 1] = thread->delegating[i];
        thread->delegating[i] = outer;
    }
}

/* ---- events ---- */

/* Whether the THROW of a frame that delegates is written. One out of scope is watched from now on if some in scope delegate to it:
 * what it yields is what they yield. */
static bool is_recorded(const struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame)
{
    if (scope_in_scope(entry)) {
        return true;
    }
    if (thread->delegating_count == 0) {
        return false;
    }
    scope_hook_make_opaque(entry, scope_frame_code(frame));
    return is_in_scope(scope_frame_caller(frame));
}

/* The THROW of each frame that delegates to this one and is not on the list. */
static void enter_callers(struct scope_thread *thread, struct _PyInterpreterFrame *frame)
{
    uint32_t known = thread->delegating_count;
    enlist_callers(thread, frame);
    uint32_t end = thread->delegating_count;
    thread->delegating_count = known;
    for (uint32_t i = known; i < end; i++) {
        struct _PyInterpreterFrame *caller = thread->delegating[i];
        struct scope_code *entry = scope_code_of(scope_frame_code(caller));
        if (is_recorded(thread, entry, caller)) {
#if !SCOPE_HAS_MONITORING
            scope_settle_handled(thread, PyThreadState_Get(), caller->previous);
#endif
            thread->delegating[thread->delegating_count++] = caller;
            scope_write_enter(thread, entry, SCOPE_THROW, caller);
        }
    }
}

bool scope_delegation_enter(struct scope_thread *thread, struct _PyInterpreterFrame *frame)
{
    if (UNLIKELY(thread->delegating_count > 0) && strike(thread, frame)) {
        return true;
    }
    enter_callers(thread, frame);
    return false;
}

void scope_delegation_throw(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame)
{
    if (scope_hook_can_watch(entry)) {
        enter_callers(thread, frame);
        if (thread->delegating_count > 0) {
            scope_hook_make_opaque(entry, scope_frame_code(frame));
        }
    }
}

void scope_delegation_yield(struct scope_thread *thread, struct _PyInterpreterFrame *frame, PyObject *value)
{
    if (scope_frame_code(frame)->co_flags & CO_ASYNC_GENERATOR && !is_awaiting(frame)) {
        return; /* an asynchronous generator's item: whoever iterates over it goes on */
    }
    struct _PyInterpreterFrame *above = frame, *caller = scope_frame_caller(frame);
    while (thread->delegating_count > 0 && caller != NULL && scope_delegates(caller, above)) {
        if (strike(thread, caller)) {
            scope_write_leave(thread, scope_code_of(scope_frame_code(caller)), SCOPE_YIELD, caller, value);
        }
        above = caller;
        caller = scope_frame_caller(caller);
    }
}
