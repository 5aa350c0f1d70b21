/* Text that a cell shows: OUTPUT records, and the stand-ins that see it on its way. */
#ifndef SCOPE_OUTPUT_H
#define SCOPE_OUTPUT_H

#include "compat.h"

enum scope_stream { SCOPE_SILENT = 0, SCOPE_STDOUT = 1, SCOPE_STDERR = 2, SCOPE_DISPLAY = 3, SCOPE_RESULT = 4, SCOPE_STREAMS };

/* Once, at import: adds what Python calls to the module. -1 with an exception. */
int scope_output_init(PyObject *module);

#endif
