/* The types of scope_repl._reader: Reader (reader.c) and State (state_type.c, state_objects.c, state_columns.c). */
#ifndef SCOPE_READER_H
#define SCOPE_READER_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "columns.h"
#include "state.h"

typedef struct {
    PyObject_HEAD
    struct log log;
    struct replay_clock clock;
    Py_buffer pool;
    PyObject *keyframes; /* owned tuple of bytes */
} Reader;

/* The object (borrowed) as a Reader; NULL with an exception if it is none. */
Reader *reader_of(PyObject *object);
/* Sets the exception that tells of an error; NULL. */
PyObject *reader_raise(const struct log_error *error);

typedef struct {
    PyObject_HEAD
    struct state state;
    PyObject *reader; /* owned: it holds the log */
    struct held held; /* the columns */
} State;

extern PyType_Spec state_spec;

static inline long long state_ns(const State *self, uint64_t tick) { return replay_ns(&self->state.clock, tick); }
static inline uint32_t state_track_of(const State *self, uint32_t block) { return self->state.blocks[block].thread; }

/* ---- state_objects.c ---- */

PyObject *state_version_before(State *self, PyObject *args);
PyObject *state_version_behind(State *self, PyObject *args);
PyObject *state_versions(State *self, PyObject *arg);
PyObject *state_sizes_of(State *self, PyObject *arg);
PyObject *state_addresses_at(State *self, PyObject *arg);
PyObject *state_attribute_writes(State *self, PyObject *arg);
PyObject *state_outputs(State *self, PyObject *ignored);

/* ---- state_columns.c ---- */

PyObject *state_lines_into(State *self, PyObject *args);
PyObject *state_history_into(State *self, PyObject *args);
PyObject *state_value(State *self, PyObject *arg);
PyObject *state_track(State *self, PyObject *arg);
PyObject *state_decode(State *self, PyObject *args);
PyObject *state_texts(State *self, PyObject *arg);
PyObject *state_to_ns(State *self, PyObject *arg);

#endif
