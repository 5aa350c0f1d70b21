"""What a log's records of state tell, by the slowest and plainest way: all of them on lists."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

import msgpack
from reading.logs import SPANS, Event, Held, Script
from reading.oracle import Call, State, begin, ns, ordered, step

from scope_repl.recording.written import AttributeWrite, LineEvent, Output, Version, Write
from scope_repl.schema import LINE_CUT, CodeFlag, Kind
from state.scripts import SIZE, STREAMS, pack


def split(data: bytes) -> list[bytes]:
    """The values that follow each other, each still encoded."""
    unpacker = msgpack.Unpacker(strict_map_key=False)
    unpacker.feed(data)
    found, at = [], 0
    while at < len(data):
        unpacker.skip()
        found.append(data[at : unpacker.tell()])
        at = unpacker.tell()
    return found


def size(content: bytes) -> int:
    """How many items a list, a set or a dict had; -1 for anything else."""
    form, items = content[0], split(content[1:])
    kept = 100_000 if pack(SIZE) in items else len(items) // (2 if form == 12 else 1)
    return kept if form in (8, 10, 12) else -1


@dataclass
class Told:
    """Everything in the order of time. Calls are rows; before the log has been read to its end, they are calls."""

    lines: list[LineEvent] = field(default_factory=list)
    held_lines: list[LineEvent] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    names: list[tuple[str, Write]] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    attributes: list[AttributeWrite] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)  # of each call


class _Reader:
    def __init__(self, script: Script) -> None:
        self.script = script
        self.told = Told()
        self.state = begin(script)
        self._keyframes()
        for event in sorted(script.events, key=lambda event: event.tick):
            self._event(event)

    def _keyframes(self) -> None:
        spans = iter(self.state.calls)
        horizon = ns(self.script, self.script.horizon)
        for track, held in enumerate(self.script.keyframes):
            call: Call | None = None
            for one in held:
                if one.kind in SPANS:
                    call = next(spans)
                    self._arguments(ns(self.script, one.start), track, call, one.arguments)
                elif one.kind is Kind.LINE:
                    self.told.held_lines.append(LineEvent(horizon, track, call, one.code, bool(one.frame & LINE_CUT)))
                    self._changes((horizon, track, call), 0, one.arguments, None)
                else:
                    self._held(one, horizon, track)

    def _held(self, one: Held, horizon: int, track: int) -> None:
        where: tuple[int, int, Any] = (horizon, track, None)
        if one.kind is Kind.VERSION:
            self.told.versions.append(Version(*where, 0, one.code, one.frame, one.arguments[8:]))
        else:
            self._changes(where, 0, one.arguments, self.script.codes[one.code].name)

    def _event(self, event: Event) -> None:
        now, stack = ns(self.script, event.tick), self.state.stacks[event.thread]
        step(self.script, self.state, event, now)
        call = stack[-1][0] if stack else None
        where: tuple[int, int, Any] = (now, event.thread, call)
        told, data = self.told, event.data or b""
        if event.kind is Kind.CALL:
            self._arguments(now, event.thread, call, data)
        elif event.kind is Kind.LINE and call is not None:
            told.lines.append(LineEvent(*where, event.code, bool(event.aux & LINE_CUT)))
            self._changes(where, event.aux & ~LINE_CUT, data, None)
        elif event.kind is Kind.NAMES:
            self._changes(where, 0, data, self.script.codes[event.code].name)
        elif event.kind is Kind.VERSION:
            told.versions.append(Version(*where, event.line, event.code, event.aux, event.content))
        elif event.kind is Kind.OUTPUT:
            told.outputs.append(Output(now, event.thread, STREAMS[event.code], msgpack.unpackb(data)))
        elif event.kind is Kind.ATTRIBUTE:
            (line,) = struct.unpack_from("=I", data)
            name = self.script.codes[event.code].name
            told.attributes.append(AttributeWrite(*where, line, event.aux, name, *split(data[4:])))

    def _arguments(self, now: int, track: int, call: Any, data: bytes) -> None:
        values = msgpack.unpackb(data, strict_map_key=False, unicode_errors="surrogatepass") if data else []
        for slot, value in enumerate(values):
            packed = msgpack.packb(value, unicode_errors="surrogatepass")
            self.told.writes.append(Write(now, track, call, 0, slot, packed))

    def _changes(self, where: tuple[int, int, Any], line: int, data: bytes, module: str | None) -> None:
        values = split(data)
        for key, value in zip(values[::2], values[1::2], strict=True):
            write = Write(*where, line, msgpack.unpackb(key), value)
            if module is None:
                self.told.writes.append(write)
            if write.key < 0:
                code = self.script.codes[where[2].code] if module is None else None
                if code is None or not code.flags & (CodeFlag.CLASS_BODY | CodeFlag.C):
                    self.told.names.append((module if code is None else code.module, write))


def read(script: Script) -> Told:
    """All that is told, with calls as rows of ``rec.calls``."""
    reader = _Reader(script)
    calls = ordered(reader.state)
    rows: dict[Call | None, int] = {call: row for row, call in enumerate(calls)} | {None: -1}
    told = reader.told
    for told_rows in (told.lines, told.held_lines, told.writes, told.versions, told.attributes):
        told_rows[:] = [row._replace(call=rows[row.call]) for row in told_rows]
    told.names[:] = [(module, write._replace(call=rows[write.call])) for module, write in told.names]
    told.codes[:] = [call.code for call in calls]
    return told


__all__ = ["State", "Told", "read", "size", "split"]
