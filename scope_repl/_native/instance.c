/* Instances. See the table in encode.c. */
#include "encode.h"
#include "deque.h"
#include "encode_parts.h"
#include "intern.h"

/* ---- attributes ---- */

/* Whether a member holds a reference to an object, as slots do. Types made in C keep some of no interest, with dunder names. */
static bool is_slot(const PyMemberDef *member)
{
    return (member->type == T_OBJECT_EX || member->type == T_OBJECT) && !(member->name[0] == '_' && member->name[1] == '_');
}

/* Slots lie at fixed offsets that bases share with what derives from them: the chain of tp_base has all of them. */
static Py_ssize_t count_slots(PyObject *value)
{
    Py_ssize_t count = 0;
    for (PyTypeObject *type = Py_TYPE(value); type != NULL; type = type->tp_base) {
        for (const PyMemberDef *member = type->tp_members; member != NULL && member->name != NULL; member++) {
            count += is_slot(member) && *(PyObject **)((char *)value + member->offset) != NULL;
        }
    }
    return count;
}

static bool write_slot(struct scope_writer *w, const PyMemberDef *member, PyObject *value, struct scope_open *open)
{
    unsigned char *mark = w->p;
    if (!scope_write_utf8(w, member->name) || !(scope_is_secret_utf8(member->name) ? scope_write_mark(w, SCOPE_EXT_REDACTED)
                                                                                      : scope_write_value(w, value))) {
        w->p = mark;
        return false;
    }
    open->items += 2;
    return true;
}

static void write_slots(struct scope_writer *w, PyObject *value, struct scope_open *open)
{
    int left = scope_is_deep(w) ? 0 : SCOPE_ITEMS_MAX;
    for (PyTypeObject *type = Py_TYPE(value); type != NULL; type = type->tp_base) {
        for (const PyMemberDef *member = type->tp_members; member != NULL && member->name != NULL; member++) {
            PyObject *slot = is_slot(member) ? *(PyObject **)((char *)value + member->offset) : NULL;
            if (slot != NULL && (left-- <= 0 || !write_slot(w, member, slot, open))) {
                return;
            }
        }
    }
}

/* The type whose structure a value's type builds on, if it is one whose values are written from it; else NULL. Read along the
 * bases that share the layout. */
static PyTypeObject *known_base(PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value)->tp_base;
    for (; type != NULL && type != &PyBaseObject_Type; type = type->tp_base) {
        if (scope_is_builtin(type)) {
            return type;
        }
        if (scope_date_kind(type) != SCOPE_IS_NO_DATE) {
            return scope_date_is_whole(value) ? type : NULL;
        }
    }
    return NULL;
}

/* Whether an instance keeps what it holds in a structure that only its type's C code knows: an iterator, a lock, a file. */
static bool is_sealed(PyObject *value)
{
    const PyTypeObject *type = Py_TYPE(value);
    return scope_is_made_in_c(type) && type->tp_basicsize > PyBaseObject_Type.tp_basicsize && type->tp_dictoffset == 0 &&
           !PyExceptionInstance_Check(value) && !scope_is_deque(value) && known_base(value) == NULL && count_slots(value) == 0;
}

/* How many attributes there are, and as many of them as there is space for. Of an instance within an instance none are looked at:
 * what hangs together behind `self` may be the whole program, and would be written down at each of its calls. */
static bool write_attributes(struct scope_writer *w, PyObject *value, struct scope_open *open)
{
    if (w->in_instance || is_sealed(value)) {
        open->items++;
        return scope_write_nil(w);
    }
    struct scope_walk walk;
    Py_ssize_t named = 0;
    Py_ssize_t slots = count_slots(value);
    bool has_names = scope_walk_attributes(value, &walk, &named);
    if (!scope_write_uint(w, (uint64_t)(slots + named))) {
        return false;
    }
    open->items++;
    w->in_instance = true;
    write_slots(w, value, open);
    if (has_names) {
        scope_write_pairs(w, &walk, scope_is_deep(w) ? 0 : SCOPE_ITEMS_MAX, open);
    }
    w->in_instance = false;
    return true;
}

/* ---- instances ---- */

