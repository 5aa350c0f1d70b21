"""Captured lists, tuples, sets and dicts: like the real ones, but honest about what was not kept of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from scope_repl.recording.container import Container, ready, rebuilt

__all__ = ["CapturedDict", "CapturedFrozenset", "CapturedList", "CapturedSet", "CapturedTuple", "Container"]


class _Sequence(Container):
    def _place(self, index: int) -> int:
        """Where an item that was kept is stored."""
        size: int = self.size
        kept: int = self.plain.__len__(self)
        place = index + size if index < 0 else index
        if not 0 <= place < size:
            raise IndexError(f"{self.plain.__name__} index {index} out of range: it had {size} items")
        if kept == size or place < self._gap:
            return place
        return place - size + kept if place >= size - kept + self._gap else self.fail(f"item {index}")

    def places(self) -> list[int]:
        """The places that those of its items had which were kept."""
        size, kept = self.size, self.plain.__len__(self)
        return [*range(self._gap), *range(size - kept + self._gap, size)]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self.plain(self[place] for place in range(self.size)[index])
        return ready(self.plain.__getitem__(self, self._place(index.__index__())))

    def __radd__(self, other: Any) -> Any:
        return other + self.copy()


class CapturedList(_Sequence, list[Any]):
    """A list as it was."""

    plain = list
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, items: Iterable[Any], address: int, size: int) -> None:
        self.address = address
        list.__init__(self, items)
        self._size, self._gap = size, list.__len__(self)

    def _rebuild(self, made: dict[int, Any], path: str) -> list[Any]:
        items: list[Any] = []
        made[id(self)] = items
        items += (rebuilt(item, made, f"{path}[{place}]") for place, item in enumerate(self))
        return items

    def _marks(self) -> tuple[str, str, str]:
        return "[", "]", "[]"


class CapturedTuple(_Sequence, tuple[Any, ...]):
    """A tuple as it was."""

    plain = tuple

    def __new__(cls, items: Iterable[Any], address: int, size: int) -> CapturedTuple:  # noqa: D102
        self = tuple.__new__(cls, items)
        self.address = address
        self._size, self._gap = size, tuple.__len__(self)
        return self

    def _marks(self) -> tuple[str, str, str]:
        return "(", ",)" if self.size == 1 and self.complete else ")", "()"


class CapturedSet(Container, set[Any]):
    """A set as it was."""

    plain = set
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, items: Iterable[Any], address: int, size: int) -> None:
        self.address = address
        set.__init__(self, items)
        self._size, self._gap = size, set.__len__(self)

    def _marks(self) -> tuple[str, str, str]:
        return "{", "}", "set()"


class CapturedFrozenset(Container, frozenset[Any]):
    """A frozenset as it was."""

    plain = frozenset

    def __new__(cls, items: Iterable[Any], address: int, size: int) -> CapturedFrozenset:  # noqa: D102
        self = frozenset.__new__(cls, items)
        self.address = address
        self._size, self._gap = size, frozenset.__len__(self)
        return self

    def _marks(self) -> tuple[str, str, str]:
        return "frozenset({", "})", "frozenset()"


class CapturedDict(Container, dict[Any, Any]):
    """A dict as it was."""

    plain = dict
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, items: Iterable[tuple[Any, Any]], address: int, size: int) -> None:
        self.address = address
        dict.__init__(self, items)
        self._size, self._gap = size, dict.__len__(self)

    @property
    def kept(self) -> dict[Any, Any]:
        """What was kept of it, as a plain dict."""
        return dict(dict.items(self._ready()))

    def _ready(self) -> CapturedDict:
        for value in dict.values(self._filled()):
            ready(value)
        return self

    def copy(self) -> dict[Any, Any]:
        """All its keys and values in a plain dict.

        Raises:
            UnknownValue: not all of them were kept.
        """
        return dict(self.items())

    def __getitem__(self, key: Any) -> Any:
        return ready(dict.__getitem__(self._filled(), key))

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
        return dict.values(self._ready()) if self.complete else self.fail("the values")

    def items(self) -> Any:
        """Its keys and values."""
        return dict.items(self._ready()) if self.complete else self.fail("the items")

    def _rebuild(self, made: dict[int, Any], path: str) -> dict[Any, Any]:
        items: dict[Any, Any] = {}
        made[id(self)] = items
        for key, value in self.items():
            items[rebuilt(key, made, f"a key of {path}")] = rebuilt(value, made, f"{path}[{key!r}]")
        return items

    def _marks(self) -> tuple[str, str, str]:
        return "{", "}", "{}"

    def _items(self) -> Iterator[str]:
        return (f"{key!r}: {value!r}" for key, value in dict.items(self))
