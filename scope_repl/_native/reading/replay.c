/* Tracks are merged in the order of time only where a generator may go from one to another. A track runs on until another one
 * has an earlier event, so that one track alone pays a comparison an event, and many pay a heap step a switch.
 */
#include "stack.h"

#include <stdlib.h>

static uint64_t clamp_tick(const struct replay *replay, uint64_t tick)
{
    return tick < replay->clock.start ? replay->clock.start : tick > replay->latest ? replay->latest : tick;
}

/* The spans of a keyframe. Their slices begin in order, whenever the calls began. */
static bool begin_keyframe(struct replay *replay, struct track *track, bool plain)
{
    const struct log_keyframe *keyframe = &track->thread->keyframe;
    const uint8_t *next = keyframe->data, *end = next + keyframe->size;
    int64_t latest = 0;
    while (next < end) {
        struct log_record record;
        if (!log_next(&next, end, &record) || (record.bytes < 8 && !log_is_of_state(record.kind))) {
            return log_failed(replay->error, "the keyframe of thread %lld has changed", track->number);
        }
        if (log_is_of_state(record.kind)) {
            continue;
        }
        uint64_t tick = log_load(record.data);
        int64_t start = tick == 0 ? 0 : replay_ns(&replay->clock, clamp_tick(replay, tick));
        uint32_t place = (uint32_t)(keyframe->place + (size_t)(record.at - keyframe->data) / 8);
        int32_t call;
        if (record.kind == SCOPE_SUSPENDED) {
            if (!spare_call(replay, track, record.id, start, place, &call)) {
                return false;
            }
            replay->calls->outcome[call] = OUTCOME_SUSPENDED;
        } else {
            latest = start > latest ? start : latest;
            if (!begin_call(replay, track, record.id, place, latest, plain)) {
                return false;
            }
            call = track->next_call - 1;
            replay->calls->start[call] = plain ? latest : start;
        }
        replay->calls->seen[call] = tick != 0;
        if (!plain && record.aux != 0 && !remember_generator(replay, record.aux, call, 0)) {
            return false;
        }
    }
    return true;
}
static bool open_chunk(struct replay *replay, struct track *track)
{
    uint32_t position = track->chunk++;
    struct scope_chunk header;
    log_chunk_header(replay->log, replay->log->chunks[position].number, &header);
    if (header.base > replay->latest - SCOPE_DELTA_MAX) {
        return log_failed(replay->error, "thread %lld has an impossible time", track->number);
    }
    bool raised = track->raised_until != NULL && track->raised_until == track->end;
    log_chunk_records(replay->log, replay->log->chunks[position].number, &track->next, &track->end);
    track->raised_until = raised ? track->next : NULL;
    track->base = header.base;
    uint64_t first = header.base > track->last ? header.base : track->last;
    replay->index->time[position] = replay_ns(&replay->clock, first);
    replay->index->top[position] = track->top;
    replay->index->next_row[position] = track->next_slice;
    return true;
}

static bool rebase(struct replay *replay, struct track *track, const struct log_record *record)
{
    uint64_t base = record->bytes == 8 ? log_load(record->data) : UINT64_MAX;
    if (base > replay->latest - SCOPE_DELTA_MAX) {
        return log_failed(replay->error, "thread %lld has an impossible time", track->number);
    }
    track->base = base;
    if (track->raised_until == record->at) {
        track->raised_until = track->next;
    }
    return true;
}

static bool rare_record(struct replay *replay, struct track *track, const struct log_record *record, int64_t time, bool plain)
{
    switch (record->kind) {
    case SCOPE_RESUME:
    case SCOPE_THROW:
        return plain || resume(replay, track, record, time);
    case SCOPE_RAISE:
        track->raised_until = track->next;
        track->raised_type = record->aux & SCOPE_ID_MAX;
        track->raised_place = place_of(replay, record);
        return true;
    case SCOPE_FRAME:
        return uncover(replay, track, record->id, time, plain) || may_go_on(replay, track);
    default:
        if (track->raised_until == record->at && log_is_of_state(record->kind) && !(record->kind == SCOPE_LINE && record->id != 0)) {
            track->raised_until = track->next; /* what the frame was like when the exception went through it */
        }
        return true;
    }
}

