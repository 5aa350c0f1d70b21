/* See attributes.h. */
#include "attributes.h"

#include <string.h>

#include "encode.h"
#include "encode_parts.h"
#include "events.h"
#include "object_compat.h"
#include "versions.h"
#include "watch.h"

enum { NESTED_MAX = 16, VALUE_MAX = (SCOPE_PAYLOAD_MAX - 4) / 2 };

static PyObject *names[2];     /* interned: __setattr__ and __delattr__ */
static PyObject *inherited[2]; /* owned: those of object */

int scope_attributes_init(void)
{
    names[0] = PyUnicode_InternFromString("__setattr__");
    names[1] = PyUnicode_InternFromString("__delattr__");
    for (int i = 0; i < 2; i++) {
        inherited[i] = names[i] ? PyObject_GetAttr((PyObject *)&PyBaseObject_Type, names[i]) : NULL;
        if (inherited[i] == NULL) {
            return -1;
        }
    }
    return 0;
}

/* ---- what was there before ---- */

/* What a class's instances would find behind `owner` (borrowed). */
static PyObject *found_behind(PyTypeObject *type, PyTypeObject *owner, bool deletes)
{
    PyObject *mro = type->tp_mro;
    bool behind = false;
    for (Py_ssize_t i = 0; mro != NULL && i < PyTuple_GET_SIZE(mro); i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        PyObject *dictionary = behind && base != &PyBaseObject_Type ? scope_type_dict(base) : NULL;
        PyObject *found = scope_dict_under(dictionary, names[deletes]);
        Py_XDECREF(dictionary);
        if (found != NULL) {
            return found;
        }
        behind = behind || base == owner;
    }
    return inherited[deletes];
}

/* What the stand-in is in front of, for an instance of `type` (borrowed). */
static PyObject *target_of(struct scope_stand_in *hook, PyTypeObject *type)
{
    if (!hook->was_inherited) {
        return hook->original;
    }
    unsigned version = scope_type_version(type);
    if (UNLIKELY(version == 0 || hook->type != type || hook->version != version)) {
        hook->next = found_behind(type, hook->owner, hook->deletes);
        hook->type = type;
        hook->version = version;
    }
    return hook->next;
}

PyObject *scope_attribute_method_of(struct scope_stand_in *hook, PyTypeObject *type)
{
    PyObject *target = scope_behind(PyType_IsSubtype(type, hook->owner) ? target_of(hook, type) : hook->original);
    descrgetfunc get = Py_TYPE(target)->tp_descr_get;
    return get != NULL ? get(target, NULL, (PyObject *)type) : Py_NewRef(target);
}

/* Calls what was there before, as the interpreter calls a special method that it has found in a class. `args` begin with the
 * instance. */
static PyObject *call_before(PyObject *target, PyObject *const *args, size_t count, PyObject *keywords)
{
    if (PyType_HasFeature(Py_TYPE(target), Py_TPFLAGS_METHOD_DESCRIPTOR)) {
        return PyObject_Vectorcall(target, args, count, keywords);
    }
    descrgetfunc get = Py_TYPE(target)->tp_descr_get;
    PyObject *bound = get != NULL ? get(target, args[0], (PyObject *)Py_TYPE(args[0])) : Py_NewRef(target);
    PyObject *result = bound ? PyObject_Vectorcall(bound, args + 1, count - 1, keywords) : NULL;
    Py_XDECREF(bound);
    return result;
}

/* Whether a class's instances would find nothing but object's own ways without Scope. */
static bool is_generic(PyTypeObject *type)
{
    PyObject *mro = type->tp_mro;
    for (Py_ssize_t i = 0; mro != NULL && i + 1 < PyTuple_GET_SIZE(mro); i++) {
        PyObject *dictionary = scope_type_dict((PyTypeObject *)PyTuple_GET_ITEM(mro, i));
        for (int which = 0; which < 2; which++) {
            PyObject *found = scope_dict_under(dictionary, names[which]);
            if (found != NULL && !(scope_is_stand_in(found) && ((struct scope_stand_in *)found)->was_inherited)) {
                Py_XDECREF(dictionary);
                return false;
            }
        }
        Py_XDECREF(dictionary);
    }
    return true;
}

