"""What a page that stands by itself holds of a recording, within a number of bytes."""

from __future__ import annotations

import zlib
from base64 import b64encode
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scope_repl.export.names import new_names
from scope_repl.export.rows import first_rows
from scope_repl.export.text import json_bytes
from scope_repl.query.details import details
from scope_repl.query.picture import Picture, RectFlag, Rows, Viewport, picture
from scope_repl.query.scene import scene

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_TRACKS, _ROWS, _CELLS = 500, 400, 1_000
_COLUMNS, _FINER, _MOST_COLUMNS = 2_000, 4, 2**21
_COARSE_RECTS = 16_000
_WORTH_IT = 0.75  # a picture is added if its columns are at most that wide, compared with the one before
_PICTURE_BYTES = 1_200_000
_NAME_BYTES, _NAME_LENGTH = 150_000, 200
_DETAIL_BYTES, _DETAIL_CALLS = 400_000, 2_000
_ORDINARY = 4_000  # details of more bytes are rare, and behind them there may be some for which there is room


class _Packed(NamedTuple):
    picture: Picture
    data: bytes


def embedded(contents: Contents, room: int) -> dict[str, Any]:
    """A recording in little room, as plain JSON.

    Args:
        contents: the recording's contents.
        room: how many bytes it may take, at least 1,300,000.

    Returns:
        scene (as `scope_repl.query.scene.scene`, with notes on what was left out, track_count, how many tracks there
        were, and for each track its depth, how many rows it had), pictures (coarse to fine, each with its header and
        its deflated arrays in base64) and details (of the longest calls that are whole in the finest).
    """
    stage, rows = _stage(contents)
    room -= json_bytes(stage) + _NAME_BYTES + _DETAIL_BYTES
    packed = _pictures(contents, rows, min(_PICTURE_BYTES, room * 3 // 4))
    finest = packed[-1].picture
    whole = np.unique(finest.number[(finest.flags & RectFlag.EXACT) > 0])
    kept = _details(contents, whole)
    stage["notes"] += _holding(len(contents.spans.start), len(whole), len(kept))
    return {"scene": stage, "pictures": _with_names(contents, packed), "details": kept}


def _stage(contents: Contents) -> tuple[dict[str, Any], tuple[Rows, ...]]:
    """The scene with the rows that are kept, and these."""
    stage = scene(contents)
    depths = [track["rows"] for track in stage["tracks"]]
    rows = first_rows(depths[:_TRACKS], _ROWS)
    kept = {shown.track: shown.end for shown in rows}
    tracks = [
        track | {"name": track["name"][:_NAME_LENGTH], "rows": kept.get(number, 0), "depth": track["rows"]}
        for number, track in enumerate(stage["tracks"][:_TRACKS])
    ]
    notes = [
        f"this file holds the first {held:,} of {there:,} {what}"
        for held, there, what in (
            (len(tracks), len(stage["tracks"]), "tracks"),
            (sum(kept.values()), sum(depths), "rows of calls"),
            (min(len(stage["cells"]), _CELLS), len(stage["cells"]), "cell runs"),
        )
        if held < there
    ]
    shown = {"tracks": tracks, "track_count": len(stage["tracks"]), "cells": stage["cells"][:_CELLS]}
    return stage | shown | {"notes": [*stage["notes"], *notes]}, rows


def _pictures(contents: Contents, rows: tuple[Rows, ...], room: int) -> list[_Packed]:
    """Pictures of the whole time, each several times as fine as the one before, for as long as there is room."""
    found: list[_Packed] = []
    columns, limit, count = _COLUMNS, _COARSE_RECTS, 0
    while columns <= _MOST_COLUMNS and limit > count:
        packed = _pack(contents, rows, columns, limit)
        if found and packed.picture.grain_ns > found[-1].picture.grain_ns * _WORTH_IT:
            _improve(found, packed, room)
            break
        if len(packed.data) > room:
            limit = len(packed.picture.x0) * room // len(packed.data) * 9 // 10
            continue
        found.append(packed)
        room -= len(packed.data)
        count = len(packed.picture.x0)
        if not count or (packed.picture.flags & RectFlag.EXACT).all():
            break
        columns = packed.picture.columns * _FINER
        limit = count * room // len(packed.data)
    return found


def _improve(found: list[_Packed], packed: _Packed, room: int) -> None:
    """Put a picture in the place of the finest, if it is finer and there is room."""
    finest = found[-1]
    if packed.picture.grain_ns < finest.picture.grain_ns and len(packed.data) <= room + len(finest.data):
        found[-1] = packed


def _pack(contents: Contents, rows: tuple[Rows, ...], columns: int, limit: int) -> _Packed:
    drawn = picture(contents, Viewport(0.0, float(max(contents.end_ns, 1)), columns, rows), limit)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return _Packed(drawn, deflate.compress(drawn.data()) + deflate.flush())


def _with_names(contents: Contents, packed: list[_Packed]) -> list[dict[str, Any]]:
    """The pictures as JSON. A name comes with the first picture that needs it."""
    told: set[int] = set()
    room = _NAME_BYTES
    pictures = []
    for drawn, data in packed:
        names = new_names(contents, drawn, told, room)
        room -= json_bytes(names)
        pictures.append({"header": drawn.header() | {"names": names}, "data": b64encode(data).decode()})
    return pictures


def _details(contents: Contents, whole: np.ndarray[Any, np.dtype[np.uint32]]) -> list[dict[str, Any]]:
    """The details of the longest of some calls."""
    calls = contents.tables.calls
    order = np.argsort(calls["start"][whole] - calls["end"][whole], kind="stable")[:_DETAIL_CALLS]
    kept = []
    room = _DETAIL_BYTES
    for call in whole[order].tolist():
        known = details(contents, call)
        size = json_bytes(known) + 1
        if size <= room:
            kept.append(known)
            room -= size
        elif size <= _ORDINARY:
            break
    return kept


def _holding(there: int, whole: int, known: int) -> list[str]:
    """What is to be said about how many calls a page holds."""
    if not there:
        return []
    held = f"all {there:,}" if whole == there else f"{whole:,} of {there:,}"
    merged = "" if whole == there else "; the others are merged with their neighbours"
    values = "" if known == whole else f"; the values of the longest {known:,} are in it"
    return [f"this file holds {held} calls whole{merged}{values}"]
