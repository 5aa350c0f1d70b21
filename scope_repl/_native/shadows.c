/* See shadows.h. All of it happens with the GIL held. */
#include "shadows.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory: shadows of small frames are used again ---- */

enum { SMALL_SLOTS = 16, SPARE_MAX = 256 };
static struct scope_shadow *spare = NULL; /* a list by `below`, of SMALL_SLOTS each */
static int spare_count = 0;

static struct scope_shadow *take(uint32_t slots)
{
    if (LIKELY(slots <= SMALL_SLOTS && spare != NULL)) {
        struct scope_shadow *shadow = spare;
        spare = shadow->below;
        spare_count--;
        return shadow;
    }
    uint32_t room = slots <= SMALL_SLOTS ? SMALL_SLOTS : slots;
    struct scope_shadow *shadow = malloc(sizeof *shadow + room * sizeof shadow->digests[0]);
    if (shadow != NULL) {
        shadow->room = room;
    }
    return shadow;
}

static void give_back(struct scope_shadow *shadow)
{
    if (LIKELY(shadow->room == SMALL_SLOTS && spare_count < SPARE_MAX)) {
        shadow->below = spare;
        spare = shadow;
        spare_count++;
    } else {
        free(shadow);
    }
}

/* ---- a thread's list ---- */

struct scope_shadow *scope_shadow_push(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame)
{
    uint32_t slots = (uint32_t)entry->table->slots;
    struct scope_shadow *shadow = take(slots);
    if (shadow == NULL) {
        return NULL;
    }
    shadow->frame = frame;
    shadow->entry = entry;
    shadow->lines = entry->table;
    shadow->below = thread->shadow;
    shadow->line = 0;
    shadow->cursor = NULL;
    shadow->held = entry->table->objects;
    shadow->doubt = 0;
    shadow->cut = false;
    memset(shadow->digests, 0, slots * sizeof shadow->digests[0]);
    return thread->shadow = shadow;
}

void scope_shadow_pop(struct scope_thread *thread)
{
    struct scope_shadow *shadow = thread->shadow;
    thread->shadow = shadow->below;
    give_back(shadow);
}

void scope_shadows_release(struct scope_thread *thread)
{
    while (thread->shadow != NULL) {
        scope_shadow_pop(thread);
    }
}

/* ---- the suspended ones: a hash table by frame ---- */

static struct scope_shadow **table = NULL;
static size_t places = 0, taken = 0;

static size_t place_of(const struct _PyInterpreterFrame *frame)
{
    size_t i = (size_t)(((uintptr_t)frame >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (places - 1);
    while (table[i] != NULL && table[i]->frame != frame) {
        i = (i + 1) & (places - 1);
    }
    return i;
}

static bool grow(void)
{
    struct scope_shadow **old = table, **larger = calloc(places ? 2 * places : 256, sizeof *larger);
    size_t old_places = places;
    if (larger == NULL) {
        return false;
    }
    table = larger;
    places = places ? 2 * places : 256;
    for (size_t i = 0; i < old_places; i++) {
        if (old[i] != NULL) {
            table[place_of(old[i]->frame)] = old[i];
        }
    }
    free(old);
    return true;
}

void scope_shadow_suspend(struct scope_thread *thread)
{
    struct scope_shadow *shadow = thread->shadow;
    thread->shadow = shadow->below;
    if (2 * taken >= places && !grow()) {
        give_back(shadow); /* it is made anew when the frame goes on */
        return;
    }
    size_t i = place_of(shadow->frame);
    if (table[i] != NULL) {
        give_back(table[i]); /* of a generator that has gone without a word, and whose address this one has now */
    } else {
        taken++;
    }
    table[i] = shadow;
}

struct scope_shadow *scope_shadow_resume(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame)
{
    size_t i = places ? place_of(frame) : 0;
    if (places == 0 || table[i] == NULL) {
        return NULL;
    }
    struct scope_shadow *shadow = table[i];
    table[i] = NULL;
    taken--;
    for (size_t j = (i + 1) & (places - 1); table[j] != NULL; j = (j + 1) & (places - 1)) { /* Knuth, TAOCP 6.4, algorithm R */
        struct scope_shadow *moved = table[j];
        table[j] = NULL;
        table[place_of(moved->frame)] = moved;
    }
    if (shadow->entry != entry) { /* another generator's, that had this address before */
        give_back(shadow);
        return NULL;
    }
    shadow->below = thread->shadow;
    return thread->shadow = shadow;
}

void scope_shadows_clear(void)
{
    for (size_t i = 0; i < places; i++) {
        free(table[i]);
    }
    free(table);
    table = NULL;
    places = taken = 0;
    while (spare != NULL) {
        struct scope_shadow *next = spare->below;
        free(spare);
        spare = next;
    }
    spare_count = 0;
}
