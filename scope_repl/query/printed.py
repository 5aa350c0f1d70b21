"""What a print on a line would have printed, each time the line was about to run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cached_property
from html import escape
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scope_repl.errors import OptionError, UnknownValue
from scope_repl.query.certainty import Missing
from scope_repl.query.columns import ValueFrame, value_column
from scope_repl.query.compiling import Lookup
from scope_repl.query.expressions import FAILURES, Expression, parse_list
from scope_repl.query.names import is_named, locals_of, recorded
from scope_repl.query.series import Rows, picked
from scope_repl.query.shown import plain
from scope_repl.query.steps import check_lines
from scope_repl.recording.cut import GONE
from scope_repl.recording.history import History, LineTable
from scope_repl.recording.resolve import Resolver
from scope_repl.schema import CodeFlag

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_SHOWN = 20
_TEXT = 500


class Printed(Sequence[tuple[Any, ...]]):
    """What a print of some expressions on a line would have printed. Each item is made when it is asked for.

    Attributes:
        location: the line.
        expressions: the expressions as they were written.
    """

    def __init__(self, contents: Contents, location: str, text: str) -> None:
        check_lines(contents, f"what a print on {location} would have printed")
        self._contents = contents
        self._parsed = parse_list(text)
        numbers, line = _find(contents, location)
        self.location = location
        self.expressions = tuple(one.text for one in self._parsed)
        self._readers = [_Reader(contents, number, line, self._parsed) for number in numbers]
        _check_names(contents, numbers, self._parsed)
        lines = [reader.lines for reader in self._readers]
        times = np.concatenate([one.time for one in lines])
        order = np.argsort(times, kind="stable")
        owner = np.concatenate([np.full(len(one), number) for number, one in enumerate(lines)])
        place = np.concatenate([np.arange(len(one)) for one in lines])
        self._place: NDArray[np.int64] = np.stack([owner[order], place[order]], axis=1).astype(np.int64)

    def __len__(self) -> int:
        return len(self._place)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[place] for place in range(len(self))[index]]
        reader, place = self._place[index].tolist()
        return self._readers[reader].values(place)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return (self[place] for place in range(len(self)))

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each time that the line was about to run: time_ns, function, span, track, and the expressions."""
        return self._table(len(self))

    def _table(self, count: int) -> pd.DataFrame:
        place = self._place[:count]
        lines = [self._readers[reader].lines for reader in place[:, 0].tolist()]
        rows = place[:, 1].tolist()
        call = np.array([one.call[row] for one, row in zip(lines, rows, strict=True)], np.int32)
        codes = self._contents.tables.calls["code"]
        columns: dict[str, Any] = {
            "time_ns": np.array([one.time[row] for one, row in zip(lines, rows, strict=True)], np.int64),
            "function": self._contents.codes.names.column(codes[call]),
            "span": call,
            "track": np.array([one.track[row] for one, row in zip(lines, rows, strict=True)], np.int32),
        }
        values = [self[place] for place in range(count)]
        for number, text in enumerate(self.expressions):
            columns[text if text not in columns else f"({text})"] = value_column([row[number] for row in values])
        return ValueFrame(columns)

    @property
    def text(self) -> str:
        """What would have been printed, line by line."""
        return "\n".join(map(self._line, self))

    @staticmethod
    def _line(values: tuple[Any, ...]) -> str:
        return " ".join(str(value) for value in values)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        shown = [plain(self._line(self[place]), _TEXT) for place in range(min(len(self), _SHOWN))]
        more = [f"… {len(self) - _SHOWN:,} more: see .text and .table"] if len(self) > _SHOWN else []
        return "\n".join([*shown, *more]) or f"{self.location} was never about to run"

    def _repr_html_(self) -> str:
        if not len(self):
            return f"<p>{escape(repr(self))}</p>"
        shown = self._table(min(len(self), _SHOWN))
        more = f"<p>… {len(self) - _SHOWN:,} more: see .text and .table</p>" if len(self) > _SHOWN else ""
        return str(shown.to_html(escape=True)) + more


