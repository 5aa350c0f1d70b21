"""Captured lists, tuples, sets and dicts: like the real ones, but honest about what was not kept of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, NoReturn

from scope_repl.errors import UnknownValue


class Container:
    """What they share. ``len`` tells the real size; reaching for what was not kept raises ``UnknownValue``.

    Attributes:
        address: the address it had: one object has one as long as it lives.
        size: how many items it had.
    """

    plain: ClassVar[Any]
    address: int
    size: int

    @property
    def complete(self) -> bool:
        """Whether all its items were kept, each of which may have been cut itself."""
        return bool(self.plain.__len__(self) == self.size)

    @property
    def kept(self) -> Any:
        """What was kept of it, as a plain list, tuple, set or dict."""
        return self.plain(self.plain.__iter__(self))

    def fail(self, what: str) -> NoReturn:
        """Raise the error for something that was not kept."""
        kept, name = self.plain.__len__(self), self.plain.__name__
        raise UnknownValue(what, f"of this {name}'s {self.size} items {kept} were captured (`kept` has them)")

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Any]:
        yield from self.plain.__iter__(self)
        if not self.complete:
            self.fail("the next item")

    def __contains__(self, item: object) -> bool:
        if self.plain.__contains__(self, item):
            return True
        return False if self.complete else self.fail(f"whether it held {item!r}")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        whole = self.complete and not (isinstance(other, Container) and not other.complete)
        return whole and self.plain.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        """As a complete real one is hashed; what was cut is like nothing else."""
        return int(self.plain.__hash__(self)) if self.complete else object.__hash__(self)

    def _joined(self, items: Iterable[str]) -> str:
        missing = self.size - self.plain.__len__(self)
        return ", ".join([*items, *([f"… {missing} more"] if missing else [])])


class _Sequence(Container):
    def __getitem__(self, index: Any) -> Any:
        kept = self.plain.__len__(self)
        if isinstance(index, slice):
            places = range(self.size)[index]
            if places and max(places) >= kept:
                self.fail(f"item {max(places)}")
            return self.plain(self.plain.__getitem__(self, place) for place in places)
        place = index + self.size if index < 0 else index
        if kept <= place < self.size:
            self.fail(f"item {index}")
        if not 0 <= place < self.size:
            raise IndexError(f"{self.plain.__name__} index {index} out of range: it had {self.size} items")
        return self.plain.__getitem__(self, place)


class CapturedList(_Sequence, list[Any]):
    """A list as it was."""

    plain = list
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, items: Iterable[Any], address: int, size: int) -> None:
        list.__init__(self, items)
        self.address = address
        self.size = size

    def __repr__(self) -> str:
        return f"[{self._joined(map(repr, self.kept))}]"


class CapturedTuple(_Sequence, tuple[Any, ...]):
    """A tuple as it was."""

    plain = tuple

    def __new__(cls, items: Iterable[Any], address: int, size: int) -> CapturedTuple:  # noqa: D102
        self = tuple.__new__(cls, items)
        self.address = address
        self.size = size
        return self

    def __repr__(self) -> str:
        return f"({self._joined(map(repr, self.kept))}{',' if self.size == 1 and self.complete else ''})"


class CapturedSet(Container, set[Any]):
    """A set as it was."""

    plain = set
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, items: Iterable[Any], address: int, size: int) -> None:
        set.__init__(self, items)
        self.address = address
        self.size = size

    def __repr__(self) -> str:
        return f"{{{self._joined(map(repr, self.kept))}}}" if self.size else "set()"


class CapturedFrozenset(Container, frozenset[Any]):
    """A frozenset as it was."""

    plain = frozenset

    def __new__(cls, items: Iterable[Any], address: int, size: int) -> CapturedFrozenset:  # noqa: D102
        self = frozenset.__new__(cls, items)
        self.address = address
        self.size = size
        return self

    def __repr__(self) -> str:
        return f"frozenset({{{self._joined(map(repr, self.kept))}}})" if self.size else "frozenset()"


class CapturedDict(Container, dict[Any, Any]):
    """A dict as it was."""

    plain = dict
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, items: Iterable[tuple[Any, Any]], address: int, size: int) -> None:
        dict.__init__(self, items)
        self.address = address
        self.size = size

    @property
    def kept(self) -> dict[Any, Any]:
        """What was kept of it, as a plain dict."""
        return dict(dict.items(self))

    def __missing__(self, key: object) -> NoReturn:
        if self.complete:
            raise KeyError(key)
        self.fail(f"the value under {key!r}")

    def get(self, key: Any, default: Any = None) -> Any:
        """The value under a key, or the default if there was none."""
        try:
            return self[key]
        except KeyError:
            return default

    def keys(self) -> Any:
        """Its keys."""
        return dict.keys(self) if self.complete else self.fail("the keys")

    def values(self) -> Any:
        """Its values."""
        return dict.values(self) if self.complete else self.fail("the values")

    def items(self) -> Any:
        """Its keys and values."""
        return dict.items(self) if self.complete else self.fail("the items")

    def __repr__(self) -> str:
        return f"{{{self._joined(f'{key!r}: {value!r}' for key, value in self.kept.items())}}}"
