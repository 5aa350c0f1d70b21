"""What the reference tracer says happened, and plain copies of the values it saw."""

from __future__ import annotations

import functools
import inspect
import opcode
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from scope_repl.schema import Kind

SCALARS = (type(None), bool, int, float, complex, str, bytes)
SUSPENDS = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
C_FUNCTIONS = (
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.MethodWrapperType,
    types.ClassMethodDescriptorType,
)
RESUME, YIELD_VALUE = opcode.opmap["RESUME"], opcode.opmap["YIELD_VALUE"]
AWAITS = (2, 3)  # the argument of the RESUME behind a `yield from` and an `await`
ENTERS = frozenset({Kind.CALL, Kind.RESUME, Kind.THROW})
LEAVES = frozenset({Kind.RETURN, Kind.YIELD, Kind.UNWIND})


@dataclass(slots=True)
class Event:
    """One thing that happened in one thread.

    ``line`` is where an exception was raised, or the line of the calling frame that a call came from; 0 if not known.
    ``frame`` tells the frames of one thread's recursion apart and is not compared. ``opaque``: of a library's function.
    """

    kind: Kind
    name: str
    type: str = ""
    line: int = 0
    values: Any = None
    frame: int = field(default=0, compare=False)
    opaque: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        parts = [self.kind.name, self.name, self.type, f"line {self.line}" if self.line else ""]
        if self.values is not None:
            parts.append(repr(self.values)[:200])
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value of which only the type is compared."""

    type: str


def plain(value: Any, depth: int = 6) -> Any:
    """A copy of a value of builtin types, which compares equal to another one only if the types are the same, too."""
    kind = type(value)
    if kind in SCALARS:
        return (kind.__name__, repr(value)) if kind is float else (kind.__name__, value)
    if depth and kind in (list, tuple):
        return (kind.__name__, [plain(item, depth - 1) for item in value])
    if depth and kind is dict:
        return ("dict", [(plain(key, depth - 1), plain(item, depth - 1)) for key, item in value.items()])
    if depth and kind in (set, frozenset):
        return (kind.__name__, sorted((plain(item, depth - 1) for item in value), key=repr))
    return Opaque("type" if isinstance(value, type) else kind.__qualname__)


@functools.cache
def argument_names(code: types.CodeType) -> tuple[str, ...]:
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    return code.co_varnames[:count]


def arguments(frame: types.FrameType) -> list[Any]:
    """The arguments of a frame that has just been entered.

    Before 3.13 ``f_locals`` is a copy that the frame keeps; it is emptied again, so that no argument lives longer.
    """
    local = frame.f_locals
    values = [plain(local.get(name)) for name in argument_names(frame.f_code)]
    if (
        sys.version_info < (3, 13) and frame.f_code.co_flags & inspect.CO_OPTIMIZED
    ):  # a function's copy, not a module's dictionary
        local.clear()
    return values


def call_line(frame: types.FrameType, in_scope: Callable[[types.CodeType], bool]) -> int:
    """The line that a frame was called from; 0 for what suspends, and when the caller is out of scope."""
    back = frame.f_back
    if frame.f_code.co_flags & SUSPENDS or back is None or not in_scope(back.f_code):
        return 0
    return back.f_lineno or 0


@functools.cache
def line_at(code: types.CodeType, offset: int) -> int:
    """The line of the instruction at a byte offset; 0 if it has none."""
    for start, end, line in code.co_lines():
        if start <= offset < end:
            return line or 0
    return 0


@functools.cache
def awaits(code: types.CodeType) -> frozenset[int]:
    """Where a frame stands that is suspended at a `yield from` or an `await`."""
    instructions = list(zip(code.co_code[::2], code.co_code[1::2], strict=True))
    places = [at for at, (name, argument) in enumerate(instructions) if name == RESUME and argument & 3 in AWAITS]
    return frozenset(2 * at for at in places) | {2 * at - 2 for at in places if instructions[at - 1][0] == YIELD_VALUE}


def delegating(frame: types.FrameType) -> Iterator[types.FrameType]:
    """The frames that delegate to this one, innermost first.

    Somebody has thrown into the outermost of them. They are on the stack and stand where they were suspended.
    """
    back = frame.f_back
    while back is not None and back.f_lasti in awaits(back.f_code):
        yield back
        back = back.f_back


def yields_too(frame: types.FrameType) -> Iterator[types.FrameType]:
    """The frames that a yield of this one suspends, too: those that delegate to it."""
    if not frame.f_code.co_flags & inspect.CO_ASYNC_GENERATOR or frame.f_lasti in awaits(frame.f_code):
        yield from delegating(frame)


def callable_name(value: Any) -> str:
    """The qualified name of a callable that is not a Python function; for an instance, that of what it runs."""
    if isinstance(value, types.BuiltinFunctionType) and not isinstance(value.__self__, types.ModuleType | None):
        return f"{owner(value.__self__, value.__name__).__qualname__}.{value.__name__}"
    if isinstance(value, (type, *C_FUNCTIONS)):
        return value.__qualname__
    if type(value).__dictoffset__ > 0 and "__qualname__" in vars(value):  # such as what lru_cache makes
        return vars(value)["__qualname__"]
    return f"{type(value).__qualname__}.__call__"


def owner(instance: Any, name: str) -> type:
    """The class in which a method of C is defined."""
    classes = instance.__mro__ if isinstance(instance, type) else type(instance).__mro__
    methods = (*C_FUNCTIONS, staticmethod)
    return next((found for found in classes if isinstance(vars(found).get(name), methods)), classes[0])


def exception_name(value: BaseException | type) -> str:
    return (value if isinstance(value, type) else type(value)).__qualname__


def exception_message(value: BaseException) -> str | None:
    """The message: the exception's first argument, when it is a plain str."""
    args = value.args
    return args[0] if args and type(args[0]) is str else None
