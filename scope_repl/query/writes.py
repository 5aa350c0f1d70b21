"""Where a value came from: the write that gave it to a name, or put it into an object."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

from scope_repl.errors import UnknownValue
from scope_repl.query.moment import Moment
from scope_repl.query.paths import read_path
from scope_repl.query.places import NOT_BOUND, Place, place_at
from scope_repl.query.shown import plain, short
from scope_repl.query.stack import Stack
from scope_repl.recording.cut import GONE
from scope_repl.recording.durations import time_text
from scope_repl.recording.resolve import Resolver
from scope_repl.recording.written import AttributeWrite, Version

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_HOW = {
    "bound": "bound",
    "changed": "changed in place",
    "argument": "passed as an argument",
    "deleted": "deleted",
    "seen": "first seen, with this value,",
}
_FIRST = ("argument", "seen")  # of these nothing is known from before


class NamedWrite:
    """A write that gave a name, an attribute or an item its value, or changed that in place.

    Args:
        contents: the recording's contents.
        place: what was written to.
        time_ns: the newest write at or before this time is meant.

    Attributes:
        name: what was written, such as ``"total"`` or ``"self.balance"``.
        what: ``bound``, ``changed`` (in place), ``argument``, ``deleted``, or ``seen``: an object that was first seen,
            which held this already.
        time_ns: when that was known: the line that did it had done so by then.
        line: the source line that did it; 0 where that is not known. Of an argument it is that of the function.
        span: the row of the call that did it in ``rec.calls``; -1 where that is not known.
        track: the row of the track on which it happened.

    Raises:
        UnknownValue: there was none, or it is not known.
    """

    def __init__(self, contents: Contents, place: Place, time_ns: int) -> None:
        self._contents = contents
        self._place = place
        self.what, found = place.last_write(time_ns)
        self._found = found
        self.name = place.name
        self.time_ns = found.time_ns
        self.line = found.line
        self.span = found.call
        self.track = found.track
        self._number = contents.spans.code[found.call] if found.call >= 0 else -1
        if self.what == "argument":
            self.line = contents.codes[self._number].first_line

    @property
    def function(self) -> str:
        """The qualified name of the function that did it; "" where that is not known."""
        return self._contents.codes[self._number].qualname

    @property
    def file(self) -> str:
        """The source file of that function; "" where that is not known."""
        return self._contents.codes[self._number].file

    @property
    def title(self) -> str:
        """The source file in short: ``In[3]`` for a cell of a notebook, else the last part of its path."""
        return self._contents.codes.title(self._number)

    @property
    def source(self) -> str:
        """The text of the source line; "" where it is not known."""
        block = self._contents.sources.block(self._number, self.line, 0, 0) if self.line else None
        return block.lines[0].strip() if block is not None and block.lines else ""

    @property
    def new(self) -> Any:
        """The value from then on.

        Raises:
            UnknownValue: there is none any more.
        """
        return self._place.value(self.time_ns)

    @property
    def old(self) -> Any:
        """The value before.

        Raises:
            UnknownValue: there was none, or it is not known.
        """
        if self.what in _FIRST:
            raise UnknownValue(f"the value of {self.name} before", f"it was {_HOW[self.what].split(',')[0]} here")
        if isinstance(self._found, AttributeWrite):
            value = Resolver(self._contents, self.time_ns - 1).value(self._found.old)
            if value is GONE:
                raise UnknownValue(f"the value of {self.name} before", NOT_BOUND)
            return value
        self._check_before("the value")
        return self._place.value(self.time_ns - 1)

    def _check_before(self, what: str) -> None:
        found = self._found
        if isinstance(found, Version) and found.address == self._place.part[0] and self._place.before(found) is None:
            raise UnknownValue(f"{what} of {self.name} before", NOT_BOUND)

    @property
    def moment(self) -> Moment:
        """The moment just before it was done, as the line that did it was running; of an argument as the call began."""
        time_ns = self.time_ns - (self.what != "argument")
        found = Moment(self._contents, max(time_ns, self._contents.horizon_ns), self.track)
        calls = [frame.span for frame in found.stack()]
        return found.select(calls.index(self.span)) if self.span in calls else found

    @property
    def stack(self) -> Stack:
        """The stack at that moment, innermost frame first."""
        return self.moment.stack()

    def previous(self) -> NamedWrite:
        """The write before this one.

        Raises:
            UnknownValue: there was none, or it is not known.
        """
        self._check_before("the write")
        return NamedWrite(self._contents, self._place, self.time_ns - 1)

    @property
    def where(self) -> str:
        """Function, file and line in words."""
        if not self.function:
            return f"line {self.line}" if self.line else "code that is not recorded line by line"
        return f"{self.function}, {self.title}{f':{self.line}' if self.line else ''}"

    @property
    def values(self) -> str:
        """The new value and the old one, in words."""
        new = f"{self.name} = {_text(lambda: self.new)}"
        if self.what in _FIRST:
            return new
        old = _text(lambda: self.old)
        return f"{new} (not bound before)" if old == f"? {NOT_BOUND}" else f"{new} (before: {old})"

    def __repr__(self) -> str:
        head = f"{self.values}\n  {_HOW[self.what]} at {time_text(self.time_ns)} in {self.where}"
        return plain(f"{head}\n    {self.source}" if self.source else head, 1000)

    def _repr_html_(self) -> str:
        source = (
            f"<div style='padding-left: 2em'><code>{escape(plain(self.source))}</code></div>" if self.source else ""
        )
        return (
            f"<div><code>{escape(plain(self.values, 500))}</code><br>{_HOW[self.what]} at "
            f"{time_text(self.time_ns)} in {escape(plain(self.where))}{source}</div>"
        )


def _text(value: Callable[[], Any]) -> str:
    try:
        return short(value())
    except UnknownValue as error:
        return f"? {error.reason}"


def last_write(contents: Contents, name: str, moment: Moment | None) -> NamedWrite:
    """The write that gave a value.

    Args:
        contents: the recording's contents.
        name: a name or a path.
        moment: when the value was there; None for the end of the recording.

    Raises:
        OptionError: it is no name.
        UnknownValue: it is not known.
    """
    path = read_path(name)
    time_ns = contents.end_ns if moment is None else moment.time_ns
    return NamedWrite(contents, place_at(contents, path, moment, time_ns), time_ns)
