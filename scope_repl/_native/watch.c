/* See watch.h. */
#include "watch.h"

#include <stdlib.h>

#include "attributes.h"
#include "locals.h"
#include "wanted.h"
#include "object_compat.h"
#include "versions.h"

enum { PLACES_FIRST = 64, STATES_MAX = 4096 };

/* ---- the table of instances ---- */

struct watched {
    PyObject *object;   /* borrowed; NULL: a free place */
    PyObject *weak;     /* owned weak reference, or NULL where there can be none */
    PyTypeObject *type; /* only compared: the address may be another object's by now */
};
static struct watched *table = NULL;
static size_t places = 0, taken = 0; /* places: a power of two, or 0 */
bool scope_has_watched = false;

static size_t place_of(const PyObject *object)
{
    size_t i = (size_t)(((uintptr_t)object >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 40) & (places - 1);
    while (table[i].object != NULL && table[i].object != object) {
        i = (i + 1) & (places - 1);
    }
    return i;
}

bool scope_is_watched(PyObject *object)
{
    if (!scope_has_watched) {
        return false;
    }
    const struct watched *entry = &table[place_of(object)];
    return entry->object == object && (entry->weak != NULL || entry->type == Py_TYPE(object));
}

static int grow(void)
{
    struct watched *old = table;
    size_t old_places = places;
    struct watched *larger = calloc(places ? 2 * places : PLACES_FIRST, sizeof *larger);
    if (larger == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    table = larger;
    places = places ? 2 * places : PLACES_FIRST;
    for (size_t i = 0; i < old_places; i++) {
        if (old[i].object != NULL) {
            table[place_of(old[i].object)] = old[i];
        }
    }
    free(old);
    return 0;
}

/* Takes an entry out and closes the hole (Knuth, TAOCP 6.4, algorithm R). */
static void take_out(size_t i)
{
    PyObject *weak = table[i].weak;
    table[i].object = NULL;
    scope_has_watched = --taken > 0;
    for (size_t j = (i + 1) & (places - 1); table[j].object != NULL; j = (j + 1) & (places - 1)) {
        struct watched moved = table[j];
        table[j].object = NULL;
        table[place_of(moved.object)] = moved;
    }
    Py_XDECREF(weak);
}

/* What the weak references call when their object goes. */
static PyObject *is_gone(PyObject *self, PyObject *weak)
{
    (void)self;
    for (size_t i = 0; i < places; i++) {
        if (table[i].object != NULL && table[i].weak == weak) {
            take_out(i);
            break;
        }
    }
    Py_RETURN_NONE;
}

static PyMethodDef is_gone_method = {"is_gone", is_gone, METH_O, NULL};
static PyObject *is_gone_function; /* owned; as long as the process */

static int put_in(PyObject *object)
{
    if (2 * taken >= places && grow() < 0) {
        return -1;
    }
    if (table[place_of(object)].object == object) {
        take_out(place_of(object)); /* it may have been another object's address */
    }
    PyObject *weak = NULL;
    if (scope_supports_weak(Py_TYPE(object)) && (weak = PyWeakref_NewRef(object, is_gone_function)) == NULL) {
        return -1;
    }
    table[place_of(object)] = (struct watched){object, weak, Py_TYPE(object)};
    taken++;
    scope_has_watched = true;
    return 0;
}

/* ---- the classes ---- */

static PyObject *hooked = NULL;  /* owned list of weak references: the classes that have stand-ins */
static PyObject *classes = NULL; /* owned list of weak references: those that are watched themselves */

static int add_weakly(PyObject **list, PyTypeObject *type)
{
    PyObject *weak = *list != NULL || (*list = PyList_New(0)) != NULL ? PyWeakref_NewRef((PyObject *)type, NULL) : NULL;
    int result = weak != NULL ? PyList_Append(*list, weak) : -1;
    Py_XDECREF(weak);
    return result;
}

static bool is_of_watched_class(PyTypeObject *type)
{
    bool found = false;
    for (Py_ssize_t i = 0; classes != NULL && i < PyList_GET_SIZE(classes) && !found; i++) {
        PyObject *class = scope_weakly_held(PyList_GET_ITEM(classes, i));
        found = class != NULL && PyType_IsSubtype(type, (PyTypeObject *)class);
        Py_XDECREF(class);
    }
    return found;
}

/* Whether instances of a class can keep attributes at all. */
static bool keeps_attributes(const PyTypeObject *type)
{
    bool found = (type->tp_flags & Py_TPFLAGS_MANAGED_DICT) || type->tp_dictoffset != 0;
    for (; type != NULL && !found; type = type->tp_base) {
        found = !scope_is_made_in_c(type) && type->tp_members != NULL && type->tp_members[0].name != NULL;
    }
    return found;
}

static int refuse(PyTypeObject *type, const char *reason)
{
    PyErr_Format(PyExc_TypeError, "%s %s", type->tp_name, reason);
    return -1;
}

static int hook(PyTypeObject *type, bool everyone)
{
    if (!keeps_attributes(type) || scope_attributes_are_seen(type, everyone)) {
        return 0;
    }
    if (add_weakly(&hooked, type) < 0) {
        return -1;
    }
    return scope_attributes_hook(type, everyone);
}

/* A class and its subclasses: those that have a __setattr__ of their own need stand-ins of their own. */
static int hook_with_subclasses(PyTypeObject *type)
{
    if (hook(type, true) < 0) {
        return -1;
    }
    PyObject *subclasses = PyObject_CallMethod((PyObject *)&PyType_Type, "__subclasses__", "O", type);
    int result = subclasses != NULL ? 0 : -1;
    for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(subclasses); i++) {
        result = hook_with_subclasses((PyTypeObject *)PyList_GET_ITEM(subclasses, i));
    }
    Py_XDECREF(subclasses);
    return result;
}

static int watch_class(PyTypeObject *type)
{
    if (scope_is_made_in_c(type)) {
        return refuse(type, "is a class made in C, whose attributes cannot be followed");
    }
    if (PyType_IsSubtype(type, &PyType_Type)) {
        return refuse(type, "is a metaclass, whose instances are classes");
    }
    return hook_with_subclasses(type) < 0 || add_weakly(&classes, type) < 0 ? -1 : 0;
}

static int watch_instance(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (scope_is_made_in_c(type)) {
        return refuse(type, "is a class made in C, whose instances cannot be followed");
    }
    return hook(type, false) < 0 ? -1 : put_in(object);
}

int scope_watch(PyObject *thing)
{
    return PyType_Check(thing) ? watch_class((PyTypeObject *)thing) : watch_instance(thing);
}

void scope_watch_changed_class(PyObject *object)
{
    if (scope_is_watched(object) && hook(Py_TYPE(object), false) < 0) {
        PyErr_Clear(); /* no memory: its writes are not seen from here on, but at the looks */
    }
}

static void unwatch_all(void)
{
    while (taken > 0) {
        for (size_t i = 0; i < places; i++) {
            while (table[i].object != NULL) {
                take_out(i);
            }
        }
    }
    free(table);
    table = NULL;
    places = 0;
    PyObject *list = hooked; /* owned */
    hooked = NULL;
    Py_CLEAR(classes);
    for (Py_ssize_t i = 0; list != NULL && i < PyList_GET_SIZE(list); i++) {
        PyObject *type = scope_weakly_held(PyList_GET_ITEM(list, i));
        if (type != NULL) {
            scope_attributes_unhook((PyTypeObject *)type);
            Py_DECREF(type);
        }
    }
    Py_XDECREF(list);
    scope_wanted_forget();
}

/* ---- looks ---- */

void scope_watch_look_at(struct scope_thread *thread, PyObject *object, uint32_t line)
{
    struct scope_look look;
    scope_look_begin(&look, thread, line, true);
    scope_look_add(&look, object, true);
    scope_look_run(&look);
}

void scope_watch_look(struct scope_thread *thread, uint32_t line)
{
    for (size_t i = 0; i < places; i++) {
        if (table[i].object != NULL && table[i].weak != NULL) {
            scope_watch_look_at(thread, table[i].object, line);
        }
    }
}

void scope_watch_look_from(struct scope_thread *thread, struct _PyInterpreterFrame *caller)
{
    const struct scope_shadow *shadow = thread->shadow;
    bool has_line = shadow != NULL && shadow->frame == caller;
    scope_watch_look(thread, has_line ? (uint32_t)shadow->lines->lines[shadow->line].number : 0);
}

/* ---- what Python calls ---- */

static PyObject *watch(PyObject *self, PyObject *thing)
{
    (void)self;
    if (scope_watch(thing) < 0) {
        return NULL;
    }
    struct scope_thread *thread = scope_recorder.running && !PyType_Check(thing) ? scope_thread_here() : NULL;
    if (thread != NULL) {
        scope_watch_look_at(thread, thing, 0);
    }
    Py_RETURN_NONE;
}

static PyObject *unwatch(PyObject *self, PyObject *ignored)
{
    (void)self, (void)ignored;
    unwatch_all();
    Py_RETURN_NONE;
}

static PyObject *watched(PyObject *self, PyObject *ignored)
{
    (void)self, (void)ignored;
    PyObject *addresses = PyList_New(0);
    for (size_t i = 0; addresses != NULL && i < places; i++) {
        PyObject *address = table[i].object != NULL ? PyLong_FromVoidPtr(table[i].object) : NULL;
        if (table[i].object != NULL && (address == NULL || PyList_Append(addresses, address) < 0)) {
            Py_CLEAR(addresses);
        }
        Py_XDECREF(address);
    }
    return addresses;
}

static PyObject *look_at_watched(PyObject *self, PyObject *objects)
{
    (void)self;
    if (!PyList_CheckExact(objects)) {
        return PyErr_Format(PyExc_TypeError, "look_at_watched: a list, not %R", objects);
    }
    struct scope_thread *thread = scope_recorder.running ? scope_thread_here() : NULL;
    int count = 0;
    for (Py_ssize_t i = 0; thread != NULL && i < PyList_GET_SIZE(objects); i++) {
        PyObject *object = PyList_GET_ITEM(objects, i);
        if (!scope_is_watched(object) && !is_of_watched_class(Py_TYPE(object))) {
            continue;
        }
        if (++count > STATES_MAX) {
            if (scope_note("of the instances of watched classes, the state at the start is known of %d only", STATES_MAX) < 0) {
                return NULL;
            }
            break;
        }
        scope_watch_look_at(thread, object, 0);
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"watch", watch, METH_O, "Watch an instance or a class until unwatch() is called."},
    {"unwatch", unwatch, METH_NOARGS, "Watch nothing any more."},
    {"watched", watched, METH_NOARGS, "The addresses of the instances that are watched, and still there."},
    {"look_at_watched", look_at_watched, METH_O, "Look at those objects of a list that are watched."},
    {0},
};

int scope_watch_init(PyObject *module)
{
    is_gone_function = PyCFunction_New(&is_gone_method, NULL);
    return is_gone_function == NULL || scope_attributes_init() < 0 || PyModule_AddFunctions(module, methods) < 0 ||
                   scope_wanted_init(module) < 0
               ? -1
               : 0;
}
