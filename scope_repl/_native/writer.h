/* A bounded writer of MessagePack. Two bounds: `end`, where the encoding is cut so that it stays small, and `wall`, where the memory
 * at hand ends. Only `end` shapes the result; meeting the wall first refuses it as a whole, so that the caller can ask again with
 * more room and get the same bytes as if it had had it from the start. */
#ifndef SCOPE_WRITER_H
#define SCOPE_WRITER_H

#include <stdint.h>
#include <string.h>

#include "compat.h"
#include "event.h"

#define SCOPE_DEPTH_MAX 4      /* containers within containers */
#define SCOPE_ITEMS_MAX 32     /* items of one container, attributes of one instance */
#define SCOPE_INNER_ITEMS_MAX 8 /* items of a container that is an attribute */
#define SCOPE_TEXT_MAX 256     /* characters of one str, bytes of one bytes */
#define SCOPE_INT_BYTES_MAX 32 /* bytes of one int's magnitude */
#define SCOPE_STEPS_MAX 256    /* entries of one table that are looked at, empty ones included */

struct scope_writer {
    unsigned char *p;    /* the next byte */
    unsigned char *end;  /* what is being encoded is cut here */
    unsigned char *wall; /* never written from here on */
    bool refused;        /* the wall came before the end: nothing that was written counts */
    bool in_instance; /* attributes are being written: an instance among them is described, not opened */
    bool references;  /* mutable objects and instances are written as references, and put down in `found` */
    bool lost;        /* there were more of them than `found` has room for */
    PyObject **found; /* borrowed ones; NULL if nobody asks */
    int found_count, found_room;
    int depth;
    const void *ancestors[SCOPE_DEPTH_MAX + 1]; /* the containers that the value being encoded is in */
};

/* Whether `size` more bytes may be written. */
static inline bool scope_fits(struct scope_writer *w, Py_ssize_t size)
{
    if (UNLIKELY(w->end - w->p < size)) {
        return false;
    }
    if (UNLIKELY(w->wall - w->p < size)) {
        w->refused = true;
        return false;
    }
    return true;
}

/* The put functions write without asking; each says how much it needs at most. */

static inline void scope_put_big_endian(struct scope_writer *w, uint64_t value, int bytes)
{
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
        *w->p++ = (unsigned char)(value >> shift);
    }
}

/* At most 9 bytes. */
static inline void scope_put_uint(struct scope_writer *w, uint64_t value)
{
    if (value < 0x80) {
        *w->p++ = (unsigned char)value;
    } else if (value <= 0xff) {
        *w->p++ = 0xcc;
        *w->p++ = (unsigned char)value;
    } else if (value <= 0xffff) {
        *w->p++ = 0xcd;
        scope_put_big_endian(w, value, 2);
    } else if (value <= 0xffffffff) {
        *w->p++ = 0xce;
        scope_put_big_endian(w, value, 4);
    } else {
        *w->p++ = 0xcf;
        scope_put_big_endian(w, value, 8);
    }
}

/* At most 9 bytes. */
static inline void scope_put_int(struct scope_writer *w, int64_t value)
{
    if (value >= 0) {
        scope_put_uint(w, (uint64_t)value);
    } else if (value >= -32) {
        *w->p++ = (unsigned char)value;
    } else if (value >= INT8_MIN) {
        *w->p++ = 0xd0;
        *w->p++ = (unsigned char)value;
    } else if (value >= INT16_MIN) {
        *w->p++ = 0xd1;
        scope_put_big_endian(w, (uint64_t)value, 2);
    } else if (value >= INT32_MIN) {
        *w->p++ = 0xd2;
        scope_put_big_endian(w, (uint64_t)value, 4);
    } else {
        *w->p++ = 0xd3;
        scope_put_big_endian(w, (uint64_t)value, 8);
    }
}

/* 9 bytes. */
static inline void scope_put_double(struct scope_writer *w, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    *w->p++ = 0xcb;
    scope_put_big_endian(w, bits, 8);
}

/* The header of a str of `bytes` UTF-8 bytes, below 65536: at most 3 bytes. */
static inline void scope_put_str_header(struct scope_writer *w, size_t bytes)
{
    if (bytes < 32) {
        *w->p++ = (unsigned char)(0xa0 | bytes);
    } else if (bytes < 256) {
        *w->p++ = 0xd9;
        *w->p++ = (unsigned char)bytes;
    } else {
        *w->p++ = 0xda;
        scope_put_big_endian(w, bytes, 2);
    }
}

/* The header and the bytes of a bin, below 65536: at most 3 bytes and the content. */
static inline void scope_put_bin(struct scope_writer *w, const void *data, size_t bytes)
{
    if (bytes < 256) {
        *w->p++ = 0xc4;
        *w->p++ = (unsigned char)bytes;
    } else {
        *w->p++ = 0xc5;
        scope_put_big_endian(w, bytes, 2);
    }
    memcpy(w->p, data, bytes);
    w->p += bytes;
}

static inline bool scope_write_nil(struct scope_writer *w)
{
    return scope_fits(w, 1) && (*w->p++ = 0xc0, true);
}

static inline bool scope_write_uint(struct scope_writer *w, uint64_t value)
{
    return scope_fits(w, 9) && (scope_put_uint(w, value), true);
}

/* An extension whose content is one array, of a length that is known when it is closed. */
struct scope_open {
    unsigned char *at;
    unsigned items;
};

static inline bool scope_open(struct scope_writer *w, int code, struct scope_open *open)
{
    *open = (struct scope_open){w->p, 0};
    if (!scope_fits(w, 7)) {
        return false;
    }
    w->p[0] = 0xc8;
    w->p[3] = (unsigned char)code;
    w->p[4] = 0xdc;
    w->p += 7;
    return true;
}

static inline void scope_close(struct scope_writer *w, const struct scope_open *open)
{
    unsigned bytes = (unsigned)(w->p - open->at) - 4;
    open->at[1] = (unsigned char)(bytes >> 8);
    open->at[2] = (unsigned char)bytes;
    open->at[5] = (unsigned char)(open->items >> 8);
    open->at[6] = (unsigned char)open->items;
}

/* An extension with one byte of content. */
static inline bool scope_write_mark(struct scope_writer *w, int code)
{
    if (!scope_fits(w, 3)) {
        return false;
    }
    *w->p++ = 0xd4;
    *w->p++ = (unsigned char)code;
    *w->p++ = 0;
    return true;
}

#endif
