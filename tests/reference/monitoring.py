"""The reference tracer of Python 3.12 and later: ``sys.monitoring`` with callbacks in Python.

What it leaves out, because the tracer does: a raise that is only the propagation of an exception which has just
left a recorded callee; ``RERAISE``; handlers that the compiler put in for generators and comprehensions.

A Python function of a library has an opaque span whenever its caller is a frame in scope, once the tracer looks at
it. It does so when a ``CALL`` instruction in scope names the function, or when a frame in scope is the caller the
first time that the function is seen. A function that was first called from elsewhere, and that no ``CALL`` in scope
ever names (an operator, ``with``, a class, a C function that calls back), has been switched off for good.
"""

from __future__ import annotations

import opcode
import sys
import threading
import types
from collections.abc import Callable
from typing import Any

from reference.events import (
    Event,
    arguments,
    call_line,
    callable_name,
    delegating,
    exception_message,
    exception_name,
    line_at,
    plain,
    yields_too,
)
from scope_repl.schema import Kind

PUSH_EXC_INFO = opcode.opmap["PUSH_EXC_INFO"]
TOOL = 4


class MonitoringObserver:
    """Appends to ``events``, a list for each thread's name, what happens in code that ``in_scope`` accepts."""

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
        self.called: set[types.CodeType] = set()  # library functions that have opaque spans
        self.switched_off: set[tuple[types.CodeType, int]] = set()  # where frames of libraries are entered unseen
        self.delegating: dict[int, list[int]] = {}  # thread -> the frames that wait for what they delegate to
        self.carried: dict[int, int] = {}  # thread -> the exception that the last event carried out of a frame

    def start(self) -> None:
        events = sys.monitoring.events
        callbacks = {
            events.PY_START: self.on_start,
            events.PY_RESUME: self.on_resume,
            events.PY_THROW: self.on_throw,
            events.PY_RETURN: self.on_return,
            events.PY_YIELD: self.on_yield,
            events.PY_UNWIND: self.on_unwind,
            events.RAISE: self.on_raise,
            events.EXCEPTION_HANDLED: self.on_handled,
            events.CALL: self.on_call,
            events.C_RETURN: self.on_c_return,
            events.C_RAISE: self.on_c_raise,
        }
        sys.monitoring.use_tool_id(TOOL, "reference")
        sys.monitoring.restart_events()  # an earlier holder of the id may have disabled locations
        for event, callback in callbacks.items():
            sys.monitoring.register_callback(TOOL, event, callback)
        sys.monitoring.set_events(
            TOOL, sum(event for event in callbacks if event not in (events.C_RETURN, events.C_RAISE))
        )

    def stop(self) -> None:
        sys.monitoring.set_events(TOOL, 0)
        for event in range(32):
            if 1 << event <= sys.monitoring.events.BRANCH:
                sys.monitoring.register_callback(TOOL, 1 << event, None)
        sys.monitoring.free_tool_id(TOOL)

    # frames

    def on_start(self, code: types.CodeType, offset: int) -> None:
        frame = sys._getframe(1)
        self.look_at(frame, offset)
        if self.recorded(frame):
            values = self.values and self.in_scope(code)
            line = call_line(frame, self.in_scope) if self.values else 0
            self.note(Kind.CALL, frame, line=line, values=arguments(frame) if values else None)

    def on_resume(self, code: types.CodeType, offset: int) -> None:
        frame = sys._getframe(1)
        self.look_at(frame, offset)
        if self.recorded(frame):
            self.resume(Kind.RESUME, frame)

    def on_throw(self, code: types.CodeType, offset: int, exception: BaseException) -> None:
        frame = sys._getframe(1)
        if self.recorded(frame):
            self.resume(Kind.THROW, frame)
        elif self.throw_into_delegating(frame):
            self.called.add(code)

    def resume(self, kind: Kind, frame: types.FrameType) -> None:
        """A frame goes on. If it has delegated while somebody threw into it, that has been noted."""
        waiting = self.delegating.get(threading.get_ident(), [])
        if id(frame) in waiting:
            del waiting[waiting.index(id(frame)) :]
            return
        self.throw_into_delegating(frame)
        self.note(kind, frame)

    def throw_into_delegating(self, frame: types.FrameType) -> list[int]:
        """What delegates to the frame is thrown into before the frame itself. Returns all that wait by now."""
        waiting = self.delegating.setdefault(threading.get_ident(), [])
        for back in reversed(list(delegating(frame))):
            if not self.in_scope(back.f_code) and waiting:
                self.called.add(back.f_code)
            if self.recorded(back) and id(back) not in waiting:
                self.note(Kind.THROW, back)
                waiting.append(id(back))
        return waiting

    def look_at(self, frame: types.FrameType, offset: int) -> None:
        """A frame of a library is entered: the first time decides, unless a CALL has named its function."""
        place = frame.f_code, offset
        if self.in_scope(frame.f_code) or frame.f_code in self.called or place in self.switched_off:
            return
        if frame.f_back is not None and self.in_scope(frame.f_back.f_code):
            self.called.add(frame.f_code)
        else:
            self.switched_off.add(place)

    def on_return(self, code: types.CodeType, offset: int, value: Any) -> None:
        self.leave(Kind.RETURN, value)

    def on_yield(self, code: types.CodeType, offset: int, value: Any) -> None:
        self.leave(Kind.YIELD, value)

    def leave(self, kind: Kind, value: Any) -> None:
        frame = sys._getframe(2)
        if self.recorded(frame):
            self.note(kind, frame, values=plain(value) if self.values and self.in_scope(frame.f_code) else None)
        waiting = self.delegating.get(threading.get_ident(), []) if kind is Kind.YIELD else []
        for back in yields_too(frame) if waiting else ():
            if id(back) in waiting:
                del waiting[waiting.index(id(back)) :]
                self.note(kind, back, values=plain(value) if self.values and self.in_scope(back.f_code) else None)

    def on_unwind(self, code: types.CodeType, offset: int, exception: BaseException) -> None:
        frame = sys._getframe(1)
        if self.recorded(frame):
            self.note(Kind.UNWIND, frame, type=exception_name(exception), carries=exception)

    # exceptions

    def on_raise(self, code: types.CodeType, offset: int, exception: BaseException) -> None:
        frame = sys._getframe(1)
        if self.in_scope(code) and not self.propagates(exception, frame):
            message = [plain(exception_message(exception))] if self.values else None
            self.note(Kind.RAISE, frame, type=exception_name(exception), line=line_at(code, offset), values=message)

    def propagates(self, exception: BaseException, frame: types.FrameType) -> bool:
        """Whether it has left a recorded frame before. An address alone does not tell: it may have been used again."""
        traceback = exception.__traceback__
        has_left_a_frame = traceback is not None and (traceback.tb_frame is not frame or traceback.tb_next is not None)
        return has_left_a_frame and self.carried.get(threading.get_ident()) == id(exception)

    def on_handled(self, code: types.CodeType, offset: int, exception: BaseException) -> None:
        if self.in_scope(code) and code.co_code[offset] == PUSH_EXC_INFO:
            self.note(Kind.HANDLED, sys._getframe(1), type=exception_name(exception))

    # calls of C

    def on_call(self, code: types.CodeType, offset: int, target: Any, first: Any) -> None:
        if not self.in_scope(code):
            return
        function = target.__func__ if type(target) is types.MethodType else target
        if type(function) is types.FunctionType:
            if not self.in_scope(function.__code__):
                self.called.add(function.__code__)
        elif self.c_calls:
            self.note_c(Kind.C_CALL, function, line=line_at(code, offset) if self.values else 0)

    def on_c_return(self, code: types.CodeType, offset: int, target: Any, first: Any) -> None:
        self.leave_c(Kind.C_RETURN, code, target)

    def on_c_raise(self, code: types.CodeType, offset: int, target: Any, first: Any) -> None:
        self.leave_c(Kind.C_RAISE, code, target)

    def leave_c(self, kind: Kind, code: types.CodeType, target: Any) -> None:
        function = target.__func__ if type(target) is types.MethodType else target
        if self.c_calls and self.in_scope(code) and type(function) is not types.FunctionType:
            self.note_c(kind, function)

    def note_c(self, kind: Kind, function: Any, line: int = 0) -> None:
        if kind is not Kind.C_RAISE:
            self.carried.pop(threading.get_ident(), None)
        self.emit(Event(kind, callable_name(function), line=line))

    # what they share

    def recorded(self, frame: types.FrameType) -> bool:
        return self.in_scope(frame.f_code) or self.is_opaque(frame)

    def is_opaque(self, frame: types.FrameType) -> bool:
        return frame.f_code in self.called and frame.f_back is not None and self.in_scope(frame.f_back.f_code)

    def note(
        self,
        kind: Kind,
        frame: types.FrameType,
        *,
        type: str = "",
        line: int = 0,
        values: Any = None,
        carries: BaseException | None = None,
    ) -> None:
        opaque = not self.in_scope(frame.f_code)
        thread = threading.get_ident()
        if carries is None and kind is not Kind.THROW:
            self.carried.pop(thread, None)
        elif carries is not None and not opaque:
            self.carried[thread] = id(carries)
        elif carries is not None and self.carried.get(thread) != id(carries):
            self.carried.pop(thread, None)
        self.emit(Event(kind, frame.f_code.co_qualname, type, line, values, id(frame), opaque))
