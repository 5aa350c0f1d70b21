from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scope_repl.query.shown import plain, shown
from scope_repl.recording.payloads import Unknown
from scope_repl.recording.standing import EXACT, unknown
from scope_repl.schema import CallKind, Outcome

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

ARGUMENTS = 100
UNKNOWN_TEXT = "?"
_NAME = 300
_LINE = 500


def details(contents: Contents, call: int) -> dict[str, Any]:
    """All that is known of one call, as plain JSON in bounded texts. Standings are in words.

    Args:
        contents: the recording's contents.
        call: the row of the call in ``rec.calls``.

    Raises:
        LookupError: there is no such call.
    """
    calls = contents.tables.calls
    if not 0 <= call < len(calls["start"]):
        raise LookupError(f"call={call!r}: the calls are 0 to {len(calls['start']) - 1}")
    number = int(calls["code"][call])
    code = contents.codes[number]
    line = contents.codes.entry_line(number)
    start_ns, end_ns = int(calls["start"][call]), int(calls["end"][call])
    arguments, standing = _arguments(contents, call)
    return {
        "call": int(call),
        "track": int(calls["track"][call]),
        "depth": int(calls["depth"][call]),
        "name": plain(code.qualname, _NAME),
        "module": plain(code.module, _NAME),
        "file": plain(code.file, _LINE),
        "title": plain(contents.codes.title(number), _NAME),
        "line": line,
        "source": plain(contents.sources.line(number, line), _LINE),
        "kind": CallKind(int(contents.codes.kinds[number])).name.lower(),
        "start_ns": start_ns,
        "end_ns": end_ns,
        "duration_ns": end_ns - start_ns,
        "self_ns": int(calls["self"][call]),
        "outcome": Outcome(int(calls["outcome"][call])).name.lower(),
        "start_known": bool(calls["seen"][call]),
        "arguments": arguments,
        "arguments_standing": standing,
        "result": _result(contents, call),
        "exception": _exception(contents, call),
    }


def _arguments(contents: Contents, call: int) -> tuple[list[list[str]], str]:
    """Name, text and standing of each argument, and how they are known together."""
    names, values = contents.payloads.arguments(call)
    if isinstance(values, Unknown):
        standing = str(unknown(values.reason))
        return [[plain(name, _NAME), UNKNOWN_TEXT, standing] for name in names[:ARGUMENTS]], standing
    known = [[plain(name, _NAME), *shown(value)] for name, value in zip(names, values, strict=False)]
    cut = str(unknown("it was truncated: the values did not fit the log"))
    rows = known + [[plain(name, _NAME), UNKNOWN_TEXT, cut] for name in names[len(values) :]]
    if len(rows) > len(known):
        return rows[:ARGUMENTS], f"truncated: {len(known)} of {len(rows)} arguments were captured"
    return rows[:ARGUMENTS], str(EXACT)


def _result(contents: Contents, call: int) -> list[str | None]:
    value = contents.payloads.result(call)
    return [None, str(unknown(value.reason))] if isinstance(value, Unknown) else list(shown(value))


def _exception(contents: Contents, call: int) -> str | None:
    """The exception that ended a call; None if none did or the log does not tell."""
    raised = contents.payloads.raised(call)
    return None if isinstance(raised, Unknown) else plain(str(raised))
