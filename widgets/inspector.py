from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import anywidget
from traitlets import Dict, Instance, List, observe

from scope_repl.errors import OptionError, ScopeError
from scope_repl.query.inspection import inspection
from scope_repl.query.moment import Moment
from scope_repl.query.nodes import row_path
from scope_repl.query.origins import at_frame, origin
from scope_repl.query.shown import plain
from scope_repl.query.walk import walk

from .bundle import inspector_script, inspector_style

_NAME = 200
_OPENED = 1000
_MESSAGE = 500

Message = dict[str, Any]


class Inspector(anywidget.AnyWidget):
    """What was true at a moment: the stack, the source of the selected frame, and the values.

    Args:
        moment: the moment; None shows nothing.
        lock: what whoever moves holds: messages come on subshells too.
        options: further traits, such as ``layout``.

    Attributes:
        moment: the moment that is shown. The user changes it with steps, and by choosing a track, a frame or a value.
        tracks: the names of all tracks.
        shown: what is to be seen, as `scope_repl.query.inspection.inspection` describes it.
    """

    _esm = inspector_script()
    _css = inspector_style()
    moment = Instance(Moment, allow_none=True)
    tracks: List[str] = List().tag(sync=True)
    shown = Dict().tag(sync=True)

    def __init__(
        self, moment: Moment | None = None, lock: AbstractContextManager[Any] | None = None, **options: Any
    ) -> None:
        self._lock = lock or threading.RLock()
        self._section = "locals"
        self._opened: dict[str, int] = {}
        super().__init__(moment=moment, shown=inspection(None, self._section, {}), **options)
        self.on_msg(self._receive)

    def close(self) -> None:
        """Take the inspector out of every page, and let go of the recording."""
        self.moment = None
        self.layout.close()
        super().close()

    # ---- what is shown ----

    @observe("moment")
    def _moment_changed(self, _: Any) -> None:
        moment = self.moment
        threads = () if moment is None else moment.contents.tracks.threads
        self.tracks = [plain(thread.name, _NAME) for thread in threads]
        self._show()

    def _show(self) -> None:
        self.shown = inspection(self.moment, self._section, self._opened)

    # ---- what the user does ----

    def _receive(self, _: Any, message: Message, buffers: Any) -> None:
        with self._lock:
            answer = self.answer(message)
            if answer is not None:
                self.send(answer)

    def answer(self, message: Message) -> Message | None:
        """Answer a message of a view.

        Args:
            message: what is to be done (``kind``), by which view (``view``), under which number (``seq``), and what the
                kind needs besides: step (``to``, see `scope_repl.query.walk`), track (``track``), frame (``frame``, how
                many outwards of the innermost one), time (``time_ns``), jump (``id`` of a row: to the last write of its
                value), open (``id`` of a row, and ``count``: how many are shown of what is in it), close (``id``) or
                section (``name``).

        Returns:
            The answer with the same ``view`` and ``seq``; ``kind`` is ``done``, or ``failed`` with a ``message``. None
            where no answer is expected.
        """
        kind = str(message.get("kind"))
        if kind == "opened":
            return None
        does: dict[str, Callable[[Message], None]] = {
            "step": lambda m: self._go(lambda moment: walk(moment, str(m["to"]))),
            "track": lambda m: self._go(lambda moment: moment.on(int(m["track"]))),
            "frame": lambda m: self._go(lambda moment: moment.select(int(m["frame"]))),
            "jump": lambda m: self._go(lambda moment: origin(moment, row_path(str(m["id"])))),
            "time": lambda m: self._go(lambda moment: at_frame(moment, int(m["time_ns"]))),
            "open": lambda m: self._open(str(m["id"]), int(m["count"])),
            "close": lambda m: self._close(str(m["id"])),
            "section": lambda m: self._choose(str(m["name"])),
        }
        content: Message = {"kind": "done"}
        try:
            if kind not in does:
                raise OptionError("kind", kind, f"the kinds are {', '.join(does)}")
            does[kind](message)
        except KeyError as error:
            content = {"kind": "failed", "message": f"the message has no {error}"}
        except (ScopeError, LookupError, ValueError, TypeError, OverflowError) as error:
            content = {"kind": "failed", "message": plain(str(error), _MESSAGE)}
        return content | {"view": message.get("view"), "seq": message.get("seq")}

    def _go(self, step: Callable[[Moment], Moment]) -> None:
        if self.moment is not None:
            self.moment = step(self.moment)

    def _open(self, row: str, count: int) -> None:
        row_path(row)
        if len(self._opened) >= _OPENED:
            raise ValueError(f"{_OPENED:,} values are open: close some first")
        self._opened[row] = count
        self._show()

    def _close(self, row: str) -> None:
        self._opened.pop(row, None)
        self._show()

    def _choose(self, name: str) -> None:
        self.shown = inspection(self.moment, name, self._opened)
        self._section = name
