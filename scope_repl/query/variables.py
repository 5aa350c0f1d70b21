from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from scope_repl.errors import UnknownValue
from scope_repl.query.markup import Entry, entries_html, entries_text
from scope_repl.query.shown import short, standing_of
from scope_repl.recording.cut import Reference
from scope_repl.recording.resolve import Look, Resolver
from scope_repl.recording.standing import Known, Standing, unknown
from scope_repl.recording.values import decode, may_refer

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.written import AttributeWrite, Version, Write

NOT_BOUND = Standing(Known.EXACT, reason="it is not bound at this moment")
_UNREAD = object()


class Written(NamedTuple):
    """Where something was written.

    Attributes:
        time_ns: when that was known, in ns since the recording's start: the write had happened by then.
        track: the row of the track in ``rec.tracks``.
        span: the row of the call in ``rec.calls`` in which it was; -1 if that is not known.
        function: the qualified name of the function; "" if that is not known.
        file: the source file.
        line: the source line; 0 if that is not known.
        what: ``bound``: a name got another value, an argument its value; ``changed``: what an object holds did.
    """

    time_ns: int
    track: int
    span: int
    function: str
    file: str
    line: int
    what: str

    def __str__(self) -> str:
        where = f"{self.function}{f', line {self.line}' if self.line else ''}" if self.function else "an unknown place"
        return f"{self.what} in {where}"


def written(contents: Contents, write: Write | Version | AttributeWrite, what: str = "bound") -> Written:
    """Where something was written, for reading.

    Args:
        contents: the recording's contents.
        write: the write as the log tells it.
        what: ``bound`` or ``changed``.
    """
    if write.call < 0:
        return Written(write.time_ns, write.track, -1, "", "", write.line, what)
    number = contents.spans.code[write.call]
    code = contents.codes[number]
    entered = write.time_ns == contents.spans.start[write.call]
    line = write.line or (contents.codes.entry_line(number) if entered else 0)
    return Written(write.time_ns, write.track, write.call, code.qualname, code.file, line, what)


class Valued(Protocol):
    """A name that has a value at a moment."""

    @property
    def value(self) -> Any:
        """Its value."""

    def standing(self) -> Standing:
        """How its value is known, with what it leads to."""

    def bound(self) -> Written:
        """Where it got this value."""

    def written(self) -> Written:
        """Where it got this value, or what this holds was changed last."""


class Variable:
    """A name that got its value by a write in the log.

    Args:
        contents: the recording's contents.
        resolver: the objects of the moment.
        write: the write that it has its value from.
        held: tells how it is known that it still had this value.
    """

    __slots__ = ("_contents", "_held", "_resolver", "_value", "write")

    def __init__(self, contents: Contents, resolver: Resolver, write: Write, held: Callable[[], Standing]) -> None:
        self._contents = contents
        self._resolver = resolver
        self._held = held
        self._value: Any = _UNREAD
        self.write = write

    @property
    def value(self) -> Any:
        """Its value. Where it is only last known, objects are as they were at that time."""
        if self._value is _UNREAD:
            self._value = self._read()
        return self._value

    def _read(self) -> Any:
        age_ns = self._held().age_ns if may_refer(self.write.data) else 0
        if not age_ns:
            return self._resolver.value(self.write.data)
        seen_ns = self._resolver.time_ns - age_ns
        resolver = Resolver(self._contents, seen_ns, lambda: [Look(seen_ns, None, "", lambda: [value])])
        value = resolver.value(self.write.data)
        return value

    @property
    def _address(self) -> int | None:
        """The address of the object that it leads to, if that has versions."""
        value = decode(self.write.data, self._contents.payloads.type_names)
        return value.address if isinstance(value, Reference) else None

    def standing(self) -> Standing:
        """How its value is known, with what it leads to."""
        own, value = self._held(), standing_of(self.value)
        if own.exact or value.known is Known.NOT:
            return value
        return Standing(Known.LAST, own.age_ns + value.age_ns, own.reason, value.missing)

    def bound(self) -> Written:
        """Where it got this value."""
        return written(self._contents, self.write)

    def written(self) -> Written:
        """Where it got this value, or what this holds was changed last."""
        address = self._address
        changed = None if address is None else last_change(self._contents, address, self._resolver.time_ns)
        return self.bound() if changed is None or changed.time_ns <= self.write.time_ns else changed


