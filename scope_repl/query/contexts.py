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
        self_ns: the time spent in it alone.
        raised: how many of its calls ended by an exception.
        first: the row of its first call.
        children: the contexts below each one in the order in which they began; the roots are those below -1.

    Args:
        contents: the recording's contents.
        track: the row of the track.
    """

    def __init__(self, contents: Contents, track: int) -> None:
        self._track = track
        bounds = contents.tables.bounds[track]
        part = slice(bounds.first_slice, bounds.slice_end)
        slices = contents.tables.slices
        calls = contents.tables.calls
        parent = slices["parent"][part] - np.int32(bounds.first_slice)
        np.maximum(parent, -1, out=parent)
        call = slices["call"][part] if "call" in slices else np.arange(bounds.first_slice, bounds.slice_end)
        context = np.empty(len(parent), np.int32)
        code = np.ascontiguousarray(calls["code"][call])
        parents, codes = contexts({"parent": parent, "code": code, "context": context}, len(parent))
        self.parent: NDArray[np.int32] = np.frombuffer(parents, np.int32)
        self.code: NDArray[np.int32] = np.frombuffer(codes, np.int32)
        self._count(context, call, slices["start"][part], slices["end"][part], parent, calls)
        self.children = self._children()

    def _count(
        self,
        context: NDArray[np.int32],
        call: NDArray[Any],
        start: NDArray[np.int64],
        end: NDArray[np.int64],
        parent: NDArray[np.int32],
        calls: dict[str, NDArray[Any]],
    ) -> None:
        size = len(self.parent)
        durations = (end - start).astype(np.float64)
        below = parent >= 0
        inner = np.bincount(context[parent[below]], durations[below], minlength=size)
        self.total_ns = np.bincount(context, durations, minlength=size).astype(np.int64)
        self.self_ns = self.total_ns - inner.astype(np.int64)
        began = self._first_slices(call, len(calls["start"])) & (calls["track"][call] == self._track)
        self.count = np.bincount(context[began], minlength=size)
        raised = calls["outcome"][call[began]] == Outcome.RAISE
        self.raised = np.bincount(context[began], raised, minlength=size).astype(np.int64)
        self.first = np.full(size, -1, np.int64)
        self.first[context[::-1]] = call[::-1]

    @staticmethod
    def _first_slices(call: NDArray[Any], calls: int) -> NDArray[np.bool_]:
        """Of the slices of a track those that are the first of their call."""
        rows = np.arange(len(call))
        first = np.empty(calls, np.intp)
        first[call[::-1]] = rows[::-1]
        is_first: NDArray[np.bool_] = first[call] == rows
        return is_first

    def _children(self) -> dict[int, list[int]]:
        children: dict[int, list[int]] = {}
        for row in range(len(self.parent)):
            children.setdefault(int(self.parent[row]), []).append(row)
        return children
