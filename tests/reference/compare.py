"""Event for event: what was recorded against what the reference tracer saw."""

from __future__ import annotations

from reference.events import Event
from scope_repl.schema import Kind

AROUND = 6
EXCEPTION_FLOW = frozenset({Kind.RAISE, Kind.HANDLED})


def difference(
    expected: dict[str, list[Event]], recorded: dict[str, list[Event]], leave_out: frozenset[Kind] = frozenset()
) -> str:
    """Where the two first differ, with what is around; "" if they do not. Kinds in ``leave_out`` are not compared."""
    if expected.keys() != recorded.keys():
        return f"threads: expected {sorted(expected)}, recorded {sorted(recorded)}"
    for name in expected:
        wanted = [event for event in expected[name] if event.kind not in leave_out]
        got = [event for event in recorded[name] if event.kind not in leave_out]
        for number, (one, other) in enumerate(zip(wanted, got, strict=False)):
            if not same(one, other):
                return report(name, wanted, got, number)
        if len(wanted) != len(got):
            return report(name, wanted, got, min(len(wanted), len(got)))
    return ""


def same(expected: Event, recorded: Event) -> bool:
    """Whether the recorded event is the expected one. The reference does not know the type that a C call raised."""
    if (expected.kind, expected.name, expected.opaque) != (recorded.kind, recorded.name, recorded.opaque):
        return False
    if expected.kind is not Kind.C_RAISE and expected.type != recorded.type:
        return False
    return (expected.line, expected.values) == (recorded.line, recorded.values)


def report(thread: str, expected: list[Event], recorded: list[Event], number: int) -> str:
    def lines(events: list[Event]) -> str:
        around = range(max(0, number - AROUND), min(len(events), number + AROUND))
        return "\n".join(f"  {'>' if at == number else ' '} {at:5} {events[at]}" for at in around)

    return f"thread {thread}, event {number}\nexpected\n{lines(expected)}\nrecorded\n{lines(recorded)}"
