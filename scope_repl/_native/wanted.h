/* Names of what is to be watched: found where the program keeps them, and waited for until they are there. */
#ifndef SCOPE_WANTED_H
#define SCOPE_WANTED_H

#include "compat.h"

/* Once, at import: adds what Python calls to the module. -1 with an exception. */
int scope_wanted_init(PyObject *module);

/* Looks again for the names that were not there yet, and watches what they stand for. Raises nothing, runs none of the program's code.
 * Called when new code begins to run, and at the lines of modules. */
extern bool scope_has_wanted; /* whether there are any */
void scope_wanted_look(void);

/* Waits for none any more. */
void scope_wanted_forget(void);

#endif
