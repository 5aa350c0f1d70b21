"""Two runs of the same code side by side: their lines, track by track, and the values of their variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scope_repl.query.alike import alike
from scope_repl.query.expanded import Expanded
from scope_repl.query.moment import Moment
from scope_repl.query.names import MODULE_BODY, locals_of, modules_of
from scope_repl.query.series import Series, picked
from scope_repl.recording.durations import time_text
from scope_repl.recording.history import History, LineTable, ValueKind
from scope_repl.schema import CodeFlag

if TYPE_CHECKING:
    from scope_repl.model import Code
    from scope_repl.recording.contents import Contents

_LINE_BITS = 24
_PLAIN = (ValueKind.NONE, ValueKind.BOOL, ValueKind.INT, ValueKind.FLOAT, ValueKind.GONE)  # told by their bits alone
_EMPTY = LineTable(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32))


class Run(NamedTuple):
    """The lines of one track of one of the two recordings."""

    contents: Contents
    track: int
    lines: LineTable

    def moment(self, place: int) -> Moment | None:
        """The moment at which a line begins; behind the last one that of the end; None if there are no lines."""
        if not len(self.lines):
            return None
        if place >= len(self.lines):
            return Moment(self.contents, self.contents.end_ns, self.track)
        found = Moment(self.contents, int(self.lines.time[place]), self.track)
        calls = [frame.span for frame in found.stack()]
        call = int(self.lines.call[place])
        return found.select(calls.index(call)) if call in calls else found

    def code(self, place: int) -> Code:
        """The function in which a line began."""
        return self.contents.codes[self.contents.spans.code[int(self.lines.call[place])]]

    def where(self, place: int) -> str:
        """A line in words."""
        if place >= len(self.lines):
            return "no line any more"
        call, line = int(self.lines.call[place]), int(self.lines.line[place])
        title = self.contents.codes.title(self.contents.spans.code[call])
        return f"{self.code(place).qualname}, {title}:{line} at {time_text(int(self.lines.time[place]))}"


class Found(NamedTuple):
    """What came of two tracks: what diverged (None if nothing), and at which line."""

    runs: tuple[Run, Run]
    what: str | None
    place: int


def pairs(contents: Contents, other: Contents) -> Iterator[tuple[Run, Run]]:
    """The tracks of both recordings, by the threads' names where they have such, else in their order."""
    mine, others = _runs(contents), _runs(other)
    for name in [*mine, *(name for name in others if name not in mine)]:
        yield mine.get(name) or Run(contents, 0, _EMPTY), others.get(name) or Run(other, 0, _EMPTY)


def _runs(contents: Contents) -> dict[tuple[str, int], Run]:
    lines = contents.state.line_table()
    found: dict[tuple[str, int], Run] = {}
    for track in range(len(contents.tracks)):
        own = picked(lines, lines.track == track)
        name, number = contents.tracks.threads[track].name, 0
        while (name, number) in found:
            number += 1
        if len(own):
            found[name, number] = Run(contents, track, own)
    return found


def first_divergence(mine: Run, other: Run) -> Found:
    """Where two tracks diverge first."""
    runs = mine, other
    numbers: dict[tuple[str, str], int] = {}
    keys = [_keys(run, numbers) for run in runs]
    count = min(len(key) for key in keys)
    differ = np.flatnonzero(keys[0][:count] != keys[1][:count])
    place = int(differ[0]) if len(differ) else count
    ended = not len(differ) and len(keys[0]) == len(keys[1])
    value = min(_value_places(runs, numbers, place), default=place + 1)
    if value < place or (ended and value == place):
        return Found(runs, "value", value)
    return Found(runs, None if ended else "line", place)


def _keys(run: Run, numbers: dict[tuple[str, str], int]) -> NDArray[np.int64]:
    """A number for each line, which is the same in both recordings for the same line of the same function."""
    codes = run.contents.tables.calls["code"][run.lines.call]
    table = np.zeros(int(codes.max(initial=0)) + 1, np.int64)
    for number in np.unique(codes).tolist():
        table[number] = numbers.setdefault(function_of(run.contents.codes[number]), len(numbers))
    return (table[codes] << _LINE_BITS) | run.lines.line


