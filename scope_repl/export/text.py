"""Text from a recording, which may hold anything, as it is written into markup."""

from __future__ import annotations

import json
import re
import unicodedata
from html import escape
from typing import Any

# What XML 1.0 has no way to write: control characters, halves of surrogate pairs and non-characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Characters that change the direction of the text around them.
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def marked_up(text: str) -> str:
    """A text that is safe in XML and HTML, in an element or in a quoted attribute, on one line.

    Args:
        text: any text; what cannot be written is replaced by U+FFFD.
    """
    return escape(written(text))


def written(text: str) -> str:
    """A text that can be written anywhere, on one line and in the direction in which it is read.

    Args:
        text: any text; what cannot be written is replaced by U+FFFD.
    """
    return _DIRECTION.sub("\ufffd", _FORBIDDEN.sub("\ufffd", " ".join(text.split())))


def clipped(text: str, cells: int) -> str:
    """The beginning of a text, with an ellipsis where it was cut.

    Args:
        text: the text.
        cells: how wide it may be in a font of fixed width, in which some characters take two cells.

    Returns:
        The text, or nothing if not even one character of it fits.
    """
    if len(text) * 2 <= cells or _width(text[: cells + 1]) <= cells:
        return text
    kept = ""
    room = cells - 1
    for character in text:
        room -= _width(character)
        if room < 0:
            break
        kept += character
    return f"{kept}…" if kept else ""


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def json_bytes(data: Any) -> int:
    """How many bytes plain data takes as JSON in a page."""
    return len(json_text(data))


def json_text(data: Any) -> str:
    """Plain data as JSON in ASCII, which may stand in a page's script element."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
