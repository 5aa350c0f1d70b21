/* The bounded pool of chunks. A thread writes to its own chunk without a lock; a full chunk is closed and a fresh one taken.
 * When the pool is used up, drop-oldest folds the oldest closed chunk away (and all threads' events up to the same time, so that
 * the horizon is one cut through all tracks) and hands it out again; drop-newest refuses. All of this happens with the GIL held,
 * once in some thousand events. */
#include <stdlib.h>
#include <sys/mman.h>

#include "recorder.h"

enum { HEADER_WORDS = sizeof(struct scope_chunk) / 8, CHUNK_WORDS = SCOPE_CHUNK_BYTES / 8, TIME_WORDS = 3, HUGE_PAGE = 2 << 20 };

/* Memory that begins at a multiple of HUGE_PAGE, so that the kernel can back it with large pages: a fault each 4 KiB would cost
 * more than writing the events does. Pages are only taken when they are first written to. NULL when there is none. */
static uint8_t *map_pool(size_t bytes)
{
    uint8_t *mapped = mmap(NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) {
        return NULL;
    }
    uint8_t *pool = (uint8_t *)(((uintptr_t)mapped + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1));
    if (pool > mapped) {
        munmap(mapped, (size_t)(pool - mapped));
    }
    if (mapped + HUGE_PAGE > pool) {
        munmap(pool + bytes, (size_t)(mapped + HUGE_PAGE - pool));
    }
#ifdef MADV_HUGEPAGE
    madvise(pool, bytes, MADV_HUGEPAGE);
#endif
    return pool;
}

int scope_pool_open(size_t bytes)
{
    struct scope_recorder *recorder = &scope_recorder;
    size_t chunks = bytes / SCOPE_CHUNK_BYTES;
    if (chunks < 2 || chunks > INT32_MAX) {
        PyErr_Format(PyExc_ValueError, "a buffer of %zu bytes: it has to hold at least two chunks of %d bytes", bytes,
                     SCOPE_CHUNK_BYTES);
        return -1;
    }
    uint8_t *pool = map_pool(chunks * SCOPE_CHUNK_BYTES);
    recorder->next = malloc(chunks * sizeof(int32_t));
    recorder->closed = malloc(chunks * sizeof(int32_t));
    if (pool == NULL || recorder->next == NULL || recorder->closed == NULL) {
        if (pool != NULL) {
            munmap(pool, chunks * SCOPE_CHUNK_BYTES);
        }
        free(recorder->next);
        free(recorder->closed);
        recorder->next = recorder->closed = NULL;
        PyErr_Format(PyExc_MemoryError, "no memory for a buffer of %zu bytes", bytes);
        return -1;
    }
    pool[0] = 0; /* take the first page now and not from the program's first call */
    recorder->pool = pool;
    recorder->chunk_count = (uint32_t)chunks;
    recorder->chunks_used = 0;
    recorder->closed_first = recorder->closed_count = 0;
    recorder->sequence = 0;
    return 0;
}

static uint32_t used_words(const struct scope_thread *thread)
{
    return (uint32_t)(thread->cursor - (uint64_t *)scope_chunk_at(thread->chunk)) - HEADER_WORDS;
}

/* Writes down how full the thread's chunk is. The chunk stays in the thread's list. */
static void close_chunk(struct scope_thread *thread)
{
    if (thread->chunk < 0) {
        return;
    }
    uint32_t words = used_words(thread);
    scope_chunk_at(thread->chunk)->used = words * 8;
    thread->written += words - thread->payload_words;
    thread->payload_words = 0;
    thread->chunk = -1;
    thread->cursor = thread->limit = NULL;
}

static void push_closed(int32_t chunk)
{
    struct scope_recorder *recorder = &scope_recorder;
    recorder->closed[(recorder->closed_first + recorder->closed_count++) % recorder->chunk_count] = chunk;
}

/* The time of the last event in a closed chunk. */
static uint64_t last_tick(const struct scope_chunk *chunk)
{
    const uint64_t *at = (const uint64_t *)(chunk + 1) + chunk->skip / 8;
    const uint64_t *end = (const uint64_t *)(chunk + 1) + chunk->used / 8;
    uint64_t base = chunk->base, last = chunk->base;
    while (at < end) {
        uint64_t word = *at;
        last = base + scope_delta_of(word);
        uint32_t words = 1;
        if (word & SCOPE_PAYLOAD_BIT) {
            words = 2 + scope_padded(scope_bytes_of(at[1])) / 8;
            if (scope_kind_of(word) == SCOPE_TIME) {
                base = last = at[2];
            }
        }
        at += words;
    }
    return last;
}

void scope_finish_chunk(struct scope_thread *thread)
{
    if (thread->chunk >= 0) {
        int32_t chunk = thread->chunk;
        close_chunk(thread);
        push_closed(chunk);
    }
}

/* Another thread whose chunk is to be taken from it: one that holds nothing behind the horizon any more; or, if `any`, the one that
 * was begun first. NULL when there is none. */
