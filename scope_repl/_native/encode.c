/* Captured values: MessagePack with extension types, decoded by recording/values.py.
 *
 * None, bools, ints below 2**63, floats, and str and bytes that were not cut are plain MessagePack; a lone surrogate in a str is written
 * as its three bytes. Everything else is an extension whose content is an array:
 *
 *   code  name       array
 *      1  REDACTED   - (one byte of no meaning): a value under a name that looks like a secret's
 *      2  CUT        - (one byte of no meaning): there was no space left for this value
 *      3  INT        negative, bits, magnitude      bin, big endian; if it has fewer than `bits` bits, the most significant ones
 *      4  TEXT       size, str                      a str that was cut; size in characters
 *      5  BYTES      size, bin                      bytes that were cut
 *      6  BYTEARRAY  address, size, bin
 *      7  COMPLEX    real, imaginary
 *      8  LIST       address, size, item …          fewer than `size` items: cut
 *      9  TUPLE      address, size, item …
 *     10  SET        address, size, item …
 *     11  FROZENSET  address, size, item …
 *     12  DICT       address, size, key, value …
 *     13  RANGE      start, stop, step
 *     14  SLICE      start, stop, step
 *     15  SEEN       address                        a container or an instance that this value is inside of
 *     16  TYPE       address, type                  a class
 *     17  NAMED      type, address, module or nil, name [, self]      functions, methods, modules, code, generators
 *     18  OBJECT     type, address, size, name, value …               an instance; size: attributes it has, nil: none were looked
 *                                                                     at, as within another instance; so below
 *     19  DERIVED    type, address, builtin, size, name, value …      an instance of a subclass of a builtin type
 *     20  RECORD     type, address, size, name, value …               a named tuple: its items by name
 *     21  EXCEPTION  type, address, args, size, name, value …
 *     22  DATE       year, month, day
 *     23  TIME       hour, minute, second, microsecond, fold, zone    zone: nil, TIMEDELTA, or the tzinfo
 *     24  DATETIME   year, month, day, hour, minute, second, microsecond, fold, zone
 *     25  TIMEDELTA  days, seconds, microseconds
 *     26  ARRAY      type, address, format, shape, item …             format: a letter of the struct module's or NumPy's, with its
 *                                                                     byte order if not native; "" if unknown. The first items
 *     27  FRAME      type, address, rows, columns, name …             a DataFrame; rows, columns: nil if unknown
 *     28  REFERENCE  address                        an object whose content is in the log's VERSION records
 *     29  GONE       - (one byte of no meaning): the name is not bound
 *     30  SIZE       size, fingerprint              in a version only: how many items or attributes there are, where not all were kept
 *
 * `type` is a number of the log's table of callables. An address tells one object from another as long as both live; it says
 * nothing about objects of other times. Nothing here calls Python: values are read from their C structures, names and contents of
 * instances from where the interpreter keeps them. Nothing but the table of callables is written to, and no reference is taken.
 */
#include "encode.h"

#include "encode_parts.h"

bool scope_write_as(struct scope_writer *w, PyObject *value, PyTypeObject *builtin)
{
    if (builtin == &PyLong_Type) {
        return scope_write_int(w, value);
    }
    if (builtin == &PyUnicode_Type) {
        return scope_write_text(w, value);
    }
    if (builtin == &PyFloat_Type) {
        return scope_fits(w, 9) && (scope_put_double(w, PyFloat_AS_DOUBLE(value)), true);
    }
    if (builtin == &PyTuple_Type) {
        return scope_write_sequence(w, SCOPE_EXT_TUPLE, value, ((PyTupleObject *)value)->ob_item, PyTuple_GET_SIZE(value));
    }
    if (builtin == &PyList_Type) {
        return scope_write_sequence(w, SCOPE_EXT_LIST, value, ((PyListObject *)value)->ob_item, PyList_GET_SIZE(value));
    }
    if (builtin == &PyDict_Type) {
        return scope_write_dict(w, value);
    }
    if (builtin == &PyBytes_Type) {
        return scope_write_bytes(w, value);
    }
    if (builtin == &PySet_Type) {
        return scope_write_set(w, SCOPE_EXT_SET, value);
    }
    if (builtin == &PyFrozenSet_Type) {
        return scope_write_set(w, SCOPE_EXT_FROZENSET, value);
    }
    if (builtin == &PyByteArray_Type) {
        return scope_write_bytearray(w, value);
    }
    if (builtin == &PyComplex_Type) {
        return scope_write_complex(w, value);
    }
    return false;
}

