#include "chunks.h"

#include <stdlib.h>

static int by_thread_and_sequence(const void *left, const void *right)
{
    const struct log_chunk *a = left, *b = right;
    if (a->thread != b->thread) {
        return a->thread < b->thread ? -1 : 1;
    }
    return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

/* What a record has to be that tells of the state of the innermost open call. */
static bool check_state(struct log *log, const struct log_record *record)
{
    switch (record->kind) {
    case SCOPE_LINE:
        log->lines = true;
        return true;
    case SCOPE_VERSION:
        return record->bytes >= sizeof(struct scope_version);
    case SCOPE_ATTRIBUTE:
        return record->bytes >= sizeof(uint32_t);
    default:
        return record->kind == SCOPE_NAMES || record->kind == SCOPE_OUTPUT;
    }
}

/* What every record in a chunk has to be; counts it. */
static bool check_record(struct log *log, struct log_thread *thread, struct log_chunk *chunk, const struct log_record *record)
{
    switch (record->kind) {
    case SCOPE_TIME:
        return record->bytes == 8;
    case SCOPE_CALL:
    case SCOPE_C_CALL:
        thread->spans++;
        break;
    case SCOPE_RESUME:
    case SCOPE_THROW:
        thread->resumes++;
        log->plain = false;
        break;
    case SCOPE_YIELD:
        log->plain = false;
        break;
    case SCOPE_RETURN:
    case SCOPE_UNWIND:
    case SCOPE_RAISE:
    case SCOPE_HANDLED:
    case SCOPE_C_RETURN:
    case SCOPE_C_RAISE:
    case SCOPE_THREAD_START:
    case SCOPE_THREAD_END:
    case SCOPE_FRAME:
        break;
    default:
        chunk->events++;
        chunk->lines += record->kind == SCOPE_LINE && record->id != 0;
        return check_state(log, record);
    }
    chunk->events++;
    log->payloads |= record->payload;
    log->largest_id = record->id > log->largest_id ? record->id : log->largest_id;
    return true;
}

static bool check_chunk(struct log *log, struct log_chunk *chunk)
{
    struct log_thread *thread = &log->threads[chunk->thread];
    const uint8_t *next, *end;
    log_chunk_records(log, chunk->number, &next, &end);
    log->used_bytes += (size_t)(end - next);
    while (next < end) {
        struct log_record record;
        if (!log_next(&next, end, &record) || !check_record(log, thread, chunk, &record)) {
            return false;
        }
    }
    log->events += chunk->events;
    log->line_rows += chunk->lines;
    return true;
}

static bool check_keyframe(struct log *log, struct log_thread *thread)
{
    const uint8_t *next = thread->keyframe.data, *end = next + thread->keyframe.size;
    if (thread->keyframe.size % 8 != 0) {
        return false;
    }
    while (next < end) {
        struct log_record record;
        if (!log_next(&next, end, &record)) {
            return false;
        }
        if (log_is_of_state(record.kind)) {
            /* Locals behind the span that they belong to; objects and names in front of all spans. */
            bool behind_span = thread->spans + thread->suspended > 0;
            bool fits = behind_span ? record.kind == SCOPE_LINE : record.kind == SCOPE_VERSION || record.kind == SCOPE_NAMES;
            if (!fits || !check_state(log, &record)) {
                return false;
            }
            continue;
        }
        if (record.bytes < 8) {
            return false;
        }
        if (record.kind == SCOPE_OPEN) {
            thread->spans++;
            log->plain &= record.aux == 0;
        } else if (record.kind == SCOPE_SUSPENDED) {
            thread->suspended++;
            log->plain = false;
        } else {
            return false;
        }
        log->payloads = true;
        log->largest_id = record.id > log->largest_id ? record.id : log->largest_id;
    }
    return true;
}

/* Lists the chunks that were used. What is wrong with a header is found here, before anything behind it is read. */
static bool list_chunks(struct log *log, struct log_error *error)
{
    size_t count = log->pool_bytes / SCOPE_CHUNK_BYTES;
    log->chunks = calloc(count ? count : 1, sizeof *log->chunks);
    if (log->chunks == NULL) {
        return log_failed(error, NULL, 0);
    }
    for (uint32_t number = 0; number < count; number++) {
        struct scope_chunk header;
        log_chunk_header(log, number, &header);
        if (header.sequence == 0) {
            continue;
        }
        if (header.magic != SCOPE_CHUNK_MAGIC) {
            return log_failed(error, "chunk %lld does not begin as a chunk does", number);
        }
        if (header.version != SCOPE_LOG_VERSION || header.flags != 0) {
            return log_failed(error, "chunk %lld is of a version of the format that cannot be read", number);
        }
        if (header.thread >= log->thread_count) {
            return log_failed(error, "chunk %lld belongs to a thread that is not listed", number);
        }
        if (!log_chunk_is_sound(&header)) {
            return log_failed(error, "chunk %lld has an impossible length", number);
        }
        log->chunks[log->chunk_count++] = (struct log_chunk){.sequence = header.sequence, .thread = header.thread, .number = number};
    }
    qsort(log->chunks, log->chunk_count, sizeof *log->chunks, by_thread_and_sequence);
    return true;
}

/* Finds the thread's part of log.chunks, which begins at `first`. */
static bool open_thread(struct log *log, uint32_t index, uint32_t first, struct log_error *error)
{
    struct log_thread *thread = &log->threads[index];
    if (!check_keyframe(log, thread)) {
        return log_failed(error, "the keyframe of thread %lld holds something else than open and suspended spans with their state", index);
    }
    uint32_t position = first;
    for (; position < log->chunk_count && log->chunks[position].thread == index; position++) {
        struct log_chunk *chunk = &log->chunks[position];
        if (position > first && chunk->sequence == chunk[-1].sequence) {
            return log_failed(error, "chunk %lld has the sequence number of another", chunk->number);
        }
        if (!check_chunk(log, chunk)) {
            return log_failed(error, "chunk %lld holds something that is not a record", chunk->number);
        }
    }
    thread->first_chunk = first;
    thread->chunk_end = position;
    log->spans += thread->spans;
    log->suspended += thread->suspended;
    log->resumes += thread->resumes;
    return true;
}

bool log_open(struct log *log, struct log_error *error)
{
    uint64_t place = log->pool_bytes / 8;
    uint32_t position = 0;
    log->plain = true;
    if (log->pool_bytes % SCOPE_CHUNK_BYTES != 0) {
        return log_failed(error, "%lld bytes are not a whole number of chunks", (long long)log->pool_bytes);
    }
    if (place > UINT32_MAX) {
        return log_failed(error, "%lld bytes are more than a log can have", (long long)log->pool_bytes);
    }
    if (!list_chunks(log, error)) {
        return false;
    }
    for (uint32_t index = 0; index < log->thread_count; index++) {
        log->threads[index].keyframe.place = place;
        place += log->threads[index].keyframe.size / 8;
        if (!open_thread(log, index, position, error)) {
            return false;
        }
        position = log->threads[index].chunk_end;
    }
    size_t rows = log->spans + log->suspended + log->resumes;
    if (place > UINT32_MAX || rows >= INT32_MAX) {
        return log_failed(error, "%lld calls are more than tables can hold", (long long)rows);
    }
    return true;
}

void log_close(struct log *log)
{
    free(log->threads);
    free(log->chunks);
    log->threads = NULL;
    log->chunks = NULL;
}

bool log_record_at(const struct log *log, uint64_t place, struct log_record *record)
{
    const uint8_t *next, *end;
    if (place < log->pool_bytes / 8) {
        log_chunk_records(log, (uint32_t)(place * 8 / SCOPE_CHUNK_BYTES), &next, &end);
        const uint8_t *at = log->pool + place * 8;
        return at >= next && at < end && log_next(&at, end, record);
    }
    for (uint32_t index = 0; index < log->thread_count; index++) {
        const struct log_keyframe *keyframe = &log->threads[index].keyframe;
        if (place >= keyframe->place && place - keyframe->place < keyframe->size / 8) {
            const uint8_t *at = keyframe->data + (place - keyframe->place) * 8;
            return log_next(&at, keyframe->data + keyframe->size, record);
        }
    }
    return false;
}
