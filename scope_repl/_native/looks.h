/* Looks at what records refer to beside a frame's own lines: arguments, `self`, an object that a call has changed. */
#ifndef SCOPE_LOOKS_H
#define SCOPE_LOOKS_H

#include "recorder.h"

/* Looks at the arguments of a frame that is just entered, in front of its CALL: all of them at level lines, else `self`. */
void scope_look_at_arguments(struct scope_thread *thread, const struct scope_code *entry, struct _PyInterpreterFrame *frame);
/* A frame is about to be entered: notes whether that leaves doubt about what has changed. */
void scope_doubt_on_entry(struct scope_thread *thread, const struct scope_code *entry, struct _PyInterpreterFrame *frame);
/* Looks at an object that may just have been changed in a line (0: not known). */
void scope_look_at_changed(struct scope_thread *thread, PyObject *object, uint32_t line);
/* The line that runs in the innermost frame at level lines; 0 if there is none. */
uint32_t scope_running_line(const struct scope_thread *thread);
/* Looks at `self` again, in front of the record that ends a call at level values. */
void scope_look_at_self(struct scope_thread *thread, const struct scope_code *entry, struct _PyInterpreterFrame *frame);

#endif
