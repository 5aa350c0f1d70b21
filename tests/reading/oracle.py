"""What a log tells, by the slowest and plainest way: its events one after the other, on Python lists."""

from __future__ import annotations

from dataclasses import dataclass, field

from reading.logs import SPANS, START, Event, Script
from scope_repl.schema import CodeFlag, Kind

ENDS = {
    Kind.RETURN: "return",
    Kind.C_RETURN: "return",
    Kind.UNWIND: "raise",
    Kind.C_RAISE: "raise",
    Kind.YIELD: "suspended",
}
SUSPENDS = CodeFlag.GENERATOR | CodeFlag.COROUTINE | CodeFlag.ASYNC_GENERATOR


@dataclass(eq=False)
class Call:
    code: int
    track: int
    start: int
    parent: Call | None
    depth: int
    seen: bool = True
    spare: bool = False
    end: int | None = None
    outcome: str = "open"
    self_ns: int = 0
    on_stack: bool = False


@dataclass
class State:
    calls: list[Call] = field(default_factory=list)
    stacks: list[list[tuple[Call, int]]] = field(default_factory=list)
    generators: dict[int, Call] = field(default_factory=dict)
    ignored: int = 0


def ns(script: Script, tick: int) -> int:
    return max(0, int(tick * script.ns_per_tick))


def replay(script: Script, until_ns: int | None = None) -> State:
    """The state after all events up to and including a time; after all, and the recording's end, without one."""
    state = begin(script)
    for event in sorted(script.events, key=lambda event: event.tick):
        now = ns(script, event.tick)
        if until_ns is not None and now > until_ns:
            continue
        step(script, state, event, now)
    if until_ns is None:
        _finish(script, state)
    return state


def begin(script: Script) -> State:
    """The state at the horizon."""
    state = State(stacks=[[] for _ in range(script.threads)])
    for track, held in enumerate(script.keyframes):
        for span in held:
            if span.kind not in SPANS:
                continue
            stack = state.stacks[track]
            start = ns(script, span.start)
            call = Call(span.code, track, start, stack[-1][0] if stack else None, len(stack), seen=span.start != 0)
            state.calls.append(call)
            if span.kind is Kind.SUSPENDED:
                call.outcome, call.spare, call.parent, call.depth = "suspended", True, None, 0
            else:
                slice_start = max([start, *(entry[1] for entry in stack)])
                stack.append((call, slice_start))
            if span.frame:
                state.generators[span.frame] = call
    return state


def step(script: Script, state: State, event: Event, now: int) -> None:
    """What an event does to its track's stack."""
    stack = state.stacks[event.thread]
    kind = event.kind
    if kind in (Kind.CALL, Kind.C_CALL):
        call = Call(event.code, event.thread, now, stack[-1][0] if stack else None, len(stack))
        state.calls.append(call)
        stack.append((call, now))
        if script.codes[event.code].flags & SUSPENDS and event.aux:
            old = state.generators.get(event.aux)
            if old is not None and old.outcome == "suspended":
                old.outcome, old.end = "unknown", now
            state.generators[event.aux] = call
    elif kind in (Kind.RESUME, Kind.THROW):
        call = state.generators.get(event.aux)
        if call is None or call.code != event.code or call.outcome not in ("open", "suspended"):
            call = Call(
                event.code, event.thread, 0, stack[-1][0] if stack else None, len(stack), seen=False, spare=True
            )
            state.calls.append(call)
            state.generators[event.aux] = call
        call.outcome, call.end = "open", None
        stack.append((call, now))
    elif kind in ENDS:
        depths = [depth for depth, (call, _) in enumerate(stack) if call.code == event.code]
        if not depths:
            state.ignored += 1
            return
        _uncover(stack, depths[-1], now)
        _pop(stack, now, ENDS[kind])
    elif kind is Kind.FRAME:
        depths = [depth for depth, (call, _) in enumerate(stack) if call.code == event.code]
        if depths:
            _uncover(stack, depths[-1], now)


def _uncover(stack: list[tuple[Call, int]], depth: int, now: int) -> None:
    while len(stack) > depth + 1:
        _pop(stack, now, "unknown")


def _pop(stack: list[tuple[Call, int]], now: int, outcome: str, *, slice_only: bool = False) -> None:
    call, start = stack.pop()
    call.self_ns += now - start
    if stack:
        stack[-1][0].self_ns -= now - start
    if not slice_only:
        call.end, call.outcome = now, outcome


def _finish(script: Script, state: State) -> None:
    last = max([script.end, *(event.tick for event in script.events)])
    cut = bool(script.end_known)
    for track, stack in enumerate(state.stacks):
        end = script.end_known.get(track, last)
        while stack:
            outcome = "unknown" if track in script.end_known else "open"
            went_on = stack[-1][0].outcome != "open"  # a generator, elsewhere
            _pop(stack, ns(script, end), outcome, slice_only=went_on)
    for call in state.calls:
        if call.outcome == "suspended":
            call.end = ns(script, last)
            call.outcome = "unknown" if cut else "suspended"


def ordered(state: State) -> list[Call]:
    """The calls in the order of ``rec.calls``."""
    own = [call for call in state.calls if not call.spare]
    return sorted(own, key=lambda call: call.track) + [call for call in state.calls if call.spare]


__all__ = ["START", "Call", "State", "begin", "ns", "ordered", "replay", "step"]
