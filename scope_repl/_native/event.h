/* The log's byte layout, version 2. The one place where it is drawn; schema.py holds the same numbers for Python, and a
 * test compares the two.
 *
 * A log is a pool of chunks of SCOPE_CHUNK_BYTES. A chunk is a header of 64 bytes and records. A record is one word of
 * 8 bytes, native byte order, and, if its P bit is set, a payload behind it in the same chunk:
 *
 *   63    59 58 57              38 37                                    0
 *  +--------+--+------------------+---------------------------------------+
 *  | kind 5 |P | id 20            | delta 38: ticks since the chunk's base|
 *  +--------+--+------------------+---------------------------------------+
 *   63                                                  16 15             0
 *  +------------------------------------------------------+---------------+
 *  | aux 48                                               | bytes 16      |   only if P
 *  +------------------------------------------------------+---------------+
 *  | `bytes` bytes, padded with zeros to a multiple of 8                  |   only if P and bytes > 0
 *  +----------------------------------------------------------------------+
 *
 * 38 bits of delta last 92 s at 3 GHz; after that a TIME record carries a new base. A bare call or return is one word,
 * because that is what is written tens of millions of times a second; everything rarer pays for its own payload.
 */
#ifndef SCOPE_EVENT_H
#define SCOPE_EVENT_H

#include <stdint.h>

#define SCOPE_LOG_VERSION 2
#define SCOPE_CHUNK_BYTES 32768
#define SCOPE_CHUNK_MAGIC 0x4b4e4853u /* "SHNK", little endian */
#define SCOPE_PAYLOAD_MAX 4096        /* bytes behind one record at the most */

enum scope_kind {
    /*                          id            aux                                   bytes
     * (site: the instruction of the calling frame, in code units, plus one; 0 when it is not known) */
    SCOPE_NONE = 0,          /* never written: zeroed memory is not a record */
    SCOPE_CALL = 1,          /* code          frame address of a generator, or site argument values: a MessagePack array */
    SCOPE_RETURN = 2,        /* code          0                                     the value */
    SCOPE_UNWIND = 3,        /* code          exception's type id                   - */
    SCOPE_YIELD = 4,         /* code          0                                     the value */
    SCOPE_RESUME = 5,        /* code          frame address                         - */
    SCOPE_THROW = 6,         /* code          frame address                         - */
    SCOPE_RAISE = 7,         /* code          type id | (offset + 1) << 20          message: a str, or nil */
    SCOPE_HANDLED = 8,       /* code          type id | (offset + 1) << 20          - */
    SCOPE_C_CALL = 9,        /* callable      site (level values; else bare)        - */
    SCOPE_C_RETURN = 10,     /* callable      -                                     - */
    SCOPE_C_RAISE = 11,      /* callable      -                                     - */
    SCOPE_THREAD_START = 12, /* 0             -                                     - */
    SCOPE_THREAD_END = 13,   /* 0             -                                     - */
    SCOPE_TIME = 14,         /* 0             0                                     8: absolute ticks, the new base */
    SCOPE_OPEN = 15,         /* code          frame address, or 0                   8: start in ticks (0: before the recording); arguments */
    SCOPE_SUSPENDED = 16,    /* code          frame address                         8: start in ticks (0: unknown); arguments */
    SCOPE_LINE = 17,         /* line          the line before | cut               changes: key, value, key, value … */
    SCOPE_VERSION = 18,      /* type          the object's address                struct scope_version, then content */
    SCOPE_NAMES = 19,        /* module        0                                     changes, as of a LINE */
    SCOPE_OUTPUT = 20,       /* stream        0                                     text: a str */
    SCOPE_ATTRIBUTE = 21,    /* name          address of the instance             4: line; then the old value and the new one */
    SCOPE_FRAME = 22,        /* code          0                                     - */
};
/* OPEN and SUSPENDED stand in keyframes only: the suspended spans first, then the open ones, outermost first. Behind each may stand
 * LINEs with its line and its locals. In front of the first thread's stand VERSIONs and NAMES.
 *
 * LINE: the source line that begins in the innermost open call (0: none, the frame is about to be left or suspended), with what has
 * changed in the frame since its last LINE or its beginning, by MessagePack values that follow each other. A key from 0 on is a slot
 * of the frame (co_localsplusnames), a negative one the number of a name: of a class body's own, else of the module's namespace.
 * Aux is the line that was executing before, with SCOPE_LINE_CUT if not all that is in reach of the frame was looked at.
 * VERSION: what an object holds from now on. NAMES: changes in a module's namespace that were noticed outside any line.
 * FRAME: the innermost open call of this code is the one that runs; those above it have ended unseen. */
