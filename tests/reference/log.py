"""A plain-Python reader of the log's format, for comparing the log itself with what the reference tracer saw."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgpack

from reference.events import ENTERS, LEAVES, Event, Opaque, line_at, plain
from scope_repl import schema
from scope_repl.schema import CodeFlag, Kind

HEADER = struct.Struct("=IHHIIQQI")
MAGIC = 0x4B4E4853
HEADER_BYTES = 64
ID_BITS = 20
DELTA_BITS = 38
PAYLOAD_BIT = 1 << (DELTA_BITS + ID_BITS)
SITED = frozenset({Kind.RAISE, Kind.HANDLED})
TYPED = frozenset({Kind.UNWIND, Kind.RAISE, Kind.HANDLED, Kind.C_RAISE})
STATE = frozenset({Kind.LINE, Kind.VERSION, Kind.NAMES, Kind.OUTPUT, Kind.ATTRIBUTE, Kind.FRAME})
SUSPENDS = CodeFlag.GENERATOR | CodeFlag.COROUTINE | CodeFlag.ASYNC_GENERATOR


@dataclass(slots=True)
class Record:
    kind: Kind
    code: int
    ticks: int
    aux: int
    data: bytes


@dataclass(slots=True)
class Chunk:
    thread: int
    sequence: int
    base: int
    records: bytes


def chunks(raw: Any) -> list[Chunk]:
    """The chunks that were used, in the order in which they were taken."""
    found = []
    pool = bytes(raw.chunks)
    for at in range(0, len(pool), schema.CHUNK_BYTES):
        magic, version, _, thread, used, sequence, base, skip = HEADER.unpack_from(pool, at)
        if sequence:
            assert (magic, version) == (MAGIC, schema.LOG_VERSION)
            assert skip <= used <= schema.CHUNK_BYTES - HEADER_BYTES, (skip, used)
            start = at + HEADER_BYTES
            found.append(Chunk(thread, sequence, base, pool[start + skip : start + used]))
    return sorted(found, key=lambda chunk: chunk.sequence)


def parse(records: bytes, base: int) -> Iterator[Record]:
    """The records of a chunk or a keyframe; TIME records are followed, not returned."""
    at = 0
    while at < len(records):
        (word,) = struct.unpack_from("=Q", records, at)
        at += 8
        aux, data = 0, b""
        if word & PAYLOAD_BIT:
            (payload,) = struct.unpack_from("=Q", records, at)
            at += 8
            aux, size = payload >> 16, payload & 0xFFFF
            data = records[at : at + size]
            assert len(data) == size, "a payload runs over the end of its chunk"
            at += (size + 7) & ~7
        kind = Kind(word >> (DELTA_BITS + ID_BITS + 1))
        ticks = base + (word & ((1 << DELTA_BITS) - 1))
        if kind is Kind.TIME:
            (base,) = struct.unpack("=Q", data)
        else:
            yield Record(kind, (word >> DELTA_BITS) & ((1 << ID_BITS) - 1), ticks, aux, data)


def thread_records(raw: Any) -> list[list[Record]]:
    """The stored records of each thread, oldest first."""
    found: list[list[Record]] = [[] for _ in raw.threads]
    for chunk in chunks(raw):
        found[chunk.thread].extend(parse(chunk.records, chunk.base))
    return found


def line_of(code: tuple[Any, ...], offset: int) -> int:
    """The line of an instruction (in code units) by a code's entry in the log's table."""
    first, table = code[4], code[7]
    return line_at((lambda: None).__code__.replace(co_linetable=table, co_firstlineno=first), offset * 2)


def events(raw: Any, type_name: Callable[[int], tuple[str, str]]) -> dict[str, list[Event]]:
    """The stored events by the thread's name, in the vocabulary of the reference tracer."""
    found = thread_records(raw)
    known = {record.aux: record.code for records in found for record in records if record.kind is Kind.VERSION}
    return {
        thread[0]: list(_events(raw, records, type_name, dict(known)))
        for thread, records in zip(raw.threads, found, strict=True)
        if records
    }


def _events(
    raw: Any, records: list[Record], type_name: Callable[[int], tuple[str, str]], types: dict[int, int]
) -> Iterator[Event]:
    """``types``: of the objects that references stand for, by address; another thread may have told of them."""
    stack: list[int] = []  # codes of the Python spans
    for record in records:
        kind, aux = record.kind, record.aux
        if kind is Kind.VERSION:
            types[aux] = record.code
        if kind in STATE:
            continue
        if kind in (Kind.THREAD_START, Kind.THREAD_END):
            yield Event(kind, "")
            continue
        code = raw.codes[record.code]
        event = Event(kind, code[1], opaque=bool(code[5] & CodeFlag.OPAQUE))
        if kind in TYPED and aux & ((1 << ID_BITS) - 1):
            event.type = type_name(aux & ((1 << ID_BITS) - 1))[1]
        if kind is Kind.RAISE and aux >> ID_BITS:
            event.line = line_of(code, (aux >> ID_BITS) - 1)
        if kind in (Kind.CALL, Kind.C_CALL) and aux and stack and not (kind is Kind.CALL and code[5] & SUSPENDS):
            event.line = line_of(raw.codes[stack[-1]], aux - 1)
        if record.data:
            value = decode(record.data, type_name, types)
            event.values = value[1] if kind is Kind.CALL else [value] if kind is Kind.RAISE else value
        if kind in ENTERS:
            stack.append(record.code)
            event.frame = aux
        elif kind in LEAVES and stack:
            stack.pop()
        yield event


NAMED_BY_TYPE = frozenset({17, 18, 19, 20, 21, 26, 27})  # NAMED, OBJECT, DERIVED, RECORD, EXCEPTION, ARRAY, FRAME
SEQUENCES = {8: "list", 9: "tuple", 10: "set", 11: "frozenset"}
OTHERS = {1: "redacted", 2: "cut", 4: "cut text", 5: "cut bytes", 6: "bytearray", 13: "range", 14: "slice", 15: "seen"}


def decode(data: bytes, type_name: Callable[[int], tuple[str, str]], types: dict[int, int] | None = None) -> Any:
    """A captured value in the form that ``events.plain`` gives values; see the table in ``_native/encode.c``."""

    def extension(code: int, content: bytes) -> Any:
        array = unpack(content) if len(content) > 1 else []
        if code == 3:
            negative, _, magnitude = array
            number = int.from_bytes(magnitude, "big")
            return -number if negative else number
        if code == 7:
            return complex(*array)
        if code in SEQUENCES:
            items = [value(item) for item in array[2:]]
            return Plain((SEQUENCES[code], sorted(items, key=repr) if code in (10, 11) else items))
        if code == 12:
            flat = [value(item) for item in array[2:]]
            return Plain(("dict", list(zip(flat[::2], flat[1::2], strict=True))))
        if code == 28:  # REFERENCE
            return Plain(Opaque(type_name((types or {})[array[0]])[1]))
        if code in NAMED_BY_TYPE:
            return Plain(Opaque(type_name(array[0])[1]))
        return Plain(Opaque("type" if code == 16 else OTHERS.get(code, str(code))))

    def value(item: Any) -> Any:
        if isinstance(item, Plain):
            return item.content
        return ("list", [value(each) for each in item]) if type(item) is list else plain(item)

    def unpack(content: bytes) -> Any:
        return msgpack.unpackb(content, ext_hook=extension, strict_map_key=False, unicode_errors="surrogatepass")

    return value(unpack(data))


@dataclass(slots=True)
class Plain:
    """A value that is in its final form already."""

    content: Any
