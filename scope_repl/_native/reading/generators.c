#include "generators.h"

#include <stdbool.h>
#include <stdlib.h>

static struct generator *generator_cell(const struct generators *map, uint64_t frame)
{
    size_t at = (size_t)((frame >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20) & map->mask;
    while (map->cells[at].frame != 0 && map->cells[at].frame != frame) {
        at = (at + 1) & map->mask;
    }
    return &map->cells[at];
}

static bool generators_grow(struct generators *map)
{
    size_t room = map->cells == NULL ? 64 : 2 * (map->mask + 1);
    struct generators larger = {calloc(room, sizeof *larger.cells), room - 1, map->count};
    if (larger.cells == NULL) {
        return false;
    }
    for (size_t i = 0; map->cells != NULL && i <= map->mask; i++) {
        if (map->cells[i].frame != 0) {
            *generator_cell(&larger, map->cells[i].frame) = map->cells[i];
        }
    }
    free(map->cells);
    *map = larger;
    return true;
}

struct generator *generator_at(struct generators *map, uint64_t frame)
{
    if (2 * (map->count + 1) > map->mask + 1 && !generators_grow(map)) {
        return NULL;
    }
    struct generator *cell = generator_cell(map, frame);
    if (cell->frame == 0) {
        *cell = (struct generator){frame, -1};
        map->count++;
    }
    return cell;
}
