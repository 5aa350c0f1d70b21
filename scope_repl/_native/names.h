/* The variables of modules: what was last written of each, by whichever frame or look it was noticed. */
#ifndef SCOPE_NAMES_H
#define SCOPE_NAMES_H

#include <Python.h>
#include <stdbool.h>
#include <stdint.h>

/* Whether a variable's digest (0: not bound) differs from what was last written; it counts as written from now on. Module and name
 * by their numbers. */
bool scope_name_differs(uint32_t module, uint32_t name, uint64_t digest);
void scope_names_clear(void);

/* look_namespace(module, namespace, hidden): writes what differs in a module's variables, as NAMES. */
PyObject *scope_look_namespace(PyObject *self, PyObject *args);
/* look(object): looks at an object now. */
PyObject *scope_look_object(PyObject *self, PyObject *object);

#endif
