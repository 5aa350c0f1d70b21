#include "functions.h"

#include "columns.h"
#include "contexts.h"
#include "lanes.h"
#include "packed.h"

/* ---- contexts ---- */

static PyObject *module_contexts(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *columns;
    Py_ssize_t rows;
    if (!PyArg_ParseTuple(args, "O!n", &PyDict_Type, &columns, &rows)) {
        return NULL;
    }
    struct held held = {.flags = PyBUF_CONTIG_RO};
    struct contexts contexts = {0};
    PyObject *answer = NULL;
    const int32_t *parent = column_of(&held, columns, "parent", 4, (size_t)rows);
    const int32_t *code = parent ? column_of(&held, columns, "code", 4, (size_t)rows) : NULL;
    held.flags = PyBUF_CONTIG;
    int32_t *context = code ? column_of(&held, columns, "context", 4, (size_t)rows) : NULL;
    if (context != NULL) {
        bool done;
        Py_BEGIN_ALLOW_THREADS;
        done = contexts_build(&contexts, parent, code, context, (size_t)rows);
        Py_END_ALLOW_THREADS;
        Py_ssize_t bytes = (Py_ssize_t)(contexts.count * sizeof(int32_t));
        const char *parents = bytes ? (const char *)contexts.parent : "";
        const char *codes = bytes ? (const char *)contexts.code : "";
        const char *firsts = bytes ? (const char *)contexts.first : "";
        answer = done ? Py_BuildValue("y#y#y#", parents, bytes, codes, bytes, firsts, bytes) : PyErr_NoMemory();
    }
    contexts_free(&contexts);
    columns_release(&held);
    return answer;
}

/* ---- lanes ---- */

/* The lanes' columns, as lanes.h describes them; `flags` of `held` says whether they are to be written. */
static bool hold_lanes(struct held *held, PyObject *columns, size_t count, size_t tracks, struct lanes *lanes)
{
    if (count > INT32_MAX || tracks > INT32_MAX) {
        PyErr_Format(PyExc_ValueError, "%zu slices on %zu tracks are no recording", count, tracks);
        return false;
    }
    lanes->count = count;
    lanes->tracks = tracks;
    lanes->base = column_of(held, columns, "base", 8, tracks + 1);
    if (lanes->base == NULL || lanes->base[tracks] < 0) {
        return false;
    }
    return (lanes->first = column_of(held, columns, "first", 8, (size_t)lanes->base[tracks] + 1)) &&
           (lanes->order = column_of(held, columns, "order", 4, count)) &&
           (lanes->start = column_of(held, columns, "start", 8, count)) &&
           (lanes->sum = column_of(held, columns, "sum", 8, count + 1)) &&
           (lanes->longest = column_of(held, columns, "longest", 4, lanes_longest_items(count)));
}

static bool first_slices_fit(const int64_t *first_slice, size_t tracks, size_t count)
{
    bool fit = first_slice[0] == 0 && first_slice[tracks] == (int64_t)count;
    for (size_t track = 0; track < tracks; track++) {
        fit = fit && first_slice[track] <= first_slice[track + 1];
    }
    return fit;
}

static PyObject *fill_lanes(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *lane_columns, *slice_columns;
    Py_ssize_t count, tracks;
    if (!PyArg_ParseTuple(args, "O!O!nn", &PyDict_Type, &lane_columns, &PyDict_Type, &slice_columns, &count, &tracks)) {
        return NULL;
    }
    struct held held = {.flags = PyBUF_CONTIG};
    struct lanes lanes;
    struct lane_slices slices = {.tracks = (size_t)tracks};
    PyObject *answer = NULL;
    if (hold_lanes(&held, lane_columns, (size_t)count, (size_t)tracks, &lanes)) {
        held.flags = PyBUF_CONTIG_RO;
        if ((slices.start = column_of(&held, slice_columns, "start", 8, (size_t)count)) &&
            (slices.end = column_of(&held, slice_columns, "end", 8, (size_t)count)) &&
            (slices.depth = column_of(&held, slice_columns, "depth", 4, (size_t)count)) &&
            (slices.first_slice = column_of(&held, slice_columns, "first_slice", 8, (size_t)tracks + 1))) {
            bool done = first_slices_fit(slices.first_slice, (size_t)tracks, (size_t)count);
            Py_BEGIN_ALLOW_THREADS;
            done = done && lanes_fill(&lanes, &slices);
            Py_END_ALLOW_THREADS;
            answer = done ? Py_NewRef(Py_None) : NULL;
            if (!done) {
                PyErr_SetString(PyExc_ValueError, "a slice has no lane, or there is no memory");
            }
        }
    }
    columns_release(&held);
    return answer;
}

