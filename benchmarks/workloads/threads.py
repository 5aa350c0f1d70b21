"""Four threads that call Python functions."""

from __future__ import annotations

import threading

from benchmarks.workloads import Pass


def step(value: int) -> int:
    return (value * 31 + 7) % 1_000_003


def chain(length: int) -> int:
    value = 1
    for _ in range(length):
        value = step(value)
    return value


def run_threads() -> None:
    threads = [threading.Thread(target=chain, args=(40_000,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def prepare() -> Pass:
    return run_threads
