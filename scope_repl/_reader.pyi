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
    line_rows: int  # how many lines there are that begin
    lines: bool  # some call has lines
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

        events: time (int64), kind (uint8), code (int32, of the call), call (int32, -1 for none), place (uint32). The
        other tables are those that ``replay`` has filled.
        """

    def record(self, place: int, /) -> tuple[int, int, int, bytes]:
        """(kind, id, aux, payload) of the record at a place."""

    def tracks(self) -> list[tuple[int, int, int, int]]:
        """(first chunk, chunk end, first slice, slice end) of each thread; chunks by thread, then in order."""

    def chunk_events(self) -> list[int]:
        """How many events each chunk holds, in the order of ``tracks()``."""

Line = tuple[int, int, int, int, bool]  # time, track, call, line, cut
Write = tuple[int, int, int, int, int, bytes]  # time, track, call, line, key, value
Version = tuple[int, int, int, int, int, int, bytes]  # time, track, call, line, type, address, content
Record = tuple[int, int, int, int, int, bytes]  # time, track, call, id, aux, payload

@final
class State:
    """The state that an open log tells: lines, locals, names, objects. _native/reading/state.h says how it is found.

    Each question is answered with everything up to and including a time; what comes ``after`` is later than that. Keys
    are slots from 0 on, and the numbers of names, negative. A byte of the log is counted as a place is, times 8.
    """

    nbytes: int  # of the index

    def __new__(
        cls, reader: Reader, calls: Columns, slices: Columns, index: Columns, codes: Columns, horizon: int
    ) -> State:
        """Build the index.

        Args:
            reader: the open log.
            calls: code, end, track, as ``replay`` has filled them.
            slices: parent, and if the log is not plain call and end.
            index: the chunks.
            codes: module (int32): for each number of a callable a number for the module whose names its calls write, of
                a name one for the module of that name; -1. One more than ``largest_id`` at the least.
            horizon: the time of keyframes, in ticks.
        """

    def line(self, call: int, time: int, /) -> Line | None: ...
    def next_line(self, call: int, time: int, /) -> Line | None: ...
    def step(self, track: int, time: int, forward: bool, /) -> Line | None:
        """The nearest line after a time or before it; on any track for -1."""

    def locals(self, call: int, time: int, /) -> list[Write]: ...
    def write_before(self, call: int, key: int, time: int, /) -> Write | None: ...
    def write_after(self, call: int, key: int, time: int, /) -> Write | None: ...
    def names(self, module: int, time: int, /) -> list[Write]: ...
    def name_before(self, module: int, key: int, time: int, /) -> Write | None: ...
    def name_after(self, module: int, key: int, time: int, /) -> Write | None: ...
    def version(self, address: int, time: int, /) -> Version | None: ...
    def version_after(self, address: int, time: int, /) -> Version | None: ...
    def versions(self, address: int, /) -> list[Version]: ...
    def sizes(self, address: int, /) -> tuple[bytes, bytes]:
        """Times and sizes (int64 arrays) of the versions of a list, a set or a dict; -1 for other objects."""

    def addresses(self, time: int, /) -> bytes:
        """The addresses of the objects that are known, as an ascending uint64 array."""

    def attribute_writes(self, address: int, /) -> list[Record]: ...
    def outputs(self) -> list[Record]: ...
    def lines(self, asked: NDArray[np.bool_], lines: Columns, /) -> int:
        """Fill lines: time (int64, in ticks), call, line, track (int32), ``Reader.line_rows`` rows; returns how many.

        asked: for each number of a callable, as ``codes`` has them, whether the lines of its calls are asked for.
        """

    def history(self, asked: Columns, module: int, writes: Columns | None, rows: int, /) -> int:
        """Fill writes: time (int64, in ticks), call, line (int32), place (uint64, a byte); None only counts them.

        asked, as ``codes`` has them: slot (int32): for each number of a callable the slot that is asked for in its
        calls, -1 for names alone, -2 for nothing; name (uint8): which numbers are those of the name. module: whose
        names are asked for; -1 for what calls write.
        """

    def to_ns(self, ticks: NDArray[np.int64], /) -> None:
        """Make times of ticks, in place."""

    def value(self, place: int, /) -> bytes:
        """The encoded value at a byte."""

    def track(self, place: int, /) -> int:
        """The track of a byte."""

    def decode(self, columns: Columns, rows: int, /) -> None:
        """Fill kind (uint8, history.ValueKind) and bits (int64) of the values at the bytes in place (uint64)."""

    def texts(self, places: NDArray[np.uint64], /) -> list[str]:
        """The texts at some bytes."""

def split_values(data: bytes, /) -> list[bytes]:
    """The encoded values that follow each other."""

def newest_rows(writes: Columns, count: int, lines: Columns, rows: int, calls: int, /) -> None:
    """Fill row (int32) of lines: the last row of writes of the same call that is not later, or -1.

    Both have time (int64) and call (int32), in the order of time. ``calls``: how many there are.
    """

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
