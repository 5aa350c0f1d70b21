from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scope_repl._reader import draw_lanes, fill_lanes, longest_slice
from scope_repl.recording.tables import Columns, Tables

_FAN = 16  # LANES_FAN of _native/reading/lanes.h
_RECTS = {
    "x0": np.float32,
    "width": np.float32,
    "slice": np.int32,
    "count": np.uint32,
    "row": np.uint16,
    "shade": np.uint8,
}


class Lanes:
    """The level-of-detail store: the slices of each track and depth in the order of time, with running sums.

    A lane is one depth of one track; its slices do not overlap. Any stretch of it is drawn at the cost of its columns:
    a galloping search finds what begins in a column, a difference of sums says how long that took, and a pyramid of
    maxima says which was the longest. It takes 20.3 bytes a slice.

    Args:
        tables: the recording's tables.

    Attributes:
        depths: how many lanes each track has.
    """

    def __init__(self, tables: Tables) -> None:
        slices, bounds = tables.slices, tables.bounds
        self._tracks = len(bounds)
        self._count = count = bounds[-1].slice_end if bounds else 0
        depth = slices["depth"]
        self.depths = [int(depth[b.first_slice : b.slice_end].max(initial=-1)) + 1 for b in bounds]
        self._base = [0, *np.cumsum(self.depths, dtype=np.int64).tolist()]
        self._columns: Columns = {
            "base": np.array(self._base, np.int64),
            "first": np.empty(self._base[-1] + 1, np.int64),
            "order": np.empty(count, np.int32),
            "start": np.empty(count, np.int64),
            "sum": np.empty(count + 1, np.uint64),
            "longest": np.empty(_longest_items(count), np.int32),
        }
        first_slice = np.array([0, *(b.slice_end for b in bounds)], np.int64)
        source = {name: slices[name] for name in ("start", "end", "depth")}
        fill_lanes(self._columns, source | {"first_slice": first_slice}, count, self._tracks)
        for column in self._columns.values():
            column.flags.writeable = False
        self._codes = {"code": tables.calls["code"]} | ({} if tables.plain else {"call": slices["call"]})
        self._start = self._columns["start"].data

    @property
    def nbytes(self) -> int:
        """The memory that the store takes."""
        return sum(column.nbytes for column in self._columns.values())

    def rects(
        self, start_ns: float, grain_ns: float, columns: int, lanes: Sequence[tuple[int, int]], room: int
    ) -> Columns | None:
        """Draw a stretch of time.

        Args:
            start_ns: where it starts.
            grain_ns: the width of a column.
            columns: how many columns it has.
            lanes: the track and the depth of each lane that is drawn.
            room: how many rectangles there may be.

        Returns:
            x0 and width in columns, slice (of a merged rectangle the longest), count (1: exact), row (a position in
            ``lanes``), shade (the share of its width that calls cover, 1 to 255); None if they have no room.
        """
        rects: Columns = {name: np.empty(room, dtype) for name, dtype in _RECTS.items()}
        numbers = np.array([self._base[track] + depth for track, depth in lanes], np.int64)
        used = draw_lanes(
            self._columns,
            self._count,
            self._tracks,
            self._codes,
            (start_ns, grain_ns, columns),
            {"lane": numbers},
            len(lanes),
            rects,
            room,
        )
        return None if used < 0 else {name: column[:used] for name, column in rects.items()}

    def longest(self, track: int, depth: int, start_ns: float, end_ns: float) -> int:
        """The longest slice of a lane that begins and ends in a stretch of time, or -1."""
        first, end = self._positions(track, depth)
        at = bisect_left(self._start, start_ns, first, end)
        stop = bisect_right(self._start, end_ns, at, end)
        if at < stop and self._end(stop - 1) > end_ns:
            stop -= 1
        return longest_slice(self._columns, self._count, self._tracks, at, stop) if at < stop else -1

    def nearest(self, track: int, depth: int, time_ns: float, reach_ns: float) -> int:
        """The slice of a lane that is nearest to a time, or -1 where none is as near as the reach."""
        first, end = self._positions(track, depth)
        at = bisect_right(self._start, time_ns, first, end)
        around = range(max(at - 1, first), min(at + 1, end))
        distances = [(max(self._start[near] - time_ns, time_ns - self._end(near), 0), near) for near in around]
        distance, found = min(distances, default=(math.inf, -1))
        return int(self._columns["order"][found]) if distance <= reach_ns else -1

    def neighbour(self, track: int, depth: int, slice_row: int, step: int) -> int:
        """The slice that stands some steps beside another one in its lane, or -1."""
        first, end = self._positions(track, depth)
        order: NDArray[np.int32] = self._columns["order"][first:end]
        at = int(np.searchsorted(order, slice_row)) + step  # slices are numbered in the order of their starts
        return int(order[at]) if 0 <= at < len(order) else -1

    def _positions(self, track: int, depth: int) -> tuple[int, int]:
        lane = self._base[track] + depth
        return int(self._columns["first"][lane]), int(self._columns["first"][lane + 1])

    def _end(self, position: int) -> int:
        lengths = self._columns["sum"]
        return int(self._start[position]) + int(lengths[position + 1] - lengths[position])


def _longest_items(count: int) -> int:
    items = 0
    while count > 1:
        count = -(-count // _FAN)
        items += count
    return items
