"""What a mutable object held from one time to the next: the content of a VERSION record."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from scope_repl.errors import DamagedLog
from scope_repl.recording.captured import CapturedArray, CapturedBytearray, CapturedFrame, Description, TypeName
from scope_repl.recording.container import Filling
from scope_repl.recording.cut import CutBytes, Left
from scope_repl.recording.standing import Standing
from scope_repl.recording.values import pairs


class Form(enum.IntEnum):
    """How a content is written: as that of the extension type with this number, or as one value."""

    VALUE = 0
    LIST = 8
    SET = 10
    DICT = 12
    OBJECT = 18
    DERIVED = 19
    EXCEPTION = 21


def form_of(content: bytes) -> Form:
    """The form of a content.

    Raises:
        DamagedLog: it has none.
    """
    try:
        return Form(content[0])
    except (ValueError, IndexError):
        raise DamagedLog(f"the content {content[:8]!r} of an object begins with no form") from None


def items(values: Sequence[Any]) -> Filling:
    """What a list or a set held.

    Args:
        values: the decoded content, without its form.
    """
    kept, left, gap = _without(values)
    return Filling(kept, len(kept) if left is None else left.size, gap, left is not None)


def entries(values: Sequence[Any]) -> Filling:
    """What a dict held.

    Args:
        values: the decoded content, without its form.
    """
    kept, left, gap = _without(values)
    return Filling(pairs(kept), len(kept) // 2 if left is None else left.size, gap // 2, left is not None)


def description(form: Form, type_name: TypeName, address: int, values: Sequence[Any]) -> Description:
    """What an instance held.

    Args:
        form: the content's form.
        type_name: its type.
        address: its address.
        values: the decoded content, without its form.
    """
    content = None
    if form is not Form.OBJECT:
        content, *values = values
    flat, left, _ = _without(values)
    attributes = dict(pairs(flat))
    size = len(attributes) if left is None else left.size
    return Description(type_name, address, size, attributes, content)


def described(told: Callable[[], Standing], values: Sequence[Any]) -> Any:
    """What was only described, such as an array.

    Args:
        told: tells how it is known that it was so.
        values: the decoded content, without its form: the description, and what tells of a change in the rest.
    """
    value = values[0]
    if isinstance(value, CapturedArray | CapturedFrame):
        return replace(value, told=told, sampled=len(values) > 1)
    if isinstance(value, CutBytes):
        return replace(value, told=told)
    return CapturedBytearray(value, told) if isinstance(value, bytearray) else value


def _without(values: Sequence[Any]) -> tuple[Sequence[Any], Left | None, int]:
    """The values that were kept, what stands for the others, and where that stood."""
    for place, value in enumerate(values):
        if isinstance(value, Left):
            return [*values[:place], *values[place + 1 :]], value, place
    return values, None, len(values)
