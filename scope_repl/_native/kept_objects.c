/* See kept_objects.h. */
#include "kept_objects.h"

#include <stdlib.h>
#include <string.h>

#include "encode_parts.h"
#include "versions.h"

/* ---- a hash table by address ---- */

static struct object {
    uint64_t address;  /* 0: a free place */
    uint64_t kept_at;  /* ticks: the log up to then may refer to it without a version of its own */
    uint32_t type, line, bytes, room;
    bool marked;
    uint8_t *content;  /* owned (malloc) */
} *objects = NULL;
static size_t places = 0, taken = 0;
static size_t held_bytes = 0, held_after = 0; /* of contents: now, and after the last collection */
static uint64_t kept_until = 0;

static size_t place_of(uint64_t address)
{
    size_t i = (size_t)((address >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (places - 1);
    while (objects[i].address != 0 && objects[i].address != address) {
        i = (i + 1) & (places - 1);
    }
    return i;
}

static bool resize(size_t wanted)
{
    struct object *old = objects, *fresh = calloc(wanted, sizeof *fresh);
    size_t old_places = places;
    if (fresh == NULL) {
        return false;
    }
    objects = fresh;
    places = wanted;
    for (size_t i = 0; i < old_places; i++) {
        if (old[i].address != 0) {
            objects[place_of(old[i].address)] = old[i];
        }
    }
    free(old);
    return true;
}

void scope_keep_version(uint64_t address, uint32_t type, const uint8_t *data, uint32_t bytes)
{
    struct scope_version header;
    if (bytes < sizeof header || address == 0 || (2 * taken >= places && !resize(places ? 2 * places : 1024))) {
        return;
    }
    memcpy(&header, data, sizeof header);
    data += sizeof header;
    bytes -= sizeof header;
    struct object *object = &objects[place_of(address)];
    if (object->address == 0) {
        *object = (struct object){.address = address};
        taken++;
    }
    uint32_t front = header.front, back = header.back, size = front + bytes + back;
    if (front + back > object->bytes) {
        return; /* what it builds on could not be kept */
    }
    if (size > object->room) {
        uint8_t *larger = realloc(object->content, size + size / 4);
        if (larger == NULL) {
            object->bytes = 0;
            return;
        }
        held_bytes += size + size / 4 - object->room;
        object->content = larger;
        object->room = size + size / 4;
    }
    memmove(object->content + front + bytes, object->content + object->bytes - back, back);
    memcpy(object->content + front, data, bytes);
    object->bytes = size;
    object->type = type;
    object->line = header.line;
    object->kept_at = scope_ticks();
}

void scope_fold_keep_until_now(void) { kept_until = scope_ticks(); }

/* ---- letting go ---- */

static uint64_t *waiting = NULL; /* addresses of objects that are marked, and whose content is not looked through yet */
static size_t waiting_count = 0, waiting_room = 0;

static void mark(uint64_t address)
{
    struct object *object = &objects[place_of(address)];
    if (object->address == 0 || object->marked) {
        return;
    }
    object->marked = true;
    if (waiting_count == waiting_room) {
        size_t room = waiting_room ? 2 * waiting_room : 256;
        uint64_t *larger = realloc(waiting, room * sizeof *larger);
        if (larger == NULL) {
            return;
        }
        waiting = larger;
        waiting_room = room;
    }
    waiting[waiting_count++] = address;
}

/* References stand in values as encode.c writes them; what looks like one and is none keeps an object too many. */
static void see(const uint8_t *data, uint32_t bytes)
{
    static const uint8_t head[] = {0xc7, 10, SCOPE_EXT_REFERENCE, 0x91, 0xcf};
    enum { REFERENCE_BYTES = sizeof head + 8 };
    for (const uint8_t *at = data; bytes >= REFERENCE_BYTES && at <= data + bytes - REFERENCE_BYTES; at++) {
        if (*at == head[0] && memcmp(at, head, sizeof head) == 0) {
            mark((uint64_t)scope_big_endian(at + sizeof head, 4) << 32 | scope_big_endian(at + sizeof head + 4, 4));
        }
    }
}

static void mark_all(void (*mark_spans)(scope_see see))
{
    mark_spans(see);
    scope_kept_see_names(see);
    uint64_t horizon = scope_recorder.horizon;
    for (size_t i = 0; i < places; i++) {
        const struct object *object = &objects[i];
        if (object->address != 0 && (object->kept_at > horizon || kept_until > horizon || scope_version_is_known(object->address))) {
            mark(object->address);
        }
    }
    while (waiting_count > 0) {
        const struct object *object = &objects[place_of(waiting[--waiting_count])];
        see(object->content, object->bytes);
    }
}

void scope_kept_collect(void (*mark_spans)(scope_see see))
{
    enum { LITTLE = 1 << 20 };
    if (places == 0 || held_bytes < LITTLE || held_bytes < 2 * held_after) {
        return;
    }
    mark_all(mark_spans);
    size_t left = 0;
    for (size_t i = 0; i < places; i++) {
        struct object *object = &objects[i];
        if (object->address != 0 && !object->marked) {
            held_bytes -= object->room;
            free(object->content);
            object->address = 0;
        }
        left += object->address != 0;
        object->marked = false;
    }
    taken = left;
    size_t wanted = 1024;
    while (wanted < 4 * left) {
        wanted *= 2;
    }
    resize(wanted); /* also closes the holes in the chains; without memory they stay, and some objects are not found */
    held_after = held_bytes;
}

void scope_kept_objects_clear(void)
{
    for (size_t i = 0; i < places; i++) {
        free(objects[i].address != 0 ? objects[i].content : NULL);
    }
    free(objects);
    objects = NULL;
    places = taken = held_bytes = held_after = 0;
    kept_until = 0;
    free(waiting);
    waiting = NULL;
    waiting_count = waiting_room = 0;
}

/* ---- as records ---- */

size_t scope_kept_objects_bytes(void)
{
    size_t bytes = 0;
    for (size_t i = 0; i < places; i++) {
        bytes += objects[i].address != 0 && objects[i].bytes > 0
                     ? 16 + scope_padded((uint32_t)sizeof(struct scope_version) + objects[i].bytes)
                     : 0;
    }
    return bytes;
}

uint8_t *scope_kept_objects_write(uint8_t *at)
{
    for (size_t i = 0; i < places; i++) {
        const struct object *object = &objects[i];
        if (object->address == 0 || object->bytes == 0) {
            continue;
        }
        struct scope_version header = {object->line, 0, 0};
        memcpy(at + 16, &header, sizeof header);
        memcpy(at + 16 + sizeof header, object->content, object->bytes);
        at = scope_kept_record(at, SCOPE_VERSION, object->type, object->address, (uint32_t)sizeof header + object->bytes);
    }
    return at;
}
