/* The variables of modules: what was last written of each, by whichever frame or look it was noticed. */
#ifndef SCOPE_NAMES_H
#define SCOPE_NAMES_H

#include "recorder.h"

/* Whether a variable's digest (0: not bound) differs from what was last written; it counts as written from now on. Module and name
 * by their numbers. */
bool scope_name_differs(uint32_t module, uint32_t name, uint64_t digest);
void scope_names_clear(void);

/* A module's name may be that of several namespaces: a script that is run again has a new one. The variables of a module are those of
 * the one that is followed: the last one in which a body of the module began while none ran in another one. A body that is run apart,
 * beside the followed namespace or with locals of its own, has its names for itself, as the body of a class does. */
void scope_module_begins(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame);
/* Whether a module's variables are those of `namespace` (borrowed), which it is from now on if none was followed yet. */
bool scope_is_followed(uint32_t module, PyObject *namespace);

/* look_namespace(module, namespace, hidden): writes what differs in a module's variables, as NAMES. */
PyObject *scope_look_namespace(PyObject *self, PyObject *args);
/* look(object): looks at an object now. */
PyObject *scope_look_object(PyObject *self, PyObject *object);

#endif
