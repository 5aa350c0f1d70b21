"""Whether captured values of two recordings are alike: as they would be if addresses did not count."""

from __future__ import annotations

from typing import Any

from scope_repl.query.shown import parts
from scope_repl.recording.captured import (
    CapturedArray,
    CapturedFrame,
    CapturedNamed,
    CapturedObject,
    CapturedType,
)
from scope_repl.recording.containers import CapturedDict, Container
from scope_repl.recording.cut import Cut, CutBytes, CutInt, CutText, Redacted, Seen

_PARTS = 1000
_DEEPEST = 40


def alike(one: Any, other: Any) -> bool:
    """Whether two values are alike. What was not kept of both counts as alike.

    Args:
        one: a captured value.
        other: one of another recording, or of another time.
    """
    return _alike(one, other, set(), 0)


def _alike(one: Any, other: Any, open_pairs: set[tuple[int, int]], depth: int) -> bool:
    if type(one) is not type(other) or _outside(one) != _outside(other):
        return False
    pair = id(one), id(other)
    if pair in open_pairs or depth > _DEEPEST:
        return True
    if isinstance(one, set | frozenset):
        return sorted(map(_sortable, parts(one, 0, _PARTS)[1])) == sorted(map(_sortable, parts(other, 0, _PARTS)[1]))
    (total, held), (other_total, other_held) = parts(one, 0, _PARTS), parts(other, 0, _PARTS)
    if total != other_total:
        return False
    if isinstance(one, CapturedDict):
        keys = list(map(repr, one.kept)), list(map(repr, other.kept))
        if keys[0] != keys[1]:
            return False
    open_pairs.add(pair)
    found = all(
        part.label == mate.label and _alike(part.value, mate.value, open_pairs, depth + 1)
        for part, mate in zip(held, other_held, strict=True)
    )
    open_pairs.discard(pair)
    return found


def _sortable(part: Any) -> str:
    return f"{type(part.value).__name__} {part.value!r}"


def _outside(value: Any) -> Any:
    """What is compared of a value itself, without what it holds."""
    match value:
        case CapturedObject():
            known = value.__captured__
            return known.type, known.size, None if isinstance(known.content, Container) else repr(known.content)
        case Container():
            return value.size
        case CapturedArray():
            return value.type, value.dtype, value.shape
        case CapturedFrame():
            return value.type, value.rows, value.width, tuple(map(repr, value.columns))
        case CapturedNamed():
            return value.type, value.module, repr(value.name)
        case CapturedType():
            return value.type
        case CutText():
            return value.text, value.size
        case CutBytes():
            return value.data, value.size
        case CutInt():
            return value.leading, value.bits
        case Cut() | Redacted() | Seen():
            return None
        case float():
            return repr(value)
    return value
