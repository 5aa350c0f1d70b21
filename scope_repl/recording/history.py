from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scope_repl._reader import State as NativeState
from scope_repl._reader import newest_rows
from scope_repl.recording.checked import checked
from scope_repl.recording.tables import Columns
from scope_repl.recording.written import Write

_LINES = {"time": np.int64, "call": np.int32, "line": np.int32, "track": np.int32}
_WRITES = {"time": np.int64, "call": np.int32, "line": np.int32, "place": np.uint64}


class ValueKind(enum.IntEnum):
    """What an encoded value is, as far as can be told without decoding it."""

    NONE = 0
    BOOL = 1
    INT = 2
    FLOAT = 3
    TEXT = 4
    GONE = 5
    REF = 6
    OTHER = 7


@dataclass(frozen=True, slots=True)
class LineTable:
    """Lines that began, in the order of time, as columns.

    Attributes:
        time: when, in ns since the recording's start (int64).
        call: the call in which it began, a row of calls (int32).
        line: the line (int32).
        track: the track (int32).
    """

    time: NDArray[np.int64]
    call: NDArray[np.int32]
    line: NDArray[np.int32]
    track: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.time)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Plain values by the million.

    Attributes:
        kind: what each value is, a ``ValueKind`` (uint8).
        bits: of a BOOL or an INT the number, of a FLOAT its bits, of a REF the object's address; else 0 (int64).
        texts: the str of each TEXT in the order of the rows.
    """

    kind: NDArray[np.uint8]
    bits: NDArray[np.int64]
    texts: Sequence[str]

    def values(self) -> NDArray[Any]:
        """The values: of dtype bool, int64 or float64 if all are of that kind, else of dtype object.

        In place of what is GONE, a REF or OTHER stands None.
        """
        kinds = set(np.flatnonzero(np.bincount(self.kind)).tolist())
        if len(kinds) == 1 and kinds <= {ValueKind.BOOL, ValueKind.INT, ValueKind.FLOAT}:
            return self._numbers(*kinds)
        values = np.full(len(self.kind), None, object)
        for kind in kinds & {ValueKind.BOOL, ValueKind.INT, ValueKind.FLOAT}:
            rows = np.flatnonzero(self.kind == kind)
            values[rows] = self._numbers(kind)[rows].tolist()
        values[self.kind == ValueKind.TEXT] = self.texts
        return values

    def _numbers(self, kind: int) -> NDArray[Any]:
        if kind == ValueKind.BOOL:
            return self.bits.astype(np.bool_)
        return self.bits.view(np.float64) if kind == ValueKind.FLOAT else self.bits


class History:
    """Writes of one name, in the order of time, as columns. Immutable.

    Args:
        native: the index that the columns were read by.
        columns: the columns.
        asked: what was asked for.
        code: of each call the number of its callable.
        in_calls: whether the name is one of the calls' own.

    Attributes:
        time: when, in ns since the recording's start (int64).
        call: the call that each belongs to, a row of calls; -1 for none (int32).
        line: the line that wrote it; 0 if that is not known (int32).
        place: the byte of the log at which the value stands (uint64).
    """

    def __init__(
        self, native: NativeState, columns: Columns, asked: Columns, code: NDArray[np.int32], in_calls: bool
    ) -> None:
        self.time: NDArray[np.int64] = columns["time"]
        self.call: NDArray[np.int32] = columns["call"]
        self.line: NDArray[np.int32] = columns["line"]
        self.place: NDArray[np.uint64] = columns["place"]
        self._native = native
        self._asked = asked
        self._code = code
        self._in_calls = in_calls

    def __len__(self) -> int:
        return len(self.time)

    def value(self, row: int) -> bytes:
        """The encoded value that was written."""
        return checked(self._native.value, int(self.place[row]))

    def write(self, row: int) -> Write:
        """A row as a write."""
        call, place = int(self.call[row]), int(self.place[row])
        track, data = checked(self._native.track, place), checked(self._native.value, place)
        return Write(int(self.time[row]), track, call, int(self.line[row]), self._key(call), data)

    def _key(self, call: int) -> int:
        slot = int(self._asked["slot"][self._code[call]]) if self._in_calls else -1
        return slot if slot >= 0 else -int(np.argmax(self._asked["name"]))

    def decode(self) -> Decoded:
        """The values, as far as they are plain."""
        kind, bits = np.empty(len(self), np.uint8), np.empty(len(self), np.int64)
        checked(self._native.decode, {"kind": kind, "bits": bits, "place": self.place}, len(self))
        return Decoded(kind, bits, checked(self._native.texts, self.place[kind == ValueKind.TEXT]))

    def rows_at(self, lines: LineTable) -> NDArray[np.int32]:
        """For each line the row of the newest write at that time, or -1; of a call's own name in the same call."""
        if not self._in_calls:
            return (np.searchsorted(self.time, lines.time, "right") - 1).astype(np.int32)
        row = np.empty(len(lines), np.int32)
        columns: Columns = {"time": lines.time, "call": lines.call, "row": row}
        newest_rows({"time": self.time, "call": self.call}, len(self), columns, len(lines), len(self._code))
        return row


def read_lines(native: NativeState, asked: NDArray[np.bool_], rows: int) -> LineTable:
    """The lines that began.

    Args:
        native: the index.
        asked: for each number of a callable whether the lines of its calls are asked for.
        rows: how many lines there are at the most.

    Raises:
        ValueError: the log does not follow its format.
    """
    columns = _allocate(_LINES, rows)
    used = native.lines(asked, columns)
    return LineTable(**_in_order(native, {name: column[:used] for name, column in columns.items()}))


def read_history(native: NativeState, asked: Columns, module: int | None, code: NDArray[np.int32]) -> History:
    """The writes of a name.

    Args:
        native: the index.
        asked: which writes, as ``Namespaces.asked`` tells.
        module: the module in whose namespace the name is; None for names and slots of calls.
        code: of each call the number of its callable.

    Raises:
        ValueError: the log does not follow its format.
    """
    owner = -1 if module is None else module
    columns = _allocate(_WRITES, native.history(asked, owner, None, 0))
    native.history(asked, owner, columns, len(columns["time"]))
    return History(native, _in_order(native, columns), asked, code, module is None)


def _allocate(columns: dict[str, type[Any]], rows: int) -> Columns:
    return {name: np.empty(rows, dtype) for name, dtype in columns.items()}


def _in_order(native: NativeState, columns: Columns) -> Columns:
    """Put rows of several threads into the order of time, make ns of ticks, and make all of it read-only."""
    ticks = columns["time"]
    if (ticks[1:] < ticks[:-1]).any():
        order = np.argsort(ticks, kind="stable")
        columns = {name: column[order] for name, column in columns.items()}
    native.to_ns(columns["time"])
    for column in columns.values():
        column.flags.writeable = False
    return columns
