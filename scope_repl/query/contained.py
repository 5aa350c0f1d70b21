"""What an object held under a name, without decoding all that it held."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgpack

from scope_repl.recording.state import values_of
from scope_repl.recording.versions import Form

_SIZE = 30


def part(content: bytes, name: Any) -> bytes | None:
    """The encoded value under a name; None where there is none, or it was not kept.

    Args:
        content: the content of a version.
        name: an attribute, the index of an item, or a key.
    """
    form, values = content[0], values_of(content[1:])
    if form in (Form.LIST, Form.SET):
        return _item(values, name) if form == Form.LIST else None
    if form in (Form.DERIVED, Form.EXCEPTION):
        values = values[1:]
    if form == Form.VALUE or (form != Form.DICT and not isinstance(name, str)):
        return None
    if isinstance(name, str):
        return _under(values, _packed(name))
    pairs = [value for value in values if _size(value) is None]
    found = (value for key, value in zip(pairs[::2], pairs[1::2], strict=False) if _is(key, name))
    return next(found, None)


@lru_cache(maxsize=256)
def _packed(name: str) -> bytes:
    packed: bytes = msgpack.packb(name, unicode_errors="surrogatepass")
    return packed


def _under(values: list[bytes], key: bytes) -> bytes | None:
    """What stands behind a key. What stands for the pairs that were not kept is one value, between two pairs."""
    at = 0
    while at < len(values) - 1:
        if _size(values[at]) is not None:
            at += 1
        elif values[at] == key:
            return values[at + 1]
        else:
            at += 2
    return None


def _item(values: list[bytes], index: Any) -> bytes | None:
    if type(index) is not int:
        return None
    places: dict[int, bytes] = {}
    sizes = [size for value in values if (size := _size(value)) is not None]
    size = sizes[0] if sizes else len(values)
    missing = size - len(values) + 1
    place = 0
    for value in values:
        if _size(value) is not None:
            place += missing
        else:
            places[place] = value
            place += 1
    return places.get(index + size if index < 0 else index)


def _is(key: bytes, name: Any) -> bool:
    known = msgpack.unpackb(key, strict_map_key=False, unicode_errors="surrogatepass")
    return type(known) is type(name) and bool(known == name)


def _size(value: bytes) -> int | None:
    """How many items there were, if this stands for those that were not kept."""
    if value[0] not in range(0xC7, 0xCA) and value[0] not in range(0xD4, 0xD9):
        return None
    extension = msgpack.unpackb(value)
    if extension.code != _SIZE:
        return None
    size: int = msgpack.unpackb(extension.data)[0]
    return size
