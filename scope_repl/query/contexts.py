from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scope_repl._reader import contexts
from scope_repl.schema import Outcome

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents


class Contexts:
    """The calls of a track, merged: all calls of one function from one context are one context.

    Attributes:
        parent: for each context the one it is called from, or -1; parents stand before their children.
        code: the number of its callable.
        count: how many calls began in it; 0 where generators were only resumed.
        total_ns: the time spent in it and below it.
        raised: how many of its calls ended by an exception.
        first: the row of its first call.
        children: the contexts below each one in the order in which they began; the roots are those below -1.

    Args:
        contents: the recording's contents.
        track: the row of the track.
    """

    def __init__(self, contents: Contents, track: int) -> None:
        bounds = contents.tables.bounds[track]
        part = slice(bounds.first_slice, bounds.slice_end)
        slices, calls = contents.tables.slices, contents.tables.calls
        call = slices["call"][part] if "call" in slices else part
        parent = slices["parent"][part] - np.int32(bounds.first_slice)
        np.maximum(parent, -1, out=parent)
        context = np.empty(len(parent), np.int32)
        columns = {"parent": parent, "code": calls["code"][call], "context": context}
        parents, codes, firsts = contexts(columns, len(parent))
        self.parent: NDArray[np.int32] = np.frombuffer(parents, np.int32)
        self.code: NDArray[np.int32] = np.frombuffer(codes, np.int32)
        first = np.frombuffer(firsts, np.int32)
        self.first = first + bounds.first_slice if isinstance(call, slice) else call[first]
        size = len(self.parent)
        durations = slices["end"][part] - slices["start"][part]
        self.total_ns = np.bincount(context, durations, minlength=size).astype(np.int64)
        if not isinstance(call, slice):
            began = _first_slices(call, len(calls["start"])) & (calls["track"][call] == track)
            call, context = call[began], context[began]
        self.count = np.bincount(context, minlength=size)
        self.raised = np.bincount(context[calls["outcome"][call] == Outcome.RAISE], minlength=size)
        self.children = self._children()

    def _children(self) -> dict[int, list[int]]:
        children: dict[int, list[int]] = {}
        for row in range(len(self.parent)):
            children.setdefault(int(self.parent[row]), []).append(row)
        return children


def _first_slices(call: NDArray[Any], calls: int) -> NDArray[np.bool_]:
    """Of the slices of a track those that are the first of their call."""
    rows = np.arange(len(call))
    first = np.empty(calls, np.intp)
    first[call[::-1]] = rows[::-1]
    is_first: NDArray[np.bool_] = first[call] == rows
    return is_first
