"""Hooks that do nothing but be called, and the same hooks counting, which is how events are counted exactly."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, NamedTuple

from benchmarks import floor
from benchmarks.hooks import Context, Events

PYTHON_EVENTS = ["PY_START", "PY_RESUME", "PY_THROW", "PY_RETURN", "PY_YIELD", "PY_UNWIND"]
C_EVENTS = ["CALL", "C_RETURN", "C_RAISE"]
LINE_EVENTS = ["LINE"]
NOTHING, COUNTING, COUNTING_C, CLOCK = range(4)


@contextmanager
def installed(events: Events, callback: Callable[[bool], object]) -> Iterator[dict[str, Any]]:
    """Global events for one tool: `callback` gives the object that is called, for events of C calls and for others."""
    monitoring = sys.monitoring  # type: ignore[attr-defined, unused-ignore]
    tool = monitoring.PROFILER_ID
    monitoring.use_tool_id(tool, "floor")
    names = PYTHON_EVENTS + C_EVENTS * events.c_calls + LINE_EVENTS * (events.level == "lines")
    callbacks = {name: callback(name in C_EVENTS) for name in names}
    for name, function in callbacks.items():
        monitoring.register_callback(tool, getattr(monitoring.events, name), function)
    bits = {getattr(monitoring.events, name) for name in callbacks if name not in ("C_RETURN", "C_RAISE")}
    monitoring.set_events(tool, sum(bits))
    try:
        yield callbacks
    finally:
        monitoring.set_events(tool, 0)
        for name in callbacks:
            monitoring.register_callback(tool, getattr(monitoring.events, name), None)
        monitoring.free_tool_id(tool)


@contextmanager
def monitoring(context: Context, kind: int = NOTHING) -> Iterator[None]:
    native = floor.load()
    with installed(context.events, lambda _: native.callback(kind)):
        yield


def clock_monitoring(context: Context) -> AbstractContextManager[None]:
    return monitoring(context, CLOCK)


@contextmanager
def frame_hook(context: Context, kind: int = NOTHING) -> Iterator[None]:
    native = floor.load()
    native.set_frame_hook(kind)
    try:
        yield
    finally:
        native.clear_frame_hook()


def clock_frame_hook(context: Context) -> AbstractContextManager[None]:
    return frame_hook(context, CLOCK)


@contextmanager
def profiled(counting: bool) -> Iterator[Any]:
    """The calling thread's profile hook, and that of each thread started from now on."""
    native = floor.load()
    threading.setprofile(lambda *_: native.set_profile(counting))
    native.set_profile(counting)
    try:
        yield native
    finally:
        native.clear_profile()
        threading.setprofile(None)  # type: ignore[arg-type, unused-ignore]


@contextmanager
def profile_hook(context: Context) -> Iterator[None]:
    with profiled(counting=False):
        yield


@contextmanager
def traced(kind: int) -> Iterator[Any]:
    """The calling thread's trace function, and that of each thread started from now on."""
    native = floor.load()
    threading.settrace(lambda *_: native.set_trace(kind))
    native.set_trace(kind)
    try:
        yield native
    finally:
        native.clear_trace()
        threading.settrace(None)  # type: ignore[arg-type, unused-ignore]


@contextmanager
def trace(context: Context, kind: int = NOTHING) -> Iterator[None]:
    with profiled(counting=False) if context.events.c_calls else nullcontext(), traced(kind):
        yield


def clock_trace(context: Context) -> AbstractContextManager[None]:
    return trace(context, CLOCK)


class Counts(NamedTuple):
    """How many events of each kind happen in one pass."""

    python_events: int
    c_events: int
    lines: int


def count(events: Events, run: Callable[[], object]) -> Counts:
    native = floor.load()
    if sys.version_info < (3, 12):
        with profiled(counting=True):
            run()
        if events.level == "lines":
            with traced(COUNTING):
                run()
        python_events, c_events, lines = native.counts()
        return Counts(python_events, c_events if events.c_calls else 0, lines)
    with installed(events, lambda is_c: native.callback(COUNTING_C if is_c else COUNTING)) as callbacks:
        run()
    return Counts(
        *(
            sum(callbacks[name].count for name in callbacks if name in names)
            for names in (PYTHON_EVENTS, C_EVENTS, LINE_EVENTS)
        )
    )
