/* See locals.h. When a line begins, the line before it has run. Its bytecode says which locals it may have bound: they are compared by
 * digest. It says whether it changes objects, and which it loaded: they are looked at. What it called and is at level lines has looked
 * for itself; if anything else has run meanwhile, there is doubt, and all that is in reach of the frame is looked at again, here and
 * in the frames below as they go on. What differs is written, then the line. */
#include "locals.h"

#include <string.h>

#include "digest.h"
#include "effects.h"
#include "events.h"
#include "names.h"
#include "shadows.h"
#include "versions.h"
#include "wanted.h"
#include "watch.h"

/* ---- the variables of a frame ---- */

/* The value of a slot (borrowed), or NULL: a local, looked through its cell, or a name in a namespace. */
static PyObject *value_of(const struct scope_shadow *shadow, struct _PyInterpreterFrame *frame, int slot)
{
    const struct scope_lines *lines = shadow->lines;
    if (LIKELY(slot < lines->locals)) {
        PyObject *value = scope_frame_local(frame, slot);
        if (value != NULL && UNLIKELY(PyCell_Check(value))) {
            PyCodeObject *code = scope_frame_code(frame);
            if (_PyLocals_GetKind(code->co_localspluskinds, slot) & (CO_FAST_CELL | CO_FAST_FREE)) {
                return PyCell_GET(value);
            }
        }
        return value;
    }
    const struct scope_named *named = &lines->names[slot - lines->locals];
    uint32_t module = shadow->entry->module_id;
    bool of_module = module != 0 && !named->only_loaded;
    if (of_module && ((lines->is_module && frame->f_locals != frame->f_globals) || !scope_is_followed(module, frame->f_globals))) {
        return NULL; /* not the module's variables that are followed */
    }
    return scope_dict_under(named->is_global ? frame->f_globals : frame->f_locals, named->name);
}

static inline int64_t key_of(const struct scope_lines *lines, int slot)
{
    return slot < lines->locals ? slot : -(int64_t)lines->names[slot - lines->locals].id;
}

/* ---- what has changed, as it will stand behind the LINE ---- */

struct changes {
    struct scope_thread *thread;
    struct scope_shadow *shadow;
    struct scope_look look;
    unsigned used;
    unsigned char bytes[SCOPE_PAYLOAD_MAX];
};

static void write_changes(struct changes *changes, uint32_t line);

/* One slot that has changed: its key and its value. */
static void add_change(struct changes *changes, int slot, PyObject *value)
{
    enum { KEY_MAX = 9, VALUE_MAX = 1024 };
    if (UNLIKELY(sizeof changes->bytes - changes->used < KEY_MAX + VALUE_MAX)) {
        write_changes(changes, 0); /* they do not fit one record */
    }
    struct scope_writer w = {.p = changes->bytes + changes->used, .references = true};
    scope_put_int(&w, key_of(changes->shadow->lines, slot));
    w.end = w.wall = w.p + VALUE_MAX;
    if (value == NULL) {
        scope_write_mark(&w, SCOPE_EXT_GONE);
        changes->used = (unsigned)(w.p - changes->bytes);
        return;
    }
    Py_ssize_t bytes = scope_encode_into(&w, value, changes->shadow->lines->secret[slot]);
    changes->used = (unsigned)(w.p - changes->bytes) + (unsigned)bytes;
}

static inline void compare_slot(struct changes *changes, struct _PyInterpreterFrame *frame, int slot)
{
    struct scope_shadow *shadow = changes->shadow;
    PyObject *value = value_of(shadow, frame, slot);
    uint64_t digest = scope_digest(value, 0);
    uint64_t bit = UINT64_C(1) << (slot & 63);
    if (LIKELY(digest == shadow->digests[slot])) {
        if (UNLIKELY(shadow->held & bit) && value != NULL && scope_holds_object(value) && !shadow->lines->secret[slot]) {
            scope_look_add(&changes->look, value, true); /* changed in place, or another object that has got the same address */
        }
        return;
    }
    shadow->digests[slot] = digest;
    const struct scope_lines *lines = shadow->lines;
    uint32_t module = shadow->entry->module_id;
    if (LIKELY(slot < lines->locals) || module == 0 || scope_name_differs(module, lines->names[slot - lines->locals].id, digest)) {
        add_change(changes, slot, value);
    }
    if (value != NULL && scope_holds_object(value)) {
        shadow->held |= bit;
        if (!shadow->lines->secret[slot]) {
            scope_look_add(&changes->look, value, false);
        }
    }
}

static void compare_slots(struct changes *changes, struct _PyInterpreterFrame *frame, const uint16_t *slots, int count)
{
    for (int i = 0; i < count; i++) {
        compare_slot(changes, frame, slots[i]);
    }
}

/* ---- what is in reach ---- */

