/* Generators and coroutines that delegate, in a `yield from` or an `await`, while somebody throws into them.
 *
 * outer.throw() runs the innermost one and nothing else: CPython puts the frames of those around it on the stack, but sends no event of
 * them. The log tells of them what is true: THROW into each, outermost first, in front of what the innermost one does; YIELD of each
 * behind what it yields, innermost first, for that is what outer.throw() returns. If the innermost one ends instead, the interpreter
 * goes on with the one around it, and now sends the event of its being resumed: the log has it already. */
#ifndef SCOPE_DELEGATION_H
#define SCOPE_DELEGATION_H

#include "recorder.h"

/* A frame is resumed or thrown into: writes THROW for those that delegate to it. True if the frame has delegated itself, so that the
 * log has had its beginning. */
bool scope_delegation_enter(struct scope_thread *thread, struct _PyInterpreterFrame *frame);
/* Somebody has thrown into a frame that is not recorded, of code out of scope: the same for those that delegate to it. */
void scope_delegation_throw(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame);
/* A frame has yielded a value (borrowed): writes YIELD for those that delegate to it. */
void scope_delegation_yield(struct scope_thread *thread, struct _PyInterpreterFrame *frame, PyObject *value);
/* A frame is in the keyframe that a recording begins with. */
void scope_delegation_open(struct scope_thread *thread, struct _PyInterpreterFrame *frame);
/* A frame begins: another generator's, that had this address before, has gone without a word. */
void scope_delegation_forget(struct scope_thread *thread, const struct _PyInterpreterFrame *frame);

/* Whether a frame on the stack delegates. `above` is the frame that it has called, as far as the stack tells, or NULL. */
bool scope_delegates(struct _PyInterpreterFrame *frame, const struct _PyInterpreterFrame *above);

#endif
