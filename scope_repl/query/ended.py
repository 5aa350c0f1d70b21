from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scope_repl.errors import UnknownValue
from scope_repl.query.shown import short
from scope_repl.recording.durations import duration_text
from scope_repl.recording.payloads import Raised, Unknown
from scope_repl.recording.standing import EXACT, Standing, last_known
from scope_repl.schema import Outcome

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
    def outcome(self) -> str:
        """How it ended: ``return``, ``raise``, ``closed`` or ``unknown``."""
        return Outcome(self._contents.spans.outcome[self.span]).name.lower()

    @property
    def exception(self) -> Raised | None:
        """The exception that it ended by; None if it ended otherwise.

        Raises:
            UnknownValue: it ended by an exception that the log does not tell, as with C functions.
        """
        if self.outcome != "raise":
            return None
        raised = self._contents.payloads.raised(self.span)
        if isinstance(raised, Unknown):
            raise UnknownValue(f"the exception of {self.qualname}", raised.reason)
        return raised

    @property
    def standing(self) -> Standing:
        """How it is known that this was the last one."""
        if self._track_age_ns <= 0:
            return EXACT
        return last_known(self._track_age_ns, "the newest events of this track were dropped")

    def __repr__(self) -> str:
        return f"{self.qualname} {self._ending()}, {duration_text(self.age_ns)} before"

    def _ending(self) -> str:
        if self.outcome == "return":
            value = self._contents.payloads.result(self.span)
            return "returned" if isinstance(value, Unknown) else f"returned {short(value)}"
        if self.outcome == "raise":
            raised = self._contents.payloads.raised(self.span)
            return "raised" if isinstance(raised, Unknown) else f"raised {raised}"
        return "was closed" if self.outcome == "closed" else "was left"
