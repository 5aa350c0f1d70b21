/* See kept.h. Memory that cannot be had means that something is unknown at the horizon, and no more than that. */
#include "kept.h"

#include <stdlib.h>
#include <string.h>

#include "encode_parts.h"
#include "kept_objects.h"

/* ---- MessagePack, as far as the encoder writes it ---- */

/* The bytes of the value at `at`: never an array, which arguments alone are; 0 for what the encoder does not write. */
static uint32_t value_bytes(const uint8_t *at)
{
    uint8_t head = *at;
    if (head < 0x80 || head >= 0xe0 || head == 0xc0 || head == 0xc2 || head == 0xc3) {
        return 1;
    }
    if (head >= 0xa0 && head < 0xc0) {
        return 1u + (head & 31);
    }
    switch (head) {
    case 0xcc: case 0xd0: return 2;
    case 0xcd: case 0xd1: return 3;
    case 0xce: case 0xd2: return 5;
    case 0xcf: case 0xd3: case 0xcb: return 9;
    case 0xd9: case 0xc4: return 2 + scope_big_endian(at + 1, 1);
    case 0xda: case 0xc5: return 3 + scope_big_endian(at + 1, 2);
    case 0xd4: return 3;
    case 0xc7: return 3 + scope_big_endian(at + 1, 1);
    case 0xc8: return 4 + scope_big_endian(at + 1, 2);
    default: return 0;
    }
}

static int64_t key_of(const uint8_t *at)
{
    switch (*at) {
    case 0xcc: return scope_big_endian(at + 1, 1);
    case 0xcd: return scope_big_endian(at + 1, 2);
    case 0xce: return scope_big_endian(at + 1, 4);
    case 0xd0: return (int8_t)at[1];
    case 0xd1: return (int16_t)scope_big_endian(at + 1, 2);
    case 0xd2: return (int32_t)scope_big_endian(at + 1, 4);
    default: return (int8_t)*at;
    }
}

/* ---- a list of values by key ---- */

static struct scope_kept *with_room(struct scope_kept *kept)
{
    if (kept != NULL && kept->count < kept->room) {
        return kept;
    }
    uint32_t room = kept != NULL ? 2 * kept->room : 8;
    struct scope_kept *larger = realloc(kept, sizeof *larger + room * sizeof larger->values[0]);
    if (larger != NULL) {
        if (kept == NULL) {
            larger->line = larger->count = 0;
        }
        larger->room = room;
    }
    return larger;
}

static void set_value(struct scope_kept **kept, int64_t key, const uint8_t *data, uint32_t bytes)
{
    struct scope_kept_value *value = NULL;
    for (uint32_t i = 0; *kept != NULL && i < (*kept)->count && value == NULL; i++) {
        value = (*kept)->values[i].key == key ? &(*kept)->values[i] : NULL;
    }
    if (value == NULL) {
        struct scope_kept *larger = with_room(*kept);
        if (larger == NULL) {
            return;
        }
        *kept = larger;
        value = &larger->values[larger->count++];
        *value = (struct scope_kept_value){.key = key};
    }
    uint8_t *copy = value->bytes >= bytes ? value->data : realloc(value->data, bytes);
    if (copy != NULL) {
        memcpy(copy, data, bytes);
        value->data = copy;
        value->bytes = bytes;
    }
}

void scope_kept_free(struct scope_kept *kept)
{
    for (uint32_t i = 0; kept != NULL && i < kept->count; i++) {
        free(kept->values[i].data);
    }
    free(kept);
}

void scope_kept_see(const struct scope_kept *kept, scope_see see)
{
    for (uint32_t i = 0; kept != NULL && i < kept->count; i++) {
        see(kept->values[i].data, kept->values[i].bytes);
    }
}

/* ---- names ---- */

static struct module {
    uint32_t id; /* of its name */
    struct scope_kept *names;
} *modules = NULL;
static size_t module_count = 0;

static struct scope_kept **names_of(uint32_t id)
{
    for (size_t i = 0; i < module_count; i++) {
        if (modules[i].id == id) {
            return &modules[i].names;
        }
    }
    struct module *larger = realloc(modules, (module_count + 1) * sizeof *larger);
    if (larger == NULL) {
        return NULL;
    }
    modules = larger;
    modules[module_count] = (struct module){id, NULL};
    return &modules[module_count++].names;
}

static struct scope_kept **names_of_code(const struct scope_code *code)
{
    struct scope_code *module = code->module != NULL ? scope_intern_name(code->module) : NULL;
    return module != NULL ? names_of(module->id) : NULL;
}

