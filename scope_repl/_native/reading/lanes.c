#include "lanes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Neighbours are drawn as one when their shades differ by less than this. */
enum { ALIKE = 16 };

static inline uint64_t length_of(const struct lanes *lanes, size_t position)
{
    return lanes->sum[position + 1] - lanes->sum[position];
}

static inline int64_t end_of(const struct lanes *lanes, size_t position)
{
    return lanes->start[position] + (int64_t)length_of(lanes, position);
}

/* ---- filling ---- */

size_t lanes_longest_items(size_t count)
{
    size_t items = 0;
    while (count > 1) {
        count = (count + LANES_FAN - 1) / LANES_FAN;
        items += count;
    }
    return items;
}

static bool count_slices(struct lanes *lanes, const struct lane_slices *slices)
{
    const int64_t *base = lanes->base;
    memset(lanes->first, 0, (size_t)(base[slices->tracks] + 1) * sizeof *lanes->first);
    for (size_t track = 0; track < slices->tracks; track++) {
        int64_t depths = base[track + 1] - base[track];
        int64_t *counts = lanes->first + base[track] + 1;
        for (int64_t slice = slices->first_slice[track]; slice < slices->first_slice[track + 1]; slice++) {
            int32_t depth = slices->depth[slice];
            if (depth < 0 || depth >= depths) {
                return false;
            }
            counts[depth]++;
        }
    }
    for (int64_t lane = 0; lane < base[slices->tracks]; lane++) {
        lanes->first[lane + 1] += lanes->first[lane];
    }
    return true;
}

/* Slices stand in the order of their starts, so each lane is written from its first position to its last. */
static void deal_slices(struct lanes *lanes, const struct lane_slices *slices, int64_t *next)
{
    for (size_t track = 0; track < slices->tracks; track++) {
        int64_t *of_depth = next + lanes->base[track];
        for (int64_t slice = slices->first_slice[track]; slice < slices->first_slice[track + 1]; slice++) {
            int64_t position = of_depth[slices->depth[slice]]++;
            lanes->order[position] = (int32_t)slice;
            lanes->start[position] = slices->start[slice];
            lanes->sum[position + 1] = (uint64_t)(slices->end[slice] - slices->start[slice]);
        }
    }
}

static void add_up(struct lanes *lanes)
{
    lanes->sum[0] = 0;
    for (size_t position = 0; position < lanes->count; position++) {
        lanes->sum[position + 1] += lanes->sum[position];
    }
}

/* `candidates` NULL: the positions themselves. */
static void choose_longest(const struct lanes *lanes, const int32_t *candidates, size_t count, int32_t *chosen)
{
    for (size_t at = 0; at < count; at += LANES_FAN) {
        size_t end = at + LANES_FAN < count ? at + LANES_FAN : count;
        size_t best = candidates ? (size_t)candidates[at] : at;
        for (size_t i = at + 1; i < end; i++) {
            size_t candidate = candidates ? (size_t)candidates[i] : i;
            best = length_of(lanes, candidate) > length_of(lanes, best) ? candidate : best;
        }
        *chosen++ = (int32_t)best;
    }
}

bool lanes_fill(struct lanes *lanes, const struct lane_slices *slices)
{
    if (!count_slices(lanes, slices)) {
        return false;
    }
    size_t lane_count = (size_t)lanes->base[slices->tracks];
    int64_t *next = malloc((lane_count + 1) * sizeof *next);
    if (next == NULL) {
        return false;
    }
    memcpy(next, lanes->first, (lane_count + 1) * sizeof *next);
    deal_slices(lanes, slices, next);
    free(next);
    add_up(lanes);
    const int32_t *candidates = NULL;
    int32_t *chosen = lanes->longest;
    for (size_t count = lanes->count; count > 1;) {
        choose_longest(lanes, candidates, count, chosen);
        count = (count + LANES_FAN - 1) / LANES_FAN;
        candidates = chosen;
        chosen += count;
    }
    return true;
}

/* ---- asking ---- */

size_t lanes_longest(const struct lanes *lanes, size_t first, size_t end)
{
    const int32_t *candidates = NULL;
    size_t count = lanes->count, best = first;
#define TRY(i)                                                                                                                   \
    do {                                                                                                                         \
        size_t candidate = candidates ? (size_t)candidates[i] : (i);                                                             \
        best = length_of(lanes, candidate) > length_of(lanes, best) ? candidate : best;                                          \
    } while (0)
    while (first < end) {
        for (; first < end && first % LANES_FAN != 0; first++) {
            TRY(first);
        }
        for (; first < end && end % LANES_FAN != 0; end--) {
            TRY(end - 1);
        }
        candidates = candidates ? candidates + count : lanes->longest;
        count = (count + LANES_FAN - 1) / LANES_FAN;
        first /= LANES_FAN;
        end /= LANES_FAN;
    }
#undef TRY
    return best;
}

