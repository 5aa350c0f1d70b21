"""Calls and next to nothing else."""

from __future__ import annotations

from benchmarks.workloads import Pass


def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def prepare() -> Pass:
    return lambda: fib(24)
