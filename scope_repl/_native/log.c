/* Handing over: the pool's memory as a buffer without a copy, and the tables that its numbers point into. */
#include "log.h"

#include <sys/mman.h>

#include "hooks.h"
#include "lines.h"

/* ---- the pool as an object with the buffer protocol; the memory goes with its last view ---- */

struct pool {
    PyObject_HEAD
    uint8_t *memory; /* owned (mmap), or NULL when nothing was recorded */
    size_t bytes;
};

static int pool_buffer(PyObject *self, Py_buffer *view, int flags)
{
    struct pool *pool = (struct pool *)self;
    return PyBuffer_FillInfo(view, self, pool->memory ? (void *)pool->memory : (void *)"", (Py_ssize_t)pool->bytes, 1, flags);
}

static void pool_dealloc(PyObject *self)
{
    struct pool *pool = (struct pool *)self;
    PyTypeObject *type = Py_TYPE(self);
    if (pool->memory != NULL) {
        munmap(pool->memory, pool->bytes);
    }
    type->tp_free(self);
    Py_DECREF(type);
}

static PyType_Slot pool_slots[] = {{Py_bf_getbuffer, pool_buffer}, {Py_tp_dealloc, pool_dealloc}, {0, NULL}};
static PyType_Spec pool_spec = {
    .name = "scope_repl._tracer.Pool",
    .basicsize = sizeof(struct pool),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = pool_slots,
};
static PyTypeObject *pool_type; /* owned */

/* ---- RawLog ---- */

enum { LOG_FIELDS = 11 };
static PyStructSequence_Field log_fields[] = {{"chunks", NULL}, {"keyframes", NULL}, {"threads", NULL}, {"codes", NULL},
                                              {"clock", NULL},  {"horizon", NULL},   {"stored", NULL},  {"dropped", NULL},
                                              {"notes", NULL},  {"hook", NULL},      {"compared", NULL}, {NULL, NULL}};
static PyStructSequence_Desc log_desc = {"scope_repl._tracer.RawLog", "What a recording leaves behind.", log_fields, LOG_FIELDS};
static PyTypeObject *log_type; /* owned */

int scope_log_init(PyObject *module)
{
    pool_type = (PyTypeObject *)PyType_FromSpec(&pool_spec);
    log_type = PyStructSequence_NewType(&log_desc);
    if (pool_type == NULL || log_type == NULL) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "RawLog", (PyObject *)log_type);
}

static PyObject *export_pool(void)
{
    struct pool *pool = PyObject_New(struct pool, pool_type);
    if (pool == NULL) {
        return NULL;
    }
    pool->memory = scope_pool_close(&pool->bytes);
    PyObject *view = PyMemoryView_FromObject((PyObject *)pool);
    Py_DECREF(pool);
    return view;
}

static PyObject *text_or_empty(PyObject *value)
{
    return value != NULL && PyUnicode_CheckExact(value) ? Py_NewRef(value) : PyUnicode_FromString("");
}

static PyObject *argument_names(const struct scope_code *entry)
{
    return entry->locals ? PyTuple_GetSlice(entry->locals, 0, entry->arguments) : PyTuple_New(0);
}

/* Which variables each line may bind, as int32: the line, how many there are, their keys as in a LINE record, the next line … */
static PyObject *export_binds(const struct scope_code *entry)
{
    const struct scope_lines *lines = entry->table;
    Py_ssize_t numbers = 0;
    for (int i = 1; lines != NULL && i < lines->line_count; i++) {
        numbers += 2 + lines->lines[i].store_count;
    }
    PyObject *binds = PyBytes_FromStringAndSize(NULL, numbers * (Py_ssize_t)sizeof(int32_t));
    int32_t *at = binds != NULL ? (int32_t *)PyBytes_AS_STRING(binds) : NULL; /* a bytes' content is aligned for it */
    for (int i = 1; at != NULL && lines != NULL && i < lines->line_count; i++) {
        const struct scope_line *line = &lines->lines[i];
        *at++ = line->number;
        *at++ = line->store_count;
        for (uint32_t j = 0; j < line->store_count; j++) {
            int slot = lines->lists[line->stores + j];
            *at++ = slot < lines->locals ? slot : -(int32_t)lines->names[slot - lines->locals].id;
        }
    }
    return binds;
}

