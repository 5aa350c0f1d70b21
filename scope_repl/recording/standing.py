from __future__ import annotations

import enum
from dataclasses import dataclass

from scope_repl.recording.durations import duration_text


class Known(enum.Enum):
    """How a piece of an answer is known."""

    EXACT = "exact"
    LAST = "last known"
    NOT = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a piece of an answer is known: exact, last known (with its age), or unknown (with the reason)."""

    known: Known
    age_ns: int = 0
    reason: str = ""

    @property
    def exact(self) -> bool:
        """Whether it was so at that very moment."""
        return self.known is Known.EXACT

    def __str__(self) -> str:
        age = f" {duration_text(self.age_ns)} before" if self.known is Known.LAST else ""
        return f"{self.known.value}{age}{f': {self.reason}' if self.reason else ''}"


EXACT = Standing(Known.EXACT)


def last_known(age_ns: int, reason: str = "") -> Standing:
    """It was so ``age_ns`` nanoseconds before the moment; whether it still was is not known."""
    return Standing(Known.LAST, age_ns, reason)


def unknown(reason: str) -> Standing:
    """It is not known, for this reason."""
    return Standing(Known.NOT, 0, reason)
