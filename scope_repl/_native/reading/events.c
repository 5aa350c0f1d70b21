/* One chunk's events, each with its call, from the state that the replay left for the chunk. */
#include "stack.h"

static bool begins_slice(enum scope_kind kind)
{
    return kind == SCOPE_CALL || kind == SCOPE_C_CALL || kind == SCOPE_RESUME || kind == SCOPE_THROW;
}

static bool ends_slice(enum scope_kind kind)
{
    return kind == SCOPE_RETURN || kind == SCOPE_UNWIND || kind == SCOPE_YIELD || kind == SCOPE_C_RETURN ||
           kind == SCOPE_C_RAISE;
}

static bool is_thread_event(enum scope_kind kind)
{
    return kind == SCOPE_THREAD_START || kind == SCOPE_THREAD_END;
}

/* The slice that an event belongs to, or NOBODY; moves the top of the stack with it. `top` and `next_slice` are in range. */
static int32_t follow(struct track *track, const struct log_record *record, const struct replay_calls *calls,
                      const struct replay_slices *slices, uint64_t *steps)
{
    if (begins_slice(record->kind)) {
        return track->top = track->next_slice++;
    }
    if (is_thread_event(record->kind)) {
        return NOBODY;
    }
    if (log_is_of_state(record->kind)) {
        return track->top;
    }
    int32_t slice = find_slice(calls, slices, track->top, record->id, slices->call == NULL, steps);
    if (ends_slice(record->kind) && slice >= 0) {
        track->top = slices->parent[slice];
    } else if (record->kind == SCOPE_FRAME && slice >= 0) {
        track->top = slice;
    }
    return slice;
}

static int32_t code_of(const struct log_record *record, const struct replay_calls *calls, int32_t call)
{
    if (log_is_of_state(record->kind)) {
        return call < 0 ? -1 : calls->code[call];
    }
    return is_thread_event(record->kind) ? -1 : (int32_t)record->id;
}

static bool add_event(struct replay_events *events, const struct log *log, const struct log_record *record, int64_t time,
                      int32_t code, int32_t call)
{
    if (events->rows_used >= events->rows || events->searched > SEARCH_LIMIT) {
        return false;
    }
    size_t row = events->rows_used++;
    events->time[row] = time;
    events->kind[row] = (uint8_t)record->kind;
    events->code[row] = code;
    events->call[row] = call;
    events->place[row] = record->payload ? (uint32_t)((size_t)(record->at - log->pool) / 8) : 0;
    return true;
}

bool replay_events(const struct log *log, struct replay_clock clock, uint32_t position, const struct replay_calls *calls,
                   const struct replay_slices *slices, const struct replay_index *index, struct replay_events *events,
                   struct log_error *error)
{
    struct track track = {.top = index->top[position], .next_slice = index->next_row[position]};
    struct scope_chunk header;
    uint64_t latest;
    int64_t last = index->time[position];
    log_chunk_header(log, log->chunks[position].number, &header);
    log_chunk_records(log, log->chunks[position].number, &track.next, &track.end);
    track.base = header.base;
    if (!replay_latest(&clock, &latest)) {
        return log_failed(error, "the clock is impossible", 0);
    }
    while (track.next < track.end) {
        struct log_record record;
        bool sound = log_next(&track.next, track.end, &record);
        if (sound && record.kind == SCOPE_TIME) {
            track.base = record.bytes == 8 ? log_load(record.data) : UINT64_MAX;
            continue;
        }
        bool fits = sound && (!begins_slice(record.kind) || (size_t)track.next_slice < slices->rows);
        if (!fits || track.base > latest - SCOPE_DELTA_MAX) {
            return log_failed(error, "chunk %lld has changed since it was first read", position);
        }
        uint64_t tick = track.base + record.delta;
        int64_t time = tick < clock.start ? 0 : replay_ns(&clock, tick);
        last = time > last ? time : last;
        int32_t slice = follow(&track, &record, calls, slices, &events->searched);
        int32_t call = call_of(slices, slice, slices->call == NULL);
        if (!add_event(events, log, &record, last, code_of(&record, calls, call), call)) {
            return log_failed(error, "chunk %lld has changed since it was first read", position);
        }
    }
    return true;
}
