from __future__ import annotations

import threading
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from traitlets import HasTraits, Instance

from scope_repl.query.details import details
from scope_repl.query.moment import Moment
from scope_repl.query.relatives import slice_at, track_of
from scope_repl.recording.contents import Contents

Selection = dict[str, Any]


class Place(NamedTuple):
    """Where the views of a recording look.

    Attributes:
        time_ns: the time, in ns since the recording's start.
        selection: the selected call: see `selection_of`; empty if none is.
    """

    time_ns: int
    selection: Selection


class Cursor(HasTraits):
    """What all views of one recording share: their place.

    Attributes:
        place: the place.
        lock: is held by whoever moves, until all have followed. Cells run in the main thread, and the messages of pages
            arrive on subshells.
    """

    place = Instance(Place)

    def __init__(self, place: Place) -> None:
        super().__init__(place=place)
        self.lock = threading.RLock()

    @classmethod
    def of(cls, contents: Contents) -> Cursor:
        """The cursor of a recording, at first where something runs. It lives while a view holds it."""
        # Whoever holds a cursor holds its contents too, so that the number is nobody else's.
        cursor = _cursors.get(id(contents))
        if cursor is None:
            cursor = _cursors[id(contents)] = cls(Place(_first_ns(contents), {}))
        return cursor


def _first_ns(contents: Contents) -> int:
    """Where a recording begins to be known, or where its first call begins if nothing was running then."""
    moment = Moment(contents, contents.horizon_ns)
    starts = contents.tables.slices["start"]
    if not len(starts) or any(track.depth for track in moment.tracks):
        return moment.time_ns
    return max(int(starts.min()), moment.time_ns)


_cursors: WeakValueDictionary[int, Cursor] = WeakValueDictionary()


def selection_of(contents: Contents, slice_row: int) -> Selection:
    """A selected call: its details, and where the slice stands that was selected, as plain JSON.

    Args:
        contents: the recording's contents.
        slice_row: the slice.

    Returns:
        What `scope_repl.query.details.details` says, with the slice's track and depth, and its from_ns and to_ns.
    """
    place = {
        "track": track_of(contents, slice_row),
        "depth": int(contents.tables.slices["depth"][slice_row]),
        "from_ns": contents.slices.start[slice_row],
        "to_ns": contents.slices.end[slice_row],
    }
    return details(contents, contents.slices.call(slice_row)) | place


def place_of(contents: Contents, moment: Moment) -> Place:
    """The place at which a moment is shown: its time, and its selected frame if something was running."""
    stack = moment.stack() if len(contents.tracks) else ()
    if not len(stack):
        return Place(moment.time_ns, {})
    frame = stack[moment.selected]
    slice_row = slice_at(contents, frame.span, moment.time_ns)
    return Place(moment.time_ns, selection_of(contents, slice_row) if slice_row >= 0 else {})


def moment_of(contents: Contents, place: Place) -> Moment:
    """The moment that a place shows: on the track of the selected call, whose frame is selected while it runs."""
    if not place.selection:
        return Moment(contents, place.time_ns)
    moment = Moment(contents, place.time_ns, place.selection["track"])
    spans = [frame.span for frame in moment.stack()]
    call = place.selection["call"]
    selected = spans.index(call) if call in spans else 0
    return Moment(contents, place.time_ns, place.selection["track"], selected)
