from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
from traitlets import Bunch, Bytes, Dict, Int, validate

from scope_repl.errors import OptionError, ScopeError
from scope_repl.export.names import new_names
from scope_repl.query.picture import Rows, Viewport, existing, picture
from scope_repl.query.relatives import relative, slice_at
from scope_repl.query.rows import rows
from scope_repl.query.scene import overview, scene
from scope_repl.query.walk import STEPS, walk
from scope_repl.recording.contents import Contents

from .audience import Audience
from .bundle import script, style
from .cursor import Cursor, Place, moment_of, place_of, selection_of

_NAME_BYTES = 14_000
_ROUNDED = 1e-3
_SINGLE = 2**-22  # what float32 may be wrong by, twice

Message = dict[str, Any]
Answer = tuple[Message, list[bytes]]


class Chart(anywidget.AnyWidget):
    """The timeline's canvas. It asks for what it shows: see the messages in `Chart.answer`.

    Args:
        contents: the recording's contents.

    Attributes:
        audience: the views that show it.
        scene: what stands around the calls: see `scope_repl.query.scene.scene`.
        overview: the header of a small picture of the whole recording, which is shown at once, and without a kernel.
        overview_data: its arrays.
        cursor_ns: the time cursor, in ns since the recording's start.
        selection: the selected call, as `scope_repl.query.details.details` describes it; empty if none is.
    """

    _esm = script()
    _css = style()
    scene = Dict().tag(sync=True)
    overview = Dict().tag(sync=True)
    overview_data = Bytes().tag(sync=True)
    cursor_ns = Int().tag(sync=True)
    selection = Dict().tag(sync=True)

    def __init__(self, contents: Contents, **traits: Any) -> None:
        self._contents: Contents | None = contents
        self._lock = Cursor.of(contents).lock  # messages come on subshells too
        self._when_unseen: Callable[[], None] = lambda: None
        self.audience = Audience(lambda: self.send({"kind": "anyone"}), self._unseen)
        first = picture(contents, overview(contents))
        header = first.header() | {"names": new_names(contents, first, set(), _NAME_BYTES)}
        super().__init__(scene=scene(contents), overview=header, overview_data=first.data(), **traits)
        self.on_msg(self._receive)

    def close(self) -> None:
        """Take the chart out of every page, and let go of the recording."""
        super().close()
        self._contents = None
        self._when_unseen = lambda: None

    def when_unseen(self, callback: Callable[[], None]) -> None:
        """Have a function called when the last page that showed the chart has closed it."""
        self._when_unseen = callback

    def _unseen(self) -> None:
        with self._lock:
            self._when_unseen()

    def _receive(self, _: Any, message: Message, buffers: Any) -> None:
        with self._lock:
            answer = self.answer(message)
            if answer is not None:
                self.send(*answer)

    def answer(self, message: Message) -> Answer | None:
        """Answer a message of a view.

        Args:
            message: what is asked (``kind``: picture, rows, pick, unpick, step, opened or closed), by which view
                (``view``), under which number (``seq``), and what the kind needs besides.

        Returns:
            The answer with the same ``view`` and ``seq``, and its buffers; ``kind`` is ``failed``, with a ``message``,
            where there is nothing to answer. None where no answer is expected.
        """
        kind, view = str(message.get("kind")), str(message.get("view"))
        if self._contents is None:
            return None
        if kind in ("opened", "closed"):
            (self.audience.opened if kind == "opened" else self.audience.closed)(view)
            return None
        answers: dict[str, Callable[[Contents, Message], Answer]] = {
            "picture": self._picture,
            "rows": self._rows,
            "pick": self._pick,
            "unpick": self._unpick,
            "step": self._step,
        }
        try:
            if kind not in answers:
                raise OptionError("kind", kind, f"the kinds are {', '.join(answers)}, opened and closed")
            content, buffers = answers[kind](self._contents, message)
        except KeyError as error:
            content, buffers = {"kind": "failed", "message": f"the message has no {error}"}, []
        except (ScopeError, LookupError, ValueError, TypeError, OverflowError) as error:
            content, buffers = {"kind": "failed", "message": str(error)}, []
        return content | {"view": view, "seq": message.get("seq")}, buffers

    def _picture(self, contents: Contents, message: Message) -> Answer:
        wanted = Viewport(
            float(message["start_ns"]),
            float(message["end_ns"]),
            int(message["columns"]),
            tuple(Rows(int(track), int(first), int(end)) for track, first, end in message["rows"]),
        )
        drawn = picture(contents, wanted)
        names = new_names(contents, drawn, self.audience.told(str(message["view"])), _NAME_BYTES)
        return {"kind": "picture", **drawn.header(), "names": names}, [drawn.data()]

    def _rows(self, contents: Contents, message: Message) -> Answer:
        total, found = rows(
            contents,
            float(message["start_ns"]),
            float(message["end_ns"]),
            filter=str(message["filter"]),
            sort=str(message["sort"]),
            descending=bool(message["descending"]),
            limit=int(message["limit"]),
        )
        return {"kind": "rows", "total": total, "rows": found}, []

    def _pick(self, contents: Contents, message: Message) -> Answer:
        time_ns = int(message["time_ns"])
        if "call" in message:
            found = slice_at(contents, int(message["call"]), time_ns)
        else:
            track, depth = int(message["track"]), int(message["depth"])
            if not any(existing(contents, [Rows(track, depth, depth + 1)])):
                raise LookupError(f"track {track} has no row {depth}")
            found = _merged(contents, track, depth, float(message["start_ns"]), float(message["end_ns"]))
        if found < 0:
            raise LookupError("no call stands here")
        self._select(contents, found, time_ns)
        return {"kind": "done"}, []

    def _unpick(self, contents: Contents, message: Message) -> Answer:
        self._go(Place(self.cursor_ns, {}))
        return {"kind": "done"}, []

    def _step(self, contents: Contents, message: Message) -> Answer:
        to = str(message["to"])
        if to in STEPS:
            moment = moment_of(contents, Place(self.cursor_ns, self.selection))
            self._go(place_of(contents, walk(moment, to)))
        elif self.selection:
            start = slice_at(contents, self.selection["call"], self.cursor_ns)
            self._select(contents, relative(contents, start, to, self.cursor_ns), self.cursor_ns)
        else:
            raise LookupError("no call is selected: click one, or choose one in the table")
        return {"kind": "done"}, []

    def _select(self, contents: Contents, slice_row: int, time_ns: int) -> None:
        """Select a call where one of its slices stands, with the cursor in that slice."""
        start, end = contents.slices.start[slice_row], contents.slices.end[slice_row]
        within = min(max(time_ns, start), max(end - 1, start))  # at its end it has ended
        self._go(Place(within, selection_of(contents, slice_row)))

    def _go(self, place: Place) -> None:
        """Go to a place in one step; the selection is sent first, because it is what somebody waits for."""
        with self.hold_trait_notifications():
            self.selection = place.selection
            self.cursor_ns = place.time_ns

    @validate("cursor_ns")
    def _within_what_is_known(self, proposal: Bunch) -> int:
        time_ns: int = proposal.value
        contents = self._contents
        return time_ns if contents is None else min(max(time_ns, contents.horizon_ns), contents.end_ns)


def _merged(contents: Contents, track: int, depth: int, start_ns: float, end_ns: float) -> int:
    """The longest slice in a merged rectangle, or -1. A picture's float32 rounds where that begins and ends."""
    rounded = max((end_ns - start_ns) * _ROUNDED, 0.5)
    found = contents.lanes.longest(track, depth, start_ns - rounded, end_ns + rounded)
    if found >= 0:
        return found
    return contents.lanes.nearest(track, depth, start_ns, contents.end_ns * _SINGLE)
