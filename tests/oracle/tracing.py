"""Each line and each exit of a file's frames, on Python 3.11: by the C trace hook, set through ctypes.

``sys.settrace`` will not do: it writes the copy of a frame's locals back into the frame after each event.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
import threading
import types
from collections.abc import Callable, Iterator
from typing import Any

from reference.events import YIELD_VALUE, yields_too

LINE, RETURN = 2, 3
HOOK = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.py_object, ctypes.c_int, ctypes.c_void_p)

Look = Callable[[str, types.FrameType, int], None]


@contextlib.contextmanager
def observe(path: str, look: Look) -> Iterator[None]:
    """Call ``look`` with "line", "return", "yield" or "unwind", the frame, and the line that begins."""

    def on_event(_: None, frame: types.FrameType, what: int, value: int | None) -> int:
        code = frame.f_code
        if what == LINE and code.co_filename == path:
            look("line", frame, frame.f_lineno or 0)
        elif what == RETURN:
            yields = value is not None and code.co_code[frame.f_lasti] == YIELD_VALUE
            for left in (frame, *yields_too(frame)) if yields else (frame,):
                if left.f_code.co_filename == path:
                    look("unwind" if value is None else "yield" if yields else "return", left, 0)
        return 0

    hook = HOOK(on_event)
    none = ctypes.py_object(None)

    def install() -> None:
        ctypes.pythonapi.PyEval_SetTrace(hook, none)

    threading.settrace(_AskedInEachNewThread(install))  # type: ignore[arg-type]
    install()
    try:
        yield
    finally:
        ctypes.pythonapi.PyEval_SetTrace(None, None)
        threading.settrace(None)  # type: ignore[arg-type]


class _AskedInEachNewThread:
    """threading asks in each new thread whether it has a trace function, and that is when the hook is set there."""

    def __init__(self, install: Callable[[], Any]) -> None:
        self.install = install

    def __bool__(self) -> bool:
        if sys._getframe(1).f_code.co_name == "_bootstrap_inner":
            self.install()
        return False