/* The names of a named tuple's items (a tuple of exact str, borrowed), or NULL. */
static PyObject *field_names(PyObject *value)
{
    static PyObject *str_fields; /* interned; as long as the process */
    if (str_fields == NULL && (str_fields = PyUnicode_InternFromString("_fields")) == NULL) {
        PyErr_Clear();
        return NULL;
    }
    for (PyTypeObject *type = Py_TYPE(value); type != NULL && type != &PyTuple_Type; type = type->tp_base) {
        if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) {
            return NULL;
        }
        PyObject *names = scope_dict_under(type->tp_dict, str_fields);
        if (names != NULL) {
            return PyTuple_CheckExact(names) && PyTuple_GET_SIZE(names) == PyTuple_GET_SIZE(value) ? names : NULL;
        }
    }
    return NULL;
}

static void write_fields(struct scope_writer *w, PyObject *value, PyObject *names, struct scope_open *open)
{
    Py_ssize_t size = PyTuple_GET_SIZE(value);
    Py_ssize_t stop = scope_is_deep(w) ? 0 : size < SCOPE_ITEMS_MAX ? size : SCOPE_ITEMS_MAX;
    for (Py_ssize_t i = 0; i < stop; i++) {
        if (!scope_write_pair(w, PyTuple_GET_ITEM(names, i), PyTuple_GET_ITEM(value, i), open)) {
            return;
        }
    }
}

/* What a known base (NULL: a deque is its own) keeps. */
static bool write_part(struct scope_writer *w, PyObject *value, PyTypeObject *base)
{
    if (base == NULL) {
        return scope_write_deque(w, value);
    }
    return scope_is_builtin(base) ? scope_write_as(w, value, base) : scope_write_date(w, value, scope_date_kind(base));
}

/* The part of a value that a known base keeps, as one element of the open extension. It stands at the depth of the value itself. */
static bool write_known_part(struct scope_writer *w, PyObject *value, PyTypeObject *base, struct scope_open *open)
{
    w->depth--;
    bool whole = write_part(w, value, base);
    w->depth++;
    w->ancestors[w->depth - 1] = value;
    open->items++;
    return whole || scope_write_mark(w, SCOPE_EXT_CUT);
}

static bool write_arguments(struct scope_writer *w, PyObject *exception, struct scope_open *open)
{
    PyObject *arguments = ((PyBaseExceptionObject *)exception)->args;
    open->items++;
    if (arguments == NULL) {
        return scope_write_nil(w);
    }
    unsigned char *mark = w->p;
    if (scope_write_value(w, arguments)) {
        return true;
    }
    w->p = mark;
    return scope_write_mark(w, SCOPE_EXT_CUT);
}

static bool write_instance(struct scope_writer *w, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    PyTypeObject *base = known_base(value);
    PyObject *fields = base == &PyTuple_Type ? field_names(value) : NULL;
    bool is_exception = PyExceptionInstance_Check(value), is_deque = scope_is_deque(value);
    int code = fields             ? SCOPE_EXT_RECORD
               : base || is_deque ? SCOPE_EXT_DERIVED
               : is_exception     ? SCOPE_EXT_EXCEPTION
                                  : SCOPE_EXT_OBJECT;
    struct scope_container container;
    if (!scope_enter(w, code, value, 18 + 3 + 9, &container)) {
        return false;
    }
    scope_put_uint(w, scope_intern_type(type));
    scope_put_uint(w, (uintptr_t)value);
    container.open.items = 2;
    bool whole = true;
    if (fields != NULL) {
        whole = scope_write_uint(w, (uint64_t)PyTuple_GET_SIZE(value));
        container.open.items++;
        write_fields(w, value, fields, &container.open);
    } else {
        if (base != NULL || is_deque) {
            whole = write_known_part(w, value, base, &container.open);
        } else if (is_exception) {
            whole = write_arguments(w, value, &container.open);
        }
        whole = whole && write_attributes(w, value, &container.open);
    }
    return scope_leave(w, &container, whole);
}

enum scope_nature scope_nature_of(PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (LIKELY(!scope_is_made_in_c(type))) {
        if (UNLIKELY(type->tp_flags & (Py_TPFLAGS_TYPE_SUBCLASS | Py_TPFLAGS_TUPLE_SUBCLASS))) {
            return type->tp_flags & Py_TPFLAGS_TYPE_SUBCLASS ? SCOPE_IS_TYPE
                   : field_names(value) != NULL              ? SCOPE_IS_RECORD
                                                             : SCOPE_IS_INSTANCE;
        }
        return SCOPE_IS_INSTANCE;
    }
    if (PyType_Check(value)) {
        return SCOPE_IS_TYPE;
    }
    if (scope_has_name(value)) {
        return SCOPE_IS_NAMED;
    }
    if (strncmp(type->tp_name, "numpy.", 6) == 0 && strcmp(type->tp_name + 6, "ndarray") != 0) {
        return SCOPE_IS_NUMBER;
    }
    return scope_date_kind(type) != SCOPE_IS_NO_DATE ? SCOPE_IS_DATED : SCOPE_IS_INSTANCE;
}

