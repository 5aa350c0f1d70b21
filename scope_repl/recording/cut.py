"""What stands in place of a captured value that was not kept whole. None of these equals anything but itself."""

from __future__ import annotations

import math
from dataclasses import dataclass


class Redacted:
    """In place of a value under a name that looks like a secret's."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<redacted>"


class Cut:
    """In place of a value that there was no space left for."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<cut>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CutText:
    """The beginning of a str that was too long to keep.

    Attributes:
        text: the characters that were kept.
        size: how many there were.
    """

    text: str
    size: int

    def __len__(self) -> int:
        return self.size

    def __str__(self) -> str:
        return f"{self.text}…"

    def __repr__(self) -> str:
        return f"{f'{self.text}…'!r} ({self.size} characters)"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CutBytes:
    """The beginning of bytes that were too long to keep.

    Attributes:
        data: the bytes that were kept.
        size: how many there were.
        kind: ``bytes`` or ``bytearray``.
    """

    data: bytes
    size: int
    kind: str = "bytes"

    def __len__(self) -> int:
        return self.size

    def __repr__(self) -> str:
        return f"{self.data!r}… ({self.size} {self.kind})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CutInt:
    """The most significant bits of an int that was too long to keep.

    Attributes:
        leading: the bits that were kept, with the int's sign.
        bits: how many there were.
    """

    leading: int
    bits: int

    def __repr__(self) -> str:
        exponent = math.log10(abs(self.leading)) + (self.bits - self.leading.bit_length()) * math.log10(2)
        sign = "-" if self.leading < 0 else ""
        return f"<int of {self.bits} bits, about {sign}{10 ** (exponent % 1):.3f}e+{int(exponent)}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Seen:
    """In place of a container or an instance inside itself.

    Attributes:
        address: its address, the same as that of one of those around it.
    """

    address: int

    def __repr__(self) -> str:
        return f"<… at {self.address:#x}, which this is inside of>"
