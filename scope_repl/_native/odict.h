/* collections.OrderedDict, whose order is not that of the dictionary that it builds on. */
#ifndef SCOPE_ODICT_H
#define SCOPE_ODICT_H

#include "encode_parts.h"

/* Once, at import: checks that the structure is the one that is known. -1 with an exception. */
int scope_odict_init(void);
/* Whether a value is an OrderedDict whose structure is understood. */
bool scope_is_odict(PyObject *value);
/* Up to `most` of its keys and values, in its own order. */
void scope_write_odict_pairs(struct scope_writer *w, PyObject *value, int most, struct scope_open *open);

#endif
