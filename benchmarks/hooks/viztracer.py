"""viztracer, with room for every event and its filters off. It sees no lines: the values of calls are its nearest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from viztracer import VizTracer

from benchmarks.hooks import Context

ENTRIES = 20_000_000


@contextmanager
def recording(context: Context) -> Iterator[object]:
    values = context.events.level != "calls"
    tracer = VizTracer(
        tracer_entries=ENTRIES,
        verbose=0,
        ignore_c_function=not context.events.c_calls,
        log_func_args=values,
        log_func_retval=values,
        file_info=False,
        register_global=False,
    )
    tracer.start()
    try:
        yield tracer
    finally:
        tracer.stop()
        tracer.clear()
