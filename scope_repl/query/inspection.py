"""A moment as the inspector shows it: steps, stack, source and one section of state. Plain JSON in bounded texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scope_repl.errors import OptionError, ScopeError
from scope_repl.query.former import former
from scope_repl.query.frame import Frame
from scope_repl.query.held import held, line_before
from scope_repl.query.listing import NO_SOURCE, listing
from scope_repl.query.moment import Moment
from scope_repl.query.nodes import Nodes
from scope_repl.query.sections import SECTIONS, section
from scope_repl.query.shown import plain
from scope_repl.query.walk import STEPS
from scope_repl.recording.durations import time_text

if TYPE_CHECKING:
    from scope_repl.query.stack import Stack

FRAMES = 100
_NAME = 200
_MESSAGE = 500
_NOTHING = "nothing recorded was running"
_NO_MOMENT = "no moment to show"

Inspection = dict[str, Any]


def inspection(moment: Moment | None, name: str, opened: Mapping[str, int]) -> Inspection:
    """What is to be seen of a moment.

    Args:
        moment: the moment; None for none.
        name: the section of state that is looked at: see `scope_repl.query.sections.section`.
        opened: the ids of the rows of the tree that are open, and how many are shown of those in each.

    Returns:
        time (in words), message (why there is nothing to see), steps (those that can be tried), track, stack (first,
        the number of the first of its frames; frames, in one line each; selected, a number, -1 if none is; known),
        source (see `scope_repl.query.listing.listing`) and section.

    Raises:
        OptionError: there is no such section.
    """
    if name not in SECTIONS:
        raise OptionError("name", name, f"the sections are {', '.join(SECTIONS)}")
    nothing = _nothing(name, _NO_MOMENT)
    if moment is None:
        return nothing
    try:
        return nothing | {"message": ""} | _of(moment, name, opened)
    except (ScopeError, LookupError) as error:
        return _nothing(name, plain(str(error), _MESSAGE))


def _nothing(name: str, message: str) -> Inspection:
    stack = {"first": 0, "frames": [], "selected": -1, "known": ""}
    section = {"name": name, "note": "", "rows": [], "pieces": []}
    return {
        "time": "", "message": message, "steps": [], "track": 0, "stack": stack, "source": NO_SOURCE, "section": section
    }  # fmt: skip


def _of(moment: Moment, name: str, opened: Mapping[str, int]) -> Inspection:
    stack = moment.stack()
    frame = stack[min(moment.selected, len(stack) - 1)] if len(stack) else None
    before = None if frame is None else line_before(frame, moment)
    nodes = Nodes(opened, before and before.changes)
    values = (0, []) if frame is None else held(frame, before, moment, nodes.most("locals"))
    return {
        "time": time_text(moment.time_ns),
        "steps": [step for step, (_, possible) in STEPS.items() if possible(moment)],
        "track": moment.track,
        "stack": _stack(stack, moment.selected),
        "source": NO_SOURCE
        if frame is None
        else listing(frame, values[1], former(moment.contents, frame, moment.time_ns), moment.time_ns),
        "section": section(name, moment, values, before, nodes),
    }


def _stack(stack: Stack, selected: int) -> dict[str, Any]:
    known = str(stack.standing)
    if not len(stack):
        return {"first": 0, "frames": [_NOTHING], "selected": -1, "known": known}
    selected = min(selected, len(stack) - 1)
    page = selected // FRAMES * FRAMES
    end = min(page + FRAMES, len(stack))
    labels = [_label(number, stack[number]) for number in range(page, end)]
    inner = [f"… {page} more inwards"] if page else []
    outer = [f"… {len(stack) - end} more outwards"] if end < len(stack) else []
    return {"first": page - len(inner), "frames": [*inner, *labels, *outer], "selected": selected, "known": known}


def _label(number: int, frame: Frame) -> str:
    name = plain(frame.qualname, _NAME)
    line = frame.line
    where = f"{plain(frame.title, _NAME)}:{line}" if line is not None else plain(frame.module)
    return f"{number}  {name}  {where}".rstrip()
