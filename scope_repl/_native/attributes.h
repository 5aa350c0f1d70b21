/* Writes and deletes of attributes of watched instances: while a recording runs, a class whose instances are watched has __setattr__ and
 * __delattr__ of Scope's, which do what those before did and then write down what has changed. So each write is seen that goes through
 * the class, be it by an assignment, by setattr or from C, in recorded code or outside; what goes past it, as object.__setattr__ and
 * writes to __dict__ do, shows at the next look. */
#ifndef SCOPE_ATTRIBUTES_H
#define SCOPE_ATTRIBUTES_H

#include "stand_in.h"

/* Once, at import. -1 with an exception. */
int scope_attributes_init(void);

/* Whether the writes to a class's instances are seen already, by the two of the class itself or of a base. */
bool scope_attributes_are_seen(PyTypeObject *type, bool everyone);

/* Puts the two into a class's dictionary, if they are not there yet. `everyone`: all of its instances are watched. -1 with an
 * exception, and the class is as it was. */
int scope_attributes_hook(PyTypeObject *type, bool everyone);
/* Leaves the dictionary as if they had never been there, but for what the program has put there itself meanwhile. Raises nothing. */
void scope_attributes_unhook(PyTypeObject *type);

/* What the class would give for its attribute `__setattr__` (or `__delattr__`) without Scope: a new reference, or NULL with an
 * exception. */
PyObject *scope_attribute_method_of(struct scope_stand_in *hook, PyTypeObject *type);

/* The value (borrowed) that an instance keeps under a name, an exact str; NULL if there is none. Runs no code of the program's. */
PyObject *scope_stored_attribute(PyObject *object, PyObject *name);

#endif
