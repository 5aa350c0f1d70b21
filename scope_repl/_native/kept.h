/* What folding keeps of locals and names, and of objects (kept_objects.h): their state at the horizon, from which the log behind it is read. */
#ifndef SCOPE_KEPT_H
#define SCOPE_KEPT_H

#include "recorder.h"

/* The locals of a span that is open or suspended at the horizon, as they were last written. */
struct scope_kept {
    uint32_t line; /* that began last; 0: none */
    uint32_t count, room;
    struct scope_kept_value {
        int64_t key;
        uint32_t bytes;
        uint8_t *data; /* owned (malloc) */
    } values[];
};

/* Takes over what a LINE says: into the span's locals (`*kept`, which may be NULL), or into the names of the code's module. */
void scope_keep_line(struct scope_kept **kept, const struct scope_code *code, uint32_t line, const uint8_t *data, uint32_t bytes);
/* What a NAMES says of a module. */
void scope_keep_names(uint32_t module, const uint8_t *data, uint32_t bytes);
void scope_kept_free(struct scope_kept *kept);

/* Takes encoded values in which references to objects may stand. */
typedef void (*scope_see)(const uint8_t *data, uint32_t bytes);
void scope_kept_see(const struct scope_kept *kept, scope_see see);
void scope_kept_see_names(scope_see see);
void scope_kept_clear(void);

/* The keyframe as records. First how much room they take, then the records; returns where they end. */
size_t scope_kept_bytes(const struct scope_kept *kept);
uint8_t *scope_kept_write(uint8_t *at, const struct scope_kept *kept);
size_t scope_kept_shared_bytes(void); /* objects and names, which belong to no span */
uint8_t *scope_kept_shared_write(uint8_t *at);
/* Puts the two words of a record in front of its `bytes`, which stand at `at` + 16 already, and pads them. */
uint8_t *scope_kept_record(uint8_t *at, enum scope_kind kind, uint32_t id, uint64_t aux, uint32_t bytes);

static inline uint32_t scope_big_endian(const uint8_t *at, int bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

#endif
