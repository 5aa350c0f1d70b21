"""Where a condition is looked at: whenever a line begins, and where calls end after something changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scope_repl.query.reach import Reach
from scope_repl.query.series import Series, Times, picked
from scope_repl.recording.history import LineTable, ValueKind

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_LOOKED_INTO = 20_000  # calls; of more, what is deep in a value is not looked at as they end


def points(contents: Contents, codes: Collection[int], variables: Sequence[Series]) -> LineTable:
    """The lines that began in some functions, and the ends of calls, if the last line of one changed a variable.

    Args:
        contents: the recording's contents.
        codes: the functions, by number.
        variables: the variables.

    Returns:
        The lines, in the order of time; the number of an end's line is 0.
    """
    lines = contents.state.line_table(codes)
    ends = _Ends(contents, codes, lines)
    extra = np.unique(np.concatenate([np.empty((0, 2), np.int64), *(ends.of(one) for one in variables)]), axis=0)
    if not len(extra):
        return lines
    time, call = np.concatenate([lines.time, extra[:, 0]]), np.concatenate([lines.call, extra[:, 1].astype(np.int32)])
    line = np.concatenate([lines.line, np.zeros(len(extra), np.int32)])
    track = contents.tables.calls["track"][call]
    return picked(LineTable(time, call, line, track), np.argsort(time, kind="stable"))


class _Ends:
    """The ends of the calls of some functions, or where they were suspended for the last time.

    Args:
        contents: the recording's contents.
        codes: the functions.
        lines: their lines.
    """

    def __init__(self, contents: Contents, codes: Collection[int], lines: LineTable) -> None:
        self._contents = contents
        calls = contents.tables.calls
        mine = contents.codes.kinds < 0
        mine[list(codes)] = True
        self._is_mine: NDArray[np.bool_] = mine[calls["code"]]
        self._end: Times = calls["end"]
        self._last = np.full(len(calls["code"]), -1, np.int64)
        self._last[lines.call] = lines.time  # of each call the last one stays

    def of(self, variable: Series) -> NDArray[np.int64]:
        """When and in which calls a variable got its last value, or what is in it changed, by the last line.

        Args:
            variable: the variable.

        Returns:
            Pairs of time and call.
        """
        writes = variable.writes
        rows = np.flatnonzero((writes.line > 0) & (writes.call >= 0))
        rows = rows[(writes.time[rows] > self._last[writes.call[rows]]) & self._is_mine[writes.call[rows]]]
        written = np.stack([writes.time[rows], writes.call[rows]], axis=1).astype(np.int64)
        if not variable.referring:
            return written
        calls, rows = self._bound_last(variable)
        others = ~np.isin(calls, written[:, 1])
        return np.concatenate([written, self._changed(variable, calls[others], rows[others])])

    def _bound_last(self, variable: Series) -> tuple[NDArray[Any], NDArray[Any]]:
        """The calls at whose end a variable was bound to an object, each with the write."""
        writes = variable.writes
        if variable.in_calls:
            newest = np.full(len(self._end), -1, np.int64)
            newest[writes.call] = np.arange(len(writes))
            calls = np.flatnonzero((newest >= 0) & self._is_mine)
            rows = newest[calls]
        else:
            calls = np.flatnonzero(self._is_mine)
            rows = np.searchsorted(writes.time, self._end[calls], "left") - 1
            calls, rows = calls[rows >= 0], rows[rows >= 0]
        bound = variable.leading[rows]
        return calls[bound], rows[bound]

    def _changed(self, variable: Series, calls: NDArray[Any], rows: NDArray[Any]) -> NDArray[np.int64]:
        look = self._looked_into if len(calls) <= _LOOKED_INTO else self._looked_at
        found = [
            (self._settled(time_ns, call), call)
            for call, time_ns in look(variable, calls, rows)
            if self._last[call] < time_ns < self._end[call]
        ]
        return np.array(found, np.int64).reshape(-1, 2)

    def _looked_into(self, variable: Series, calls: NDArray[Any], rows: NDArray[Any]) -> Iterator[tuple[int, int]]:
        """When what is in values, however deep, changed last before calls ended."""
        for call, row in zip(calls.tolist(), rows.tolist(), strict=True):
            newest = Reach(self._contents, variable.writes.value(row), int(self._end[call]) - 1).newest()
            if newest is not None:
                yield call, newest.time_ns

    def _looked_at(self, variable: Series, calls: NDArray[Any], rows: NDArray[Any]) -> Iterator[tuple[int, int]]:
        """When the objects themselves changed last before calls ended."""
        kind, address = variable.kind[rows], variable.bits[rows]
        for one in np.unique(address[kind == ValueKind.REF]).tolist():
            time, _ = self._contents.state.sizes(one)
            mine = calls[(kind == ValueKind.REF) & (address == one)]
            place = np.searchsorted(time, self._end[mine], "left") - 1
            yield from zip(mine[place >= 0].tolist(), time[place[place >= 0]].tolist(), strict=True)

    def _settled(self, time_ns: int, call: int) -> int:
        """When the frame was about to be left, if the log tells; a variable may have got its value only then."""
        event = self._contents.state.next_line(call, int(self._last[call]))
        return time_ns if event is None or event.line or event.time_ns >= self._end[call] else event.time_ns
