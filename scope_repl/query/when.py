"""When a condition held: at which of the lines that began."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scope_repl.errors import ExpressionError, NeverHeld, UnknownLines, UnknownValue
from scope_repl.query.expressions import Expression, parse
from scope_repl.query.linesearch import Group, Search
from scope_repl.query.moments import Moments
from scope_repl.query.names import MODULE_BODY, holders, locals_of, recorded
from scope_repl.query.progress import Bar
from scope_repl.query.steps import check_lines
from scope_repl.query.tally import Tally
from scope_repl.schema import CodeFlag

if TYPE_CHECKING:
    from scope_repl.query.moment import Moment
    from scope_repl.recording.contents import Contents


def first(contents: Contents, text: str, function: str | None, progress: bool) -> Moment:
    """The first moment at which a condition held.

    Args:
        contents: the recording's contents.
        text: the condition.
        function: a glob over the names of the functions at whose lines it is looked at; None for all.
        progress: show a bar if it takes long.

    Raises:
        ExpressionError: it is not of the language of conditions.
        UnknownValue: lines, or values of a name in it, were not captured.
        NeverHeld: it held at no line.
    """
    found = _held(contents, text, function, progress, True)
    if not len(found):
        raise NeverHeld(f"{found.tally}")
    if found.tally.unknown:
        message = f"{text!r} may have held before: until then it was {found.tally.but}"
        warnings.warn(message, UnknownLines, stacklevel=3)
    return found[0]


def every(contents: Contents, text: str, function: str | None, progress: bool) -> Moments:
    """All moments at which a condition held: the lines that began while it did. The arguments are those of `first`."""
    return _held(contents, text, function, progress, False)


def _held(contents: Contents, text: str, function: str | None, progress: bool, only_first: bool) -> Moments:
    expression = parse(text)
    if not expression.names:
        raise ExpressionError(expression.text, 0, "there is no variable in it, such as x in 'x > 5'")
    check_lines(contents, f"when {expression.text!r} held")
    tally = Tally(expression.text)
    searches = [Search(contents, expression, group) for group in _groups(contents, expression, function)]
    numbers = [number for search in searches for number in search.group.codes]
    tally.functions = tuple(dict.fromkeys(contents.codes[number].qualname for number in numbers))
    found: list[tuple[NDArray[Any], ...]] = []
    with Bar(sum(len(search.lines) for search in searches), progress) as bar:
        until = contents.end_ns + 1
        for search in searches:
            for time, call, line in search.held(tally, bar, only_first, until):
                found.append((time, call, line))
                until = int(time[0]) if only_first else until
    time, call, line = (
        (np.concatenate(column) for column in zip(*found, strict=True)) if found else (np.empty(0, np.int64),) * 3
    )
    order = np.argsort(time, kind="stable")[: 1 if only_first else None]
    tally.held = len(order)
    return Moments(contents, time[order], call[order].astype(np.int32), line[order].astype(np.int32), tally)


def _groups(contents: Contents, expression: Expression, function: str | None) -> list[Group]:
    """The functions of which all names are known, by the way in which they are."""
    names = expression.names
    held = {name: holders(contents, name, None) for name in names}  # raises for one that was never captured
    groups: dict[tuple[frozenset[str], str], list[int]] = {}
    for number in recorded(contents, function):
        code = contents.codes[number]
        if code.level != "lines":
            continue
        in_body = code.flags & CodeFlag.CLASS_BODY
        own = frozenset(n for n in names if (number in held[n].codes if in_body else n in locals_of(code)))
        rest = set(names) - own
        if any(code.module not in held[name].modules for name in rest):
            continue
        if own or function is not None or code.name == MODULE_BODY or _writes_one(contents, number, rest):
            groups.setdefault((own, code.module), []).append(number)
    if not groups:
        raise UnknownValue(f"when {expression.text!r} held", _why_nowhere(contents, names, held, function))
    return [Group(tuple(numbers), own, module) for (own, module), numbers in groups.items()]


def _writes_one(contents: Contents, number: int, names: set[str]) -> bool:
    """Whether a function writes one of some global names."""
    return any(len(contents.state.history((number,), name)) for name in names)


def _why_nowhere(contents: Contents, names: tuple[str, ...], held: Any, function: str | None) -> str:
    where = []
    for name in names:
        places = [contents.codes[number].qualname for number in held[name].codes] + list(held[name].modules)
        shown = ", ".join(dict.fromkeys(places[:4])) + (", …" if len(places) > 4 else "")
        where.append(f"{name} is one of {shown}")
    lines = [number for number in recorded(contents, function) if contents.codes[number].level == "lines"]
    if not lines:
        return f"no lines were captured of {function}" if function else "no lines were captured"
    return f"{f'{function} does not have' if function else 'no function has'} all these names: {'; '.join(where)}"
