"""What is written never exceeds the room, does not depend on it, and its cost does not depend on the value's size."""

from __future__ import annotations

import time
from typing import Any

import pytest
from values.capture import capture
from values.test_instances import Plain, Slotted

from scope_repl import _tracer
from scope_repl.recording.cut import Cut, CutBytes, CutInt, CutText

pytestmark = pytest.mark.native


def wide(depth: int) -> Any:
    return [wide(depth - 1) if depth else "x" * 200] * 40


SAMPLES: dict[str, Any] = {
    "int": 5,
    "text": "é" * 2000,
    "bytes": b"x" * 5000,
    "long int": 3**5000,
    "list": wide(4),
    "dict": {f"k{n}": {"v": "x" * n} for n in range(300)},
    "set": {(n, "x" * n) for n in range(300)},
    "instance": Plain(**{f"a{n}": Plain(b="x" * 300, c=[Slotted()]) for n in range(50)}),
    "exception": ValueError("x" * 1000, [1] * 100, {"a": "y" * 400}),
    "mixed": [1, "a", 2.5, None, (True, b"x", {"k": [1, 2]}), range(5), len, int, SystemExit(3), "é😀"],
}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_room_decides_only_whether_it_fits(name: str) -> None:
    value = SAMPLES[name]
    whole = _tracer.encode(value)
    assert 0 < len(whole) <= _tracer.PAYLOAD_MAX
    for room in range(1, _tracer.PAYLOAD_MAX + 1):
        encoded = _tracer.encode(value, False, _tracer.PAYLOAD_MAX, room)
        assert len(encoded) <= room
        assert encoded in (b"", whole)
        assert encoded == whole or room < len(whole) + 32


@pytest.mark.parametrize("name", SAMPLES)
def test_every_limit_is_kept_and_gives_a_value(name: str) -> None:
    for limit in [*range(3, 400), *range(400, _tracer.PAYLOAD_MAX, 37)]:
        encoded = _tracer.encode(SAMPLES[name], False, limit)
        assert 0 < len(encoded) <= limit
        capture(SAMPLES[name], limit=limit)
        if limit < 400:
            for room in range(1, limit, 7):
                assert _tracer.encode(SAMPLES[name], False, limit, room) in (b"", encoded)


def test_the_least_limit_gives_a_mark() -> None:
    assert isinstance(capture("x" * 100, limit=3), Cut)
    assert capture(1, limit=3) in (1,) or isinstance(capture(1, limit=3), Cut)


def test_one_large_item_leaves_space_for_the_others() -> None:
    captured = capture([wide(3), "last"])
    assert captured[1] == "last"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (10**1_000_000, CutInt),
        (b"x" * 100_000_000, CutBytes),
        ("x" * 100_000_000, CutText),
        (list(range(5_000_000)), list),
        (dict.fromkeys(range(1_000_000)), dict),
        (set(range(1_000_000)), set),
    ],
    ids=["int", "bytes", "str", "list", "dict", "set"],
)
def test_huge_values_cost_nothing(value: Any, kind: type) -> None:
    assert isinstance(capture(value), kind)
    # A walk over any of these takes milliseconds at the least; one that is bounded, microseconds.
    fastest = min(_seconds(value) for _ in range(20))
    assert fastest < 0.001


def _seconds(value: Any) -> float:
    start = time.perf_counter()
    _tracer.encode(value)
    return time.perf_counter() - start