def last_change(contents: Contents, address: int, time_ns: int) -> Written | None:
    """Where an object got what it held at a time. None if nothing is known of it.

    Args:
        contents: the recording's contents.
        address: its address.
        time_ns: the time.
    """
    version = contents.state.version(address, time_ns)
    writes = contents.watched.between(address, version.time_ns if version else -1, time_ns)
    if writes:
        return written(contents, writes[-1], "changed")
    return None if version is None else written(contents, version, "changed")


class Variables(Mapping[str, Any]):
    """Captured values by name. Those that are not known raise ``UnknownValue`` with the reason when they are asked for.

    Args:
        what: what they are, such as ``"argument"``.
        owner: whose they are.
        known: those that have a value.
        unknown_names: those of which it is not known, with the reason for each.
        absent: tells of any other name why there is no value.
        note: what there is to say of them all, if there are none.
    """

    def __init__(
        self,
        what: str,
        owner: str,
        known: Mapping[str, Valued],
        unknown_names: Mapping[str, str],
        absent: Callable[[str], Standing],
        note: str = "",
    ) -> None:
        self._what = what
        self._owner = owner
        self._known = known
        self._unknown = unknown_names
        self._absent = absent
        self._note = note

    def __getitem__(self, name: str) -> Any:
        return self._variable(name).value

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or a default where it is not known."""
        return self._known[name].value if name in self._known else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    @property
    def unknown_names(self) -> tuple[str, ...]:
        """The names whose values are not known."""
        return tuple(self._unknown)

    def standing(self, name: str) -> Standing:
        """How a value is known, with what the name leads to; of a name that is not bound, that it is not.

        Args:
            name: the name.
        """
        if name in self._known:
            return self._known[name].standing()
        return unknown(self._unknown[name]) if name in self._unknown else self._absent(name)

    def bound(self, name: str) -> Written:
        """Where a name got its value.

        Args:
            name: the name.

        Raises:
            UnknownValue: its value is not known.
        """
        return self._variable(name).bound()

    def written(self, name: str) -> Written:
        """Where a value was written last: where the name got it, or what it holds was changed, if that was later.

        Args:
            name: the name.

        Raises:
            UnknownValue: its value is not known.
        """
        return self._variable(name).written()

    def _variable(self, name: str) -> Valued:
        if name in self._known:
            return self._known[name]
        standing = self.standing(name)
        raise UnknownValue(f"the {self._what} {name!r} of {self._owner}", standing.reason or str(standing))

    def line(self) -> str:
        """All of them in one line: ``name=value, name=value``."""
        shown = [f"{name}={short(variable.value)}" for name, variable in self._known.items()]
        return ", ".join([*shown, *(f"{name}=?" for name in self._unknown)])

    def text(self, most: int) -> str:
        """The first of them, one below the other; "" if there are none."""
        return entries_text(self._entries(), len(self._known) + len(self._unknown), most)

    def _entries(self) -> Iterator[Entry]:
        for name, variable in self._known.items():
            yield Entry(name, partial(getattr, variable, "value"), variable.standing, variable.written)
        for name, reason in self._unknown.items():
            yield Entry(name, None, partial(unknown, reason), None)

    def _nothing(self) -> str:
        return f"no {self._what} of {self._owner}{f': {self._note}' if self._note else ''}"

    def __repr__(self) -> str:
        return entries_text(self._entries(), len(self._known) + len(self._unknown)) or f"({self._nothing()})"

    def _repr_html_(self) -> str:
        return entries_html(self._entries(), len(self._known) + len(self._unknown), self._nothing())
