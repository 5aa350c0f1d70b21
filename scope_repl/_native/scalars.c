/* Ints, text, bytes and complex numbers. See the table in encode.c. */
#include "encode_parts.h"

/* ---- ints ---- */

/* Eight bits of a magnitude, from bit `position` on. */
static unsigned char eight_bits(const digit *digits, Py_ssize_t count, uint64_t position)
{
    Py_ssize_t i = (Py_ssize_t)(position / PyLong_SHIFT);
    unsigned offset = (unsigned)(position % PyLong_SHIFT);
    uint64_t bits = digits[i];
    if (i + 1 < count) {
        bits |= (uint64_t)digits[i + 1] << PyLong_SHIFT;
    }
    return (unsigned char)(bits >> offset);
}

static bool write_long_int(struct scope_writer *w, const digit *digits, Py_ssize_t count, bool negative)
{
    uint64_t bits = (uint64_t)(count - 1) * PyLong_SHIFT + (32 - (unsigned)__builtin_clz((unsigned)digits[count - 1]));
    uint64_t kept = bits < SCOPE_INT_BYTES_MAX * 8 ? bits : SCOPE_INT_BYTES_MAX * 8;
    unsigned char magnitude[SCOPE_INT_BYTES_MAX];
    int bytes = (int)((kept + 7) / 8);
    for (int i = 0; i < bytes; i++) {
        magnitude[bytes - 1 - i] = eight_bits(digits, count, bits - kept + 8 * (uint64_t)i);
    }
    struct scope_open open;
    if (!scope_fits(w, 7 + 1 + 9 + 2 + bytes) || !scope_open(w, SCOPE_EXT_INT, &open)) {
        return false;
    }
    *w->p++ = negative ? 0xc3 : 0xc2;
    scope_put_uint(w, bits);
    scope_put_bin(w, magnitude, (size_t)bytes);
    open.items = 3;
    scope_close(w, &open);
    return true;
}

bool scope_write_int(struct scope_writer *w, PyObject *value)
{
    const digit *digits;
    bool negative;
    Py_ssize_t count = scope_int_digits(value, &digits, &negative);
    if (UNLIKELY(count > 2)) {
        if (count > 3 || digits[2] >= (1u << (63 - 2 * PyLong_SHIFT))) {
            return write_long_int(w, digits, count, negative);
        }
    }
    if (!scope_fits(w, 9)) {
        return false;
    }
    int64_t magnitude = 0;
    for (Py_ssize_t i = count; i-- > 0;) {
        magnitude = (magnitude << PyLong_SHIFT) | (int64_t)digits[i];
    }
    scope_put_int(w, negative ? -magnitude : magnitude);
    return true;
}

/* ---- text ---- */

static inline int utf8_length(Py_UCS4 c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }

static inline void put_utf8(struct scope_writer *w, Py_UCS4 c)
{
    int length = utf8_length(c);
    if (length == 1) {
        *w->p++ = (unsigned char)c;
        return;
    }
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    *w->p++ = (unsigned char)(lead[length] | (c >> (6 * (length - 1))));
    for (int i = length - 2; i >= 0; i--) {
        *w->p++ = (unsigned char)(0x80 | ((c >> (6 * i)) & 0x3f));
    }
}

/* How many of the first `characters` take at most `space` bytes; `bytes` is what they take. */
static Py_ssize_t utf8_prefix(int kind, const void *data, Py_ssize_t characters, Py_ssize_t space, Py_ssize_t *bytes)
{
    Py_ssize_t i = 0;
    *bytes = 0;
    for (; i < characters; i++) {
        int length = utf8_length(PyUnicode_READ(kind, data, i));
        if (*bytes + length > space) {
            break;
        }
        *bytes += length;
    }
    return i;
}

static void put_characters(struct scope_writer *w, int kind, const void *data, Py_ssize_t characters, Py_ssize_t bytes)
{
    scope_put_str_header(w, (size_t)bytes);
    for (Py_ssize_t i = 0; i < characters; i++) {
        put_utf8(w, PyUnicode_READ(kind, data, i));
    }
}

