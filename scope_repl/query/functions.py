from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scope_repl.query.contexts import Contexts

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents


def functions(contents: Contents) -> pd.DataFrame:
    """What each function cost: one row for each, those with the most self time first.

    Args:
        contents: the recording's contents.

    Returns:
        module (empty where there is none), function (its qualified name), calls, self_ns (the time spent in it alone)
        and total_ns (the time in which it or what it called was running on some track).
    """
    calls = contents.tables.calls
    rows, first = _rows(contents)
    row = rows[calls["code"]]
    total_ns = np.zeros(len(first), np.int64)
    for track in range(len(contents.tracks)):
        _add_totals(total_ns, Contexts(contents, track), rows)
    codes = [contents.codes[number] for number in first]
    table = pd.DataFrame(
        {
            "module": np.array([code.module for code in codes], object),
            "function": np.array([code.qualname for code in codes], object),
            "calls": np.bincount(row, minlength=len(first)).astype(np.int64),
            "self_ns": _sums(row, calls["self"], len(first)),
            "total_ns": total_ns,
        }
    )
    return table.sort_values("self_ns", ascending=False, kind="stable", ignore_index=True)


def _rows(contents: Contents) -> tuple[NDArray[np.intp], list[int]]:
    """The row of each callable, by its number, and the first callable of each row: one function may be several."""
    used = np.flatnonzero(np.bincount(contents.tables.calls["code"])).tolist()
    numbers = {(contents.codes[number].module, contents.codes[number].qualname): number for number in reversed(used)}
    first = sorted(numbers.values())
    position = {number: row for row, number in enumerate(first)}
    rows = np.full(used[-1] + 1 if used else 0, -1, np.intp)
    for number in used:
        code = contents.codes[number]
        rows[number] = position[numbers[code.module, code.qualname]]
    return rows, first


def _sums(row: NDArray[np.intp], values: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Sums by row. Sums of integers below 2**53 ns, which are 104 days, are exact in floating point too."""
    return np.bincount(row, values, minlength=count).astype(np.int64)


def _add_totals(total_ns: NDArray[np.int64], contexts: Contexts, rows: NDArray[np.intp]) -> None:
    """Add the time of each function on a track, once where it called itself."""
    running: set[int] = set()
    waiting = [(child, False) for child in contexts.children.get(-1, ())]
    while waiting:
        context, done = waiting.pop()
        row = int(rows[contexts.code[context]])
        if done:
            running.discard(row)
            continue
        if row not in running:
            running.add(row)
            total_ns[row] += contexts.total_ns[context]
            waiting.append((context, True))
        waiting += [(child, False) for child in contexts.children.get(context, ())]
