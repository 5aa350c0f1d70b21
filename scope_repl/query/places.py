"""What is written to: a variable, or a part of an object, and when it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scope_repl.errors import UnknownValue
from scope_repl.query.contained import part
from scope_repl.query.home import Home, home_at, newest_home
from scope_repl.query.lives import made_ns
from scope_repl.query.paths import Path, Step
from scope_repl.query.reach import Reach
from scope_repl.query.steps import check_lines
from scope_repl.recording.captured import address_of
from scope_repl.recording.durations import time_text
from scope_repl.recording.resolve import Resolver

if TYPE_CHECKING:
    from scope_repl.query.moment import Moment
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.written import AttributeWrite, Version, Write

BEFORE_HORIZON = "it was before the horizon, older events were dropped: record with a larger buffer to keep more"
NOT_BOUND = "it was not bound"
Found = tuple[str, "Write | Version | AttributeWrite"]


class Place:
    """Something that is written to.

    Args:
        contents: the recording's contents.
        name: what it is called.
        base: where the variable lives, or the address of the object of which it is a part.
        steps: what leads from there to it; of an object the first one is what can be written.
        bound_ns: when the variable was bound that leads to the object; -1 if there is none.
    """

    def __init__(
        self, contents: Contents, name: str, base: Home | int, steps: tuple[Step, ...], bound_ns: int = -1
    ) -> None:
        self._contents = contents
        self.name = name
        self._base = base
        self._steps = steps
        self._bound_ns = bound_ns

    @property
    def part(self) -> tuple[int | None, tuple[Step, ...]]:
        """The address of the object of which it is a part, and what leads from there to it; None for a variable."""
        return (self._base, self._steps) if isinstance(self._base, int) else (None, self._steps)

    def value(self, time_ns: int) -> Any:
        """What is there at a time.

        Args:
            time_ns: the time.

        Raises:
            UnknownValue: nothing is, or it is not known.
        """
        resolver = Resolver(self._contents, time_ns)
        if isinstance(self._base, int):
            value = resolver.object(self._base)
        else:
            write = self._base.write(self._contents, time_ns)
            if write is None or self._contents.payloads.is_gone(write.data):
                raise UnknownValue(self.name, self._why_none(time_ns, NOT_BOUND))
            value = resolver.value(write.data)
        for step in self._steps:
            value = _reached(self.name, value, step)
        return value

    def last_write(self, time_ns: int) -> Found:
        """The newest write of it at or before a time: what was done, as in ``NamedWrite.what``, and its record.

        Args:
            time_ns: the time.

        Raises:
            UnknownValue: there was none, or it is not known.
        """
        if isinstance(self._base, int):
            return self._write_of_part(self._base, self._steps[0], time_ns)
        return self._write_of_variable(self._base, time_ns)

    def _write_of_variable(self, home: Home, time_ns: int) -> Found:
        write = home.write(self._contents, time_ns)
        if write is None:
            reason = self._why_none(time_ns, f"it had not been written before {time_text(time_ns)}")
            raise UnknownValue(f"the last write of {self.name}", reason)
        if self._contents.payloads.is_gone(write.data):
            return "deleted", write
        newest = Reach(self._contents, write.data, time_ns).newest()
        if newest is not None and newest.time_ns > write.time_ns:
            return "changed", newest
        if write.line == 0 and write.call >= 0:
            if self._contents.spans.seen[write.call] and write.time_ns == self._contents.spans.start[write.call]:
                return "argument", write
            if write.time_ns <= self._contents.horizon_ns:
                reason = BEFORE_HORIZON if self._contents.horizon_ns else "it was before the recording began"
                raise UnknownValue(f"the last write of {self.name}", reason)
        return "bound", write

    def _why_none(self, time_ns: int, otherwise: str) -> str:
        return BEFORE_HORIZON if time_ns < self._contents.horizon_ns else otherwise

    def _write_of_part(self, address: int, step: Step, time_ns: int) -> Found:
        version = self._contents.state.version(address, time_ns)
        if version is None:
            raise UnknownValue(
                f"the last write of {self.name}", self._why_none(time_ns, "nothing is known from before")
            )
        write = self._attribute_write(address, step, time_ns)
        if write is not None:  # of a watched object these are exact
            gone = self._contents.payloads.is_gone(write.new)
            found: Found = ("deleted" if gone else "bound", write)
            held = None if gone else write.new
        else:
            held = part(version.content, step.key)
            found = self._change_of_part(step, version, held)
        inside = Reach(self._contents, held, time_ns).newest() if held is not None else None
        return found if inside is None or inside.time_ns <= found[1].time_ns else ("changed", inside)

    def _change_of_part(self, step: Step, version: Version, held: bytes | None) -> Found:
        """The version with which an object got what it holds at a step."""
        while (before := self.before(version)) is not None:
            if part(before.content, step.key) != held:
                return "bound", version
            version = before
        if made_ns(self._contents, version):
            return "bound", version
        if version.time_ns <= self._contents.horizon_ns and self._contents.horizon_ns:
            raise UnknownValue(f"the last write of {self.name}", BEFORE_HORIZON)
        return "seen", version

    def before(self, version: Version) -> Version | None:
        """The version before, of the same object; None if there is none.

        The address of an object may have been another one's before. That it is the same object is not known where the
        type is another one, where its ``__init__`` has begun in between, and where the variable that leads to it was
        bound as the version was noticed.

        Args:
            version: the version.
        """
        before = self._contents.state.version(version.address, version.time_ns - 1)
        if before is None or before.type != version.type or version.time_ns == self._bound_ns:
            return None
        return before if before.time_ns >= made_ns(self._contents, version) else None

    def _attribute_write(self, address: int, step: Step, time_ns: int) -> AttributeWrite | None:
        if step.is_item:
            return None
        writes = self._contents.state.attribute_writes(address)
        mine = (write for write in writes if write.name == step.key and write.time_ns <= time_ns)
        return max(mine, key=lambda write: write.time_ns, default=None)


def _reached(name: str, value: Any, step: Step) -> Any:
    try:
        return step.of(value)
    except UnknownValue:
        raise
    except (LookupError, TypeError, AttributeError) as error:
        raise UnknownValue(name, f"{type(error).__name__}: {error}") from None


def place_of(contents: Contents, path: Path, home: Home, time_ns: int) -> Place:
    """What a path leads to at a time: a part of the innermost object on the way that can be changed.

    Args:
        contents: the recording's contents.
        path: the path.
        home: where the variable lives that the path begins with.
        time_ns: the time.

    Raises:
        UnknownValue: nothing is there, or it is not known.
    """
    value = Place(contents, path.name, home, ()).value(time_ns) if path.steps else None
    write = home.write(contents, time_ns) if path.steps else None
    base: Home | int = home
    steps = path.steps
    for number, step in enumerate(path.steps):
        address = address_of(value)
        if address is not None and contents.state.version(address, time_ns) is not None:
            base, steps = address, path.steps[number:]
        value = _reached(str(path), value, step)
    return Place(contents, str(path), base, steps, write.time_ns if write else -1)


def place_at(contents: Contents, path: Path, moment: Moment | None, time_ns: int) -> Place:
    """What a path means at a time.

    Args:
        contents: the recording's contents.
        path: the path.
        moment: the moment in whose stack the variable is looked for first; None for none.
        time_ns: the time.

    Raises:
        UnknownValue: no such variable had been written.
    """
    home = home_at(contents, moment, path.name, path.function) if moment is not None and len(contents.tracks) else None
    home = home or newest_home(contents, path.name, path.function, time_ns)
    if home is not None:
        return place_of(contents, path, home, time_ns)
    check_lines(contents, f"the last write of {path}")
    early = time_ns < contents.horizon_ns
    reason = BEFORE_HORIZON if early else f"nothing had been written to it before {time_text(time_ns)}"
    raise UnknownValue(f"the last write of {path}", reason)
