"""What a recording tells of a watched object, as plain data."""

from __future__ import annotations

from typing import Any, NamedTuple

import scope_repl
from scope_repl.recording.containers import CapturedDict, CapturedList
from scope_repl.recording.cut import GONE
from scope_repl.recording.resolve import Resolver

MISSING = "(missing)"  # in place of the value of an attribute that is not there


class Seen(NamedTuple):
    """A write: what it changed, and who did it."""

    name: str
    old: Any
    new: Any
    function: str
    line: int


def writes(recording: scope_repl.Recording, thing: object) -> list[Seen]:
    """All writes to the attributes of an object, in the order of time.

    Args:
        recording: the recording.
        thing: the object, or its address.
    """
    contents = recording.contents
    names = recording.calls["name"].astype(str).str.rpartition(".")[2]
    found = []
    for write in contents.state.attribute_writes(thing if isinstance(thing, int) else id(thing)):
        resolver = Resolver(contents, write.time_ns)
        old, new = (_plain(resolver.value(data)) for data in (write.old, write.new))
        found.append(Seen(write.name, old, new, names[write.call] if write.call >= 0 else "", write.line))
    return found


def changes(recording: scope_repl.Recording, thing: object) -> list[tuple[str, Any, Any]]:
    """The writes without who did them."""
    return [seen[:3] for seen in writes(recording, thing)]


def _plain(value: Any) -> Any:
    if value is GONE:
        return MISSING
    return value.to_python() if isinstance(value, CapturedList | CapturedDict) and value.complete else value


def line_of(marker: str, file: str) -> int:
    """The line of a source file that ends with a marker."""
    with open(file) as source:
        return next(number for number, text in enumerate(source, 1) if text.endswith(f"# {marker}\n"))