static bool hold_rects(struct held *held, PyObject *columns, size_t room, struct lane_rects *rects)
{
    rects->room = room;
    return (rects->x0 = column_of(held, columns, "x0", 4, room)) && (rects->width = column_of(held, columns, "width", 4, room)) &&
           (rects->slice = column_of(held, columns, "slice", 4, room)) &&
           (rects->count = column_of(held, columns, "count", 4, room)) &&
           (rects->row = column_of(held, columns, "row", 2, room)) &&
           (rects->shade = column_of(held, columns, "shade", 1, room));
}

/* The callables that rectangles are coloured by. `call` is there only where a call can have more than one slice. */
static bool hold_codes(struct held *held, PyObject *columns, size_t slices, struct lane_view *view)
{
    view->code = column_of(held, columns, "code", 4, 0);
    if (view->code == NULL) {
        return false;
    }
    view->calls = (size_t)held->views[held->count - 1].len / 4;
    return PyDict_GetItemString(columns, "call") == NULL || (view->call = column_of(held, columns, "call", 4, slices)) != NULL;
}

static PyObject *draw_lanes(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *lane_columns, *code_columns, *row_columns, *rect_columns;
    Py_ssize_t count, tracks, rows, room;
    struct lane_view view = {0};
    if (!PyArg_ParseTuple(args, "O!nnO!(ddd)O!nO!n", &PyDict_Type, &lane_columns, &count, &tracks, &PyDict_Type, &code_columns,
                          &view.start, &view.grain, &view.columns, &PyDict_Type, &row_columns, &rows, &PyDict_Type,
                          &rect_columns, &room)) {
        return NULL;
    }
    if (rows > UINT16_MAX) {
        return PyErr_Format(PyExc_ValueError, "%zd rows are more than a picture has", rows);
    }
    struct held held = {.flags = PyBUF_CONTIG};
    struct lanes lanes;
    struct lane_rects rects = {0};
    bool held_all = hold_rects(&held, rect_columns, (size_t)room, &rects);
    held.flags = PyBUF_CONTIG_RO;
    held_all = held_all && hold_lanes(&held, lane_columns, (size_t)count, (size_t)tracks, &lanes) &&
               hold_codes(&held, code_columns, (size_t)count, &view);
    const int64_t *lane = held_all ? column_of(&held, row_columns, "lane", 8, (size_t)rows) : NULL;
    for (Py_ssize_t row = 0; lane != NULL && row < rows; row++) {
        if (lane[row] < 0 || lane[row] >= lanes.base[tracks]) {
            PyErr_Format(PyExc_ValueError, "there is no lane %lld", (long long)lane[row]);
            lane = NULL;
        }
    }
    bool fits = true;
    if (lane != NULL) {
        Py_BEGIN_ALLOW_THREADS;
        for (Py_ssize_t row = 0; fits && row < rows; row++) {
            fits = lanes_draw(&lanes, lane[row], (uint16_t)row, &view, &rects);
        }
        Py_END_ALLOW_THREADS;
    }
    columns_release(&held);
    return lane == NULL ? NULL : PyLong_FromSsize_t(fits ? (Py_ssize_t)rects.used : -1);
}

static PyObject *longest_slice(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *lane_columns;
    Py_ssize_t count, tracks, first, end;
    if (!PyArg_ParseTuple(args, "O!nnnn", &PyDict_Type, &lane_columns, &count, &tracks, &first, &end)) {
        return NULL;
    }
    if (first < 0 || end <= first || end > count) {
        return PyErr_Format(PyExc_IndexError, "positions %zd to %zd of %zd", first, end, count);
    }
    struct held held = {.flags = PyBUF_CONTIG_RO};
    struct lanes lanes;
    PyObject *answer = NULL;
    if (hold_lanes(&held, lane_columns, (size_t)count, (size_t)tracks, &lanes)) {
        answer = PyLong_FromLong(lanes.order[lanes_longest(&lanes, (size_t)first, (size_t)end)]);
    }
    columns_release(&held);
    return answer;
}