static PyObject *export_codes(void)
{
    PyObject *codes = PyDict_New();
    for (uint32_t id = 1; codes != NULL && id <= scope_intern_count(); id++) {
        const struct scope_code *entry = scope_interned(id);
        if (!entry->used && !(entry->flags & SCOPE_FLAG_NAME)) {
            continue;
        }
        int flags = entry->flags | (entry->mode == SCOPE_OPAQUE ? SCOPE_FLAG_OPAQUE : 0);
        PyObject *lines = entry->lines ? Py_NewRef(entry->lines) : PyBytes_FromStringAndSize(NULL, 0);
        PyObject *slots = entry->locals ? Py_NewRef(entry->locals) : PyTuple_New(0);
        PyObject *row = Py_BuildValue("NNNNiiNNiNN", text_or_empty(entry->name), text_or_empty(entry->qualname),
                                      text_or_empty(entry->module), text_or_empty(entry->file), entry->first_line, flags,
                                      argument_names(entry), lines, entry->level, slots, export_binds(entry));
        PyObject *key = PyLong_FromUnsignedLong(id);
        if (row == NULL || key == NULL || PyDict_SetItem(codes, key, row) < 0) {
            Py_CLEAR(codes);
        }
        Py_XDECREF(row);
        Py_XDECREF(key);
    }
    return codes;
}

static PyObject *export_threads(uint64_t end, uint64_t *stored, uint64_t *dropped)
{
    PyObject *threads = PyList_New(scope_recorder.thread_count);
    *stored = *dropped = 0;
    for (uint32_t i = 0; threads != NULL && i < scope_recorder.thread_count; i++) {
        const struct scope_thread *thread = scope_recorder.threads[i];
        uint64_t kept = scope_stored(thread), lost = thread->folded + thread->refused;
        PyObject *row = Py_BuildValue("NkkKKKKK", text_or_empty(thread->name), thread->ident, thread->native_id,
                                      (unsigned long long)thread->start, (unsigned long long)thread->end,
                                      (unsigned long long)(thread->end_known ? thread->end_known : end),
                                      (unsigned long long)kept, (unsigned long long)lost);
        if (row == NULL) {
            Py_CLEAR(threads);
            break;
        }
        PyList_SET_ITEM(threads, i, row);
        *stored += kept;
        *dropped += lost;
    }
    return threads;
}

PyObject *scope_log_export(uint64_t end)
{
    PyObject *log = PyStructSequence_New(log_type);
    if (log == NULL) {
        return NULL;
    }
    uint64_t stored, dropped;
    PyObject *items[] = {
        NULL,
        scope_fold_export(),
        export_threads(end, &stored, &dropped),
        export_codes(),
        Py_BuildValue("KKdL", (unsigned long long)scope_recorder.start, (unsigned long long)end, scope_clock_ns_per_tick(),
                      (long long)scope_recorder.wall_ns),
        PyLong_FromUnsignedLongLong(scope_recorder.horizon),
        PyLong_FromUnsignedLongLong(stored),
        PyLong_FromUnsignedLongLong(dropped),
        PyList_AsTuple(scope_recorder.notes),
        PyUnicode_FromString(SCOPE_HOOK_NAME),
        PyLong_FromUnsignedLongLong(scope_recorder.compared),
    };
    items[0] = export_pool(); /* last: it closes the chunks that are counted above */
    bool complete = true;
    for (int i = 0; i < LOG_FIELDS; i++) {
        complete = complete && items[i] != NULL;
        PyStructSequence_SetItem(log, i, items[i]);
    }
    if (!complete) {
        Py_DECREF(log);
        return NULL;
    }
    return log;
}
