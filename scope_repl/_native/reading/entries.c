#include "entries.h"

#include <stdlib.h>
#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 6, DIGIT_VALUES = 1 << DIGIT_BITS, FIRST_CELLS = 1024 };

void entries_free(struct entries *entries)
{
    free(entries->rows);
    free(entries->cells);
    *entries = (struct entries){0};
}

bool entries_add(struct entries *entries, struct entry entry)
{
    if (entries->count == entries->room) {
        size_t room = entries->room ? entries->room + entries->room / 2 : 256;
        struct entry *larger = realloc(entries->rows, room * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        entries->rows = larger;
        entries->room = room;
    }
    entries->rows[entries->count++] = entry;
    return true;
}

static struct entry_cell *cell_of(const struct entries *entries, uint64_t subject)
{
    size_t at = (size_t)((subject * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & entries->mask;
    while (entries->cells[at].block == entries->block && entries->cells[at].subject != subject) {
        at = (at + 1) & entries->mask;
    }
    return &entries->cells[at];
}

/* Room for one more subject of this block. */
static bool make_cells(struct entries *entries)
{
    size_t count = entries->cells ? (entries->mask + 1) * 2 : FIRST_CELLS;
    struct entry_cell *larger = calloc(count, sizeof *larger);
    if (larger == NULL) {
        return false;
    }
    free(entries->cells);
    entries->cells = larger;
    entries->mask = count - 1;
    for (size_t row = entries->first_of_block; row < entries->count; row++) {
        uint64_t subject = entries->rows[row].subject;
        *cell_of(entries, subject) = (struct entry_cell){subject, (uint32_t)row, entries->block};
    }
    return true;
}

bool entries_begin_block(struct entries *entries)
{
    entries->block++;
    entries->first_of_block = entries->count;
    return (entries->cells != NULL || make_cells(entries)) && entries->count < UINT32_MAX / 2;
}

bool entries_note(struct entries *entries, struct entry entry)
{
    struct entry_cell *cell = cell_of(entries, entry.subject);
    if (cell->block == entries->block) {
        entries->rows[cell->row] = entry;
        return true;
    }
    *cell = (struct entry_cell){entry.subject, (uint32_t)entries->count, entries->block};
    if (!entries_add(entries, entry)) {
        return false;
    }
    return (entries->count - entries->first_of_block) * 2 <= entries->mask || make_cells(entries);
}

struct entry *entries_noted(const struct entries *entries, uint64_t subject)
{
    const struct entry_cell *cell = cell_of(entries, subject);
    return cell->block == entries->block ? &entries->rows[cell->row] : NULL;
}

static unsigned digit_of(uint64_t subject, unsigned digit) { return (unsigned)(subject >> (digit * DIGIT_BITS)) & (DIGIT_VALUES - 1); }

/* Radix sort, from the lowest digit up: stable, and a digit that is the same in all subjects costs nothing. */
bool entries_sort(struct entries *entries)
{
    free(entries->cells);
    entries->cells = NULL;
    size_t count = entries->count;
    struct entry *from = entries->rows, *to = malloc((count ? count : 1) * sizeof *to);
    size_t(*counts)[DIGIT_VALUES] = calloc(DIGITS, sizeof *counts);
    if (to == NULL || counts == NULL) {
        free(to);
        free(counts);
        return false;
    }
    for (size_t row = 0; row < count; row++) {
        for (unsigned digit = 0; digit < DIGITS; digit++) {
            counts[digit][digit_of(from[row].subject, digit)]++;
        }
    }
    for (unsigned digit = 0; digit < DIGITS && count > 0; digit++) {
        size_t *places = counts[digit], next = 0;
        if (places[digit_of(from[0].subject, digit)] == count) {
            continue;
        }
        for (unsigned value = 0; value < DIGIT_VALUES; value++) {
            size_t here = places[value];
            places[value] = next;
            next += here;
        }
        for (size_t row = 0; row < count; row++) {
            to[places[digit_of(from[row].subject, digit)]++] = from[row];
        }
        struct entry *sorted = to;
        to = from;
        from = sorted;
    }
    entries->rows = from;
    entries->room = count;
    free(to);
    free(counts);
    return true;
}

size_t entries_find(const struct entries *entries, uint64_t subject)
{
    size_t first = 0, end = entries->count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (entries->rows[middle].subject < subject) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first;
}

size_t entries_end(const struct entries *entries, size_t at, size_t end)
{
    uint64_t subject = entries->rows[at].subject;
    while (at < end) {
        size_t middle = at + (end - at) / 2;
        if (entries->rows[middle].subject == subject) {
            at = middle + 1;
        } else {
            end = middle;
        }
    }
    return at;
}

struct entry_range entries_of(const struct entries *entries, uint64_t subject)
{
    size_t first = entries_find(entries, subject);
    bool there = first < entries->count && entries->rows[first].subject == subject;
    return (struct entry_range){first, there ? entries_end(entries, first, entries->count) : first};
}
