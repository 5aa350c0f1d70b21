"""Scope, through its outer face."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import scope_repl
from benchmarks.hooks import Context, Size
from scope_repl.query.recording import Recording


@contextmanager
def recording(context: Context, buffer: str = "2GB") -> Iterator[object]:
    """The buffer holds a whole measurement, as the peers' do: nothing is dropped."""
    events = context.events
    with scope_repl.record(
        level=events.level, c_calls=events.c_calls, all=context.everything, buffer=buffer
    ) as recording:
        yield recording


def recording_in_small_ring(context: Context) -> AbstractContextManager[object]:
    """The flight recorder: the buffer is full all the time, and each event pushes an old one out."""
    return recording(context, buffer="4MB")


def size(recording: Recording) -> Size:
    stats = recording.stats
    return Size(stats.bytes, stats.stored / stats.produced)