/* Replays a track's events up to `until` (ticks); track->head is that of the next one, UINT64_MAX at the end. */
static inline __attribute__((always_inline)) bool run_track(struct replay *replay, struct track *track, uint64_t until,
                                                            bool plain)
{
    for (;;) {
        while (UNLIKELY(track->next >= track->end)) {
            if (track->chunk >= track->thread->chunk_end) {
                track->head = UINT64_MAX;
                return true;
            }
            if (!open_chunk(replay, track)) {
                return false;
            }
        }
        const uint8_t *at = track->next;
        struct log_record record;
        if (UNLIKELY(!log_next(&track->next, track->end, &record))) {
            return log_failed(replay->error, "a chunk of thread %lld has changed", track->number);
        }
        if (UNLIKELY(record.kind == SCOPE_TIME)) {
            if (!rebase(replay, track, &record)) {
                return false;
            }
            continue;
        }
        uint64_t tick = track->base + record.delta;
        tick = tick > track->last ? tick : track->last;
        if (UNLIKELY(tick > until)) {
            track->next = at;
            track->head = tick;
            return true;
        }
        track->last = tick;
        int64_t time = replay_ns(&replay->clock, tick);
        bool done;
        switch (record.kind) {
        case SCOPE_CALL:
        case SCOPE_C_CALL:
            done = begin_call(replay, track, record.id, place_of(replay, &record), time, plain);
            if (!plain && record.aux != 0 && record.id <= replay->log->largest_id && replay->suspends[record.id]) {
                done = done && remember_generator(replay, record.aux, track->next_call - 1, time);
            }
            break;
        case SCOPE_RETURN:
        case SCOPE_C_RETURN:
        case SCOPE_UNWIND:
        case SCOPE_C_RAISE:
        case SCOPE_YIELD:
            done = end_by(replay, track, &record, time, plain);
            break;
        default:
            done = rare_record(replay, track, &record, time, plain);
        }
        if (UNLIKELY(!done)) {
            return false;
        }
    }
}

static bool run_plain(struct replay *replay)
{
    for (uint32_t i = 0; i < replay->log->thread_count; i++) {
        if (!run_track(replay, &replay->tracks[i], UINT64_MAX - 1, true)) {
            return false;
        }
    }
    return true;
}

static void sift_down(struct track **heap, size_t count, size_t at)
{
    for (;;) {
        size_t least = at, left = 2 * at + 1;
        for (size_t child = left; child < left + 2 && child < count; child++) {
            least = heap[child]->head < heap[least]->head ? child : least;
        }
        if (least == at) {
            return;
        }
        struct track *other = heap[least];
        heap[least] = heap[at];
        heap[at] = other;
        at = least;
    }
}

/* The track with the earliest event is always the one that runs, until the next one has an earlier event. */
static bool run_merged(struct replay *replay)
{
    size_t count = replay->log->thread_count;
    struct track **heap = calloc(count ? count : 1, sizeof *heap);
    if (heap == NULL) {
        return log_failed(replay->error, NULL, 0);
    }
    for (size_t i = 0; i < count; i++) {
        heap[i] = &replay->tracks[i]; /* all heads are 0: a heap */
    }
    bool done = true;
    while (done && count > 0 && heap[0]->head != UINT64_MAX) {
        uint64_t until = UINT64_MAX - 1;
        for (size_t child = 1; child < 3 && child < count; child++) {
            until = heap[child]->head < until ? heap[child]->head : until;
        }
        done = run_track(replay, heap[0], until, false);
        sift_down(heap, count, 0);
    }
    free(heap);
    return done;
}

