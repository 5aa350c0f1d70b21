from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scope_repl.errors import OptionError
from scope_repl.query.shown import plain
from scope_repl.schema import Outcome

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

Keys = Callable[[slice], NDArray[np.int64]]
SORTS = ("start_ns", "duration_ns", "self_ns", "name", "module", "track", "outcome")
_AT_ONCE = 2**20
_NAME = 150
_OUTCOMES = [outcome.name.lower() for outcome in Outcome]


def rows(
    contents: Contents,
    start_ns: float,
    end_ns: float,
    *,
    filter: str = "",
    sort: str = "start_ns",
    descending: bool = False,
    limit: int = 100,
) -> tuple[int, list[list[Any]]]:
    """The calls that overlap a stretch of time, as the rows of a table.

    Args:
        contents: the recording's contents.
        start_ns: where the stretch begins, in ns since the recording's start.
        end_ns: where it ends; calls that touch either end are among them.
        filter: a part of the qualified name or the module, in upper or lower case.
        sort: the column by which they are sorted: one of ``SORTS``. Those that are alike stand as in ``rec.calls``.
        descending: whether the largest come first.
        limit: how many rows there may be.

    Returns:
        How many such calls there are, and the first of them: row in ``rec.calls``, track, depth, start, duration and
        own time in ns, qualified name, module ("" if there is none; names are cut to 150 characters), outcome.

    Raises:
        OptionError: there is no such column, or the limit is negative.
    """
    if sort not in SORTS:
        raise OptionError("sort", sort, f"the choices are {', '.join(SORTS)}")
    if limit < 0:
        raise OptionError("limit", limit, "give 0 or more")
    keys = _keys(contents, sort)
    named = _named(contents, filter.strip().casefold())
    total, count = 0, len(contents.tables.calls["start"])
    numbers, values = np.empty(0, np.intp), np.empty(0, np.int64)  # the smallest so far, in their order
    for first in range(0, count, _AT_ONCE):
        part = slice(first, min(first + _AT_ONCE, count))
        found = _overlapping(contents, part, start_ns, end_ns, named)
        total += len(found)
        key = keys(part)[found]
        key = -key if descending else key
        if 0 < limit == len(values):
            better = key < values[-1]
            found, key = found[better], key[better]
        numbers, values = np.concatenate([numbers, found + first]), np.concatenate([values, key])
        chosen = _smallest(values, limit)
        numbers, values = numbers[chosen], values[chosen]
    return total, [_row(contents, call) for call in numbers.tolist()]


def _named(contents: Contents, text: str) -> NDArray[np.bool_] | None:
    """For each callable whether it answers to the filter; None if all do."""
    if not text:
        return None
    return contents.codes.mask(lambda code: text in code.qualname.casefold() or text in code.module.casefold())


def _overlapping(
    contents: Contents, part: slice, start_ns: float, end_ns: float, named: NDArray[np.bool_] | None
) -> NDArray[np.intp]:
    calls = contents.tables.calls
    mask = calls["end"][part] >= start_ns
    mask &= calls["start"][part] <= end_ns
    if named is not None:
        mask &= named[calls["code"][part]]
    return np.flatnonzero(mask)


def _keys(contents: Contents, sort: str) -> Keys:
    """What gives the numbers by which some calls are sorted."""
    calls = contents.tables.calls
    if sort in ("name", "module"):
        texts = contents.codes.names if sort == "name" else contents.codes.modules
        ranks = _ranks([*texts.categories, ""])[texts.codes]
        return lambda part: ranks[calls["code"][part]]
    if sort == "outcome":
        outcomes = _ranks(_OUTCOMES)
        return lambda part: outcomes[calls["outcome"][part]]
    if sort == "duration_ns":
        return lambda part: calls["end"][part] - calls["start"][part]
    column = calls[sort.removesuffix("_ns")]
    return lambda part: column[part].astype(np.int64, copy=False)


def _ranks(texts: list[str]) -> NDArray[np.int64]:
    """The place of each text among them all."""
    ranks = np.empty(len(texts), np.int64)
    ranks[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return ranks


def _smallest(keys: NDArray[np.int64], limit: int) -> NDArray[np.intp]:
    """The positions of the smallest keys in their order; of equal ones the first."""
    if limit >= len(keys):
        return np.argsort(keys, kind="stable")
    if limit == 0:
        return np.empty(0, np.intp)
    border = np.partition(keys, limit - 1)[limit - 1]
    below = np.flatnonzero(keys < border)
    equal = np.flatnonzero(keys == border)[: limit - len(below)]
    positions = np.sort(np.concatenate([below, equal]))
    return positions[np.argsort(keys[positions], kind="stable")]


def _row(contents: Contents, call: int) -> list[Any]:
    calls, spans = contents.tables.calls, contents.spans
    code = contents.codes[spans.code[call]]
    return [
        call,
        spans.track[call],
        int(calls["depth"][call]),
        spans.start[call],
        spans.end[call] - spans.start[call],
        int(calls["self"][call]),
        plain(code.qualname, _NAME),
        plain(code.module, _NAME),
        _OUTCOMES[spans.outcome[call]],
    ]
