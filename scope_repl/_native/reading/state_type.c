/* scope_repl._reader.State: questions about the state for Python. The contract is _reader.pyi. */
#include "reader.h"

#include <stdlib.h>

/* ---- the type ---- */

static void state_dealloc(State *self)
{
    PyTypeObject *type = Py_TYPE(self);
    state_close(&self->state);
    columns_release(&self->held);
    Py_CLEAR(self->reader);
    type->tp_free(self);
    Py_DECREF(type);
}

static size_t rows_of_last(const struct held *held) { return (size_t)held->views[held->count - 1].len / 4; }

static bool hold_tables(State *self, PyObject *calls, PyObject *slices, PyObject *index, PyObject *codes)
{
    struct state *state = &self->state;
    struct held *held = &self->held;
    const struct log *log = state->log;
    held->flags = PyBUF_CONTIG_RO;
    if (!(state->calls.code = column_of(held, calls, "code", 4, 0))) {
        return false;
    }
    state->calls.rows = rows_of_last(held);
    PyObject *chain = log->plain ? calls : slices;
    state->slices.rows = log->spans + log->resumes;
    if (!(state->calls.end = column_of(held, calls, "end", 8, state->calls.rows)) ||
        !(state->calls.track = column_of(held, calls, "track", 4, state->calls.rows)) ||
        !(state->slices.parent = column_of(held, chain, "parent", 4, state->slices.rows)) ||
        (!log->plain && (!(state->slices.call = column_of(held, chain, "call", 4, state->slices.rows)) ||
                         !(state->slices.end = column_of(held, chain, "end", 8, state->slices.rows)))) ||
        !columns_hold_index(held, index, log, &state->index) ||
        !(state->modules = column_of(held, codes, "module", 4, (size_t)log->largest_id + 1))) {
        return false;
    }
    state->numbers = rows_of_last(held);
    return true;
}

static PyObject *state_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"reader", "calls", "slices", "index", "codes", "horizon", NULL};
    PyObject *reader, *calls, *slices, *index, *codes;
    unsigned long long horizon;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO!O!O!O!K", names, &reader, &PyDict_Type, &calls, &PyDict_Type, &slices,
                                     &PyDict_Type, &index, &PyDict_Type, &codes, &horizon) ||
        reader_of(reader) == NULL) {
        return NULL;
    }
    State *self = (State *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->reader = Py_NewRef(reader);
    self->state.log = &reader_of(reader)->log;
    self->state.clock = reader_of(reader)->clock;
    self->state.horizon = horizon;
    if (!hold_tables(self, calls, slices, index, codes)) {
        Py_DECREF(self);
        return NULL;
    }
    struct log_error error = {NULL, 0};
    bool opened;
    Py_BEGIN_ALLOW_THREADS;
    opened = state_open(&self->state, &error);
    Py_END_ALLOW_THREADS;
    if (!opened) {
        Py_DECREF(self);
        return reader_raise(&error);
    }
    return (PyObject *)self;
}

/* ---- answers ---- */

/* The tuple of a record that was found, None for none, an exception for less than that. */
static PyObject *line_or_none(const State *self, int answer, const struct state_found *found, const struct log_error *error)
{
    struct log_record record;
    if (answer <= 0) {
        return answer == 0 ? Py_NewRef(Py_None) : reader_raise(error);
    }
    if (!log_record_at(self->state.log, found->place, &record)) {
        return PyErr_Format(PyExc_ValueError, "no record stands at place %u", (unsigned)found->place);
    }
    PyObject *cut = record.aux & SCOPE_LINE_CUT ? Py_True : Py_False;
    return Py_BuildValue("LIiIO", state_ns(self, found->tick), state_track_of(self, found->block), found->call, record.id, cut);
}

static PyObject *write_tuple(const State *self, const struct state_found *found, int32_t key)
{
    struct state_value value;
    struct log_error error = {NULL, 0};
    if (!state_value_of(&self->state, found, key, &value, &error)) {
        return reader_raise(&error);
    }
    return Py_BuildValue("LIiIiy#", state_ns(self, found->tick), state_track_of(self, found->block), found->call, value.line, key,
                         (const char *)value.data, (Py_ssize_t)value.bytes);
}

