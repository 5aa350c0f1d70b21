"""What captured lists, tuples, sets and dicts share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import RLock
from typing import Any, ClassVar, NamedTuple, NoReturn, Self

from scope_repl.errors import UnknownValue
from scope_repl.recording.nesting import compared, joined, nested
from scope_repl.recording.standing import Standing, own_standing

_filling = RLock()
_CHANGES = frozenset({
    "__delitem__", "__iadd__", "__iand__", "__imul__", "__ior__", "__isub__", "__ixor__", "__setitem__", "add",
    "append", "clear", "difference_update", "discard", "extend", "insert", "intersection_update", "pop", "popitem",
    "remove", "reverse", "setdefault", "sort", "symmetric_difference_update", "update",
})  # fmt: skip
_OF_TYPES = frozenset({
    "__class_getitem__", "__doc__", "__getattribute__", "__getnewargs__", "__hash__", "__init__", "__new__",
    "__sizeof__", "fromkeys",
})  # fmt: skip


class Filling(NamedTuple):
    """What a container holds.

    Attributes:
        items: those that were kept; of a dict, pairs.
        size: how many there were.
        gap: how many of those that were kept stand before the missing ones.
        sampled: whether a change among the missing ones may have gone unnoticed.
    """

    items: Iterable[Any]
    size: int
    gap: int
    sampled: bool = False


def _copied(name: str) -> Callable[..., Any]:
    def method(self: Any, *arguments: Any, **options: Any) -> Any:
        return getattr(self.copy(), name)(*arguments, **options)

    method.__name__ = name
    return method


def _refused(name: str) -> Callable[..., NoReturn]:
    def method(self: Any, *_: Any, **__: Any) -> NoReturn:
        plain = self.plain.__name__
        raise TypeError(f"{name}: a captured {plain} is what was and cannot be changed; copy() gives one that can")

    method.__name__ = name
    return method


class Container:
    """What they share. ``len`` tells the real size; reaching for what was not kept raises ``UnknownValue``.

    They are what was: they cannot be changed; ``copy()`` gives a plain one with the same items, ``to_python()`` one
    whose items are plain too.

    Attributes:
        address: the address it had: one object has one as long as it lives.
    """

    plain: ClassVar[Any]
    address: int
    _size = 0
    _gap = 0
    _sampled = False
    _read: Callable[[], Filling] | None = None
    __told__: Callable[[], Standing] | None = None

    def __init_subclass__(cls) -> None:
        """Whatever the real type can do besides is done with a copy, or refused if it is a change."""
        plain = getattr(cls, "plain", None)
        for name in vars(plain) if plain else ():
            if name in _CHANGES:
                setattr(cls, name, _refused(name))
            elif name not in _OF_TYPES and getattr(cls, name) is getattr(plain, name):
                setattr(cls, name, _copied(name))

    @classmethod
    def later(cls, address: int, read: Callable[[], Filling], told: Callable[[], Standing]) -> Self:
        """One that is filled when it is first looked into.

        Args:
            address: its address.
            read: gives what it holds.
            told: tells how that is known.
        """
        self = cls.__new__(cls)
        self.address, self._read, self.__told__ = address, read, told
        return self

    def _filled(self) -> Self:
        if self._read is not None:
            with _filling:
                if self._read is not None:
                    self._fill(self._read())
                    self._read = None
        return self

    def _fill(self, filling: Filling) -> None:
        self._store(filling.items)
        self._size, self._gap, self._sampled = filling.size, filling.gap, filling.sampled

    def _store(self, items: Iterable[Any]) -> None:
        self.plain.__init__(self, items)

    @property
    def size(self) -> int:
        """How many items it had."""
        return self._filled()._size

    @property
    def complete(self) -> bool:
        """Whether all its items were kept, each of which may have been cut itself."""
        return bool(self.plain.__len__(self._filled()) == self._size)

    @property
    def sampled(self) -> bool:
        """Whether of its items only a sample was looked at, so that a change of the others may have gone unnoticed."""
        return self._filled()._sampled

    @property
    def standing(self) -> Standing:
        """How it is known that it held this."""
        return own_standing(self)

    @property
    def kept(self) -> Any:
        """What was kept of it, as a plain list, tuple, set or dict."""
        return self.plain(map(ready, self.plain.__iter__(self._filled())))

    def copy(self) -> Any:
        """All its items in a plain list, tuple, set or dict.

        Raises:
            UnknownValue: not all of them were kept.
        """
        return self.plain(iter(self))

    def to_python(self) -> Any:
        """The real value that this was: made of plain lists, tuples, sets, dicts and what they hold.

        Raises:
            UnknownValue: something in it was not kept, or cannot be made again, such as an instance.
        """
        return rebuilt(self, {}, "the value")

    def __rebuilt__(self, made: dict[int, Any], path: str) -> Any:
        if not self.complete:
            raise UnknownValue(path, self.missing)
        return self._rebuild(made, path)

    def _rebuild(self, made: dict[int, Any], path: str) -> Any:
        items = (rebuilt(item, made, f"{path}[{place}]") for place, item in enumerate(self))
        return made.setdefault(id(self), self.plain(items))

    @property
    def missing(self) -> str:
        """What was not kept of its items, in words; "" if all were."""
        return "" if self.complete else f"{self.plain.__len__(self):,} of {self._size:,} items were captured"

    def fail(self, what: str) -> NoReturn:
        """Raise the error for something that was not kept."""
        kept, name = self.plain.__len__(self), self.plain.__name__
        raise UnknownValue(what, f"of this {name}'s {self._size} items {kept} were captured (`kept` has them)")

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Any]:
        yield from map(ready, self.plain.__iter__(self._filled()))
        if not self.complete:
            self.fail("the next item")

    def __contains__(self, item: object) -> bool:
        if self.plain.__contains__(self._filled(), item):
            return True
        return False if self.complete else self.fail(f"whether it held {item!r}")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, self.plain) or not self.complete:
            return False
        if isinstance(other, Container) and not other.complete:
            return False
        return compared(self, other, lambda: self.plain.__eq__(self, other) is True)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        """As a complete real one is hashed; what was cut is like nothing else."""
        return int(self.plain.__hash__(self)) if self.complete else object.__hash__(self)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> Any:
        return self.plain, (self.copy(),)

    def __repr__(self) -> str:
        before, after, empty = self._marks()
        size = self.size
        return nested(self, lambda: f"{before}{joined(self._texts())}{after}" if size else empty, f"{before}…{after}")

    def _marks(self) -> tuple[str, str, str]:
        """What stands before its items and behind them, and its text when it is empty."""
        raise NotImplementedError

    def _texts(self) -> Iterator[str]:
        missing = self._size - self.plain.__len__(self)
        for place, text in enumerate(self._items()):
            if missing and place == self._gap:
                yield f"… {missing} more"
            yield text
        if missing and self._gap >= self.plain.__len__(self):
            yield f"… {missing} more"

    def _items(self) -> Iterator[str]:
        return map(repr, self.plain.__iter__(self))


def ready(value: Any) -> Any:
    """A value that is about to be handed out: whoever reads its memory without asking it must find its items there."""
    return value._filled() if isinstance(value, Container) else value


def rebuilt(value: Any, made: dict[int, Any], path: str) -> Any:
    """The real value that a captured one was.

    Args:
        value: the captured value.
        made: those that were made already, by the ``id`` of the captured ones.
        path: where it stands, for the error.

    Raises:
        UnknownValue: it was not kept whole, or cannot be made again.
    """
    if id(value) in made:
        return made[id(value)]
    if isinstance(value, slice):
        return slice(*(rebuilt(part, made, path) for part in (value.start, value.stop, value.step)))
    rebuild = getattr(type(value), "__rebuilt__", None)
    return value if rebuild is None else rebuild(value, made, path)
