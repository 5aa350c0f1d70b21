/* What the records of state tell: which line ran, what locals and names were bound to, what objects held.
 *
 * The log is read in blocks: the chunks of each thread in their order, with its keyframe in front of them. A question about a time
 * walks through the one block of a thread that holds the time; what was written before that block is found in an index. It has, for
 * each block, the last write of each slot of each call that is still open or suspended at the block's end, the last write of each name
 * of a module, and the last version of each object. So the index grows with what survives its block and not with what is written,
 * and a question costs a block and some binary searches.
 *
 * Times are ticks here. A question about everything up to and including a time has the first tick behind it as its bound. */
#ifndef SCOPE_READING_STATE_H
#define SCOPE_READING_STATE_H

#include "entries.h"
#include "replay.h"

enum { NO_CHUNK = -1 };

struct state_block {
    uint64_t start; /* ticks: not later than its first record */
    uint32_t thread;
    int32_t chunk; /* a position in log.chunks, or NO_CHUNK for the keyframe */
    bool names;    /* it has writes of names of modules */
    bool outputs;
};

/* The first rows of calls that the spans of a thread's keyframe have. */
struct state_rows {
    int32_t open, suspended;
};

struct state {
    const struct log *log;
    struct replay_clock clock;
    uint64_t latest, horizon;
    /* Filled by the replay; calls: code, end and track; slices: call, parent and end; index: time, top and next_row. */
    struct replay_calls calls;
    struct replay_slices slices;
    struct replay_index index;
    const int32_t *modules; /* for each number of a callable the module whose names its calls write, of a name that of the same name; -1 */
    size_t numbers;
    struct state_block *blocks; /* owned */
    uint32_t block_count;
    uint32_t *first_block;    /* owned; of each thread, and behind the last */
    uint32_t *block_of_chunk; /* owned; by position in the pool */
    struct state_rows *rows; /* owned; of each thread */
    uint8_t *roams; /* owned; whether a call has a slice on another thread than its first one, or behind its end. NULL in a plain log */
    struct entries slots, objects, attributes;
};

/* The subjects of the index of slots: a call or, with MODULE_OWNER, a module; and a key. Keys are slots from 0 on, names below 0,
 * and two that no record can hold, for a call's lines. */
static const uint32_t MODULE_OWNER = UINT32_C(0x80000000);
enum { KEY_LINE = INT32_MIN, KEY_LINE_BEGUN = INT32_MIN + 1 }; /* any LINE; one at which a line begins */

static inline bool state_roams(const struct state *state, uint32_t call) { return state->roams != NULL && state->roams[call]; }

/* When a call ended, or the recording did; one that roams may have gone on after the end that was seen. */
static inline int64_t state_end_of_call(const struct state *state, uint32_t call)
{
    return state_roams(state, call) ? INT64_MAX : state->calls.end[call];
}

static inline uint64_t state_subject(uint32_t owner, int32_t key) { return (uint64_t)owner << 32 | (uint32_t)key; }

/* A record that answers a question. */
struct state_found {
    uint64_t tick;
    uint32_t block;
    uint32_t place;
    int32_t call;
};

/* The caller has set log, clock, horizon, calls, slices, index, modules and numbers; on failure as on success state_close() frees
 * what is owned. */
bool state_open(struct state *state, struct log_error *error);
void state_close(struct state *state);

uint32_t state_block_of(const struct state *state, uint32_t place);
/* The first tick whose time is later. */
uint64_t state_tick_after(const struct state *state, int64_t time);
/* The last block of a thread that begins in front of `until`; its keyframe at the least. */
uint32_t state_block_at(const struct state *state, uint32_t thread, uint64_t until);

/* The part of a range that stands in the blocks from `first` to before `end`. */
struct entry_range state_within(const struct state *state, const struct entries *entries, struct entry_range range, uint32_t first,
                                uint32_t end);
static inline struct state_found state_found_entry(const struct state *state, const struct entry *entry)
{
    return (struct state_found){entry->tick, state_block_of(state, entry->place), entry->place, entry->call};
}
/* Whether one record is newer than another, which may be of another thread. */
static inline bool state_is_newer(const struct state_found *found, const struct state_found *than)
{
    return found->tick != than->tick ? found->tick > than->tick : found->block >= than->block;
}

