/* Columns of everything: all lines, all writes of one name. */
#include "walk.h"

bool state_lines(const struct state *state, const uint8_t *asked, struct state_lines *lines, struct log_error *error)
{
    for (uint32_t number = 0; number < state->block_count; number++) {
        int32_t chunk = state->blocks[number].chunk;
        if (chunk == NO_CHUNK || state->log->chunks[chunk].lines == 0) {
            continue;
        }
        struct walk walk = walk_begin(state, number);
        while (walk_next(&walk)) {
            if (!walk_begins_line(&walk) || !asked[state->calls.code[walk.call]]) {
                continue;
            }
            if (lines->used >= lines->rows) {
                return walk_failed(&walk, error);
            }
            size_t row = lines->used++;
            lines->tick[row] = (int64_t)walk.tick;
            lines->call[row] = walk.call;
            lines->line[row] = (int32_t)walk.record.id;
            lines->track[row] = (int32_t)walk.block->thread;
        }
        if (walk.damaged) {
            return walk_failed(&walk, error);
        }
    }
    return true;
}

/* ---- histories ---- */

/* Whether a key is asked for, in a record that belongs to a call whose code has this slot for the name. */
static bool is_asked(const struct state *state, const struct state_asked *asked, int32_t slot, int32_t key)
{
    return key >= 0 ? key == slot : (size_t)-key < state->numbers && asked->names[-key];
}

static bool add_write(struct walk *walk, const struct changes *changes, struct state_writes *writes)
{
    size_t row = writes->used++;
    if (writes->tick == NULL) {
        return true;
    }
    if (row >= writes->rows) {
        return false;
    }
    bool has_line = walk->record.kind == SCOPE_LINE && walk->block->chunk != NO_CHUNK;
    writes->tick[row] = (int64_t)walk->tick;
    writes->call[row] = walk->call;
    writes->line[row] = has_line ? (int32_t)(walk->record.aux & (SCOPE_LINE_CUT - 1)) : 0;
    writes->at[row] = (uint64_t)walk->first_place * 8 + (uint64_t)(changes->value - walk->origin);
    return true;
}

/* The slot that the name has in the record's call; NOT_ASKED if the record has nothing to do with the name. */
static int32_t slot_of(const struct walk *walk, const struct state_asked *asked)
{
    const struct state *state = walk->state;
    enum scope_kind kind = walk->record.kind;
    if (asked->module >= 0) {
        bool is_names = kind == SCOPE_NAMES && walk->record.id < state->numbers;
        int32_t module = is_names ? state->modules[walk->record.id] : kind == SCOPE_LINE ? walk_module(walk) : -1;
        return module == asked->module ? NO_SLOT : NOT_ASKED;
    }
    bool binds = kind == SCOPE_LINE || kind == SCOPE_CALL || kind == SCOPE_OPEN || kind == SCOPE_SUSPENDED;
    return binds && walk->call >= 0 ? asked->slots[state->calls.code[walk->call]] : NOT_ASKED;
}

static bool history_of_block(const struct state *state, uint32_t number, const struct state_asked *asked,
                             struct state_writes *writes, struct log_error *error)
{
    struct walk walk = walk_begin(state, number);
    while (walk_next(&walk)) {
        int32_t slot;
        if (walk.record.bytes == 0 || (slot = slot_of(&walk, asked)) == NOT_ASKED) {
            continue;
        }
        struct changes changes = changes_of(&walk.record);
        while (changes_next(&changes)) {
            if (is_asked(state, asked, slot, changes.key) && !add_write(&walk, &changes, writes)) {
                return walk_failed(&walk, error);
            }
        }
        walk.damaged |= changes.damaged;
    }
    return !walk.damaged || walk_failed(&walk, error);
}

bool state_history(const struct state *state, const struct state_asked *asked, struct state_writes *writes, struct log_error *error)
{
    for (uint32_t number = 0; number < state->block_count; number++) {
        bool may_have = asked->module < 0 || state->blocks[number].names;
        if (may_have && !history_of_block(state, number, asked, writes, error)) {
            return false;
        }
    }
    return true;
}

bool state_value_at(const struct state *state, uint64_t at, const uint8_t **data, size_t *bytes)
{
    const struct log *log = state->log;
    const uint8_t *end = NULL;
    if (at < log->pool_bytes) {
        *data = log->pool + at;
        end = log->pool + (at / SCOPE_CHUNK_BYTES + 1) * SCOPE_CHUNK_BYTES;
    }
    for (uint32_t i = 0; end == NULL && i < log->thread_count; i++) {
        const struct log_keyframe *keyframe = &log->threads[i].keyframe;
        uint64_t first = keyframe->place * 8;
        if (at >= first && at - first < keyframe->size) {
            *data = keyframe->data + (at - first);
            end = keyframe->data + keyframe->size;
        }
    }
    const uint8_t *behind = end ? packed_skip(*data, end) : NULL;
    *bytes = behind ? (size_t)(behind - *data) : 0;
    return behind != NULL;
}
