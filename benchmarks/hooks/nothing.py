"""Hooks that do nothing but be called, and the same hooks counting, which is how events are counted exactly."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from benchmarks import floor
from benchmarks.hooks import Context, Events

PYTHON_EVENTS = ["PY_START", "PY_RESUME", "PY_THROW", "PY_RETURN", "PY_YIELD", "PY_UNWIND"]
C_EVENTS = ["CALL", "C_RETURN", "C_RAISE"]
NOTHING, COUNTING, COUNTING_C, CLOCK = range(4)


@contextmanager
def installed(events: Events, callback: Callable[[bool], object]) -> Iterator[dict[str, Any]]:
    """Global events for one tool: `callback` gives the object that is called, for a Python event or one of a C call."""
    monitoring = sys.monitoring  # type: ignore[attr-defined, unused-ignore]
    tool = monitoring.PROFILER_ID
    monitoring.use_tool_id(tool, "floor")
    callbacks = {name: callback(name in C_EVENTS) for name in PYTHON_EVENTS + C_EVENTS * events.c_calls}
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


def count(events: Events, run: Callable[[], object]) -> tuple[int, int]:
    """How many events of Python functions and of C calls happen in `run`."""
    native = floor.load()
    if sys.version_info < (3, 12):
        with profiled(counting=True):
            run()
        python_events, c_events = native.counts()
        return python_events, c_events if events.c_calls else 0
    with installed(events, lambda is_c: native.callback(COUNTING_C if is_c else COUNTING)) as callbacks:
        run()
    return (
        sum(callbacks[name].count for name in PYTHON_EVENTS),
        sum(callbacks[name].count for name in callbacks if name in C_EVENTS),
    )
