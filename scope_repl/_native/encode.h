/* Captured values: see encode.c for the encoding. */
#ifndef SCOPE_ENCODE_H
#define SCOPE_ENCODE_H

#include <Python.h>
#include <stdint.h>

/* Encodes `value` (borrowed) at `out`, never more than `room` bytes. Returns the bytes written, or 0 if `room` is too small.
 * With room of SCOPE_PAYLOAD_MAX it always fits: what does not is cut, and says so. Runs no Python code, raises nothing,
 * leaves the error indicator as it was, keeps no reference. `redact`: write a redaction mark in place of the value. */
Py_ssize_t scope_encode(unsigned char *out, Py_ssize_t room, PyObject *value, int redact);

/* The same, cut to `limit` bytes (3 to SCOPE_PAYLOAD_MAX), for several values that share one payload. The bytes depend on the limit
 * and not on the room; 0 if they do not fit into the room. */
Py_ssize_t scope_encode_within(unsigned char *out, Py_ssize_t room, Py_ssize_t limit, PyObject *value, int redact);

/* Whether a name looks like a secret's: `name` (borrowed) is a str. */
int scope_is_secret(PyObject *name);

/* Replaces the words that make a name a secret (tuple of lower-case str, borrowed). -1 and an exception when out of memory. */
int scope_set_secrets(PyObject *words);

#endif
