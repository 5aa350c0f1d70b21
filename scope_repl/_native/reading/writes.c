/* Questions about slots, names and lines: the block that holds the time, then the index. */
#include "walk.h"

static bool is_module(uint32_t owner) { return (owner & MODULE_OWNER) != 0; }

/* The threads whose blocks may hold what belongs to an owner. */
struct threads {
    uint32_t first, end;
};
static struct threads threads_of(const struct state *state, uint32_t owner)
{
    if (is_module(owner) || state_roams(state, owner)) {
        return (struct threads){0, state->log->thread_count};
    }
    uint32_t thread = (uint32_t)state->calls.track[owner];
    return (struct threads){thread, thread + 1};
}

/* A call that has ended has left nothing to later blocks: what is asked about it is asked about its end. */
static uint64_t bound_of(const struct state *state, uint32_t owner, uint64_t until)
{
    uint64_t end = is_module(owner) ? UINT64_MAX : state_tick_after(state, state_end_of_call(state, owner));
    return until < end ? until : end;
}

/* Whether a record belongs to an owner; of a module's only names count. */
static bool belongs(const struct walk *walk, uint32_t owner)
{
    if (!is_module(owner)) {
        return walk->call == (int32_t)owner && walk->record.kind != SCOPE_NAMES;
    }
    const struct state *state = walk->state;
    int32_t module = -1;
    if (walk->record.kind == SCOPE_LINE) {
        module = walk_module(walk);
    } else if (walk->record.kind == SCOPE_NAMES && walk->record.id < state->numbers) {
        module = state->modules[walk->record.id];
    }
    return module >= 0 && (uint32_t)module == (owner & ~MODULE_OWNER);
}

/* Whether a record that belongs to the owner writes a key. */
static bool writes(struct walk *walk, int32_t key)
{
    if (key == KEY_LINE || key == KEY_LINE_BEGUN) {
        return walk->record.kind == SCOPE_LINE && (key == KEY_LINE || walk->record.id != 0);
    }
    struct changes changes = changes_of(&walk->record);
    bool found = false;
    while (changes_next(&changes)) {
        found |= changes.key == key;
    }
    walk->damaged |= changes.damaged;
    return found;
}

static struct state_found found_here(const struct walk *walk)
{
    return (struct state_found){walk->tick, (uint32_t)(walk->block - walk->state->blocks), walk_place(walk), walk->call};
}

/* The newest record of one block in front of `until`, or the first one from `from` on. */
static int newest_in_block(const struct state *state, uint32_t block, uint32_t owner, int32_t key, uint64_t until,
                           struct state_found *found, struct log_error *error)
{
    struct walk walk = walk_begin(state, block);
    int answer = 0;
    while (walk_next(&walk) && !walk_is_past(&walk, until)) {
        if (walk.tick < until && belongs(&walk, owner) && writes(&walk, key)) {
            *found = found_here(&walk);
            answer = 1;
        }
    }
    return walk.damaged ? (walk_failed(&walk, error), -1) : answer;
}

static int first_in_block(const struct state *state, uint32_t block, uint32_t owner, int32_t key, uint64_t from,
                          struct state_found *found, struct log_error *error)
{
    struct walk walk = walk_begin(state, block);
    while (walk_next(&walk)) {
        if (walk.tick >= from && belongs(&walk, owner) && writes(&walk, key)) {
            *found = found_here(&walk);
            return walk.damaged ? (walk_failed(&walk, error), -1) : 1;
        }
    }
    return walk.damaged ? (walk_failed(&walk, error), -1) : 0;
}

/* ---- one key ---- */

