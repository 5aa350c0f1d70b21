/* See names.h. */
#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "encode.h"
#include "events.h"
#include "lines.h"
#include "versions.h"

/* ---- what was last written: a hash table by module and name ---- */

static struct variable {
    uint64_t key; /* module << 32 | name; 0: a free place */
    uint64_t digest; /* 0: not bound; of the name 0, which there is not, the address of the namespace that is followed */
} *variables = NULL;
static size_t places = 0, taken = 0;

static struct variable *variable_at(uint64_t key)
{
    size_t i = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 40) & (places - 1);
    while (variables[i].key != 0 && variables[i].key != key) {
        i = (i + 1) & (places - 1);
    }
    return &variables[i];
}

/* The variable, made if need be; NULL when there is no memory. */
static struct variable *variable_of(uint32_t module, uint32_t name)
{
    uint64_t key = (uint64_t)module << 32 | name;
    if (2 * taken >= places) {
        struct variable *old = variables, *larger = calloc(places ? 2 * places : 1024, sizeof *larger);
        size_t old_places = places;
        if (larger == NULL) {
            return NULL;
        }
        variables = larger;
        places = places ? 2 * places : 1024;
        for (size_t i = 0; i < old_places; i++) {
            if (old[i].key != 0) {
                *variable_at(old[i].key) = old[i];
            }
        }
        free(old);
    }
    struct variable *variable = variable_at(key);
    taken += variable->key == 0;
    variable->key = key;
    return variable;
}

bool scope_name_differs(uint32_t module, uint32_t name, uint64_t digest)
{
    struct variable *variable = variable_of(module, name);
    if (variable == NULL) {
        return true;
    }
    bool differs = variable->digest != digest;
    variable->digest = digest;
    return differs;
}

void scope_names_clear(void)
{
    free(variables);
    variables = NULL;
    places = taken = 0;
}

/* ---- looking at a namespace ---- */

struct names {
    struct scope_thread *thread;
    uint32_t module;
    unsigned used;
    unsigned char bytes[SCOPE_PAYLOAD_MAX];
};

static void write_names(struct names *names)
{
    uint64_t now = scope_ticks();
    uint64_t *at = names->used > 0 ? scope_reserve(names->thread, 2 + scope_padded(names->used) / 8, now) : NULL;
    if (at != NULL) {
        at[0] = scope_word(SCOPE_NAMES, names->module, now - names->thread->base) | SCOPE_PAYLOAD_BIT;
        memcpy(at + 2, names->bytes, names->used);
        scope_finish_record(names->thread, at, 0, names->used);
    }
    names->used = 0;
}

/* `value`: NULL for a variable that is gone. */
static void add_name(struct names *names, uint32_t name, PyObject *value, bool secret)
{
    enum { KEY_MAX = 9, VALUE_MAX = 1024 };
    if (sizeof names->bytes - names->used < KEY_MAX + VALUE_MAX) {
        write_names(names);
    }
    struct scope_writer w = {.p = names->bytes + names->used, .references = true};
    scope_put_int(&w, -(int64_t)name);
    w.end = w.wall = w.p + VALUE_MAX;
    if (value == NULL) {
        scope_write_mark(&w, SCOPE_EXT_GONE);
        names->used = (unsigned)(w.p - names->bytes);
    } else {
        Py_ssize_t size = scope_encode_into(&w, value, secret);
        names->used = (unsigned)(w.p - names->bytes) + (unsigned)size;
    }
}

static void look_at_value(struct scope_thread *thread, PyObject *value)
{
    struct scope_look look;
    scope_look_begin(&look, thread, 0, true);
    scope_look_add(&look, value, true);
    scope_look_run(&look);
}

static void look_at_variable(struct names *names, PyObject *key, PyObject *value)
{
    struct scope_code *entry = scope_intern_name(key);
    if (entry == NULL) {
        return;
    }
    bool secret = scope_is_secret(key);
    if (!secret) {
        look_at_value(names->thread, value);
    }
    if (scope_name_differs(names->module, entry->id, scope_digest(value, 0))) {
        add_name(names, entry->id, value, secret);
    }
}

