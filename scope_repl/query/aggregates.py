"""The functions that conditions may call, of captured values; see `certainty` for what they cannot tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cmp_to_key, partial, reduce
from typing import Any

from scope_repl.errors import UnknownValue
from scope_repl.query.arithmetic import operate, signed
from scope_repl.query.certainty import SCALARS, every, in_a_method, is_complete, kept, known, some, type_name
from scope_repl.query.comparison import ordered, truth
from scope_repl.recording.captured import (
    CapturedArray,
    CapturedDerived,
    CapturedFrame,
    CapturedNamed,
    CapturedObject,
    CapturedType,
)
from scope_repl.recording.cut import CutBytes, CutText

_ITEMS = 1_000_000
_NUMBERS = (int, float, bool, complex)
_BUILTIN = frozenset(
    {"int", "bool", "float", "complex", "str", "bytes", "bytearray", "list", "tuple", "dict", "set", "frozenset"}
)


def _length(value: Any) -> int:
    value = known(value)
    if isinstance(value, CapturedFrame):
        if value.rows is None:
            raise UnknownValue("the length of a DataFrame", "its index does not tell without being asked")
        return value.rows
    if isinstance(value, CapturedArray) and not value.shape:
        raise TypeError("len() of unsized object")
    if isinstance(value, CapturedObject):
        raise in_a_method("the length", value)
    if isinstance(value, CapturedNamed | CapturedType):
        raise TypeError(f"object of type {type_name(value)!r} has no len()")
    return len(value)


def _items(value: Any) -> tuple[list[Any], bool]:
    """What iterating over a value gives, as far as it was captured, and whether that is all."""
    value = known(value)
    if isinstance(value, CapturedArray):
        return list(value.items), value.complete
    if isinstance(value, CapturedObject | CapturedFrame):
        raise in_a_method("the items", value)
    if isinstance(value, CutText | CutBytes):
        return list(value.text if isinstance(value, CutText) else value.data), False
    if isinstance(value, CapturedNamed | CapturedType):
        raise TypeError(f"{type_name(value)!r} object is not iterable")
    if isinstance(value, range) and len(value) > _ITEMS:
        raise OverflowError(f"a range of more than {_ITEMS:,} numbers")
    return list(kept(value)), is_complete(value)


def _all_items(what: str, value: Any) -> list[Any]:
    items, whole = _items(value)
    if not whole:
        raise UnknownValue(f"the {what} of a {type_name(value)}", f"{len(items):,} of its items were captured")
    return items


def _extreme(sign: str, name: str, values: tuple[Any, ...]) -> Any:
    items = list(values) if len(values) > 1 else _all_items(name, *values)
    if not items:
        raise ValueError(f"{name}() iterable argument is empty")
    best = items[0]
    for item in items[1:]:
        if ordered(sign, item, best):
            best = item
    return best


def _sum(value: Any, start: Any = 0) -> Any:
    items = _all_items("sum", value)
    if isinstance(known(start), str | bytes | bytearray):
        raise TypeError("sum() can't sum strings")
    if all(type(item) in _NUMBERS for item in (start, *items)):
        return sum(items, start)  # which rounds better than one addition after the other
    return reduce(partial(operate, "+"), items, start)


def _any(value: Any) -> bool:
    items, whole = _items(value)
    return some([*(partial(truth, item) for item in items), partial(_rest, whole)])


def _all(value: Any) -> bool:
    items, whole = _items(value)
    return every([*(partial(truth, item) for item in items), lambda: not _rest(whole)])


def _rest(whole: bool) -> bool:
    """Whether there is something among the items that were not captured: no, if there are none."""
    if not whole:
        raise UnknownValue("the other items", "not all of its items were captured")
    return False


def _sorted(value: Any) -> list[Any]:
    def compare(left: Any, right: Any) -> int:
        return -1 if ordered("<", left, right) else 0 if not ordered("<", right, left) else 1

    return sorted(_all_items("order", value), key=cmp_to_key(compare))


def is_of_type(value: Any, name: str) -> bool:
    """Whether a value's type has a name.

    Args:
        value: the value.
        name: the type's name, with or without its module or the class that it stands in.

    Raises:
        UnknownValue: the value's class has another name, and may be derived from one of this name.
    """
    if not isinstance(value, CapturedDerived):
        value = known(value)
    if isinstance(value, CapturedObject):
        return _instance_is(value, name)
    if isinstance(value, CapturedArray | CapturedFrame):
        return _named(str(value.type), name) or _may_derive(value, name)
    if isinstance(value, CapturedNamed):
        return name in ("object", value.type.qualname, str(value.type))
    if isinstance(value, CapturedType):
        return name in ("object", "type")
    if type(value) in SCALARS:
        return name in (base.__name__ for base in type(value).__mro__)
    return name in (type_name(value), "object")


def _instance_is(value: CapturedObject, name: str) -> bool:
    if name == "object" or _named(str(value.__captured__.type), name):
        return True
    if isinstance(value, CapturedDerived) and is_of_type(value.__captured__.content, name):
        return True
    return _may_derive(value, name)


def _named(full: str, name: str) -> bool:
    return full == name or full.endswith(f".{name}")


def _may_derive(value: Any, name: str) -> bool:
    """No for builtin types, whose instances are captured as such; else it is not known."""
    if name in _BUILTIN:
        return False
    raise UnknownValue(f"whether a {type_name(value)} is a {name}", "what its class is derived from is not captured")


FUNCTIONS: Mapping[str, tuple[Callable[..., Any], int, int]] = {
    "len": (_length, 1, 1),
    "min": (lambda *values: _extreme("<", "min", values), 1, 20),
    "max": (lambda *values: _extreme(">", "max", values), 1, 20),
    "sum": (_sum, 1, 2),
    "abs": (partial(signed, "abs"), 1, 1),
    "any": (_any, 1, 1),
    "all": (_all, 1, 1),
    "sorted": (_sorted, 1, 1),
}
"""The functions by name, each with how many arguments it takes at the least and at the most."""
