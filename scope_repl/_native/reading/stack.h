/* A track's stack while its events are replayed: how calls and slices begin and end.
 *
 * The stack is not kept apart: it is the chain of parents in the table, from the track's innermost slice. The end of a call is
 * matched by its code, never by counting. An end that is not the innermost call's ends those above it as unknown; one that
 * matches nothing is ignored, and the work of looking for it is bounded for the log as a whole.
 *
 * `plain` is a constant wherever these functions are inlined: a plain log pays nothing for slices.
 */
#ifndef SCOPE_READING_STACK_H
#define SCOPE_READING_STACK_H

#include "generators.h"
#include "replay.h"

enum { NOBODY = -1 };
static const uint64_t SEARCH_LIMIT = 1000000000; /* steps in vain, after which a log counts as damaged */

struct track {
    const struct log_thread *thread;
    uint32_t number;
    uint32_t chunk; /* the next one to open, a position in log.chunks */
    const uint8_t *next, *end;
    uint64_t base, last; /* ticks */
    uint64_t head;       /* ticks: not later than the next event, if there is one */
    int32_t top;         /* the innermost slice */
    int32_t depth;
    int32_t next_slice, slice_end;
    int32_t next_call, call_end;
    const uint8_t *raised_until; /* an exception is on its way through the frames if this is where the next record is read */
    uint64_t raised_type;
    uint32_t raised_place;
};

struct replay {
    const struct log *log;
    struct replay_clock clock;
    uint64_t latest; /* ticks: what can be converted to ns */
    const uint8_t *suspends;
    uint32_t closing;
    struct replay_calls *calls;
    struct replay_slices *slices;
    struct replay_index *index;
    struct replay_ends *ends;
    struct replay_result *result;
    struct log_error *error;
    struct track *tracks; /* owned */
    struct generators generators;
    int32_t next_spare; /* the next row behind the tracks */
    uint64_t searched;  /* steps in vain */
};

/* ---- beginnings ---- */

static inline uint32_t place_of(const struct replay *replay, const struct log_record *record)
{
    return record->payload ? (uint32_t)((size_t)(record->at - replay->log->pool) / 8) : 0;
}

static inline int32_t call_of(const struct replay_slices *slices, int32_t slice, bool plain)
{
    return plain || slice < 0 ? slice : slices->call[slice];
}

static inline void fill_call(struct replay *replay, const struct track *track, int32_t row, uint32_t code, int64_t start,
                             bool plain)
{
    struct replay_calls *calls = replay->calls;
    calls->start[row] = start;
    calls->self[row] = 0;
    calls->code[row] = (int32_t)code;
    calls->parent[row] = call_of(replay->slices, track->top, plain);
    calls->depth[row] = track->depth;
    calls->track[row] = (int32_t)track->number;
    calls->outcome[row] = OUTCOME_OPEN;
    calls->seen[row] = 1;
}

static inline void fill_places(struct replay_calls *calls, int32_t row, uint32_t entry)
{
    if (calls->entry != NULL) {
        calls->entry[row] = entry;
        calls->exit[row] = 0;
    }
}

static inline bool begin_slice(struct replay *replay, struct track *track, int32_t call, int64_t time, bool plain)
{
    if (UNLIKELY(track->next_slice >= track->slice_end)) {
        return log_failed(replay->error, "thread %lld has more calls than when the log was opened", track->number);
    }
    int32_t slice = track->next_slice++;
    if (!plain) {
        struct replay_slices *slices = replay->slices;
        slices->start[slice] = time;
        slices->call[slice] = call;
        slices->parent[slice] = track->top;
        slices->depth[slice] = track->depth;
    }
    track->top = slice;
    track->depth++;
    return true;
}

static inline bool begin_call(struct replay *replay, struct track *track, uint32_t code, uint32_t entry, int64_t time,
                              bool plain)
{
    if (UNLIKELY(track->next_call >= track->call_end)) {
        return log_failed(replay->error, "thread %lld has more calls than when the log was opened", track->number);
    }
    int32_t call = track->next_call++;
    fill_call(replay, track, call, code, time, plain);
    fill_places(replay->calls, call, entry);
    return begin_slice(replay, track, call, time, plain);
}

/* A generator's first slice. Its frame's address may be that of an earlier one, which then has ended without a word. */
static inline bool remember_generator(struct replay *replay, uint64_t frame, int32_t call, int64_t time)
{
    struct generator *cell = generator_at(&replay->generators, frame);
    if (cell == NULL) {
        return log_failed(replay->error, NULL, 0);
    }
    if (cell->call >= 0 && replay->calls->outcome[cell->call] == OUTCOME_SUSPENDED) {
        replay->calls->outcome[cell->call] = OUTCOME_UNKNOWN;
        replay->calls->end[cell->call] = time;
    }
    cell->call = call;
    return true;
}

/* A row behind the tracks, for a generator that was suspended when the log begins. */
static inline bool spare_call(struct replay *replay, struct track *track, uint32_t code, int64_t start, uint32_t entry,
                              int32_t *call)
{
    if ((size_t)replay->next_spare >= replay->calls->rows) {
        return log_failed(replay->error, "thread %lld has more generators than when the log was opened", track->number);
    }
    *call = replay->next_spare++;
    fill_call(replay, track, *call, code, start, false);
    fill_places(replay->calls, *call, entry);
    return true;
}

