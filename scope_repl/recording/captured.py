"""Captured instances: plain data, never a live object; and with them all that is no plain value and no container."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MemberDescriptorType
from typing import Any

from scope_repl.errors import UnknownValue
from scope_repl.recording.container import Container, ready, rebuilt
from scope_repl.recording.containers import CapturedTuple
from scope_repl.recording.cut import GONE, PROTOCOLS, Reference, Seen, Unread
from scope_repl.recording.described import (
    CapturedArray,
    CapturedBytearray,
    CapturedFrame,
    CapturedNamed,
    CapturedType,
    TypeName,
    is_named,
)
from scope_repl.recording.nesting import compared, joined, nested
from scope_repl.recording.standing import EXACT, Standing

__all__ = [
    "CapturedArray",
    "CapturedBytearray",
    "CapturedDerived",
    "CapturedException",
    "CapturedFrame",
    "CapturedNamed",
    "CapturedObject",
    "CapturedType",
    "Description",
    "TypeName",
    "address_of",
]


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of a captured instance, apart from its attributes' names.

    Attributes:
        type: its type.
        address: the address it had.
        size: how many attributes it had itself; None if none were looked at.
        attributes: those that were kept.
        content: the builtin part of an instance of a builtin type's subclass; the arguments of an exception; else None.
    """

    type: TypeName
    address: int
    size: int | None
    attributes: Mapping[Any, Any]
    content: Any = None
    told: Callable[[], Standing] | None = field(default=None, compare=False, repr=False)

    @property
    def complete(self) -> bool:
        """Whether all its attributes were kept."""
        return len(self.attributes) == self.size

    @property
    def missing(self) -> str:
        """What was not kept of it, in words; "" if all was."""
        if self.size is None:
            return "its attributes were not looked at"
        return "" if self.complete else f"{len(self.attributes):,} of {self.size:,} attributes were captured"

    @property
    def names_items(self) -> bool:
        """Whether the attributes are the items, by their names, as with a named tuple."""
        content, attributes = self.content, self.attributes.values()
        return isinstance(content, CapturedTuple) and [*map(id, content.kept)] == [*map(id, attributes)] != []

    @property
    def standing(self) -> Standing:
        """How it is known that it was so."""
        return EXACT if self.told is None else self.told()

    def changed(self, writes: Iterable[tuple[str, Any]]) -> Description:
        """The same after some writes to its attributes, in their order.

        Args:
            writes: names and values; the value of one that was deleted is ``GONE``.
        """
        attributes, size = dict(self.attributes), self.size or 0
        for name, value in writes:
            size += (value is not GONE) - (name in attributes)
            attributes.pop(name, None) if value is GONE else attributes.update({name: value})
        return replace(self, attributes=attributes, size=size)

    def text(self, first: Iterable[str] = ()) -> str:
        """The type's name and what is in it, in parentheses."""
        parts = chain(first, (f"{name}={value!r}" for name, value in self.attributes.items()), self._rest())
        return f"{self.type.qualname}({joined(parts)})"

    def _rest(self) -> Iterator[str]:
        if self.size is None:
            yield "…"
        elif not self.complete:
            yield f"… {self.size - len(self.attributes)} more"


