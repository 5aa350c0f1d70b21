/* Folding: the events in front of the horizon are replayed into what was open then, so that the log behind it can still be read.
 * Spans on the stack belong to their thread; suspended generators to no thread, because any may resume them. Threads' events are
 * folded in the order of their time, as the generators' hand-over needs it. */
#include <stdlib.h>
#include <string.h>

#include "kept_objects.h"
#include "recorder.h"

static void let_go(struct scope_open_span *span)
{
    free(span->arguments);
    scope_kept_free(span->kept);
}

/* ---- suspended generators: a hash table by frame address ---- */

static struct suspended {
    struct scope_open_span span; /* span.frame == 0: a free place */
    uint32_t thread;        /* where it was suspended */
} *suspended = NULL;
static size_t places = 0, taken = 0; /* places: a power of two, or 0 */

static size_t place_of(uint64_t frame)
{
    size_t i = (size_t)((frame * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (places - 1);
    while (suspended[i].span.frame != 0 && suspended[i].span.frame != frame) {
        i = (i + 1) & (places - 1);
    }
    return i;
}

static bool grow(void)
{
    struct suspended *old = suspended;
    size_t old_places = places;
    struct suspended *larger = calloc(places ? places * 2 : 256, sizeof(*larger));
    if (larger == NULL) {
        return false;
    }
    suspended = larger;
    places = places ? places * 2 : 256;
    for (size_t i = 0; i < old_places; i++) {
        if (old[i].span.frame != 0) {
            suspended[place_of(old[i].span.frame)] = old[i];
        }
    }
    free(old);
    return true;
}

static void suspend(const struct scope_thread *thread, struct scope_open_span span)
{
    if (taken * 2 >= places && !grow()) {
        let_go(&span);
        return;
    }
    size_t i = place_of(span.frame);
    if (suspended[i].span.frame != 0) {
        let_go(&suspended[i].span); /* the address belongs to another generator now; the old one is gone */
    } else {
        taken++;
    }
    suspended[i] = (struct suspended){span, thread->index};
}

/* Takes a span out of the table; one that is not there has its start and arguments unknown. */
static struct scope_open_span resume(uint64_t frame, uint32_t id)
{
    size_t i = places ? place_of(frame) : 0;
    if (places == 0 || suspended[i].span.frame == 0) {
        return (struct scope_open_span){.id = id, .frame = frame};
    }
    struct scope_open_span span = suspended[i].span;
    /* Close the hole: entries behind it that were pushed on by a collision move up (Knuth, TAOCP 6.4, algorithm R). */
    suspended[i].span.frame = 0;
    taken--;
    for (size_t j = (i + 1) & (places - 1); suspended[j].span.frame != 0; j = (j + 1) & (places - 1)) {
        struct suspended moved = suspended[j];
        suspended[j].span.frame = 0;
        suspended[place_of(moved.span.frame)] = moved;
    }
    return span;
}

/* ---- stacks ---- */

bool scope_fold_push(struct scope_thread *thread, struct scope_open_span span)
{
    if (thread->stack_size == thread->stack_room) {
        uint32_t room = thread->stack_room ? thread->stack_room * 2 : 32;
        struct scope_open_span *larger = realloc(thread->stack, room * sizeof(*larger));
        if (larger == NULL) {
            let_go(&span);
            return false;
        }
        thread->stack = larger;
        thread->stack_room = room;
    }
    thread->stack[thread->stack_size++] = span;
    return true;
}

/* Ends the innermost span with this id; those above it were left without an event. None: the event is of a span never opened. */
static bool pop(struct scope_thread *thread, uint32_t id, struct scope_open_span *span)
{
    for (uint32_t i = thread->stack_size; i-- > 0;) {
        if (thread->stack[i].id == id) {
            for (uint32_t j = i + 1; j < thread->stack_size; j++) {
                let_go(&thread->stack[j]);
            }
            *span = thread->stack[i];
            thread->stack_size = i;
            return true;
        }
    }
    return false;
}

/* The innermost span with this id is the one that runs: those above it were left without an event. */
static void uncover(struct scope_thread *thread, uint32_t id)
{
    uint32_t i = thread->stack_size;
    while (i > 0 && thread->stack[i - 1].id != id) {
        i--;
    }
    while (i > 0 && thread->stack_size > i) {
        let_go(&thread->stack[--thread->stack_size]);
    }
}

static uint8_t *copy_of(const uint64_t *payload, uint32_t bytes)
{
    uint8_t *copy = bytes > 0 ? malloc(bytes) : NULL;
    if (copy != NULL) {
        memcpy(copy, payload, bytes);
    }
    return copy;
}

static void fold_event(struct scope_thread *thread, const uint64_t *at, uint64_t tick)
{
    uint64_t word = at[0];
    uint32_t id = scope_id_of(word);
    bool has_payload = word & SCOPE_PAYLOAD_BIT;
    uint64_t aux = has_payload ? scope_aux_of(at[1]) : 0;
    struct scope_open_span span;
    switch (scope_kind_of(word)) {
    case SCOPE_CALL: {
        const struct scope_code *code = scope_interned(id);
        uint32_t bytes = has_payload ? scope_bytes_of(at[1]) : 0;
        span = (struct scope_open_span){.id = id, .start = tick, .arguments = copy_of(at + 2, bytes)};
        span.bytes = span.arguments != NULL ? bytes : 0;
        span.frame = code != NULL && code->flags & SCOPE_FLAG_SUSPENDS ? aux : 0;
        scope_fold_push(thread, span);
        break;
    }
    case SCOPE_C_CALL:
        scope_fold_push(thread, (struct scope_open_span){.id = id, .start = tick});
        break;
    case SCOPE_RESUME:
    case SCOPE_THROW:
        scope_fold_push(thread, resume(aux, id));
        break;
    case SCOPE_YIELD:
        if (pop(thread, id, &span)) {
            suspend(thread, span);
        }
        break;
    case SCOPE_RETURN:
    case SCOPE_UNWIND:
    case SCOPE_C_RETURN:
    case SCOPE_C_RAISE:
        if (pop(thread, id, &span)) {
            let_go(&span);
        }
        break;
    case SCOPE_LINE:
        if (thread->stack_size > 0) {
            struct scope_open_span *top = &thread->stack[thread->stack_size - 1];
            scope_keep_line(&top->kept, scope_interned(top->id), id, (const uint8_t *)(at + 2), has_payload ? scope_bytes_of(at[1]) : 0);
        }
        break;
    case SCOPE_VERSION:
        scope_keep_version(aux, id, (const uint8_t *)(at + 2), scope_bytes_of(at[1]));
        break;
    case SCOPE_NAMES:
        scope_keep_names(id, (const uint8_t *)(at + 2), scope_bytes_of(at[1]));
        break;
    case SCOPE_FRAME:
        uncover(thread, id);
        break;
    default: /* raise, handled, output, attributes, thread start and end change nothing that is kept */
        break;
    }
}

/* ---- the walk through the threads' oldest chunks ---- */

struct reader {
    struct scope_thread *thread;
    struct scope_chunk *chunk;
    int32_t index; /* of the chunk */
    const uint64_t *at, *end;
    uint64_t base, tick; /* of the event at `at` */
};

static void open_chunk(struct reader *reader, int32_t index)
{
    reader->index = index;
    reader->chunk = scope_chunk_at(index);
    reader->at = (const uint64_t *)(reader->chunk + 1) + reader->chunk->skip / 8;
    reader->end = index == reader->thread->chunk ? reader->thread->cursor
                                                 : (const uint64_t *)(reader->chunk + 1) + reader->chunk->used / 8;
    reader->base = reader->chunk->base;
}

/* Marks what was read as folded. */
static void mark(struct reader *reader)
{
    reader->chunk->skip = (uint32_t)((const uint8_t *)reader->at - (const uint8_t *)(reader->chunk + 1));
    reader->chunk->base = reader->base;
}

/* Goes to the thread's next event; false when it has no more. TIME records are read over. */
static bool settle(struct reader *reader)
{
    for (;;) {
        if (reader->at == reader->end) {
            mark(reader);
            if (scope_recorder.next[reader->index] < 0) {
                return false;
            }
            open_chunk(reader, scope_recorder.next[reader->index]);
        } else if (scope_kind_of(*reader->at) == SCOPE_TIME) {
            reader->base = reader->at[2];
            reader->at += 3;
        } else {
            reader->tick = reader->base + scope_delta_of(*reader->at);
            return true;
        }
    }
}

/* Folds one thread's events up to `until`, but none later than `before`. Returns the time of the next one up to `until`, or
 * UINT64_MAX when there is none. */
static uint64_t fold_run(struct scope_thread *thread, uint64_t until, uint64_t before)
{
    if (thread->oldest < 0) {
        return UINT64_MAX;
    }
    struct reader reader = {.thread = thread};
    open_chunk(&reader, thread->oldest);
    while (settle(&reader)) {
        if (reader.tick > until || reader.tick > before) {
            mark(&reader);
            return reader.tick <= until ? reader.tick : UINT64_MAX;
        }
        fold_event(thread, reader.at, reader.tick);
        thread->folded++;
        reader.at += *reader.at & SCOPE_PAYLOAD_BIT ? 2 + scope_padded(scope_bytes_of(reader.at[1])) / 8 : 1;
    }
    return UINT64_MAX;
}

/* The next two times among the threads: the earliest (returned as the thread's index) and the one after it. */
static uint32_t earliest(const uint64_t *next, uint32_t count, uint64_t *second)
{
    uint32_t first = 0;
    *second = UINT64_MAX;
    for (uint32_t i = 1; i < count; i++) {
        if (next[i] < next[first]) {
            *second = next[first];
            first = i;
        } else if (next[i] < *second) {
            *second = next[i];
        }
    }
    return first;
}

static void mark_span(const struct scope_open_span *span, scope_see see)
{
    see(span->arguments, span->bytes);
    scope_kept_see(span->kept, see);
}

static void mark_spans(scope_see see)
{
    for (size_t i = 0; i < places; i++) {
        if (suspended[i].span.frame != 0) {
            mark_span(&suspended[i].span, see);
        }
    }
    for (uint32_t i = 0; i < scope_recorder.thread_count; i++) {
        const struct scope_thread *thread = scope_recorder.threads[i];
        for (uint32_t j = 0; j < thread->stack_size; j++) {
            mark_span(&thread->stack[j], see);
        }
    }
}

void scope_fold(uint64_t until)
{
    struct scope_recorder *recorder = &scope_recorder;
    uint32_t count = recorder->thread_count;
    uint64_t few[64] = {UINT64_MAX}; /* also what stands there when no thread has begun */
    uint64_t *next = count <= 64 ? few : malloc(count * sizeof(uint64_t));
    if (next == NULL) { /* thread after thread: only generators that changed threads in this stretch could tell the difference */
        for (uint32_t i = 0; i < count; i++) {
            fold_run(recorder->threads[i], until, until);
        }
    } else {
        for (uint32_t i = 0; i < count; i++) {
            next[i] = fold_run(recorder->threads[i], until, 0);
        }
        uint64_t second;
        for (uint32_t first = earliest(next, count, &second); next[first] != UINT64_MAX;
             first = earliest(next, count, &second)) {
            next[first] = fold_run(recorder->threads[first], until, second);
        }
        if (next != few) {
            free(next);
        }
    }
    if (until > recorder->horizon) {
        recorder->horizon = until;
    }
    scope_kept_collect(mark_spans);
}

void scope_fold_clear(void)
{
    for (uint32_t i = 0; i < scope_recorder.thread_count; i++) {
        struct scope_thread *thread = scope_recorder.threads[i];
        for (uint32_t j = 0; j < thread->stack_size; j++) {
            let_go(&thread->stack[j]);
        }
        thread->stack_size = 0;
    }
    for (size_t i = 0; i < places; i++) {
        if (suspended[i].span.frame != 0) {
            let_go(&suspended[i].span);
        }
    }
    free(suspended);
    suspended = NULL;
    places = taken = 0;
    scope_kept_clear();
}

/* ---- the keyframe as records ---- */

static size_t span_bytes(const struct scope_open_span *span) { return 16 + scope_padded(8 + span->bytes); }
static size_t record_bytes(const struct scope_open_span *span) { return span_bytes(span) + scope_kept_bytes(span->kept); }

static uint8_t *write_span(uint8_t *at, enum scope_kind kind, const struct scope_open_span *span)
{
    uint64_t *words = (uint64_t *)at;
    words[0] = scope_word(kind, span->id, 0) | SCOPE_PAYLOAD_BIT;
    words[1] = scope_payload(span->frame, 8 + span->bytes);
    words[2] = span->start;
    memset(words + 3, 0, span_bytes(span) - 24);
    if (span->bytes > 0) {
        memcpy(words + 3, span->arguments, span->bytes);
    }
    return scope_kept_write(at + span_bytes(span), span->kept);
}

static PyObject *keyframe(const struct scope_thread *thread)
{
    size_t bytes = thread->index == 0 ? scope_kept_shared_bytes() : 0;
    for (size_t i = 0; i < places; i++) {
        if (suspended[i].span.frame != 0 && suspended[i].thread == thread->index) {
            bytes += record_bytes(&suspended[i].span);
        }
    }
    for (uint32_t i = 0; i < thread->stack_size; i++) {
        bytes += record_bytes(&thread->stack[i]);
    }
    PyObject *result = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)bytes);
    if (result == NULL) {
        return NULL;
    }
    uint8_t *at = (uint8_t *)PyBytes_AS_STRING(result);
    at = thread->index == 0 ? scope_kept_shared_write(at) : at;
    for (size_t i = 0; i < places; i++) {
        if (suspended[i].span.frame != 0 && suspended[i].thread == thread->index) {
            at = write_span(at, SCOPE_SUSPENDED, &suspended[i].span);
        }
    }
    for (uint32_t i = 0; i < thread->stack_size; i++) {
        at = write_span(at, SCOPE_OPEN, &thread->stack[i]);
    }
    return result;
}

PyObject *scope_fold_export(void)
{
    PyObject *result = PyTuple_New(scope_recorder.thread_count);
    for (uint32_t i = 0; result != NULL && i < scope_recorder.thread_count; i++) {
        PyObject *bytes = keyframe(scope_recorder.threads[i]);
        if (bytes == NULL) {
            Py_CLEAR(result);
            break;
        }
        PyTuple_SET_ITEM(result, i, bytes);
    }
    return result;
}
