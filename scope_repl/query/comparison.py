"""What Python's comparisons say of captured values; see `certainty` for what they cannot say."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import partial
from typing import Any

from scope_repl.errors import UnknownValue
from scope_repl.query.certainty import (
    SCALARS,
    every,
    identity,
    in_a_method,
    is_complete,
    is_enum_member,
    kept,
    known,
    some,
    type_name,
)
from scope_repl.recording.captured import CapturedArray, CapturedFrame, CapturedNamed, CapturedObject, CapturedType
from scope_repl.recording.cut import CutBytes, CutInt, CutText

_SETS = (set, frozenset)
_CONTAINERS = (list, tuple, dict, *_SETS)
_BY_CLASS = (CapturedObject, CapturedArray, CapturedFrame)
_NUMBERS = (bool, int, float)
_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def truth(value: Any) -> bool:
    """Whether a value counts as true."""
    if is_enum_member(value):
        raise in_a_method("the truth", value)
    value = known(value)
    if isinstance(value, _BY_CLASS):
        raise UnknownValue(
            f"whether a {type_name(value)} counts as true",
            "its class may say so in a method, and none is ever run; ask `is not None`",
        )
    return True if isinstance(value, CutInt | CutText | CutBytes) else bool(value)


def same(left: Any, right: Any) -> bool:
    """``is``, for None, True, False, and objects whose addresses were captured."""
    for value in (left, right):
        known(value)
    if any(value is None or value is True or value is False for value in (left, right)):
        return left is right
    first, second = identity(left), identity(right)
    if first is None or second is None:
        raise UnknownValue(
            f"whether a {type_name(left if first is None else right)} is the very same",
            "ask whether it is equal, by ==",
        )
    return first == second


def equal(left: Any, right: Any) -> bool:
    """``==``."""
    if is_enum_member(left) or is_enum_member(right):
        return _equal_members(left, right)
    left, right = known(left), known(right)
    if type(left) in SCALARS and type(right) in SCALARS:
        return bool(left == right)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, _BY_CLASS):
            raise in_a_method("the equality", one)
        if isinstance(one, CutInt):
            return type(other) in (*_NUMBERS, CutInt) and _compare_numbers(operator.eq, left, right)
        if isinstance(one, CutText | CutBytes):
            return _equals_text(one, other)
        if isinstance(one, CapturedNamed | CapturedType):
            return _equals_named(one, other)
    return _equal_containers(left, right)


def _equal_members(left: Any, right: Any) -> bool:
    """Members of an Enum are equal if they are the same, unless they are numbers or texts too."""
    if is_enum_member(left) and is_enum_member(right):
        one, other = left.__captured__, right.__captured__
        if one.type == other.type:
            return bool(one.attributes["_name_"] == other.attributes["_name_"])
    mixed = known(left), known(right)
    if mixed[0] is left and mixed[1] is right:
        return False
    return False if any(is_enum_member(part) for part in mixed) else equal(*mixed)


def _compare_numbers(compare: Callable[[Any, Any], Any], left: Any, right: Any) -> bool:
    """Of some ints the leading bits are known, that is a range: what holds at all ends of the ranges, holds."""
    answers = {bool(compare(low, high)) for low in _range(left) for high in _range(right)}
    inside = max(_range(left)[0], _range(right)[0]) <= min(_range(left)[1], _range(right)[1])
    if len(answers) > 1 or inside:
        raise UnknownValue("how these numbers compare", "of one of them only the leading bits were captured")
    return answers.pop()


def _range(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, CutInt):
        return value, value
    missing = value.bits - value.leading.bit_length()
    away = 1 if value.leading > 0 else -1
    ends = value.leading << missing, (value.leading + away) << missing
    return min(ends), max(ends)


def _equals_text(cut: CutText | CutBytes, other: Any) -> bool:
    kinds: Any = (str, CutText) if isinstance(cut, CutText) else (bytes, bytearray, CutBytes)
    if not isinstance(other, kinds) or len(other) != cut.size:
        return False
    mine, others = _beginning(cut), _beginning(other)
    if any(one != another for one, another in zip(mine, others, strict=False)):
        return False
    raise UnknownValue(f"whether two {type_name(cut)} are equal", f"{len(mine):,} of {cut.size:,} of one were captured")


def _beginning(text: Any) -> Any:
    match text:
        case CutText():
            return text.text
        case CutBytes():
            return text.data
    return text


def _equals_named(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, CapturedNamed) and one.bound_to is not None and other.bound_to is not None:
        raise UnknownValue("whether two methods are equal", "a method is made anew each time it is looked up")
    return identity(one) == identity(other)


def _equal_containers(left: Any, right: Any) -> bool:
    kind = next((kind for kind in (list, tuple, dict, _SETS) if isinstance(left, kind)), None)
    if kind is None or not isinstance(right, kind) or len(left) != len(right):
        return False
    if kind is dict:
        items = [partial(_has_entry, right, *entry) for entry in kept(left).items()]
    elif kind is _SETS:
        items = [partial(contains, right, item) for item in kept(left)]
    else:
        items = [partial(_identical_or_equal, *pair) for pair in zip(kept(left), kept(right), strict=False)]
    return every([*items, partial(_is_whole, left), partial(_is_whole, right)])


def _identical_or_equal(left: Any, right: Any) -> bool:
    """What containers compare their items by."""
    if left is right:
        return True
    address = identity(left)
    if address is not None and address == identity(right):
        return True
    if _is_nan(left) and _is_nan(right):
        raise UnknownValue("whether two NaNs are the very same", "the identity of floats is not captured")
    return equal(left, right)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _has_entry(entries: Any, key: Any, value: Any) -> bool:
    return some(
        partial(every, [partial(_identical_or_equal, key, other), partial(_identical_or_equal, value, held)])
        for other, held in kept(entries).items()
    ) or not _is_whole(entries)


def _is_whole(container: Any) -> bool:
    """True; raises for a container of which items are missing."""
    if not is_complete(container):
        raise UnknownValue(
            f"what is in a {type_name(container)}",
            f"of its {len(container):,} items {len(kept(container)):,} were captured",
        )
    return True


def contains(container: Any, item: Any) -> bool:
    """``item in container``."""
    container = known(container)
    if isinstance(container, _BY_CLASS):
        raise in_a_method("what is in one", container)
    if isinstance(container, CutText | CutBytes):
        return _cut_contains(container, known(item))
    if not isinstance(container, _CONTAINERS):
        return bool(known(item) in container)
    if isinstance(container, (dict, *_SETS)):
        _check_hashable(known(item), dict if isinstance(container, dict) else set)
    return some([*(partial(_identical_or_equal, item, other) for other in kept(container))]) or not _is_whole(container)


def _cut_contains(container: CutText | CutBytes, item: Any) -> bool:
    beginning = _beginning(container)
    if not isinstance(item, CutText | CutBytes) and item in beginning:
        return True
    if isinstance(item, str | bytes | CutText | CutBytes) and len(item) > container.size:
        return False
    raise UnknownValue(
        f"what is in a {type_name(container)}", f"{len(beginning):,} of its {container.size:,} characters were captured"
    )


def _check_hashable(item: Any, container: type) -> None:
    """Python looks into dicts and sets by hash, and fails for what has none; in a set it looks for a set as frozen."""
    if type(item) in SCALARS:
        hash(item)
    elif isinstance(item, (list, dict)) or (isinstance(item, set) and container is dict):
        raise TypeError(f"unhashable type: {type_name(item)!r}")
    if isinstance(item, tuple):
        for part in item:
            _check_hashable(known(part), dict)


def ordered(sign: str, left: Any, right: Any) -> bool:
    """``<``, ``<=``, ``>`` or ``>=``.

    Args:
        sign: which.
        left: the one value.
        right: the other.
    """
    order = _ORDERS[sign]
    left, right = known(left), known(right)
    if type(left) in SCALARS and type(right) in SCALARS:
        return bool(order(left, right))
    for value in (left, right):
        if isinstance(value, _BY_CLASS):
            raise in_a_method("the order", value)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, CutInt) and type(other) in (*_NUMBERS, CutInt):
            return _compare_numbers(order, left, right)
        if isinstance(one, CutText | CutBytes):
            return _order_texts(order, left, right)
    for kind in (list, tuple):
        if isinstance(left, kind) and isinstance(right, kind):
            return _order_sequences(sign, left, right)
    if isinstance(left, _SETS) and isinstance(right, _SETS):
        return _order_sets(sign, left, right)
    raise TypeError(f"{sign!r} not supported between instances of {type_name(left)!r} and {type_name(right)!r}")


def _order_texts(order: Callable[[Any, Any], Any], left: Any, right: Any) -> bool:
    mine, others = _beginning(left), _beginning(right)
    answer = bool(order(mine, others))  # raises what Python raises where a text is compared with something else
    if any(one != another for one, another in zip(mine, others, strict=False)):
        return answer
    raise UnknownValue(f"how two {type_name(left)} compare", "the end of one was not captured")


def _order_sequences(sign: str, left: Any, right: Any) -> bool:
    for pair in zip(kept(left), kept(right), strict=False):
        if not _identical_or_equal(*pair):
            return ordered(sign, *pair)
    if min(len(left), len(right)) > min(len(kept(left)), len(kept(right))):
        _is_whole(left)
        _is_whole(right)
    return bool(_ORDERS[sign](len(left), len(right)))


def _order_sets(sign: str, left: Any, right: Any) -> bool:
    small, large = (left, right) if sign in ("<", "<=") else (right, left)
    if len(small) > len(large) or (len(sign) == 1 and len(small) == len(large)):
        return False
    return every([*(partial(contains, large, item) for item in kept(small)), partial(_is_whole, small)])
