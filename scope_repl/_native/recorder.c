/* Start and stop. Everything a recording needs is made here and given back here. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "delegation.h"
#include "encode.h"
#include "events.h"
#include "hooks.h"
#include "locals.h"
#include "log.h"
#include "names.h"
#include "versions.h"

struct scope_recorder scope_recorder;

int scope_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    PyObject *note = PyUnicode_FromFormatV(format, arguments);
    va_end(arguments);
    int result = note == NULL ? -1 : PyList_Append(scope_recorder.notes, note);
    Py_XDECREF(note);
    return result;
}

/* ---- options ---- */

static void free_options(void)
{
    for (size_t i = 0; i < scope_recorder.rule_count; i++) {
        free(scope_recorder.rules[i].glob);
    }
    free(scope_recorder.rules);
    scope_recorder.rules = NULL;
    scope_recorder.rule_count = 0;
    free(scope_recorder.muted);
    scope_recorder.muted = NULL;
    scope_recorder.muted_count = 0;
    Py_CLEAR(scope_recorder.active_threads);
    for (uint32_t id = 1; id <= scope_intern_count(); id++) {
        scope_interned(id)->thread_entry = false;
    }
}

/* rules: a sequence of (level, "module" or "file", glob). */
static int read_rules(PyObject *sequence)
{
    PyObject *rules = PySequence_Fast(sequence, "rules: a sequence of (level, target, glob)");
    if (rules == NULL) {
        return -1;
    }
    Py_ssize_t count = PySequence_Fast_GET_SIZE(rules);
    scope_recorder.rules = calloc((size_t)count + 1, sizeof(struct scope_rule));
    for (Py_ssize_t i = 0; scope_recorder.rules != NULL && i < count; i++) {
        int level;
        const char *target, *glob;
        PyObject *rule = PySequence_Fast_GET_ITEM(rules, i);
        if (!PyTuple_Check(rule)) {
            PyErr_Format(PyExc_TypeError, "rules: %R is not a tuple of level, target and glob", rule);
            break;
        }
        if (!PyArg_ParseTuple(rule, "iss", &level, &target, &glob)) {
            break;
        }
        char *copy = strdup(glob);
        if (copy == NULL) {
            break;
        }
        scope_recorder.may_be_opaque = scope_recorder.may_be_opaque || level == SCOPE_LEVEL_OFF;
        scope_recorder.rules[i] = (struct scope_rule){(uint8_t)level, strcmp(target, "module") == 0, copy};
        scope_recorder.rule_count = (size_t)i + 1;
    }
    Py_DECREF(rules);
    if (scope_recorder.rule_count == (size_t)count && scope_recorder.rules != NULL) {
        return 0;
    }
    if (!PyErr_Occurred()) {
        PyErr_NoMemory();
    }
    return -1;
}

static int read_muted(PyObject *sequence)
{
    PyObject *idents = PySequence_Fast(sequence, "muted_threads: a sequence of thread idents");
    if (idents == NULL) {
        return -1;
    }
    Py_ssize_t count = PySequence_Fast_GET_SIZE(idents);
    scope_recorder.muted = calloc((size_t)count + 1, sizeof(unsigned long));
    if (scope_recorder.muted == NULL) {
        PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; !PyErr_Occurred() && i < count; i++) {
        scope_recorder.muted[i] = PyLong_AsUnsignedLong(PySequence_Fast_GET_ITEM(idents, i));
        scope_recorder.muted_count = (size_t)i + 1;
    }
    Py_DECREF(idents);
    return PyErr_Occurred() ? -1 : 0;
}

static int read_thread_entries(PyObject *sequence)
{
    PyObject *codes = PySequence_Fast(sequence, "thread_entries: a sequence of code objects");
    if (codes == NULL) {
        return -1;
    }
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(codes); i++) {
        PyObject *code = PySequence_Fast_GET_ITEM(codes, i);
        if (!PyCode_Check(code)) {
            PyErr_Format(PyExc_TypeError, "thread_entries: %R is not a code object", code);
            break;
        }
        struct scope_code *entry = scope_intern_code((PyCodeObject *)code);
        if (entry == NULL) {
            PyErr_NoMemory();
            break;
        }
        entry->thread_entry = true;
    }
    Py_DECREF(codes);
    return PyErr_Occurred() ? -1 : 0;
}

/* threading's table of living threads, from which names come. Without it threads have no names. */
static int find_active_threads(void)
{
    PyObject *threading = PyImport_ImportModule("threading");
    PyObject *active = threading ? PyObject_GetAttrString(threading, "_active") : NULL;
    Py_XDECREF(threading);
    if (active != NULL && PyDict_CheckExact(active)) {
        scope_recorder.active_threads = active;
        return 0;
    }
    Py_XDECREF(active);
    PyErr_Clear();
    return 0;
}

/* ---- start ---- */

static int64_t wall_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void forget_modes(void)
{
    for (uint32_t id = 1; id <= scope_intern_count(); id++) {
        struct scope_code *entry = scope_interned(id);
        entry->mode = SCOPE_UNJUDGED;
        entry->used = false;
    }
}

