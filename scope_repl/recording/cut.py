"""What stands in place of a captured value that was not kept whole. None of these equals anything but itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from scope_repl.errors import UnknownValue
from scope_repl.recording.standing import Standing

PROTOCOLS = ("__", "_repr_", "_ipython_", "_typ")
"""How names begin that others (IPython, pandas) ask of any object, and that no captured one has."""


class Lost:
    """What they share."""

    __slots__ = ()

    @property
    def missing(self) -> str:
        """What was not kept, in words."""
        return "there was no room in the log for a part of it"

    def __rebuilt__(self, made: dict[int, Any], path: str) -> NoReturn:
        raise UnknownValue(path, self.missing)


class Redacted(Lost):
    """In place of a value under a name that looks like a secret's."""

    __slots__ = ()

    @property
    def missing(self) -> str:
        """What was not kept, in words."""
        return "a part of it is redacted"

    def __repr__(self) -> str:
        return "<redacted>"


class Cut(Lost):
    """In place of a value that there was no space left for."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<cut>"


class Unread(Cut):
    """In place of an object of which the log does not tell what it held. Whatever it is asked raises ``UnknownValue``.

    Attributes:
        address: its address.
    """

    __slots__ = ("_missing", "address")

    def __init__(self, address: int, missing: str) -> None:
        self.address = address
        self._missing = missing

    @property
    def missing(self) -> str:
        """Why what it held is not known, in words."""
        return self._missing

    def _fail(self, *_: object) -> NoReturn:
        raise UnknownValue("the content of the object", self.missing)

    __getitem__ = __iter__ = __len__ = __contains__ = __bool__ = _fail

    def __getattr__(self, name: str) -> Any:
        if name.startswith(PROTOCOLS):
            raise AttributeError(name)
        self._fail()

    def __repr__(self) -> str:
        return "<not captured>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CutText(Lost):
    """The beginning of a str that was too long to keep.

    Attributes:
        text: the characters that were kept.
        size: how many there were.
    """

    text: str
    size: int

    @property
    def missing(self) -> str:
        """What was not kept, in words."""
        return f"{len(self.text):,} of {self.size:,} characters were captured"

    def __len__(self) -> int:
        return self.size

    def __str__(self) -> str:
        return f"{self.text}…"

    def __repr__(self) -> str:
        return f"{f'{self.text}…'!r} ({self.size} characters)"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CutBytes(Lost):
    """The beginning of bytes that were too long to keep.

    Attributes:
        data: the bytes that were kept.
        size: how many there were.
        kind: ``bytes`` or ``bytearray``.
    """

    data: bytes
    size: int
    kind: str = "bytes"
    told: Callable[[], Standing] | None = None

    @property
    def __told__(self) -> Callable[[], Standing] | None:
        return self.told

    @property
    def missing(self) -> str:
        """What was not kept, in words."""
        return f"{len(self.data):,} of {self.size:,} bytes were captured"

    def __len__(self) -> int:
        return self.size

    def __repr__(self) -> str:
        return f"{self.data!r}… ({self.size} {self.kind})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CutInt(Lost):
    """The most significant bits of an int that was too long to keep.

    Attributes:
        leading: the bits that were kept, with the int's sign.
        bits: how many there were.
    """

    leading: int
    bits: int

    @property
    def missing(self) -> str:
        """What was not kept, in words."""
        return f"{self.leading.bit_length():,} of {self.bits:,} bits were captured"

    def __repr__(self) -> str:
        exponent = math.log10(abs(self.leading)) + (self.bits - self.leading.bit_length()) * math.log10(2)
        sign = "-" if self.leading < 0 else ""
        return f"<int of {self.bits} bits, about {sign}{10 ** (exponent % 1):.3f}e+{int(exponent)}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Seen(Lost):
    """In place of a container or an instance inside itself.

    Attributes:
        address: its address, the same as that of one of those around it.
    """

    address: int

    @property
    def missing(self) -> str:
        """Nothing is: it stands around this."""
        return ""

    def __rebuilt__(self, made: dict[int, Any], path: str) -> NoReturn:
        raise UnknownValue(path, "it is one of those that it is inside of, which cannot be told apart here")

    def __repr__(self) -> str:
        return f"<… at {self.address:#x}, which this is inside of>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reference(Lost):
    """In place of an object whose content is in its versions, where they were not asked for.

    Attributes:
        address: the object's address.
    """

    address: int

    @property
    def missing(self) -> str:
        """What was not kept, in words."""
        return "the content of a part of it was not asked for"

    def __repr__(self) -> str:
        return f"<the object at {self.address:#x}>"


class Gone:
    """In place of the value of a name that has none: it was deleted, or has not been bound."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<not bound>"


GONE = Gone()


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """Between the items of a container's version: where those stood that were left out.

    Attributes:
        size: how many items the container had.
        fingerprint: a number that is another one when some of the items left out are others.
    """

    size: int
    fingerprint: int
