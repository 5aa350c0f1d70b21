"""What changed between two moments of a recording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from scope_repl.errors import OptionError, UnknownValue
from scope_repl.query.certainty import Missing
from scope_repl.query.changes import Changes
from scope_repl.query.columns import ValueFrame, value_column
from scope_repl.query.names import modules_of
from scope_repl.query.shown import parts, plain, short
from scope_repl.query.stack import stack_at
from scope_repl.recording.captured import address_of
from scope_repl.recording.durations import time_text
from scope_repl.schema import DIFFERENCE_COLUMNS

if TYPE_CHECKING:
    from scope_repl.query.frame import Frame
    from scope_repl.query.moment import Moment
    from scope_repl.recording.contents import Contents

NOT_THERE = Missing("not there")
_SHOWN = 50
_DEEPEST = 4
_PARTS = 200


class Difference(NamedTuple):
    """Something that changed.

    Attributes:
        what: ``line`` (of a frame), ``local``, ``name`` (of a module), ``object`` (a watched one), or that a frame was
            ``entered`` or ``left``.
        owner: the function, the module or the type.
        name: the variable, and what leads from it to what changed; "" for a frame itself.
        before: at the earlier moment.
        after: at the later one.
        span: the row of the call; -1 if it is not about one.
        track: the row of the track; -1 likewise.
    """

    what: str
    owner: str
    name: str
    before: Any
    after: Any
    span: int = -1
    track: int = -1

    def __str__(self) -> str:
        if self.what in ("entered", "left"):
            return f"{self.owner} was {self.what}"
        owner = f"{self.owner}: " if self.what != "object" else f"{self.owner} "
        name = "line" if self.what == "line" else self.name
        return plain(f"{owner}{name}: {short(self.before)} → {short(self.after)}", 400)


class Differences(Sequence[Difference]):
    """What changed between two moments, whichever of them comes first.

    Args:
        contents: the recording's contents.
        one: a moment.
        other: another one of the same recording.

    Raises:
        OptionError: the other one is no moment, or one of another recording.
    """

    def __init__(self, contents: Contents, one: Moment, other: Any) -> None:
        if getattr(other, "contents", None) is not contents or not hasattr(other, "time_ns"):
            raise OptionError("other", other, "give another moment of the same recording, such as rec.at(1.25)")
        self._contents = contents
        self.earlier, self.later = sorted((one, other), key=lambda moment: moment.time_ns)
        self._changes = Changes(contents, self.earlier.time_ns, self.later.time_ns)

    @cached_property
    def _rows(self) -> tuple[Difference, ...]:
        return (*self._frames(), *self._namespaces(), *self._watched())

    def _frames(self) -> Iterator[Difference]:
        for track in range(len(self._contents.tracks)):
            before = {frame.span: frame for frame in self._stack(track, self.earlier)}
            after = {frame.span: frame for frame in self._stack(track, self.later)}
            for span in [*before, *(span for span in after if span not in before)]:
                yield from self._frame(before.get(span), after.get(span))

    def _stack(self, track: int, moment: Moment) -> Sequence[Frame]:
        return stack_at(self._contents, track, moment.time_ns)[::-1]

    def _frame(self, before: Frame | None, after: Frame | None) -> Iterator[Difference]:
        if before is None or after is None:
            frame = before or after
            assert frame is not None
            what = "left" if after is None else "entered"
            yield Difference(what, frame.qualname, "", before, after, frame.span, frame.track)
            return
        place = after.span, after.track
        if before.line != after.line:
            yield Difference("line", after.qualname, "", before.line, after.line, *place)
        if after.qualname != "<module>":  # its locals are the names of the module
            for name, *values in self._variables(before.locals, after.locals):
                yield Difference("local", after.qualname, name, values[0], values[1], *place)

    def _namespaces(self) -> Iterator[Difference]:
        for module in modules_of(self._contents, None):
            earlier, later = (moment.resolver for moment in (self.earlier, self.later))
            values = []
            for resolver in (earlier, later):
                writes = self._contents.state.names(module, resolver.time_ns)
                payloads = self._contents.payloads
                values.append({n: resolver.value(w.data) for n, w in writes.items() if not payloads.is_gone(w.data)})
            for name, *pair in self._variables(*values):
                yield Difference("name", module, name, *pair)

    def _watched(self) -> Iterator[Difference]:
        before, after = self.earlier.objects, self.later.objects
        for address in after.watched:
            kind = str(getattr(getattr(after[address], "__captured__", None), "type", "object"))
            for name, *pair in self._between(f"at {address:#x}", before.get(address, NOT_THERE), after[address], 0):
                yield Difference("object", kind, name, *pair)

    def _variables(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
        for name in [*before, *(name for name in after if name not in before)]:
            yield from self._between(name, _value(before, name), _value(after, name), 0)

    def _between(self, name: str, before: Any, after: Any, depth: int) -> Iterator[tuple[str, Any, Any]]:
        """What is in a value and changed, by what leads to it; or the value itself, if it is another one."""
        if isinstance(before, Missing) or isinstance(after, Missing):
            if before != after:
                yield name, before, after
            return
        if not self._changes.changed(after, before):
            return
        found = list(self._inside(name, before, after, depth)) if depth < _DEEPEST else []
        yield from found or [(name, before, after)]

    def _inside(self, name: str, before: Any, after: Any, depth: int) -> Iterator[tuple[str, Any, Any]]:
        address = address_of(after)
        if address is None or address != address_of(before) or type(after) is not type(before):
            return
        (total, then), (after_total, now) = parts(before, 0, _PARTS), parts(after, 0, _PARTS)
        if isinstance(after, set | frozenset) or (isinstance(after, list | tuple) and total != after_total):
            return
        old, new = dict(then), dict(now)
        for label in [*old, *(label for label in new if label not in old)]:
            yield from self._between(f"{name}{label}", old.get(label, NOT_THERE), new.get(label, NOT_THERE), depth + 1)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: Any) -> Any:
        return self._rows[index]

    @property
    def table(self) -> pd.DataFrame:
        """One row for each; the columns are described in ``schema.DIFFERENCE_COLUMNS``."""
        columns = {}
        for column in DIFFERENCE_COLUMNS:
            values = value_column([getattr(row, column.name) for row in self._rows])
            kind: Any = column.dtype
            columns[column.name] = values if kind == "object" else values.astype(kind)
        return ValueFrame(columns)

    @property
    def _title(self) -> str:
        return f"between {time_text(self.earlier.time_ns)} and {time_text(self.later.time_ns)}"

    def __repr__(self) -> str:
        if not len(self):
            return f"nothing that is known changed {self._title}"
        more = [f"… and {len(self) - _SHOWN:,} more: see .table"] if len(self) > _SHOWN else []
        return "\n".join([self._title, *(f"  {row}" for row in self[:_SHOWN]), *more])

    def _repr_html_(self) -> str:
        if not len(self):
            return f"<p>{escape(repr(self))}</p>"
        cells = [(row.what, row.owner, row.name, short(row.before), short(row.after)) for row in self[:_SHOWN]]
        rows = "".join("<tr>" + "".join(f"<td>{escape(plain(cell))}</td>" for cell in row) + "</tr>" for row in cells)
        more = f"<p>… and {len(self) - _SHOWN:,} more: see .table</p>" if len(self) > _SHOWN else ""
        head = "<tr><th>what</th><th>where</th><th>name</th><th>before</th><th>after</th></tr>"
        return f"<p>{self._title}</p><table>{head}{rows}</table>{more}"


def _value(variables: Mapping[str, Any], name: str) -> Any:
    if name not in variables:
        return NOT_THERE
    try:
        return variables[name]
    except UnknownValue as error:
        return Missing(error.reason)
