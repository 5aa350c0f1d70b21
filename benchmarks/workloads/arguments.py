"""Functions of up to three arguments that return one of them or a new value, for the cost of capturing values."""

from __future__ import annotations

from benchmarks.workloads import Pass

ROUNDS = range(50_000)


def increment(a: int) -> int:
    return a + 1


def middle(a: int, b: int, c: int) -> int:
    return b


def run_ints() -> None:
    for i in ROUNDS:
        increment(i)
        middle(i, 1_000, -7)


def halve(a: float) -> float:
    return a * 0.5


def mix(a: float, b: float, c: float) -> float:
    return a * b + c


def run_floats() -> None:
    x = 1.5
    for _ in ROUNDS:
        halve(x)
        mix(x, 2.5, 3.25)


def same(a: str) -> str:
    return a


def choose(a: str, b: str, c: str) -> str:
    return b if a else c


def run_strings() -> None:
    name = "limit order"
    for _ in ROUNDS:
        same(name)
        choose(name, "buy", "GOOG.US")


def ints() -> Pass:
    return run_ints


def floats() -> Pass:
    return run_floats


def strings() -> Pass:
    return run_strings
