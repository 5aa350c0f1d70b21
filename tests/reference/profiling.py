"""The reference tracer of Python 3.11: the C profile and trace hooks, set through ctypes.

``sys.setprofile`` will not do: it copies each frame's locals into a dictionary before each event, which keeps
objects of the program alive and runs their finalisers while tracing is off. What the profile hook does not tell is
read off the frame: the instruction it stands at says whether it was called or resumed, and whether it returned or
yielded. Only the trace hook tells the exception.

Raises and handlers are what a frame-evaluation hook can know: a raise is noted when the frame that raised is left,
and not if the exception came out of a recorded callee; a handler when the frame that an exception came into calls
something or is left while it is being handled.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reference.events import (
    RESUME,
    YIELD_VALUE,
    Event,
    arguments,
    call_line,
    callable_name,
    delegating,
    exception_message,
    exception_name,
    plain,
    yields_too,
)
from scope_repl.schema import Kind

CALL, EXCEPTION, LINE, RETURN, C_CALL, C_EXCEPTION, C_RETURN = range(7)
HOOK = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.py_object, ctypes.c_int, ctypes.c_void_p)


@dataclass(slots=True)
class Raised:
    """An exception as it was when it was last seen in a frame."""

    exception: int
    type: str
    line: int
    message: str | None


@dataclass(slots=True)
class Landed:
    """An exception that came out of a callee into this frame."""

    frame: int
    name: str
    exception: int


class ThreadState:
    def __init__(self) -> None:
        self.raised: dict[int, Raised] = {}  # frame -> the last exception seen in it
        self.left: tuple[int, Event] | None = None  # the frame that was just unwound, and its event
        self.carried: int | None = None  # the exception that the last event carried out of a frame
        self.delegating: list[int] = []  # the frames that wait for what they delegate to
        self.landed: Landed | None = None  # where it came into a frame in scope, until that frame's next event


class ProfilingObserver:
    """Tells ``emit`` what happens in code that ``in_scope`` accepts, in the calling thread and in threads to come."""

    def __init__(
        self,
        in_scope: Callable[[types.CodeType], bool],
        emit: Callable[[Event], None],
        *,
        values: bool,
        c_calls: bool,
    ) -> None:
        self.in_scope = in_scope
        self.emit = emit
        self.values = values
        self.c_calls = c_calls
        self.opaque: set[int] = set()
        self.threads: dict[int, ThreadState] = {}
        self.hooks = HOOK(self.on_profile), HOOK(self.on_trace)

    def start(self) -> None:
        threading.settrace(_AskedInEachNewThread(self.install))  # type: ignore[arg-type]
        self.install()

    def install(self) -> None:
        profile, trace = self.hooks
        ctypes.pythonapi.PyEval_SetTrace(trace, ctypes.py_object(None))
        ctypes.pythonapi.PyEval_SetProfile(profile, ctypes.py_object(None))

    def stop(self) -> None:
        ctypes.pythonapi.PyEval_SetTrace(None, None)
        ctypes.pythonapi.PyEval_SetProfile(None, None)
        threading.settrace(None)  # type: ignore[arg-type]

    def state(self) -> ThreadState:
        return self.threads.setdefault(threading.get_ident(), ThreadState())

    def on_trace(self, _: None, frame: types.FrameType, what: int, argument: int | None) -> int:
        if what == EXCEPTION and argument is not None:
            kind, value, traceback = ctypes.cast(argument, ctypes.py_object).value
            state = self.state()
            if traceback is None or (traceback.tb_frame is frame and traceback.tb_next is None):
                state.carried = None  # not the one that was carried, though its address may be the same
            raised = Raised(
                id(value), exception_name(kind), traceback.tb_lineno if traceback else 0, exception_message(value)
            )
            if state.left is not None and traceback is not None and traceback.tb_next is not None:
                left, event = state.left
                if id(traceback.tb_next.tb_frame) == left:
                    event.type = raised.type
                    if not event.opaque:
                        state.carried = raised.exception
                    if state.landed is not None:
                        state.landed.exception = raised.exception
            if self.recorded(frame):
                state.raised[id(frame)] = raised
        return 0

    def on_profile(self, _: None, frame: types.FrameType, what: int, argument: int | None) -> int:
        value = None if argument is None else ctypes.cast(argument, ctypes.py_object).value
        if what == CALL:
            self.enter(frame)
        elif what == RETURN:
            if self.recorded(frame):
                self.leave(frame, value, unwound=argument is None)
            if argument is not None and frame.f_code.co_code[frame.f_lasti] == YIELD_VALUE:
                self.yield_too(frame, value)
        elif what in (C_CALL, C_RETURN, C_EXCEPTION) and self.c_calls and self.in_scope(frame.f_code):
            self.c_call(frame, what, value)
        return 0

    def enter(self, frame: types.FrameType) -> None:
        code, at = frame.f_code, frame.f_lasti
        kind = Kind.THROW
        if code.co_code[at] == RESUME:
            kind = Kind.RESUME if code.co_code[at + 1] else Kind.CALL
        if kind is Kind.CALL:
            self.opaque.discard(id(frame))
            if not self.in_scope(code):
                if frame.f_back is None or not self.in_scope(frame.f_back.f_code):
                    return
                self.opaque.add(id(frame))
        elif not self.recorded(frame):
            self.throw_into_delegating(frame)
            return
        state = self.state()
        state.raised.pop(id(frame), None)
        self.settle(frame.f_back)
        if kind is not Kind.CALL:
            if id(frame) in state.delegating:  # it has been thrown into before
                del state.delegating[state.delegating.index(id(frame)) :]
                return
            self.throw_into_delegating(frame)
        if self.values and kind is Kind.CALL:
            values = arguments(frame) if self.in_scope(code) else None
            self.note(kind, frame, line=call_line(frame, self.in_scope), values=values)
        else:
            self.note(kind, frame)

    def throw_into_delegating(self, frame: types.FrameType) -> None:
        """What delegates to the frame is thrown into before the frame itself."""
        waiting = self.state().delegating
        for back in reversed(list(delegating(frame))):
            if not self.in_scope(back.f_code) and waiting and back.f_back and self.in_scope(back.f_back.f_code):
                self.opaque.add(id(back))
            if self.recorded(back) and id(back) not in waiting:
                self.settle(back.f_back)
                self.note(Kind.THROW, back)
                waiting.append(id(back))

    def leave(self, frame: types.FrameType, value: Any, *, unwound: bool) -> None:
        waiting = self.state().delegating
        if id(frame) in waiting:  # what it delegated to has returned: then it goes on without an event
            del waiting[waiting.index(id(frame)) :]
        if not unwound:
            kind = Kind.YIELD if frame.f_code.co_code[frame.f_lasti] == YIELD_VALUE else Kind.RETURN
            self.settle(frame)
            self.note(kind, frame, values=plain(value) if self.values and self.in_scope(frame.f_code) else None)
            return
        state = self.state()
        raised = state.raised.pop(id(frame), Raised(0, "", 0, None))
        if state.carried != raised.exception and self.in_scope(frame.f_code):
            message = [plain(raised.message)] if self.values else None
            self.note(Kind.RAISE, frame, type=raised.type, line=raised.line, values=message)
        self.note(Kind.UNWIND, frame, type=raised.type, carries=raised)

    def yield_too(self, frame: types.FrameType, value: Any) -> None:
        """What delegates to a frame that yields is suspended, too."""
        waiting = self.state().delegating
        for back in yields_too(frame) if waiting else ():
            if id(back) in waiting:
                del waiting[waiting.index(id(back)) :]
                self.note(Kind.YIELD, back, values=plain(value) if self.values and self.in_scope(back.f_code) else None)

    def c_call(self, frame: types.FrameType, what: int, function: Any) -> None:
        kind = {C_CALL: Kind.C_CALL, C_RETURN: Kind.C_RETURN, C_EXCEPTION: Kind.C_RAISE}[what]
        state = self.state()
        state.left = None
        if kind is Kind.C_CALL:
            self.settle(frame)
        if kind is not Kind.C_RAISE:
            state.carried = None
        line = frame.f_lineno if self.values and kind is Kind.C_CALL else 0
        self.emit(Event(kind, callable_name(function), line=line))

    def recorded(self, frame: types.FrameType) -> bool:
        return self.in_scope(frame.f_code) or id(frame) in self.opaque

    def settle(self, frame: types.FrameType | None) -> None:
        """A frame that an exception came into goes on: is it handling that exception?"""
        state = self.state()
        landed, handling = state.landed, sys.exc_info()[1]
        if frame is None or landed is None or landed.frame != id(frame):
            return
        state.landed = None
        if handling is not None and id(handling) == landed.exception:
            self.emit(Event(Kind.HANDLED, landed.name, exception_name(handling), frame=landed.frame))

    def note(
        self,
        kind: Kind,
        frame: types.FrameType,
        *,
        type: str = "",
        line: int = 0,
        values: Any = None,
        carries: Raised | None = None,
    ) -> None:
        state = self.state()
        state.left = None
        event = Event(kind, frame.f_code.co_qualname, type, line, values, id(frame), opaque=id(frame) in self.opaque)
        self.emit(event)
        if carries is not None:
            if not event.opaque or state.carried == carries.exception:
                state.carried = carries.exception
            back = None if event.opaque else frame.f_back
            state.landed = (
                Landed(id(back), back.f_code.co_qualname, carries.exception)
                if back and self.in_scope(back.f_code)
                else None
            )
            state.left = id(frame), event
        elif kind is not Kind.THROW:
            state.carried = None
        if kind in (Kind.RETURN, Kind.UNWIND):
            self.opaque.discard(id(frame))


class _AskedInEachNewThread:
    """threading asks in each new thread whether it has a trace function, and that is when the hooks are set there."""

    def __init__(self, install: Callable[[], None]) -> None:
        self.install = install

    def __bool__(self) -> bool:
        if sys._getframe(1).f_code.co_name == "_bootstrap_inner":
            self.install()
        return False
