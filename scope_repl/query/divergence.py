"""Where two runs of the same code first did something else, or had other values."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from scope_repl.errors import UnknownValue
from scope_repl.query.alike import alike
from scope_repl.query.certainty import Missing
from scope_repl.query.columns import ValueFrame, value_column
from scope_repl.query.moment import Moment
from scope_repl.query.runs import Found, Run, first_divergence, function_of, pairs
from scope_repl.query.shown import plain, short
from scope_repl.query.steps import check_lines

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

NOT_THERE = Missing("not bound")
_SHOWN = 50


class Divergence:
    """The first divergence of two runs of the same code.

    It is the first line that one of them ran and the other did not; or before that the first one at which the values
    of their variables differ.

    Attributes:
        what: ``"line"``, ``"value"``, or None if they do not diverge.
        count: how many lines they ran alike, on the track on which they diverge, or on all.
        mine: the moment of it in this recording; None if they do not diverge.
        other: the moment in the other recording.
        values: the values that differ there, by name: pairs of that of this recording and that of the other.
    """

    def __init__(self, contents: Contents, other: Contents) -> None:
        for one in (contents, other):
            check_lines(one, "where the runs diverge")
        self.what: str | None = None
        self.count = 0
        self.mine: Moment | None = None
        self.other: Moment | None = None
        self.values: dict[str, tuple[Any, Any]] = {}
        self._where = ("", "")
        found = [first_divergence(*pair) for pair in pairs(contents, other)]
        diverged = [one for one in found if one.what]
        if not diverged:
            self.count = sum(one.place for one in found)
            return
        first = min(diverged, key=_time)
        mine, others = first.runs
        self.what, self.count = first.what, first.place
        self.mine, self.other = mine.moment(first.place), others.moment(first.place)
        self._where = mine.where(first.place), others.where(first.place)
        self._track = contents.tracks.threads[mine.track].name
        self.values = dict(_differing(first))

    @property
    def same(self) -> bool:
        """Whether the runs do not diverge, as far as they are known."""
        return self.what is None

    @property
    def table(self) -> pd.DataFrame:
        """The values that differ: name, mine and other."""
        rows = list(self.values.items())
        columns: dict[str, Any] = {"name": pd.Series([name for name, _ in rows], dtype="string")}
        for number, side in enumerate(("mine", "other")):
            columns[side] = value_column([pair[number] for _, pair in rows])
        return ValueFrame(columns)

    def __repr__(self) -> str:
        if self.same:
            return f"the runs do not diverge in {self.count:,} lines"
        lines = [f"the runs are alike for {self.count:,} lines of {self._track}, then", *self._sides]
        names = list(self.values)
        lines += [
            f"    {name}: {short(mine)} | {short(other)}" for name, (mine, other) in list(self.values.items())[:_SHOWN]
        ]
        if not names:
            lines.append("    no captured value differs there")
        elif len(names) > _SHOWN:
            lines.append(f"    … and {len(names) - _SHOWN} more: see .table")
        return "\n".join(lines)

    @property
    def _sides(self) -> list[str]:
        if self.what == "value":
            return [
                f"  the values differ in {self._where[0]}; in the other run at {self._where[1].rpartition(' at ')[2]}"
            ]
        return [f"  this run:  {self._where[0]}", f"  the other: {self._where[1]}"]

    def _repr_html_(self) -> str:
        if self.same:
            return f"<p>{escape(repr(self))}</p>"
        head = [f"the runs are alike for {self.count:,} lines of {self._track}, then", *self._sides]
        rows = "".join(
            f"<tr><td>{escape(plain(name))}</td><td>{escape(short(mine))}</td><td>{escape(short(other))}</td></tr>"
            for name, (mine, other) in list(self.values.items())[:_SHOWN]
        )
        body = f"<table><tr><th>name</th><th>this run</th><th>the other</th></tr>{rows}</table>" if rows else ""
        return f"<p>{'<br>'.join(map(escape, head))}</p>{body}"


def _time(found: Found) -> int:
    """When it was in this run, or in the other if this one had ended."""
    for run in found.runs:
        if found.place < len(run.lines):
            return int(run.lines.time[found.place])
    return found.runs[0].contents.end_ns


def _differing(found: Found) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """The variables that differ in the frames of a divergence, or, where these are of two functions, before it."""
    mine, other = found.runs
    place = found.place
    ended = place >= min(len(mine.lines), len(other.lines))
    if ended or function_of(mine.code(place)) != function_of(other.code(place)):
        place = max(min(place, len(mine.lines), len(other.lines)) - 1, 0)
    if place >= min(len(mine.lines), len(other.lines)):
        return
    times = [_settled(run, place, found) for run in found.runs]
    values = [_values(run, place, time_ns) for run, time_ns in zip(found.runs, times, strict=True)]
    for name in dict.fromkeys([*values[0], *values[1]]):
        pair = values[0].get(name, NOT_THERE), values[1].get(name, NOT_THERE)
        if not alike(*pair):
            yield name, pair


def _settled(run: Run, place: int, found: Found) -> int:
    """When the values of a line are looked at: as it begins, or as it has ended where the runs diverge behind it."""
    time_ns = int(run.lines.time[place])
    if place == found.place:
        return time_ns
    following = run.contents.state.next_line(int(run.lines.call[place]), time_ns)
    return following.time_ns if following is not None else run.contents.end_ns


def _values(run: Run, place: int, time_ns: int) -> dict[str, Any]:
    moment = run.moment(place)
    assert moment is not None
    at = Moment(run.contents, time_ns, run.track)
    calls = [frame.span for frame in at.stack()]
    call = int(run.lines.call[place])
    found = at.select(calls.index(call)) if call in calls else moment
    values: dict[str, Any] = {}
    for name in found.locals:
        try:
            values[name] = found.locals[name]
        except UnknownValue as error:
            values[name] = Missing(error.reason)
    return {name: value for name, value in values.items() if not name.startswith("_")}
