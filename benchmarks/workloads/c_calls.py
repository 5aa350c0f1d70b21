"""Calls of builtin functions and methods from a few Python functions."""

from __future__ import annotations

from benchmarks.workloads import Pass


def collect(count: int) -> int:
    items: list[int] = []
    total = 0
    for i in range(count):
        items.append(i)
        total += len(items) + abs(i)
        if isinstance(total, int):
            total = max(total, i)
    return total


def collect_often() -> None:
    for _ in range(20):
        collect(2_000)


def prepare() -> Pass:
    return collect_often