static struct scope_thread *holder(const struct scope_thread *thread, bool any)
{
    struct scope_thread *found = NULL;
    for (uint32_t i = 0; i < scope_recorder.thread_count; i++) {
        struct scope_thread *other = scope_recorder.threads[i];
        if (other == thread || other->chunk < 0 || other->chunk != other->oldest) {
            continue; /* it has older ones, which come first */
        }
        const struct scope_chunk *chunk = scope_chunk_at(other->chunk);
        if (!any && chunk->skip == used_words(other) * 8) {
            return other;
        }
        if (any && (found == NULL || chunk->sequence < scope_chunk_at(found->chunk)->sequence)) {
            found = other;
        }
    }
    return found;
}

/* The chunk that is to be dropped, closed; -1 when there is none but the thread's own, which it has just closed itself. */
static int32_t oldest_chunk(const struct scope_thread *thread)
{
    struct scope_recorder *recorder = &scope_recorder;
    struct scope_thread *other = holder(thread, recorder->closed_count == 0);
    if (other != NULL) {
        int32_t chunk = other->chunk;
        close_chunk(other);
        return chunk;
    }
    if (recorder->closed_count == 0) {
        return -1;
    }
    int32_t chunk = recorder->closed[recorder->closed_first];
    recorder->closed_first = (recorder->closed_first + 1) % recorder->chunk_count;
    recorder->closed_count--;
    return chunk;
}

/* Drops the oldest chunk and returns it, empty; -1 when there is none. */
static int32_t drop_oldest(const struct scope_thread *thread)
{
    int32_t chunk = oldest_chunk(thread);
    if (chunk >= 0) {
        struct scope_thread *owner = scope_recorder.threads[scope_chunk_at(chunk)->thread];
        scope_fold(last_tick(scope_chunk_at(chunk)));
        owner->oldest = scope_recorder.next[chunk]; /* a thread's chunks are closed in order: it was the oldest */
    }
    return chunk;
}

static void refuse(struct scope_thread *thread, uint64_t now)
{
    thread->full = true;
    if (thread->refused++ == 0) {
        thread->end_known = now;
    }
}

bool scope_next_chunk(struct scope_thread *thread, uint64_t now)
{
    struct scope_recorder *recorder = &scope_recorder;
    if (thread->full) {
        thread->refused++;
        return false;
    }
    scope_finish_chunk(thread);
    int32_t chunk = -1;
    if (recorder->chunks_used < recorder->chunk_count) {
        chunk = (int32_t)recorder->chunks_used++;
    } else if (!recorder->drop_newest) {
        chunk = drop_oldest(thread);
    }
    if (chunk < 0) {
        refuse(thread, now);
        return false;
    }
    struct scope_chunk *header = scope_chunk_at(chunk);
    thread->base = now;
    *header = (struct scope_chunk){
        .magic = SCOPE_CHUNK_MAGIC,
        .version = SCOPE_LOG_VERSION,
        .thread = thread->index,
        .sequence = ++recorder->sequence,
        .base = thread->base,
    };
    recorder->next[chunk] = -1;
    if (thread->oldest < 0) {
        thread->oldest = chunk;
    } else {
        recorder->next[thread->newest] = chunk;
    }
    thread->newest = chunk;
    thread->chunk = chunk;
    thread->cursor = (uint64_t *)header + HEADER_WORDS;
    thread->limit = (uint64_t *)header + CHUNK_WORDS;
    return true;
}

uint64_t *scope_reserve(struct scope_thread *thread, size_t words, uint64_t now)
{
    if (UNLIKELY(now - thread->base > SCOPE_DELTA_MAX)) {
        words += TIME_WORDS;
    }
    if (UNLIKELY((size_t)(thread->limit - thread->cursor) < words)) {
        return scope_next_chunk(thread, now) ? thread->cursor : NULL;
    }
    if (UNLIKELY(now - thread->base > SCOPE_DELTA_MAX)) {
        thread->base = now;
        thread->cursor[0] = scope_word(SCOPE_TIME, 0, 0) | SCOPE_PAYLOAD_BIT;
        thread->cursor[1] = scope_payload(0, 8);
        thread->cursor[2] = now;
        thread->cursor += TIME_WORDS;
        thread->payload_words += TIME_WORDS;
    }
    return thread->cursor;
}

uint64_t scope_stored(const struct scope_thread *thread)
{
    uint64_t open = thread->chunk >= 0 ? used_words(thread) - thread->payload_words : 0;
    return thread->written + open - thread->folded;
}

uint8_t *scope_pool_close(size_t *bytes)
{
    struct scope_recorder *recorder = &scope_recorder;
    for (uint32_t i = 0; i < recorder->thread_count; i++) {
        close_chunk(recorder->threads[i]);
    }
    uint8_t *pool = recorder->pool;
    *bytes = (size_t)recorder->chunks_used * SCOPE_CHUNK_BYTES;
    size_t rest = (size_t)recorder->chunk_count * SCOPE_CHUNK_BYTES - *bytes;
    if (rest > 0) {
        munmap(pool + *bytes, rest);
    }
    free(recorder->next);
    free(recorder->closed);
    recorder->next = recorder->closed = NULL;
    recorder->pool = NULL;
    return *bytes > 0 ? pool : NULL;
}
