"""Captured instances, and what is captured by its name or its shape: plain data, never a live object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scope_repl.errors import UnknownValue
from scope_repl.recording.containers import CapturedTuple

_PROTOCOLS = ("__", "_repr_", "_ipython_")


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type by its name."""

    module: str
    qualname: str

    def __str__(self) -> str:
        return self.qualname if self.module in ("builtins", "__main__", "") else f"{self.module}.{self.qualname}"


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

    @property
    def complete(self) -> bool:
        """Whether all its attributes were kept."""
        return len(self.attributes) == self.size

    def text(self, *first: str) -> str:
        """The type's name and what is in it, in parentheses."""
        parts = [*first, *(f"{name}={value!r}" for name, value in self.attributes.items())]
        if self.size is None:
            parts.append("…")
        elif not self.complete:
            parts.append(f"… {self.size - len(self.attributes)} more")
        return f"{self.type.qualname}({', '.join(parts)})"


class CapturedObject:
    """An instance as it was. Its attributes are read as those of the real one would be; ``__captured__`` has the rest.

    Two are equal if type, address and all the attributes are.
    """

    __slots__ = ("__captured__",)
    __captured__: Description

    def __init__(self, description: Description) -> None:
        self.__captured__ = description

    def __getattr__(self, name: str) -> Any:
        if name.startswith(_PROTOCOLS):
            raise AttributeError(name)
        known = self.__captured__
        if name in known.attributes:
            return known.attributes[name]
        if known.complete:
            raise AttributeError(
                f"this {known.type} held no attribute {name!r} itself "
                "(properties, methods and what its class holds are not captured)"
            )
        what = f"the attribute {name!r} of this {known.type}"
        if known.size is None:
            raise UnknownValue(what, "its attributes were not looked at")
        kept = f": {', '.join(map(str, known.attributes))}" if known.attributes else ""
        raise UnknownValue(what, f"of its {known.size} attributes {len(known.attributes)} were captured{kept}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *map(str, self.__captured__.attributes)]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CapturedObject):
            return False
        return self is other or (self.__captured__.complete and self.__captured__ == other.__captured__)

    def __hash__(self) -> int:
        return hash((self.__captured__.type, self.__captured__.address))

    def __repr__(self) -> str:
        known = self.__captured__
        if "_name_" in known.attributes and "_value_" in known.attributes:
            return f"<{known.type.qualname}.{known.attributes['_name_']}: {known.attributes['_value_']!r}>"
        return known.text()


class CapturedDerived(CapturedObject):
    """An instance of a subclass of a builtin type, such as a named tuple or an IntEnum's member.

    It compares, and gives its items, as its builtin part does.
    """

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        return self.__captured__.content[key]

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

    def __repr__(self) -> str:
        known = self.__captured__
        if "_name_" in known.attributes:
            return super().__repr__()
        return known.text() if known.attributes and _names_items(known) else known.text(repr(known.content))


def _names_items(known: Description) -> bool:
    return isinstance(known.content, CapturedTuple) and known.content.kept == tuple(known.attributes.values())


class CapturedException(CapturedObject):
    """An exception as it was; ``args`` as the real one has them."""

    __slots__ = ()

    @property
    def args(self) -> Any:
        """The arguments it was made with."""
        return self.__captured__.content

    def __repr__(self) -> str:
        known = self.__captured__
        return known.text(*(map(repr, known.content.kept) if isinstance(known.content, CapturedTuple) else ()))


@dataclass(frozen=True, slots=True)
class CapturedType:
    """A class, by its name. Equal to a real class of this name, too."""

    type: TypeName
    address: int

    def __eq__(self, other: object) -> bool:
        if isinstance(other, type):
            return (other.__module__, other.__qualname__) == (self.type.module, self.type.qualname)
        return isinstance(other, CapturedType) and (self.type, self.address) == (other.type, other.address)

    def __hash__(self) -> int:
        return hash(self.type)

    def __repr__(self) -> str:
        return f"<class {str(self.type)!r}>"


@dataclass(frozen=True, slots=True, repr=False)
class CapturedNamed:
    """A function, method, module, code object or generator, by its name.

    Attributes:
        type: what it is, such as ``builtins.function``.
        address: the address it had.
        module: the module it says it comes from, or None.
        name: its qualified name, or None.
        bound_to: of a method, what it is bound to; else None.
    """

    type: TypeName
    address: int
    module: str | None
    name: Any
    bound_to: Any = None

    def __repr__(self) -> str:
        name = self.name if self.module in (None, "builtins", "__main__") else f"{self.module}.{self.name}"
        return f"<{self.type.qualname.replace('_', ' ')} {name}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CapturedArray:
    """An array by its shape and the first of its items.

    Attributes:
        type: its type, such as ``numpy.ndarray``.
        address: the address it had.
        dtype: the type of its items, such as ``int64``; "" if it is not known.
        shape: its length along each dimension.
        items: the first of its items, row by row; none where their type has no plain form.
    """

    type: TypeName
    address: int
    dtype: str
    shape: tuple[int, ...]
    items: tuple[Any, ...]

    @property
    def size(self) -> int:
        """How many items it had."""
        size = 1
        for length in self.shape:
            size *= length
        return size

    @property
    def complete(self) -> bool:
        """Whether all its items were kept."""
        return len(self.items) == self.size

    def __len__(self) -> int:
        return self.shape[0] if self.shape else 0

    def __getitem__(self, index: int) -> Any:
        if len(self.shape) == 1 and not -self.shape[0] <= index < self.shape[0]:
            raise IndexError(f"index {index} out of range: it had {self.shape[0]} items")
        place = index + self.size if index < 0 else index
        if len(self.shape) != 1 or place >= len(self.items):
            raise UnknownValue(
                f"item {index} of this {self.type}", f"of its {self.size} items {len(self.items)} were captured"
            )
        return self.items[place]

    def __repr__(self) -> str:
        shape = " x ".join(map(str, self.shape)) or "scalar"
        more = ", …" if self.items and not self.complete else ""
        items = f" [{', '.join(map(repr, self.items))}{more}]" if self.items else ""
        return f"<{self.type.qualname} {shape}{f' {self.dtype}' if self.dtype else ''}{items}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CapturedFrame:
    """A pandas DataFrame by its shape and columns.

    Attributes:
        type: its type, such as ``pandas.DataFrame``.
        address: the address it had.
        rows: how many rows it had; None where the index does not tell without being asked.
        width: how many columns it had.
        columns: the names of the first of them.
    """

    type: TypeName
    address: int
    rows: int | None
    width: int | None
    columns: tuple[Any, ...]

    @property
    def shape(self) -> tuple[int | None, int | None]:
        """Its rows and columns."""
        return self.rows, self.width

    def __repr__(self) -> str:
        rows, width = ("?" if length is None else length for length in self.shape)
        more = ", …" if self.columns and self.width is not None and len(self.columns) < self.width else ""
        names = f" {', '.join(map(str, self.columns))}{more}" if self.columns else ""
        return f"<{self.type.qualname} {rows} x {width} columns{names}>"
