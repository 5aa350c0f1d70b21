/* One block's records, one after the other, each with its time and the call that it belongs to. */
#ifndef SCOPE_READING_WALK_H
#define SCOPE_READING_WALK_H

#include "packed.h"
#include "stack.h"
#include "state.h"

struct walk {
    const struct state *state;
    const struct state_block *block;
    const uint8_t *next, *end;
    uint64_t base, tick;
    uint32_t first_place; /* of the memory that `origin` points to */
    const uint8_t *origin;
    int32_t top, next_slice; /* in a chunk */
    int32_t next_open, next_suspended; /* in a keyframe: rows of calls */
    int32_t call;  /* the innermost open one; in a keyframe the one that was named last; or -1 */
    bool damaged;
    struct log_record record;
};

static inline int32_t walk_call_of(const struct walk *walk, int32_t slice)
{
    return call_of(&walk->state->slices, slice, walk->state->log->plain);
}

static inline struct walk walk_begin(const struct state *state, uint32_t number)
{
    const struct state_block *block = &state->blocks[number];
    const struct log *log = state->log;
    struct walk walk = {.state = state, .block = block, .tick = block->start, .top = NOBODY, .call = NOBODY, .origin = log->pool};
    if (block->chunk == NO_CHUNK) {
        const struct log_keyframe *keyframe = &log->threads[block->thread].keyframe;
        walk.origin = walk.next = keyframe->data;
        walk.end = keyframe->data + keyframe->size;
        walk.first_place = (uint32_t)keyframe->place;
        walk.next_open = state->rows[block->thread].open;
        walk.next_suspended = state->rows[block->thread].suspended;
        return walk;
    }
    struct scope_chunk header;
    uint32_t position = (uint32_t)block->chunk;
    log_chunk_header(log, log->chunks[position].number, &header);
    log_chunk_records(log, log->chunks[position].number, &walk.next, &walk.end);
    walk.base = header.base;
    walk.damaged = header.base > state->latest - SCOPE_DELTA_MAX;
    walk.top = state->index.top[position];
    walk.next_slice = state->index.next_row[position];
    walk.call = walk_call_of(&walk, walk.top);
    return walk;
}

static inline uint32_t walk_place(const struct walk *walk)
{
    return walk->first_place + (uint32_t)((size_t)(walk->record.at - walk->origin) / 8);
}

/* In a keyframe the call is that of the last span; its state is that at the horizon. */
static inline bool walk_held(struct walk *walk)
{
    const struct log_record *record = &walk->record;
    const struct state *state = walk->state;
    if (record->kind != SCOPE_OPEN && record->kind != SCOPE_SUSPENDED) {
        walk->tick = state->horizon;
        return true;
    }
    uint64_t start = record->bytes < 8 ? 0 : log_load(record->data);
    walk->call = record->kind == SCOPE_OPEN ? walk->next_open++ : walk->next_suspended++;
    walk->tick = start < state->clock.start ? state->clock.start : start < state->horizon ? start : state->horizon;
    walk->damaged = record->bytes < 8 || (size_t)walk->call >= state->calls.rows;
    return !walk->damaged;
}

/* How a record of a chunk changes the stack. */
static inline bool walk_stack(struct walk *walk)
{
    const struct state *state = walk->state;
    uint64_t steps = 0;
    int32_t slice;
    switch (walk->record.kind) {
    case SCOPE_CALL:
    case SCOPE_C_CALL:
    case SCOPE_RESUME:
    case SCOPE_THROW:
        if (UNLIKELY((size_t)walk->next_slice >= state->slices.rows)) {
            walk->damaged = true;
            return false;
        }
        walk->top = walk->next_slice++;
        break;
    case SCOPE_RETURN:
    case SCOPE_UNWIND:
    case SCOPE_YIELD:
    case SCOPE_C_RETURN:
    case SCOPE_C_RAISE:
    case SCOPE_FRAME:
        slice = find_slice(&state->calls, &state->slices, walk->top, walk->record.id, state->log->plain, &steps);
        if (slice >= 0) {
            walk->top = walk->record.kind == SCOPE_FRAME ? slice : state->slices.parent[slice];
        }
        break;
    default:
        return true;
    }
    walk->call = walk_call_of(walk, walk->top);
    return true;
}

