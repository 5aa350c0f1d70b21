/* MessagePack, as far as values have to be told apart without being decoded. Whatever the bytes are, nothing behind `end` is read. */
#ifndef SCOPE_READING_PACKED_H
#define SCOPE_READING_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The numbers of history.ValueKind. */
enum packed_kind { PACKED_NONE, PACKED_BOOL, PACKED_INT, PACKED_FLOAT, PACKED_TEXT, PACKED_GONE, PACKED_REF, PACKED_OTHER };

enum { PACKED_EXT_REF = 28, PACKED_EXT_GONE = 29, PACKED_EXT_SIZE = 30 };

/* What stands at the beginning of a value. */
struct packed_head {
    uint64_t head;  /* bytes in front of the content */
    uint64_t bytes; /* of the content */
    uint64_t items; /* values that follow and belong to it */
};

static inline uint64_t packed_big_endian(const uint8_t *at, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

/* A value whose length stands behind its first byte; `extra` bytes follow the length. */
static inline bool packed_sized(const uint8_t *at, const uint8_t *end, unsigned size, unsigned extra, struct packed_head *head)
{
    if ((size_t)(end - at) < 1 + size) {
        return false;
    }
    *head = (struct packed_head){1 + size + extra, packed_big_endian(at + 1, size), 0};
    return true;
}

/* Reads the beginning of the value at `at`, which is in front of `end`; false if that does not fit or is none. */
static inline bool packed_begin(const uint8_t *at, const uint8_t *end, struct packed_head *head)
{
    uint8_t first = *at;
    *head = (struct packed_head){1, 0, 0};
    if (first < 0x80 || first >= 0xe0) {
        return true;
    }
    if (first < 0xc0) {
        if (first >= 0xa0) {
            head->bytes = first & 31;
        } else {
            head->items = (first & 15) * (first < 0x90 ? 2u : 1u);
        }
        return true;
    }
    switch (first) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
        return true;
    case 0xc4:
    case 0xc5:
    case 0xc6: /* bin */
        return packed_sized(at, end, 1u << (first - 0xc4), 0, head);
    case 0xc7:
    case 0xc8:
    case 0xc9: /* ext */
        return packed_sized(at, end, 1u << (first - 0xc7), 1, head);
    case 0xca:
        head->bytes = 4;
        return true;
    case 0xcb:
        head->bytes = 8;
        return true;
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf: /* unsigned */
        head->bytes = 1u << (first - 0xcc);
        return true;
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3: /* signed */
        head->bytes = 1u << (first - 0xd0);
        return true;
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8: /* ext of a fixed size */
        head->head = 2;
        head->bytes = 1u << (first - 0xd4);
        return true;
    case 0xd9:
    case 0xda:
    case 0xdb: /* str */
        return packed_sized(at, end, 1u << (first - 0xd9), 0, head);
    case 0xdc:
    case 0xdd:
    case 0xde:
    case 0xdf: /* array, map */
        if (!packed_sized(at, end, first & 1 ? 4 : 2, 0, head)) {
            return false;
        }
        head->items = head->bytes * (first < 0xde ? 1u : 2u);
        head->bytes = 0;
        return true;
    default:
        return false;
    }
}

/* The bytes of a value by the first of them, where that alone tells; else 0. */
static const uint8_t PACKED_BYTES[256] = {
    [0x00 ... 0x7f] = 1, [0xc0] = 1, [0xc2 ... 0xc3] = 1, [0xca] = 5, [0xcb] = 9, [0xcc] = 2, [0xcd] = 3, [0xce] = 5, [0xcf] = 9,
    [0xd0] = 2, [0xd1] = 3, [0xd2] = 5, [0xd3] = 9, [0xd4] = 3, [0xd5] = 4, [0xd6] = 6, [0xd7] = 10, [0xd8] = 18, [0xe0 ... 0xff] = 1,
};

