"""What is compared: hooks that do nothing, Scope, and other tracers, each set up to see the same events.

An event set is "calls" (entries and exits of Python functions) or "values" (the same, with arguments and results), and
either may be asked for with C calls. A hook makes a context manager: inside, the program is being recorded.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass


@dataclass(frozen=True)
class Events:
    values: bool = False
    c_calls: bool = False

    def __str__(self) -> str:
        return ("values" if self.values else "calls") + ("+c" if self.c_calls else "")

    @classmethod
    def parse(cls, text: str) -> Events:
        return cls(values=text.startswith("values"), c_calls=text.endswith("+c"))


@dataclass(frozen=True)
class Context:
    """What a hook is told of the workload it will see."""

    events: Events
    everything: bool = True  # all code, or what the tool records when nothing is asked for


Hook = Callable[[Context], AbstractContextManager[object]]


@dataclass(frozen=True)
class Contender:
    name: str
    module: str
    function: str
    values: bool = False  # can record arguments and results
    c_calls: bool = True
    every_thread: bool = True
    since: tuple[int, int] = (3, 11)
    until: tuple[int, int] = (4, 0)
    needs: str = ""
    is_floor: bool = False  # records nothing: what it costs, a tracer costs at least

    def can(self, events: Events, version: tuple[int, int]) -> bool:
        level = self.values or self.is_floor or not events.values
        return self.since <= version < self.until and level and (self.c_calls or not events.c_calls)

    def load(self) -> Hook:
        hook: Hook = getattr(importlib.import_module(f"benchmarks.hooks.{self.module}"), self.function)
        return hook


CONTENDERS = {
    contender.name: contender
    for contender in [
        Contender("no-op monitoring", "nothing", "monitoring", since=(3, 12), is_floor=True),
        Contender("no-op frame hook", "nothing", "frame_hook", c_calls=False, until=(3, 12), is_floor=True),
        Contender("no-op profile hook", "nothing", "profile_hook", until=(3, 12), is_floor=True),
        Contender("clock-only monitoring", "nothing", "clock_monitoring", since=(3, 12), is_floor=True),
        Contender("clock-only frame hook", "nothing", "clock_frame_hook", c_calls=False, until=(3, 12), is_floor=True),
        Contender("Scope", "scope", "recording", values=True),
        Contender("Scope, ring full", "scope", "recording_in_small_ring", values=True),
        Contender("trace0", "trace0", "recording", c_calls=False, since=(3, 13), needs="trace0"),
        Contender("viztracer", "viztracer", "recording", values=True, needs="viztracer"),
        Contender("cProfile", "cprofile", "recording", every_thread=False),
    ]
}