class CapturedObject:
    """An instance as it was. Its attributes are read as those of the real one would be; ``__captured__`` has the rest.

    Two are equal if type, address and all the attributes are; one equals a real instance if type and attributes do.

    Args:
        known: what is known of it, or what finds that out when it is first asked for.
        address: its address.
        told: tells how it is known that it was so; None if all of it stands where it is held.
    """

    __slots__ = ("__address__", "__known__", "__told__")

    def __init__(
        self,
        known: Description | Callable[[], Description],
        address: int,
        told: Callable[[], Standing] | None = None,
    ) -> None:
        self.__known__ = known
        self.__address__ = address
        self.__told__ = told

    @property
    def __captured__(self) -> Description:
        """What is known of it."""
        known = self.__known__
        if not isinstance(known, Description):
            known = self.__known__ = replace(known(), told=self.__told__)
        return known

    def __getattr__(self, name: str) -> Any:
        if name.startswith(PROTOCOLS):
            raise AttributeError(name)
        known = self.__captured__
        if name in known.attributes:
            return ready(known.attributes[name])
        if known.complete:
            raise AttributeError(
                f"this {known.type} held no attribute {name!r} itself "
                "(properties, methods and what its class holds are not captured)"
            )
        what = f"the attribute {name!r} of this {known.type}"
        if known.size is None:
            raise UnknownValue(what, known.missing)
        kept = f": {', '.join(map(str, known.attributes))}" if known.attributes else ""
        raise UnknownValue(what, f"of its {known.size} attributes {len(known.attributes)} were captured{kept}")

    def to_python(self) -> Any:
        """The real value that this was, where it can be made again.

        Raises:
            UnknownValue: it cannot, as with every instance of a class of one's own.
        """
        return rebuilt(self, {}, "the value")

    def __rebuilt__(self, made: dict[int, Any], path: str) -> Any:
        reason = f"it is an instance of {self.__captured__.type}, and making one would run the program's code"
        raise UnknownValue(path, reason)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *map(str, self.__captured__.attributes)]

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        known = self.__captured__
        if not known.complete:
            return False
        if not isinstance(other, CapturedObject):
            return _is_of(known.type, other) and dict(known.attributes) == own_attributes(other)
        return compared(self, other, lambda: known == other.__captured__)

    def __hash__(self) -> int:
        return hash(self.__address__)

    def __repr__(self) -> str:
        known = self.__captured__
        if "_name_" in known.attributes and "_value_" in known.attributes:
            return f"<{known.type.qualname}.{known.attributes['_name_']}: {known.attributes['_value_']!r}>"
        return nested(self, lambda: known.text(self.__shown__()), f"{known.type.qualname}(…)", instance=True)

    def __shown__(self) -> Iterable[str]:
        """The texts of what stands in front of its attributes."""
        return ()


def own_attributes(value: object) -> dict[str, Any]:
    """The attributes that a real instance holds itself, in its dictionary and its slots. Runs none of its code."""
    found = {}
    for slot in chain.from_iterable(vars(kind).values() for kind in type(value).__mro__):
        with suppress(AttributeError):
            if isinstance(slot, MemberDescriptorType):
                found[slot.__name__] = slot.__get__(value)
    with suppress(AttributeError):
        found |= object.__getattribute__(value, "__dict__")
    return found


def _is_of(name: TypeName, value: object) -> bool:
    return is_named(type(value), name.module, name.qualname)


class CapturedDerived(CapturedObject):
    """An instance of a subclass of a builtin type, such as a named tuple or an IntEnum's member.

    It compares, and gives its items, as its builtin part does.
    """

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        return ready(self.__captured__.content)[key]

    def __len__(self) -> int:
        return len(self.__captured__.content)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.__captured__.content)

    def __contains__(self, item: object) -> bool:
        return item in self.__captured__.content

    def __bool__(self) -> bool:
        return bool(self.__captured__.content)

    def __int__(self) -> int:
        return int(self.__captured__.content)

    def __float__(self) -> float:
        return float(self.__captured__.content)

    def __str__(self) -> str:
        content = self.__captured__.content
        return content if isinstance(content, str) else repr(self)

    def __eq__(self, other: object) -> bool:
        content = other.__captured__.content if isinstance(other, CapturedDerived) else other
        return self is other or bool(self.__captured__.content == content)

    def __hash__(self) -> int:
        try:
            return hash(self.__captured__.content)
        except TypeError:
            return super().__hash__()

    def __rebuilt__(self, made: dict[int, Any], path: str) -> Any:
        known = self.__captured__
        if known.size and not known.names_items:
            reason = f"this {known.type} held attributes of its own, and making one would run the program's code"
            raise UnknownValue(path, reason)
        return rebuilt(known.content, made, path)

    def __shown__(self) -> Iterable[str]:
        known = self.__captured__
        return () if known.names_items else map(repr, (known.content,))


class CapturedException(CapturedObject):
    """An exception as it was; ``args`` as the real one has them."""

    __slots__ = ()

    @property
    def args(self) -> Any:
        """The arguments it was made with."""
        return self.__captured__.content

    def __shown__(self) -> Iterable[str]:
        content = self.__captured__.content
        return map(repr, content.kept) if isinstance(content, CapturedTuple) else ()


_ADDRESSED = Container | CapturedType | CapturedNamed | CapturedArray | CapturedFrame | Reference | Seen | Unread


def address_of(value: Any) -> int | None:
    """The address that a captured value had; None for one that has none, such as a number."""
    if isinstance(value, CapturedObject):
        return value.__address__
    if isinstance(value, _ADDRESSED):
        return value.address
    return None