/* The end of the value at `at`; NULL if it does not end in front of `end`. */
static inline const uint8_t *packed_skip(const uint8_t *at, const uint8_t *end)
{
    uint64_t left = 1;
    if (at < end && PACKED_BYTES[*at] != 0) {
        return end - at >= PACKED_BYTES[*at] ? at + PACKED_BYTES[*at] : NULL;
    }
    do { /* each turn takes a byte at least */
        struct packed_head head;
        if (at >= end || !packed_begin(at, end, &head) || head.head + head.bytes > (uint64_t)(end - at)) {
            return NULL;
        }
        at += head.head + head.bytes;
        left += head.items;
    } while (--left > 0);
    return at;
}

/* An int, if there is one; moves behind it. */
static inline bool packed_int(const uint8_t **at, const uint8_t *end, int64_t *value)
{
    struct packed_head head;
    if (*at < end && (**at < 0x80 || **at >= 0xe0)) {
        *value = (int8_t)*(*at)++;
        return true;
    }
    if (*at >= end || !packed_begin(*at, end, &head) || head.head + head.bytes > (uint64_t)(end - *at)) {
        return false;
    }
    uint8_t first = **at;
    const uint8_t *content = *at + 1;
    if (first >= 0xcc && first <= 0xcf) {
        uint64_t number = packed_big_endian(content, (unsigned)head.bytes);
        if (number > INT64_MAX) {
            return false;
        }
        *value = (int64_t)number;
    } else if (first >= 0xd0 && first <= 0xd3) {
        unsigned unused = 64 - 8 * (unsigned)head.bytes;
        *value = (int64_t)(packed_big_endian(content, (unsigned)head.bytes) << unused) >> unused;
    } else {
        return false;
    }
    *at += head.head + head.bytes;
    return true;
}

/* The head of an array, if there is one; moves behind it. */
static inline bool packed_array(const uint8_t **at, const uint8_t *end, uint64_t *items)
{
    struct packed_head head;
    if (*at >= end || ((**at & 0xf0) != 0x90 && **at != 0xdc && **at != 0xdd) || !packed_begin(*at, end, &head)) {
        return false;
    }
    *items = head.items;
    *at += head.head;
    return true;
}

/* The first int of the array that is the content of an extension of this type, if there is one at `at`. */
static inline bool packed_ext_int(const uint8_t *at, const uint8_t *end, uint8_t type, int64_t *value)
{
    struct packed_head head;
    uint64_t items;
    bool is_ext = (*at >= 0xc7 && *at <= 0xc9) || (*at >= 0xd4 && *at <= 0xd8);
    if (!is_ext || !packed_begin(at, end, &head) || head.head >= (uint64_t)(end - at) || at[head.head - 1] != type) {
        return false;
    }
    at += head.head;
    return packed_array(&at, end, &items) && items > 0 && packed_int(&at, end, value);
}

/* What the value between `at` and `end` is; `bits`: the number, a float's bits, the address of a REF, else 0. */
static inline enum packed_kind packed_plain(const uint8_t *at, const uint8_t *end, int64_t *bits)
{
    uint8_t first = *at;
    *bits = 0;
    if (first == 0xc0) {
        return PACKED_NONE;
    }
    if (first == 0xc2 || first == 0xc3) {
        *bits = first & 1;
        return PACKED_BOOL;
    }
    if (first == 0xcb && end - at >= 9) {
        *bits = (int64_t)packed_big_endian(at + 1, 8);
        return PACKED_FLOAT;
    }
    if ((first >= 0xa0 && first < 0xc0) || (first >= 0xd9 && first <= 0xdb)) {
        return PACKED_TEXT;
    }
    if (first == 0xd4 && end - at >= 2 && at[1] == PACKED_EXT_GONE) {
        return PACKED_GONE;
    }
    if (packed_ext_int(at, end, PACKED_EXT_REF, bits)) {
        return PACKED_REF;
    }
    return packed_int(&at, end, bits) ? PACKED_INT : PACKED_OTHER;
}

#endif
