"""Each line and each exit of a file's frames, on Python 3.12 and later: by ``sys.monitoring``."""

from __future__ import annotations

import contextlib
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

from reference.events import yields_too

TOOL = 4

Look = Callable[[str, types.FrameType, int], None]


@contextlib.contextmanager
def observe(path: str, look: Look) -> Iterator[None]:
    """Call ``look`` with "line", "return", "yield" or "unwind", the frame, and the line that begins.

    The starts of frames are asked for, too: else 3.13 does not tell of a line that begins where its frame does.
    """
    monitoring = sys.monitoring
    events = monitoring.events

    def on_line(code: types.CodeType, line: int) -> Any:
        if code.co_filename != path:
            return monitoring.DISABLE
        look("line", sys._getframe(1), line)
        return None

    def on_enter(code: types.CodeType, offset: int) -> Any:
        return None if code.co_filename == path else monitoring.DISABLE

    def on_exit(kind: str) -> Callable[[types.CodeType, int, Any], Any]:
        def on_event(code: types.CodeType, offset: int, value: Any) -> Any:
            if code.co_filename != path and kind == "return":
                return monitoring.DISABLE
            frame = sys._getframe(1)
            for left in (frame, *yields_too(frame)) if kind == "yield" else (frame,):
                if left.f_code.co_filename == path:
                    look(kind, left, 0)
            return None

        return on_event

    callbacks = {
        events.LINE: on_line,
        events.PY_START: on_enter,
        events.PY_RESUME: on_enter,
        events.PY_RETURN: on_exit("return"),
        events.PY_YIELD: on_exit("yield"),
        events.PY_UNWIND: on_exit("unwind"),
    }
    monitoring.use_tool_id(TOOL, "oracle")
    monitoring.restart_events()  # an earlier holder of the id may have disabled locations
    for event, callback in callbacks.items():
        monitoring.register_callback(TOOL, event, callback)
    monitoring.set_events(TOOL, sum(callbacks))
    try:
        yield
    finally:
        monitoring.set_events(TOOL, 0)
        for event in callbacks:
            monitoring.register_callback(TOOL, event, None)
        monitoring.free_tool_id(TOOL)
