/* What is watched in the running recording: instances, and classes, which stands for all their instances. No reference is held: an
 * instance that can be referred to weakly leaves the table when it goes; one that cannot is known by its address and its class. */
#ifndef SCOPE_WATCH_H
#define SCOPE_WATCH_H

#include "recorder.h"

/* Once, at import: adds what Python calls to the module. -1 with an exception. */
int scope_watch_init(PyObject *module);

/* Watches an instance, or a class, from now on; it runs no code of the program's. -1 with a TypeError that says why it cannot be. */
int scope_watch(PyObject *thing);

/* Whether this very instance is watched. */
bool scope_is_watched(PyObject *object);

/* A watched instance has been given another class. */
void scope_watch_changed_class(PyObject *object);

/* Looks at one object. `line` may have changed it; 0 if it is not known which one. */
void scope_watch_look_at(struct scope_thread *thread, PyObject *object, uint32_t line);
/* Looks at the watched instances, wherever they are: at a point where code may have changed what they hold. */
extern bool scope_has_watched; /* whether there are any */
void scope_watch_look(struct scope_thread *thread, uint32_t line);
/* The same where a call begins: `caller` is the frame that called, or NULL. */
void scope_watch_look_from(struct scope_thread *thread, struct _PyInterpreterFrame *caller);

#endif
