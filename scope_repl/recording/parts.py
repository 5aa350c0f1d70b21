"""What captured values hold, and how far a look goes into them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from scope_repl.recording.captured import CapturedArray, CapturedNamed, CapturedObject
from scope_repl.recording.containers import CapturedDict, CapturedTuple, Container
from scope_repl.recording.standing import has_versions
from scope_repl.schema import LOOK_DEPTH, LOOK_INSTANCES

_MOST = 100_000
_PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes})


def parts_of(value: Any) -> Iterator[Any]:
    """What a captured value holds."""
    match value:
        case CapturedDict():
            for key, item in value.kept.items():
                yield from (key, item)
        case Container():
            yield from value.kept
        case CapturedObject():
            yield value.__captured__.content
            yield from value.__captured__.attributes.values()
        case CapturedArray():
            yield from value.items
        case CapturedNamed():
            yield value.bound_to
        case slice():
            yield from (value.start, value.stop, value.step)


def in_reach(values: Iterable[Any], most: int = _MOST) -> Iterator[Any]:
    """What a look that begins at some values leads to, themselves included, the nearest first; no plain values.

    Containers nest up to ``LOOK_DEPTH`` deep, anew in each instance, and instances up to ``LOOK_INSTANCES`` deep. What
    is held by a tuple is counted as if it were held by what the tuple is in.

    Args:
        values: where the look begins, such as the values of a frame's locals.
        most: how many parts of values are gone through at the most.
    """
    met: dict[int, tuple[int, int]] = {}
    waiting = deque((value, LOOK_DEPTH, 0, True) for value in values if _is_nearer(value, LOOK_DEPTH, 0, met))
    while waiting:
        value, containers, instances, outside = waiting.popleft()
        yield value
        if has_versions(value):
            outside, instance = False, isinstance(value, CapturedObject)
            containers, instances = (LOOK_DEPTH, instances + 1) if instance else (containers - 1, instances)
        elif outside:
            containers -= _cost(value)
            instances += isinstance(value, CapturedNamed)
        for part in islice(parts_of(value), max(most, 0)):
            most -= 1
            if _is_nearer(part, containers, instances, met):
                waiting.append((part, containers, instances, outside))


def _is_nearer(value: Any, containers: int, instances: int, met: dict[int, tuple[int, int]]) -> bool:
    """Whether a look leads to a value, and leads further from there than from where it met the value before."""
    if type(value) in _PLAIN or (has_versions(value) and _is_beyond(value, containers, instances)):
        return False
    before = met.get(id(value))
    if before is not None and before[0] >= containers and before[1] <= instances:
        return False
    met[id(value)] = containers, instances
    return True


def _is_beyond(value: Any, containers: int, instances: int) -> bool:
    return containers <= 0 or (instances >= LOOK_INSTANCES and isinstance(value, CapturedObject))


def _cost(value: Any) -> int:
    """How deep a value that stands in a frame itself is counted."""
    if isinstance(value, CapturedNamed):
        return 0
    content = value.__captured__.content if isinstance(value, CapturedObject) else value
    return 1 if isinstance(content, CapturedTuple) else LOOK_DEPTH
