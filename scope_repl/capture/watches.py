"""What is watched, over the recordings, and while one is running."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from scope_repl import _tracer
from scope_repl.errors import OptionError
from scope_repl.watched import Watched, WatchedName, to_watch


class Watches:
    """Follows the attributes of objects and classes while a recorder runs.

    Attributes:
        namespace: the variables of the notebook, in which names are looked up; without it those of ``__main__``.
    """

    def __init__(self) -> None:
        self.namespace: dict[str, Any] | None = None
        self._kept: tuple[Watched, ...] = ()
        self._now: tuple[Watched, ...] = ()  # what the recording that is going on watches
        self._names: tuple[WatchedName, ...] = ()  # what it waits for
        self._begun = False

    @property
    def kept(self) -> tuple[Watched, ...]:
        """What every recording watches, without what is known to be gone."""
        return tuple(watched for watched in self._kept if not watched.is_weak or watched.thing() is not None)

    def add(self, things: tuple[Any, ...]) -> None:
        """Watch instances and classes, in the recording that is going on too, until they are removed.

        Args:
            things: them, and names that stand for some.

        Raises:
            NotWatchable: one of them cannot be watched; none is then.
            OptionError: there is nothing of that name.
        """
        found = [self._found(each) if isinstance(each, WatchedName) else each for each in to_watch(things)]
        self._kept, new = self.kept, []
        for watched in found:
            if not any(map(watched.is_same, self._kept)):
                self._kept += (watched,)
                new.append(watched)
        if self._begun:
            self._now += tuple(new)
            self._watch(new)

    def remove(self, things: tuple[Any, ...]) -> None:
        """Watch instances and classes no longer, nor in the recording that is going on.

        Args:
            things: them; without any, all that are watched.
        """

        def stays(watched: Watched) -> bool:
            return bool(things) and not any(watched.is_of(thing) for thing in things)

        self._kept = tuple(filter(stays, self._kept))
        self._now = tuple(filter(stays, self._now))
        if self._begun:
            _tracer.unwatch()
            self._watch(self._now)
            self._wait()

    def begin(self, also: tuple[Watched | WatchedName, ...], wait: bool) -> None:
        """A recording is about to start.

        Args:
            also: what this recording watches besides.
            wait: whether names are waited for that do not stand for anything yet.

        Raises:
            OptionError: there is nothing of some name, and it is not waited for.
            NotWatchable: what has that name cannot be watched.
        """
        names = [each for each in also if isinstance(each, WatchedName)]
        self._names = tuple(names) if wait else ()
        found = () if wait else tuple(map(self._found, names))
        self._now = (*self.kept, *(each for each in also if isinstance(each, Watched)), *found)
        self._begun = True
        self._watch(self._now)
        self._wait()

    def look(self) -> None:
        """The recording has started: put down the state of what is watched."""
        _tracer.look_at_watched([watched.thing() for watched in self._now if watched.is_weak])
        tracked = self._tracked()
        _tracer.look_at_watched(tracked)
        tracked.clear()

    @property
    def addresses(self) -> tuple[int, ...]:
        """The addresses of the instances that the recording that is going on has watched one by one."""
        known = (watched.address for watched in self._now if not watched.is_class)
        return tuple(dict.fromkeys((*known, *_tracer.watched())))

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said about names that are waited for in vain so far."""
        names = {(name.module or "__main__", *name.path): name.text for name in self._names}
        return tuple(f"nothing was watched as {names[path]!r}: it never was there" for path in _tracer.waiting())

    def end(self) -> None:
        """The recording is over, if there was one: put the classes back as they were."""
        _tracer.unwatch()
        self._now, self._names, self._begun = (), (), False

    def _tracked(self) -> list[Any]:
        """The objects among which some must be found that are watched; it may be any."""
        needed = any(watched.is_class or not watched.is_weak for watched in self._now)
        return gc.get_objects() if needed else []

    def _watch(self, several: Iterable[Watched]) -> None:
        tracked = self._tracked()
        for watched in several:
            thing = watched.thing(tracked)
            if thing is not None:
                _tracer.watch(thing)
        tracked.clear()  # whatever may hold the list

    def _wait(self) -> None:
        for name in self._names:
            _tracer.watch_later((name.module or "__main__", *name.path))

    def _found(self, name: WatchedName) -> Watched:
        variables = self.namespace
        if name.module is not None or variables is None:
            module = sys.modules.get(name.module or "__main__")
            variables = object.__getattribute__(module, "__dict__") if isinstance(module, ModuleType) else {}
        try:
            thing = _tracer.find(variables, name.path)
        except LookupError:
            raise OptionError("watch", name.text, "there is nothing of this name: make it first, then record") from None
        return Watched(thing)
