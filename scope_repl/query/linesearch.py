"""The search for the lines at which a condition held: by columns where its values are plain, one by one where not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scope_repl.errors import UnknownValue
from scope_repl.query.derived import Derived
from scope_repl.query.expanded import Expanded
from scope_repl.query.expressions import FAILURES, Expression
from scope_repl.query.linepoints import points
from scope_repl.query.progress import Bar
from scope_repl.query.series import Rows, Series, picked
from scope_repl.query.tally import Tally
from scope_repl.query.vectors import FAILS, FALSE, OPEN, TRUE, UNBOUND, Column, Vectors, parts_of
from scope_repl.recording.cut import GONE
from scope_repl.recording.resolve import Resolver

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_BLOCK = 1 << 18
_SINGLE = 20_000  # lines that are looked at one by one, before all changes of the values are sought out
_UNKNOWN = 5


class Group(NamedTuple):
    """Functions of which all names of a condition are known, and in the same way.

    Attributes:
        codes: the functions, by number.
        locals: those names that are locals of them.
        module: the module in whose namespace the others are.
    """

    codes: tuple[int, ...]
    locals: frozenset[str]
    module: str


class Search:
    """Looks for the lines of some functions at which a condition held.

    Args:
        contents: the recording's contents.
        expression: the condition.
        group: the functions.

    Attributes:
        group: as given.
        lines: the lines that began in them, and the ends of calls behind which a variable got its last value.
    """

    def __init__(self, contents: Contents, expression: Expression, group: Group) -> None:
        self._contents = contents
        self._expression = expression
        self.group = group
        self._series = {name: self._series_of(name) for name in expression.names}
        parts = dict.fromkeys(part for part in parts_of(expression.node) if part[0] in self._series)
        self._columns: dict[tuple[str, str], Series | Derived] = {
            (name, of): Derived(contents, self._series[name], of) if of else self._series[name] for name, of in parts
        }
        self._expanded: dict[str, Expanded] = {}
        self._singles = 0
        self._answers: dict[tuple[Any, ...], int] = {}
        self._reasons: dict[int, str] = {}
        self.lines = points(contents, group.codes, list(self._series.values()))

    def _series_of(self, name: str) -> Series:
        state, group = self._contents.state, self.group
        if name in group.locals:
            return Series(self._contents, state.history(group.codes, name), True)
        return Series(self._contents, state.name_history(group.module, name), False)

    def held(self, tally: Tally, bar: Bar, only_first: bool, until_ns: int) -> Iterator[tuple[NDArray[Any], ...]]:
        """Where it held, block by block; of the first place only, if that is asked for.

        Args:
            tally: is added to.
            bar: is moved on.
            only_first: end with the first place.
            until_ns: then places from this time on do not matter.

        Yields:
            Time, call and line.
        """
        count = int(np.searchsorted(self.lines.time, until_ns)) if only_first else len(self.lines)
        places = {part: column.at(self.lines) for part, column in self._columns.items()}
        for begin in range(0, count, _BLOCK):
            block = slice(begin, min(begin + _BLOCK, count))
            answers = self._by_columns({part: rows[block] for part, rows in places.items()}, block.stop - begin)
            self._decide(answers, begin, only_first, bar)
            found = np.flatnonzero(answers == TRUE)
            if only_first and len(found):
                found = found[:1]
                answers = answers[: int(found[0]) + 1]
            self._count(tally, answers)
            bar.advance(len(answers))
            if len(found):
                at = found + begin
                yield self.lines.time[at], self.lines.call[at], self.lines.line[at]
                if only_first:
                    return

    def _by_columns(self, rows: dict[tuple[str, str], Rows], count: int) -> NDArray[np.uint8]:
        known: dict[tuple[str, str], Column] = {}

        def column(name: str, of: str) -> Column:
            if (name, of) not in known:
                known[name, of] = self._columns[name, of].column(rows[name, of])
            return known[name, of]

        return Vectors(column, count).truth(self._expression.node)

    def _decide(self, answers: NDArray[np.uint8], begin: int, only_first: bool, bar: Bar) -> None:
        """Evaluate where it is still open."""
        waiting = np.flatnonzero(answers == OPEN)
        if only_first:
            held = np.flatnonzero(answers == TRUE)
            waiting = waiting[waiting < held[0]] if len(held) else waiting
        if not len(waiting):
            return
        referring = any(series.referring for series in self._series.values())
        self._singles += len(waiting)
        if referring and self._singles <= _SINGLE:
            self._decide_singly(answers, waiting, begin, only_first)
        else:
            self._decide_together(answers, waiting, begin, only_first, bar)

    def _decide_singly(
        self, answers: NDArray[np.uint8], waiting: NDArray[np.intp], begin: int, only_first: bool
    ) -> None:
        """Evaluate at each line."""
        lines = picked(self.lines, waiting + begin)
        rows = {name: series.at(lines).tolist() for name, series in self._series.items()}
        for number, place in enumerate(waiting.tolist()):
            resolver = Resolver(self._contents, int(lines.time[number]))
            data = {name: rows[name][number] for name in rows}
            answers[place] = self._answer(partial(self._resolved, resolver, data))
            if only_first and answers[place] == TRUE:
                return

    def _resolved(self, resolver: Resolver, rows: dict[str, int], name: str) -> Any:
        row = rows[name]
        return GONE if row < 0 else resolver.value(self._series[name].writes.value(row))

    def _decide_together(
        self, answers: NDArray[np.uint8], waiting: NDArray[np.intp], begin: int, only_first: bool, bar: Bar
    ) -> None:
        """Evaluate once for all lines with the same values."""
        lines = picked(self.lines, waiting + begin)
        for name, series in self._series.items():
            if name not in self._expanded:
                self._expanded[name] = Expanded(self._contents, series)
        columns = [expanded.at(lines) for expanded in self._expanded.values()]
        combined, first_of, back = np.unique(np.stack(columns, axis=1), axis=0, return_index=True, return_inverse=True)
        found = np.full(len(combined), FALSE, np.uint8)
        for place in np.argsort(first_of, kind="stable").tolist():
            found[place] = self._evaluate(dict(zip(self._expanded, combined[place].tolist(), strict=True)))
            bar.refresh()
            if only_first and found[place] == TRUE:
                break
        answers[waiting] = found[back.reshape(-1)]

    def _evaluate(self, rows: dict[str, int]) -> int:
        key = tuple(self._expanded[name].key(row) for name, row in rows.items())
        if key not in self._answers:
            self._answers[key] = self._answer(lambda name: self._expanded[name].value(rows[name]))
        return self._answers[key]

    def _answer(self, value: Callable[[str], Any]) -> int:
        def lookup(name: str) -> Any:
            found = value(name)
            if found is GONE:
                raise NameError(name)
            return found

        try:
            return TRUE if self._expression.holds(lookup) else FALSE
        except UnknownValue as error:
            self._reasons.setdefault(_UNKNOWN, str(error))
            return _UNKNOWN
        except NameError:
            return UNBOUND
        except FAILURES as error:
            self._reasons.setdefault(FAILS, f"{type(error).__name__}: {error}")
            return FAILS

    def _count(self, tally: Tally, answers: NDArray[np.uint8]) -> None:
        counts = np.bincount(answers, minlength=_UNKNOWN + 1)
        tally.lines += len(answers)
        tally.unknown += int(counts[_UNKNOWN])
        tally.unbound += int(counts[UNBOUND])
        tally.failed += int(counts[FAILS])
        for answer, kind in ((_UNKNOWN, "unknown"), (FAILS, "failed")):
            if counts[answer]:
                tally.note(kind, self._reasons.get(answer, "ZeroDivisionError: division by zero"))