/* The next record; false at the end of the block, or when `damaged` is set. */
static inline bool walk_next(struct walk *walk)
{
    while (walk->next < walk->end && !walk->damaged) {
        if (UNLIKELY(!log_next(&walk->next, walk->end, &walk->record))) {
            walk->damaged = true;
            return false;
        }
        if (UNLIKELY(walk->block->chunk == NO_CHUNK)) {
            return walk_held(walk);
        }
        if (UNLIKELY(walk->record.kind == SCOPE_TIME)) {
            walk->base = walk->record.bytes == 8 ? log_load(walk->record.data) : UINT64_MAX;
            walk->damaged = walk->base > walk->state->latest - SCOPE_DELTA_MAX;
            continue;
        }
        uint64_t tick = walk->base + walk->record.delta;
        walk->tick = tick > walk->tick ? tick : walk->tick;
        return walk_stack(walk);
    }
    return false;
}

/* Whether all that follows in the block is at `until` or later. In a keyframe times go up and down. */
static inline bool walk_is_past(const struct walk *walk, uint64_t until)
{
    return walk->tick >= until && walk->block->chunk != NO_CHUNK;
}

static inline bool walk_failed(const struct walk *walk, struct log_error *error)
{
    return log_failed(error, "the state of thread %lld is damaged", walk->block->thread);
}

static inline bool walk_begins_line(const struct walk *walk)
{
    return walk->record.kind == SCOPE_LINE && walk->record.id != 0 && walk->call >= 0;
}

/* The module whose names the innermost open call writes, or -1. */
static inline int32_t walk_module(const struct walk *walk)
{
    return walk->call < 0 ? -1 : walk->state->modules[walk->state->calls.code[walk->call]];
}

/* ---- what a record writes ---- */

/* The values that a record binds, one after the other: of a LINE and NAMES pairs of a key and a value, of the beginning of a call its
 * arguments. */
struct changes {
    const uint8_t *next, *end;
    uint64_t arguments; /* that are left */
    int32_t slot;       /* of the next argument; -1 for pairs */
    bool damaged;
    int32_t key;
    const uint8_t *value;
    size_t bytes;
};

static inline struct changes changes_of(const struct log_record *record)
{
    struct changes changes = {.slot = -1};
    if (record->data == NULL) {
        return changes;
    }
    changes.next = record->data;
    changes.end = record->data + record->bytes;
    switch (record->kind) {
    case SCOPE_LINE:
    case SCOPE_NAMES:
        return changes;
    case SCOPE_OPEN:
    case SCOPE_SUSPENDED:
        changes.next += record->bytes < 8 ? record->bytes : 8;
        break;
    case SCOPE_CALL:
        break;
    default:
        changes.next = changes.end;
    }
    changes.slot = 0;
    if (!packed_array(&changes.next, changes.end, &changes.arguments)) {
        changes.arguments = 0;
    }
    return changes;
}

static inline bool changes_failed(struct changes *changes)
{
    changes->damaged = true;
    return false;
}

static inline bool changes_next(struct changes *changes)
{
    if (changes->slot >= 0) {
        if (changes->arguments == 0) {
            return false;
        }
        changes->arguments--;
        changes->key = changes->slot++;
    } else {
        int64_t key;
        if (changes->next >= changes->end) {
            return false;
        }
        if (UNLIKELY(!packed_int(&changes->next, changes->end, &key) || key < -(int64_t)SCOPE_ID_MAX || key > UINT16_MAX)) {
            return changes_failed(changes);
        }
        changes->key = (int32_t)key;
    }
    changes->value = changes->next;
    changes->next = packed_skip(changes->next, changes->end);
    if (UNLIKELY(changes->next == NULL)) {
        return changes_failed(changes);
    }
    changes->bytes = (size_t)(changes->next - changes->value);
    return true;
}

#endif