static bool is_plain_type(PyTypeObject *type)
{
    if (scope_is_made_in_c(type) || type->tp_flags & Py_TPFLAGS_BASE_EXC_SUBCLASS || scope_is_pandas_type(type)) {
        return false;
    }
    for (; type != &PyBaseObject_Type; type = type->tp_base) {
        if (type == NULL || scope_is_made_in_c(type) || (type->tp_members != NULL && type->tp_members->name != NULL)) {
            return false;
        }
    }
    return true;
}

/* Remembered by the version that the interpreter gives a type for its own caches, and never gives again: another type may come to have
 * the same address and the same name, as when a cell that defines a class is run again. */
bool scope_is_plain_instance(PyObject *value)
{
    enum { REMEMBERED = 512 };
    static struct {
        const PyTypeObject *type;
        unsigned version;
        bool plain;
    } verdicts[REMEMBERED];
    PyTypeObject *type = Py_TYPE(value);
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) {
        return false;
    }
    unsigned version = type->tp_version_tag;
    if (UNLIKELY(version == 0)) {
        return is_plain_type(type); /* it has none now */
    }
    size_t place = ((uintptr_t)type >> 6) % REMEMBERED;
    if (verdicts[place].type != type || verdicts[place].version != version) {
        verdicts[place].type = type;
        verdicts[place].version = version;
        verdicts[place].plain = is_plain_type(type);
    }
    return verdicts[place].plain;
}

/* The attributes by name, without a count in front; how many there are behind, if not all were kept. */
static bool write_attribute_content(struct scope_writer *w, PyObject *value)
{
    struct scope_walk walk;
    Py_ssize_t named = 0, slots = count_slots(value);
    bool has_names = scope_walk_attributes(value, &walk, &named);
    struct scope_open pairs = {w->p, 0};
    write_slots(w, value, &pairs);
    if (has_names) {
        scope_write_pairs(w, &walk, SCOPE_VERSION_ITEMS, &pairs);
    }
    return (Py_ssize_t)pairs.items / 2 == slots + named || scope_write_size(w, (uint64_t)(slots + named), 0);
}

bool scope_write_instance_content(struct scope_writer *w, PyObject *value)
{
    PyTypeObject *base = known_base(value);
    bool is_exception = PyExceptionInstance_Check(value), is_deque = scope_is_deque(value);
    if (is_sealed(value)) {
        w->references = false; /* described, not referred to */
        return scope_write_uint(w, 0) && scope_write_value(w, value);
    }
    int form = base || is_deque ? SCOPE_EXT_DERIVED : is_exception ? SCOPE_EXT_EXCEPTION : SCOPE_EXT_OBJECT;
    if (!scope_write_uint(w, (uint64_t)form)) {
        return false;
    }
    struct scope_open parts = {w->p, 0};
    if (base != NULL || is_deque) {
        if (!write_part(w, value, base) && !scope_write_mark(w, SCOPE_EXT_CUT)) {
            return false;
        }
    } else if (is_exception && !write_arguments(w, value, &parts)) {
        return false;
    }
    return write_attribute_content(w, value);
}

bool scope_write_object(struct scope_writer *w, PyObject *value)
{
    bool written;
    if (scope_write_if_named(w, value, &written)) {
        return written;
    }
    if (scope_is_open(w, value)) {
        return scope_write_seen(w, value);
    }
    PyTypeObject *type = Py_TYPE(value);
    if (scope_is_made_in_c(type)) {
        enum scope_date kind = scope_date_kind(type);
        if (kind != SCOPE_IS_NO_DATE) {
            return scope_write_date(w, value, kind);
        }
        if (scope_write_if_array(w, value, &written)) {
            return written;
        }
    } else if (scope_write_if_pandas(w, value, &written)) {
        return written;
    }
    return write_instance(w, value);
}
