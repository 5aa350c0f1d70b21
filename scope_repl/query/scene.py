from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from scope_repl.query.palette import DARK, LIGHT
from scope_repl.query.picture import Rows, Viewport
from scope_repl.query.shown import plain

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_OVERVIEW_COLUMNS = 800
_OVERVIEW_ROWS = 60
_NOTE = 500


def scene(contents: Contents) -> dict[str, Any]:
    """What every view shows of a recording besides its calls, as plain JSON.

    Args:
        contents: the recording's contents.

    Returns:
        text (the recording in one line), duration_ns, horizon_ns, calls_ns (from the first call's start to the last
        one's end, as far as they are known), dropped (events), overflow, tracks (each with its name, rows, calls,
        dropped, known_ns, start_ns and end_ns; -1: not seen), cells (number, start_ns, end_ns), palette (a list of
        colours for a light and for a dark ground) and notes.
    """
    stats = contents.stats
    tracks = [
        {
            "name": plain(name),
            "rows": rows,
            "calls": calls,
            "dropped": dropped,
            "known_ns": known,
            "start_ns": start,
            "end_ns": end,
        }
        for rows, name, calls, dropped, known, start, end in zip(
            contents.lanes.depths,
            *_columns(contents.tracks.frame(), "name", "calls", "dropped", "end_known_ns", "start_ns", "end_ns"),
            strict=True,
        )
    ]
    cells = [
        {"number": None if pd.isna(number) else int(number), "start_ns": start, "end_ns": end}
        for number, start, end in zip(*_columns(contents.cells.frame(), "number", "start_ns", "end_ns"), strict=True)
    ]
    return {
        "text": stats.line(),
        "duration_ns": contents.end_ns,
        "horizon_ns": contents.horizon_ns,
        "calls_ns": _extent(contents),
        "dropped": stats.dropped,
        "overflow": stats.overflow,
        "tracks": tracks,
        "cells": cells,
        "palette": {"light": list(LIGHT), "dark": list(DARK)},
        "notes": [plain(note, _NOTE) for note in stats.notes],
    }


def _extent(contents: Contents) -> list[int]:
    """From when to when there are calls; the whole time if there are none."""
    slices = contents.tables.slices
    start = int(slices["start"].min(initial=contents.end_ns))
    end = int(slices["end"].max(initial=contents.horizon_ns))
    return [max(start, contents.horizon_ns), end] if start < end else [0, contents.end_ns]


def _columns(frame: pd.DataFrame, *names: str) -> list[list[Any]]:
    return [frame[name].tolist() for name in names]


def overview(contents: Contents) -> Viewport:
    """The whole recording in little room: its whole time, and its first rows, shared out among the tracks."""
    depths = contents.lanes.depths
    share = max(_OVERVIEW_ROWS // max(len(depths), 1), 1)
    rows = tuple(Rows(track, 0, min(depth, share)) for track, depth in enumerate(depths[:_OVERVIEW_ROWS]) if depth)
    return Viewport(0.0, float(max(contents.end_ns, 1)), _OVERVIEW_COLUMNS, rows)
