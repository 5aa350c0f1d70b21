"""A variable's values with all changes of what is in them, however deep: a row for each write, and for each change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scope_repl.query.reach import Reach, references
from scope_repl.query.series import REFERRING, Rows, Series, rows_at
from scope_repl.recording.cut import GONE
from scope_repl.recording.history import LineTable, ValueKind
from scope_repl.recording.resolve import Resolver

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents


class Expanded:
    """The rows of one variable.

    Args:
        contents: the recording's contents.
        series: its writes.

    Attributes:
        time: when each row begins, in the order of time.
        call: the call that it belongs to.
        write: the write that it comes from.
    """

    def __init__(self, contents: Contents, series: Series) -> None:
        self._contents = contents
        self._series = series
        self._values: dict[int, Any] = {}
        writes = series.writes
        own = np.arange(len(writes), dtype=np.int32)
        changes = [change for row in np.flatnonzero(series.leading).tolist() for change in self._changes(row)]
        time = np.concatenate([writes.time, np.array([time for time, _ in changes], np.int64)])
        write = np.concatenate([own, np.array([row for _, row in changes], np.int32)])
        order = np.argsort(time, kind="stable")
        self.time: NDArray[np.int64] = time[order]
        self.write: Rows = write[order]
        self.call: NDArray[np.int32] = writes.call[self.write]

    def _changes(self, row: int) -> Iterator[tuple[int, int]]:
        data = self._series.writes.value(row)
        if references(data):
            last = -1
            for version in Reach(self._contents, data, int(self._series.writes.time[row])).changes(
                self._series.until[row]
            ):
                if version.time_ns != last:  # others of the same time are of the same look
                    last = version.time_ns
                    yield last, row

    def at(self, lines: LineTable) -> Rows:
        """For each line the row that was the newest then, or -1.

        Args:
            lines: the lines.
        """
        return rows_at(self.time, self.call, self._series.in_calls, lines)

    def key(self, row: int) -> tuple[int, int]:
        """What is equal for rows with the same value.

        Args:
            row: the row; -1 for none.
        """
        if row < 0:
            return ValueKind.GONE, 0
        write = int(self.write[row])
        kind = int(self._series.kind[write])
        return kind, row if kind in REFERRING else int(self._series.bits[write])

    def value(self, row: int) -> Any:
        """The value of a row, with what it led to then; ``GONE`` where nothing is bound.

        Args:
            row: the row; -1 for none.
        """
        if row < 0:
            return GONE
        if row not in self._values:
            data = self._series.writes.value(int(self.write[row]))
            self._values[row] = Resolver(self._contents, int(self.time[row])).value(data)
        return self._values[row]
