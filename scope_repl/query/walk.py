"""Steps from a moment to another one, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from scope_repl.errors import OptionError

if TYPE_CHECKING:
    from scope_repl.query.moment import Moment

Step = tuple[Callable[["Moment"], "Moment"], Callable[["Moment"], bool]]


def walk(moment: Moment, to: str) -> Moment:
    """The moment one step further.

    Args:
        moment: the moment.
        to: one of ``STEPS``.

    Raises:
        OptionError: there is no such step.
        OutOfRange: there is no such moment in the recording.
        UnknownValue: lines were not captured.
    """
    if to not in STEPS:
        raise OptionError("to", to, f"the steps are {', '.join(STEPS)}")
    return STEPS[to][0](moment)


def _lines(moment: Moment) -> bool:
    return moment.contents.state.has_lines


# What each does, and whether it can be tried.
STEPS: Mapping[str, Step] = {
    "previous": (lambda moment: moment.previous(), lambda moment: moment.has_previous),
    "next": (lambda moment: moment.next(), lambda moment: moment.has_next),
    "previous-line": (lambda moment: moment.previous_line(), _lines),
    "next-line": (lambda moment: moment.next_line(), _lines),
    "over-back": (lambda moment: moment.step_over(back=True), _lines),
    "over": (lambda moment: moment.step_over(), _lines),
    "out-back": (lambda moment: moment.step_out(back=True), _lines),
    "out": (lambda moment: moment.step_out(), _lines),
}
