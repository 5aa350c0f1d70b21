/* A number for what is captured of a value: as long as it stays the same, so does what would be written. Addresses alone do not tell,
 * because a new object may have the address of one that is gone, and a str may grow in place: numbers and text count by value. Two
 * different contents share a number once in 2**64. */
#ifndef SCOPE_DIGEST_H
#define SCOPE_DIGEST_H

#include "encode_parts.h"

static inline uint64_t scope_mix(uint64_t digest, uint64_t value)
{
    digest = (digest ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return digest ^ (digest >> 31);
}

uint64_t scope_digest_other(PyObject *value, int depth); /* of what the function below does not do itself */
uint64_t scope_digest_bytes(uint64_t digest, const void *bytes, size_t size);

/* Of a value that stands in a slot or in an object; 0 for NULL, and for nothing else. Small ints, None, bools and references are told
 * apart by their lowest bits, which are those of no address; the others are odd. */
static inline uint64_t scope_digest(PyObject *value, int depth)
{
    if (value == NULL) {
        return 0;
    }
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyLong_Type) {
        const digit *digits;
        bool negative;
        Py_ssize_t count = scope_int_digits(value, &digits, &negative);
        if (LIKELY(count <= 1)) {
            return (count ? (uint64_t)digits[0] : 0) << 4 | (negative ? 3 : 2);
        }
    } else if (type == &PyFloat_Type) {
        uint64_t bits;
        memcpy(&bits, &((PyFloatObject *)value)->ob_fval, sizeof bits);
        return scope_mix(0x22, bits) | 1;
    } else if (value == Py_None || type == &PyBool_Type) {
        return (uintptr_t)value | 4;
    } else if (type == &PyUnicode_Type && LIKELY(PyUnicode_IS_COMPACT_ASCII(value))) {
        size_t size = (size_t)PyUnicode_GET_LENGTH(value);
        return scope_digest_bytes(scope_mix(0x44, size), (PyASCIIObject *)value + 1, size < SCOPE_TEXT_MAX ? size : SCOPE_TEXT_MAX) | 1;
    }
    if (scope_is_reference(value)) {
        return (uintptr_t)value | 6;
    }
    return scope_digest_other(value, depth) | 1;
}

/* Of an object's content, as a version keeps it, with its type. */
uint64_t scope_digest_content(PyObject *object);

#endif