/* What is still open when the recording ends, or when a track stops being known. */
static void end_track(struct replay *replay, struct track *track, uint64_t end_known, bool plain)
{
    bool truncated = end_known < replay->clock.end;
    uint64_t tick = clamp_tick(replay, truncated ? end_known : replay->clock.end);
    int64_t time = replay_ns(&replay->clock, tick > track->last ? tick : track->last);
    replay->ends->time[track->number] = time;
    replay->ends->top[track->number] = track->top;
    while (track->top >= 0) {
        if (replay->calls->outcome[call_of(replay->slices, track->top, plain)] == OUTCOME_OPEN) {
            end_call(replay, track, time, truncated ? OUTCOME_UNKNOWN : OUTCOME_OPEN, plain);
        } else {
            end_slice(replay, track, time, plain); /* of a generator that went on elsewhere */
        }
    }
}

static void end_suspended(struct replay *replay, bool truncated)
{
    struct replay_calls *calls = replay->calls;
    for (size_t row = 0; row < replay->result->calls; row++) {
        if (calls->outcome[row] == OUTCOME_SUSPENDED) {
            calls->end[row] = replay->result->end;
            calls->outcome[row] = truncated ? OUTCOME_UNKNOWN : OUTCOME_SUSPENDED;
        }
    }
}

static void end_all(struct replay *replay, const uint64_t *end_known)
{
    bool truncated = false;
    uint64_t last = clamp_tick(replay, replay->clock.end);
    for (uint32_t i = 0; i < replay->log->thread_count; i++) {
        last = replay->tracks[i].last > last ? replay->tracks[i].last : last;
        truncated |= end_known[i] < replay->clock.end;
    }
    replay->clock.end = last;
    replay->result->end = replay_ns(&replay->clock, last);
    for (uint32_t i = 0; i < replay->log->thread_count; i++) {
        end_track(replay, &replay->tracks[i], end_known[i] < replay->clock.end ? end_known[i] : last, replay->log->plain);
    }
    replay->result->calls = (size_t)replay->next_spare;
    if (!replay->log->plain) {
        end_suspended(replay, truncated);
    }
}

static bool prepare(struct replay *replay)
{
    const struct log *log = replay->log;
    int32_t slice = 0, call = 0;
    replay->tracks = calloc(log->thread_count ? log->thread_count : 1, sizeof *replay->tracks);
    if (replay->tracks == NULL) {
        return log_failed(replay->error, NULL, 0);
    }
    for (uint32_t i = 0; i < log->thread_count; i++) {
        struct track *track = &replay->tracks[i];
        const struct log_thread *thread = &log->threads[i];
        *track = (struct track){.thread = thread, .number = i, .chunk = thread->first_chunk, .top = NOBODY};
        track->last = replay->clock.start;
        track->next_slice = slice;
        track->next_call = call;
        slice = track->slice_end = slice + (int32_t)(thread->spans + thread->resumes);
        call = track->call_end = call + (int32_t)thread->spans;
    }
    replay->next_spare = call;
    for (uint32_t i = 0; i < log->thread_count; i++) {
        if (!begin_keyframe(replay, &replay->tracks[i], log->plain)) {
            return false;
        }
    }
    return true;
}

bool replay_run(const struct log *log, struct replay_clock clock, const uint8_t *suspends, uint32_t closing, const uint64_t *end_known,
                struct replay_calls *calls, struct replay_slices *slices, struct replay_index *index, struct replay_ends *ends,
                struct replay_result *result, struct log_error *error)
{
    struct replay replay = {.log = log, .clock = clock, .suspends = suspends, .closing = closing, .calls = calls, .slices = slices, .index = index,
                            .ends = ends, .result = result, .error = error};
    *result = (struct replay_result){0, 0, 0};
    if (!replay_latest(&clock, &replay.latest)) {
        return log_failed(error, "the clock is impossible", 0);
    }
    bool done = prepare(&replay) && (log->plain ? run_plain(&replay) : run_merged(&replay));
    if (done) {
        end_all(&replay, end_known);
    }
    free(replay.generators.cells);
    free(replay.tracks);
    return done;
}
