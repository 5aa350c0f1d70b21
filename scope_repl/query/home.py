"""Where a name lives: as a local of one call, or in the namespace of one module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scope_repl.query.names import Holders, holders, is_named, locals_of
from scope_repl.recording.captured import CapturedNamed, CapturedType
from scope_repl.schema import CallKind, CodeFlag

if TYPE_CHECKING:
    from scope_repl.query.moment import Moment
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.written import Write

_TRIED = 256
_NONE = np.empty(0, np.intp)


class Home(NamedTuple):
    """Where one variable lives.

    Attributes:
        name: its name.
        call: the call whose local it is, a row of calls; -1 for a name of a module.
        module: the module whose name it is; "" for a local.
    """

    name: str
    call: int
    module: str

    def write(self, contents: Contents, time_ns: int) -> Write | None:
        """The newest write of it at or before a time, also one that unbound it.

        Args:
            contents: the recording's contents.
            time_ns: the time.
        """
        if self.call < 0:
            return contents.state.name_before(self.module, self.name, time_ns)
        number = contents.spans.code[self.call]
        code = contents.codes[number]
        if code.flags & CodeFlag.CLASS_BODY:
            return _newest(write for key, write in _names_of_body(contents, self.call, time_ns) if key == self.name)
        keys = (key for key, name in enumerate(code.slots or code.arguments) if name == self.name)
        found = (contents.state.write_before(self.call, key, time_ns) for key in keys)
        return _newest(write for write in found if write is not None)

    def is_bound(self, contents: Contents, time_ns: int) -> bool:
        """Whether it has a value at a time that is known.

        Args:
            contents: the recording's contents.
            time_ns: the time.
        """
        write = self.write(contents, time_ns)
        return write is not None and not contents.payloads.is_gone(write.data)


def _newest(writes: Iterator[Write]) -> Write | None:
    return max(writes, key=lambda write: write.time_ns, default=None)


def _names_of_body(contents: Contents, call: int, time_ns: int) -> Iterator[tuple[str, Write]]:
    for key, write in contents.state.locals(call, time_ns).items():
        if key < 0:
            yield contents.log.codes[-key].name, write


def home_in(contents: Contents, call: int, name: str, time_ns: int) -> Home | None:
    """The variable that a name means in a call: its local, or a name of its module. None if neither is bound.

    Args:
        contents: the recording's contents.
        call: a row of calls.
        name: the name.
        time_ns: the time at which it is bound.
    """
    code = contents.codes[contents.spans.code[call]]
    if code.flags & CodeFlag.CLASS_BODY or name in locals_of(code):
        local = Home(name, call, "")
        if local.is_bound(contents, time_ns):
            return local
    named = Home(name, -1, code.module)
    return named if named.is_bound(contents, time_ns) else None


def home_at(contents: Contents, moment: Moment, name: str, function: str | None) -> Home | None:
    """The variable that a name means at a moment: in the selected frame, or else in one that called it.

    Args:
        contents: the recording's contents.
        moment: the moment.
        name: the name.
        function: a glob over the names of the functions whose local it is, or of the modules; None for any.
    """
    for frame in moment.stack()[moment.selected :]:
        number = contents.spans.code[frame.span]
        code = contents.codes[number]
        if contents.codes.kinds[number] != CallKind.PYTHON:
            continue
        found = home_in(contents, frame.span, name, moment.time_ns)
        if found is not None and (function is None or is_named(code, function, bool(found.module))):
            return found
    return None


def newest_home(contents: Contents, name: str, function: str | None, time_ns: int) -> Home | None:
    """The variable of a name that was written last before a time, in whichever call or module.

    Args:
        contents: the recording's contents.
        name: the name.
        function: a glob over the names of functions or modules; None for all.
        time_ns: the time; a write at that very time counts.

    Raises:
        UnknownValue: no variable of this name was captured.
    """
    held = holders(contents, name, function)
    found = [Home(name, -1, module) for module in held.modules]
    found += _newest_locals(contents, held, time_ns)
    written = ((write.time_ns, home) for home in found if (write := home.write(contents, time_ns)) is not None)
    return max(written, default=(0, None), key=lambda one: one[0])[1]


def _newest_locals(contents: Contents, held: Holders, time_ns: int) -> Iterator[Home]:
    """Calls of which one has the local that was written last: those that ended last, as long as that can matter."""
    calls = contents.tables.calls
    rows = np.flatnonzero(np.isin(calls["code"], held.codes) & (calls["start"] <= time_ns)) if held.codes else _NONE
    if len(rows) > _TRIED:
        rows = rows[np.argpartition(calls["end"][rows], -_TRIED)[-_TRIED:]]
    newest = -1
    for call in rows[np.argsort(-calls["end"][rows], kind="stable")].tolist():
        if contents.spans.end[call] < newest:
            return
        home = Home(held.name, call, "")
        write = home.write(contents, time_ns)
        if write is not None:
            newest = max(newest, write.time_ns)
            yield home
    if len(rows) == _TRIED:  # a look at all of them takes longer
        history = contents.state.history(held.codes, held.name)
        row = int(history.time.searchsorted(time_ns, "right")) - 1
        if row >= 0:
            yield Home(held.name, int(history.call[row]), "")


def is_definition(value: Any) -> bool:
    """Whether a value is a function, a class or a module: what a name stands for in a program's text."""
    return isinstance(value, CapturedType) or (isinstance(value, CapturedNamed) and value.bound_to is None)
