"""The cell runs that a recording spans."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from scope_repl import _tracer
from scope_repl.model import CellRun, Clock


@dataclass(slots=True, eq=False)
class OpenRun:
    """A cell that is running. The cells that it runs in its turn are parts of it."""

    number: int | None
    source: str
    start: int


def _untitled(_: str) -> None:
    return None


@dataclass(slots=True)
class Cells:
    """Follows the cells of a notebook on every thread that runs some, and remembers them while a recorder runs.

    Attributes:
        title_of: the title, such as ``In[3]``, of a file that is a cell of the notebook; None for any other.
    """

    title_of: Callable[[str], str | None] = _untitled
    _open: dict[int, list[OpenRun]] = field(default_factory=dict)
    _done: list[CellRun] = field(default_factory=list)

    def begin(self, number: int | None, source: str) -> OpenRun:
        """A cell begins on this thread.

        Args:
            number: its execution number, if it has one.
            source: its text, as it was typed.

        Returns:
            The run, which `end` ends.
        """
        run = OpenRun(number, source, _tracer.now())
        self._open.setdefault(threading.get_ident(), []).append(run)
        return run

    def end(self) -> OpenRun | None:
        """The innermost cell on this thread ends.

        Returns:
            The run that ended, or None when no beginning was seen.
        """
        ident = threading.get_ident()
        runs = self._open.get(ident)
        if not runs:
            return None
        run = runs.pop()
        if not runs:
            del self._open[ident]
            if _tracer.running():
                self._done.append(CellRun(run.number, run.source, run.start, _tracer.now()))
        return run

    def current(self) -> OpenRun | None:
        """The innermost cell that is running on this thread."""
        runs = self._open.get(threading.get_ident())
        return runs[-1] if runs else None

    def forget(self) -> None:
        """A recording starts: the cells that are over do not belong to it."""
        self._done.clear()

    def clear(self) -> None:
        """Nobody follows the cells any more: forget those that are running too."""
        self._open.clear()
        self._done.clear()
        self.title_of = _untitled

    def titles(self, files: Iterable[str]) -> dict[str, str]:
        """The titles of those files that are cells of the notebook."""
        found = ((file, self.title_of(file)) for file in files)
        return {file: title for file, title in found if title is not None}

    def within(self, clock: Clock) -> tuple[CellRun, ...]:
        """The cell runs of a recording that has ended, by their start, cut to its limits.

        Args:
            clock: the recording's clock.

        Returns:
            The runs that overlap it; those that are still going on end with it.
        """
        going_on = [CellRun(runs[0].number, runs[0].source, runs[0].start, clock.end) for runs in self._open.values()]
        return tuple(
            CellRun(run.number, run.source, max(run.start, clock.start), min(run.end, clock.end))
            for run in sorted((*self._done, *going_on), key=lambda run: run.start)
            if run.end >= clock.start
        )
