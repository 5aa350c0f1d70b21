from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scope_repl.export.text import json_bytes
from scope_repl.query.picture import Picture
from scope_repl.query.shown import plain

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_LENGTH = 200


def new_names(contents: Contents, drawn: Picture, told: set[int], room: int) -> list[list[Any]]:
    """The names of a picture's callables that were not told before, those of the widest rectangles first.

    Args:
        contents: the recording's contents.
        drawn: the picture.
        told: the callables whose names are known there. Those that are told now are added.
        room: how many bytes the names may take as JSON.

    Returns:
        For each the number of the callable, its qualified name and its module.
    """
    widest = (-drawn.width).argsort()
    names: list[list[Any]] = []
    for number in dict.fromkeys(drawn.codes[drawn.code[widest]].tolist()):
        if number in told:
            continue
        code = contents.codes[number]
        name = [number, plain(code.qualname, _LENGTH), plain(code.module, _LENGTH)]
        room -= json_bytes(name) + 1
        if room < 0:
            break
        names.append(name)
        told.add(number)
    return names
