/* The hook that feeds the recorder: monitoring.c on Python 3.12 and later, frameeval.c on 3.11. */
#ifndef SCOPE_HOOKS_H
#define SCOPE_HOOKS_H

#include "recorder.h"

#define SCOPE_HOOK_NAME (SCOPE_HAS_MONITORING ? "sys.monitoring" : "frame evaluation")

/* Once, at import. -1 with an exception. */
int scope_hook_init(void);
/* Puts the hook in place for every thread, and the frames in scope that are running into their threads' keyframes. -1 with an
 * exception, and nothing is left in place. */
int scope_hook_install(void);
/* Takes it out again, and leaves what other tools have put in place since. Raises nothing. */
void scope_hook_remove(void);

/* Judges a code object and gives it the events that its mode needs. `globals` (borrowed) are those of a frame that runs it. */
void scope_hook_judge(struct scope_code *entry, PyCodeObject *code, PyObject *globals);

/* Whether it is told when frames of this code yield: they are in scope, or will be once they are made opaque. */
bool scope_hook_can_watch(const struct scope_code *entry);
/* From now on, calls of this code object, which is out of scope, from a frame in scope are opaque spans. */
void scope_hook_make_opaque(struct scope_code *entry, PyCodeObject *code);

/* Shared (recorder.c): puts every frame in scope that is running in a thread into its keyframe, outermost first. */
void scope_open_running_frames(PyThreadState *tstate);

#endif
