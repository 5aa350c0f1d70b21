/* Objects, the writes to their attributes, and output for Python: methods of scope_repl._reader.State. */
#include "reader.h"

#include <stdlib.h>

/* ---- versions ---- */

static PyObject *version_tuple(const State *self, const struct state_found *found, const struct content *content)
{
    struct log_record record;
    struct scope_version header;
    if (!log_record_at(self->state.log, found->place, &record) || record.bytes < sizeof header) {
        return PyErr_Format(PyExc_ValueError, "no version stands at place %u", (unsigned)found->place);
    }
    memcpy(&header, record.data, sizeof header);
    return Py_BuildValue("LIiIIKy#", state_ns(self, found->tick), state_track_of(self, found->block), found->call, header.line, record.id,
                         (unsigned long long)record.aux, content->bytes ? (const char *)content->data : "",
                         (Py_ssize_t)content->bytes);
}

static PyObject *one_version(State *self, PyObject *args, bool after)
{
    unsigned long long address;
    long long time;
    if (!PyArg_ParseTuple(args, "KL", &address, &time)) {
        return NULL;
    }
    struct state_found found;
    struct log_error error = {NULL, 0};
    struct content content = {0};
    uint64_t tick = state_tick_after(&self->state, time);
    int answer = after ? state_version_after(&self->state, address, tick, &found, &error)
                       : state_version(&self->state, address, tick, &found, &error);
    if (answer > 0 && !state_content(&self->state, &found, &content, &error)) {
        answer = -1;
    }
    PyObject *version = answer > 0    ? version_tuple(self, &found, &content)
                        : answer == 0 ? Py_NewRef(Py_None)
                                      : reader_raise(&error);
    free(content.data);
    return version;
}

PyObject *state_version_before(State *self, PyObject *args) { return one_version(self, args, false); }
PyObject *state_version_behind(State *self, PyObject *args) { return one_version(self, args, true); }

/* What is done with each version of an object, in the order of the blocks; false with an exception or an error. */
struct each_version {
    const State *self;
    struct content content;
    PyObject *list;       /* takes the tuples, or NULL for the sizes alone */
    struct entries order; /* takes an entry for each: its subject is the time, its tick the position in the list or the size */
    struct log_error error;
};

static bool take_version(struct each_version *each, const struct entry *entry)
{
    struct log_record record;
    struct state_found found = state_found_entry(&each->self->state, entry);
    if (!log_record_at(each->self->state.log, found.place, &record)) {
        return log_failed(&each->error, "no record stands at place %lld", found.place);
    }
    if (!content_take(&each->content, &record, &each->error)) {
        return false;
    }
    uint64_t value = each->list ? (uint64_t)PyList_GET_SIZE(each->list) : (uint64_t)content_size(&each->content);
    if (!entries_add(&each->order, (struct entry){entry->tick, value, 0, 0})) {
        return log_failed(&each->error, NULL, 0);
    }
    PyObject *version = each->list ? version_tuple(each->self, &found, &each->content) : NULL;
    bool done = each->list == NULL || (version != NULL && PyList_Append(each->list, version) == 0);
    Py_XDECREF(version);
    return done;
}

static bool take_versions(struct each_version *each, uint64_t address)
{
    const struct state *state = &each->self->state;
    struct entry_range blocks = entries_of(&state->objects, address);
    struct entries records = {0};
    bool done = true;
    for (size_t row = blocks.first; done && row < blocks.end; row++) {
        uint32_t block = state_block_of(state, state->objects.rows[row].place);
        records.count = 0;
        done = content_begin(&each->content, state, block, address, &each->error) &&
               state_records(state, block, SCOPE_VERSION, address, &records, &each->error);
        for (size_t i = 0; done && i < records.count; i++) {
            done = take_version(each, &records.rows[i]);
        }
    }
    entries_free(&records);
    free(each->content.data);
    done = done && (entries_sort(&each->order) || log_failed(&each->error, NULL, 0));
    if (!done && !PyErr_Occurred()) {
        reader_raise(&each->error);
    }
    return done;
}

PyObject *state_versions(State *self, PyObject *arg)
{
    unsigned long long address = PyLong_AsUnsignedLongLong(arg);
    struct each_version each = {.self = self, .list = PyErr_Occurred() ? NULL : PyList_New(0)};
    PyObject *list = each.list && take_versions(&each, address) ? PyList_New((Py_ssize_t)each.order.count) : NULL;
    for (size_t row = 0; list != NULL && row < each.order.count; row++) {
        PyObject *version = PyList_GET_ITEM(each.list, (Py_ssize_t)each.order.rows[row].tick); /* borrowed */
        PyList_SET_ITEM(list, (Py_ssize_t)row, Py_NewRef(version));
    }
    Py_XDECREF(each.list);
    entries_free(&each.order);
    return list;
}

