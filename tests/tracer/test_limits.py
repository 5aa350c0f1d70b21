"""What the options leave out, and nothing else: compared with the recording of everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import scope_repl

pytestmark = pytest.mark.native


class Refused(Exception):
    pass


def numbers(n: int) -> Iterator[int]:
    for number in range(n):
        yield twice(number)


def twice(number: int) -> int:
    return sum([number, number])


def refuse(depth: int) -> None:
    if depth == 0:
        raise Refused("at the bottom")
    refuse(depth - 1)


def work() -> int:
    total = sum(numbers(3))
    try:
        refuse(4)
    except Refused:
        total += len([1, 2])
    return total


def rows(recording: Any) -> list[tuple[str, int, str]]:
    calls = recording.calls
    return list(zip(calls["name"].astype(str), calls["depth"], calls["outcome"].astype(str), strict=True))


def record(**options: Any) -> Any:
    with scope_repl.record(**options) as recording:
        work()
    return recording


@pytest.mark.parametrize("level", ["calls", "values"])
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 6, 50])
def test_max_depth_leaves_out_what_is_deeper(level: str, limit: int) -> None:
    everything = rows(record(level=level))
    assert max(depth for _, depth, _ in everything) > 5
    assert rows(record(level=level, max_depth=limit)) == [row for row in everything if row[1] < limit]


@pytest.mark.parametrize("level", ["calls", "values"])
def test_without_c_calls(level: str) -> None:
    everything = record(level=level).calls
    without = record(level=level, c_calls=False).calls
    assert {"sum", "len"} <= set(everything[everything["kind"] == "c"]["name"])
    kept = everything[everything["kind"] != "c"]
    assert list(without["name"].astype(str)) == list(kept["name"].astype(str))
    assert list(without["outcome"].astype(str)) == list(kept["outcome"].astype(str))


def first_frame(recording: Any, name: str) -> Any:
    calls = recording.calls
    return recording.at(calls[calls["name"] == name].iloc[0]).stack()[0]


def test_arguments_at_level_values() -> None:
    assert first_frame(record(level="values"), "numbers").args["n"] == 3


def test_no_arguments_at_level_calls() -> None:
    frame = first_frame(record(level="calls"), "numbers")
    with pytest.raises(scope_repl.errors.UnknownValue, match="level calls"):
        frame.args["n"]
