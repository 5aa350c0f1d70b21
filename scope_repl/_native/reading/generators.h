/* Generators by the address of their frame. */
#ifndef SCOPE_READING_GENERATORS_H
#define SCOPE_READING_GENERATORS_H

#include <stddef.h>
#include <stdint.h>

/* Open addressing: a power of two of cells, at most half of them in use. Zeroed memory is an empty map. */
struct generators {
    struct generator {
        uint64_t frame; /* 0: a free cell */
        int32_t call;
    } *cells; /* owned (malloc): free it */
    size_t mask, count;
};

/* The cell of a frame, made if it is new (then its call is -1); NULL without memory. Good until the next call. */
struct generator *generator_at(struct generators *map, uint64_t frame);

#endif