static PyObject *write_or_none(const State *self, int answer, const struct state_found *found, int32_t key,
                               const struct log_error *error)
{
    if (answer <= 0) {
        return answer == 0 ? Py_NewRef(Py_None) : reader_raise(error);
    }
    return write_tuple(self, found, key);
}

static bool call_is_there(const State *self, int call)
{
    if (call < 0 || (size_t)call >= self->state.calls.rows) {
        PyErr_Format(PyExc_IndexError, "call %d of %zu", call, self->state.calls.rows);
        return false;
    }
    return true;
}

/* ---- lines ---- */

static PyObject *state_line(State *self, PyObject *args)
{
    int call;
    long long time;
    if (!PyArg_ParseTuple(args, "iL", &call, &time) || !call_is_there(self, call)) {
        return NULL;
    }
    struct state_found found;
    struct log_error error = {NULL, 0};
    uint64_t until = state_tick_after(&self->state, time);
    int answer = state_newest(&self->state, (uint32_t)call, KEY_LINE_BEGUN, until, &found, &error);
    return line_or_none(self, answer, &found, &error);
}

static PyObject *state_next_line(State *self, PyObject *args)
{
    int call;
    long long time;
    if (!PyArg_ParseTuple(args, "iL", &call, &time) || !call_is_there(self, call)) {
        return NULL;
    }
    struct state_found found;
    struct log_error error = {NULL, 0};
    uint64_t from = state_tick_after(&self->state, time);
    int answer = state_first(&self->state, (uint32_t)call, KEY_LINE, from, &found, &error);
    return line_or_none(self, answer, &found, &error);
}

static PyObject *state_step_to(State *self, PyObject *args)
{
    int track, forward;
    long long time;
    if (!PyArg_ParseTuple(args, "iLp", &track, &time, &forward)) {
        return NULL;
    }
    const struct state *state = &self->state;
    uint32_t threads = state->log->thread_count;
    if (track >= (int)threads) {
        return PyErr_Format(PyExc_IndexError, "track %d of %u", track, (unsigned)threads);
    }
    uint64_t tick = state_tick_after(state, forward || time == LLONG_MIN ? time : time - 1);
    struct state_found found, one;
    struct log_error error = {NULL, 0};
    int answer = 0;
    for (uint32_t i = track < 0 ? 0 : (uint32_t)track; i < (track < 0 ? threads : (uint32_t)track + 1); i++) {
        int here = state_step(state, i, tick, forward, &one, &error);
        if (here < 0) {
            return reader_raise(&error);
        }
        if (here > 0 && (answer == 0 || state_is_newer(&one, &found) != (bool)forward)) {
            found = one;
            answer = 1;
        }
    }
    return line_or_none(self, answer, &found, &error);
}

/* ---- writes ---- */

static PyObject *all_writes(State *self, uint32_t owner, long long time)
{
    struct entries all = {0};
    struct log_error error = {NULL, 0};
    uint64_t until = state_tick_after(&self->state, time);
    PyObject *list = state_all(&self->state, owner, until, &all, &error) ? PyList_New((Py_ssize_t)all.count) : reader_raise(&error);
    for (size_t row = 0; list != NULL && row < all.count; row++) {
        struct state_found found = state_found_entry(&self->state, &all.rows[row]);
        PyObject *write = write_tuple(self, &found, (int32_t)(uint32_t)all.rows[row].subject);
        if (write == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, (Py_ssize_t)row, write);
    }
    entries_free(&all);
    return list;
}

static PyObject *state_locals(State *self, PyObject *args)
{
    int call;
    long long time;
    if (!PyArg_ParseTuple(args, "iL", &call, &time) || !call_is_there(self, call)) {
        return NULL;
    }
    return all_writes(self, (uint32_t)call, time);
}

static PyObject *state_names(State *self, PyObject *args)
{
    int module;
    long long time;
    if (!PyArg_ParseTuple(args, "iL", &module, &time)) {
        return NULL;
    }
    return all_writes(self, MODULE_OWNER | (uint32_t)module, time);
}

typedef int question(const struct state *, uint32_t, int32_t, uint64_t, struct state_found *, struct log_error *);

