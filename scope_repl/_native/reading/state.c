/* Opening: the blocks in order, and the index of what survives each of them. */
#include "walk.h"

#include <stdlib.h>

/* ---- blocks ---- */

static bool list_blocks(struct state *state)
{
    const struct log *log = state->log;
    size_t threads = log->thread_count;
    state->block_count = log->chunk_count + log->thread_count;
    state->blocks = calloc(state->block_count ? state->block_count : 1, sizeof *state->blocks);
    state->first_block = calloc(threads + 1, sizeof *state->first_block);
    state->rows = calloc(threads ? threads : 1, sizeof *state->rows);
    state->block_of_chunk = calloc(log->pool_bytes / SCOPE_CHUNK_BYTES + 1, sizeof *state->block_of_chunk);
    if (!state->blocks || !state->first_block || !state->rows || !state->block_of_chunk) {
        return false;
    }
    int32_t open = 0, suspended = (int32_t)log->spans;
    uint32_t next = 0;
    for (uint32_t i = 0; i < threads; i++) {
        const struct log_thread *thread = &log->threads[i];
        state->rows[i] = (struct state_rows){open, suspended};
        open += (int32_t)thread->spans;
        suspended += (int32_t)thread->suspended;
        state->first_block[i] = next;
        state->blocks[next++] = (struct state_block){.thread = i, .start = state->clock.start, .chunk = NO_CHUNK};
        for (uint32_t chunk = thread->first_chunk; chunk < thread->chunk_end; chunk++) {
            state->block_of_chunk[log->chunks[chunk].number] = next;
            state->blocks[next++] = (struct state_block){.thread = i, .chunk = (int32_t)chunk};
        }
    }
    state->first_block[threads] = next;
    return true;
}

/* A keyframe ends before its thread's first chunk begins, whenever the horizon is; a chunk begins where those before it have ended. */
static void start_block(struct state *state, uint32_t number, uint64_t last)
{
    struct state_block *block = &state->blocks[number];
    struct scope_chunk header;
    if (block->chunk != NO_CHUNK) {
        log_chunk_header(state->log, state->log->chunks[block->chunk].number, &header);
        block->start = header.base > last ? header.base : last;
    }
}

static bool note_roaming(struct state *state)
{
    const struct log *log = state->log;
    if (log->plain) {
        return true;
    }
    state->roams = calloc(state->calls.rows ? state->calls.rows : 1, 1);
    if (state->roams == NULL) {
        return false;
    }
    size_t slice = 0;
    for (uint32_t i = 0; i < log->thread_count; i++) {
        size_t end = slice + log->threads[i].spans + log->threads[i].resumes;
        for (; slice < end; slice++) {
            int32_t call = state->slices.call[slice];
            bool elsewhere = state->calls.track[call] != (int32_t)i;
            state->roams[call] |= elsewhere || state->slices.end[slice] > state->calls.end[call];
        }
    }
    return true;
}

/* ---- the index ---- */

static struct entry entry_of(const struct walk *walk, uint64_t subject)
{
    return (struct entry){subject, walk->tick, walk_place(walk), walk->call};
}

/* The newest LINEs of the call that runs, which are noted when another one runs: one call may have thousands of them on end. */
struct newest_lines {
    struct entry any, begun; /* the subject of what there is not is 0 */
};

static bool note_lines(struct state *state, struct newest_lines *lines)
{
    bool done = (lines->any.subject == 0 || entries_note(&state->slots, lines->any)) &&
                (lines->begun.subject == 0 || entries_note(&state->slots, lines->begun));
    *lines = (struct newest_lines){0};
    return done;
}

static bool note_line(struct state *state, const struct walk *walk, struct newest_lines *lines)
{
    if (lines->any.call != walk->call && !note_lines(state, lines)) {
        return false;
    }
    lines->any = entry_of(walk, state_subject((uint32_t)walk->call, KEY_LINE));
    if (walk->record.id != 0) {
        lines->begun = entry_of(walk, state_subject((uint32_t)walk->call, KEY_LINE_BEGUN));
    }
    return true;
}

/* What a record binds, to the call that it belongs to if that outlives the block, and to the module whose names it writes. */
static bool note_changes(struct state *state, struct walk *walk, bool survives, int32_t module)
{
    struct changes changes = changes_of(&walk->record);
    bool done = true;
    while (done && changes_next(&changes)) {
        if (survives) {
            done = entries_note(&state->slots, entry_of(walk, state_subject((uint32_t)walk->call, changes.key)));
        }
        if (changes.key < 0 && module >= 0) {
            state->blocks[walk->block - state->blocks].names = true;
            uint32_t owner = MODULE_OWNER | (uint32_t)module;
            done = done && entries_note(&state->slots, entry_of(walk, state_subject(owner, changes.key)));
        }
    }
    walk->damaged |= changes.damaged;
    return done;
}

