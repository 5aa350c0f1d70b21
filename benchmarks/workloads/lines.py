"""Loops whose lines change nothing, one simple local each, or a list."""

from __future__ import annotations

from itertools import repeat

from benchmarks.workloads import Pass

ROUNDS = 10_000


def compare(low: int, high: int) -> None:
    """No line changes anything: the loop variable stays None."""
    for _ in repeat(None, ROUNDS):
        low < high  # noqa: B015
        low == high  # noqa: B015
        high > low  # noqa: B015
        low is high  # noqa: B015
        low != high  # noqa: B015
        low <= high  # noqa: B015
        low < 0  # noqa: B015
        high >= low  # noqa: B015


def count(number: int) -> int:
    """Each line changes one local, and the loop's line changes one too."""
    for i in range(ROUNDS):
        a = i + number
        b = a + 1
        c = b * 2
        d = c - a
        a = d + 7
        b = a - i
        c = b + 3
        number = c & 1023
    return number


def collect() -> None:
    """Every other line appends to a list."""
    for _ in range(10):
        items: list[int] = []
        for i in range(ROUNDS // 10):
            items.append(i)


def look_up(items: list[int]) -> int:
    """Each line but the loop's reads a list of a thousand items, which never changes."""
    total = 0
    for i in range(ROUNDS):
        total += items[i % 1000]
        total -= items[-1]
        total ^= items[0]
    return total


def still() -> Pass:
    return lambda: compare(1_000, 2_000)


def moving() -> Pass:
    return lambda: count(3)


def appends() -> Pass:
    return collect


def long_list() -> Pass:
    items = list(range(1_000))
    return lambda: look_up(items)
