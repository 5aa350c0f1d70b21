/* What the parts of the encoder say to each other. Each writes one value whole or cut and returns true, or writes nothing that counts
 * and returns false: there was no space for even the least of it, or the writer refused. */
#ifndef SCOPE_ENCODE_PARTS_H
#define SCOPE_ENCODE_PARTS_H

#include "object_compat.h"
#include "writer.h"

/* The extension types: see the table in encode.c. */
enum scope_ext {
    SCOPE_EXT_REDACTED = 1,
    SCOPE_EXT_CUT = 2,
    SCOPE_EXT_INT = 3,
    SCOPE_EXT_TEXT = 4,
    SCOPE_EXT_BYTES = 5,
    SCOPE_EXT_BYTEARRAY = 6,
    SCOPE_EXT_COMPLEX = 7,
    SCOPE_EXT_LIST = 8,
    SCOPE_EXT_TUPLE = 9,
    SCOPE_EXT_SET = 10,
    SCOPE_EXT_FROZENSET = 11,
    SCOPE_EXT_DICT = 12,
    SCOPE_EXT_RANGE = 13,
    SCOPE_EXT_SLICE = 14,
    SCOPE_EXT_SEEN = 15,
    SCOPE_EXT_TYPE = 16,
    SCOPE_EXT_NAMED = 17,
    SCOPE_EXT_OBJECT = 18,
    SCOPE_EXT_DERIVED = 19,
    SCOPE_EXT_RECORD = 20,
    SCOPE_EXT_EXCEPTION = 21,
    SCOPE_EXT_DATE = 22,
    SCOPE_EXT_TIME = 23,
    SCOPE_EXT_DATETIME = 24,
    SCOPE_EXT_TIMEDELTA = 25,
    SCOPE_EXT_ARRAY = 26,
    SCOPE_EXT_FRAME = 27,
    SCOPE_EXT_REFERENCE = 28,
    SCOPE_EXT_GONE = 29,
    SCOPE_EXT_SIZE = 30,
};

/* ---- encode.c ---- */

bool scope_write_value(struct scope_writer *w, PyObject *value);

/* What scope_encode_within does, with a writer whose bounds and wishes are set; `found` tells of references. */
Py_ssize_t scope_encode_into(struct scope_writer *writer, PyObject *value, int redact);

/* The types whose values are written from their structure by encode.c, and that have subclasses. */
static inline bool scope_is_builtin(const PyTypeObject *type)
{
    return type == &PyLong_Type || type == &PyUnicode_Type || type == &PyFloat_Type || type == &PyTuple_Type ||
           type == &PyList_Type || type == &PyDict_Type || type == &PyBytes_Type || type == &PySet_Type ||
           type == &PyFrozenSet_Type || type == &PyByteArray_Type || type == &PyComplex_Type;
}

/* The part of a value that is of a builtin type: `builtin` is its type or a base of it for which scope_is_builtin is true. */
bool scope_write_as(struct scope_writer *w, PyObject *value, PyTypeObject *builtin);

/* ---- scalars.c: of values of these types or of subclasses of them ---- */

bool scope_write_int(struct scope_writer *w, PyObject *value);
bool scope_write_text(struct scope_writer *w, PyObject *text);
bool scope_write_utf8(struct scope_writer *w, const char *text);
bool scope_write_bytes(struct scope_writer *w, PyObject *value);
bool scope_write_bytearray(struct scope_writer *w, PyObject *value);
bool scope_write_complex(struct scope_writer *w, PyObject *value);

/* ---- containers.c ---- */

bool scope_write_sequence(struct scope_writer *w, int code, PyObject *value, PyObject *const *items, Py_ssize_t size);
bool scope_write_set(struct scope_writer *w, int code, PyObject *value);
bool scope_write_dict(struct scope_writer *w, PyObject *value);
bool scope_write_range(struct scope_writer *w, PyObject *value);
bool scope_write_slice(struct scope_writer *w, PyObject *value);

/* A container: an extension that takes its place among the ancestors and, inside another one, at most half of the space left, but
 * no less than the `header` bytes that it cannot do without. Between enter and leave nothing may return early. */
struct scope_container {
    struct scope_open open;
    unsigned char *end; /* the writer's, from before */
};
bool scope_enter(struct scope_writer *w, int code, const void *address, Py_ssize_t header, struct scope_container *container);
/* `whole`: there was space for what it cannot do without. */
bool scope_leave(struct scope_writer *w, struct scope_container *container, bool whole);

/* Whether the container just entered lies too deep to show what is in it. */
static inline bool scope_is_deep(const struct scope_writer *w) { return w->depth > SCOPE_DEPTH_MAX; }

/* How many items of the container that is being written are to be kept. */
static inline int scope_items_max(const struct scope_writer *w)
{
    return scope_is_deep(w) ? 0 : w->in_instance ? SCOPE_INNER_ITEMS_MAX : SCOPE_ITEMS_MAX;
}