static void keep_pairs(struct scope_kept **own, struct scope_kept **names, const uint8_t *data, uint32_t bytes)
{
    const uint8_t *end = data + bytes;
    while (data < end) {
        int64_t key = key_of(data);
        data += value_bytes(data);
        uint32_t size = data < end ? value_bytes(data) : 0;
        if (size == 0) {
            return;
        }
        struct scope_kept **to = key < 0 && names != NULL ? names : own;
        if (to != NULL) {
            set_value(to, key, data, size);
        }
        data += size;
    }
}

void scope_keep_line(struct scope_kept **kept, const struct scope_code *code, uint32_t line, const uint8_t *data, uint32_t bytes)
{
    bool own = code == NULL || code->flags & SCOPE_FLAG_CLASS_BODY;
    if (bytes > 0) {
        keep_pairs(kept, own ? NULL : names_of_code(code), data, bytes);
    }
    if (line != 0) {
        struct scope_kept *with = *kept != NULL ? *kept : with_room(NULL);
        if (with != NULL) {
            with->line = line;
            *kept = with;
        }
    }
}

void scope_keep_names(uint32_t module, const uint8_t *data, uint32_t bytes)
{
    struct scope_kept **names = names_of(module);
    if (names != NULL) {
        keep_pairs(names, NULL, data, bytes);
    }
}

/* ---- all of it ---- */

void scope_kept_clear(void)
{
    scope_kept_objects_clear();
    for (size_t i = 0; i < module_count; i++) {
        scope_kept_free(modules[i].names);
    }
    free(modules);
    modules = NULL;
    module_count = 0;
}

void scope_kept_see_names(scope_see see)
{
    for (size_t i = 0; i < module_count; i++) {
        scope_kept_see(modules[i].names, see);
    }
}

/* ---- as records ---- */

enum { KEY_BYTES = 9, PAIRS_MAX = 0xf000 };

uint8_t *scope_kept_record(uint8_t *at, enum scope_kind kind, uint32_t id, uint64_t aux, uint32_t bytes)
{
    uint64_t words[2] = {scope_word(kind, id, 0) | SCOPE_PAYLOAD_BIT, scope_payload(aux, bytes)};
    memcpy(at, words, sizeof words);
    memset(at + sizeof words + bytes, 0, scope_padded(bytes) - bytes);
    return at + sizeof words + scope_padded(bytes);
}

/* The pairs from `*next` on that fit one record, written behind its two words if `at` is given; returns their bytes. */
static uint32_t take_pairs(const struct scope_kept *kept, uint32_t *next, uint8_t *at)
{
    unsigned char key[KEY_BYTES];
    uint32_t bytes = 0;
    for (; *next < kept->count; ++*next) {
        const struct scope_kept_value *value = &kept->values[*next];
        struct scope_writer w = {.p = key, .end = key + sizeof key, .wall = key + sizeof key};
        scope_put_int(&w, value->key);
        uint32_t key_bytes = (uint32_t)(w.p - key);
        if (bytes + key_bytes + value->bytes > PAIRS_MAX) {
            break;
        }
        if (at != NULL && value->bytes > 0) {
            memcpy(at + 16 + bytes, key, key_bytes);
            memcpy(at + 16 + bytes + key_bytes, value->data, value->bytes);
        }
        bytes += value->bytes > 0 ? key_bytes + value->bytes : 0;
    }
    return bytes;
}

static size_t pairs_bytes(const struct scope_kept *kept)
{
    size_t bytes = 0;
    uint32_t next = 0;
    do {
        bytes += 16 + scope_padded(take_pairs(kept, &next, NULL));
    } while (next < kept->count);
    return bytes;
}

static uint8_t *write_pairs(uint8_t *at, const struct scope_kept *kept, enum scope_kind kind, uint32_t id)
{
    uint32_t next = 0;
    do {
        uint32_t bytes = take_pairs(kept, &next, at);
        at = scope_kept_record(at, kind, id, 0, bytes);
    } while (next < kept->count);
    return at;
}

size_t scope_kept_bytes(const struct scope_kept *kept) { return kept != NULL ? pairs_bytes(kept) : 0; }

uint8_t *scope_kept_write(uint8_t *at, const struct scope_kept *kept)
{
    return kept != NULL ? write_pairs(at, kept, SCOPE_LINE, kept->line) : at;
}

size_t scope_kept_shared_bytes(void)
{
    size_t bytes = scope_kept_objects_bytes();
    for (size_t i = 0; i < module_count; i++) {
        bytes += scope_kept_bytes(modules[i].names);
    }
    return bytes;
}

uint8_t *scope_kept_shared_write(uint8_t *at)
{
    at = scope_kept_objects_write(at);
    for (size_t i = 0; i < module_count; i++) {
        at = modules[i].names != NULL ? write_pairs(at, modules[i].names, SCOPE_NAMES, modules[i].id) : at;
    }
    return at;
}
