from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from scope_repl.recording.durations import duration_text


class Known(enum.Enum):
    """How a piece of an answer is known."""

    EXACT = "exact"
    LAST = "last known"
    NOT = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a piece of an answer is known: exact, last known (with its age), or unknown (with the reason).

    Attributes:
        known: which of the three.
        age_ns: how long before the moment it was so, in ns; 0 unless it is only last known.
        reason: why it is not known for that very moment, or what else is to be said.
        missing: of a value what of it is not known so, such as ``truncated: 8 of 100 items were captured``.
    """

    known: Known
    age_ns: int = 0
    reason: str = ""
    missing: str = ""

    @property
    def exact(self) -> bool:
        """Whether it was so at that very moment."""
        return self.known is Known.EXACT

    @property
    def whole(self) -> bool:
        """Whether all of it is known so."""
        return self.known is not Known.NOT and not self.missing

    def lacking(self, missing: str) -> Standing:
        """The same, with a part that is not known so.

        Args:
            missing: what it lacks.
        """
        return replace(self, missing=missing)

    def __str__(self) -> str:
        age = f" {duration_text(self.age_ns)} before" if self.known is Known.LAST else ""
        text = f"{self.known.value}{age}{f': {self.reason}' if self.reason else ''}"
        if not self.missing:
            return text
        return self.missing if text == Known.EXACT.value else f"{text}; {self.missing}"


EXACT = Standing(Known.EXACT)


def last_known(age_ns: int, reason: str = "") -> Standing:
    """It was so ``age_ns`` nanoseconds before the moment; whether it still was is not known."""
    return Standing(Known.LAST, age_ns, reason)


def unknown(reason: str) -> Standing:
    """It is not known, for this reason."""
    return Standing(Known.NOT, 0, reason)


def held(time_ns: int, seen_ns: int, next_ns: int | None, changed_ns: int | None, running: str) -> Standing:
    """How it is known that something was at a time as it had been seen before.

    The rule of exactness, for names and for objects alike: what was seen at a look holds at that very time, and until
    the next look if that finds it unchanged. Else it changed somewhere in between, and is last known.

    Args:
        time_ns: the time that is asked about.
        seen_ns: when it was last seen so, at this time or before.
        next_ns: when it is looked at next after that time; None if never again.
        changed_ns: when it is first seen changed after that time; None if never.
        running: what may have changed it meanwhile.
    """
    if time_ns == seen_ns or (next_ns is not None and (changed_ns is None or changed_ns > next_ns)):
        return EXACT
    return last_known(time_ns - seen_ns, running)


def has_versions(value: Any) -> bool:
    """Whether a captured value is an object whose content is in versions; else all of it stands where it is held."""
    return getattr(value, "__told__", None) is not None


def own_standing(value: Any) -> Standing:
    """How it is known that a captured value was as it is, apart from what it holds."""
    told: Callable[[], Standing] | None = getattr(value, "__told__", None)
    return EXACT if told is None else told()
