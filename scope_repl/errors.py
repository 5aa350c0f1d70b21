"""Everything that Scope raises on purpose. Each message names the fact, the value and what to do next."""

from __future__ import annotations

from collections.abc import Sequence


class ScopeError(Exception):
    """The root of Scope's errors."""


class OptionError(ScopeError, ValueError):
    """An option of a recording has a value that cannot be used.

    Args:
        option: the option's name, such as ``"buffer"``.
        value: what was given.
        advice: why it cannot be used and what can be given instead.
    """

    def __init__(self, option: str, value: object, advice: str) -> None:
        super().__init__(option, value, advice)
        self.option = option
        self.value = value
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.option}={self.value!r}: {self.advice}"


class AlreadyRecording(ScopeError, RuntimeError):
    """A second recording was asked for while one is running."""

    def __init__(
        self, message: str = "Scope is recording already, and there is one recording at a time: end that one first"
    ) -> None:
        super().__init__(message)


class NotRecording(ScopeError, RuntimeError):
    """The recorder was asked to stop, and none is running."""

    def __init__(self, message: str = "nothing is being recorded: start a recording first") -> None:
        super().__init__(message)


class NotWatchable(ScopeError, TypeError):
    """Something was to be watched that cannot be.

    Args:
        name: the name of the class that is the reason.
        reason: what it is about the class.
        advice: what can be done instead.
    """

    def __init__(self, name: str, reason: str, advice: str) -> None:
        super().__init__(name, reason, advice)
        self.name = name
        self.reason = reason
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.name} {self.reason}: {self.advice}"


class StillRecording(ScopeError, RuntimeError):
    """A recording was asked about its past before it had ended."""

    def __init__(
        self, message: str = "the recording has not ended: it can be read once its `with` block is over"
    ) -> None:
        super().__init__(message)


class NoRecording(ScopeError, LookupError):
    """The latest recording was asked for, and there is none."""

    def __init__(
        self,
        message: str = "nothing has been recorded yet: run a cell with %%scope_trace or a block in scope_repl.record()",
    ) -> None:
        super().__init__(message)


class ToolConflict(ScopeError, RuntimeError):
    """Other tools hold every hook that Scope could use.

    Args:
        holders: the names of the tools.
    """

    def __init__(self, holders: Sequence[str]) -> None:
        super().__init__(tuple(holders))
        self.holders = tuple(holders)

    def __str__(self) -> str:
        return (
            f"no monitoring tool id is free; they are held by {', '.join(self.holders)}: "
            "end one of these tools (see sys.monitoring.free_tool_id), then record again"
        )


class TraceTaken(ScopeError, RuntimeError):
    """Lines were to be recorded on Python 3.11, where they come through ``sys.settrace``, and another tool holds that.

    Args:
        holder: the name of the trace function that is set.
    """

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder

    def __str__(self) -> str:
        return (
            f"sys.settrace is held by {self.holder}, and on Python 3.11 lines are recorded through it: "
            "end that tool, or record at level 'values'"
        )


class OutOfRange(ScopeError, ValueError):
    """A moment was asked for that lies outside what the recording knows. The message says what the limits are."""


class UnknownValue(ScopeError, LookupError):
    """A captured value was asked for that is not known.

    Args:
        what: what was asked for, such as ``"the argument 'x' of f"``.
        reason: why it is not known.
    """

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what, reason)
        self.what = what
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.what} is not known: {self.reason}"


class ExpressionError(ScopeError, ValueError):
    """A condition is not of the language that conditions are written in.

    Args:
        text: the condition.
        column: where in it the mistake is, from 1; 0 where there is no one place.
        advice: what is wrong there, and what can be written instead.
    """

    def __init__(self, text: str, column: int, advice: str) -> None:
        super().__init__(text, column, advice)
        self.text = text
        self.column = column
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.text!r}{f', column {self.column}' if self.column else ''}: {self.advice}"


class NeverHeld(ScopeError, LookupError):
    """The first moment of a condition was asked for, and there is none. The message says what was looked at."""


class UnknownLines(UserWarning):
    """At some lines before the first moment at which a condition held, it is not known whether it held."""


class DamagedLog(ScopeError, ValueError):
    """A log does not follow the format that this version of Scope reads."""


class UnwritablePath(ScopeError, OSError):
    """A file cannot be written where it was wanted.

    Args:
        path: where it was wanted.
        advice: why that cannot be, and what to do.
    """

    def __init__(self, path: object, advice: str) -> None:
        super().__init__(str(path), advice)
        self.path = str(path)
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.path!r} cannot be written: {self.advice}"
