/* Columns of the state for Python: all lines, all writes of a name, and plain values by the million. */
#include "reader.h"

#include "packed.h"

PyObject *state_lines_into(State *self, PyObject *args)
{
    PyObject *columns;
    Py_buffer asked;
    if (!PyArg_ParseTuple(args, "y*O!", &asked, &PyDict_Type, &columns)) {
        return NULL;
    }
    struct state_lines lines = {.rows = self->state.log->line_rows};
    struct held held = {.flags = PyBUF_CONTIG};
    struct log_error error = {NULL, 0};
    PyObject *answer = NULL;
    if ((size_t)asked.len < self->state.numbers) {
        PyErr_SetString(PyExc_ValueError, "a flag for each number is needed");
    } else if ((lines.tick = column_of(&held, columns, "time", 8, lines.rows)) &&
               (lines.call = column_of(&held, columns, "call", 4, lines.rows)) &&
               (lines.line = column_of(&held, columns, "line", 4, lines.rows)) &&
               (lines.track = column_of(&held, columns, "track", 4, lines.rows))) {
        bool done;
        Py_BEGIN_ALLOW_THREADS;
        done = state_lines(&self->state, asked.buf, &lines, &error);
        Py_END_ALLOW_THREADS;
        answer = done ? PyLong_FromSize_t(lines.used) : reader_raise(&error);
    }
    columns_release(&held);
    PyBuffer_Release(&asked);
    return answer;
}

static bool hold_writes(struct held *held, PyObject *columns, size_t rows, struct state_writes *writes)
{
    if (columns == Py_None) {
        return true;
    }
    if (!PyDict_Check(columns)) {
        PyErr_SetString(PyExc_TypeError, "columns or None are needed");
        return false;
    }
    writes->rows = rows;
    return (writes->tick = column_of(held, columns, "time", 8, rows)) && (writes->call = column_of(held, columns, "call", 4, rows)) &&
           (writes->line = column_of(held, columns, "line", 4, rows)) && (writes->at = column_of(held, columns, "place", 8, rows));
}

PyObject *state_history_into(State *self, PyObject *args)
{
    PyObject *asked_columns, *columns;
    int module;
    Py_ssize_t rows;
    if (!PyArg_ParseTuple(args, "O!iOn", &PyDict_Type, &asked_columns, &module, &columns, &rows)) {
        return NULL;
    }
    struct held held = {.flags = PyBUF_CONTIG};
    struct log_error error = {NULL, 0};
    struct state_writes writes = {0};
    struct state_asked asked = {.module = module};
    PyObject *answer = NULL;
    bool held_all = hold_writes(&held, columns, (size_t)rows, &writes);
    held.flags = PyBUF_CONTIG_RO;
    if (held_all && (asked.slots = column_of(&held, asked_columns, "slot", 4, self->state.numbers)) &&
        (asked.names = column_of(&held, asked_columns, "name", 1, self->state.numbers))) {
        bool done;
        Py_BEGIN_ALLOW_THREADS;
        done = state_history(&self->state, &asked, &writes, &error);
        Py_END_ALLOW_THREADS;
        answer = done ? PyLong_FromSize_t(writes.used) : reader_raise(&error);
    }
    columns_release(&held);
    return answer;
}

PyObject *state_value(State *self, PyObject *arg)
{
    unsigned long long at = PyLong_AsUnsignedLongLong(arg);
    const uint8_t *data;
    size_t bytes;
    if (at == (unsigned long long)-1 && PyErr_Occurred()) {
        return NULL;
    }
    if (!state_value_at(&self->state, at, &data, &bytes)) {
        return PyErr_Format(PyExc_ValueError, "no value stands at %llu", at);
    }
    return PyBytes_FromStringAndSize((const char *)data, (Py_ssize_t)bytes);
}

PyObject *state_track(State *self, PyObject *arg)
{
    unsigned long long at = PyLong_AsUnsignedLongLong(arg);
    const uint8_t *data;
    size_t bytes;
    if (at == (unsigned long long)-1 && PyErr_Occurred()) {
        return NULL;
    }
    if (!state_value_at(&self->state, at, &data, &bytes)) {
        return PyErr_Format(PyExc_ValueError, "no value stands at %llu", at);
    }
    return PyLong_FromUnsignedLong(self->state.blocks[state_block_of(&self->state, (uint32_t)(at / 8))].thread);
}

