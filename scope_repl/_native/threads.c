/* The threads that take part. A thread attaches at its first event of a recording; its place to write to lives in thread-local
 * storage, so that the hot path finds it with one load. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "locals.h"
#include "recorder.h"
#include "stack.h"

struct scope_thread scope_nobody = {.chunk = -1, .oldest = -1, .generation = UINT64_MAX};
__thread struct scope_thread *scope_this_thread __attribute__((tls_model("initial-exec"))) = &scope_nobody;

static struct scope_thread *all = NULL; /* every place that was made and not freed yet */
static pthread_key_t at_thread_end;
static PyObject *str_name, *str_untraced, *str_daemon; /* interned */

/* Runs at the end of the OS thread, without the GIL: says that the place may be freed, and touches nothing else. */
static void thread_ended(void *place)
{
    scope_this_thread = &scope_nobody;
    atomic_store(&((struct scope_thread *)place)->dead, true);
}

int scope_threads_init(void)
{
    str_name = PyUnicode_InternFromString("_name");
    str_untraced = PyUnicode_InternFromString("pydev_do_not_trace");
    str_daemon = PyUnicode_InternFromString("is_pydev_daemon_thread");
    if (str_name == NULL || str_untraced == NULL || str_daemon == NULL) {
        return -1;
    }
    if (pthread_key_create(&at_thread_end, thread_ended) != 0) {
        PyErr_SetString(PyExc_ImportError, "scope_repl needs a pthread key, and the process has none left");
        return -1;
    }
    return 0;
}

/* An instance attribute of a threading.Thread (new reference), or NULL without an exception; no code of a subclass is run. */
static PyObject *thread_attribute(PyObject *thread, PyObject *name)
{
    if (thread == NULL || Py_TYPE(thread)->tp_getattro != PyObject_GenericGetAttr || _PyType_Lookup(Py_TYPE(thread), name)) {
        return NULL;
    }
    PyObject *value = PyObject_GenericGetAttr(thread, name);
    if (value == NULL) {
        PyErr_Clear();
    }
    return value;
}

static bool is_set(PyObject *thread, PyObject *name)
{
    PyObject *value = thread_attribute(thread, name);
    bool set = value == Py_True;
    Py_XDECREF(value);
    return set;
}

/* The Thread object (borrowed) that threading knows under this ident, or NULL. */
static PyObject *known_thread(unsigned long ident)
{
    if (scope_recorder.active_threads == NULL) {
        return NULL;
    }
    PyObject *key = PyLong_FromUnsignedLong(ident);
    PyObject *thread = key ? PyDict_GetItemWithError(scope_recorder.active_threads, key) : NULL;
    Py_XDECREF(key);
    if (thread == NULL) {
        PyErr_Clear();
    }
    return thread;
}

static bool is_muted(unsigned long ident, PyObject *thread)
{
    for (size_t i = 0; i < scope_recorder.muted_count; i++) {
        if (scope_recorder.muted[i] == ident) {
            return true;
        }
    }
    return is_set(thread, str_untraced) || is_set(thread, str_daemon);
}

/* Gives the place a number in the running recording. */
static bool enlist(struct scope_thread *place)
{
    struct scope_recorder *recorder = &scope_recorder;
    if (recorder->thread_count == recorder->thread_room) {
        uint32_t room = recorder->thread_room ? recorder->thread_room * 2 : 16;
        struct scope_thread **larger = realloc(recorder->threads, room * sizeof(*larger));
        if (larger == NULL) {
            return false;
        }
        recorder->threads = larger;
        recorder->thread_room = room;
    }
    place->index = recorder->thread_count;
    recorder->threads[recorder->thread_count++] = place;
    return true;
}

