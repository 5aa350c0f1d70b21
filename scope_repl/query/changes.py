"""What is another value at a moment than it was at an earlier one."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from scope_repl.query.shown import parts
from scope_repl.query.variables import last_change
from scope_repl.recording.captured import CapturedArray, CapturedFrame, address_of
from scope_repl.recording.cut import Lost
from scope_repl.recording.parts import in_reach
from scope_repl.recording.standing import has_versions

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_LOOKED_AT = 100  # objects in a value
_COMPARED = 1000  # parts of a tuple


class NotThere:
    """In place of the value that something had before."""


NEW: Final = NotThere()  # it was not there before
UNTOLD: Final = NotThere()  # there is nothing to compare with


class Changes:
    """Compares what was at a moment with what was at an earlier time.

    An object is compared by its versions: what was not kept of it is looked at by them too.

    Args:
        contents: the recording's contents.
        since_ns: the earlier time.
        time_ns: the moment's time.
    """

    def __init__(self, contents: Contents, since_ns: int, time_ns: int) -> None:
        self._contents = contents
        self._since_ns = since_ns
        self._time_ns = time_ns

    def changed(self, value: Any, before: Any) -> bool:
        """Whether a value is another one, or what is in it is.

        Args:
            value: the value at the moment.
            before: the value at the earlier time, or ``NEW`` or ``UNTOLD``.
        """
        if isinstance(before, NotThere):
            return before is NEW
        if type(value) is not type(before) or address_of(value) != address_of(before):
            return not same(value, before)
        if has_versions(value):
            return any(map(self._is_newer, islice(in_reach([value]), _LOOKED_AT)))
        total, held = parts(value, 0, _COMPARED)
        if not total:
            return not same(value, before)
        before_total, before_held = parts(before, 0, _COMPARED)
        return total != before_total or any(
            self.changed(now.value, then.value) for now, then in zip(held, before_held, strict=True)
        )

    def _is_newer(self, value: Any) -> bool:
        address = address_of(value) if has_versions(value) else None
        change = None if address is None else last_change(self._contents, address, self._time_ns)
        return change is not None and change.time_ns > self._since_ns


def same(value: Any, other: Any) -> bool:
    """Whether a value without versions is still the one that it was; one that differs from itself, such as NaN, is."""
    if value is other:
        return True
    if type(value) is not type(other) or address_of(value) != address_of(other):
        return False
    if isinstance(value, Lost | CapturedArray | CapturedFrame):  # these are equal to nothing but themselves
        return repr(value) == repr(other)
    return bool(value == other) or bool(value != value and other != other)
