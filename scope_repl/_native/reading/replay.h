/* From a log to tables: every call with its begin, end and outcome, and every slice (an uninterrupted stretch of a call on one
 * track). Tracks are the log's threads. */
#ifndef SCOPE_REPLAY_H
#define SCOPE_REPLAY_H

#include "chunks.h"

/* The numbers of schema.Outcome. */
enum replay_outcome { OUTCOME_OPEN, OUTCOME_RETURN, OUTCOME_RAISE, OUTCOME_SUSPENDED, OUTCOME_UNKNOWN, OUTCOME_CLOSED };

struct replay_clock {
    uint64_t start, end; /* ticks */
    double ns_per_tick;
};

static const double REPLAY_LONGEST_NS = 4e18; /* what int64 holds, with room */

static inline int64_t replay_ns(const struct replay_clock *clock, uint64_t tick)
{
    return (int64_t)((double)(int64_t)(tick - clock->start) * clock->ns_per_tick);
}

/* The last tick that can be converted to nanoseconds; false if the clock is impossible. */
static inline bool replay_latest(const struct replay_clock *clock, uint64_t *latest)
{
    if (!(clock->ns_per_tick > 1e-6 && clock->ns_per_tick < 1e9) || clock->start > UINT64_MAX / 4) {
        return false;
    }
    double ticks = REPLAY_LONGEST_NS / clock->ns_per_tick;
    uint64_t span = ticks > 4e18 ? (uint64_t)4e18 : (uint64_t)ticks;
    *latest = clock->start + span;
    return *latest > SCOPE_DELTA_MAX;
}

/* One row for each call. Rows of a track are in pre-order and stand together; behind all tracks stand the generators that were
 * suspended when the log begins. */
struct replay_calls {
    int64_t *start, *end, *self;
    int32_t *code, *parent, *depth, *track;
    uint8_t *outcome;
    uint8_t *seen;          /* 0: when the call began is not known */
    uint32_t *entry, *exit; /* places of records with a payload, or 0; NULL without payloads */
    size_t rows;
};

/* One row for each slice, in pre-order by track. In a plain log calls and slices are the same: then `call` is NULL and the
 * other columns are those of the calls. */
struct replay_slices {
    int64_t *start, *end;
    int32_t *call, *parent, *depth;
    size_t rows;
};

/* The state in front of each chunk, from which its events can be read alone. In the order of log.chunks. */
struct replay_index {
    int64_t *time;     /* not later than the chunk's first event */
    int32_t *top;      /* the innermost slice, or -1 */
    int32_t *next_row; /* the row of the next slice to begin */
};

/* Events of chunks. */
struct replay_events {
    int64_t *time;
    uint8_t *kind;
    int32_t *code; /* of the call, or -1 */
    int32_t *call; /* the call that it belongs to, or -1 */
    uint32_t *place; /* of the record, or 0 if it has no payload */
    size_t rows, rows_used;
    uint64_t searched; /* steps in vain */
};

/* Where each track stood when the recording ended, or when the track stopped being known. */
struct replay_ends {
    int64_t *time;
    int32_t *top; /* the innermost slice, or -1 */
};

struct replay_result {
    size_t calls;   /* rows in use */
    size_t ignored; /* ends of calls that match no beginning */
    int64_t end;    /* the recording's end */
};

/* Fills the tables. `suspends`: for each code, up to log.largest_id, whether its calls can be suspended. `closing`: the id of the
 * exception type that ends a generator which is closed (GeneratorExit), or 0 if none was. `end_known`: for each
 * thread the tick after which nothing is known of it. */
bool replay_run(const struct log *log, struct replay_clock clock, const uint8_t *suspends, uint32_t closing, const uint64_t *end_known,
                struct replay_calls *calls, struct replay_slices *slices, struct replay_index *index, struct replay_ends *ends,
                struct replay_result *result, struct log_error *error);

/* Appends the events of the chunk at `position` of log.chunks. */
bool replay_events(const struct log *log, struct replay_clock clock, uint32_t position, const struct replay_calls *calls,
                   const struct replay_slices *slices, const struct replay_index *index, struct replay_events *events,
                   struct log_error *error);

#endif
