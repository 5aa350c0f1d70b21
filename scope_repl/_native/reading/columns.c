#include "columns.h"

void columns_release(struct held *held)
{
    while (held->count > 0) {
        PyBuffer_Release(&held->views[--held->count]);
    }
}

void *column_of(struct held *held, PyObject *columns, const char *name, size_t item, size_t rows)
{
    PyObject *array = PyDict_GetItemString(columns, name); /* borrowed */
    if (array == NULL) {
        PyErr_Format(PyExc_KeyError, "no column %s", name);
        return NULL;
    }
    Py_buffer *view = &held->views[held->count];
    if (PyObject_GetBuffer(array, view, held->flags) < 0) {
        return NULL;
    }
    held->count++;
    if ((size_t)view->itemsize != item || (size_t)view->len / item < rows) {
        PyErr_Format(PyExc_ValueError, "column %s: %zu rows of %zu bytes are needed", name, rows, item);
        return NULL;
    }
    return view->buf;
}

bool columns_hold_calls(struct held *held, PyObject *columns, bool payloads, size_t rows, struct replay_calls *calls)
{
    calls->rows = rows;
    return (calls->start = column_of(held, columns, "start", 8, rows)) &&
           (calls->end = column_of(held, columns, "end", 8, rows)) &&
           (calls->self = column_of(held, columns, "self", 8, rows)) &&
           (calls->code = column_of(held, columns, "code", 4, rows)) &&
           (calls->parent = column_of(held, columns, "parent", 4, rows)) &&
           (calls->depth = column_of(held, columns, "depth", 4, rows)) &&
           (calls->track = column_of(held, columns, "track", 4, rows)) &&
           (calls->outcome = column_of(held, columns, "outcome", 1, rows)) &&
           (calls->seen = column_of(held, columns, "seen", 1, rows)) &&
           (!payloads || ((calls->entry = column_of(held, columns, "entry", 4, rows)) &&
                          (calls->exit = column_of(held, columns, "exit", 4, rows))));
}

bool columns_hold_slices(struct held *held, PyObject *columns, const struct log *log, const struct replay_calls *calls,
                        struct replay_slices *slices)
{
    size_t rows = slices->rows = log->spans + log->resumes;
    if (log->plain) {
        *slices = (struct replay_slices){calls->start, calls->end, NULL, calls->parent, calls->depth, rows};
        return true;
    }
    return (slices->start = column_of(held, columns, "start", 8, rows)) &&
           (slices->end = column_of(held, columns, "end", 8, rows)) &&
           (slices->call = column_of(held, columns, "call", 4, rows)) &&
           (slices->parent = column_of(held, columns, "parent", 4, rows)) &&
           (slices->depth = column_of(held, columns, "depth", 4, rows));
}

bool columns_hold_index(struct held *held, PyObject *columns, const struct log *log, struct replay_index *index)
{
    size_t rows = log->chunk_count;
    return (index->time = column_of(held, columns, "time", 8, rows)) &&
           (index->top = column_of(held, columns, "top", 4, rows)) &&
           (index->next_row = column_of(held, columns, "next_row", 4, rows));
}

bool columns_hold_ends(struct held *held, PyObject *columns, const struct log *log, struct replay_ends *ends)
{
    return (ends->time = column_of(held, columns, "time", 8, log->thread_count)) &&
           (ends->top = column_of(held, columns, "top", 4, log->thread_count));
}

bool columns_hold_events(struct held *held, PyObject *columns, size_t rows, struct replay_events *events)
{
    events->rows = rows;
    return (events->time = column_of(held, columns, "time", 8, rows)) &&
           (events->kind = column_of(held, columns, "kind", 1, rows)) &&
           (events->code = column_of(held, columns, "code", 4, rows)) &&
           (events->call = column_of(held, columns, "call", 4, rows)) &&
           (events->place = column_of(held, columns, "place", 4, rows));
}
