/* The finished log as a Python object: `RawLog` of _tracer.pyi. */
#ifndef SCOPE_LOG_H
#define SCOPE_LOG_H

#include "recorder.h"

/* Once, at import. -1 with an exception. */
int scope_log_init(PyObject *module);
/* A RawLog (new reference) of the recording that ended at `end` (ticks); takes over the pool. NULL with an exception. */
PyObject *scope_log_export(uint64_t end);

#endif
