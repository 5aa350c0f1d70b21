"""What Python's arithmetic gives for captured values; see `certainty` for what it cannot give."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from scope_repl.errors import UnknownValue
from scope_repl.query.certainty import SCALARS, in_a_method, is_complete, kept, known, type_name
from scope_repl.recording.captured import CapturedArray, CapturedFrame, CapturedObject
from scope_repl.recording.cut import CutBytes, CutInt, CutText

_BITS = 100_000  # what is larger than this takes long to make, and nobody asks for it
_ITEMS = 1_000_000

OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}
SIGNS: Mapping[str, Callable[[Any], Any]] = {
    "-": operator.neg,
    "+": operator.pos,
    "~": lambda value: ~int(value) if type(value) is bool else ~value,
    "abs": abs,
}


def operate(sign: str, left: Any, right: Any) -> Any:
    """The result of an operator.

    Args:
        sign: the operator.
        left: what stands before it.
        right: what stands behind it.
    """
    left, right = _operand(sign, left), _operand(sign, right)
    _check_size(sign, left, right)
    return OPERATORS[sign](left, right)


def signed(sign: str, value: Any) -> Any:
    """The result of an operator with one operand, or of ``abs``.

    Args:
        sign: the operator.
        value: the operand.
    """
    return SIGNS[sign](_operand(sign, value))


def _operand(sign: str, value: Any) -> Any:
    """A value as a plain one of Python's own."""
    value = known(value)
    if type(value) in SCALARS:
        return value
    if isinstance(value, CapturedObject | CapturedArray | CapturedFrame):
        raise in_a_method(f"what {sign} gives", value)
    if isinstance(value, CutInt | CutText | CutBytes):
        raise UnknownValue(f"what {sign} gives of a {type_name(value)}", "only the beginning of it was captured")
    if not isinstance(value, list | tuple | dict | set | frozenset):
        raise TypeError(f"bad operand type for {sign}: {type_name(value)!r}")
    if not is_complete(value):
        raise UnknownValue(f"what {sign} gives of a {type_name(value)}", "not all of its items were captured")
    if isinstance(value, dict | set | frozenset):
        _check_keys(sign, value)
    return kept(value)


def _check_keys(sign: str, items: Any) -> None:
    """Sets and dicts find out which items are equal."""
    for item in kept(items):
        if type(known(item)) not in SCALARS:
            raise UnknownValue(f"what {sign} gives", f"whether a {type_name(item)} equals another is not captured")


def _check_size(sign: str, left: Any, right: Any) -> None:
    if sign == "%" and isinstance(left, str | bytes | bytearray):
        raise TypeError("formatting with % is no part of the language of conditions")
    if type(right) not in (int, bool):
        left, right = right, left
    if type(right) not in (int, bool):
        return
    if sign == "*" and hasattr(left, "__len__") and len(left) * right > _ITEMS:
        raise OverflowError(f"more than {_ITEMS:,} items")
    if type(left) not in (int, bool):
        return
    large = sign == "**" and abs(left) > 1 and abs(left).bit_length() * right > _BITS
    if large or (sign == "<<" and right > _BITS) or (sign == "*" and left.bit_length() + right.bit_length() > _BITS):
        raise OverflowError(f"an int of more than {_BITS:,} bits")
