/* Lanes: the slices of a recording by track and depth, summed up so that any stretch of time can be drawn at the cost of its
 * columns. The slices of a lane follow each other in time and do not overlap. */
#ifndef SCOPE_LANES_H
#define SCOPE_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The columns of a recording's slices; the slices of track t are first_slice[t] to before first_slice[t + 1]. */
struct lane_slices {
    const int64_t *start, *end, *first_slice;
    const int32_t *depth;
    size_t tracks;
};

/* All memory is the caller's; only what lanes_fill has filled may be drawn or searched. Lane of (track, depth): base[track] + depth; its positions are first[lane] to before
 * first[lane + 1]. 20.3 bytes a slice. */
struct lanes {
    const int64_t *base; /* tracks + 1 */
    int64_t *first;      /* lanes + 1 */
    int32_t *order;      /* the slice at each position */
    int64_t *start;      /* its start */
    uint64_t *sum;       /* how long those before it took; positions + 1; wraps around, only differences count */
    int32_t *longest;    /* the position of the longest slice of 16 neighbours, then of 16 such groups, and so on */
    size_t tracks, count;
};

/* What is drawn: `columns` columns of `grain` ns from `start` on. */
struct lane_view {
    double start, grain, columns;
    const int32_t *code, *call; /* the callable of each call; the call of each slice, NULL where they are the same rows */
    size_t calls, slices;
};

/* Rectangles, in columns. A width is rounded by itself: an end as a float would lose it far from the start. `slice` is the slice of an exact one (count 1), the longest of a merged one; `shade` is the share of its
 * width that calls cover, 1 to 255. */
struct lane_rects {
    float *x0, *width;
    int32_t *slice;
    uint32_t *count;
    uint16_t *row;
    uint8_t *shade;
    size_t room, used;
};

enum { LANES_FAN = 16 };

/* The items of lanes.longest for a number of positions. */
size_t lanes_longest_items(size_t count);
/* Fills the lanes. False where a depth has no lane, or without memory. */
bool lanes_fill(struct lanes *lanes, const struct lane_slices *slices);
/* Draws one lane as row number `row`. False where the room is used up. */
bool lanes_draw(const struct lanes *lanes, int64_t lane, uint16_t row, const struct lane_view *view, struct lane_rects *rects);
/* The position of the longest slice from `first` to before `end`, which is not empty. */
size_t lanes_longest(const struct lanes *lanes, size_t first, size_t end);

#endif
