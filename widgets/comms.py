from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from ipywidgets import Box, DOMWidget, Widget


def family(widget: Widget) -> Iterator[Widget]:
    """A widget, what stands in it, and their layouts and styles."""
    for child in widget.children if isinstance(widget, Box) else ():
        yield from family(child)
    for name in ("style", "layout"):
        part = getattr(widget, name, None) if isinstance(widget, DOMWidget) else None
        if isinstance(part, Widget):
            yield part
    yield widget


def one_at_a_time(widget: Widget, lock: AbstractContextManager[Any]) -> None:
    """Let what a page has changed come in only while nobody else moves.

    Args:
        widget: the widget; what stands in it follows too.
        lock: what whoever moves holds.
    """
    for member in family(widget):
        member.set_state = partial(_set_state, lock, member.set_state)


def _set_state(lock: AbstractContextManager[Any], set_state: Callable[[Any], None], state: Any) -> None:
    with lock:
        set_state(state)


def answer_while_busy(widget: Widget) -> None:
    """Let a widget's messages be answered on a subshell while a cell runs, where the kernel has subshells.

    ipykernel 7.4 sends the answers to a comm's messages to the subshell of the last message that went out through it. A
    comm that a running cell has written to would wait for that cell; this lets each message keep the subshell that the
    front end chose for it.
    """
    for member in family(widget):
        if hasattr(member.comm, "_reply_subshell_for"):
            member.comm._reply_subshell_for = lambda data, default: default
