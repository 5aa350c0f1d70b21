from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from scope_repl._reader import Reader
from scope_repl.recording.codes import Codes
from scope_repl.recording.cut import GONE, Reference
from scope_repl.recording.resolve import Look, Resolver
from scope_repl.recording.spans import Spans
from scope_repl.recording.values import decode, may_refer
from scope_repl.schema import CallKind, Kind, Outcome

_TYPE_BITS = 20
_MARK_BYTES = 4  # an extension type without content
_START = struct.Struct("=Q")
_SITED = frozenset({Kind.CALL, Kind.C_CALL})
_FOLDED = frozenset({Kind.OPEN, Kind.SUSPENDED})


class Raised(NamedTuple):
    """An exception that ended a call.

    Attributes:
        type: the type's name.
        message: its message, where that is a plain str and was captured; else None.
        line: the source line that raised it in the frame that did, where that is known.
        raised_in: the qualified name of the function that raised it, where that is known.
    """

    type: str
    message: str | None
    line: int | None
    raised_in: str | None

    def __str__(self) -> str:
        return self.type if self.message is None else f"{self.type}: {self.message}"


class Unknown(NamedTuple):
    """In place of a value: why it is not known."""

    reason: str


class Record(NamedTuple):
    """One record of the log with its payload."""

    kind: int
    code: int
    aux: int
    data: bytes


class Payloads:
    """What the records of calls carry: arguments, results, exceptions and call sites. Decoded when asked for.

    Args:
        reader: the open log.
        spans: its calls.
        codes: the callables.
        level: the level of the recording.
        at: gives the objects of a time.
    """

    def __init__(self, reader: Reader, spans: Spans, codes: Codes, level: str, at: Callable[[int], Resolver]) -> None:
        self._reader = reader
        self._spans = spans
        self._codes = codes
        self._level = level
        self._at = at
        self.type_names = codes.type_names

    def entry(self, call: int) -> Record | None:
        """The record with which a call begins in the log, if it has a payload."""
        return self._record(self._spans.entry, call)

    def _exit_record(self, call: int) -> Record | None:
        return self._record(self._spans.exit, call)

    def _record(self, places: memoryview | None, call: int) -> Record | None:
        place = places[call] if places is not None else 0
        return Record(*self._reader.record(place)) if place else None

    def arguments(self, call: int) -> tuple[tuple[str, ...], list[Any] | Unknown]:
        """A call's argument names, and their values at its entry or why they are not known.

        There can be fewer values than names when the values did not fit the log. Objects are as they were then.
        """
        number = self._spans.code[call]
        names = self._codes[number].arguments
        record = self.entry(call)
        if record is None:
            return names, self._not_captured(number)
        payload = record.data[_START.size :] if record.kind in _FOLDED else record.data
        if not self._spans.seen[call] and not payload:
            return names, Unknown("the call had begun when the recording started")
        if not payload:
            return names, self._not_captured(number)
        values = self._decoded(payload, self._spans.start[call])
        return names, list(values) if isinstance(values, list | tuple) else Unknown("they are damaged in the log")

    def result(self, call: int) -> Any:
        """What a call returned, as it was then, or ``Unknown`` with the reason."""
        outcome = self._spans.outcome[call]
        if outcome != Outcome.RETURN:
            reasons = {
                Outcome.RAISE: "the call ended by an exception",
                Outcome.CLOSED: "the generator was closed",
                Outcome.UNKNOWN: "the call's end was not seen",
            }
            return Unknown(reasons.get(Outcome(outcome), "the call had not ended when the recording did"))
        record = self._exit_record(call)
        if record is None or not record.data:
            return self._not_captured(self._spans.code[call])
        return self._decoded(record.data, self._spans.end[call])

    def raised(self, call: int) -> Raised | Unknown:
        """The exception that ended a call, or why it is not known."""
        if self._spans.outcome[call] != Outcome.RAISE:
            return Unknown("the call did not end by an exception")
        record = self._exit_record(call)
        if record is None:
            return Unknown("the log does not tell the exception's type")
        name = self._codes.type_name(record.aux & (1 << _TYPE_BITS) - 1)
        if record.kind != Kind.RAISE:
            return Raised(name, None, None, None)
        message = self.decode(record.data) if record.data else None
        line = self._codes.line(record.code, record.aux >> _TYPE_BITS)
        return Raised(name, message if isinstance(message, str) else None, line, self._codes[record.code].qualname)

    def site(self, call: int) -> int:
        """Where in the calling frame a call was made: the offset in code units plus one; 0 if that is not known."""
        record = self.entry(call)
        if record is None or record.kind not in _SITED or self._codes.suspends[self._spans.code[call]]:
            return 0
        return record.aux

    def decode(self, payload: bytes) -> Any:
        """A captured value that holds no object with versions."""
        return decode(payload, self.type_names)

    def _decoded(self, payload: bytes, time_ns: int) -> Any:
        """A captured value with its objects at the time at which they were looked at for it."""
        if not may_refer(payload):
            return self.decode(payload)
        resolver = self._at(time_ns)
        value = resolver.value(payload)
        resolver.look_by(lambda: [Look(time_ns, None, "", lambda: value if type(value) is list else [value])])
        return value

    def is_gone(self, payload: bytes) -> bool:
        """Whether what was written to a name says that it has no value any more."""
        return len(payload) <= _MARK_BYTES and self.decode(payload) is GONE

    def own_address(self, call: int) -> int | None:
        """The address of the first argument of a call, if that is an object with versions, such as ``self``."""
        record = self.entry(call)
        if record is None or not may_refer(record.data):
            return None
        values = self.decode(record.data[_START.size :] if record.kind in _FOLDED else record.data)
        first = values[0] if isinstance(values, list) and values else None
        return first.address if isinstance(first, Reference) else None

    def level(self, number: int) -> str:
        """How much was captured of a callable: its own level; that of the recording where the log does not tell."""
        own = self._codes[number].level
        return self._level if own == "off" else own

    def _not_captured(self, number: int) -> Unknown:
        kind = CallKind(int(self._codes.kinds[number]))
        if kind is not CallKind.PYTHON:
            return Unknown("values of calls into libraries and C are not captured")
        return Unknown(f"it is not captured at level {self.level(number)}")
