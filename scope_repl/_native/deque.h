/* collections.deque, read from its blocks. */
#ifndef SCOPE_DEQUE_H
#define SCOPE_DEQUE_H

#include "encode_parts.h"

/* Once, at import: finds the type, and checks that its structure is the one that is known. -1 with an exception. */
int scope_deque_init(void);
/* Whether a value is exactly a deque whose structure is understood. */
bool scope_is_deque(PyObject *value);
/* Its items, as a LIST with its address. */
bool scope_write_deque(struct scope_writer *w, PyObject *deque);

#endif
