from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from scope_repl.recording.tables import Tables


class Place(NamedTuple):
    """Where a track stood at a time.

    Attributes:
        innermost: the innermost open slice, or -1.
        ended: the last slice that ended below it, or -1.
        changed_ns: when a slice last began or ended on the track; -1 if none had.
    """

    innermost: int
    ended: int
    changed_ns: int


class Slices:
    """The slices of all tracks for looking up single rows: memoryviews give plain ints, at a fraction of numpy's cost.

    Args:
        tables: the tables.
    """

    def __init__(self, tables: Tables) -> None:
        slices = tables.slices
        self.start = slices["start"].data
        self.end = slices["end"].data
        self.parent = slices["parent"].data
        self._call = None if tables.plain else slices["call"].data
        self._bounds = [(bounds.first_slice, bounds.slice_end) for bounds in tables.bounds]
        self._known: list[int] = tables.ends["time"].tolist()
        self._top: list[int] = tables.ends["top"].tolist()

    def call(self, row: int) -> int:
        """The call that a slice belongs to."""
        return row if self._call is None else self._call[row]

    def at(self, track: int, time_ns: int) -> Place:
        """Where a track stood when everything up to and including a time had happened.

        The slice that began last is the innermost open one, or stands below it: the way leads over ended slices only.
        """
        first, end = self._bounds[track]
        ends, parents = self.end, self.parent
        row = bisect_right(self.start, time_ns, first, end) - 1
        if row < first:
            return Place(-1, -1, -1)
        changed = self.start[row]
        ended = -1
        # What is still open when the track ends has the same end there as what ended at that very time.
        top = self._top[track] if time_ns >= self._known[track] else None
        while row >= 0 and (ends[row] <= time_ns if top is None else row != top):
            ended = row
            row = parents[row]
        return Place(row, ended, changed if ended < 0 else ends[ended])

    def outwards(self, row: int) -> list[int]:
        """A slice and those that it stands in, innermost first."""
        rows = []
        parents = self.parent
        while row >= 0:
            rows.append(row)
            row = parents[row]
        return rows
