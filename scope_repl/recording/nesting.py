"""How deep the text of a captured value goes: values hold each other, also in circles."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator

from scope_repl.schema import LOOK_DEPTH, LOOK_INSTANCES

DEPTH = LOOK_DEPTH + 2
PARTS = 1000


class _Writing(threading.local):
    """What is being written in a thread: the values that are begun, the instances among them, and the room left."""

    def __init__(self) -> None:
        self.open: dict[int, bool] = {}
        self.most = self.left = PARTS


_writing = _Writing()


def nested(value: object, write: Callable[[], str], closed: str, *, instance: bool = False) -> str:
    """The text of a value that holds others.

    Args:
        value: the value.
        write: gives its text.
        closed: its text where it is not opened: inside itself, very deep, after a great many others, and deeper in
            instances than a look goes.
        instance: whether it is an instance.
    """
    writing = _writing
    if not writing.open:
        writing.left = writing.most
    elif id(value) in writing.open or writing.left <= 0 or _is_deep(writing, instance):
        return closed
    writing.open[id(value)] = instance
    try:
        return write()
    finally:
        del writing.open[id(value)]


def text_of(value: object, limit: int) -> str:
    """The text of a captured value of which not more is needed than the beginning.

    Args:
        value: the value.
        limit: how many of its characters are needed at the least; more are of no harm.
    """
    writing = _writing
    before, writing.most = writing.most, min(writing.most, limit)
    try:
        return repr(value)
    finally:
        writing.most = before


def _is_deep(writing: _Writing, instance: bool) -> bool:
    return len(writing.open) >= DEPTH or (instance and sum(writing.open.values()) >= LOOK_INSTANCES)


def joined(texts: Iterable[str]) -> str:
    """The texts of the parts of a value, as many as there is room for."""
    return ", ".join(_as_room_is_left(texts))


def _as_room_is_left(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if _writing.left <= 0:
            yield "…"
            return
        _writing.left -= 1
        yield text


class _Comparing(threading.local):
    """The pairs that are being compared in a thread."""

    def __init__(self) -> None:
        self.open: set[tuple[int, int]] = set()


_comparing = _Comparing()


def compared(one: object, other: object, compare: Callable[[], bool]) -> bool:
    """Whether two values are equal. Two that are being compared already are, as far as they are concerned themselves.

    Args:
        one: a value.
        other: another one.
        compare: compares them.
    """
    pair = id(one), id(other)
    if pair in _comparing.open:
        return True
    _comparing.open.add(pair)
    try:
        return compare()
    finally:
        _comparing.open.discard(pair)
