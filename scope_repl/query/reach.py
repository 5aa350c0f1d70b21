"""What a value leads to, and how that changes: a name keeps its list while items are appended to it."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgpack

from scope_repl.recording.versions import Form, form_of
from scope_repl.schema import LOOK_DEPTH, LOOK_INSTANCES

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.written import Version

_REFERENCE = 28
_REFERENCE_BYTE = bytes([_REFERENCE])
_OPAQUE = frozenset({1, 2, 3, 4, 5, 6, 7, 13, 15, 16, 22, 25, 29, 30})  # of the extensions those that hold no values
_INSTANCES = frozenset({Form.OBJECT, Form.DERIVED, Form.EXCEPTION})


def references(data: bytes) -> list[int]:
    """The addresses of the objects that encoded values refer to.

    Args:
        data: one value after the other.
    """
    if _REFERENCE_BYTE not in data:
        return []
    found: list[int] = []

    def look(code: int, inside: bytes) -> None:
        if code == _REFERENCE:
            found.append(msgpack.unpackb(inside)[0])
        elif code not in _OPAQUE:
            _unpack(inside, look)

    _unpack(data, look)
    return found


def reference(address: int) -> bytes:
    """An encoded value that refers to an object.

    Args:
        address: its address.
    """
    packed: bytes = msgpack.packb(msgpack.ExtType(_REFERENCE, msgpack.packb([address])))
    return packed


def _unpack(data: bytes, look: Any) -> None:
    unpacker = msgpack.Unpacker(ext_hook=look, strict_map_key=False, unicode_errors="surrogatepass")
    unpacker.feed(data)
    for _ in unpacker:
        pass


class Reach:
    """The objects that a value leads to, as far as a look at it goes, from one time to the next.

    Containers nest up to ``LOOK_DEPTH`` deep, and instances ``LOOK_INSTANCES``.

    Args:
        contents: the recording's contents.
        data: the value as the log has it.
        time_ns: the time from which on it is followed.
    """

    def __init__(self, contents: Contents, data: bytes, time_ns: int) -> None:
        self._state = contents.state
        self._first = references(data)
        self._time_ns = time_ns
        self._held: dict[int, tuple[list[int], bool]] = {}
        self._waiting: list[tuple[int, int, Version]] = []

    def addresses(self) -> set[int]:
        """The addresses of the objects in reach now."""
        reached: dict[int, tuple[int, int]] = {}
        waiting = [(address, 0, 0) for address in self._first]
        for address, containers, instances in waiting:
            best = reached.get(address)
            if best is not None and best[0] <= containers and best[1] <= instances:
                continue
            held, instance = self._look(address)
            containers, instances = containers + (not instance), instances + instance
            if containers > LOOK_DEPTH or instances > LOOK_INSTANCES:
                continue
            reached[address] = containers - (not instance), instances - instance
            waiting += [(part, containers, instances) for part in held]
        return set(reached)

    def newest(self) -> Version | None:
        """The newest version of an object in reach."""
        versions = (self._state.version(address, self._time_ns) for address in self.addresses())
        return max((one for one in versions if one is not None), key=lambda one: one.time_ns, default=None)

    def changes(self, until_ns: int) -> Iterator[Version]:
        """The versions with which what is in reach changes, in the order of time, before a time."""
        reached = self.addresses()
        while self._waiting and self._waiting[0][0] < until_ns:
            time_ns, address, version = heapq.heappop(self._waiting)
            self._time_ns = time_ns
            self._hold(version)
            if address in reached:
                reached = self.addresses()
                yield version

    def _look(self, address: int) -> tuple[list[int], bool]:
        if address not in self._held:
            version = self._state.version(address, self._time_ns)
            if version is None:
                self._held[address] = [], False
                self._await(address)
            else:
                self._hold(version)
        return self._held[address]

    def _hold(self, version: Version) -> None:
        self._held[version.address] = references(version.content[1:]), form_of(version.content) in _INSTANCES
        self._await(version.address)

    def _await(self, address: int) -> None:
        following = self._state.version_after(address, self._time_ns)
        if following is not None:
            heapq.heappush(self._waiting, (following.time_ns, address, following))
