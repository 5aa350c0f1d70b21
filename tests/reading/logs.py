"""A log writer in plain Python, after the drawing in ``_native/event.h`` and independent of the native code."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from scope_repl.model import CellRun, Clock, Code, Log, Thread
from scope_repl.schema import CHUNK_BYTES, LOG_VERSION, CodeFlag, Kind

MAGIC = 0x4B4E4853
HEADER = struct.Struct("=IHHIIQQI28x")
DELTA_BITS, ID_BITS = 38, 20
PAYLOAD_BIT = 1 << (DELTA_BITS + ID_BITS)
START = 1_000_000_000_000
PLAIN = CodeFlag(0)
SPANS = (Kind.OPEN, Kind.SUSPENDED)


@dataclass(slots=True)
class Event:
    """One record to be written. ``data`` of None is no payload, unless ``aux`` is not 0.

    A VERSION has its whole ``content`` in place of data; with ``spliced`` it is written as what differs from the
    version before it in its chunk, if there is one.
    """

    tick: int
    thread: int
    kind: Kind
    code: int = 0
    aux: int = 0
    data: bytes | None = None
    content: bytes | None = None
    line: int = 0
    spliced: bool = False


@dataclass(slots=True)
class Held:
    """One span of a keyframe, or one record of its state, which has no start and for ``frame`` its aux."""

    kind: Kind
    code: int
    start: int = 0
    frame: int = 0
    arguments: bytes = b""


@dataclass
class Script:
    """All that makes a log. Ticks count from the start."""

    events: list[Event]
    codes: dict[int, Code]
    threads: int = 1
    keyframes: list[list[Held]] = field(default_factory=list)
    end: int = 0
    ns_per_tick: float = 1.0
    horizon: int = 0
    end_known: dict[int, int] = field(default_factory=dict)
    chunk_events: int = 10**9
    skipped: list[Event] = field(default_factory=list)
    level: str = "values"
    cells: Sequence[CellRun] = ()

    def __repr__(self) -> str:
        return f"Script({self.events}, keyframes={self.keyframes}, end={self.end}, horizon={self.horizon}, …)"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


def code(name: str, flags: CodeFlag = PLAIN, **fields: object) -> Code:
    module = "builtins" if flags & CodeFlag.C else "shop.orders"
    file = "" if flags & CodeFlag.C else "/home/me/shop/orders.py"
    line = 0 if flags & CodeFlag.C else 10
    defaults: dict[str, object] = {"qualname": name, "module": module, "file": file, "first_line": line, "flags": flags}
    return Code(name=name, **(defaults | fields))  # type: ignore[arg-type]


def record(kind: Kind, number: int, delta: int, aux: int = 0, data: bytes | None = None) -> bytes:
    word = kind << (DELTA_BITS + ID_BITS + 1) | number << DELTA_BITS | delta
    if data is None and not aux:
        return struct.pack("=Q", word)
    data = data or b""
    padded = data + bytes(-len(data) % 8)
    return struct.pack("=QQ", word | PAYLOAD_BIT, aux << 16 | len(data)) + padded


def keyframe(spans: Iterable[Held]) -> bytes:
    written = b""
    for span in spans:
        start = struct.pack("=Q", span.start + START if span.start else 0) if span.kind in SPANS else b""
        written += record(span.kind, span.code, 0, span.frame, start + span.arguments)
    return written


def version(content: bytes, line: int = 0, before: bytes | None = None) -> bytes:
    """The payload of a VERSION: whole, or what differs from the content before."""
    front = back = 0
    if before is not None:
        least = min(len(before), len(content), 0xFFFF)
        front = next((at for at in range(least) if before[at] != content[at]), least)
        rest = least - front
        back = next((at for at in range(rest) if before[-1 - at] != content[-1 - at]), rest)
    return struct.pack("=IHH", line, front, back) + content[front : len(content) - back]


class _ChunkWriter:
    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.sequence = 0

    def write(self, thread: int, events: Sequence[Event], per_chunk: int, skipped: Sequence[Event] = ()) -> None:
        waiting = list(events)
        contents: dict[int, bytes] = {}
        head = b"".join(self._piece(event, 0, contents) for event in skipped)
        while waiting or head:
            base = waiting[0].tick + START if waiting else START
            body, written, skip, head = head, 0, len(head), b""
            now = base
            while waiting and written < per_chunk:
                event = waiting[0]
                tick = event.tick + START
                piece = b""
                if tick - now >= 1 << DELTA_BITS:
                    piece = record(Kind.TIME, 0, 0, 0, struct.pack("=Q", tick))
                    now = tick
                known = dict(contents)
                piece += self._piece(event, tick - now, known)
                if len(body) + len(piece) > CHUNK_BYTES - 64:
                    break
                body += piece
                written += 1
                contents = known
                waiting.pop(0)
            self.sequence += 1
            header = HEADER.pack(MAGIC, LOG_VERSION, 0, thread, len(body), self.sequence, base, skip)
            self.chunks.append((header + body).ljust(CHUNK_BYTES, b"\0"))
            contents = {}

    @staticmethod
    def _piece(event: Event, delta: int, contents: dict[int, bytes]) -> bytes:
        """An event's record; `contents` has those of the versions before it in its chunk, and gets its own."""
        data = event.data
        if event.content is not None:
            data = version(event.content, event.line, contents.get(event.aux) if event.spliced else None)
            contents[event.aux] = event.content
        return record(event.kind, event.code, delta, event.aux, data)


def write_log(script: Script, *, shuffle: bool = True) -> Log:
    writer = _ChunkWriter()
    for thread in range(script.threads):
        mine = [event for event in script.events if event.thread == thread]
        writer.write(thread, mine, script.chunk_events, [event for event in script.skipped if event.thread == thread])
    chunks = [*writer.chunks[::-1], bytes(CHUNK_BYTES)] if shuffle else writer.chunks
    keyframes = [*script.keyframes, *([] for _ in range(script.threads - len(script.keyframes)))]
    end = script.end or max((event.tick for event in script.events), default=0) + 1000
    stored = len(script.events)
    return Log(
        chunks=memoryview(b"".join(chunks)),
        keyframes=tuple(keyframe(spans) for spans in keyframes),
        threads=tuple(
            Thread(f"thread-{i}", 100 + i, 200 + i, 0, 0, sum(event.thread == i for event in script.events), 0)
            for i in range(script.threads)
        ),
        codes=script.codes,
        clock=Clock(START, START + end, script.ns_per_tick, 1_700_000_000_000_000_000),
        horizon=START + script.horizon,
        end_known=tuple(START + script.end_known.get(i, end) for i in range(script.threads)),
        level=script.level,
        hook="script",
        overflow="drop-oldest",
        buffer_bytes=len(chunks) * CHUNK_BYTES,
        stored=stored,
        dropped=0,
        cells=tuple(script.cells),
    )
