"""The spans that a thread's events make, by following a stack: what the reading side's answers are checked against."""

from __future__ import annotations

from dataclasses import dataclass, field

from reference.events import Event
from scope_repl.schema import Kind, Outcome

OUTCOMES = {
    Kind.RETURN: Outcome.RETURN,
    Kind.UNWIND: Outcome.RAISE,
    Kind.C_RETURN: Outcome.RETURN,
    Kind.C_RAISE: Outcome.RAISE,
}


@dataclass(slots=True)
class Span:
    name: str
    parent: str  # "" at the bottom
    depth: int
    thread: str
    own: bool  # a Python function of the program: neither C's nor a library's
    outcome: Outcome = Outcome.OPEN
    slices: int = 1
    children: list[Span] = field(default_factory=list)


def spans(threads: dict[str, list[Event]], order: list[Event] | None = None) -> list[Span]:
    """The spans of a trace, in the order in which each thread began them.

    ``order``: all events in the order in which they happened, which only matters where a generator is resumed by a
    thread other than the one that began it.
    """
    found: list[Span] = []
    suspended: dict[int, Span] = {}
    stacks: dict[str, list[tuple[Span, int]]] = {name: [] for name in threads}
    where = {id(event): name for name, events in threads.items() for event in events}
    for event in order or [event for events in threads.values() for event in events]:
        name = where[id(event)]
        stack = stacks[name]
        if event.kind in (Kind.CALL, Kind.C_CALL):
            stack.append((begin(found, stack, event, name), event.frame))
        elif event.kind in (Kind.RESUME, Kind.THROW):
            span = suspended.pop(event.frame, None)
            if span is None or span.name != event.name:  # thrown into before it was ever started
                span = begin(found, stack, event, name)
            span.outcome = Outcome.OPEN
            span.slices += 1
            stack.append((span, event.frame))
        elif event.kind is Kind.YIELD:
            span, frame = stack.pop()
            span.outcome = Outcome.SUSPENDED
            suspended[frame] = span
        elif event.kind in OUTCOMES:
            span, _ = stack.pop()
            assert span.name == event.name, f"{name}: {event} ends the span of {span.name}"
            closed = event.kind is Kind.UNWIND and event.type.endswith("GeneratorExit") and event.frame
            span.outcome = Outcome.CLOSED if closed else OUTCOMES[event.kind]
    return found


def begin(found: list[Span], stack: list[tuple[Span, int]], event: Event, thread: str) -> Span:
    parent = stack[-1][0] if stack else None
    own = event.kind is not Kind.C_CALL and not event.opaque
    span = Span(event.name, parent.name if parent else "", len(stack), thread, own)
    if parent:
        parent.children.append(span)
    found.append(span)
    return span