/* Whether a value is being encoded inside itself, and the reference to write in that case. */
bool scope_is_open(const struct scope_writer *w, const void *address);
bool scope_write_seen(struct scope_writer *w, const void *address);

/* One more item, or key and value with the value of a secret's name redacted; what there is no space for is taken back. */
bool scope_write_item(struct scope_writer *w, PyObject *item, struct scope_open *open);
bool scope_write_pair(struct scope_writer *w, PyObject *key, PyObject *value, struct scope_open *open);
void scope_write_pairs(struct scope_writer *w, struct scope_walk *walk, int most, struct scope_open *open);

/* The start, stop and step (borrowed) of a range. */
void scope_range_parts(PyObject *range, PyObject *parts[3]);

/* ---- named.c ---- */

/* Writes a class, or what has a name; false if it is neither. */
bool scope_write_if_named(struct scope_writer *w, PyObject *value, bool *written);
/* Whether it is a function, a method, a module …, but no class. */
bool scope_has_name(PyObject *value);

/* ---- instance.c ---- */

/* Everything that is not exactly of one of the types above. */
bool scope_write_object(struct scope_writer *w, PyObject *value);

/* What a value is that is not exactly of a builtin type. */
enum scope_nature {
    SCOPE_IS_TYPE,
    SCOPE_IS_NAMED,    /* a function, a method, a module …: known by a name */
    SCOPE_IS_DATED,    /* a date or a time */
    SCOPE_IS_NUMBER,   /* one of NumPy's scalars */
    SCOPE_IS_RECORD,   /* a named tuple */
    SCOPE_IS_INSTANCE, /* anything else: what a reference stands for */
};
enum scope_nature scope_nature_of(PyObject *value);

/* Whether `value` is written as a reference where references are asked for: it can change, or what it holds can. */
static inline bool scope_is_reference(PyObject *value)
{
    const PyTypeObject *type = Py_TYPE(value);
    if (type == &PyList_Type || type == &PyDict_Type || type == &PySet_Type || type == &PyByteArray_Type) {
        return true;
    }
    return !scope_is_builtin(type) && value != Py_None && type != &PyBool_Type && type != &PyRange_Type && type != &PySlice_Type &&
           scope_nature_of(value) == SCOPE_IS_INSTANCE;
}

/* The content of an instance that a reference stands for, form and all: see contents.c. */
bool scope_write_instance_content(struct scope_writer *w, PyObject *value);
/* Whether an instance has names for its attributes and nothing else: no slots, no builtin part, no structure of its own. */
bool scope_is_plain_instance(PyObject *value);

/* ---- contents.c ---- */

/* What tells of a change in a large object: made of 64 of its items at equal distances. That of an array is 0 if there is none. */
uint64_t scope_fingerprint_list(PyObject *list);
uint64_t scope_fingerprint_dict(PyObject *dict);
uint64_t scope_fingerprint_array(PyObject *array);
/* How many there are, where not all were kept, and what tells of a change among the others. A version keeps the space for it. */
bool scope_write_size(struct scope_writer *w, uint64_t size, uint64_t fingerprint);
/* Writes what an object holds, the content of a VERSION, at `out`; returns the bytes, at most SCOPE_CONTENT_MAX. The objects that it
 * holds in their turn are put into `w->found`, of which the caller has set the room. */
Py_ssize_t scope_write_content(struct scope_writer *w, unsigned char *out, PyObject *object);
enum { SCOPE_CONTENT_MAX = SCOPE_PAYLOAD_MAX - (int)sizeof(struct scope_version) };
/* How many items of a container, or attributes of an instance, a version keeps whole; of more, the first and the last ones. */
enum { SCOPE_VERSION_ITEMS = 128, SCOPE_SAMPLE_FIRST = 24, SCOPE_SAMPLE_LAST = 8 };

/* ---- dates.c ---- */

enum scope_date { SCOPE_IS_NO_DATE, SCOPE_IS_DATE, SCOPE_IS_TIME, SCOPE_IS_DATETIME, SCOPE_IS_TIMEDELTA };
enum scope_date scope_date_kind(const PyTypeObject *type);
/* The part of a value that is of a type of this kind. */
bool scope_write_date(struct scope_writer *w, PyObject *value, enum scope_date kind);

/* ---- arrays.c, pandas.c ---- */

/* Whether a value is an array, or one of pandas' objects; `*written` is then what the write functions return. */
bool scope_write_if_array(struct scope_writer *w, PyObject *value, bool *written);
bool scope_write_if_pandas(struct scope_writer *w, PyObject *value, bool *written);
/* Whether instances of a class are written so, and what tells of a change in a DataFrame or a Series; 0 if there is nothing. */
bool scope_is_pandas_type(PyTypeObject *type);
uint64_t scope_fingerprint_pandas(PyObject *value);
bool scope_date_is_whole(PyObject *value);

/* ---- secret.c ---- */

bool scope_is_secret_utf8(const char *name);

#endif
