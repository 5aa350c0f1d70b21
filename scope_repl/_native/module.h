/* The methods that stand in recorder.c. */
#ifndef SCOPE_MODULE_H
#define SCOPE_MODULE_H

#include <Python.h>

PyObject *scope_start(PyObject *self, PyObject *args, PyObject *kwargs);
PyObject *scope_stop(PyObject *self, PyObject *ignored);
PyObject *scope_abandon(PyObject *self, PyObject *ignored);

#endif
