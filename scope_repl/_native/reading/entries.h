/* An index: where in each block the last record stands that has to do with a subject (a 64-bit number that means something to whoever
 * asks). While the blocks are read one after the other, a hash table of the current block's subjects replaces the older by the newer;
 * then the entries are sorted by subject, and those of one subject stay in the order of the blocks. */
#ifndef SCOPE_READING_ENTRIES_H
#define SCOPE_READING_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct entry {
    uint64_t subject;
    uint64_t tick;
    uint32_t place; /* of the record */
    int32_t call;   /* that the record belongs to, or -1 */
};
_Static_assert(sizeof(struct entry) == 24, "entries are counted by the million");

struct entries {
    struct entry *rows; /* owned */
    size_t count, room;
    size_t first_of_block;
    uint32_t block; /* 1, 2, 3 … */
    struct entry_cell {
        uint64_t subject;
        uint32_t row;
        uint32_t block; /* in which the cell was last used */
    } *cells; /* owned; a power of two, at most half of them in use in any block. NULL: every note is a row */
    size_t mask;
};

struct entry_range {
    size_t first, end;
};

void entries_free(struct entries *entries);
/* These are false without memory. */
bool entries_begin_block(struct entries *entries);
bool entries_note(struct entries *entries, struct entry entry);
bool entries_add(struct entries *entries, struct entry entry);
/* What was noted of a subject in this block, or NULL; good until the next one is noted. */
struct entry *entries_noted(const struct entries *entries, uint64_t subject);
bool entries_sort(struct entries *entries);

/* The first entry with this subject or a greater one. */
size_t entries_find(const struct entries *entries, uint64_t subject);
struct entry_range entries_of(const struct entries *entries, uint64_t subject);
/* Behind the last entry with the same subject as that at `at`, at `end` at the latest. */
size_t entries_end(const struct entries *entries, size_t at, size_t end);

#endif
