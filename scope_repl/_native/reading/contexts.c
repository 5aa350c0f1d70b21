#include "contexts.h"

#include <stdlib.h>

static int32_t *cell_of(const struct contexts *contexts, int32_t parent, int32_t code)
{
    uint64_t key = (uint64_t)(uint32_t)parent << 32 | (uint32_t)code;
    size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 24) & contexts->mask;
    for (; contexts->cells[at] != 0; at = (at + 1) & contexts->mask) {
        int32_t found = contexts->cells[at] - 1;
        if (contexts->parent[found] == parent && contexts->code[found] == code) {
            break;
        }
    }
    return &contexts->cells[at];
}

/* Twice the room; cells are kept at most half full. */
static bool grow(struct contexts *contexts)
{
    size_t room = contexts->room ? 2 * contexts->room : 256;
    int32_t *parent = realloc(contexts->parent, room * sizeof *parent);
    contexts->parent = parent ? parent : contexts->parent;
    int32_t *code = realloc(contexts->code, room * sizeof *code);
    contexts->code = code ? code : contexts->code;
    int32_t *first = realloc(contexts->first, room * sizeof *first);
    contexts->first = first ? first : contexts->first;
    int32_t *cells = calloc(2 * room, sizeof *cells);
    if (parent == NULL || code == NULL || first == NULL || cells == NULL) {
        free(cells);
        return false;
    }
    free(contexts->cells);
    contexts->cells = cells;
    contexts->mask = 2 * room - 1;
    contexts->room = room;
    for (size_t i = 0; i < contexts->count; i++) {
        *cell_of(contexts, parent[i], code[i]) = (int32_t)i + 1;
    }
    return true;
}

bool contexts_build(struct contexts *contexts, const int32_t *parent, const int32_t *code, int32_t *context, size_t rows)
{
    for (size_t row = 0; row < rows; row++) {
        if (contexts->count == contexts->room && !grow(contexts)) {
            return false;
        }
        int32_t above = parent[row] >= 0 && (size_t)parent[row] < row ? context[parent[row]] : -1;
        int32_t *cell = cell_of(contexts, above, code[row]);
        if (*cell == 0) {
            contexts->parent[contexts->count] = above;
            contexts->code[contexts->count] = code[row];
            contexts->first[contexts->count] = (int32_t)row;
            *cell = (int32_t)++contexts->count;
        }
        context[row] = *cell - 1;
    }
    return true;
}

void contexts_free(struct contexts *contexts)
{
    free(contexts->parent);
    free(contexts->code);
    free(contexts->first);
    free(contexts->cells);
}