static bool write_constant(struct scope_writer *w, unsigned char byte) { return scope_fits(w, 1) && (*w->p++ = byte, true); }

/* A reference of 12 bytes: address in full, so that a version's bytes do not move about when one of them changes. */
static bool write_reference(struct scope_writer *w, PyObject *value)
{
    if (!scope_fits(w, 13)) {
        return false;
    }
    *w->p++ = 0xc7;
    *w->p++ = 10;
    *w->p++ = SCOPE_EXT_REFERENCE;
    *w->p++ = 0x91;
    *w->p++ = 0xcf;
    scope_put_big_endian(w, (uintptr_t)value, 8);
    if (w->found_count < w->found_room) {
        w->found[w->found_count++] = value;
    } else {
        w->lost = true;
    }
    return true;
}

bool scope_write_value(struct scope_writer *w, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (value == Py_None) {
        return write_constant(w, 0xc0);
    }
    if (type == &PyBool_Type) {
        return write_constant(w, value == Py_True ? 0xc3 : 0xc2);
    }
    if (w->references && scope_is_reference(value)) {
        return write_reference(w, value);
    }
    if (scope_is_builtin(type)) {
        return scope_write_as(w, value, type);
    }
    if (type == &PyRange_Type) {
        return scope_write_range(w, value);
    }
    if (type == &PySlice_Type) {
        return scope_write_slice(w, value);
    }
    return scope_write_object(w, value);
}

/* Below 32 bytes, in two moves that may overlap: a call of memcpy would cost as much as everything else. */
static inline void copy_short(unsigned char *to, const char *from, size_t size)
{
    if (size >= 16) {
        memcpy(to, from, 16);
        memcpy(to + size - 16, from + size - 16, 16);
    } else if (size >= 8) {
        memcpy(to, from, 8);
        memcpy(to + size - 8, from + size - 8, 8);
    } else if (size >= 4) {
        memcpy(to, from, 4);
        memcpy(to + size - 4, from + size - 4, 4);
    } else {
        for (size_t i = 0; i < size; i++) {
            to[i] = (unsigned char)from[i];
        }
    }
}

Py_ssize_t scope_encode_into(struct scope_writer *writer, PyObject *value, int redact)
{
    struct scope_writer w = *writer;
    unsigned char *out = w.p;
    Py_ssize_t room = w.wall - w.p, limit = w.end - w.p;
    if (LIKELY(!redact && room >= 48 && limit >= 48)) {
        /* The short path: what most arguments and results are, with one check of the space for all of them. */
        PyTypeObject *type = Py_TYPE(value);
        if (type == &PyLong_Type) {
            const digit *digits;
            bool negative;
            Py_ssize_t count = scope_int_digits(value, &digits, &negative);
            if (LIKELY(count <= 1)) {
                int64_t magnitude = count ? (int64_t)digits[0] : 0;
                scope_put_int(&w, negative ? -magnitude : magnitude);
                return w.p - out;
            }
        } else if (type == &PyUnicode_Type) {
            Py_ssize_t size = PyUnicode_GET_LENGTH(value);
            if (LIKELY(PyUnicode_IS_COMPACT_ASCII(value) && size < 32)) {
                *w.p = (unsigned char)(0xa0 | size);
                copy_short(w.p + 1, (const char *)((PyASCIIObject *)value + 1), (size_t)size);
                return size + 1;
            }
        } else if (type == &PyFloat_Type) {
            scope_put_double(&w, PyFloat_AS_DOUBLE(value));
            return 9;
        } else if (value == Py_None) {
            *w.p = 0xc0;
            return 1;
        }
    }
    if (!(redact ? scope_write_mark(&w, SCOPE_EXT_REDACTED) : scope_write_value(&w, value))) {
        w.p = out;
        if (w.refused || !scope_write_mark(&w, SCOPE_EXT_CUT)) {
            return 0;
        }
    }
    writer->found_count = w.found_count;
    writer->lost = w.lost;
    return w.refused ? 0 : w.p - out;
}

Py_ssize_t scope_encode_within(unsigned char *out, Py_ssize_t room, Py_ssize_t limit, PyObject *value, int redact)
{
    struct scope_writer w = {.p = out, .end = out + limit, .wall = out + room};
    return scope_encode_into(&w, value, redact);
}

Py_ssize_t scope_encode(unsigned char *out, Py_ssize_t room, PyObject *value, int redact)
{
    return scope_encode_within(out, room, SCOPE_PAYLOAD_MAX, value, redact);
}
