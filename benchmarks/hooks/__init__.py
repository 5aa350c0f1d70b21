"""What is compared: hooks that do nothing, Scope, and other tracers, each set up to see the same events.

An event set is a level, "calls" (entries and exits of Python functions), "values" (the same, with arguments and
results) or "lines" (the same, with each line and what it changed), and each may be asked for with C calls. A hook makes
a context manager: inside, the program is being recorded.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Events:
    level: str = "calls"
    c_calls: bool = False

    def __str__(self) -> str:
        return self.level + ("+c" if self.c_calls else "")

    @classmethod
    def parse(cls, text: str) -> Events:
        level, _, c_calls = text.partition("+")
        return cls(level, c_calls == "c")


@dataclass(frozen=True)
class Context:
    """What a hook is told of the workload it will see."""

    events: Events
    everything: bool = True  # all code, or what the tool records when nothing is asked for


Hook = Callable[[Context], AbstractContextManager[object]]


class Size(NamedTuple):
    """What a recording takes, and the share of the events that are in it."""

    bytes: int
    share: float


@dataclass(frozen=True)
class Contender:
    name: str
    module: str
    function: str
    levels: tuple[str, ...] = ("calls",)
    c_calls: bool = True
    every_thread: bool = True
    every_line: bool = True  # else what it does at level lines is its nearest: calls, with their values
    since: tuple[int, int] = (3, 11)
    until: tuple[int, int] = (4, 0)
    needs: str = ""
    is_floor: bool = False  # records nothing: what it costs, a tracer costs at least
    size: str = ""  # the function that tells how large its recording is

    def can(self, events: Events, version: tuple[int, int]) -> bool:
        return (
            self.since <= version < self.until and events.level in self.levels and (self.c_calls or not events.c_calls)
        )

    def load(self) -> Hook:
        hook: Hook = getattr(importlib.import_module(f"benchmarks.hooks.{self.module}"), self.function)
        return hook

    def load_size(self) -> Callable[[object], Size]:
        size: Callable[[object], Size] = getattr(importlib.import_module(f"benchmarks.hooks.{self.module}"), self.size)
        return size


VALUES = ("calls", "values")
LINES = ("calls", "values", "lines")
MONITORING = (3, 12)  # the first Python with sys.monitoring


def floor(name: str, function: str, levels: tuple[str, ...], **limits: Any) -> Contender:
    return Contender(name, "nothing", function, levels, is_floor=True, **limits)


CONTENDERS = {
    contender.name: contender
    for contender in [
        floor("no-op monitoring", "monitoring", LINES, since=MONITORING),
        floor("no-op frame hook", "frame_hook", VALUES, c_calls=False, until=MONITORING),
        floor("no-op profile hook", "profile_hook", VALUES, until=MONITORING),
        floor("no-op trace function", "trace", ("lines",), until=MONITORING),
        floor("clock-only monitoring", "clock_monitoring", LINES, since=MONITORING),
        floor("clock-only frame hook", "clock_frame_hook", VALUES, c_calls=False, until=MONITORING),
        floor("clock-only trace function", "clock_trace", ("lines",), c_calls=False, until=MONITORING),
        Contender("Scope", "scope", "recording", LINES, size="size"),
        Contender("Scope, ring full", "scope", "recording_in_small_ring", LINES),
        Contender("trace0", "trace0", "recording", c_calls=False, since=(3, 13), needs="trace0"),
        Contender(
            "pyttd", "pyttd", "recording", ("lines",), False, since=MONITORING, needs="pyttd_native", size="size"
        ),
        Contender("viztracer", "viztracer", "recording", LINES, every_line=False, needs="viztracer"),
        Contender("cProfile", "cprofile", "recording", every_thread=False),
    ]
}
