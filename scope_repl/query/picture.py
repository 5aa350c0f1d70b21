"""What a viewport shows: at most a pixel's worth of rectangles, whatever the recording's length."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scope_repl.query.palette import colour
from scope_repl.recording.tables import Columns
from scope_repl.schema import Outcome

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents


class Rows(NamedTuple):
    """Neighbouring rows of one track: its depths from ``first`` to before ``end``."""

    track: int
    first: int
    end: int


class Viewport(NamedTuple):
    """What is to be shown: a stretch of time, the columns that it is drawn in, and the rows that are in sight."""

    start_ns: float
    end_ns: float
    columns: int
    rows: tuple[Rows, ...]


class RectFlag(enum.IntFlag):
    """What is known of a rectangle besides its extent. Bits 5 and 6 hold the ``CallKind``."""

    EXACT = 1
    RAISED = 2
    OPEN = 4
    CUT = 8
    PART = 16


KIND_SHIFT = 5
RECTS = 8_000
_MAX_COLUMNS = 2**22  # beyond, float32 does not tell neighbours apart
_MAX_ROWS = _MAX_CODES = 2**16  # they are numbered in 16 bits


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The rectangles of a viewport, sorted by row and then by ``x0``.

    An exact rectangle is one slice of a call that is at least a column wide, or alone in its column. The others are
    merged: what begins in one column, or in neighbouring columns that look alike.

    Attributes:
        start_ns: the time at ``x = 0``.
        grain_ns: the width of a column.
        columns: how many columns there are.
        rows: the rows; ``row`` counts through them.
        x0: where each begins, in columns (float32).
        width: how wide it is, in columns (float32).
        number: the row in ``rec.calls`` of an exact one; how many calls are in a merged one (uint32).
        row: which row it stands in (uint16).
        code: the callable, as a position in ``codes`` (uint16); that of the longest call in a merged one.
        shade: which share of its width calls cover, from 1 to 255 (uint8).
        flags: ``RectFlag`` and the kind of call (uint8).
        codes: the numbers of the callables (uint32).
        colours: their positions in the palette (uint8).
    """

    start_ns: float
    grain_ns: float
    columns: int
    rows: tuple[Rows, ...]
    x0: NDArray[np.float32]
    width: NDArray[np.float32]
    number: NDArray[np.uint32]
    row: NDArray[np.uint16]
    code: NDArray[np.uint16]
    shade: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    codes: NDArray[np.uint32]
    colours: NDArray[np.uint8]

    def header(self) -> dict[str, Any]:
        """All but the arrays, as plain JSON; ``names`` is empty."""
        return {
            "start_ns": self.start_ns,
            "grain_ns": self.grain_ns,
            "columns": self.columns,
            "rows": [list(rows) for rows in self.rows],
            "count": len(self.x0),
            "code_count": len(self.codes),
            "names": [],
        }

    def data(self) -> bytes:
        """The arrays one after the other, little endian, those of wider items first."""
        wide = (self.x0, self.width, self.number, self.codes)
        arrays = (*wide, self.row, self.code, self.shade, self.flags, self.colours)
        return b"".join(array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes() for array in arrays)


def picture(contents: Contents, viewport: Viewport, limit: int = RECTS) -> Picture:
    """Draw a viewport.

    Args:
        contents: the recording's contents.
        viewport: what is to be shown; rows that a track does not have are left out.
        limit: how many rectangles there may be; columns are made wider until they fit.

    Raises:
        ValueError: the viewport has no columns or too many, no time or no end of it, or more rows than a picture
                can have.
    """
    rows = tuple(existing(contents, viewport.rows))
    lanes = [(track, depth) for track, first, end in rows for depth in range(first, end)]
    columns = viewport.columns
    length_ns = viewport.end_ns - viewport.start_ns
    if not 1 <= columns <= _MAX_COLUMNS or not 0 < length_ns < math.inf or len(lanes) >= _MAX_ROWS:
        raise ValueError(f"a viewport of {columns} columns, {length_ns} ns and {len(lanes)} rows cannot be drawn")
    while True:
        grain_ns = length_ns / columns
        rects = contents.lanes.rects(viewport.start_ns, grain_ns, columns, lanes, limit)
        if rects is not None:
            drawn = _picture(contents, viewport.start_ns, grain_ns, columns, rows, rects)
            if len(drawn.codes) <= _MAX_CODES:
                return drawn
        if columns == 1:  # more rows than rectangles
            return picture(contents, viewport._replace(rows=_half(rows)), limit)
        columns = columns * 4 // 5 or 1


def existing(contents: Contents, rows: Iterable[Rows]) -> Iterator[Rows]:
    """What there is of some rows.

    Args:
        contents: the recording's contents.
        rows: the rows; those of them that a track has are given.
    """
    depths = contents.lanes.depths
    for track, first, end in rows:
        end = min(end, depths[track]) if 0 <= track < len(depths) else 0
        if 0 <= first < end:
            yield Rows(track, first, end)


def _half(rows: tuple[Rows, ...]) -> tuple[Rows, ...]:
    track, first, end = rows[-1]
    return rows[: len(rows) // 2] if len(rows) > 1 else (Rows(track, first, first + (end - first) // 2),)


def _picture(
    contents: Contents, start_ns: float, grain_ns: float, columns: int, rows: tuple[Rows, ...], rects: Columns
) -> Picture:
    tables = contents.tables
    slices = rects["slice"]
    calls = slices if tables.plain else tables.slices["call"][slices]
    exact = rects["count"] == 1
    numbers = tables.calls["code"][calls]
    codes, code = np.unique(numbers, return_inverse=True)
    entries = [contents.codes[number] for number in codes.tolist()]
    return Picture(
        start_ns=start_ns,
        grain_ns=grain_ns,
        columns=columns,
        rows=rows,
        x0=rects["x0"],
        width=rects["width"],
        number=np.where(exact, calls, rects["count"]).astype(np.uint32),
        row=rects["row"],
        code=code.astype(np.uint16),
        shade=rects["shade"],
        flags=_flags(contents, slices, calls, exact),
        codes=codes.astype(np.uint32),
        colours=np.array([colour(entry.module, entry.qualname) for entry in entries], np.uint8),
    )


def _flags(contents: Contents, slices: NDArray[Any], calls: NDArray[Any], exact: NDArray[Any]) -> NDArray[np.uint8]:
    tables = contents.tables
    columns = tables.calls
    outcome = columns["outcome"][calls]
    begins = tables.slices["start"][slices] == columns["start"][calls]
    ends = tables.slices["end"][slices] == columns["end"][calls]
    flags = np.full(len(calls), RectFlag.EXACT, np.uint8)
    for flag, where in (
        (RectFlag.RAISED, ends & (outcome == Outcome.RAISE)),
        (RectFlag.OPEN, ends & ((outcome == Outcome.OPEN) | (outcome == Outcome.UNKNOWN))),
        (RectFlag.CUT, begins & (columns["seen"][calls] == 0)),
        (RectFlag.PART, ~(begins & ends)),
    ):
        flags[where] |= np.uint8(flag)
    flags[~exact] = 0
    kinds = contents.codes.kinds[columns["code"][calls]]
    flags |= kinds.astype(np.uint8) << np.uint8(KIND_SHIFT)
    return flags