static void add_slot(struct changes *changes, struct _PyInterpreterFrame *frame, int slot, bool changed)
{
    struct scope_shadow *shadow = changes->shadow;
    if (shadow->held >> (slot & 63) & 1 && !shadow->lines->secret[slot]) {
        PyObject *value = value_of(shadow, frame, slot);
        if (value != NULL && scope_holds_object(value)) {
            scope_look_add(&changes->look, value, changed);
        }
    }
}

static void add_loaded(struct changes *changes, struct _PyInterpreterFrame *frame, const struct scope_line *line)
{
    const uint16_t *loads = changes->shadow->lines->lists + line->loads;
    for (int i = 0; i < line->load_count; i++) {
        add_slot(changes, frame, loads[i], true);
    }
}

static void add_all(struct changes *changes, struct _PyInterpreterFrame *frame)
{
    for (int slot = 0; slot < changes->shadow->lines->slots; slot++) {
        add_slot(changes, frame, slot, true);
    }
}

/* Whether the line that has run may have changed objects unseen: it hands control to what is not seen, or something was recorded
 * although it calls nothing: a property, an operator, a finaliser. */
static inline bool is_doubtful(const struct scope_thread *thread, const struct scope_shadow *shadow, const struct scope_line *ran)
{
    bool calls = ran->does & (SCOPE_DOES_CALL | SCOPE_HANDS_CONTROL_OVER);
    bool seen = SCOPE_HAS_MONITORING && scope_recorder.c_calls; /* a profile hook is not told of calls of classes */
    return ran->does & SCOPE_DOES_ANYTHING || (ran->does & SCOPE_DOES_CALL && !seen) || (!calls && shadow->cursor != thread->cursor);
}

/* ---- the records ---- */

/* A LINE with what has changed. `line` 0: none begins. */
static void write_changes(struct changes *changes, uint32_t line)
{
    struct scope_thread *thread = changes->thread;
    uint64_t now = scope_look_now(&changes->look);
    uint64_t *at = scope_reserve(thread, 2 + scope_padded(changes->used) / 8, now);
    if (at != NULL) {
        at[0] = scope_word(SCOPE_LINE, line, now - thread->base) | SCOPE_PAYLOAD_BIT;
        memcpy(at + 2, changes->bytes, changes->used);
        uint64_t before = (uint64_t)changes->shadow->lines->lines[changes->shadow->line].number & (SCOPE_LINE_CUT - 1);
        scope_finish_record(thread, at, before | (changes->shadow->cut ? SCOPE_LINE_CUT : 0), changes->used);
    }
    changes->used = 0;
}

static void write_line(struct scope_thread *thread, uint32_t line, uint64_t now)
{
    uint64_t *at = scope_reserve(thread, 1, now);
    if (at != NULL) {
        at[0] = scope_word(SCOPE_LINE, line, now - thread->base);
        thread->cursor = at + 1;
    }
}

/* What the line that was running has changed: looks, and writes the LINE `line`. */
static __attribute__((noinline)) void settle(struct scope_thread *thread, struct scope_shadow *shadow, struct _PyInterpreterFrame *frame,
                                             uint32_t line, bool always)
{
    struct changes changes;
    const struct scope_lines *lines = shadow->lines;
    const struct scope_line *ran = &lines->lines[shadow->line];
    if (is_doubtful(thread, shadow, ran)) {
        scope_doubt++;
    }
    bool doubt = shadow->doubt != scope_doubt;
    if (doubt) {
        shadow->doubt = ++scope_doubt; /* what was looked at while it went on counts no more */
    }
    changes.thread = thread;
    changes.shadow = shadow;
    changes.used = 0;
    scope_look_begin(&changes.look, thread, (uint32_t)ran->number, doubt || (ran->does & SCOPE_DOES_CHANGE && ran->does & SCOPE_DOES_REACH));
    compare_slots(&changes, frame, lines->lists + ran->stores, ran->store_count);
    compare_slots(&changes, frame, lines->cells, lines->cell_count);
    if (doubt) {
        add_all(&changes, frame);
    } else if (ran->does & (SCOPE_DOES_CHANGE | SCOPE_DOES_SUBSCRIBE)) {
        add_loaded(&changes, frame, ran);
    }
    if (changes.look.count > 0) {
        scope_look_run(&changes.look);
    }
    if (UNLIKELY(changes.look.shared) && !doubt) {
        shadow->doubt = ++scope_doubt;
        uint64_t now = changes.look.now;
        scope_look_begin(&changes.look, thread, (uint32_t)ran->number, true);
        changes.look.now = now;
        add_all(&changes, frame);
        scope_look_run(&changes.look);
    }
    if (UNLIKELY(scope_has_watched) && (doubt || ran->does & (SCOPE_DOES_CHANGE | SCOPE_DOES_SUBSCRIBE))) {
        scope_watch_look(thread, (uint32_t)ran->number);
    }
    shadow->cut = changes.look.cut || (shadow->cut && !doubt);
    if (changes.used > 0 || shadow->cut) {
        write_changes(&changes, line);
    } else if (always && changes.look.now != 0) {
        write_line(thread, line, changes.look.now);
    } else if (always && !scope_write_short(thread, SCOPE_LINE, (uint64_t)line << SCOPE_DELTA_BITS)) {
        write_line(thread, line, scope_ticks());
    }
}

