"""What lines of a frame wrote to names that other lines have written to since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from scope_repl.query.bindings import name_of
from scope_repl.query.variables import written
from scope_repl.recording.cut import GONE
from scope_repl.recording.resolve import Resolver

if TYPE_CHECKING:
    from scope_repl.query.frame import Frame
    from scope_repl.query.variables import Written
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.written import Write

_BACK = 4  # writes that are looked at of each name
_MOST = 60  # and of all


class Former(NamedTuple):
    """A value that a name had.

    Attributes:
        name: the name.
        value: its value, as it was when it was written.
        written: who wrote it.
    """

    name: str
    value: Any
    written: Written


def former(contents: Contents, frame: Frame, time_ns: int) -> Iterator[Former]:
    """The values that lines of a frame wrote last, where another line has written to the name since.

    Of each name only the newest few writes are looked at.

    Args:
        contents: the recording's contents.
        frame: the frame.
        time_ns: the moment's time.
    """
    left = _MOST
    code = contents.codes[contents.spans.code[frame.span]]
    for key, newest in contents.state.locals(frame.span, time_ns).items():
        name = name_of(contents, key) if key < 0 else code.slots[key] if key < len(code.slots) else "."
        lines = {newest.line}
        for write in _before(contents, frame, key, newest, min(_BACK, left)):
            left -= 1
            if write.line not in lines and not name.startswith("."):
                lines.add(write.line)
                value = Resolver(contents, write.time_ns).value(write.data)
                if value is not GONE:
                    yield Former(name, value, written(contents, write))


def _before(contents: Contents, frame: Frame, key: int, newest: Write, most: int) -> Iterator[Write]:
    time_ns = newest.time_ns
    for _ in range(most):
        write = contents.state.write_before(frame.span, key, time_ns - 1)
        if write is None:
            return
        yield write
        time_ns = write.time_ns