static bool note_record(struct state *state, struct walk *walk, bool survives, struct newest_lines *lines)
{
    const struct log_record *record = &walk->record;
    switch (record->kind) {
    case SCOPE_CALL:
    case SCOPE_OPEN:
    case SCOPE_SUSPENDED:
        return !survives || note_changes(state, walk, true, -1);
    case SCOPE_LINE:
        if (walk->call < 0) {
            return true;
        }
        if (survives && !note_line(state, walk, lines)) {
            return false;
        }
        return record->bytes == 0 || note_changes(state, walk, survives, walk_module(walk));
    case SCOPE_NAMES:
        return record->id >= state->numbers || note_changes(state, walk, false, state->modules[record->id]);
    case SCOPE_VERSION:
        return entries_note(&state->objects, entry_of(walk, record->aux));
    case SCOPE_ATTRIBUTE:
        return entries_note(&state->attributes, entry_of(walk, record->aux));
    case SCOPE_OUTPUT:
        state->blocks[walk->block - state->blocks].outputs = true;
        return true;
    default:
        return true;
    }
}

/* The time before which a call that has ended is of no use to later blocks, which begin then. */
static int64_t end_of_block(const struct state *state, uint32_t number)
{
    uint32_t next = number + 1;
    bool last = next == state->first_block[state->blocks[number].thread + 1];
    return last ? INT64_MAX : state->index.time[state->blocks[next].chunk];
}

static bool note_block(struct state *state, uint32_t number, uint64_t *last, struct log_error *error)
{
    if (!entries_begin_block(&state->slots) || !entries_begin_block(&state->objects) ||
        !entries_begin_block(&state->attributes)) {
        return log_failed(error, NULL, 0);
    }
    struct walk walk = walk_begin(state, number);
    struct newest_lines lines = {0};
    int64_t end = end_of_block(state, number);
    while (walk_next(&walk)) {
        bool survives = walk.call >= 0 && state_end_of_call(state, (uint32_t)walk.call) >= end;
        if (!note_record(state, &walk, survives, &lines)) {
            return log_failed(error, NULL, 0);
        }
    }
    if (!note_lines(state, &lines)) {
        return log_failed(error, NULL, 0);
    }
    if (walk.block->chunk != NO_CHUNK) {
        *last = walk.tick;
    }
    return !walk.damaged || walk_failed(&walk, error);
}

bool state_open(struct state *state, struct log_error *error)
{
    if (!replay_latest(&state->clock, &state->latest)) {
        return log_failed(error, "the clock is impossible", 0);
    }
    state->horizon = state->horizon < state->clock.start ? state->clock.start
                     : state->horizon > state->latest    ? state->latest
                                                         : state->horizon;
    if (!list_blocks(state) || !note_roaming(state)) {
        return log_failed(error, NULL, 0);
    }
    uint64_t last = 0;
    for (uint32_t number = 0; number < state->block_count; number++) {
        last = state->blocks[number].chunk == NO_CHUNK ? state->clock.start : last;
        start_block(state, number, last);
        if (!note_block(state, number, &last, error)) {
            return false;
        }
    }
    bool sorted = entries_sort(&state->slots) && entries_sort(&state->objects) && entries_sort(&state->attributes);
    return sorted || log_failed(error, NULL, 0);
}

void state_close(struct state *state)
{
    entries_free(&state->slots);
    entries_free(&state->objects);
    entries_free(&state->attributes);
    free(state->blocks);
    free(state->first_block);
    free(state->block_of_chunk);
    free(state->rows);
    free(state->roams);
    state->blocks = NULL;
    state->first_block = state->block_of_chunk = NULL;
    state->rows = NULL;
    state->roams = NULL;
}

/* ---- finding blocks ---- */

uint32_t state_block_of(const struct state *state, uint32_t place)
{
    const struct log *log = state->log;
    uint64_t words = log->pool_bytes / 8;
    if (place < words) {
        return state->block_of_chunk[(uint64_t)place * 8 / SCOPE_CHUNK_BYTES];
    }
    uint32_t thread = 0;
    while (thread + 1 < log->thread_count && log->threads[thread + 1].keyframe.place <= place) {
        thread++;
    }
    return state->first_block[thread];
}

uint64_t state_tick_after(const struct state *state, int64_t time)
{
    uint64_t first = state->clock.start, end = state->latest;
    if (replay_ns(&state->clock, end) <= time) {
        return UINT64_MAX;
    }
    while (first < end) {
        uint64_t middle = first + (end - first) / 2;
        if (replay_ns(&state->clock, middle) <= time) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first;
}

uint32_t state_block_at(const struct state *state, uint32_t thread, uint64_t until)
{
    uint32_t first = state->first_block[thread], end = state->first_block[thread + 1];
    while (end - first > 1) {
        uint32_t middle = first + (end - first) / 2;
        if (state->blocks[middle].start < until) {
            first = middle;
        } else {
            end = middle;
        }
    }
    return first;
}

struct entry_range state_within(const struct state *state, const struct entries *entries, struct entry_range range, uint32_t first,
                                uint32_t end)
{
    uint32_t bounds[] = {first, end};
    size_t found[2];
    for (int i = 0; i < 2; i++) {
        size_t low = range.first, high = range.end;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (state_block_of(state, entries->rows[middle].place) < bounds[i]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        found[i] = low;
    }
    return (struct entry_range){found[0], found[1]};
}