PyObject *state_sizes_of(State *self, PyObject *arg)
{
    unsigned long long address = PyLong_AsUnsignedLongLong(arg);
    if (PyErr_Occurred()) {
        return NULL;
    }
    struct each_version each = {.self = self};
    PyObject *times = NULL, *sizes = NULL, *answer = NULL;
    if (take_versions(&each, address)) {
        Py_ssize_t bytes = (Py_ssize_t)(each.order.count * sizeof(int64_t));
        times = PyBytes_FromStringAndSize(NULL, bytes);
        sizes = times ? PyBytes_FromStringAndSize(NULL, bytes) : NULL;
    }
    if (sizes != NULL) {
        for (size_t row = 0; row < each.order.count; row++) {
            int64_t time = state_ns(self, each.order.rows[row].subject);
            memcpy(PyBytes_AS_STRING(times) + row * sizeof time, &time, sizeof time);
            memcpy(PyBytes_AS_STRING(sizes) + row * sizeof time, &each.order.rows[row].tick, sizeof time);
        }
        answer = PyTuple_Pack(2, times, sizes);
    }
    Py_XDECREF(times);
    Py_XDECREF(sizes);
    entries_free(&each.order);
    return answer;
}

PyObject *state_addresses_at(State *self, PyObject *arg)
{
    long long time = PyLong_AsLongLong(arg);
    if (time == -1 && PyErr_Occurred()) {
        return NULL;
    }
    struct entries addresses = {0};
    struct log_error error = {NULL, 0};
    bool done = state_addresses(&self->state, state_tick_after(&self->state, time), &addresses, &error) &&
                (entries_sort(&addresses) || log_failed(&error, NULL, 0));
    size_t count = 0;
    for (size_t row = 0; done && row < addresses.count; row++) {
        if (count == 0 || addresses.rows[row].subject != addresses.rows[count - 1].subject) {
            addresses.rows[count++] = addresses.rows[row];
        }
    }
    PyObject *bytes = done ? PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(count * sizeof(uint64_t))) : reader_raise(&error);
    for (size_t row = 0; bytes != NULL && row < count; row++) {
        memcpy(PyBytes_AS_STRING(bytes) + row * sizeof(uint64_t), &addresses.rows[row].subject, sizeof(uint64_t));
    }
    entries_free(&addresses);
    return bytes;
}

/* ---- attributes and output ---- */

/* (time, track, call, id, aux, payload) of each record, in the order of time. */
static PyObject *record_tuples(const State *self, struct entries *records)
{
    if (!entries_sort(records)) {
        return PyErr_NoMemory();
    }
    PyObject *list = PyList_New((Py_ssize_t)records->count);
    for (size_t row = 0; list != NULL && row < records->count; row++) {
        struct log_record record;
        struct state_found found = state_found_entry(&self->state, &records->rows[row]);
        PyObject *tuple = !log_record_at(self->state.log, found.place, &record)
                              ? PyErr_Format(PyExc_ValueError, "no record stands at place %u", (unsigned)found.place)
                              : Py_BuildValue("LIiIKy#", state_ns(self, found.tick), state_track_of(self, found.block), found.call,
                                              record.id, (unsigned long long)record.aux,
                                              record.data ? (const char *)record.data : "", (Py_ssize_t)record.bytes);
        if (tuple == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, (Py_ssize_t)row, tuple);
    }
    return list;
}

PyObject *state_attribute_writes(State *self, PyObject *arg)
{
    unsigned long long address = PyLong_AsUnsignedLongLong(arg);
    if (PyErr_Occurred()) {
        return NULL;
    }
    const struct state *state = &self->state;
    struct entry_range blocks = entries_of(&state->attributes, address);
    struct entries records = {0};
    struct log_error error = {NULL, 0};
    bool done = true;
    for (size_t row = blocks.first; done && row < blocks.end; row++) {
        uint32_t block = state_block_of(state, state->attributes.rows[row].place);
        done = state_records(state, block, SCOPE_ATTRIBUTE, address, &records, &error);
    }
    PyObject *list = done ? record_tuples(self, &records) : reader_raise(&error);
    entries_free(&records);
    return list;
}

PyObject *state_outputs(State *self, PyObject *Py_UNUSED(ignored))
{
    struct entries records = {0};
    struct log_error error = {NULL, 0};
    bool done = true;
    for (uint32_t block = 0; done && block < self->state.block_count; block++) {
        done = !self->state.blocks[block].outputs || state_records(&self->state, block, SCOPE_OUTPUT, 0, &records, &error);
    }
    PyObject *list = done ? record_tuples(self, &records) : reader_raise(&error);
    entries_free(&records);
    return list;
}