PyObject *state_decode(State *self, PyObject *args)
{
    PyObject *columns;
    Py_ssize_t rows;
    if (!PyArg_ParseTuple(args, "O!n", &PyDict_Type, &columns, &rows)) {
        return NULL;
    }
    struct held held = {.flags = PyBUF_CONTIG};
    uint8_t *kind = column_of(&held, columns, "kind", 1, (size_t)rows);
    int64_t *bits = kind ? column_of(&held, columns, "bits", 8, (size_t)rows) : NULL;
    held.flags = PyBUF_CONTIG_RO;
    const uint64_t *place = bits ? column_of(&held, columns, "place", 8, (size_t)rows) : NULL;
    Py_ssize_t row = 0;
    if (place != NULL) {
        Py_BEGIN_ALLOW_THREADS;
        const uint8_t *data;
        size_t bytes;
        for (; row < rows && state_value_at(&self->state, place[row], &data, &bytes); row++) {
            kind[row] = (uint8_t)packed_plain(data, data + bytes, &bits[row]);
        }
        Py_END_ALLOW_THREADS;
        if (row < rows) {
            PyErr_Format(PyExc_ValueError, "no value stands at %llu", (unsigned long long)place[row]);
        }
    }
    columns_release(&held);
    return place != NULL && row == rows ? Py_NewRef(Py_None) : NULL;
}

/* ---- text ---- */

/* Texts that were made lately, by a hash of their bytes: values often repeat. */
enum { RECENT = 1024, RECENT_BYTES = 64 };
struct recent {
    const uint8_t *data; /* in the log */
    size_t bytes;
    PyObject *text; /* borrowed from the list that is being made, or NULL */
};

static PyObject *text_of(const uint8_t *data, size_t bytes, struct recent *recent)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < bytes && i < RECENT_BYTES; i++) {
        hash = (hash ^ data[i]) * 16777619u;
    }
    struct recent *cell = &recent[(hash ^ hash >> 16) % RECENT];
    if (cell->text != NULL && cell->bytes == bytes && memcmp(cell->data, data, bytes) == 0) {
        return Py_NewRef(cell->text);
    }
    PyObject *text = PyUnicode_DecodeUTF8((const char *)data, (Py_ssize_t)bytes, "surrogatepass");
    if (bytes <= RECENT_BYTES) {
        *cell = (struct recent){data, bytes, text};
    }
    return text;
}

PyObject *state_texts(State *self, PyObject *arg)
{
    Py_buffer places;
    if (PyObject_GetBuffer(arg, &places, PyBUF_CONTIG_RO) < 0) {
        return NULL;
    }
    struct recent *recent = PyMem_Calloc(RECENT, sizeof *recent);
    Py_ssize_t rows = places.len / (Py_ssize_t)sizeof(uint64_t);
    PyObject *list = recent ? PyList_New(rows) : PyErr_NoMemory();
    for (Py_ssize_t row = 0; list != NULL && row < rows; row++) {
        uint64_t place = ((const uint64_t *)places.buf)[row];
        const uint8_t *data;
        size_t bytes;
        struct packed_head head;
        PyObject *text = NULL;
        if (!state_value_at(&self->state, place, &data, &bytes) || !packed_begin(data, data + bytes, &head) || head.items > 0) {
            PyErr_Format(PyExc_ValueError, "no text stands at %llu", (unsigned long long)place);
        } else {
            text = text_of(data + head.head, (size_t)head.bytes, recent);
        }
        if (text == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, row, text);
    }
    PyMem_Free(recent);
    PyBuffer_Release(&places);
    return list;
}

PyObject *state_to_ns(State *self, PyObject *arg)
{
    Py_buffer ticks;
    if (PyObject_GetBuffer(arg, &ticks, PyBUF_CONTIG) < 0) {
        return NULL;
    }
    int64_t *times = ticks.buf;
    size_t rows = (size_t)ticks.len / sizeof *times;
    Py_BEGIN_ALLOW_THREADS;
    for (size_t row = 0; row < rows; row++) {
        times[row] = replay_ns(&self->state.clock, (uint64_t)times[row]);
    }
    Py_END_ALLOW_THREADS;
    PyBuffer_Release(&ticks);
    return Py_NewRef(Py_None);
}
