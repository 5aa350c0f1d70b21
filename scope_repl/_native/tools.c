/* Python 3.12 and later: the two monitoring tool ids, the callbacks as objects, and how they are put in place and taken out. */
#include "compat.h"

#if SCOPE_HAS_MONITORING
#  include <stddef.h>
#  include <string.h>

#  include "hooks.h"
#  include "monitoring.h"

enum { TOOL_IDS = 6 };

PyObject *scope_disable, *scope_missing;
static PyObject *monitoring;               /* owned: sys.monitoring */
static PyObject *set_local_events;         /* owned: the builtin */
static PyObject *sets[SCOPE_EVENT_SETS];   /* owned ints */
static int tools[2] = {-1, -1};            /* the ids held, or -1 */
static PyObject *tool_objects[2];          /* owned while held: the same as int */

/* ---- the callbacks as objects: the smallest type that vectorcall can call ---- */

struct callback {
    PyObject_HEAD
    vectorcallfunc vectorcall;
};

static PyMemberDef callback_members[] = {
    {"__vectorcalloffset__", Py_T_PYSSIZET, offsetof(struct callback, vectorcall), Py_READONLY, NULL}, {0}};
static PyType_Slot callback_slots[] = {{Py_tp_call, PyVectorcall_Call}, {Py_tp_members, callback_members}, {0, NULL}};
static PyType_Spec callback_spec = {
    .name = "scope_repl._tracer.Callback",
    .basicsize = sizeof(struct callback),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = callback_slots,
};

static PyObject *objects[SCOPE_CALLBACKS]; /* owned: the callbacks */
static long bits[SCOPE_CALLBACKS];         /* the bits of their events */

