from __future__ import annotations

from dataclasses import dataclass, field
from html import escape


@dataclass
class Tally:
    """What came of a condition at the lines at which it was looked at.

    Attributes:
        condition: the condition.
        functions: in which functions.
        lines: at how many lines.
        held: at how many of them it held.
        unknown: at how many it is not known whether it held, because a value is not.
        unbound: at how many a name was not bound yet, or not any more.
        failed: at how many the condition fails, as by comparing None with a number.
        reasons: why it is not known, or why it fails, for some of them.
    """

    condition: str
    functions: tuple[str, ...] = ()
    lines: int = 0
    held: int = 0
    unknown: int = 0
    unbound: int = 0
    failed: int = 0
    reasons: dict[str, str] = field(default_factory=dict)

    def note(self, kind: str, reason: str) -> None:
        """Keep the first reason of a kind.

        Args:
            kind: ``unknown`` or ``failed``.
            reason: the reason.
        """
        self.reasons.setdefault(kind, reason)

    @property
    def but(self) -> str:
        """At how many lines there was no answer, and why, in words."""
        parts = [
            f"unknown at {self.unknown:,} ({self.reasons.get('unknown', '')})" if self.unknown else "",
            f"failed at {self.failed:,} ({self.reasons.get('failed', '')})" if self.failed else "",
            f"not all names were bound at {self.unbound:,}" if self.unbound else "",
        ]
        return "; ".join(part for part in parts if part)

    def __str__(self) -> str:
        names = ", ".join(self.functions[:4]) + (", …" if len(self.functions) > 4 else "")
        held = f"held at {self.held:,} of" if self.held else "held at none of"
        but = f"; {self.but}" if self.but else ""
        return f"{self.condition!r} {held} the {self.lines:,} lines of {names or 'no function'}{but}"

    @property
    def html(self) -> str:
        """The same in HTML."""
        return escape(str(self))