/* The error of a write that has failed for want of a place says more where the class has object's own ways. So it is made once more,
 * as by such a class; for that no code of the program's runs. */
static void fail_generically(PyObject *object, PyObject *name, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(object);
    PyObject *descriptor = PyUnicode_CheckExact(name) ? _PyType_Lookup(type, name) : Py_None;
    if (descriptor == NULL && PyErr_ExceptionMatches(PyExc_AttributeError) && is_generic(type)) {
        setattrofunc slot = type->tp_setattro;
        PyErr_Clear();
        type->tp_setattro = PyObject_GenericSetAttr;
        PyObject_GenericSetAttr(object, name, value);
        type->tp_setattro = slot;
    }
}

/* One write (or delete: no value) as it would be without Scope. */
static PyObject *do_write(struct scope_stand_in *hook, PyObject *const *args, size_t count)
{
    PyObject *target = Py_NewRef(target_of(hook, Py_TYPE(args[0]))); /* the class may change while it runs */
    PyObject *result;
    PyWrapperDescrObject *descriptor = (PyWrapperDescrObject *)target;
    if (LIKELY(Py_IS_TYPE(target, &PyWrapperDescr_Type) && descriptor->d_base->name_strobj == names[hook->deletes] &&
               PyType_IsSubtype(Py_TYPE(args[0]), PyDescr_TYPE(target)))) {
        /* What the class's own slot would be. */
        setattrofunc set = (setattrofunc)descriptor->d_wrapped;
        PyObject *value = hook->deletes ? NULL : args[2];
        result = set(args[0], args[1], value) < 0 ? NULL : Py_NewRef(Py_None);
        if (result == NULL && set == PyObject_GenericSetAttr) {
            fail_generically(args[0], args[1], value);
        }
    } else {
        result = call_before(target, args, count, NULL);
    }
    Py_DECREF(target);
    return result;
}

/* ---- what an instance keeps ---- */

static bool is_same_text(PyObject *key, PyObject *name)
{
    return key == name || (PyUnicode_CheckExact(key) && PyUnicode_Compare(key, name) == 0);
}

PyObject *scope_stored_attribute(PyObject *object, PyObject *name)
{
    PyObject *descriptor = _PyType_Lookup(Py_TYPE(object), name); /* along the MRO's dictionaries, whose keys are str */
    if (descriptor != NULL && Py_IS_TYPE(descriptor, &PyMemberDescr_Type) &&
        PyType_IsSubtype(Py_TYPE(object), PyDescr_TYPE(descriptor))) {
        const PyMemberDef *member = ((PyMemberDescrObject *)descriptor)->d_member;
        return member->type == T_OBJECT_EX || member->type == T_OBJECT ? *(PyObject **)((char *)object + member->offset) : NULL;
    }
    PyObject *dictionary, *key, *value;
    PyDictValues *values;
    struct scope_walk walk;
    Py_ssize_t size;
    scope_find_attributes(object, &dictionary, &values);
    if (dictionary != NULL && PyDict_CheckExact(dictionary) && DK_IS_UNICODE(((PyDictObject *)dictionary)->ma_keys)) {
        return scope_dict_under(dictionary, name);
    }
    if (scope_walk_attributes(object, &walk, &size)) {
        while (scope_walk_step(&walk, &key, &value)) {
            if (value != NULL && is_same_text(key, name)) {
                return value;
            }
        }
    }
    return NULL;
}

/* ---- writing it down ---- */

/* The line that the thread's innermost open call is at; 0 if that is not known. */
static uint32_t line_now(const struct scope_thread *thread)
{
    struct _PyInterpreterFrame *frame = scope_current_frame(PyThreadState_Get());
    for (; frame != NULL && thread->depth <= scope_recorder.max_depth; frame = scope_frame_caller(frame)) {
        PyCodeObject *code = scope_frame_code(frame);
        const struct scope_code *entry = code != NULL ? scope_code_of(code) : NULL;
        struct _PyInterpreterFrame *caller = scope_frame_caller(frame);
        PyCodeObject *calling = caller != NULL ? scope_frame_code(caller) : NULL;
        bool opaque = entry != NULL && entry->mode == SCOPE_OPAQUE && calling != NULL && scope_in_scope(scope_code_of(calling));
        if (scope_in_scope(entry) || opaque) {
            int line = PyCode_Addr2Line(code, scope_frame_offset(frame) * (int)sizeof(_Py_CODEUNIT));
            return line > 0 ? (uint32_t)line : 0;
        }
    }
    return 0;
}