static PyObject *one_write(State *self, uint32_t owner, int key, long long time, question *ask)
{
    struct state_found found;
    struct log_error error = {NULL, 0};
    int answer = key <= KEY_LINE_BEGUN ? 0 : ask(&self->state, owner, key, state_tick_after(&self->state, time), &found, &error);
    return write_or_none(self, answer, &found, key, &error);
}

static PyObject *state_write_before(State *self, PyObject *args)
{
    int call, key;
    long long time;
    if (!PyArg_ParseTuple(args, "iiL", &call, &key, &time) || !call_is_there(self, call)) {
        return NULL;
    }
    return one_write(self, (uint32_t)call, key, time, state_newest);
}

static PyObject *state_write_after(State *self, PyObject *args)
{
    int call, key;
    long long time;
    if (!PyArg_ParseTuple(args, "iiL", &call, &key, &time) || !call_is_there(self, call)) {
        return NULL;
    }
    return one_write(self, (uint32_t)call, key, time, state_first);
}

static PyObject *state_name_before(State *self, PyObject *args)
{
    int module, key;
    long long time;
    if (!PyArg_ParseTuple(args, "iiL", &module, &key, &time)) {
        return NULL;
    }
    return one_write(self, MODULE_OWNER | (uint32_t)module, key, time, state_newest);
}

static PyObject *state_name_after(State *self, PyObject *args)
{
    int module, key;
    long long time;
    if (!PyArg_ParseTuple(args, "iiL", &module, &key, &time)) {
        return NULL;
    }
    return one_write(self, MODULE_OWNER | (uint32_t)module, key, time, state_first);
}

/* ---- the rest of the type ---- */

static PyObject *get_nbytes(State *self, void *Py_UNUSED(ignored))
{
    const struct state *state = &self->state;
    size_t entries = state->slots.count + state->objects.count + state->attributes.count;
    return PyLong_FromSize_t(entries * sizeof(struct entry) + state->block_count * sizeof *state->blocks);
}

static PyMethodDef state_methods[] = {
    {"line", (PyCFunction)state_line, METH_VARARGS, NULL},
    {"next_line", (PyCFunction)state_next_line, METH_VARARGS, NULL},
    {"step", (PyCFunction)state_step_to, METH_VARARGS, NULL},
    {"locals", (PyCFunction)state_locals, METH_VARARGS, NULL},
    {"names", (PyCFunction)state_names, METH_VARARGS, NULL},
    {"write_before", (PyCFunction)state_write_before, METH_VARARGS, NULL},
    {"write_after", (PyCFunction)state_write_after, METH_VARARGS, NULL},
    {"name_before", (PyCFunction)state_name_before, METH_VARARGS, NULL},
    {"name_after", (PyCFunction)state_name_after, METH_VARARGS, NULL},
    {"version", (PyCFunction)state_version_before, METH_VARARGS, NULL},
    {"version_after", (PyCFunction)state_version_behind, METH_VARARGS, NULL},
    {"versions", (PyCFunction)state_versions, METH_O, NULL},
    {"sizes", (PyCFunction)state_sizes_of, METH_O, NULL},
    {"addresses", (PyCFunction)state_addresses_at, METH_O, NULL},
    {"attribute_writes", (PyCFunction)state_attribute_writes, METH_O, NULL},
    {"outputs", (PyCFunction)state_outputs, METH_NOARGS, NULL},
    {"lines", (PyCFunction)state_lines_into, METH_VARARGS, NULL},
    {"history", (PyCFunction)state_history_into, METH_VARARGS, NULL},
    {"value", (PyCFunction)state_value, METH_O, NULL},
    {"track", (PyCFunction)state_track, METH_O, NULL},
    {"decode", (PyCFunction)state_decode, METH_VARARGS, NULL},
    {"texts", (PyCFunction)state_texts, METH_O, NULL},
    {"to_ns", (PyCFunction)state_to_ns, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef state_getset[] = {
    {"nbytes", (getter)get_nbytes, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot state_slots[] = {
    {Py_tp_new, state_new},
    {Py_tp_dealloc, state_dealloc},
    {Py_tp_methods, state_methods},
    {Py_tp_getset, state_getset},
    {0, NULL},
};

PyType_Spec state_spec = {
    .name = "scope_repl._reader.State",
    .basicsize = sizeof(State),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = state_slots,
};