void scope_open_running_frames(PyThreadState *tstate)
{
    struct _PyInterpreterFrame *found[256], **frames = found;
    size_t depth = 0, room = 256;
    for (struct _PyInterpreterFrame *frame = scope_current_frame(tstate); frame != NULL; frame = scope_frame_caller(frame)) {
        PyCodeObject *code = scope_frame_code(frame);
        struct scope_code *entry = code != NULL && !_PyFrame_IsIncomplete(frame) ? scope_intern_code(code) : NULL;
        if (entry == NULL) {
            continue;
        }
        if (entry->mode == SCOPE_UNJUDGED) {
            scope_hook_judge(entry, code, frame->f_globals);
        }
        if (!scope_in_scope(entry)) {
            continue;
        }
        if (depth == room) {
            struct _PyInterpreterFrame **larger = malloc(2 * room * sizeof(*larger));
            if (larger == NULL) {
                break; /* the outermost frames stay unknown */
            }
            memcpy(larger, frames, room * sizeof(*larger));
            if (frames != found) {
                free(frames);
            }
            frames = larger;
            room *= 2;
        }
        frames[depth++] = frame;
    }
    struct scope_thread *thread = depth > 0 ? scope_thread_of(tstate) : NULL;
    while (thread != NULL && depth-- > 0) {
        struct _PyInterpreterFrame *frame = frames[depth];
        scope_record_open(thread, scope_code_of(scope_frame_code(frame)), frame);
        if (frame != scope_current_frame(tstate)) {
            scope_delegation_open(thread, frame);
        }
    }
    if (frames != found) {
        free(frames);
    }
}

/* From here on no thread finds its place to write to any more, even if it gets the GIL before all is cleared away. */
static void end_generation(void)
{
    scope_recorder.running = false;
    scope_recorder.generation++;
    for (uint32_t i = 0; i < scope_recorder.thread_count; i++) {
        scope_recorder.threads[i]->limit = scope_recorder.threads[i]->cursor;
    }
    scope_hook_remove();
}

static void close_recorder(void)
{
    scope_fold_clear();
    size_t bytes;
    uint8_t *pool = scope_recorder.pool ? scope_pool_close(&bytes) : NULL;
    if (pool != NULL) {
        munmap(pool, bytes);
    }
    scope_threads_release();
    scope_shadows_clear();
    scope_versions_forget();
    scope_names_clear();
    scope_intern_free_lines();
    free_options();
    Py_CLEAR(scope_recorder.notes);
}

PyObject *scope_start(PyObject *self, PyObject *args, PyObject *kwargs)
{
    (void)self;
    static char *names[] = {"buffer_bytes", "drop_newest", "rules", "default_level", "c_calls", "max_depth", "thread_entries",
                            "muted_threads", NULL};
    Py_ssize_t buffer_bytes;
    int drop_newest, default_level, c_calls;
    unsigned int max_depth;
    PyObject *rules, *thread_entries, *muted_threads;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "$npOipIOO:start", names, &buffer_bytes, &drop_newest, &rules, &default_level,
                                     &c_calls, &max_depth, &thread_entries, &muted_threads)) {
        return NULL;
    }
    if (scope_recorder.running) {
        PyErr_SetString(PyExc_RuntimeError, "a recorder is already running in this process");
        return NULL;
    }
    scope_recorder.generation++;
    scope_recorder.drop_newest = drop_newest;
    scope_recorder.c_calls = c_calls;
    scope_recorder.max_depth = max_depth ? max_depth : UINT32_MAX;
    scope_recorder.default_level = (uint8_t)default_level;
    scope_recorder.horizon = 0;
    scope_recorder.may_be_opaque = default_level == SCOPE_LEVEL_OFF;
    scope_recorder.notes = PyList_New(0);
    forget_modes();
    if (scope_recorder.notes == NULL || read_rules(rules) < 0 || read_muted(muted_threads) < 0 ||
        read_thread_entries(thread_entries) < 0 || find_active_threads() < 0 || scope_pool_open((size_t)buffer_bytes) < 0) {
        PyObject *type, *value, *traceback;
        PyErr_Fetch(&type, &value, &traceback);
        close_recorder();
        PyErr_Restore(type, value, traceback);
        return NULL;
    }
    scope_recorder.running = true;
    scope_recorder.compared = 0;
    scope_recorder.wall_ns = wall_clock_ns();
    scope_recorder.start = scope_recorder.horizon = scope_ticks();
    if (scope_hook_install() < 0) {
        PyObject *type, *value, *traceback;
        PyErr_Fetch(&type, &value, &traceback);
        end_generation();
        close_recorder();
        PyErr_Restore(type, value, traceback);
        return NULL;
    }
    Py_RETURN_NONE;
}

/* ---- stop ---- */

PyObject *scope_stop(PyObject *self, PyObject *ignored)
{
    (void)self, (void)ignored;
    if (!scope_recorder.running) {
        PyErr_SetString(PyExc_RuntimeError, "no recorder is running in this process");
        return NULL;
    }
    uint64_t end = scope_ticks();
    end_generation();
    PyObject *log = scope_log_export(end);
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    close_recorder();
    PyErr_Restore(type, value, traceback);
    return log;
}

PyObject *scope_abandon(PyObject *self, PyObject *ignored)
{
    (void)self, (void)ignored;
    if (scope_recorder.running) {
        end_generation();
        close_recorder();
    }
    Py_RETURN_NONE;
}
