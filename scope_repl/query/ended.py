from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scope_repl.errors import UnknownValue
from scope_repl.query.frame import short
from scope_repl.recording.durations import duration_text
from scope_repl.recording.payloads import Raised, Unknown
from scope_repl.recording.standing import EXACT, Standing, last_known

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents


class Ended:
    """The last call that had returned, or ended by an exception, on a track before a moment.

    Attributes:
        span: the row of the call in ``rec.calls``.
        age_ns: how long before the moment it ended.
    """

    __slots__ = ("_contents", "_track_age_ns", "age_ns", "span")

    def __init__(self, contents: Contents, span: int, age_ns: int, track_age_ns: int) -> None:
        self._contents = contents
        self._track_age_ns = track_age_ns
        self.span = span
        self.age_ns = age_ns

    @property
    def qualname(self) -> str:
        """The function's qualified name, as in ``rec.calls.name``."""
        return self._contents.codes[self._contents.spans.code[self.span]].qualname

    @property
    def value(self) -> Any:
        """What it returned.

        Raises:
            UnknownValue: it ended by an exception, or the value was not captured.
        """
        value = self._contents.payloads.result(self.span)
        if isinstance(value, Unknown):
            raise UnknownValue(f"the result of {self.qualname}", value.reason)
        return value

    @property
    def exception(self) -> Raised | None:
        """The exception that it ended by, or None."""
        raised = self._contents.payloads.raised(self.span)
        return None if isinstance(raised, Unknown) else raised

    @property
    def standing(self) -> Standing:
        """How it is known that this was the last one."""
        if self._track_age_ns <= 0:
            return EXACT
        return last_known(self._track_age_ns, "the newest events of this track were dropped")

    def __repr__(self) -> str:
        exception = self.exception
        if exception is not None:
            ending = f"raised {exception}"
        else:
            value = self._contents.payloads.result(self.span)
            ending = f"returned {'?' if isinstance(value, Unknown) else short(value)}"
        return f"{self.qualname} {ending}, {duration_text(self.age_ns)} before"
