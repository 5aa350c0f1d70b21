/* The functions of scope_repl._reader besides its type: they work on columns that Python holds. */
#ifndef SCOPE_READING_FUNCTIONS_H
#define SCOPE_READING_FUNCTIONS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

extern PyMethodDef reading_functions[];

#endif
