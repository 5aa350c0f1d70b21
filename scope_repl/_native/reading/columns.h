/* Columns that Python allocates: dicts of contiguous arrays, held while C works on them. Nothing is written before all of them
 * are known to be large enough. */
#ifndef SCOPE_READING_COLUMNS_H
#define SCOPE_READING_COLUMNS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "replay.h"

/* The buffers that are held; `flags` says how they are asked for. */
enum { COLUMNS_MAX = 24 };
struct held {
    Py_buffer views[COLUMNS_MAX];
    int count;
    int flags;
};

void columns_release(struct held *held);
/* The memory of columns[name] (a dict, borrowed) with at least `rows` items; NULL with an exception. */
void *column_of(struct held *held, PyObject *columns, const char *name, size_t item, size_t rows);
/* These fill in the pointers of a table, which then has room for its rows; false with an exception. */
bool columns_hold_calls(struct held *held, PyObject *columns, bool payloads, size_t rows, struct replay_calls *calls);
bool columns_hold_slices(struct held *held, PyObject *columns, const struct log *log, const struct replay_calls *calls,
                         struct replay_slices *slices);
bool columns_hold_index(struct held *held, PyObject *columns, const struct log *log, struct replay_index *index);
bool columns_hold_ends(struct held *held, PyObject *columns, const struct log *log, struct replay_ends *ends);
bool columns_hold_events(struct held *held, PyObject *columns, size_t rows, struct replay_events *events);

#endif