static int newest_on(const struct state *state, uint32_t thread, uint32_t owner, int32_t key, uint64_t until,
                     struct entry_range entries, struct state_found *found, struct log_error *error)
{
    uint32_t block = state_block_at(state, thread, until);
    int answer = newest_in_block(state, block, owner, key, until, found, error);
    if (answer != 0) {
        return answer;
    }
    struct entry_range before = state_within(state, &state->slots, entries, state->first_block[thread], block);
    while (before.end > before.first) {
        const struct entry *entry = &state->slots.rows[--before.end];
        if (entry->tick < until) {
            *found = state_found_entry(state, entry);
            return 1;
        }
    }
    return 0;
}

int state_newest(const struct state *state, uint32_t owner, int32_t key, uint64_t until, struct state_found *found,
                 struct log_error *error)
{
    struct entry_range entries = entries_of(&state->slots, state_subject(owner, key));
    struct threads threads = threads_of(state, owner);
    int answer = 0;
    until = bound_of(state, owner, until);
    for (uint32_t thread = threads.first; thread < threads.end; thread++) {
        struct state_found one;
        int here = newest_on(state, thread, owner, key, until, entries, &one, error);
        if (here < 0) {
            return here;
        }
        if (here > 0 && (answer == 0 || state_is_newer(&one, found))) {
            *found = one;
            answer = 1;
        }
    }
    return answer;
}

/* The blocks of a thread that may hold the first record: that of the time, the next one that is indexed, that in which a call ends. */
static int first_on(const struct state *state, uint32_t thread, uint32_t owner, int32_t key, uint64_t from,
                    struct entry_range entries, struct state_found *found, struct log_error *error)
{
    uint32_t block = state_block_at(state, thread, from), thread_end = state->first_block[thread + 1];
    int answer = first_in_block(state, block, owner, key, from, found, error);
    if (answer != 0) {
        return answer;
    }
    struct entry_range after = state_within(state, &state->slots, entries, block + 1, thread_end);
    uint32_t last = is_module(owner) ? block : state_block_at(state, thread, bound_of(state, owner, UINT64_MAX));
    uint32_t next = after.first < after.end ? state_block_of(state, state->slots.rows[after.first].place) : last;
    return next > block ? first_in_block(state, next, owner, key, from, found, error) : 0;
}

int state_first(const struct state *state, uint32_t owner, int32_t key, uint64_t from, struct state_found *found,
                struct log_error *error)
{
    struct entry_range entries = entries_of(&state->slots, state_subject(owner, key));
    struct threads threads = threads_of(state, owner);
    int answer = 0;
    for (uint32_t thread = threads.first; thread < threads.end; thread++) {
        struct state_found one;
        int here = first_on(state, thread, owner, key, from, entries, &one, error);
        if (here < 0) {
            return here;
        }
        if (here > 0 && (answer == 0 || !state_is_newer(&one, found))) {
            *found = one;
            answer = 1;
        }
    }
    return answer;
}

/* ---- all keys ---- */

/* Keeps a write if it is newer than what is known of the key. The hash table of an index serves as the map. */
static bool offer(const struct state *state, struct entries *all, struct entry entry)
{
    struct entry *known = entries_noted(all, entry.subject);
    if (known == NULL) {
        return entries_note(all, entry);
    }
    struct state_found one = state_found_entry(state, &entry), other = state_found_entry(state, known);
    if (state_is_newer(&one, &other)) {
        *known = entry;
    }
    return true;
}

static bool offer_block(const struct state *state, uint32_t block, uint32_t owner, uint64_t until, struct entries *all,
                        struct log_error *error)
{
    struct walk walk = walk_begin(state, block);
    while (walk_next(&walk) && !walk_is_past(&walk, until)) {
        if (walk.tick >= until || !belongs(&walk, owner)) {
            continue;
        }
        struct changes changes = changes_of(&walk.record);
        while (changes_next(&changes)) {
            struct entry entry = {state_subject(owner, changes.key), walk.tick, walk_place(&walk), walk.call};
            if ((changes.key < 0 || !is_module(owner)) && !offer(state, all, entry)) {
                return log_failed(error, NULL, 0);
            }
        }
        walk.damaged |= changes.damaged;
    }
    return !walk.damaged || walk_failed(&walk, error);
}

