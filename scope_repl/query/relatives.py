"""The calls around a call: what made it, what it made, and its neighbours on the same depth of its track."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scope_repl.errors import OptionError, OutOfRange

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_RELATIVES = {
    "parent": "caller",
    "child": "calls below it",
    "left": "neighbour before it on its row",
    "right": "neighbour after it on its row",
}


def slice_at(contents: Contents, call: int, time_ns: int) -> int:
    """The slice of a call at a time; its first one where it did not run then.

    Args:
        contents: the recording's contents.
        call: a row of ``rec.calls``.
        time_ns: ns since the recording's start.

    Returns:
        The slice, or -1 where the call has none: a generator that stays suspended.

    Raises:
        LookupError: there is no such call.
    """
    count = len(contents.tables.calls["start"])
    if not 0 <= call < count:
        raise LookupError(f"call={call!r}: the calls are 0 to {count - 1}")
    if contents.tables.plain:
        return call
    slices = contents.slices
    rows = (contents.tables.slices["call"] == call).nonzero()[0].tolist()
    running = (row for row in rows if slices.start[row] <= time_ns < slices.end[row])
    return next(running, rows[0] if rows else -1)


def relative(contents: Contents, slice_row: int, to: str, time_ns: int) -> int:
    """The slice of a call beside another one.

    Args:
        contents: the recording's contents.
        slice_row: where to start from.
        to: ``parent`` (the caller), ``child`` (what it called: the call that ran at the time, else the first one),
            ``left`` or ``right`` (the neighbour on the same depth of the track).
        time_ns: the time that is looked at, in ns since the recording's start.

    Returns:
        The slice.

    Raises:
        OutOfRange: there is none.
        OptionError: ``to`` is none of these.
    """
    slices = contents.slices
    depth = contents.tables.slices["depth"]
    track = track_of(contents, slice_row)
    if to == "parent":
        found = slices.parent[slice_row]
    elif to == "child":
        found = _child(contents, track, slice_row, time_ns)
    elif to in ("left", "right"):
        found = contents.lanes.neighbour(track, int(depth[slice_row]), slice_row, -1 if to == "left" else 1)
    else:
        raise OptionError("to", to, f"the relatives are {', '.join(_RELATIVES)}")
    if found < 0:
        raise OutOfRange(f"this call has no {_RELATIVES[to]} in the recording")
    return found


def track_of(contents: Contents, slice_row: int) -> int:
    """The track that a slice stands on: a generator may be resumed by another thread than the one that began it."""
    return next(track for track, bounds in enumerate(contents.tables.bounds) if slice_row < bounds.slice_end)


def _child(contents: Contents, track: int, slice_row: int, time_ns: int) -> int:
    slices = contents.slices
    for row in slices.outwards(slices.at(track, time_ns).innermost):
        if slices.parent[row] == slice_row:
            return row
    following = slice_row + 1  # calls stand in the order of their starts
    return following if following < len(slices.parent) and slices.parent[following] == slice_row else -1
