from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scope_repl.query.shown import standing_of
from scope_repl.query.variables import Variables, Written
from scope_repl.recording.payloads import Unknown
from scope_repl.recording.standing import Standing, unknown

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_CUT = "it was truncated: the values did not fit the log"


class Argument:
    """An argument with its value as the call began.

    Args:
        value: the value.
        place: where the call began.
    """

    __slots__ = ("_place", "value")

    def __init__(self, value: Any, place: Written) -> None:
        self.value = value
        self._place = place

    def standing(self) -> Standing:
        """How its value is known."""
        return standing_of(self.value)

    def bound(self) -> Written:
        """Where it got its value: as the function was entered."""
        return self._place

    written = bound


def arguments(contents: Contents, call: int) -> Variables:
    """The arguments of a call, as they were when it began.

    Args:
        contents: the recording's contents.
        call: the row of the call.
    """
    names, values = contents.payloads.arguments(call)
    number = contents.spans.code[call]
    code = contents.codes[number]
    if isinstance(values, Unknown):
        reason = values.reason
        return Variables("argument", code.qualname, {}, dict.fromkeys(names, reason), lambda _: unknown(reason), reason)
    start_ns, track = contents.spans.start[call], contents.spans.track[call]
    line = contents.codes.entry_line(number)
    place = Written(start_ns, track, call, code.qualname, code.file, line, "bound")
    known = {name: Argument(value, place) for name, value in zip(names, values, strict=False)}
    others = f"the arguments are {', '.join(names) or 'none'}"
    return Variables(
        "argument", code.qualname, known, dict.fromkeys(names[len(values) :], _CUT), lambda _: unknown(others)
    )
