"""Hypothesis strategies: logs as a tracer could leave them, and such as it should not."""

from __future__ import annotations

from hypothesis import strategies as st

from reading.logs import Event, Held, Script, code
from scope_repl.schema import CodeFlag, Kind

CODES = {
    1: code("main"),
    2: code("price"),
    3: code("Order.total", qualname="Order.total"),
    4: code("loads", CodeFlag.OPAQUE, module="json"),
    5: code("len", CodeFlag.C),
    6: code("sorted", CodeFlag.C),
    7: code("ticks", CodeFlag.GENERATOR),
    8: code("fetch", CodeFlag.COROUTINE),
    9: code("ValueError", CodeFlag.TYPE, module="builtins"),
}
PLAIN, C, GENERATORS = (1, 2, 3, 4), (5, 6), (7, 8)
FRAMES = (0x7F0000001000, 0x7F0000001040, 0x7F0000001080, 0x7F00000010C0)
ERROR = 9


@st.composite
def scripts(draw: st.DrawFn, *, threads: int = 3, generators: bool = True, bogus: bool = True) -> Script:
    count = draw(st.integers(1, threads))
    script = Script([], CODES, threads=count, ns_per_tick=draw(st.sampled_from([1.0, 0.4, 3.7])))
    stacks: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    suspended: dict[int, int] = {}
    if draw(st.booleans()):
        _keyframes(draw, script, stacks, suspended, generators)
    tick = script.horizon
    actions = ["call", "call", "c_call", "end", "end", "end", "raise", "unwind", "handled"]
    actions += ["start", "resume", "yield", "throw"] if generators else []
    actions += ["bogus", "lost"] if bogus else []
    for action, thread, choice, step in draw(
        st.lists(
            st.tuples(
                st.sampled_from(actions),
                st.integers(0, count - 1),
                st.integers(0, 7),
                st.one_of(st.integers(1, 50), st.just(1 << 39)),
            ),
            max_size=60,
        )
    ):
        tick += step
        event = _event(action, choice, stacks[thread], suspended)
        if event is not None:
            kind, number, aux = event
            script.events.append(Event(tick, thread, kind, number, aux))
    script.end = tick + draw(st.integers(1, 100))
    script.chunk_events = draw(st.integers(1, 20))
    if draw(st.booleans()) and draw(st.booleans()):
        _truncate(script, draw(st.integers(0, count - 1)), draw(st.integers(script.horizon, script.end)))
    return script


def _keyframes(
    draw: st.DrawFn, script: Script, stacks: list[list[tuple[int, int]]], suspended: dict[int, int], generators: bool
) -> None:
    script.horizon = draw(st.integers(0, 100))
    frames = list(FRAMES)
    for stack in stacks:
        held = []
        if generators and frames and draw(st.booleans()):
            frame, number = frames.pop(), draw(st.sampled_from(GENERATORS))
            suspended[frame] = number
            held.append(Held(Kind.SUSPENDED, number, draw(st.integers(0, script.horizon)), frame))
        start = 0
        for number in draw(st.lists(st.sampled_from((*PLAIN, *GENERATORS) if generators else PLAIN), max_size=3)):
            start = draw(st.integers(start, script.horizon))
            frame = 0
            if number in GENERATORS:
                if not frames:
                    continue
                frame = frames.pop()
            stack.append((number, frame))
            held.append(Held(Kind.OPEN, number, start, frame))
        script.keyframes.append(held)


def _event(
    action: str, choice: int, stack: list[tuple[int, int]], suspended: dict[int, int]
) -> tuple[Kind, int, int] | None:
    if action in ("call", "c_call"):
        numbers = C if action == "c_call" else PLAIN
        number = numbers[choice % len(numbers)]
        stack.append((number, 0))
        return (Kind.C_CALL if action == "c_call" else Kind.CALL), number, 0
    if action == "start":
        number, frame = GENERATORS[choice % 2], FRAMES[choice % 4]
        if any(frame == other for _, other in stack):
            return None
        suspended.pop(frame, None)
        stack.append((number, frame))
        return Kind.CALL, number, frame
    if action in ("resume", "throw"):
        kind = Kind.RESUME if action == "resume" else Kind.THROW
        frame = FRAMES[choice % 4]
        number = suspended.pop(frame, GENERATORS[choice % 2])
        stack.append((number, frame))
        return kind, number, frame
    if action == "bogus":
        return (Kind.RETURN, Kind.UNWIND, Kind.C_RETURN)[choice % 3], 1 + choice % 8, 0
    if not stack:
        return None
    if action == "lost":
        stack.pop()
        return None
    number, frame = stack[-1]
    if action == "yield":
        if not frame:
            return None
        stack.pop()
        suspended[frame] = number
        return Kind.YIELD, number, 0
    if action == "raise":
        return Kind.RAISE, number, ERROR
    if action == "handled":
        return Kind.HANDLED, number, ERROR
    stack.pop()
    if number in C:
        return (Kind.C_RETURN, number, 0) if action == "end" else (Kind.C_RAISE, number, ERROR)
    return (Kind.RETURN, number, 0) if action == "end" else (Kind.UNWIND, number, ERROR)


def _truncate(script: Script, thread: int, tick: int) -> None:
    """As drop-newest does: after a time nothing of a thread is stored."""
    script.events = [event for event in script.events if event.thread != thread or event.tick < tick]
    if tick < script.end:
        script.end_known[thread] = tick