/* ---- histories ---- */

/* The newest write of the same call at the time of each line; both are in the order of time. */
static bool newest_rows(const int64_t *write_time, const int32_t *write_call, size_t writes, const int64_t *line_time,
                        const int32_t *line_call, size_t lines, int32_t *last, size_t calls, int32_t *rows)
{
    size_t next = 0;
    for (size_t call = 0; call < calls; call++) {
        last[call] = -1;
    }
    for (size_t line = 0; line < lines; line++) {
        for (; next < writes && write_time[next] <= line_time[line]; next++) {
            if (write_call[next] < 0 || (size_t)write_call[next] >= calls) {
                return false;
            }
            last[write_call[next]] = (int32_t)next;
        }
        if (line_call[line] < 0 || (size_t)line_call[line] >= calls) {
            return false;
        }
        rows[line] = last[line_call[line]];
    }
    return true;
}

static PyObject *module_newest_rows(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *write_columns, *line_columns, *answer = NULL;
    Py_ssize_t writes, lines, calls;
    if (!PyArg_ParseTuple(args, "O!nO!nn", &PyDict_Type, &write_columns, &writes, &PyDict_Type, &line_columns, &lines, &calls)) {
        return NULL;
    }
    if (calls < 0 || calls > INT32_MAX || writes > INT32_MAX) {
        return PyErr_Format(PyExc_ValueError, "%zd writes in %zd calls are no history", writes, calls);
    }
    struct held held = {.flags = PyBUF_CONTIG};
    int32_t *rows = column_of(&held, line_columns, "row", 4, (size_t)lines), *last = NULL;
    const int64_t *write_time = NULL, *line_time = NULL;
    const int32_t *write_call = NULL, *line_call = NULL;
    held.flags = PyBUF_CONTIG_RO;
    if (rows && (write_time = column_of(&held, write_columns, "time", 8, (size_t)writes)) &&
        (write_call = column_of(&held, write_columns, "call", 4, (size_t)writes)) &&
        (line_time = column_of(&held, line_columns, "time", 8, (size_t)lines)) &&
        (line_call = column_of(&held, line_columns, "call", 4, (size_t)lines))) {
        if ((last = PyMem_RawMalloc((size_t)calls * sizeof *last + 1)) == NULL) {
            PyErr_NoMemory();
        } else {
            bool done;
            Py_BEGIN_ALLOW_THREADS;
            done = newest_rows(write_time, write_call, (size_t)writes, line_time, line_call, (size_t)lines, last, (size_t)calls, rows);
            Py_END_ALLOW_THREADS;
            answer = done ? Py_NewRef(Py_None) : PyErr_Format(PyExc_ValueError, "a row is of a call that is not there");
        }
    }
    PyMem_RawFree(last);
    columns_release(&held);
    return answer;
}

/* ---- values ---- */

static PyObject *split_values(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_buffer data;
    if (PyObject_GetBuffer(arg, &data, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    const uint8_t *at = data.buf, *end = at + data.len;
    PyObject *list = PyList_New(0);
    while (list != NULL && at < end) {
        const uint8_t *next = packed_skip(at, end);
        PyObject *value = next ? PyBytes_FromStringAndSize((const char *)at, next - at)
                               : PyErr_Format(PyExc_ValueError, "%zd bytes are not values one after the other", data.len);
        if (value == NULL || PyList_Append(list, value) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(value);
        at = next;
    }
    PyBuffer_Release(&data);
    return list;
}

PyMethodDef reading_functions[] = {
    {"contexts", module_contexts, METH_VARARGS, NULL},
    {"fill_lanes", fill_lanes, METH_VARARGS, NULL},
    {"draw_lanes", draw_lanes, METH_VARARGS, NULL},
    {"longest_slice", longest_slice, METH_VARARGS, NULL},
    {"split_values", split_values, METH_O, NULL},
    {"newest_rows", module_newest_rows, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