class Own(NamedTuple):
    """What one of the two recordings tells of a variable."""

    series: Series
    values: Expanded
    rows: NDArray[Any]


def function_of(code: Code) -> tuple[str, str]:
    """What a function is known by in both recordings: its module and its qualified name."""
    return code.module, code.qualname


def _value_places(runs: tuple[Run, Run], functions: Mapping[tuple[str, str], int], until: int) -> Iterator[int]:
    """Where the values of each variable differ first; the places up to a line."""
    best = until
    for first, second in _histories(runs, functions):
        place = _value_place(runs, first, second, best)
        if place is not None:
            best = min(best, place)
            yield place


def _histories(runs: tuple[Run, Run], functions: Mapping[tuple[str, str], int]) -> Iterator[tuple[Own, Own]]:
    """The series of each variable in both recordings, with the rows that are of the two tracks."""
    codes = [_with_lines(run.contents) for run in runs]
    for name in functions:
        numbers = [tuple(mine.get(name, ())) for mine in codes]
        if not all(numbers) or name[1] == MODULE_BODY:
            continue
        slots = [
            {slot for number in mine for slot in _slots(run.contents, number)}
            for run, mine in zip(runs, numbers, strict=True)
        ]
        for slot in sorted(slots[0] | slots[1]):
            pair = [
                _own(run, run.contents.state.history(mine, slot), True) for run, mine in zip(runs, numbers, strict=True)
            ]
            yield pair[0], pair[1]
    modules = [set(modules_of(run.contents, None)) for run in runs]
    for module in sorted(modules[0] & modules[1]):
        names = set().union(*(run.contents.state.names(module, run.contents.end_ns) for run in runs))
        for name_ in sorted(one for one in names if not one.startswith("_")):
            pair = [_own(run, run.contents.state.name_history(module, name_), False) for run in runs]
            yield pair[0], pair[1]


def _with_lines(contents: Contents) -> dict[tuple[str, str], list[int]]:
    """The numbers of the functions whose lines were captured."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, code in contents.log.codes.items():
        if code.level == "lines":
            found.setdefault(function_of(code), []).append(number)
    return found


def _slots(contents: Contents, number: int) -> set[str]:
    code = contents.codes[number]
    if not code.flags & CodeFlag.CLASS_BODY:
        return set(locals_of(code))
    return {code.name for code in contents.log.codes.values() if code.flags & CodeFlag.NAME}


def _own(run: Run, writes: History, in_calls: bool) -> Own:
    """The variable's values and changes, of which those rows that are of the run's track and were done by a line."""
    series = Series(run.contents, writes, in_calls)
    values = Expanded(run.contents, series)
    rows = np.flatnonzero(values.call >= 0)
    return Own(series, values, rows[run.contents.tables.calls["track"][values.call[rows]] == run.track])


def _value_place(runs: tuple[Run, Run], first: Own, second: Own, until: int) -> int | None:
    """The line at which the values of one variable differ first, up to a line; None if they do not."""
    places = []
    for run, own in zip(runs, (first, second), strict=True):
        place = np.searchsorted(run.lines.time, own.values.time[own.rows])
        places.append(place[place <= until])
    count = min(map(len, places))
    other_place = np.flatnonzero(places[0][:count] != places[1][:count])
    end = int(other_place[0]) if len(other_place) else count
    for number in _maybe_different(first, second, end):
        if not alike(*(own.values.value(int(own.rows[number])) for own in (first, second))):
            return int(places[0][number])
    left = [int(mine[end]) for mine in places if end < len(mine)]
    return min(left, default=None)


def _maybe_different(first: Own, second: Own, count: int) -> Iterator[int]:
    """The rows whose values are not plainly the same numbers."""
    columns = [own.series.column(own.values.write[own.rows[:count]]) for own in (first, second)]
    (kind, bits, _), (other_kind, other_bits, _) = columns
    same = (kind == other_kind) & (bits == other_bits) & np.isin(kind, _PLAIN)
    yield from np.flatnonzero(~same).tolist()
