from __future__ import annotations

import threading
from collections.abc import Callable

PATIENCE_S = 5.0


class Audience:
    """The views that show a chart, as far as they have said so, and which names each of them has been told.

    A view says when it opens and when it closes. One whose page was reloaded or closed says nothing any more; so when
    one closes and others are left, these are asked whether they are still there.

    Args:
        ask: asks all views to say again that they are open.
        left: is called when the last view has closed.

    Attributes:
        seen: whether there ever was a view.
    """

    def __init__(self, ask: Callable[[], None], left: Callable[[], None]) -> None:
        self._ask = ask
        self._left = left
        self._told: dict[str, set[int]] = {}
        self._open: set[str] = set()
        self._silent: set[str] = set()
        self.seen = False

    def told(self, view: str) -> set[int]:
        """The numbers of the callables whose names a view has been told: a set to add to."""
        return self._told.setdefault(view, set())

    def opened(self, view: str) -> None:
        """A view says that it is open."""
        self.seen = True
        self._open.add(view)
        self._silent.discard(view)

    def closed(self, view: str) -> None:
        """A view says that it closes."""
        self._told.pop(view, None)
        if view not in self._open:
            return
        self._open.remove(view)
        if not self._open:
            self._left()
            return
        self._silent = set(self._open)
        self._ask()
        timer = threading.Timer(PATIENCE_S, self._give_up)
        timer.daemon = True
        timer.start()

    def _give_up(self) -> None:
        """Those who were asked and have said nothing are gone."""
        silent, self._silent = self._silent, set()
        self._open -= silent
        if silent and not self._open:
            self._left()
