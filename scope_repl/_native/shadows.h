/* Where the shadows of frames are kept: those of a thread that run on a list, those that are suspended in a table by frame. */
#ifndef SCOPE_SHADOWS_H
#define SCOPE_SHADOWS_H

#include "locals.h"

/* A blank shadow on top of the thread's list; NULL when there is no memory. */
struct scope_shadow *scope_shadow_push(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame);
/* Takes the topmost shadow off the list, and frees it or puts it into the table. */
void scope_shadow_pop(struct scope_thread *thread);
void scope_shadow_suspend(struct scope_thread *thread);
/* Puts a suspended frame's shadow on top of the thread's list; NULL if it has none. */
struct scope_shadow *scope_shadow_resume(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame);

#endif