/* The events of each set, by name. */
static const char *const set_names[SCOPE_EVENT_SETS][8] = {
    [SCOPE_NO_EVENTS] = {NULL},
    [SCOPE_GLOBAL_EVENTS] = {"PY_START", "PY_RESUME", "PY_THROW", "PY_UNWIND", "RAISE", "EXCEPTION_HANDLED", NULL},
    [SCOPE_RECORDED_EVENTS] = {"PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "CALL", NULL},
    [SCOPE_PLAIN_EVENTS] = {"PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", NULL},
    [SCOPE_LINES_EVENTS] = {"PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "LINE", "CALL", NULL},
    [SCOPE_PLAIN_LINES_EVENTS] = {"PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "LINE", NULL},
    [SCOPE_BOUNDARY_EVENTS] = {"PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", NULL},
    [SCOPE_THREAD_EVENTS] = {"PY_START", "PY_RETURN", NULL},
};

/* The sum of some events' bits, as an int (new reference). */
static PyObject *sum_of(const char *const *names)
{
    long sum = 0;
    for (; *names != NULL; names++) {
        for (int i = 0; i < SCOPE_CALLBACKS; i++) {
            if (strcmp(scope_callbacks[i].event, *names) == 0) {
                sum |= bits[i];
            }
        }
    }
    return PyLong_FromLong(sum);
}

static int make_callbacks(PyObject *events)
{
    PyTypeObject *type = (PyTypeObject *)PyType_FromSpec(&callback_spec);
    for (int i = 0; type != NULL && i < SCOPE_CALLBACKS; i++) {
        struct callback *object = PyObject_New(struct callback, type);
        PyObject *bit = PyObject_GetAttrString(events, scope_callbacks[i].event);
        if (object == NULL || bit == NULL) {
            Py_XDECREF(object);
            Py_XDECREF(bit);
            Py_CLEAR(type);
            break;
        }
        object->vectorcall = scope_callbacks[i].function;
        objects[i] = (PyObject *)object;
        bits[i] = PyLong_AsLong(bit);
        Py_DECREF(bit);
    }
    Py_XDECREF(type); /* the callbacks hold it */
    return type == NULL ? -1 : 0;
}

int scope_hook_init(void)
{
    monitoring = Py_XNewRef(PySys_GetObject("monitoring"));
    if (monitoring == NULL) {
        PyErr_SetString(PyExc_ImportError, "this build of CPython has no sys.monitoring");
        return -1;
    }
    scope_disable = PyObject_GetAttrString(monitoring, "DISABLE");
    scope_missing = PyObject_GetAttrString(monitoring, "MISSING");
    set_local_events = PyObject_GetAttrString(monitoring, "set_local_events");
    PyObject *events = PyObject_GetAttrString(monitoring, "events");
    if (scope_disable == NULL || scope_missing == NULL || set_local_events == NULL || events == NULL || make_callbacks(events) < 0) {
        Py_XDECREF(events);
        return -1;
    }
    Py_DECREF(events);
    for (int set = 0; set < SCOPE_EVENT_SETS; set++) {
        sets[set] = sum_of(set_names[set]);
        if (sets[set] == NULL) {
            return -1;
        }
    }
    return 0;
}

/* ---- local events ---- */

bool scope_tool_is_held(enum scope_tool tool) { return tools[tool] >= 0; }

void scope_watch_code(enum scope_tool tool, PyCodeObject *code, enum scope_event_set set)
{
    PyObject *args[] = {tool_objects[tool], (PyObject *)code, sets[set]};
    PyObject *type, *value, *traceback; /* code is judged while exceptions may be in flight */
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *result = PyObject_Vectorcall(set_local_events, args, 3, NULL); /* a builtin: no Python code runs */
    if (result == NULL) {
        PyErr_Clear(); /* no memory to instrument the code: it stays unseen */
    }
    Py_XDECREF(result);
    PyErr_Restore(type, value, traceback);
}

/* ---- in and out ---- */

/* Takes a free tool id; -1 without an exception when there is none, -2 with one. The ids that PEP 669 suggests for debuggers,
 * coverage and profilers come last, so that the program can still start one. */
static int take_tool(void)
{
    static const int order[] = {4, 3, 5, 1, 0, 2};
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        PyObject *holder = PyObject_CallMethod(monitoring, "get_tool", "i", order[i]);
        if (holder == NULL) {
            return -2;
        }
        Py_DECREF(holder);
        if (holder == Py_None) {
            PyObject *result = PyObject_CallMethod(monitoring, "use_tool_id", "is", order[i], "scope");
            Py_XDECREF(result);
            return result ? order[i] : -2;
        }
    }
    return -1;
}

/* RuntimeError whose arguments are the names of those who hold the tool ids. */
static void set_taken_error(void)
{
    PyObject *holders = PyTuple_New(TOOL_IDS);
    for (int i = 0; holders != NULL && i < TOOL_IDS; i++) {
        PyObject *holder = PyObject_CallMethod(monitoring, "get_tool", "i", i);
        if (holder == NULL) {
            Py_CLEAR(holders);
            break;
        }
        PyTuple_SET_ITEM(holders, i, holder);
    }
    if (holders != NULL) {
        PyErr_SetObject(PyExc_RuntimeError, holders);
        Py_DECREF(holders);
    }
}

static int call(const char *method, int tool, PyObject *argument)
{
    PyObject *result = PyObject_CallMethod(monitoring, method, "iO", tool, argument);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

static int register_callbacks(bool in)
{
    for (int i = 0; i < SCOPE_CALLBACKS; i++) {
        int tool = tools[scope_callbacks[i].tool];
        bool wanted = scope_recorder.c_calls || strncmp(scope_callbacks[i].event, "C_", 2) != 0;
        if (tool >= 0 && wanted) {
            PyObject *result =
                PyObject_CallMethod(monitoring, "register_callback", "ilO", tool, bits[i], in ? objects[i] : Py_None);
            Py_XDECREF(result);
            if (result == NULL) {
                return -1;
            }
        }
    }
    return 0;
}

static int take_tools(void)
{
    for (int i = SCOPE_MAIN; i <= SCOPE_BOUNDARY; i++) {
        tools[i] = take_tool();
        if (tools[i] == -1 && i == SCOPE_MAIN) {
            set_taken_error();
            return -1;
        }
        if (tools[i] == -2) {
            return -1;
        }
        if (tools[i] == -1) {
            return scope_note("calls into libraries have no spans: of the monitoring tool ids only one was free, and they need another");
        }
        tool_objects[i] = PyLong_FromLong(tools[i]);
        if (tool_objects[i] == NULL) {
            return -1;
        }
    }
    return 0;
}

static void watch_thread_entries(void)
{
    for (uint32_t id = 1; id <= scope_intern_count(); id++) {
        struct scope_code *entry = scope_interned(id);
        if (entry->thread_entry && entry->code != NULL) {
            entry->monitored = true;
            scope_watch_code(SCOPE_MAIN, entry->code, SCOPE_THREAD_EVENTS);
        }
    }
}

static void open_running_frames(void)
{
    for (PyThreadState *tstate = PyInterpreterState_ThreadHead(PyInterpreterState_Get()); tstate != NULL;
         tstate = PyThreadState_Next(tstate)) {
        scope_open_running_frames(tstate);
    }
}

int scope_hook_install(void)
{
    if (take_tools() == 0 && register_callbacks(true) == 0) {
        PyObject *result = PyObject_CallMethod(monitoring, "restart_events", NULL);
        if (result != NULL) {
            Py_DECREF(result);
            watch_thread_entries();
            open_running_frames();
            if (call("set_events", tools[SCOPE_MAIN], sets[SCOPE_GLOBAL_EVENTS]) == 0) {
                return 0;
            }
        }
    }
    scope_hook_remove();
    return -1;
}

void scope_hook_remove(void)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (tools[SCOPE_MAIN] >= 0) {
        call("set_events", tools[SCOPE_MAIN], sets[SCOPE_NO_EVENTS]);
    }
    for (uint32_t id = 1; id <= scope_intern_count(); id++) {
        struct scope_code *entry = scope_interned(id);
        if (entry->monitored && entry->code != NULL) {
            scope_watch_code(SCOPE_MAIN, entry->code, SCOPE_NO_EVENTS);
            if (tools[SCOPE_BOUNDARY] >= 0) {
                scope_watch_code(SCOPE_BOUNDARY, entry->code, SCOPE_NO_EVENTS);
            }
        }
        entry->monitored = false;
    }
    PyErr_Clear();
    register_callbacks(false);
    PyErr_Clear();
    for (int i = SCOPE_MAIN; i <= SCOPE_BOUNDARY; i++) {
        if (tools[i] >= 0) {
            PyObject *result = PyObject_CallMethod(monitoring, "free_tool_id", "i", tools[i]);
            Py_XDECREF(result);
            PyErr_Clear();
        }
        Py_CLEAR(tool_objects[i]);
        tools[i] = -1;
    }
    PyErr_Restore(type, value, traceback);
}
#endif
