"""A variable's writes in all calls of some functions, as columns."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scope_repl.query.vectors import Column
from scope_repl.recording.history import History, LineTable, ValueKind

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

Rows = NDArray[np.int32]
Times = NDArray[np.int64]
REFERRING = (ValueKind.REF, ValueKind.OTHER)


class Series:
    """The writes of one variable.

    Args:
        contents: the recording's contents.
        writes: its writes.
        in_calls: whether it is a local of each call; else it is one name of a module.

    Attributes:
        writes: its writes.
        in_calls: as given.
        kind: of each write what the value is, a ``ValueKind``.
        bits: as those of ``Decoded``; of a TEXT its number among the texts.
        texts: the numbers of the texts.
        plain_values: gives the values of the writes, where they are plain: see ``Decoded.values``.
    """

    def __init__(self, contents: Contents, writes: History, in_calls: bool) -> None:
        self._contents = contents
        self.writes = writes
        self.in_calls = in_calls
        decoded = writes.decode()
        self.kind, self.bits = decoded.kind, decoded.bits.copy()
        self.plain_values = decoded.values
        self.texts: dict[str, int] = {}
        if decoded.texts:
            numbers = [self.texts.setdefault(text, len(self.texts)) for text in decoded.texts]
            self.bits[self.kind == ValueKind.TEXT] = numbers

    @cached_property
    def leading(self) -> NDArray[np.bool_]:
        """Of each write whether the value can lead to objects, which change while the variable stays bound to them."""
        return np.isin(self.kind, REFERRING)

    @property
    def referring(self) -> bool:
        """Whether one can."""
        return bool(self.leading.any())

    @cached_property
    def until(self) -> list[int]:
        """For each write the time of the next one of the same variable, or of the end of it."""
        writes, calls = self.writes, self._contents.tables.calls
        owner = writes.call if self.in_calls else np.zeros(len(writes), np.int32)
        order = np.argsort(owner, kind="stable")
        last = np.append(owner[order][1:] != owner[order][:-1], True)
        ends = calls["end"][owner] if self.in_calls else np.full(len(writes), self._contents.end_ns)
        until = np.empty(len(writes), np.int64)
        until[order] = np.where(last, ends[order] + 1, np.roll(writes.time[order], -1))
        found: list[int] = until.tolist()
        return found

    def at(self, lines: LineTable) -> Rows:
        """For each line the write that was the newest then, or -1.

        Args:
            lines: the lines.
        """
        return self.writes.rows_at(lines)

    def column(self, rows: Rows) -> Column:
        """The values of some writes, as far as they are plain; of -1 nothing is bound.

        Args:
            rows: the writes.
        """
        return column_of(self.kind, self.bits, rows)._replace(texts=self.texts)


def column_of(kind: NDArray[np.uint8], bits: Times, rows: Rows) -> Column:
    """Some rows of a column; of -1 nothing is bound.

    Args:
        kind: the kinds of all rows.
        bits: their bits.
        rows: which rows.
    """
    if not len(kind):
        return Column(np.full(len(rows), ValueKind.GONE, np.uint8), np.zeros(len(rows), np.int64), {})
    return Column(np.where(rows < 0, ValueKind.GONE, kind[rows]).astype(np.uint8), bits[rows], {})


def picked(lines: LineTable, rows: NDArray[Any]) -> LineTable:
    """Some of the lines.

    Args:
        lines: the lines.
        rows: which: their numbers, or for each whether it is one.
    """
    return LineTable(lines.time[rows], lines.call[rows], lines.line[rows], lines.track[rows])


def rows_at(time: Times, call: NDArray[np.int32], in_calls: bool, lines: LineTable) -> Rows:
    """For each line the newest row at that time, or -1; of locals one of the same call.

    Args:
        time: when each row begins, in the order of time.
        call: its call.
        in_calls: whether the rows are those of a local.
        lines: the lines, in the order of time.
    """
    if not in_calls:
        return (np.searchsorted(time, lines.time, "right") - 1).astype(np.int32)
    if not len(time):
        return np.full(len(lines), -1, np.int32)
    place = np.searchsorted(lines.time, time, "left")  # the first line that can see it
    order = np.argsort(call, kind="stable")
    keys = (call[order].astype(np.int64) << 32) | place[order]
    wanted = (lines.call.astype(np.int64) << 32) | np.arange(len(lines))
    found = np.searchsorted(keys, wanted, "right") - 1
    rows = order[found].astype(np.int32)
    rows[(found < 0) | (call[rows] != lines.call)] = -1
    return rows
