from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from scope_repl.recording.written import AttributeWrite

if TYPE_CHECKING:
    from scope_repl.recording.state import State


class Watched:
    """The writes to attributes of watched objects.

    Args:
        state: the state of the recording.
        end_ns: the recording's end.
        one_by_one: the addresses of the objects that were watched one by one, and not as instances of a class.
    """

    def __init__(self, state: State, end_ns: int, one_by_one: tuple[int, ...] = ()) -> None:
        self._state = state
        self._one_by_one = one_by_one
        self._end_ns = end_ns
        self._writes: dict[int, list[AttributeWrite]] = {}

    @cached_property
    def addresses(self) -> tuple[int, ...]:
        """The addresses of the watched objects; of the instances of watched classes, of those that were written to."""
        written = (address for address in self._state.addresses(self._end_ns) if self.writes(address))
        return tuple(dict.fromkeys((*self._one_by_one, *written)))

    def writes(self, address: int) -> list[AttributeWrite]:
        """All writes to attributes of an object, in the order of time; none if it was not watched.

        Args:
            address: its address.
        """
        found = self._writes.get(address)
        if found is None:
            found = self._state.attribute_writes(address)
            if found:
                self._writes[address] = found
        return found

    def between(self, address: int, after_ns: int, until_ns: int) -> list[AttributeWrite]:
        """The writes to attributes of an object after a time, up to and including another one.

        Args:
            address: its address.
            after_ns: the one time.
            until_ns: the other one.
        """
        writes = self.writes(address)
        return writes[bisect_right(writes, after_ns, key=_time) : bisect_right(writes, until_ns, key=_time)]


def _time(write: AttributeWrite) -> int:
    return write.time_ns