static inline bool resume(struct replay *replay, struct track *track, const struct log_record *record, int64_t time)
{
    struct replay_calls *calls = replay->calls;
    struct generator *cell = generator_at(&replay->generators, record->aux ? record->aux : UINT64_MAX);
    if (cell == NULL) {
        return log_failed(replay->error, NULL, 0);
    }
    int32_t call = cell->call;
    bool alive = call >= 0 && calls->code[call] == (int32_t)record->id &&
                 (calls->outcome[call] == OUTCOME_SUSPENDED || calls->outcome[call] == OUTCOME_OPEN);
    if (!alive) {
        if (!spare_call(replay, track, record->id, 0, place_of(replay, record), &call)) {
            return false;
        }
        calls->seen[call] = 0;
        cell->call = call;
    }
    calls->outcome[call] = OUTCOME_OPEN;
    return begin_slice(replay, track, call, time, false);
}

/* ---- ends ---- */

/* The innermost slice from `slice` outwards whose call has that code, or NOBODY. */
static inline int32_t find_slice(const struct replay_calls *calls, const struct replay_slices *slices, int32_t slice,
                                 uint32_t code, bool plain, uint64_t *steps)
{
    while (slice >= 0 && calls->code[call_of(slices, slice, plain)] != (int32_t)code) {
        slice = slices->parent[slice];
        ++*steps;
    }
    return slice;
}

/* Ends the innermost slice; the time in it no longer is its parent's own. */
static inline int32_t end_slice(struct replay *replay, struct track *track, int64_t time, bool plain)
{
    struct replay_slices *slices = replay->slices;
    int32_t slice = track->top, parent = slices->parent[slice];
    int32_t call = call_of(slices, slice, plain);
    int64_t duration = time - slices->start[slice];
    slices->end[slice] = time;
    replay->calls->self[call] += duration;
    if (parent >= 0) {
        replay->calls->self[call_of(slices, parent, plain)] -= duration;
    }
    track->top = parent;
    track->depth--;
    return call;
}

static inline void end_call(struct replay *replay, struct track *track, int64_t time, enum replay_outcome outcome, bool plain)
{
    int32_t call = end_slice(replay, track, time, plain);
    replay->calls->end[call] = time;
    replay->calls->outcome[call] = outcome;
}

/* Makes the innermost call of a code the innermost one of all: those above it have ended unseen. False if there is none. */
static inline bool uncover(struct replay *replay, struct track *track, uint32_t code, int64_t time, bool plain)
{
    uint64_t steps = 0;
    int32_t slice = find_slice(replay->calls, replay->slices, track->top, code, plain, &steps);
    if (slice < 0) {
        replay->searched += steps;
        return false;
    }
    while (track->top != slice) {
        end_call(replay, track, time, OUTCOME_UNKNOWN, plain);
    }
    return true;
}

/* After a search in vain: whether the log may go on. */
static inline bool may_go_on(const struct replay *replay, const struct track *track)
{
    return replay->searched < SEARCH_LIMIT ||
           log_failed(replay->error, "thread %lld goes back to calls that never began", track->number);
}

static inline bool is_innermost(const struct replay *replay, const struct track *track, uint32_t code, bool plain)
{
    return track->top >= 0 && replay->calls->code[call_of(replay->slices, track->top, plain)] == (int32_t)code;
}

/* The place of the record that knows most of the exception that ends a call: that of the raise, if nothing came between. */
static inline uint32_t exception_place(const struct replay *replay, struct track *track, const struct log_record *record)
{
    uint32_t place = place_of(replay, record);
    if (track->raised_until == record->at && track->raised_type == record->aux) {
        place = track->raised_place;
        track->raised_until = track->next;
    }
    return place;
}

/* Whether a call ends because its generator was closed, which is an exception in form only. */
static inline bool is_closed(const struct replay *replay, const struct log_record *record)
{
    return record->kind == SCOPE_UNWIND && replay->closing != 0 && record->aux == replay->closing &&
           record->id <= replay->log->largest_id && replay->suspends[record->id];
}

static inline bool end_by(struct replay *replay, struct track *track, const struct log_record *record, int64_t time, bool plain)
{
    if (UNLIKELY(!is_innermost(replay, track, record->id, plain)) && !uncover(replay, track, record->id, time, plain)) {
        replay->result->ignored++;
        return may_go_on(replay, track);
    }
    int32_t call = call_of(replay->slices, track->top, plain);
    switch (record->kind) {
    case SCOPE_YIELD:
        end_slice(replay, track, time, plain);
        replay->calls->outcome[call] = OUTCOME_SUSPENDED;
        replay->calls->end[call] = time;
        return true;
    case SCOPE_UNWIND:
    case SCOPE_C_RAISE:
        end_call(replay, track, time, is_closed(replay, record) ? OUTCOME_CLOSED : OUTCOME_RAISE, plain);
        if (replay->calls->exit != NULL) {
            replay->calls->exit[call] = exception_place(replay, track, record);
        }
        return true;
    default:
        end_call(replay, track, time, OUTCOME_RETURN, plain);
        if (record->payload && replay->calls->exit != NULL) {
            replay->calls->exit[call] = place_of(replay, record);
        }
        return true;
    }
}

#endif