static bool write_cut_text(struct scope_writer *w, int kind, const void *data, Py_ssize_t size)
{
    Py_ssize_t bytes;
    Py_ssize_t kept = size < SCOPE_TEXT_MAX ? size : SCOPE_TEXT_MAX;
    kept = utf8_prefix(kind, data, kept, w->end - w->p - (7 + 9 + 3), &bytes);
    struct scope_open open;
    if (!scope_fits(w, 7 + 9 + 3 + bytes) || !scope_open(w, SCOPE_EXT_TEXT, &open)) {
        return false;
    }
    scope_put_uint(w, (uint64_t)size);
    put_characters(w, kind, data, kept, bytes);
    open.items = 2;
    scope_close(w, &open);
    return true;
}

static bool write_other_text(struct scope_writer *w, PyObject *text)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    int kind = (int)PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t bytes;
    if (size > SCOPE_TEXT_MAX || utf8_prefix(kind, data, size, w->end - w->p - 3, &bytes) < size) {
        return write_cut_text(w, kind, data, size);
    }
    if (!scope_fits(w, 3 + bytes)) {
        return false;
    }
    put_characters(w, kind, data, size, bytes);
    return true;
}

/* A str, or the str that an instance of a subclass is. */
bool scope_write_text(struct scope_writer *w, PyObject *text)
{
    if (!scope_text_is_ready(text)) {
        return scope_write_mark(w, SCOPE_EXT_CUT);
    }
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    if (LIKELY(PyUnicode_IS_ASCII(text)) && size <= SCOPE_TEXT_MAX && size + 3 <= w->end - w->p) {
        if (!scope_fits(w, size + 3)) {
            return false;
        }
        scope_put_str_header(w, (size_t)size);
        memcpy(w->p, PyUnicode_DATA(text), (size_t)size);
        w->p += size;
        return true;
    }
    return write_other_text(w, text);
}

bool scope_write_utf8(struct scope_writer *w, const char *text)
{
    size_t size = strnlen(text, SCOPE_TEXT_MAX);
    if (!scope_fits(w, (Py_ssize_t)size + 3)) {
        return false;
    }
    scope_put_str_header(w, size);
    memcpy(w->p, text, size);
    w->p += size;
    return true;
}

/* ---- bytes ---- */

/* A bin of at most `size` bytes, as many as there is space for. */
static bool write_prefix(struct scope_writer *w, const char *data, Py_ssize_t size)
{
    Py_ssize_t space = w->end - w->p - 3;
    Py_ssize_t kept = size < SCOPE_TEXT_MAX ? size : SCOPE_TEXT_MAX;
    kept = kept < space ? kept : space;
    if (kept < 0 || !scope_fits(w, 3 + kept)) {
        return false;
    }
    scope_put_bin(w, data, (size_t)kept);
    return true;
}

bool scope_write_bytes(struct scope_writer *w, PyObject *value)
{
    Py_ssize_t size = PyBytes_GET_SIZE(value);
    if (size <= SCOPE_TEXT_MAX && size + 3 <= w->end - w->p) {
        return write_prefix(w, PyBytes_AS_STRING(value), size);
    }
    struct scope_open open;
    if (!scope_open(w, SCOPE_EXT_BYTES, &open) || !scope_write_uint(w, (uint64_t)size) ||
        !write_prefix(w, PyBytes_AS_STRING(value), size)) {
        return false;
    }
    open.items = 2;
    scope_close(w, &open);
    return true;
}

bool scope_write_bytearray(struct scope_writer *w, PyObject *value)
{
    Py_ssize_t size = PyByteArray_GET_SIZE(value);
    struct scope_open open;
    if (!scope_open(w, SCOPE_EXT_BYTEARRAY, &open) || !scope_write_uint(w, (uintptr_t)value) ||
        !scope_write_uint(w, (uint64_t)size) || !write_prefix(w, PyByteArray_AS_STRING(value), size)) {
        return false;
    }
    open.items = 3;
    scope_close(w, &open);
    return true;
}

bool scope_write_complex(struct scope_writer *w, PyObject *value)
{
    struct scope_open open;
    if (!scope_fits(w, 7 + 18) || !scope_open(w, SCOPE_EXT_COMPLEX, &open)) {
        return false;
    }
    scope_put_double(w, ((PyComplexObject *)value)->cval.real);
    scope_put_double(w, ((PyComplexObject *)value)->cval.imag);
    open.items = 2;
    scope_close(w, &open);
    return true;
}