#define SCOPE_LINE_CUT (UINT64_C(1) << 20)

/* In front of the content of a VERSION, which is the first `front` bytes of the version before, these bytes, and the last `back`
 * bytes of the version before: so that appending to a long list costs what was appended. The version before is the one that stands
 * nearest in front of it in the same chunk, so that a chunk can be read, and dropped, alone. */
struct scope_version {
    uint32_t line; /* that was executing in the innermost open call; 0 if not known */
    uint16_t front, back;
};
_Static_assert(sizeof(struct scope_version) == 8, "a version's header is 8 bytes");

struct scope_chunk {
    uint32_t magic;
    uint16_t version;
    uint16_t flags;    /* 0 */
    uint32_t thread;   /* index into the log's table of threads */
    uint32_t used;     /* bytes of records behind this header; a multiple of 8 */
    uint64_t sequence; /* 1, 2, 3 … in the order in which chunks were taken from the pool; 0: never used */
    uint64_t base;     /* ticks: what the deltas from `skip` on count from */
    uint32_t skip;     /* bytes of records behind this header that are folded away: no events any more, but VERSIONs build on them */
    uint32_t reserved[7];
};
_Static_assert(sizeof(struct scope_chunk) == 64, "a chunk's header is 64 bytes");
_Static_assert(SCOPE_CHUNK_BYTES % 4096 == 0, "chunks are whole pages");

#define SCOPE_DELTA_BITS 38
#define SCOPE_ID_BITS 20
#define SCOPE_DELTA_MAX ((UINT64_C(1) << SCOPE_DELTA_BITS) - 1)
#define SCOPE_ID_MAX ((UINT32_C(1) << SCOPE_ID_BITS) - 1)
#define SCOPE_PAYLOAD_BIT (UINT64_C(1) << (SCOPE_DELTA_BITS + SCOPE_ID_BITS))
#define SCOPE_KIND_SHIFT (SCOPE_DELTA_BITS + SCOPE_ID_BITS + 1)
#define SCOPE_AUX_MAX ((UINT64_C(1) << 48) - 1)

static inline uint64_t scope_word(enum scope_kind kind, uint32_t id, uint64_t delta)
{
    return ((uint64_t)kind << SCOPE_KIND_SHIFT) | ((uint64_t)id << SCOPE_DELTA_BITS) | delta;
}
static inline enum scope_kind scope_kind_of(uint64_t word) { return (enum scope_kind)(word >> SCOPE_KIND_SHIFT); }
static inline uint32_t scope_id_of(uint64_t word) { return (uint32_t)(word >> SCOPE_DELTA_BITS) & SCOPE_ID_MAX; }
static inline uint64_t scope_delta_of(uint64_t word) { return word & SCOPE_DELTA_MAX; }
static inline uint64_t scope_payload(uint64_t aux, uint32_t bytes) { return (aux << 16) | bytes; }
static inline uint64_t scope_aux_of(uint64_t header) { return header >> 16; }
static inline uint32_t scope_bytes_of(uint64_t header) { return (uint32_t)(header & 0xffff); }
static inline uint32_t scope_padded(uint32_t bytes) { return (bytes + 7u) & ~7u; }

#endif
