"""The texts that a notebook shows while a recorder runs: on their way, in front of the functions that show them."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType
from typing import Any, NamedTuple

from scope_repl import _tracer

SILENT, STDOUT, STDERR, DISPLAY, RESULT = range(5)  # the streams of OUTPUT records; what SILENT shows is not recorded

_MISSING = object()


class Place(NamedTuple):
    """A function that shows texts, where an object has it.

    Attributes:
        holder: the object.
        name: the function's name in it.
        stream: what it shows. Functions of ``STDOUT`` and ``STDERR`` take a text, the others of the shell's choice.
    """

    holder: Any
    name: str
    stream: int


class _Tap:
    """A function's stand-in, put among its holder's own attributes: no class changes, and no other object's output."""

    def __init__(self, place: Place, attributes: dict[str, Any]) -> None:
        self._holder = _weakly(place.holder)
        self._name = place.name
        self._before = attributes.get(place.name, _MISSING)
        attributes[place.name] = stand_in = _tracer.tap(getattr(place.holder, place.name), place.stream)
        self._stand_in = weakref.ref(stand_in)

    @property
    def is_gone(self) -> bool:
        """Whether nobody can call it any more."""
        return self._stand_in() is None

    def is_called_by(self, function: Any) -> bool:
        """Whether it is a function, or directly behind one that others have put in front of it, as IPython does."""
        stand_in = self._stand_in()
        return stand_in is not None and any(each is stand_in for each in (function, *_closed_over(function)))

    def take_out(self) -> bool:
        """Put back what was there; False if others have put something in front of it, which may come back to it."""
        holder = self._holder()
        attributes = _attributes(holder) if holder is not None else None
        if attributes is None or self.is_gone:
            return True
        if attributes.get(self._name) is not self._stand_in():
            return False
        if self._before is _MISSING:
            del attributes[self._name]
        else:
            attributes[self._name] = self._before
        return True


def _nothing() -> Iterable[Place]:
    return ()


class Outputs:
    """Records what is shown while a recorder runs.

    Attributes:
        places: the functions that show something now; a shell's extension says which.
    """

    def __init__(self) -> None:
        self.places: Callable[[], Iterable[Place]] = _nothing
        self._taps: list[_Tap] = []
        self._covered: list[_Tap] = []  # not in use any more, but behind something of others

    def follow(self) -> None:
        """Be where something is shown now: at the start, and again whenever that may have changed."""
        self._taps = [tap for tap in self._taps if not tap.is_gone]
        for place in self.places():
            attributes = _attributes(place.holder)
            if attributes is None:
                continue
            function = attributes.get(place.name)
            if not any(tap.is_called_by(function) for tap in self._taps):
                with contextlib.suppress(Exception):  # it has no such function, or does not give it
                    self._taps.append(_Tap(place, attributes))

    def end(self) -> None:
        """Be nowhere any more, if anywhere: put back what was there."""
        taps = [*reversed(self._taps), *self._covered]
        self._taps = []
        self._covered = [tap for tap in taps if not tap.take_out()]


def _attributes(holder: Any) -> dict[str, Any] | None:
    """An object's own attributes, without asking its class; None if it has none."""
    try:
        attributes = object.__getattribute__(holder, "__dict__")
    except AttributeError:
        return None
    return attributes if type(attributes) is dict else None


def _closed_over(function: Any) -> Iterator[Any]:
    """What a Python function has in its closure."""
    for cell in (function.__closure__ or ()) if type(function) is FunctionType else ():
        with contextlib.suppress(ValueError):  # it is empty
            yield cell.cell_contents


def _weakly(holder: Any) -> Callable[[], Any]:
    try:
        return weakref.ref(holder)
    except TypeError:
        return lambda: holder