static inline double column_of_time(const struct lane_view *view, int64_t time)
{
    return ((double)time - view->start) / view->grain;
}

/* The first position from `first` on that begins at column `column` or later: a galloping search, because it is mostly near. */
static size_t begins_at(const struct lanes *lanes, const struct lane_view *view, size_t first, size_t end, double column)
{
    size_t low = first, step = 1;
    while (low + step < end && column_of_time(view, lanes->start[low + step]) < column) {
        low += step;
        step *= 2;
    }
    size_t high = low + step < end ? low + step : end;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (column_of_time(view, lanes->start[middle]) < column) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* ---- drawing ---- */

/* Neighbouring slices that are drawn as one. */
struct group {
    size_t first, end; /* positions */
    double column;     /* the last column that one of them begins in */
    size_t longest;
    int32_t code;
    int shade;
};

static int32_t code_of(const struct lanes *lanes, const struct lane_view *view, size_t position)
{
    size_t slice = (size_t)lanes->order[position];
    size_t call = view->call == NULL ? slice : (size_t)view->call[slice];
    return call < view->calls ? view->code[call] : -1;
}

static int shade_of(const struct lanes *lanes, const struct lane_view *view, size_t first, size_t end)
{
    double busy = (double)(lanes->sum[end] - lanes->sum[first]) / view->grain;
    double width = (double)(end_of(lanes, end - 1) - lanes->start[first]) / view->grain;
    double shade = 255.0 * busy / (width > 1.0 ? width : 1.0);
    return shade < 1.0 ? 1 : shade > 255.0 ? 255 : (int)(shade + 0.5);
}

static bool put(const struct lanes *lanes, const struct lane_view *view, const struct group *group, uint16_t row,
                struct lane_rects *rects)
{
    if (rects->used == rects->room) {
        return false;
    }
    size_t at = rects->used++;
    size_t count = group->end - group->first;
    rects->x0[at] = (float)column_of_time(view, lanes->start[group->first]);
    rects->width[at] = (float)((double)(end_of(lanes, group->end - 1) - lanes->start[group->first]) / view->grain);
    rects->slice[at] = lanes->order[group->longest];
    rects->count[at] = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
    rects->row[at] = row;
    rects->shade[at] = count == 1 ? 255 : (uint8_t)group->shade;
    return true;
}

/* What begins in the column of the slice at `first`; a slice that is a column wide is a group of its own. */
static struct group next_group(const struct lanes *lanes, const struct lane_view *view, size_t first, size_t end)
{
    double column = floor(column_of_time(view, lanes->start[first]));
    size_t group_end = first + 1;
    if ((double)length_of(lanes, first) < view->grain) {
        group_end = begins_at(lanes, view, first, end, column + 1.0);
        if (group_end > first + 1 && (double)length_of(lanes, group_end - 1) >= view->grain) {
            group_end--; /* only the last one that begins in a column can be as wide */
        }
    }
    size_t longest = group_end > first + 1 ? lanes_longest(lanes, first, group_end) : first;
    return (struct group){first, group_end, column, longest, code_of(lanes, view, longest), shade_of(lanes, view, first, group_end)};
}

/* Adds a group to the one before it if both are merged ones, in neighbouring columns, and look alike. */
static bool join(const struct lanes *lanes, const struct lane_view *view, struct group *run, const struct group *group)
{
    if (run->end - run->first < 2 || group->end - group->first < 2 || run->end != group->first ||
        group->column != run->column + 1.0 || group->code != run->code || abs(group->shade - run->shade) >= ALIKE) {
        return false;
    }
    run->end = group->end;
    run->column = group->column;
    run->longest = length_of(lanes, group->longest) > length_of(lanes, run->longest) ? group->longest : run->longest;
    run->shade = shade_of(lanes, view, run->first, run->end);
    return true;
}

bool lanes_draw(const struct lanes *lanes, int64_t lane, uint16_t row, const struct lane_view *view, struct lane_rects *rects)
{
    size_t first = (size_t)lanes->first[lane], end = (size_t)lanes->first[lane + 1];
    size_t at = begins_at(lanes, view, first, end, 0.0);
    if (at > first && column_of_time(view, end_of(lanes, at - 1)) > 0.0) {
        at--;
    }
    struct group run = {0};
    bool waiting = false;
    while (at < end && column_of_time(view, lanes->start[at]) <= view->columns) {
        struct group group = next_group(lanes, view, at, end);
        if (!waiting || !join(lanes, view, &run, &group)) {
            if (waiting && !put(lanes, view, &run, row, rects)) {
                return false;
            }
            run = group;
            waiting = true;
        }
        at = group.end;
    }
    return !waiting || put(lanes, view, &run, row, rects);
}
