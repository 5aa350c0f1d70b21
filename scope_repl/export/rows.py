from __future__ import annotations

from collections.abc import Sequence

from scope_repl.query.picture import Rows


def first_rows(depths: Sequence[int], limit: int) -> tuple[Rows, ...]:
    """The rows that are shown when there is no room for all: the upper ones, shared out evenly among the tracks.

    Args:
        depths: how many rows each track has.
        limit: how many rows there is room for; tracks beyond that many are left out.
    """
    tracks = [track for track, depth in enumerate(depths) if depth][:limit]
    room = limit
    given: dict[int, int] = {}
    # Those that need least come first, so that what they leave goes to the others.
    for waiting, track in enumerate(sorted(tracks, key=lambda track: depths[track])):
        given[track] = min(depths[track], room // (len(tracks) - waiting))
        room -= given[track]
    return tuple(Rows(track, 0, given[track]) for track in tracks)