/* ---- frames ---- */

/* The shadow of the frame that runs, on top of the thread's list. Frames above it have ended without a word; one that was not seen to
 * begin is met here for the first time. NULL when there is no memory. */
static struct scope_shadow *shadow_of(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame)
{
    struct scope_shadow *shadow = thread->shadow;
    while (shadow != NULL && shadow->frame != frame) {
        shadow = shadow->below;
    }
    bool known = shadow != NULL && shadow->entry == entry;
    while (known && thread->shadow != shadow) {
        scope_shadow_pop(thread);
    }
    scope_write_bare(thread, SCOPE_FRAME, entry->head);
    return known ? shadow : scope_shadow_push(thread, entry, frame);
}

void scope_record_line(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame, int unit)
{
    struct scope_shadow *shadow = thread->shadow;
    if (UNLIKELY(thread->depth > scope_recorder.max_depth)) {
        return;
    }
    if (UNLIKELY(shadow == NULL || shadow->frame != frame)) {
        shadow = shadow_of(thread, entry, frame);
        if (shadow == NULL) {
            return;
        }
    }
    const struct scope_lines *lines = shadow->lines;
    const struct scope_line *ran = &lines->lines[shadow->line];
    if (UNLIKELY(scope_has_wanted) && lines->is_module) {
        scope_wanted_look();
    }
    uint32_t position = lines->at[(unsigned)unit < (unsigned)lines->units ? unit : 0];
    uint32_t number = (uint32_t)lines->lines[position].number & SCOPE_ID_MAX;
    enum { LOUD = SCOPE_DOES_CHANGE | SCOPE_DOES_SUBSCRIBE | SCOPE_DOES_ANYTHING };
    bool quiet = ran->store_count == 0 && lines->cell_count == 0 && shadow->doubt == scope_doubt && !shadow->cut &&
                 (!(ran->does & LOUD) || (shadow->held == 0 && !(ran->does & SCOPE_DOES_ANYTHING))) && !is_doubtful(thread, shadow, ran);
    if (!quiet || UNLIKELY(!scope_write_short(thread, SCOPE_LINE, (uint64_t)number << SCOPE_DELTA_BITS))) {
        settle(thread, shadow, frame, number, true);
    }
    shadow->line = position;
    shadow->cursor = thread->cursor;
}

static void note_arguments(struct scope_shadow *shadow, struct _PyInterpreterFrame *frame)
{
    for (int slot = 0; slot < shadow->entry->arguments; slot++) {
        PyObject *value = value_of(shadow, frame, slot);
        shadow->digests[slot] = scope_digest(value, 0);
        if (value != NULL && scope_holds_object(value)) {
            shadow->held |= UINT64_C(1) << (slot & 63);
        }
    }
}

void scope_locals_enter(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame, bool first)
{
    if (first) {
        if (UNLIKELY(entry->table->is_module)) {
            scope_module_begins(thread, entry, frame);
        }
        struct scope_shadow *shadow = scope_shadow_push(thread, entry, frame);
        if (shadow != NULL) {
            note_arguments(shadow, frame);
            shadow->cursor = thread->cursor;
            shadow->doubt = scope_doubt;
        }
        return;
    }
    struct scope_shadow *shadow = scope_shadow_resume(thread, entry, frame);
    if (shadow != NULL) {
        shadow->cursor = thread->cursor;
    } else {
        scope_shadow_push(thread, entry, frame);
    }
}

void scope_locals_leave(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame, PyObject *value,
                        bool suspended)
{
    struct scope_shadow *shadow = thread->shadow;
    if (thread->depth > scope_recorder.max_depth) {
        return;
    }
    while (shadow != NULL && shadow->frame != frame) {
        shadow = shadow->below;
    }
    if (shadow == NULL || shadow->entry != entry) {
        return;
    }
    while (thread->shadow != shadow) {
        scope_shadow_pop(thread);
    }
    settle(thread, shadow, frame, 0, false);
    if (value != NULL && scope_holds_object(value) && !entry->secret) {
        struct scope_look look;
        scope_look_begin(&look, thread, (uint32_t)shadow->lines->lines[shadow->line].number, false);
        scope_look_add(&look, value, false);
        scope_look_run(&look);
    }
    if (suspended) {
        scope_shadow_suspend(thread);
    } else {
        scope_shadow_pop(thread);
    }
}