/* ---- writes.c: questions about slots, names and lines. 1: found; 0: there is none; -1: with an error ---- */

/* The newest record in front of `until` that writes a key, or the first one from `from` on. */
int state_newest(const struct state *state, uint32_t owner, int32_t key, uint64_t until, struct state_found *found,
                 struct log_error *error);
int state_first(const struct state *state, uint32_t owner, int32_t key, uint64_t from, struct state_found *found,
                struct log_error *error);
/* The nearest line that begins on a thread, from a tick on or in front of it. */
int state_step(const struct state *state, uint32_t thread, uint64_t tick, bool forward, struct state_found *found,
               struct log_error *error);

/* The newest write in front of `until` of every key. The caller frees the entries; their subjects hold the keys. */
bool state_all(const struct state *state, uint32_t owner, uint64_t until, struct entries *all, struct log_error *error);

/* What a record writes to a key. */
struct state_value {
    uint32_t line;       /* that wrote it, or 0 */
    const uint8_t *data; /* in the log */
    size_t bytes;
};
bool state_value_of(const struct state *state, const struct state_found *found, int32_t key, struct state_value *value,
                    struct log_error *error);

/* ---- objects.c ---- */

int state_version(const struct state *state, uint64_t address, uint64_t until, struct state_found *found, struct log_error *error);
int state_version_after(const struct state *state, uint64_t address, uint64_t from, struct state_found *found,
                        struct log_error *error);
/* Appends the records of a kind with this aux that stand in a block; with SCOPE_OUTPUT whatever the aux. */
bool state_records(const struct state *state, uint32_t block, enum scope_kind kind, uint64_t aux, struct entries *records,
                   struct log_error *error);
/* Appends the addresses of objects with a version in front of `until`, some of them more than once: their entries' subjects. */
bool state_addresses(const struct state *state, uint64_t until, struct entries *addresses, struct log_error *error);

/* An object's content, version by version, within one block. */
struct content {
    uint8_t *data; /* owned */
    size_t bytes, room;
    bool known;
};
/* Before the first version of a block: what its first one builds on may stand in that part of the chunk that is folded away. */
bool content_begin(struct content *content, const struct state *state, uint32_t block, uint64_t address, struct log_error *error);
/* Takes the version that follows; `record` is a VERSION. */
bool content_take(struct content *content, const struct log_record *record, struct log_error *error);
/* How many items a list, a set or a dict has; -1 for any other content. */
int64_t content_size(const struct content *content);
/* The content with the version that was found. */
bool state_content(const struct state *state, const struct state_found *found, struct content *content, struct log_error *error);

/* ---- histories.c: columns of everything ---- */

struct state_lines {
    int64_t *tick;
    int32_t *call, *line, *track;
    size_t rows, used;
};
/* `asked`: for each number of a callable whether the lines of its calls are asked for. */
bool state_lines(const struct state *state, const uint8_t *asked, struct state_lines *lines, struct log_error *error);

/* Which writes are asked for, both columns with `numbers` rows: `slots` has for each number of a callable the slot in its calls, NO_SLOT if the name is none of its slots,
 * NOT_ASKED. `names` has for each number whether it is that of the name. `module`: of which the name is, or -1 for the calls' own. */
enum { NO_SLOT = -1, NOT_ASKED = -2 };
struct state_asked {
    const int32_t *slots;
    const uint8_t *names;
    int32_t module;
};
struct state_writes {
    int64_t *tick; /* NULL: only counted, and `used` is not limited */
    int32_t *call, *line;
    uint64_t *at; /* bytes: where the value stands, counted as places are */
    size_t rows, used;
};
bool state_history(const struct state *state, const struct state_asked *asked, struct state_writes *writes, struct log_error *error);
/* The value that stands at a byte of the log, by which a column says where; false if there is none. */
bool state_value_at(const struct state *state, uint64_t at, const uint8_t **data, size_t *bytes);

#endif
