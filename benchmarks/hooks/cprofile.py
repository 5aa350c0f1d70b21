"""cProfile, which sums up and keeps no events."""

from __future__ import annotations

import cProfile
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.hooks import Context


@contextmanager
def recording(context: Context) -> Iterator[object]:
    profile = cProfile.Profile(builtins=context.events.c_calls)
    profile.enable()
    try:
        yield profile
    finally:
        profile.disable()