/* Makes a place ready for the running recording. */
static void renew(struct scope_thread *place, unsigned long ident, unsigned long native_id, PyObject *thread)
{
    place->cursor = place->limit = NULL;
    place->generation = scope_recorder.generation;
    place->chunk = place->oldest = -1;
    place->full = false;
    place->depth = 0;
    place->written = place->payload_words = place->folded = place->refused = 0;
    place->end_known = place->start = place->end = 0;
    place->ident = ident;
    place->native_id = native_id;
    place->unwound = place->unwound_cursor = NULL;
    place->c_callable = NULL;
    place->delegating_count = 0;
#if !SCOPE_HAS_MONITORING
    place->frame = place->landed = place->lined = NULL;
    place->missed_lines = false;
#endif
    place->muted = is_muted(ident, thread) || !enlist(place);
    if (!place->muted) {
        PyObject *name = thread_attribute(thread, str_name);
        place->name = name != NULL && PyUnicode_CheckExact(name) ? Py_NewRef(name) : NULL;
        Py_XDECREF(name);
    }
}

static struct scope_thread *new_place(void)
{
    struct scope_thread *place = calloc(1, sizeof(*place));
    if (place != NULL) {
        place->next = all;
        all = place;
    }
    return place;
}

struct scope_thread *scope_thread_attach(PyObject *thread)
{
    if (!scope_recorder.running) {
        return NULL;
    }
    PyObject *type, *value, *traceback; /* events may arrive while an exception is in flight */
    PyErr_Fetch(&type, &value, &traceback);
    unsigned long ident = PyThread_get_thread_ident();
    struct scope_thread *place = scope_this_thread;
    if (place == &scope_nobody) {
        /* A place may have been made for this thread by another one, at the start of the recording. */
        for (place = all; place != NULL; place = place->next) {
            if (place->ident == ident && place->generation == scope_recorder.generation && !atomic_load(&place->dead) &&
                place->native_id == PyThread_get_thread_native_id()) {
                break;
            }
        }
        if (place == NULL) {
            place = new_place();
        }
        if (place != NULL) {
            scope_this_thread = place;
            pthread_setspecific(at_thread_end, place);
        }
    }
#if !SCOPE_HAS_MONITORING
    if (place != NULL && place->stack_limit == NULL) {
        place->stack_limit = scope_stack_limit();
    }
#endif
    if (place != NULL && place->generation != scope_recorder.generation) {
        renew(place, ident, PyThread_get_thread_native_id(), thread != NULL ? thread : known_thread(ident));
    }
    PyErr_Restore(type, value, traceback);
    return place == NULL || place->muted ? NULL : place;
}

struct scope_thread *scope_thread_of(PyThreadState *tstate)
{
    if (tstate->thread_id == PyThread_get_thread_ident()) {
        return scope_thread_attach(NULL);
    }
    for (struct scope_thread *place = all; place != NULL; place = place->next) {
        if (place->ident == tstate->thread_id && place->native_id == tstate->native_thread_id && !atomic_load(&place->dead)) {
            if (place->generation != scope_recorder.generation) {
                renew(place, place->ident, place->native_id, known_thread(place->ident));
            }
            return place->muted ? NULL : place;
        }
    }
    struct scope_thread *place = new_place();
    if (place == NULL) {
        return NULL;
    }
    renew(place, tstate->thread_id, tstate->native_thread_id, known_thread(tstate->thread_id));
    return place->muted ? NULL : place;
}

void scope_threads_release(void)
{
    scope_recorder.thread_count = 0;
    struct scope_thread **link = &all;
    while (*link != NULL) {
        struct scope_thread *place = *link;
        place->cursor = place->limit = NULL;
        Py_CLEAR(place->name);
        scope_shadows_release(place);
        free(place->stack);
        place->stack = NULL;
        place->stack_size = place->stack_room = 0;
        free(place->delegating);
        place->delegating = NULL;
        place->delegating_count = place->delegating_room = 0;
        if (atomic_load(&place->dead)) {
            *link = place->next;
            free(place);
        } else {
            link = &place->next;
        }
    }
}
