from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from scope_repl.recording.captured import (
    CapturedDerived,
    CapturedException,
    CapturedObject,
    Description,
    TypeName,
)
from scope_repl.recording.container import Container, Filling
from scope_repl.recording.containers import CapturedDict, CapturedList, CapturedSet
from scope_repl.recording.cut import Seen, Unread
from scope_repl.recording.parts import in_reach
from scope_repl.recording.standing import EXACT, Standing, held, last_known
from scope_repl.recording.values import checked, decode, decode_all
from scope_repl.recording.versions import Form, described, description, entries, form_of, items

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.written import Version

_CONTAINERS: dict[Form, type[Container]] = {Form.LIST: CapturedList, Form.SET: CapturedSet, Form.DICT: CapturedDict}
_INSTANCES: dict[Form, type[CapturedObject]] = {
    Form.OBJECT: CapturedObject,
    Form.DERIVED: CapturedDerived,
    Form.EXCEPTION: CapturedException,
}
_UNREACHED = "no look has led to it since"


class Look(NamedTuple):
    """A look at what some names lead to.

    Attributes:
        seen_ns: when it was, at the time that is asked about or before.
        next_ns: when the next one is; None if never.
        running: what ran in between, in words.
        values: gives what the names lead to; nothing if only the names were looked at.
    """

    seen_ns: int
    next_ns: int | None
    running: str
    values: Callable[[], Iterable[Any]]


class Resolver:
    """The objects of a recording as they were at a time. There is one captured object for each address.

    Args:
        contents: the recording's contents.
        time_ns: the time.
        looks: gives the looks around that time, by which it is known whether an object was still the same.
    """

    def __init__(self, contents: Contents, time_ns: int, looks: Callable[[], Iterable[Look]] = tuple) -> None:
        self._contents = contents
        self._looks = looks
        self._reaches: list[tuple[Look, frozenset[int]]] = []
        self._further: Iterator[Look] | None = None
        self._objects: dict[int, Any] = {}
        self._standings: dict[int, Standing] = {}
        self.time_ns = time_ns

    def look_by(self, looks: Callable[[], Iterable[Look]]) -> None:
        """Tell of the looks around the time, if that was not told to begin with.

        Args:
            looks: gives them.
        """
        self._looks = looks

    def value(self, data: bytes) -> Any:
        """A captured value with what it refers to.

        Args:
            data: the value as the log has it.

        Raises:
            DamagedLog: it is not in the log's encoding.
        """
        return decode(data, self._contents.payloads.type_names, self.object)

    def object(self, address: int) -> Any:
        """The object that was at an address. It is read when it is looked into.

        Args:
            address: the address.

        Raises:
            DamagedLog: its content is not in the log's encoding.
        """
        if address not in self._objects:
            version = self._contents.state.version(address, self.time_ns)
            self._objects[address] = self._unread(address) if version is None else self._object(version)
        return self._objects[address]

    def _unread(self, address: int) -> Unread:
        early = self.time_ns < self._contents.horizon_ns
        why = "what it held was before the horizon" if early else "what it held was not captured"
        return Unread(address, why)

    def _object(self, version: Version) -> Any:
        form, address, told = form_of(version.content), version.address, partial(self.standing, version.address)
        if form in _CONTAINERS:
            return _CONTAINERS[form].later(address, partial(self._filling, form, version), told)
        if form in _INSTANCES:
            return _INSTANCES[form](partial(self._description, form, version), address, told)
        self._objects[address] = Seen(address)  # if it holds itself
        return checked(partial(described, told), self._values(version))

    def _values(self, version: Version) -> list[Any]:
        return decode_all(version.content, self._contents.payloads.type_names, self.object)[1:]

    def _filling(self, form: Form, version: Version) -> Filling:
        return checked(entries if form is Form.DICT else items, self._values(version))

    def _description(self, form: Form, version: Version) -> Description:
        name = TypeName(*self._contents.payloads.type_names.get(version.type, ("", "?")))
        known = checked(partial(description, form, name, version.address), self._values(version))
        return known.changed(self._writes(version))

    def _writes(self, version: Version) -> list[tuple[str, Any]]:
        """The writes to attributes since a version of a watched object."""
        writes = self._contents.watched.between(version.address, version.time_ns, self.time_ns)
        return [(write.name, self.value(write.new)) for write in writes]

    # ---- how it is known ----

    def standing(self, address: int) -> Standing:
        """How it is known that an object was as it is described.

        Args:
            address: its address.
        """
        if address not in self._standings:
            self._standings[address] = self._standing(address)
        return self._standings[address]

    def _standing(self, address: int) -> Standing:
        state, time_ns = self._contents.state, self.time_ns
        version, changed = state.version(address, time_ns), state.version_after(address, time_ns)
        if version is None or version.time_ns == time_ns or self._contents.watched.writes(address):
            return EXACT
        best = last_known(time_ns - version.time_ns, _UNREACHED)
        for look, reach in self._reached():
            if id(self._objects.get(address)) in reach:
                seen_ns = max(look.seen_ns, version.time_ns)
                known = held(time_ns, seen_ns, look.next_ns, changed.time_ns if changed else None, look.running)
                if known.exact:
                    return known
                best = min(best, known, key=lambda standing: standing.age_ns)
        return best

    def _reached(self) -> Iterator[tuple[Look, frozenset[int]]]:
        """The looks with what each led to, by ``id``, found out as far as it is asked for."""
        yield from self._reaches
        if self._further is None:
            self._further = iter(self._looks())
        for look in self._further:
            self._reaches.append((look, frozenset(map(id, in_reach(look.values())))))
            yield self._reaches[-1]
