/* Questions about objects: their versions, the writes to their attributes, and output. The index knows every block that has one. */
#include "walk.h"

#include <stdlib.h>

/* ---- finding a version ---- */

static bool is_version(const struct walk *walk, uint64_t address)
{
    return walk->record.kind == SCOPE_VERSION && walk->record.aux == address;
}

static struct state_found found_here(const struct walk *walk, uint32_t block)
{
    return (struct state_found){walk->tick, block, walk_place(walk), walk->call};
}

/* The newest version in a block in front of `until`, or the first one from `from` on. */
static int version_in_block(const struct state *state, uint32_t block, uint64_t address, uint64_t tick, bool newest,
                            struct state_found *found, struct log_error *error)
{
    struct walk walk = walk_begin(state, block);
    int answer = 0;
    while ((newest || answer == 0) && walk_next(&walk) && !(newest && walk_is_past(&walk, tick))) {
        if (is_version(&walk, address) && (walk.tick < tick) == newest) {
            *found = found_here(&walk, block);
            answer = 1;
        }
    }
    return walk.damaged ? (walk_failed(&walk, error), -1) : answer;
}

/* The newest version on one thread; `entries` are those of the address on that thread. */
static int newest_on(const struct state *state, struct entry_range entries, uint64_t address, uint64_t until,
                     struct state_found *found, struct log_error *error)
{
    while (entries.end > entries.first) {
        const struct entry *entry = &state->objects.rows[--entries.end];
        *found = state_found_entry(state, entry);
        if (entry->tick < until) {
            return 1;
        }
        if (state->blocks[found->block].start >= until) {
            continue;
        }
        int answer = version_in_block(state, found->block, address, until, true, found, error);
        if (answer != 0) {
            return answer;
        }
    }
    return 0;
}

static int first_on(const struct state *state, struct entry_range entries, uint64_t address, uint64_t from,
                    struct state_found *found, struct log_error *error)
{
    for (; entries.first < entries.end; entries.first++) {
        const struct entry *entry = &state->objects.rows[entries.first];
        if (entry->tick >= from) {
            return version_in_block(state, state_block_of(state, entry->place), address, from, false, found, error);
        }
    }
    return 0;
}

/* The part of the entries of an address that is of the thread of the first one, as far as the question needs it. */
static struct entry_range of_one_thread(const struct state *state, struct entry_range entries, uint64_t tick, bool newest,
                                        size_t *next)
{
    uint32_t thread = state->blocks[state_block_of(state, state->objects.rows[entries.first].place)].thread;
    uint32_t at = state_block_at(state, thread, tick), end = state->first_block[thread + 1];
    *next = state_within(state, &state->objects, entries, 0, end).end;
    return newest ? state_within(state, &state->objects, entries, 0, at + 1)
                  : state_within(state, &state->objects, entries, at, end);
}

static int find_version(const struct state *state, uint64_t address, uint64_t tick, bool newest, struct state_found *found,
                        struct log_error *error)
{
    struct entry_range entries = entries_of(&state->objects, address);
    int answer = 0;
    while (entries.first < entries.end) {
        struct state_found one;
        size_t next;
        struct entry_range own = of_one_thread(state, entries, tick, newest, &next);
        int here = newest ? newest_on(state, own, address, tick, &one, error) : first_on(state, own, address, tick, &one, error);
        if (here < 0) {
            return here;
        }
        if (here > 0 && (answer == 0 || state_is_newer(&one, found) == newest)) {
            *found = one;
            answer = 1;
        }
        entries.first = next;
    }
    return answer;
}

int state_version(const struct state *state, uint64_t address, uint64_t until, struct state_found *found, struct log_error *error)
{
    return find_version(state, address, until, true, found, error);
}

int state_version_after(const struct state *state, uint64_t address, uint64_t from, struct state_found *found,
                        struct log_error *error)
{
    return find_version(state, address, from, false, found, error);
}

/* ---- content ---- */

static bool content_fits(struct content *content, size_t bytes)
{
    if (bytes > content->room) {
        size_t room = bytes + bytes / 2;
        uint8_t *larger = realloc(content->data, room);
        if (larger == NULL) {
            return false;
        }
        content->data = larger;
        content->room = room;
    }
    return true;
}

/* In place: only what stands behind the new bytes moves, so that appending costs what is appended. */
bool content_take(struct content *content, const struct log_record *record, struct log_error *error)
{
    struct scope_version header;
    if (record->bytes < sizeof header) {
        return log_failed(error, "a version of the object at %lld has changed", (long long)record->aux);
    }
    memcpy(&header, record->data, sizeof header);
    const uint8_t *bytes = record->data + sizeof header;
    size_t count = record->bytes - sizeof header, kept = (size_t)header.front + header.back;
    if (kept > 0 && (!content->known || kept > content->bytes)) {
        return log_failed(error, "a version of the object at %lld builds on one that is not there", (long long)record->aux);
    }
    if (!content_fits(content, kept + count)) {
        return log_failed(error, NULL, 0);
    }
    if (header.back > 0) {
        memmove(content->data + header.front + count, content->data + content->bytes - header.back, header.back);
    }
    if (count > 0) {
        memcpy(content->data + header.front, bytes, count);
    }
    content->bytes = kept + count;
    content->known = true;
    return true;
}

