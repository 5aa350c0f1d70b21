"""The native reader: opens a log, checks it, and replays it into columns that the caller has allocated.

Columns are dicts of contiguous numpy arrays. Times are nanoseconds since the recording's start. A place is a word (8
bytes) of the pool or, beyond it, of the keyframes one after the other; 0 stands for none. Every function raises
ValueError for a log that does not follow its format. The log's memory may not change while a Reader lives.
"""

from typing import Any, final

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]

@final
class Reader:
    """An open log."""

    call_rows: int  # how many calls there are at the most
    slice_rows: int
    event_rows: int
    largest_id: int  # the largest number of a callable
    used_bytes: int  # what the events take in the chunks
    plain: bool  # nothing is suspended or resumed: calls and slices are the same rows
    payloads: bool

    def __new__(
        cls, chunks: memoryview, keyframes: tuple[bytes, ...], start: int, end: int, ns_per_tick: float
    ) -> Reader:
        """Open a log.

        Args:
            chunks: the pool.
            keyframes: one for each thread.
            start: the clock's start, in ticks.
            end: the clock's end, in ticks.
            ns_per_tick: the length of a tick.
        """

    def replay(
        self,
        calls: Columns,
        slices: Columns,
        index: Columns,
        ends: Columns,
        suspends: bytes,
        closing: int,
        end_known: NDArray[np.uint64],
        /,
    ) -> tuple[int, int, int]:
        """Fill the tables.

        calls: start, end, self (int64), code, parent, depth, track (int32), outcome, seen (uint8), and with payloads
        entry, exit (uint32, places); ``call_rows`` rows. slices: start, end (int64), call, parent, depth (int32);
        ``slice_rows`` rows; not used for a plain log. index: time (int64), top, next_row (int32); a row for each
        chunk. ends: time (int64), top (int32); a row for each thread.
        suspends: for each number of a callable whether its calls can be suspended.
        closing: the number of the exception type that ends a generator which is closed, or 0 if none was.
        end_known: for each thread the tick after which nothing is known of it.

        Returns (rows of calls in use, ends that match no call, the recording's end in ns).
        """

    def events(self, first: int, last: int, events: Columns, calls: Columns, slices: Columns, index: Columns, /) -> int:
        """Fill the events of the chunks from ``first`` to before ``last``, as ``tracks()`` counts; returns the rows.

        events: time (int64), kind (uint8), code, call (int32, -1 for none), place (uint32). The other tables are those
        that ``replay`` has filled.
        """

    def record(self, place: int, /) -> tuple[int, int, int, bytes]:
        """(kind, id, aux, payload) of the record at a place."""

    def tracks(self) -> list[tuple[int, int, int, int]]:
        """(first chunk, chunk end, first slice, slice end) of each thread; chunks by thread, then in order."""

    def chunk_events(self) -> list[int]:
        """How many events each chunk holds, in the order of ``tracks()``."""

def contexts(columns: Columns, rows: int, /) -> tuple[bytes, bytes, bytes]:
    """Merge rows by the chain of callables that leads to them.

    columns: parent and code (int32; a row's parent stands before it, or is -1) are read, context (int32) is filled.
    Returns the parent, the code and the first row of each context (int32 arrays, as bytes); parents stand before their
    children.
    """

def fill_lanes(lanes: Columns, slices: Columns, count: int, tracks: int, /) -> None:
    """Sort slices into lanes, one for each depth of each track.

    lanes: base (int64, ``tracks + 1``; where each track's lanes begin) is read; first (int64, one more than there are
    lanes), order (int32), start (int64), sum (uint64, ``count + 1``), longest (int32, ``count`` and a little) are
    filled, as lanes.h describes them. slices: start, end (int64), depth (int32), first_slice (int64, ``tracks + 1``).
    """

def draw_lanes(
    lanes: Columns,
    count: int,
    tracks: int,
    codes: Columns,
    view: tuple[float, float, float],
    rows: Columns,
    row_count: int,
    rects: Columns,
    room: int,
    /,
) -> int:
    """Draw lanes as rectangles; returns how many, or -1 if there is no room for them.

    codes: code (int32, of each call) and, where slices and calls are not the same rows, call (int32, of each slice).
    view: the start in ns, the width of a column in ns, and the number of columns. rows: lane (int64).
    rects: x0, width (float32, in columns), slice (int32; the longest of a merged one), count (uint32), row (uint16),
    shade (uint8); ``room`` rows.
    """

def longest_slice(lanes: Columns, count: int, tracks: int, first: int, end: int, /) -> int:
    """The longest slice at the positions from ``first`` to before ``end`` of one lane."""
