"""What is captured by its name or its shape: classes, functions, arrays, tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from scope_repl.errors import UnknownValue
from scope_repl.recording.standing import Standing, own_standing


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type by its name."""

    module: str
    qualname: str

    def __str__(self) -> str:
        return self.qualname if self.module in ("builtins", "__main__", "") else f"{self.module}.{self.qualname}"


def is_named(kind: type, module: str, qualname: str) -> bool:
    """Whether a real type has a name."""
    return (kind.__module__, kind.__qualname__) == (module, qualname)


class Named:
    """What is captured by its name or its shape."""

    __slots__ = ()

    def __rebuilt__(self, made: dict[int, Any], path: str) -> NoReturn:
        raise UnknownValue(path, f"{self!r} is captured by its name or its shape only")


@dataclass(frozen=True, slots=True)
class CapturedType(Named):
    """A class, by its name. Equal to a real class of this name, too."""

    type: TypeName
    address: int

    def __eq__(self, other: object) -> bool:
        if isinstance(other, type):
            return is_named(other, self.type.module, self.type.qualname)
        return isinstance(other, CapturedType) and (self.type, self.address) == (other.type, other.address)

    def __hash__(self) -> int:
        return hash(self.type)

    def __repr__(self) -> str:
        return f"<class {str(self.type)!r}>"


@dataclass(frozen=True, slots=True, repr=False)
class CapturedNamed(Named):
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


class _Shaped(Named):
    """What they share that have a shape."""

    __slots__ = ()
    told: Callable[[], Standing] | None

    @property
    def __told__(self) -> Callable[[], Standing] | None:
        return self.told

    @property
    def standing(self) -> Standing:
        """How it is known that it was so."""
        return own_standing(self)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CapturedArray(_Shaped):
    """An array by its shape and the first of its items.

    Attributes:
        type: its type, such as ``numpy.ndarray``.
        address: the address it had.
        dtype: the type of its items, such as ``int64``; "" if it is not known.
        shape: its length along each dimension.
        items: the first of its items, row by row; none where their type has no plain form.
        sampled: whether a change among the others may have gone unnoticed.
        told: tells how it is known that it was so; None if all of it stands where it is held.
    """

    type: TypeName
    address: int
    dtype: str
    shape: tuple[int, ...]
    items: tuple[Any, ...]
    sampled: bool = False
    told: Callable[[], Standing] | None = None

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

    @property
    def missing(self) -> str:
        """What was not kept of its items, in words; "" if all were."""
        return "" if self.complete else f"{len(self.items):,} of {self.size:,} items were captured"

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
class CapturedFrame(_Shaped):
    """A pandas DataFrame by its shape and columns.

    Attributes:
        type: its type, such as ``pandas.DataFrame``.
        address: the address it had.
        rows: how many rows it had; None where the index does not tell without being asked.
        width: how many columns it had.
        columns: the names of the first of them.
        sampled: whether a change in the table may have gone unnoticed.
        told: tells how it is known that it was so; None if all of it stands where it is held.
    """

    type: TypeName
    address: int
    rows: int | None
    width: int | None
    columns: tuple[Any, ...]
    sampled: bool = False
    told: Callable[[], Standing] | None = None

    @property
    def shape(self) -> tuple[int | None, int | None]:
        """Its rows and columns."""
        return self.rows, self.width

    @property
    def missing(self) -> str:
        """What was not kept of it, in words."""
        return "of a table its shape and column names are captured"

    def __repr__(self) -> str:
        rows, width = ("?" if length is None else length for length in self.shape)
        more = ", …" if self.columns and self.width is not None and len(self.columns) < self.width else ""
        names = f" {', '.join(map(str, self.columns))}{more}" if self.columns else ""
        return f"<{self.type.qualname} {rows} x {width} columns{names}>"


class CapturedBytearray(bytearray):
    """A bytearray as it was.

    Args:
        data: its bytes.
        told: tells how it is known that it held these.
    """

    def __init__(self, data: bytearray, told: Callable[[], Standing]) -> None:
        super().__init__(data)
        self.__told__ = told

    def to_python(self) -> bytearray:
        """The real bytearray that this was."""
        return bytearray(self)

    def __rebuilt__(self, made: dict[int, Any], path: str) -> bytearray:
        return bytearray(self)

    def __repr__(self) -> str:
        return repr(bytearray(self))
