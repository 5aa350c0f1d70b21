from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from scope_repl.query.variables import NOT_BOUND, Variable
from scope_repl.recording.resolve import Look
from scope_repl.recording.standing import Standing, held, last_known, unknown

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.resolve import Resolver
    from scope_repl.recording.written import Write

_BESIDE = "it changed before the end of the cell, at which time is not known"
_NEVER = "nothing looked at this name later"
_NOT_SEEN = "it was not captured: nothing that was recorded had bound it"


class Names:
    """The names of a module, as far as recorded lines and cells bound them.

    Args:
        contents: the recording's contents.
        module: the module's name.
        time_ns: the time.
        look: the last look at the names; None if there was none.
        binds: tells whether what is running in the module's body may bind a name; None where that is not known.
    """

    def __init__(
        self,
        contents: Contents,
        module: str,
        time_ns: int,
        look: Look | None,
        binds: Callable[[int], bool | None] = lambda _: None,
    ) -> None:
        self._contents = contents
        self._binds = binds
        self._module = module
        self._time_ns = time_ns
        self._look = look
        self._writes = contents.state.names(module, time_ns)

    def variables(self, resolver: Resolver) -> dict[str, Variable]:
        """Those that have a value.

        Args:
            resolver: the objects of the time.
        """
        return {
            name: Variable(self._contents, resolver, write, partial(self._held, name, write))
            for name, write in self._writes.items()
            if not (name.startswith(".") or self._contents.payloads.is_gone(write.data))
        }

    def _held(self, name: str, write: Write | None) -> Standing:
        """How it is known that a name was still what it had been.

        A change that was noticed beside the lines, at the end of a cell, may have been made at any time before.
        """
        since_ns = 0 if write is None else write.time_ns
        after = self._contents.state.name_after(self._module, name, self._time_ns)
        if after is not None and after.call < 0:
            return last_known(self._time_ns - since_ns, _BESIDE)
        if self._look is None:
            return held(self._time_ns, since_ns, None, None, _NEVER)
        changed_ns = None if after is None else after.time_ns
        seen_ns = max(self._look.seen_ns, since_ns)
        if write is not None and self._time_ns != seen_ns and self._binds(write.key):
            return last_known(self._time_ns - seen_ns, self._look.running)
        return held(self._time_ns, seen_ns, self._look.next_ns, changed_ns, self._look.running)

    def met(self, name: str) -> bool:
        """Whether anything was seen of a name so far."""
        return name in self._writes

    def absent(self, name: str) -> Standing:
        """Of a name that has no value, how that is known.

        Args:
            name: the name.
        """
        if self._look is None and name not in self._writes:
            return unknown(_NOT_SEEN)
        standing = self._held(name, self._writes.get(name))
        return NOT_BOUND if standing.exact else replace(standing, reason=f"it was not bound; {standing.reason}")


def look_by_cells(contents: Contents, time_ns: int) -> Look | None:
    """The look at the notebook's names at the last beginning or end of a cell; None if there was none.

    Args:
        contents: the recording's contents.
        time_ns: the time that is asked about.
    """
    boundaries = contents.cells.boundaries
    place = bisect_right(boundaries, time_ns)
    if not place:
        return None
    next_ns = boundaries[place] if place < len(boundaries) else None
    return Look(boundaries[place - 1], next_ns, "a cell was running, or something beside the cells", tuple)
