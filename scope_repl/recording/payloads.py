from __future__ import annotations

import struct
from typing import Any, NamedTuple

from scope_repl._reader import Reader
from scope_repl.recording.codes import Codes
from scope_repl.recording.spans import Spans
from scope_repl.recording.values import decode
from scope_repl.schema import CallKind, Kind, Outcome

_TYPE_BITS = 20
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
    """

    def __init__(self, reader: Reader, spans: Spans, codes: Codes, level: str) -> None:
        self._reader = reader
        self._spans = spans
        self._codes = codes
        self._level = level
        self._type_names = codes.type_names

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

        There can be fewer values than names when the values did not fit the log.
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
        values = self.decode(payload)
        return names, list(values) if isinstance(values, list | tuple) else Unknown("they are damaged in the log")

    def result(self, call: int) -> Any:
        """What a call returned, or ``Unknown`` with the reason."""
        outcome = self._spans.outcome[call]
        if outcome != Outcome.RETURN:
            reasons = {
                Outcome.RAISE: "the call ended by an exception",
                Outcome.CLOSED: "the generator was closed",
                Outcome.UNKNOWN: "the call's end was not seen",
            }
            return Unknown(reasons.get(Outcome(outcome), "the call had not ended when the recording did"))
        record = self._exit_record(call)
        return self.decode(record.data) if record and record.data else self._not_captured(self._spans.code[call])

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
        """A captured value."""
        return decode(payload, self._type_names)

    def _not_captured(self, number: int) -> Unknown:
        kind = CallKind(int(self._codes.kinds[number]))
        if kind is not CallKind.PYTHON:
            return Unknown("values of calls into libraries and C are not captured")
        return Unknown(f"it is not captured at level {self._level}")