/* Where `namespace` lacks what was written. */
static void add_gone(struct names *names, PyObject *namespace)
{
    if (!DK_IS_UNICODE(((PyDictObject *)namespace)->ma_keys)) { /* not every name can be looked up */
        return;
    }
    for (size_t i = 0; i < places; i++) {
        struct variable *variable = &variables[i];
        uint32_t name = (uint32_t)variable->key;
        if (variable->key >> 32 == names->module && name != 0 && variable->digest != 0 &&
            scope_dict_under(namespace, scope_interned(name)->name) == NULL) {
            variable->digest = 0;
            add_name(names, name, NULL, false);
        }
    }
}

/* ---- which namespace is a module's ---- */

static void follow(uint32_t module, PyObject *namespace)
{
    struct variable *followed = variable_of(module, 0);
    if (followed != NULL) {
        followed->digest = (uintptr_t)namespace;
    }
}

bool scope_is_followed(uint32_t module, PyObject *namespace)
{
    struct variable *followed = variable_of(module, 0);
    if (followed != NULL && followed->digest == 0) {
        followed->digest = (uintptr_t)namespace;
    }
    return followed == NULL || followed->digest == (uintptr_t)namespace;
}

/* Whether a body of the same module, with another namespace, is among the frames that have led to this one. */
static bool runs_in_another(uint32_t module, struct _PyInterpreterFrame *frame)
{
    for (struct _PyInterpreterFrame *caller = frame; (caller = scope_frame_caller(caller)) != NULL;) {
        const struct scope_code *entry = scope_code_of(scope_frame_code(caller));
        if (caller->f_globals != frame->f_globals && entry != NULL && entry->module_id == module && entry->table != NULL &&
            entry->table->is_module) {
            return true;
        }
    }
    return false;
}

void scope_module_begins(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame)
{
    PyObject *namespace = frame->f_globals;
    if (entry->module_id == 0 || !PyDict_CheckExact(namespace)) {
        return;
    }
    bool apart = frame->f_locals != namespace || runs_in_another(entry->module_id, frame);
    if (apart && !entry->table->has_begun) {
        entry->flags |= SCOPE_FLAG_CLASS_BODY;
        entry->module_id = 0;
    }
    entry->table->has_begun = true;
    if (!apart) {
        follow(entry->module_id, namespace);
        struct names names = {.thread = thread, .module = entry->module_id};
        add_gone(&names, namespace);
        write_names(&names);
    }
}

PyObject *scope_look_namespace(PyObject *self, PyObject *args)
{
    (void)self;
    PyObject *module, *namespace, *hidden;
    if (!PyArg_ParseTuple(args, "UO!O!:look_namespace", &module, &PyDict_Type, &namespace, &PyFrozenSet_Type, &hidden)) {
        return NULL;
    }
    struct scope_thread *thread = scope_recorder.running ? scope_thread_here() : NULL;
    struct scope_code *entry = thread != NULL && PyUnicode_CheckExact(module) ? scope_intern_name(module) : NULL;
    if (entry == NULL) {
        Py_RETURN_NONE;
    }
    follow(entry->id, namespace);
    struct names names = {.thread = thread, .module = entry->id};
    struct scope_walk walk = scope_walk_dict(namespace);
    PyObject *key, *value;
    while (scope_walk_step(&walk, &key, &value)) {
        if (value != NULL && PyUnicode_CheckExact(key) && PySet_Contains(hidden, key) == 0) {
            look_at_variable(&names, key, value);
        }
    }
    add_gone(&names, namespace);
    write_names(&names);
    PyErr_Clear();
    Py_RETURN_NONE;
}

PyObject *scope_look_object(PyObject *self, PyObject *object)
{
    (void)self;
    struct scope_thread *thread = scope_recorder.running ? scope_thread_here() : NULL;
    if (thread != NULL) {
        look_at_value(thread, object);
    }
    Py_RETURN_NONE;
}
