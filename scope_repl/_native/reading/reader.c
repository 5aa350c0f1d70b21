/* scope_repl._reader: the log and its replay for Python. The contract is _reader.pyi. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "reader.h"

#include <stdlib.h>

#include "columns.h"
#include "functions.h"

PyObject *reader_raise(const struct log_error *error)
{
    return error->text == NULL ? PyErr_NoMemory() : PyErr_Format(PyExc_ValueError, error->text, error->number);
}

/* ---- Reader ---- */

static int reader_clear(Reader *self)
{
    log_close(&self->log);
    if (self->pool.obj != NULL) {
        PyBuffer_Release(&self->pool);
    }
    Py_CLEAR(self->keyframes);
    return 0;
}

static void reader_dealloc(Reader *self)
{
    PyTypeObject *type = Py_TYPE(self);
    reader_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

Reader *reader_of(PyObject *object)
{
    if (PyType_GetSlot(Py_TYPE(object), Py_tp_dealloc) != (void *)reader_dealloc) {
        PyErr_Format(PyExc_TypeError, "a Reader is needed, not %s", Py_TYPE(object)->tp_name);
        return NULL;
    }
    return (Reader *)object;
}

static bool list_keyframes(Reader *self)
{
    Py_ssize_t count = PyTuple_GET_SIZE(self->keyframes);
    self->log.threads = calloc(count ? (size_t)count : 1, sizeof *self->log.threads);
    if (self->log.threads == NULL) {
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        char *data;
        Py_ssize_t size;
        if (PyBytes_AsStringAndSize(PyTuple_GET_ITEM(self->keyframes, i), &data, &size) < 0) {
            return false;
        }
        self->log.threads[i].keyframe = (struct log_keyframe){(const uint8_t *)data, (size_t)size, 0};
    }
    self->log.thread_count = (uint32_t)count;
    return true;
}

static PyObject *reader_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"chunks", "keyframes", "start", "end", "ns_per_tick", NULL};
    PyObject *chunks, *keyframes;
    unsigned long long start, end;
    double ns_per_tick;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO!KKd", names, &chunks, &PyTuple_Type, &keyframes, &start, &end,
                                     &ns_per_tick)) {
        return NULL;
    }
    Reader *self = (Reader *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->clock = (struct replay_clock){start, end, ns_per_tick};
    self->keyframes = Py_NewRef(keyframes);
    if (!list_keyframes(self) || PyObject_GetBuffer(chunks, &self->pool, PyBUF_SIMPLE) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    struct log_error error = {NULL, 0};
    bool opened;
    self->log.pool = self->pool.buf;
    self->log.pool_bytes = (size_t)self->pool.len;
    Py_BEGIN_ALLOW_THREADS;
    opened = log_open(&self->log, &error);
    Py_END_ALLOW_THREADS;
    if (!opened) {
        Py_DECREF(self);
        return reader_raise(&error);
    }
    return (PyObject *)self;
}

static PyObject *reader_replay(Reader *self, PyObject *args)
{
    PyObject *call_columns, *slice_columns, *index_columns, *end_columns;
    Py_buffer suspends, end_known;
    unsigned int closing;
    if (!PyArg_ParseTuple(args, "O!O!O!O!y*Iy*", &PyDict_Type, &call_columns, &PyDict_Type, &slice_columns, &PyDict_Type,
                          &index_columns, &PyDict_Type, &end_columns, &suspends, &closing, &end_known)) {
        return NULL;
    }
    const struct log *log = &self->log;
    struct held held = {.flags = PyBUF_CONTIG};
    struct replay_calls calls = {0};
    struct replay_slices slices = {0};
    struct replay_index index = {0};
    struct replay_ends ends = {0};
    struct replay_result result;
    struct log_error error = {NULL, 0};
    PyObject *answer = NULL;
    if ((size_t)suspends.len <= log->largest_id || (size_t)end_known.len / 8 < log->thread_count) {
        PyErr_SetString(PyExc_ValueError, "a flag for each code and a tick for each thread are needed");
    } else if (columns_hold_calls(&held, call_columns, log->payloads, log->spans + log->suspended + log->resumes, &calls) &&
               columns_hold_slices(&held, slice_columns, log, &calls, &slices) &&
               columns_hold_index(&held, index_columns, log, &index) &&
               columns_hold_ends(&held, end_columns, log, &ends)) {
        bool done;
        Py_BEGIN_ALLOW_THREADS;
        done = replay_run(log, self->clock, suspends.buf, closing, end_known.buf, &calls, &slices, &index, &ends, &result, &error);
        Py_END_ALLOW_THREADS;
        answer = done ? Py_BuildValue("nnL", (Py_ssize_t)result.calls, (Py_ssize_t)result.ignored, (long long)result.end)
                      : reader_raise(&error);
    }
    columns_release(&held);
    PyBuffer_Release(&suspends);
    PyBuffer_Release(&end_known);
    return answer;
}

static PyObject *reader_events(Reader *self, PyObject *args)
{
    PyObject *call_columns, *slice_columns, *index_columns, *event_columns;
    Py_ssize_t first, last;
    if (!PyArg_ParseTuple(args, "nnO!O!O!O!", &first, &last, &PyDict_Type, &event_columns, &PyDict_Type, &call_columns,
                          &PyDict_Type, &slice_columns, &PyDict_Type, &index_columns)) {
        return NULL;
    }
    const struct log *log = &self->log;
    if (first < 0 || last < first || (size_t)last > log->chunk_count) {
        return PyErr_Format(PyExc_IndexError, "chunks %zd to %zd of %u", first, last, (unsigned)log->chunk_count);
    }
    size_t rows = 0;
    for (Py_ssize_t i = first; i < last; i++) {
        rows += log->chunks[i].events;
    }
    struct held held = {.flags = PyBUF_CONTIG};
    struct replay_calls calls = {0};
    struct replay_slices slices = {0};
    struct replay_index index = {0};
    struct replay_events events = {0};
    struct log_error error = {NULL, 0};
    PyObject *answer = NULL;
    if (columns_hold_events(&held, event_columns, rows, &events)) {
        held.flags = PyBUF_CONTIG_RO;
        /* The calls' rows were trimmed after the replay; only their codes are read here, by rows that the replay wrote. */
        calls.code = column_of(&held, call_columns, "code", 4, 0);
        PyObject *chain = log->plain ? call_columns : slice_columns;
        slices.rows = log->spans + log->resumes;
        slices.parent = column_of(&held, chain, "parent", 4, slices.rows);
        slices.call = log->plain || slices.parent == NULL ? NULL : column_of(&held, chain, "call", 4, slices.rows);
        if (calls.code && slices.parent && (log->plain || slices.call) &&
            columns_hold_index(&held, index_columns, log, &index)) {
            bool done = true;
            Py_BEGIN_ALLOW_THREADS;
            for (Py_ssize_t i = first; done && i < last; i++) {
                done = replay_events(log, self->clock, (uint32_t)i, &calls, &slices, &index, &events, &error);
            }
            Py_END_ALLOW_THREADS;
            answer = done ? PyLong_FromSize_t(events.rows_used) : reader_raise(&error);
        }
    }
    columns_release(&held);
    return answer;
}

static PyObject *reader_record(Reader *self, PyObject *arg)
{
    unsigned long long place = PyLong_AsUnsignedLongLong(arg);
    if (place == (unsigned long long)-1 && PyErr_Occurred()) {
        return NULL;
    }
    struct log_record record;
    if (!log_record_at(&self->log, place, &record)) {
        return PyErr_Format(PyExc_ValueError, "no record stands at place %llu", place);
    }
    return Py_BuildValue("iIKy#", (int)record.kind, record.id, (unsigned long long)record.aux,
                         record.data ? (const char *)record.data : "", (Py_ssize_t)record.bytes);
}

/* For each thread (first chunk, chunk end, first slice, slice end), in the order of the threads. */
static PyObject *reader_tracks(Reader *self, PyObject *Py_UNUSED(ignored))
{
    const struct log *log = &self->log;
    PyObject *list = PyList_New(log->thread_count);
    size_t slice = 0;
    for (uint32_t i = 0; list != NULL && i < log->thread_count; i++) {
        const struct log_thread *thread = &log->threads[i];
        size_t slice_end = slice + thread->spans + thread->resumes;
        PyObject *row = Py_BuildValue("IInn", thread->first_chunk, thread->chunk_end, (Py_ssize_t)slice, (Py_ssize_t)slice_end);
        if (row == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, i, row);
        slice = slice_end;
    }
    return list;
}

static PyObject *reader_chunk_events(Reader *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *list = PyList_New(self->log.chunk_count);
    for (uint32_t i = 0; list != NULL && i < self->log.chunk_count; i++) {
        PyObject *count = PyLong_FromUnsignedLong(self->log.chunks[i].events);
        if (count == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, i, count);
    }
    return list;
}

static PyObject *get_rows(Reader *self, void *which)
{
    const struct log *log = &self->log;
    size_t counts[] = {log->spans + log->suspended + log->resumes, log->spans + log->resumes, log->events, log->largest_id,
                       log->used_bytes, log->line_rows};
    return PyLong_FromSize_t(counts[(intptr_t)which]);
}

static PyObject *get_plain(Reader *self, void *Py_UNUSED(ignored)) { return PyBool_FromLong(self->log.plain); }
static PyObject *get_payloads(Reader *self, void *Py_UNUSED(ignored)) { return PyBool_FromLong(self->log.payloads); }
static PyObject *get_lines(Reader *self, void *Py_UNUSED(ignored)) { return PyBool_FromLong(self->log.lines); }

static PyMethodDef reader_methods[] = {
    {"replay", (PyCFunction)reader_replay, METH_VARARGS, NULL},
    {"events", (PyCFunction)reader_events, METH_VARARGS, NULL},
    {"record", (PyCFunction)reader_record, METH_O, NULL},
    {"tracks", (PyCFunction)reader_tracks, METH_NOARGS, NULL},
    {"chunk_events", (PyCFunction)reader_chunk_events, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef reader_getset[] = {
    {"call_rows", (getter)get_rows, NULL, NULL, (void *)0},
    {"slice_rows", (getter)get_rows, NULL, NULL, (void *)1},
    {"event_rows", (getter)get_rows, NULL, NULL, (void *)2},
    {"largest_id", (getter)get_rows, NULL, NULL, (void *)3},
    {"used_bytes", (getter)get_rows, NULL, NULL, (void *)4},
    {"line_rows", (getter)get_rows, NULL, NULL, (void *)5},
    {"plain", (getter)get_plain, NULL, NULL, NULL},
    {"payloads", (getter)get_payloads, NULL, NULL, NULL},
    {"lines", (getter)get_lines, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot reader_slots[] = {
    {Py_tp_new, reader_new},
    {Py_tp_dealloc, reader_dealloc},
    {Py_tp_methods, reader_methods},
    {Py_tp_getset, reader_getset},
    {0, NULL},
};

static PyType_Spec reader_spec = {
    .name = "scope_repl._reader.Reader",
    .basicsize = sizeof(Reader),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = reader_slots,
};

/* ---- the module ---- */

static int add_type(PyObject *module, const char *name, PyType_Spec *spec)
{
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
    int failed = type == NULL || PyModule_AddObjectRef(module, name, type) < 0;
    Py_XDECREF(type);
    return failed ? -1 : 0;
}

static int module_exec(PyObject *module)
{
    return add_type(module, "Reader", &reader_spec) < 0 || add_type(module, "State", &state_spec) < 0 ? -1 : 0;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#if PY_VERSION_HEX >= 0x030D0000
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_reader", .m_doc = "The reading side of a log; see _reader.pyi.",
    .m_methods = reading_functions, .m_slots = module_slots,
};

PyMODINIT_FUNC PyInit__reader(void) { return PyModuleDef_Init(&module_definition); }