/* The index knows every key of the owner that was written before the blocks of the time. */
static bool offer_entries(const struct state *state, uint32_t owner, struct threads threads, uint64_t until, struct entries *all)
{
    size_t at = entries_find(&state->slots, state_subject(owner, 0));
    size_t end = entries_find(&state->slots, ((uint64_t)owner + 1) << 32);
    bool done = true;
    while (done && at < end) {
        uint64_t subject = state->slots.rows[at].subject;
        struct entry_range entries = {at, entries_end(&state->slots, at, end)};
        at = entries.end;
        int32_t key = (int32_t)(uint32_t)subject;
        for (uint32_t i = threads.first; done && key > KEY_LINE_BEGUN && i < threads.end; i++) {
            uint32_t block = state_block_at(state, i, until);
            struct entry_range before = state_within(state, &state->slots, entries, state->first_block[i], block);
            while (before.end > before.first && state->slots.rows[before.end - 1].tick >= until) {
                before.end--;
            }
            done = before.end == before.first || offer(state, all, state->slots.rows[before.end - 1]);
        }
    }
    return done;
}

bool state_all(const struct state *state, uint32_t owner, uint64_t until, struct entries *all, struct log_error *error)
{
    struct threads threads = threads_of(state, owner);
    until = bound_of(state, owner, until);
    if (!entries_begin_block(all) || !offer_entries(state, owner, threads, until, all)) {
        return log_failed(error, NULL, 0);
    }
    for (uint32_t i = threads.first; i < threads.end; i++) {
        uint32_t block = state_block_at(state, i, until);
        if ((!is_module(owner) || state->blocks[block].names) && !offer_block(state, block, owner, until, all, error)) {
            return false;
        }
    }
    return true;
}

/* ---- lines ---- */

static int step_in_block(const struct state *state, uint32_t block, uint64_t tick, bool forward, struct state_found *found,
                         struct log_error *error)
{
    struct walk walk = walk_begin(state, block);
    int answer = 0;
    while (walk_next(&walk)) {
        if (!walk_begins_line(&walk) || (walk.tick >= tick) != forward) {
            continue;
        }
        *found = found_here(&walk);
        answer = 1;
        if (forward) {
            break;
        }
    }
    return walk.damaged ? (walk_failed(&walk, error), -1) : answer;
}

int state_step(const struct state *state, uint32_t thread, uint64_t tick, bool forward, struct state_found *found,
               struct log_error *error)
{
    uint32_t first = state->first_block[thread], end = state->first_block[thread + 1];
    uint32_t block = state_block_at(state, thread, tick);
    int answer = 0;
    while (answer == 0 && block >= first && block < end) {
        int32_t chunk = state->blocks[block].chunk; /* in a keyframe no line begins */
        if (chunk != NO_CHUNK && state->log->chunks[chunk].lines > 0) {
            answer = step_in_block(state, block, tick, forward, found, error);
        }
        if (!forward && block == first) {
            break;
        }
        block = forward ? block + 1 : block - 1;
    }
    return answer;
}

/* ---- values ---- */

bool state_value_of(const struct state *state, const struct state_found *found, int32_t key, struct state_value *value,
                    struct log_error *error)
{
    struct log_record record;
    bool known = false;
    if (!log_record_at(state->log, found->place, &record)) {
        return log_failed(error, "no record stands at place %lld", found->place);
    }
    bool held = state->blocks[found->block].chunk == NO_CHUNK;
    value->line = record.kind == SCOPE_LINE && !held ? (uint32_t)(record.aux & (SCOPE_LINE_CUT - 1)) : 0;
    struct changes changes = changes_of(&record);
    while (changes_next(&changes)) {
        if (changes.key == key) {
            value->data = changes.value;
            value->bytes = changes.bytes;
            known = true;
        }
    }
    return known || log_failed(error, "the record at place %lld has changed", found->place);
}
