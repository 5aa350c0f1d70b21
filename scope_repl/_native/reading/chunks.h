/* A finished log, opened for reading: its chunks by thread and in order, and its records one after the other.
 *
 * A log may come from a file, so nothing in it is trusted. log_open() walks every record once and refuses a log whose records
 * do not fit their chunks; the memory may not change afterwards, and still no later read leaves it. */
#ifndef SCOPE_READING_CHUNKS_H
#define SCOPE_READING_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "../event.h"

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* The spans that one thread left open or suspended at the horizon, with their locals; the first thread's holds objects and names too. */
struct log_keyframe {
    const uint8_t *data; /* borrowed */
    size_t size;
    uint64_t place; /* of its first word, counted on from the end of the pool */
};

struct log_thread {
    struct log_keyframe keyframe;
    uint32_t first_chunk, chunk_end; /* its part of log.chunks */
    size_t spans;                    /* calls, C calls and open spans: each begins a slice */
    size_t suspended;                /* spans that the keyframe has suspended */
    size_t resumes;                  /* RESUME and THROW: these too */
};

struct log_chunk {
    uint64_t sequence;
    uint32_t thread;
    uint32_t number; /* its position in the pool */
    uint32_t events; /* records other than TIME */
    uint32_t lines;  /* LINEs at which a line begins */
};

struct log {
    const uint8_t *pool; /* borrowed */
    size_t pool_bytes;
    struct log_thread *threads; /* owned */
    uint32_t thread_count;
    struct log_chunk *chunks; /* owned; by thread, then by sequence */
    uint32_t chunk_count;
    uint32_t largest_id;
    size_t spans, resumes, suspended, events, line_rows;
    size_t used_bytes; /* of records in chunks */
    bool payloads; /* some call or end of one carries one */
    bool plain;    /* nothing is suspended or resumed: each call is one slice */
    bool lines;    /* some call has LINEs */
};

struct log_record {
    enum scope_kind kind;
    bool payload;
    uint32_t id;
    uint32_t bytes;
    uint64_t delta;
    uint64_t aux;        /* 0 without a payload */
    const uint8_t *data; /* NULL without a payload */
    const uint8_t *at;   /* the record's first word */
};

/* Why a function failed: text for the user with one %lld for `number`, or NULL when memory ran out. */
struct log_error {
    const char *text;
    long long number;
};

static inline bool log_failed(struct log_error *error, const char *text, long long number)
{
    *error = (struct log_error){text, number};
    return false;
}

static inline uint64_t log_load(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Reads the record at *next and moves behind it; false if it does not fit in front of `end`, where there is at least a word. */
static inline bool log_next(const uint8_t **next, const uint8_t *end, struct log_record *record)
{
    const uint8_t *at = *next;
    uint64_t word = log_load(at);
    *record = (struct log_record){
        .kind = scope_kind_of(word), .id = scope_id_of(word), .delta = scope_delta_of(word), .at = at};
    if (LIKELY(!(word & SCOPE_PAYLOAD_BIT))) {
        *next = at + 8;
        return true;
    }
    if (end - at < 16) {
        return false;
    }
    uint64_t header = log_load(at + 8);
    record->payload = true;
    record->aux = scope_aux_of(header);
    record->bytes = scope_bytes_of(header);
    record->data = at + 16;
    *next = at + 16 + scope_padded(record->bytes);
    return (size_t)(end - at) - 16 >= scope_padded(record->bytes);
}

/* Whether a record tells of the state that the innermost open call is in, and not of a call: its id is no callable's number. */
static inline bool log_is_of_state(enum scope_kind kind) { return kind >= SCOPE_LINE && kind <= SCOPE_ATTRIBUTE; }

static inline const uint8_t *log_chunk_header(const struct log *log, uint32_t number, struct scope_chunk *header)
{
    const uint8_t *chunk = log->pool + (size_t)number * SCOPE_CHUNK_BYTES;
    memcpy(header, chunk, sizeof *header);
    return chunk + sizeof *header;
}

static inline bool log_chunk_is_sound(const struct scope_chunk *header)
{
    return header->used <= SCOPE_CHUNK_BYTES - sizeof *header && header->used % 8 == 0 && header->skip <= header->used &&
           header->skip % 8 == 0;
}

/* The records of a chunk that are not folded away: none if its header no longer is what log_open() saw. */
static inline void log_chunk_records(const struct log *log, uint32_t number, const uint8_t **next, const uint8_t **end)
{
    struct scope_chunk header;
    const uint8_t *records = log_chunk_header(log, number, &header);
    bool sound = log_chunk_is_sound(&header);
    *next = sound ? records + header.skip : records;
    *end = sound ? records + header.used : records;
}

/* Sorts and checks. The caller has set pool, pool_bytes, threads (zeroed but for the keyframes) and thread_count; on failure
 * as on success log_close() frees what is owned. */
bool log_open(struct log *log, struct log_error *error);
void log_close(struct log *log);

/* The record at a place: a word of the pool, or beyond it of the keyframes one after the other. False if there is none. */
bool log_record_at(const struct log *log, uint64_t place, struct log_record *record);

#endif
