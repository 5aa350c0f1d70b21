"""Reaching into captured values: attributes and items; see `certainty` for what they cannot tell."""

from __future__ import annotations

import datetime
from typing import Any

from scope_repl.errors import UnknownValue
from scope_repl.query.certainty import SCALARS, in_a_method, is_enum_member, kept, known, type_name
from scope_repl.query.comparison import contains
from scope_repl.recording.captured import (
    CapturedArray,
    CapturedDerived,
    CapturedException,
    CapturedFrame,
    CapturedObject,
    CapturedType,
)
from scope_repl.recording.cut import CutBytes, CutText

_DATA: dict[type, frozenset[str]] = {
    datetime.date: frozenset({"year", "month", "day"}),
    datetime.time: frozenset({"hour", "minute", "second", "microsecond", "fold", "tzinfo"}),
    datetime.timedelta: frozenset({"days", "seconds", "microseconds"}),
    complex: frozenset({"real", "imag"}),
    range: frozenset({"start", "stop", "step"}),
    slice: frozenset({"start", "stop", "step"}),
}
_DATA[datetime.datetime] = _DATA[datetime.date] | _DATA[datetime.time]
_SHAPES: dict[type, frozenset[str]] = {
    CapturedArray: frozenset({"shape", "size", "dtype"}),
    CapturedFrame: frozenset({"shape", "columns"}),
}
_OF_MEMBERS = {"name": "_name_", "value": "_value_"}


def attribute(value: Any, name: str) -> Any:
    """``value.name``, of what instances held themselves, and of dates, numbers, ranges and shapes.

    Args:
        value: the value.
        name: the attribute.
    """
    if isinstance(value, CapturedObject):
        return _attribute_of_instance(value, name)
    value = known(value)
    if name in _SHAPES.get(type(value), ()) or name in _DATA.get(type(value), ()):
        return getattr(value, name)
    if type(value) in SCALARS and not hasattr(type(value), name):
        raise AttributeError(f"{type_name(value)!r} object has no attribute {name!r}")
    raise UnknownValue(f"the attribute {name!r} of a {type_name(value)}", "it is not among what is captured of one")


def _attribute_of_instance(value: CapturedObject, name: str) -> Any:
    if is_enum_member(value) and name in _OF_MEMBERS:
        return value.__captured__.attributes[_OF_MEMBERS[name]]
    if isinstance(value, CapturedException) and name == "args":
        return value.args
    try:
        return getattr(value, name)
    except AttributeError as error:
        raise UnknownValue(f"the attribute {name!r} of a {type_name(value)}", str(error)) from None


def item(value: Any, index: Any) -> Any:
    """``value[index]``.

    Args:
        value: the value.
        index: an index, a key or a slice.
    """
    derived = isinstance(value, CapturedDerived)
    value, index = known(value), _index(index)
    match value:
        case CapturedArray():
            return _item_of_array(value, index)
        case CapturedObject() | CapturedFrame() | CapturedType():
            raise in_a_method("an item", value)
        case CutText() | CutBytes():
            return _item_of_cut(value, index)
        case dict():
            return _entry(value, index, derived)
        case str() | bytes() | bytearray() | list() | tuple() | range():
            return value[index]
    raise TypeError(f"{type_name(value)!r} object is not subscriptable")


def _index(index: Any) -> Any:
    if isinstance(index, slice):
        return slice(known(index.start), known(index.stop), known(index.step))
    return known(index)


def _item_of_array(value: CapturedArray, index: Any) -> Any:
    if type(index) is not int:
        raise UnknownValue(f"a part of a {type_name(value)}", "of an array the first items are captured, one by one")
    return value[index]


def _item_of_cut(value: CutText | CutBytes, index: Any) -> Any:
    beginning: Any = value.text if isinstance(value, CutText) else value.data
    if type(index) is int and 0 <= index < len(beginning):
        return beginning[index]
    if type(index) is int and not -value.size <= index < value.size:
        raise IndexError("string index out of range")
    raise UnknownValue(
        f"a part of a {type_name(value)}", f"{len(beginning):,} of its {value.size:,} characters were captured"
    )


def _entry(entries: Any, key: Any, derived: bool) -> Any:
    if contains(entries, key):
        return kept(entries)[key]
    if derived:
        raise UnknownValue(f"the value under {key!r}", "there is none, and its class may make one in a method")
    raise KeyError(key)
