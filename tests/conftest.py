"""Every test leaves the interpreter as it found it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator

import pytest

# A process that pytest-xdist starts is a `python -c`, whose code would be recorded as the program's own.
if "PYTEST_XDIST_WORKER" in os.environ:
    sys.modules["__main__"].__dict__["__name__"] = "xdist_worker"

# A job in the background ignores interrupts, and so would the programs that tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def hooks() -> dict[str, object]:
    """What a tracer may have left behind: the holder of each hook that the interpreter shows."""
    found: dict[str, object] = {
        "sys.getprofile()": sys.getprofile(),
        "sys.gettrace()": sys.gettrace(),
        "threading.getprofile()": threading.getprofile(),
        "threading.gettrace()": threading.gettrace(),
    }
    if sys.version_info >= (3, 12):
        found |= {f"monitoring tool {number}": sys.monitoring.get_tool(number) for number in range(6)}
    return found


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    before = hooks()
    yield
    # A test that never loaded the tracer cannot have left it running.
    tracer = sys.modules.get("scope_repl._tracer")
    was_running = tracer is not None and tracer.running()
    if was_running:
        tracer.abandon()
    assert not was_running, "the test left a recorder running"
    assert hooks() == before
