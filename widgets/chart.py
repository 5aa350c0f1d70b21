from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import anywidget
from traitlets import Bytes, Dict, Int

from scope_repl.errors import ScopeError
from scope_repl.query.moment import Moment
from scope_repl.query.picture import Picture, Rows, Viewport, picture
from scope_repl.query.relatives import relative, slice_at
from scope_repl.query.rows import rows
from scope_repl.query.scene import overview, scene
from scope_repl.recording.contents import Contents

from .bundle import script, style
from .cursor import place_of, selection_of

_NAMES = 300
_NAME_CHARACTERS = 14_000
_NAME_LENGTH = 200

Message = dict[str, Any]
Answer = tuple[Message, list[bytes]]


class Chart(anywidget.AnyWidget):
    """The timeline's canvas. It asks for what it shows: see the messages in `Chart.answer`.

    Args:
        contents: the recording's contents.

    Attributes:
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
        self._answering = threading.Lock()  # messages come on subshells too
        self._sent: dict[str, set[int]] = {}
        self._when_unseen: Callable[[], None] | None = None
        first = picture(contents, overview(contents))
        header = first.header() | {"names": _names(contents, first, set())}
        super().__init__(scene=scene(contents), overview=header, overview_data=first.data(), **traits)
        self.on_msg(self._receive)

    def close(self) -> None:
        """Take the chart out of every page, and let go of the recording."""
        super().close()
        self._contents = None
        self._when_unseen = None

    def when_unseen(self, callback: Callable[[], None]) -> None:
        """Have a function called when the last page that showed the chart has closed it."""
        self._when_unseen = callback

    def _receive(self, _: Any, message: Message, buffers: Any) -> None:
        with self._answering:
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
            self._count_views(kind, view)
            return None
        answers: dict[str, Callable[[Contents, Message], Answer]] = {
            "picture": self._picture,
            "rows": self._rows,
            "pick": self._pick,
            "unpick": self._unpick,
            "step": self._step,
        }
        try:
            content, buffers = answers[kind](self._contents, message)
        except (ScopeError, LookupError, ValueError, TypeError) as error:
            content, buffers = {"kind": "failed", "message": str(error)}, []
        return content | {"view": view, "seq": message.get("seq")}, buffers

    def _count_views(self, kind: str, view: str) -> None:
        if kind == "opened":
            self._sent.setdefault(view, set())
        elif self._sent.pop(view, None) is not None and not self._sent and self._when_unseen is not None:
            self._when_unseen()

    def _picture(self, contents: Contents, message: Message) -> Answer:
        wanted = Viewport(
            float(message["start_ns"]),
            float(message["end_ns"]),
            int(message["columns"]),
            tuple(Rows(int(track), int(first), int(end)) for track, first, end in message["rows"]),
        )
        drawn = picture(contents, wanted)
        names = _names(contents, drawn, self._sent.setdefault(str(message["view"]), set()))
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
            found = contents.lanes.longest(track, depth, float(message["start_ns"]), float(message["end_ns"]))
        if found < 0:
            raise LookupError("no call stands here")
        self._select(contents, found, time_ns)
        return {"kind": "done"}, []

    def _unpick(self, contents: Contents, message: Message) -> Answer:
        self.selection = {}
        return {"kind": "done"}, []

    def _step(self, contents: Contents, message: Message) -> Answer:
        to = str(message["to"])
        if to in ("next", "previous"):
            moment = Moment(contents, self.cursor_ns)
            self.cursor_ns, self.selection = place_of(contents, moment.next() if to == "next" else moment.previous())
        elif self.selection:
            start = slice_at(contents, self.selection["call"], self.cursor_ns)
            self._select(contents, relative(contents, start, to, self.cursor_ns), self.cursor_ns)
        else:
            raise LookupError("no call is selected: click one, or choose one in the table")
        return {"kind": "done"}, []

    def _select(self, contents: Contents, slice_row: int, time_ns: int) -> None:
        """Select a call where one of its slices stands, with the cursor in that slice."""
        start, end = contents.slices.start[slice_row], contents.slices.end[slice_row]
        self.cursor_ns = min(max(time_ns, start), max(end - 1, start))  # at its end it has ended
        self.selection = selection_of(contents, slice_row)


def _names(contents: Contents, drawn: Picture, sent: set[int]) -> list[list[Any]]:
    """The names of a picture's callables that were not sent before, those of the widest rectangles first."""
    widest = (drawn.x0 - drawn.x1).argsort()
    names: list[list[Any]] = []
    characters = 0
    for number in dict.fromkeys(drawn.codes[drawn.code[widest]].tolist()):
        if number in sent:
            continue
        code = contents.codes[number]
        names.append([number, code.qualname[:_NAME_LENGTH], code.module[:_NAME_LENGTH]])
        characters += len(code.qualname) + len(code.module)
        sent.add(number)
        if len(names) == _NAMES or characters > _NAME_CHARACTERS:
            break
    return names
