"""Values, changes and versions of hand-made logs, in the log's encoding."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

import msgpack
from reading.logs import Event, Script, code, write_log

from scope_repl import Recording
from scope_repl.model import CellRun, Code
from scope_repl.schema import LINE_CUT, CodeFlag, Kind

LIST, SET, DICT, OBJECT, DERIVED, EXCEPTION, VALUE = 8, 10, 12, 18, 19, 21, 0
GONE = msgpack.ExtType(29, b"\0")
CUT = msgpack.ExtType(2, b"\0")
CLASS, FUNCTION, MAIN, NAME = 50, 1, 60, 61


def packed(*values: Any) -> bytes:
    return b"".join(msgpack.packb(value, unicode_errors="surrogatepass") for value in values)


def extension(number: int, *content: Any) -> msgpack.ExtType:
    return msgpack.ExtType(number, packed(list(content)))


def ref(address: int) -> msgpack.ExtType:
    return extension(28, address)


def size(count: int, fingerprint: int = 1) -> msgpack.ExtType:
    return extension(30, count, fingerprint)


def line(
    time: int,
    number: int,
    changes: Mapping[int, Any] | None = None,
    *,
    before: int = 0,
    cut: bool = False,
    thread: int = 0,
) -> Event:
    """A line that begins, and what has changed by then: values by slot, or by name if negative."""
    aux = before | (LINE_CUT if cut else 0)
    flat = [part for pair in (changes or {}).items() for part in pair]
    return Event(time, thread, Kind.LINE, number, aux, packed(*flat) if flat else None)


def version(time: int, address: int, form: int, *content: Any, line: int = 0, type: int = CLASS) -> Event:
    """What an object holds from a time on."""
    head = struct.pack("=IHH", line, 0, 0)
    return Event(time, 0, Kind.VERSION, type, address, head + packed(form, *content))


def attribute(time: int, address: int, name: int, old: Any, new: Any, line: int = 0) -> Event:
    return Event(time, 0, Kind.ATTRIBUTE, name, address, struct.pack("=I", line) + packed(old, new))


def names(time: int, changes: Mapping[int, Any], module: int = MAIN) -> Event:
    flat = [part for pair in changes.items() for part in pair]
    return Event(time, 0, Kind.NAMES, module, 0, packed(*flat))


def output(time: int, stream: int, text: str, thread: int = 0) -> Event:
    return Event(time, thread, Kind.OUTPUT, stream, 0, packed(text))


def call(time: int, *arguments: Any, number: int = FUNCTION) -> Event:
    return Event(time, 0, Kind.CALL, number, 0, packed(list(arguments)))


def back(time: int, value: Any = None, number: int = FUNCTION) -> Event:
    return Event(time, 0, Kind.RETURN, number, 0, packed(value))


def function(name: str = "f", slots: tuple[str, ...] = ("x", "y", "z"), arguments: int = 1, **fields: Any) -> Code:
    return code(name, slots=slots, arguments=slots[:arguments], **({"level": "lines"} | fields))


def name(text: str) -> Code:
    return code(text, CodeFlag.NAME)


CODES = {
    FUNCTION: function(),
    2: function("g", ("a", "b")),
    3: function("<module>", (), 0, module="__main__", qualname="<module>"),
    CLASS: code("Thing", CodeFlag.TYPE, module="shop"),
    51: code("Text", CodeFlag.TYPE, module="shop"),
    MAIN: name("__main__"),
    NAME: name("total"),
    62: name("price"),
    63: name("other"),
}


def recording(
    *events: Event, end: int = 1000, codes: Mapping[int, Code] = CODES, cells: tuple[CellRun, ...] = (), **fields: Any
) -> Recording:
    script = Script(list(events), dict(codes), end=end, level="lines", cells=cells, **fields)
    return Recording(write_log(script))