static uint32_t encode(unsigned char *out, PyObject *value, bool secret, struct scope_look *look)
{
    struct scope_writer w = {.p = out, .end = out + VALUE_MAX, .wall = out + VALUE_MAX};
    if (value == NULL) {
        scope_write_mark(&w, SCOPE_EXT_GONE);
        return (uint32_t)(w.p - out);
    }
    w.references = true;
    if (!secret) {
        scope_look_add(look, value, true);
    }
    return (uint32_t)scope_encode_into(&w, value, secret);
}

/* The writes that are under way on this thread, innermost last: those of a base's stand-in are parts of its subclass's. Kept apart
 * from the C stack, which the program may switch. */
static __thread struct {
    PyObject *object, *name; /* borrowed from the callers; only compared */
} under_way[NESTED_MAX];
static __thread int under_way_count;

static bool is_under_way(PyObject *object, PyObject *name)
{
    for (int i = 0; i < under_way_count; i++) {
        if (under_way[i].object == object && is_same_text(under_way[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* An attribute before a write, as far as it is needed to tell what the write has done. */
struct before {
    PyObject *value; /* only compared */
    uint32_t bytes;
    unsigned char payload[SCOPE_PAYLOAD_MAX]; /* of the record: line, old value, new value */
};

static void write_record(struct scope_look *look, const struct scope_code *name, PyObject *object, const unsigned char *payload,
                         uint32_t bytes)
{
    struct scope_thread *thread = look->thread;
    uint64_t now = scope_look_now(look);
    uint64_t *at = scope_reserve(thread, 2 + scope_padded(bytes) / 8, now);
    if (at != NULL) {
        at[0] = scope_word(SCOPE_ATTRIBUTE, name->id, now - thread->base) | SCOPE_PAYLOAD_BIT;
        memcpy(at + 2, payload, bytes);
        scope_finish_record(thread, at, (uint64_t)(uintptr_t)object & SCOPE_AUX_MAX, bytes);
    }
}

static void note_before(struct scope_thread *thread, PyObject *object, PyObject *name, struct before *before)
{
    struct scope_look look;
    scope_look_begin(&look, thread, 0, true);
    before->value = scope_stored_attribute(object, name);
    before->bytes = encode(before->payload + 4, before->value, scope_is_secret(name), &look);
    scope_look_add(&look, object, true);
    scope_look_run(&look);
}

static void note_after(struct scope_thread *thread, PyObject *object, PyObject *name, PyObject *written, struct before *before)
{
    struct scope_look look;
    uint32_t line = line_now(thread);
    scope_look_begin(&look, thread, line, false);
    PyObject *value = scope_stored_attribute(object, name);
    unsigned char *after = before->payload + 4 + before->bytes;
    uint32_t bytes = encode(after, value, scope_is_secret(name), &look);
    scope_look_add(&look, object, true);
    scope_look_run(&look); /* first: what the record refers to is known when it is met */
    bool differs = value != before->value || bytes != before->bytes || memcmp(after, before->payload + 4, bytes) != 0;
    struct scope_code *entry = differs || (value != NULL && value == written) ? scope_intern_name(name) : NULL;
    if (entry != NULL) {
        memcpy(before->payload, &line, 4);
        entry->used = true;
        write_record(&look, entry, object, before->payload, 4 + before->bytes + bytes);
    }
}

static PyObject *recorded_write(struct scope_stand_in *hook, PyObject *const *args, size_t count, struct scope_thread *thread)
{
    struct before before;
    PyObject *object = args[0], *name = args[1];
    PyTypeObject *type = Py_TYPE(object);
    uint64_t generation = thread->generation;
    note_before(thread, object, name, &before);
    int depth = under_way_count;
    if (depth < NESTED_MAX) {
        under_way[depth].object = object;
        under_way[depth].name = name;
        under_way_count = depth + 1;
    }
    PyObject *result = do_write(hook, args, count);
    under_way_count = depth;
    thread = scope_thread_here();
    if (thread != NULL && thread->generation == generation) {
        struct scope_pending pending = scope_put_aside();
        if (UNLIKELY(Py_TYPE(object) != type)) {
            scope_watch_changed_class(object);
        }
        note_after(thread, object, name, hook->deletes ? NULL : args[2], &before);
        scope_put_back(&pending);
    }
    return result;
}

/* ---- the stand-ins ---- */

static PyObject *called(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *keywords)
{
    struct scope_stand_in *hook = (struct scope_stand_in *)self;
    size_t count = (size_t)PyVectorcall_NARGS(nargsf);
    if (UNLIKELY(count != (hook->deletes ? 2 : 3) || keywords != NULL || !PyType_IsSubtype(Py_TYPE(args[0]), hook->owner))) {
        return count > 0 ? call_before(hook->original, args, count, keywords)
                         : PyObject_Vectorcall(hook->original, args, count, keywords);
    }
    if (!scope_recorder.running || !(hook->everyone || scope_is_watched(args[0])) || !PyUnicode_CheckExact(args[1]) ||
        is_under_way(args[0], args[1])) {
        return do_write(hook, args, count);
    }
    struct scope_thread *thread = scope_thread_here();
    return thread != NULL ? recorded_write(hook, args, count, thread) : do_write(hook, args, count);
}

/* ---- in and out ---- */

/* As type.__setattr__ and type.__delattr__ do it: what a metaclass thinks of it is not asked. */
static int put(PyTypeObject *type, int which, PyObject *value) { return PyType_Type.tp_setattro((PyObject *)type, names[which], value); }

/* The class's own stand-in (borrowed), or NULL. */
static struct scope_stand_in *own_stand_in(PyTypeObject *type, int which, PyObject **found)
{
    *found = scope_dict_under(type->tp_dict, names[which]);
    struct scope_stand_in *hook = *found != NULL && scope_is_stand_in(*found) ? (struct scope_stand_in *)*found : NULL;
    return hook != NULL && hook->owner == type ? hook : NULL;
}

bool scope_attributes_are_seen(PyTypeObject *type, bool everyone)
{
    for (int which = 0; which < 2; which++) {
        PyObject *found = _PyType_Lookup(type, names[which]);
        if (found == NULL || !scope_is_stand_in(found) || (everyone && !((struct scope_stand_in *)found)->everyone)) {
            return false;
        }
    }
    return true;
}

static int hook_one(PyTypeObject *type, int which, bool everyone)
{
    PyObject *found;
    struct scope_stand_in *hook = own_stand_in(type, which, &found);
    if (hook != NULL) {
        hook->everyone = hook->everyone || everyone;
        return 0;
    }
    PyObject *original = found != NULL ? found : scope_behind(found_behind(type, type, which));
    hook = scope_stand_in_new(called, original);
    if (hook == NULL) {
        return -1;
    }
    hook->owner = (PyTypeObject *)Py_NewRef(type);
    hook->was_inherited = found == NULL;
    hook->deletes = which == 1;
    hook->everyone = everyone;
    int result = put(type, which, (PyObject *)hook);
    Py_DECREF(hook);
    return result;
}

static int unhook_one(PyTypeObject *type, int which)
{
    PyObject *found;
    struct scope_stand_in *hook = own_stand_in(type, which, &found);
    if (hook == NULL) {
        return 0;
    }
    PyObject *original = hook->was_inherited ? NULL : Py_NewRef(hook->original);
    int result = put(type, which, original);
    Py_XDECREF(original);
    return result;
}

void scope_attributes_unhook(PyTypeObject *type)
{
    struct scope_pending pending = scope_put_aside();
    for (int which = 0; which < 2; which++) {
        if (unhook_one(type, which) < 0) {
            PyErr_Clear(); /* no memory: the stand-in stays, and does what was there before */
        }
    }
    scope_put_back(&pending);
}

int scope_attributes_hook(PyTypeObject *type, bool everyone)
{
    if (hook_one(type, 0, everyone) == 0 && hook_one(type, 1, everyone) == 0) {
        return 0;
    }
    scope_attributes_unhook(type);
    return -1;
}
