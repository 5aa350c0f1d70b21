/* See versions.h. The table is a cache by address: what it does not hold is written again, so it may be emptied at any time. It holds
 * no references; an address that is used again is a newer version of what had it before. */
#include "versions.h"

#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "effects.h"
#include "events.h"

enum { PLACES_FIRST = 1 << 10, PLACES_MAX = 1 << 16, FOUND_MAX = 2 * SCOPE_VERSION_ITEMS + 64 };

/* The last version of an object that was written. */
struct known {
    uintptr_t address; /* 0: a free place */
    const PyTypeObject *type; /* only compared */
    uint64_t digest;
    uint64_t look;     /* the number of the last look that met it */
    uint64_t doubt;    /* scope_doubt when it was last compared: the content is the present one as long as that stays */
    uint64_t chunk;    /* the sequence of the chunk that the last version stands in */
    uint8_t containers, instances; /* how far it was followed then */
    uint16_t bytes;    /* of content */
    uint16_t held;     /* objects that it holds */
    uint32_t room;
    unsigned char *content; /* owned (malloc): the bytes, then the addresses of the objects held */
};

static struct known *table = NULL;
static size_t places = 0, taken = 0;
static uint64_t looks = 0; /* how many there were in this process */

static size_t place_of(uintptr_t address)
{
    size_t i = (size_t)((address >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 40) & (places - 1);
    while (table[i].address != 0 && table[i].address != address) {
        i = (i + 1) & (places - 1);
    }
    return i;
}

void scope_versions_forget(void)
{
    for (size_t i = 0; i < places; i++) {
        free(table[i].content);
    }
    free(table);
    table = NULL;
    places = taken = 0;
}

static bool grow(void)
{
    struct known *old = table;
    size_t old_places = places;
    if (places >= PLACES_MAX) {
        scope_fold_keep_until_now(); /* records that are in the log rely on versions that only the table tells of */
        scope_versions_forget();
        old = NULL;
        old_places = 0;
    }
    size_t wanted = old_places ? 2 * old_places : PLACES_FIRST;
    struct known *larger = calloc(wanted, sizeof *larger);
    if (larger == NULL) {
        return false;
    }
    table = larger;
    places = wanted;
    for (size_t i = 0; i < old_places; i++) {
        if (old[i].address != 0) {
            table[place_of(old[i].address)] = old[i];
        }
    }
    free(old);
    return true;
}

/* The place of an object, free if nothing is known of it; NULL when there is no memory. */
static struct known *known_of(PyObject *object)
{
    if (UNLIKELY(2 * taken >= places) && !grow()) {
        return NULL;
    }
    return &table[place_of((uintptr_t)object)];
}

bool scope_version_is_known(uint64_t address)
{
    return places > 0 && table[place_of((uintptr_t)address)].address != 0;
}

/* ---- writing a version ---- */

static void put_version(struct scope_look *look, uint64_t *at, uint64_t now, PyObject *object, uint16_t front, uint16_t back,
                        const unsigned char *bytes, size_t size)
{
    struct scope_version header = {look->line, front, back};
    at[0] = scope_word(SCOPE_VERSION, scope_intern_type(Py_TYPE(object)), now - look->thread->base) | SCOPE_PAYLOAD_BIT;
    memcpy(at + 2, &header, sizeof header);
    memcpy((unsigned char *)(at + 2) + sizeof header, bytes, size);
    scope_finish_record(look->thread, at, (uintptr_t)object & SCOPE_AUX_MAX, (uint32_t)(sizeof header + size));
}

static inline size_t words_for(size_t bytes) { return 2 + scope_padded((uint32_t)(sizeof(struct scope_version) + bytes)) / 8; }

static uint64_t current_chunk(const struct scope_thread *thread)
{
    return thread->chunk >= 0 ? scope_chunk_at(thread->chunk)->sequence : 0;
}

/* Writes the content that differs from the known one; as little of it as its chunk allows. False when it was refused. */
static bool write_version(struct scope_look *look, struct known *known, PyObject *object, const unsigned char *bytes, size_t size)
{
    struct scope_thread *thread = look->thread;
    uint64_t now = scope_look_now(look);
    size_t front = 0, back = 0;
    if (known->bytes > 0 && known->chunk == current_chunk(thread)) {
        size_t least = size < known->bytes ? size : known->bytes;
        while (front < least && bytes[front] == known->content[front]) {
            front++;
        }
        while (back < least - front && bytes[size - 1 - back] == known->content[known->bytes - 1 - back]) {
            back++;
        }
    }
    uint64_t *at = scope_reserve(thread, words_for(size - front - back), now);
    if (at == NULL) {
        return false;
    }
    uint64_t chunk = current_chunk(thread);
    if (front + back > 0 && chunk != known->chunk) { /* a new chunk was begun, and there is room in it */
        front = back = 0;
    }
    put_version(look, at, now, object, (uint16_t)front, (uint16_t)back, bytes + front, size - front - back);
    known->chunk = chunk;
    return true;
}

static bool keep(struct known *known, const unsigned char *bytes, size_t size, PyObject *const *found, int count)
{
    size_t held_at = (size + 7) & ~(size_t)7;
    size_t wanted = held_at + (size_t)count * sizeof *found;
    if (wanted > known->room) {
        unsigned char *larger = realloc(known->content, wanted + wanted / 2 + 32);
        if (larger == NULL) {
            return false;
        }
        known->content = larger;
        known->room = (uint32_t)(wanted + wanted / 2 + 32);
    }
    memcpy(known->content, bytes, size);
    memcpy(known->content + held_at, found, (size_t)count * sizeof *found);
    known->bytes = (uint16_t)size;
    known->held = (uint16_t)count;
    return true;
}

/* ---- looking ---- */

uint64_t scope_look_now(struct scope_look *look)
{
    return look->now != 0 ? look->now : (look->now = scope_ticks());
}

void scope_look_begin(struct scope_look *look, struct scope_thread *thread, uint32_t line, bool whole)
{
    look->whole = whole;
    look->now = 0;
    look->thread = thread;
    look->line = line;
    look->cut = look->shared = false;
    look->next = look->count = 0;
    looks++;
}

static void add(struct scope_look *look, struct scope_sight sight)
{
    if (look->count == SCOPE_LOOK_OBJECTS) {
        look->cut = true;
        return;
    }
    look->sights[look->count++] = sight;
}

static void add_value(struct scope_look *look, PyObject *value, uint8_t containers, bool changed)
{
    if (PyTuple_Check(value) && !scope_is_reference(value)) {
        Py_ssize_t size = PyTuple_GET_SIZE(value);
        for (Py_ssize_t i = 0; containers > 1 && i < size && i < SCOPE_ITEMS_MAX; i++) {
            add_value(look, PyTuple_GET_ITEM(value, i), containers - 1, changed);
        }
    } else if (scope_is_reference(value)) {
        add(look, (struct scope_sight){value, containers, 0, changed});
    } else if (PyMethod_Check(value) && scope_is_reference(PyMethod_GET_SELF(value))) {
        add(look, (struct scope_sight){PyMethod_GET_SELF(value), containers, 1, changed});
    }
}

void scope_look_add(struct scope_look *look, PyObject *value, bool changed)
{
    add_value(look, value, SCOPE_LOOK_CONTAINERS, changed);
}

void scope_look_add_alone(struct scope_look *look, PyObject *object, bool changed)
{
    if (scope_is_reference(object)) {
        add(look, (struct scope_sight){object, SCOPE_LOOK_CONTAINERS, SCOPE_LOOK_INSTANCES - 1, changed});
    }
}

static bool is_container(PyObject *object)
{
    return PyList_CheckExact(object) || PyDict_CheckExact(object) || PySet_CheckExact(object);
}

/* Puts down what an object holds, if that is in reach. */
static void descend(struct scope_look *look, const struct known *known, struct scope_sight sight)
{
    if (is_container(sight.object)) {
        if (sight.containers <= 1) {
            return;
        }
        sight.containers--;
    } else {
        sight.instances++;
        sight.containers = SCOPE_LOOK_CONTAINERS;
    }
    sight.changed = false;
    PyObject *const *held = (PyObject *const *)(known->content + ((known->bytes + 7) & ~7));
    for (int i = 0; i < known->held; i++) {
        sight.object = held[i];
        add(look, sight);
    }
}

/* Whether an object of which something is known has to be compared, or what is in reach of it has to be. Containers always are when
 * they are met: they are made and let go of too quietly for their addresses to mean much. Instances are not, as long as nothing was
 * done that was not seen, and they were followed as far then as now. */
static bool may_differ(const struct scope_look *look, const struct known *known, struct scope_sight sight)
{
    bool followed = known->containers >= sight.containers && known->instances <= sight.instances;
    if (known->look == looks && followed) {
        return false; /* met in this very look */
    }
    if (is_container(sight.object) || sight.changed) {
        return true;
    }
    if (sight.instances >= SCOPE_LOOK_INSTANCES) {
        return false; /* too deep to be compared again and again: it keeps the version that it has */
    }
    return look->whole || known->doubt != scope_doubt || !followed;
}

static void look_at(struct scope_look *look, struct scope_sight sight)
{
    struct known *known = known_of(sight.object);
    if (known == NULL) {
        look->cut = true;
        return;
    }
    bool first = known->address == 0;
    if (!first && !may_differ(look, known, sight)) {
        return;
    }
    known->look = looks;
    known->doubt = scope_doubt;
    known->containers = sight.containers;
    known->instances = sight.instances;
    uint64_t digest = scope_digest_content(sight.object);
    scope_recorder.compared++;
    if (first || digest != known->digest) {
        unsigned char bytes[SCOPE_CONTENT_MAX];
        PyObject *found[FOUND_MAX];
        struct scope_writer w = {.found = found, .found_room = FOUND_MAX};
        size_t size = (size_t)scope_write_content(&w, bytes, sight.object);
        look->cut = look->cut || w.lost;
        bool same = !first && known->type == Py_TYPE(sight.object) && known->bytes == size &&
                    memcmp(known->content, bytes, size) == 0;
        if ((!same && !write_version(look, known, sight.object, bytes, size)) || !keep(known, bytes, size, found, w.found_count)) {
            known->digest = 0; /* it will be written again when there is room */
            known->bytes = known->held = 0;
            known->chunk = 0;
            taken += first;
            known->address = (uintptr_t)sight.object;
            look->cut = true;
            return;
        }
        taken += first;
        known->address = (uintptr_t)sight.object;
        known->type = Py_TYPE(sight.object);
        known->digest = digest;
        look->shared = look->shared || (!first && bytes[0] == 0); /* an array: what it shows may be another one's memory */
    }
    descend(look, known, sight);
}

void scope_look_run(struct scope_look *look)
{
    while (look->next < look->count) {
        look_at(look, look->sights[look->next++]);
    }
}
