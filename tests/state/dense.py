"""Logs in which much happens: calls that last over many chunks, generators that change threads, shared objects."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st
from reading.logs import Event, Held, Script, version
from reading.scripts import FRAMES, GENERATORS, PLAIN, C

from scope_repl.schema import LINE_CUT, Kind
from state.scripts import ADDRESSES, CODES, GONE, MODULES, NAMES, SIZE, STREAMS, TYPE, pack, ref

NUMBERS = (0, 1, -1, 300, -(2**40), 2**63 - 1, 2**64 - 1, 0.5, -1e300, True, False)
VALUES = (*NUMBERS, None, "", "paid", "é" * 40, b"raw", GONE)
WEIGHTS = {
    "line": 16, "version": 6, "call": 4, "end": 4, "begin": 2, "suspend": 4, "resume": 5, "library": 1, "names": 1,
    "output": 1, "attribute": 1, "frame": 1, "lost": 1, "bogus": 1,
}  # fmt: skip


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.threads = self.random.randint(1, 3)
        self.stacks: list[list[tuple[int, int]]] = [[] for _ in range(self.threads)]
        self.suspended: dict[int, int] = {}
        self.script = Script([], CODES, threads=self.threads, level="lines")
        self.script.ns_per_tick = self.random.choice([1.0, 0.4, 3.7])

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def make(self) -> Script:
        script = self.script
        if self.random.random() < 0.6:
            script.horizon = self.random.randint(0, 100)
            script.keyframes = [self.keyframe(thread) for thread in range(self.threads)]
        tick, thread = script.horizon, 0
        names, weights = [*WEIGHTS], [*WEIGHTS.values()]
        for action in self.random.choices(names, weights, k=self.random.randint(5, 150)):
            tick += self.pick(1, 2, 30, 1 << 38) if self.random.random() < 0.3 else 5
            thread = self.random.randrange(self.threads) if self.random.random() < 0.2 else thread
            event = getattr(self, action)(thread)
            if event is not None:
                event.tick, event.thread = tick, thread
                script.events.append(event)
        if self.random.random() < 0.4:
            script.skipped = [self.folded() for _ in range(self.random.randint(1, 6))]
        script.end = tick + self.random.randint(1, 50)
        script.chunk_events = self.random.randint(1, 20)
        if self.random.random() < 0.3:
            self.end_early()
        return script

    def end_early(self) -> None:
        thread = self.random.randrange(self.threads)
        tick = self.random.randint(self.script.horizon, self.script.end - 1)
        self.script.events = [event for event in self.script.events if event.thread != thread or event.tick < tick]
        self.script.end_known[thread] = tick

    # ---- what stands in payloads ----

    def value(self) -> Any:
        return ref(self.pick(*ADDRESSES)) if self.random.random() < 0.2 else self.pick(*VALUES)

    def changes(self, *keys: int) -> bytes:
        chosen = self.random.sample(keys, self.random.randint(0, min(3, len(keys))))
        return b"".join(pack(key) + pack(self.value()) for key in chosen)

    def arguments(self) -> bytes:
        return self.pick(b"", pack([self.value() for _ in range(self.random.randint(0, 3))]))

    def content(self) -> bytes:
        items = [pack(self.pick(0, 1, "shop")) for _ in range(self.random.randint(0, 8))]
        if self.random.random() < 0.2:
            items[len(items) // 2 : len(items) // 2] = [pack(SIZE)]
        return pack(self.pick(8, 8, 10, 12, 18)) + b"".join(items)

    # ---- keyframes ----

    def keyframe(self, thread: int) -> list[Held]:
        held: list[Held] = []
        for address in self.random.sample(ADDRESSES, self.pick(0, 1, 2)) if thread == 0 else ():
            held.append(Held(Kind.VERSION, TYPE, 0, address, version(self.content())))
        for module in self.random.sample([*MODULES], self.pick(0, 1, 2)) if thread == 0 else ():
            held.append(Held(Kind.NAMES, module, 0, 0, self.changes(-10, -11)))
        for _ in range(self.pick(0, 0, 1, 2)):
            frame = self.free_frame()
            if frame:
                self.suspended[frame] = self.pick(*GENERATORS)
                self.hold(held, Kind.SUSPENDED, self.suspended[frame], 0, frame)
        start = 0
        for _ in range(self.pick(0, 1, 3)):
            start = self.random.randint(start, self.script.horizon)
            self.stacks[thread].append((self.pick(*PLAIN), 0))
            self.hold(held, Kind.OPEN, self.stacks[thread][-1][0], start, 0)
        return held

    def hold(self, held: list[Held], kind: Kind, number: int, start: int, frame: int) -> None:
        held.append(Held(kind, number, start, frame, self.arguments()))
        for _ in range(self.pick(0, 1, 2)):
            changes = self.changes(0, 1, 2, 3, -10, -11)
            held.append(Held(Kind.LINE, self.random.randint(1, 9), 0, self.line_aux(), changes))

    def free_frame(self) -> int:
        open_frames = {frame for stack in self.stacks for _, frame in stack}
        return next((frame for frame in FRAMES if frame not in open_frames and frame not in self.suspended), 0)

    # ---- events ----

    def line_aux(self) -> int:
        return self.random.randint(0, 9) | (LINE_CUT if self.random.random() < 0.2 else 0)

    def line(self, thread: int) -> Event:
        changes = self.pick(None, self.changes(0, 1, 2, 3), self.changes(0, 1, 2, 3, -10, -11))
        return Event(0, 0, Kind.LINE, self.pick(0, 1, 2, 3, 70_000), self.line_aux(), changes or None)

    def version(self, thread: int) -> Event:
        content, spliced = self.content(), self.random.random() < 0.8
        line = self.random.randint(0, 9)
        return Event(0, 0, Kind.VERSION, TYPE, self.pick(*ADDRESSES), content=content, line=line, spliced=spliced)

    def folded(self) -> Event:
        """A version in front of the horizon, which may be what one behind it builds on."""
        event = self.version(0)
        event.thread = self.random.randrange(self.threads)
        return event

    def names(self, thread: int) -> Event:
        return Event(0, 0, Kind.NAMES, self.pick(*MODULES), 0, self.changes(-10, -11))

    def output(self, thread: int) -> Event:
        return Event(0, 0, Kind.OUTPUT, self.pick(*STREAMS), 0, pack(self.pick("", "hello\n", "é")))

    def attribute(self, thread: int) -> Event:
        data = self.random.randint(0, 9).to_bytes(4, "little") + pack(self.value()) + pack(self.value())
        return Event(0, 0, Kind.ATTRIBUTE, self.pick(*NAMES), self.pick(*ADDRESSES), data)

    def frame(self, thread: int) -> Event:
        return Event(0, 0, Kind.FRAME, self.pick(*PLAIN, *GENERATORS))

    def call(self, thread: int) -> Event:
        self.stacks[thread].append((self.pick(*PLAIN), 0))
        return Event(0, 0, Kind.CALL, self.stacks[thread][-1][0], 0, self.arguments() or None)

    def library(self, thread: int) -> Event:
        self.stacks[thread].append((self.pick(*C), 0))
        return Event(0, 0, Kind.C_CALL, self.stacks[thread][-1][0])

    def begin(self, thread: int) -> Event | None:
        frame = self.pick(self.free_frame(), *self.suspended)
        if not frame:
            return None
        self.suspended.pop(frame, None)
        self.stacks[thread].append((self.pick(*GENERATORS), frame))
        return Event(0, 0, Kind.CALL, self.stacks[thread][-1][0], frame, self.arguments() or None)

    def resume(self, thread: int) -> Event | None:
        if not self.suspended:
            return None
        frame = self.pick(*self.suspended)
        self.stacks[thread].append((self.suspended.pop(frame), frame))
        return Event(0, 0, self.pick(Kind.RESUME, Kind.THROW), self.stacks[thread][-1][0], frame)

    def suspend(self, thread: int) -> Event | None:
        if not self.stacks[thread] or not self.stacks[thread][-1][1]:
            return None
        number, frame = self.stacks[thread].pop()
        self.suspended[frame] = number
        return Event(0, 0, Kind.YIELD, number)

    def end(self, thread: int) -> Event | None:
        if not self.stacks[thread]:
            return None
        number, _ = self.stacks[thread].pop()
        if number in C:
            return Event(0, 0, self.pick(Kind.C_RETURN, Kind.C_RAISE), number)
        return Event(0, 0, self.pick(Kind.RETURN, Kind.RETURN, Kind.UNWIND), number)

    def lost(self, thread: int) -> None:
        del self.stacks[thread][-1:]

    def bogus(self, thread: int) -> Event:
        return Event(0, 0, self.pick(Kind.RETURN, Kind.YIELD, Kind.RESUME), self.random.randint(1, 8), 0)


def dense_script(seed: int) -> Script:
    """A script that is always the same for the same seed."""
    return _Maker(seed).make()


def dense() -> st.SearchStrategy[Script]:
    """Scripts of any seed."""
    return st.integers(0, 2**32).map(dense_script)


__all__ = ["dense", "dense_script"]