class _Reader:
    """The values of the expressions at one line of one function."""

    def __init__(self, contents: Contents, number: int, line: int, expressions: list[Expression]) -> None:
        self._expressions = expressions
        code = contents.codes[number]
        lines = contents.state.line_table((number,))
        wanted = lines.line == line
        self.lines = picked(lines, wanted)
        self._contents = contents
        self._writes: dict[str, History] = {}
        self._rows: dict[str, Rows] = {}
        for name in dict.fromkeys(name for one in expressions for name in one.names):
            own = code.flags & CodeFlag.CLASS_BODY or name in locals_of(code)
            state = contents.state
            writes = state.history((number,), name) if own else state.name_history(code.module, name)
            newest = np.searchsorted(writes.time, self.lines.time, "right").astype(np.int32) - 1
            self._writes[name] = writes
            self._rows[name] = writes.rows_at(self.lines) if own else newest

    def values(self, place: int) -> tuple[Any, ...]:
        """The values of the expressions as the line was about to run.

        Args:
            place: which time.
        """
        resolver = Resolver(self._contents, int(self.lines.time[place]))

        def lookup(name: str) -> Any:
            row = int(self._rows[name][place])
            value = GONE if row < 0 else resolver.value(self._writes[name].value(row))
            if value is GONE:
                raise NameError(f"{name} was not bound")
            return value

        return tuple(_value(one, lookup) for one in self._expressions)


def _value(expression: Expression, lookup: Lookup) -> Any:
    try:
        return expression.value(lookup)
    except UnknownValue as error:
        return Missing(str(error))
    except FAILURES as error:
        return Missing(f"{type(error).__name__}: {error}")


def _check_names(contents: Contents, numbers: list[int], expressions: list[Expression]) -> None:
    """See that each name is one of the functions' or of their modules'."""
    known: set[str] = set()
    for number in numbers:
        code = contents.codes[number]
        if code.flags & CodeFlag.CLASS_BODY:
            return
        known.update(locals_of(code), contents.state.names(code.module, contents.end_ns))
    missing = [name for one in expressions for name in one.names if name not in known]
    if missing:
        near = get_close_matches(missing[0], known, 4, 0.5) or sorted(known)[:8]
        names = ", ".join(dict.fromkeys(missing))
        raise UnknownValue(names, f"no such name was captured there; there are {', '.join(near) or 'none'}")


def _find(contents: Contents, location: str) -> tuple[list[int], int]:
    """The functions in which a line is, by number, and the line.

    Raises:
        OptionError: there is no such file, function or line.
    """
    place, colon, text = location.rpartition(":") if isinstance(location, str) else ("", "", "")
    if not colon or not text.strip().isdecimal() or not place.strip():
        raise OptionError("location", location, "give a file and a line, such as 'pricing.py:12', 'In[3]:2' or 'f:12'")
    place, line = place.strip(), int(text)
    numbers = [number for number in recorded(contents, None) if contents.codes[number].level == "lines"]
    mine = [number for number in numbers if _is_in(contents, number, place)]
    if not mine:
        raise OptionError("location", location, _no_place(contents, numbers, place))
    ran = contents.state.line_table(tuple(mine))
    with_line = [number for number in mine if line in _lines(contents, ran, number)]
    if not with_line:
        every = sorted({one for number in mine for one in _lines(contents, ran, number)})
        near = sorted(sorted(every, key=lambda one: abs(one - line))[:6])
        shown = ", ".join(map(str, near)) or "none"
        raise OptionError("location", location, f"no line {line} of it ran; near it ran {shown}")
    files = sorted({contents.codes[number].file for number in with_line})
    if len(files) > 1:
        raise OptionError(
            "location", location, f"it is a line of several files, give more of the path: {', '.join(files)}"
        )
    return with_line, line


def _lines(contents: Contents, ran: LineTable, number: int) -> set[int]:
    found: list[int] = np.unique(ran.line[contents.tables.calls["code"][ran.call] == number]).tolist()
    return set(found)


def _is_in(contents: Contents, number: int, place: str) -> bool:
    """Whether a function is in a file, by its title, path or the end of that; or is of that name."""
    code = contents.codes[number]
    if place in (contents.codes.title(number), code.file):
        return True
    parts, wanted = PurePath(code.file).parts, PurePath(place).parts
    return (bool(wanted) and parts[-len(wanted) :] == wanted) or is_named(code, place)


def _no_place(contents: Contents, numbers: list[int], place: str) -> str:
    titles = {contents.codes.title(number) for number in numbers} | {
        contents.codes[number].qualname for number in numbers
    }
    near = get_close_matches(place, sorted(titles), 5, 0.4) or sorted(titles)[:8]
    listed = f"; there are {', '.join(near)}" if near else ""
    return f"no lines of a file or function {place!r} were captured{listed}"
