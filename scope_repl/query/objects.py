from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from scope_repl.errors import UnknownValue
from scope_repl.query.markup import ROWS, Entry, entries_html, entries_text
from scope_repl.query.shown import standing_of
from scope_repl.query.variables import Written, last_change, written
from scope_repl.recording.captured import address_of
from scope_repl.recording.described import is_named
from scope_repl.recording.standing import Standing, unknown

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.resolve import Resolver

_NEVER = "no object that was captured had this address"


class Objects(Mapping[int, Any]):
    """The objects at a moment: watched ones, and all others whose content was captured so far, by their addresses.

    An object is asked for by its address (``m.objects[0x7f…]``), by a captured value (``m.objects[m.locals["cart"]]``)
    or by the object itself, if it still lives.

    Args:
        contents: the recording's contents.
        resolver: the objects of the moment.
    """

    def __init__(self, contents: Contents, resolver: Resolver) -> None:
        self._contents = contents
        self._resolver = resolver

    def __getitem__(self, key: Any) -> Any:
        address = self._address(key)
        if not self._is_known(address):
            raise UnknownValue(f"the object at {address:#x}", _NEVER)
        return self._resolver.object(address)

    def get(self, key: Any, default: Any = None) -> Any:
        """The object, or a default where it is not known."""
        try:
            return self[key]
        except UnknownValue:
            return default

    def __contains__(self, key: object) -> bool:
        try:
            return self._is_known(self._address(key))
        except UnknownValue:
            return False

    def __iter__(self) -> Iterator[int]:
        return iter(self._contents.state.addresses(self._resolver.time_ns))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def watched(self) -> tuple[int, ...]:
        """The addresses of those whose attributes were followed, each write exactly."""
        return tuple(address for address in self._contents.watched.addresses if self._is_known(address))

    def standing(self, key: Any) -> Standing:
        """How an object is known.

        Args:
            key: as for ``m.objects[key]``.
        """
        address = self._address(key)
        return standing_of(self[address]) if self._is_known(address) else unknown(_NEVER)

    def written(self, key: Any, attribute: str | None = None) -> Written:
        """Where an object was changed last.

        Args:
            key: as for ``m.objects[key]``.
            attribute: of a watched object, the attribute that is meant.

        Raises:
            UnknownValue: it is not known.
        """
        address, time_ns = self._address(key), self._resolver.time_ns
        if attribute is not None:
            return self._attribute_written(address, attribute, time_ns)
        found = last_change(self._contents, address, time_ns)
        if found is None:
            raise UnknownValue(f"the object at {address:#x}", _NEVER)
        return found

    def _attribute_written(self, address: int, attribute: str, time_ns: int) -> Written:
        for write in reversed(self._contents.watched.between(address, -1, time_ns)):
            if write.name == attribute:
                return written(self._contents, write, "changed")
        watched = self._contents.watched.writes(address)
        reason = "it was not written so far" if watched else "the object is not watched"
        raise UnknownValue(f"the write of the attribute {attribute!r} of the object at {address:#x}", reason)

    def _is_known(self, address: int) -> bool:
        return self._contents.state.version(address, self._resolver.time_ns) is not None

    def _address(self, key: Any) -> int:
        if type(key) is int:
            return key
        address = address_of(key)
        return self._address_of_live(key) if address is None else address

    def _address_of_live(self, value: object) -> int:
        """The address of an object of the program that is still there. It may have been another one's before."""
        version = self._contents.state.version(id(value), self._resolver.time_ns)
        if version is not None:
            name = self._contents.payloads.type_names.get(version.type, ("", "?"))
            if not is_named(type(value), *name):
                raise UnknownValue(f"the {type(value).__name__}", f"what had its address then was a {'.'.join(name)}")
        return id(value)

    def _entries(self) -> Iterator[Entry]:
        for address in islice(self, ROWS):
            value = partial(self._resolver.object, address)
            yield Entry(f"{address:#x}", value, partial(self.standing, address), partial(self.written, address))

    def __repr__(self) -> str:
        return entries_text(self._entries(), len(self)) or "(no object was captured)"

    def _repr_html_(self) -> str:
        return entries_html(self._entries(), len(self), "no object was captured")