bool content_begin(struct content *content, const struct state *state, uint32_t block, uint64_t address, struct log_error *error)
{
    content->known = false;
    content->bytes = 0;
    int32_t position = state->blocks[block].chunk;
    if (position == NO_CHUNK) {
        return true;
    }
    struct scope_chunk header;
    const uint8_t *next = log_chunk_header(state->log, state->log->chunks[position].number, &header);
    const uint8_t *end = log_chunk_is_sound(&header) ? next + header.skip : next;
    while (next < end) {
        struct log_record record;
        if (!log_next(&next, end, &record)) {
            return log_failed(error, "what is folded of chunk %lld is damaged", state->log->chunks[position].number);
        }
        if (record.kind == SCOPE_VERSION && record.aux == address && !content_take(content, &record, error)) {
            return false;
        }
    }
    return true;
}

int64_t content_size(const struct content *content)
{
    enum { LIST = 8, SET = 10, DICT = 12 };
    const uint8_t *at = content->data, *end = at + content->bytes;
    int64_t form, values = 0, size;
    if (content->bytes == 0 || !packed_int(&at, end, &form) || (form != LIST && form != SET && form != DICT)) {
        return -1;
    }
    for (; at != NULL && at < end; values++) {
        if (packed_ext_int(at, end, PACKED_EXT_SIZE, &size)) {
            return size;
        }
        at = packed_skip(at, end);
    }
    return form == DICT ? values / 2 : values;
}

bool state_content(const struct state *state, const struct state_found *found, struct content *content, struct log_error *error)
{
    struct walk walk = walk_begin(state, found->block);
    struct log_record found_record;
    if (!log_record_at(state->log, found->place, &found_record) || found_record.kind != SCOPE_VERSION) {
        return log_failed(error, "no version stands at place %lld", found->place);
    }
    if (!content_begin(content, state, found->block, found_record.aux, error)) {
        return false;
    }
    while (walk_next(&walk)) {
        if (!is_version(&walk, found_record.aux)) {
            continue;
        }
        if (!content_take(content, &walk.record, error)) {
            return false;
        }
        if (walk_place(&walk) == found->place) {
            return true;
        }
    }
    return walk_failed(&walk, error);
}

/* ---- all of a kind ---- */

bool state_records(const struct state *state, uint32_t block, enum scope_kind kind, uint64_t aux, struct entries *records,
                   struct log_error *error)
{
    struct walk walk = walk_begin(state, block);
    while (walk_next(&walk)) {
        bool wanted = walk.record.kind == kind && (kind == SCOPE_OUTPUT || walk.record.aux == aux);
        if (wanted && !entries_add(records, (struct entry){walk.tick, walk.tick, walk_place(&walk), walk.call})) {
            return log_failed(error, NULL, 0);
        }
    }
    return !walk.damaged || walk_failed(&walk, error);
}

/* In the blocks of the time; what stands before them is indexed. */
static bool addresses_in_block(const struct state *state, uint32_t block, uint64_t until, struct entries *addresses,
                               struct log_error *error)
{
    struct walk walk = walk_begin(state, block);
    while (walk_next(&walk) && !walk_is_past(&walk, until)) {
        if (walk.record.kind == SCOPE_VERSION && walk.tick < until &&
            !entries_add(addresses, (struct entry){walk.record.aux, walk.tick, walk_place(&walk), walk.call})) {
            return log_failed(error, NULL, 0);
        }
    }
    return !walk.damaged || walk_failed(&walk, error);
}

/* Whether one of the entries of an address stands in front of the block that holds the time, or of the time. */
static bool is_known(const struct state *state, struct entry_range entries, uint64_t until)
{
    if (state->objects.rows[entries.first].tick < until) {
        return true;
    }
    for (uint32_t thread = 0; thread < state->log->thread_count; thread++) {
        uint32_t first = state->first_block[thread];
        struct entry_range own = state_within(state, &state->objects, entries, first, state_block_at(state, thread, until));
        if (own.first < own.end && state->objects.rows[own.first].tick < until) {
            return true;
        }
    }
    return false;
}

bool state_addresses(const struct state *state, uint64_t until, struct entries *addresses, struct log_error *error)
{
    for (uint32_t thread = 0; thread < state->log->thread_count; thread++) {
        if (!addresses_in_block(state, state_block_at(state, thread, until), until, addresses, error)) {
            return false;
        }
    }
    size_t at = 0, end = state->objects.count;
    while (at < end) {
        struct entry_range entries = {at, entries_end(&state->objects, at, end)};
        if (is_known(state, entries, until) && !entries_add(addresses, state->objects.rows[at])) {
            return log_failed(error, NULL, 0);
        }
        at = entries.end;
    }
    return true;
}
