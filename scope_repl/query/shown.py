"""Captured values in words: as text, and what was not kept of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scope_repl.recording.captured import CapturedArray, CapturedFrame, CapturedNamed, CapturedObject
from scope_repl.recording.containers import CapturedDict, Container
from scope_repl.recording.cut import Cut, CutBytes, CutInt, CutText, Redacted

SHOWN = 200


def shown(value: Any, limit: int = SHOWN) -> tuple[str, str]:
    """A captured value for reading.

    Args:
        value: the value.
        limit: how long the text may be.

    Returns:
        Its text, and how it is known: ``exact``, ``truncated: …`` or ``unknown: …``.
    """
    if isinstance(value, Redacted):
        return repr(value), "unknown: redacted, because its name looks like that of a secret"
    if isinstance(value, Cut):
        return repr(value), "unknown: truncated, there was no room for it in the log"
    missing = next(_missing(value), "")
    return plain(repr(value), limit), f"truncated: {missing}" if missing else "exact"


def plain(text: str, limit: int = SHOWN) -> str:
    """A text that every consumer of JSON and UTF-8 takes, cut to a length.

    Args:
        text: the text.
        limit: how long it may be.
    """
    written = text[: limit + 1].encode("utf-8", "backslashreplace").decode()
    return written if len(written) <= limit else f"{written[: limit - 1]}…"


def _missing(value: Any) -> Iterator[str]:
    """What was not kept of a value and of those in it, the outer ones first."""
    own = _own_missing(value)
    if own:
        yield own
    for item in _parts(value):
        yield from _missing(item)


def _own_missing(value: Any) -> str:
    match value:
        case Redacted():
            return "a part of it is redacted"
        case Cut():
            return "there was no room in the log for a part of it"
        case CutText(text, size):
            return f"{len(text):,} of {size:,} characters were captured"
        case CutBytes(data, size):
            return f"{len(data):,} of {size:,} bytes were captured"
        case CutInt(leading, bits):
            return f"{leading.bit_length():,} of {bits:,} bits were captured"
        case Container() if not value.complete:
            return f"{len(value.kept):,} of {value.size:,} items were captured"
        case CapturedArray() if not value.complete:
            return f"{len(value.items):,} of {value.size:,} items were captured"
        case CapturedFrame():
            return "of a table its shape and column names are captured"
        case CapturedObject():
            return _missing_attributes(value)
    return ""


def _missing_attributes(value: CapturedObject) -> str:
    known = value.__captured__
    if known.size is None:
        return "its attributes were not looked at"
    return "" if known.complete else f"{len(known.attributes):,} of {known.size:,} attributes were captured"


def _parts(value: Any) -> Iterator[Any]:
    match value:
        case CapturedDict():
            for key, item in value.kept.items():
                yield from (key, item)
        case Container():
            yield from value.kept
        case CapturedObject():
            yield from value.__captured__.attributes.values()
            yield value.__captured__.content
        case CapturedArray():
            yield from value.items
        case CapturedNamed():
            yield value.bound_to
        case slice():
            yield from (value.start, value.stop, value.step)
