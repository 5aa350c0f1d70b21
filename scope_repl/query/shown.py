"""Captured values in words: as text, by their parts, and how they are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from scope_repl.recording.captured import CapturedArray, CapturedException, CapturedNamed, CapturedObject
from scope_repl.recording.containers import CapturedDict, CapturedList, CapturedTuple, Container
from scope_repl.recording.cut import Cut, Redacted, Unread
from scope_repl.recording.nesting import PARTS, text_of
from scope_repl.recording.parts import in_reach
from scope_repl.recording.standing import Known, Standing, own_standing, unknown

SHOWN = 200
_SHORT = 60
_KEY = 40
_REDACTED = unknown("redacted, because its name looks like that of a secret")
_CUT = unknown("truncated, there was no room for it in the log")


class Part(NamedTuple):
    """One of the values that a captured value holds, and where: ``[0]``, ``['key']``, ``.name``."""

    label: str
    value: Any


def shown(value: Any, limit: int = SHOWN) -> tuple[str, str]:
    """A captured value for reading.

    Args:
        value: the value.
        limit: how long the text may be.

    Returns:
        Its text, and how it is known: ``exact``, ``last known …``, ``truncated: …``, ``sampled: …`` or ``unknown: …``.
    """
    return plain(text_of(value, limit), limit), str(standing_of(value))


def short(value: Any) -> str:
    """A captured value in little room."""
    text = text_of(value, _SHORT)
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def plain(text: str, limit: int = SHOWN) -> str:
    """A text that every consumer of JSON and UTF-8 takes, cut to a length.

    Args:
        text: the text.
        limit: how long it may be.
    """
    written = text[: limit + 1].encode("utf-8", "backslashreplace").decode()
    return written if len(written) <= limit else f"{written[: limit - 1]}…"


def standing_of(value: Any, most: int = PARTS) -> Standing:
    """How a captured value is known, apart from the name that leads to it.

    Args:
        value: the value.
        most: how many of the values that it holds are looked at.

    Returns:
        The standing of the value itself, with what is missing or less well known of it and of what its text shows.
    """
    if isinstance(value, Redacted):
        return _REDACTED
    if isinstance(value, Cut):
        return unknown(value.missing) if isinstance(value, Unread) else _CUT
    own, missing = own_standing(value), ""
    worst = own
    for part in in_reach([value], most):
        missing = missing or _missing(part)
        part_standing = own_standing(part)
        if _rank(part_standing) > _rank(worst):
            worst = part_standing
    if worst is not own and not missing:
        missing = f"in part {worst}"
    return own.lacking(missing) if missing else own


def _rank(standing: Standing) -> tuple[int, int]:
    return [Known.EXACT, Known.LAST, Known.NOT].index(standing.known), standing.age_ns


def _missing(value: Any) -> str:
    """What was not kept of a value itself, in words."""
    if isinstance(value, Container) and value.sampled:
        return f"sampled: {value.missing}, and a change of the others may have gone unnoticed"
    text = getattr(value.__captured__ if isinstance(value, CapturedObject) else value, "missing", "")
    return f"truncated: {text}" if text else ""


def parts(value: Any, first: int = 0, count: int = 100) -> tuple[int, list[Part]]:
    """What a captured value holds, for a tree that can be opened.

    Args:
        value: the value.
        first: how many parts are passed over.
        count: how many there are at the most.

    Returns:
        How many parts were kept of it, and some of them.
    """
    found = list(_parts(value))
    return len(found), found[first : first + count]


def _parts(value: Any) -> Iterator[Part]:
    match value:
        case CapturedDict():
            yield from (Part(f"[{plain(repr(key), _KEY)}]", item) for key, item in value.kept.items())
        case CapturedList() | CapturedTuple():
            yield from (Part(f"[{place}]", item) for place, item in zip(value.places(), value.kept, strict=True))
        case Container():
            yield from (Part("item", item) for item in value.kept)
        case CapturedObject():
            known = value.__captured__
            if isinstance(value, CapturedException):
                yield Part(".args", known.content)
            elif isinstance(known.content, Container) and not known.names_items:
                yield from _parts(known.content)
            yield from (Part(f".{plain(str(name), _KEY)}", item) for name, item in known.attributes.items())
        case CapturedArray():
            yield from (Part(f"[{place}]", item) for place, item in enumerate(value.items))
        case CapturedNamed() if value.bound_to is not None:
            yield Part(".__self__", value.bound_to)
