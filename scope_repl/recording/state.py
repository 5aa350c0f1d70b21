from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from threading import Lock
from typing import Any

import msgpack
import numpy as np
from numpy.typing import NDArray

from scope_repl._reader import State as NativeState
from scope_repl._reader import split_values
from scope_repl.errors import DamagedLog
from scope_repl.model import Log
from scope_repl.recording.checked import checked
from scope_repl.recording.history import History, LineTable, read_history, read_lines
from scope_repl.recording.namespaces import Namespaces
from scope_repl.recording.tables import Tables
from scope_repl.recording.written import AttributeWrite, LineEvent, Output, Version, Write

_STREAMS = {1: "stdout", 2: "stderr", 3: "display", 4: "result"}
_LINE_BYTES = 4


def values_of(data: bytes) -> list[bytes]:
    """The encoded values that follow each other.

    Raises:
        DamagedLog: they cannot be told apart.
    """
    return checked(split_values, data)


class State:
    """What the records of state tell: lines, locals, names, objects, output. Immutable.

    Times are nanoseconds since the recording's start. What is asked about a time is answered with everything up to and
    including that time. An index is built when it is first needed, by whichever thread asks.

    Args:
        log: the log.
        tables: its tables.

    Attributes:
        has_lines: whether some call has lines.
    """

    def __init__(self, log: Log, tables: Tables) -> None:
        self.has_lines: bool = tables.reader.lines
        self._log = log
        self._tables = tables
        self._names = Namespaces(log, tables.reader.largest_id)
        self._native: NativeState | None = None
        self._outputs: list[Output] | None = None
        self._building = Lock()

    @property
    def _index(self) -> NativeState:
        with self._building:
            if self._native is None:
                tables, codes = self._tables, {"module": self._names.modules}
                self._native = checked(
                    NativeState, tables.reader, tables.calls, tables.slices, tables.index, codes, self._log.horizon
                )
            return self._native

    # ---- lines ----

    def line(self, call: int, time_ns: int) -> LineEvent | None:
        """The line that was running in a call: the newest one that had begun in it. None if none had.

        Args:
            call: a row of calls.
            time_ns: the time.
        """
        found = checked(self._index.line, call, time_ns)
        return found and LineEvent(*found)

    def next_line(self, call: int, time_ns: int) -> LineEvent | None:
        """The first line that began in a call after a time; of number 0 where the frame was left or suspended then.

        Args:
            call: a row of calls.
            time_ns: the time.
        """
        found = checked(self._index.next_line, call, time_ns)
        return found and LineEvent(*found)

    def step(self, track: int | None, time_ns: int, forward: bool) -> LineEvent | None:
        """The nearest line that began after a time, or before it. None if there is none.

        Args:
            track: the track on which it began; None for any.
            time_ns: the time, which is not that of the line.
            forward: whether to look after the time.
        """
        found = checked(self._index.step, -1 if track is None else track, time_ns, forward)
        return found and LineEvent(*found)

    def line_table(self, codes: Collection[int] | None = None) -> LineTable:
        """All lines that began, in the order of time.

        Args:
            codes: the numbers of the callables in whose calls; None for all.
        """
        asked = np.full(self._names.numbers, codes is None, np.bool_)
        asked[[number for number in codes or () if 0 <= number < self._names.numbers]] = True
        return checked(read_lines, self._index, asked, self._tables.reader.line_rows)

    # ---- locals and names ----

    def locals(self, call: int, time_ns: int) -> dict[int, Write]:
        """The newest write of each slot and name of a call, its arguments included.

        Args:
            call: a row of calls.
            time_ns: the time.
        """
        return {found[4]: Write(*found) for found in checked(self._index.locals, call, time_ns)}

    def write_before(self, call: int, key: int, time_ns: int) -> Write | None:
        """The write that a slot or name of a call had its value from. None if there is none.

        Args:
            call: a row of calls.
            key: the slot or the name.
            time_ns: the time; a write at that very time counts.
        """
        found = checked(self._index.write_before, call, key, time_ns)
        return found and Write(*found)

    def write_after(self, call: int, key: int, time_ns: int) -> Write | None:
        """The first write of a slot or name of a call after a time. None if there is none.

        Args:
            call: a row of calls.
            key: the slot or the name.
            time_ns: the time; a write at that very time does not count.
        """
        found = checked(self._index.write_after, call, key, time_ns)
        return found and Write(*found)

    def history(self, code_numbers: Collection[int], slot_name: str) -> History:
        """All writes of a local in the calls of some callables, in the order of time.

        Args:
            code_numbers: the numbers of the callables.
            slot_name: the local; of the names that a module's or a class's body or a function writes, the name.
        """
        asked = self._names.asked(code_numbers, slot_name)
        return checked(read_history, self._index, asked, None, self._tables.calls["code"])

    # ---- names of modules ----

    def names(self, module: str, time_ns: int) -> dict[str, Write]:
        """The newest write of each name in the namespace of a module.

        Args:
            module: the module's name, such as ``__main__``.
            time_ns: the time.
        """
        number = self._names.module(module)
        if number is None:
            return {}
        found = (Write(*row) for row in checked(self._index.names, number, time_ns))
        return {self._names.text(-write.key): write for write in found}

    def name_before(self, module: str, name: str, time_ns: int) -> Write | None:
        """The write that a name in the namespace of a module had its value from. None if there is none.

        Args:
            module: the module's name.
            name: the name.
            time_ns: the time; a write at that very time counts.
        """
        return self._name_write(NativeState.name_before, module, name, time_ns)

    def name_after(self, module: str, name: str, time_ns: int) -> Write | None:
        """The first write of a name in the namespace of a module after a time. None if there is none.

        Args:
            module: the module's name.
            name: the name.
            time_ns: the time; a write at that very time does not count.
        """
        return self._name_write(NativeState.name_after, module, name, time_ns)

    def _name_write(self, question: Callable[..., Any], module: str, name: str, time_ns: int) -> Write | None:
        owner, number = self._names.module(module), self._names.number(name)
        if owner is None or number is None:
            return None
        found = checked(question, self._index, owner, -number, time_ns)
        return found and Write(*found)

    def name_history(self, module: str, name: str) -> History:
        """All writes of a name in the namespace of a module, in the order of time.

        Args:
            module: the module's name.
            name: the name.
        """
        owner, asked = self._names.module(module), self._names.asked((), name)
        if owner is None:
            owner, asked["name"][:] = 0, 0
        return checked(read_history, self._index, asked, owner, self._tables.calls["code"])

    # ---- objects ----

    def version(self, address: int, time_ns: int) -> Version | None:
        """What an object held. None if that is not known.

        Args:
            address: the object's address.
            time_ns: the time.
        """
        found = checked(self._index.version, address, time_ns)
        return found and Version(*found)

    def version_after(self, address: int, time_ns: int) -> Version | None:
        """The first version of an object after a time. None if there is none.

        Args:
            address: the object's address.
            time_ns: the time.
        """
        found = checked(self._index.version_after, address, time_ns)
        return found and Version(*found)

    def versions(self, address: int) -> list[Version]:
        """All versions of an object, in the order of time.

        Args:
            address: the object's address.
        """
        return [Version(*found) for found in checked(self._index.versions, address)]

    def sizes(self, address: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """How many items a list, a set or a dict had: the times of its versions, and the sizes from then on.

        A size of -1 is that of an object of another kind.

        Args:
            address: the object's address.
        """
        times, sizes = checked(self._index.sizes, address)
        return np.frombuffer(times, np.int64), np.frombuffer(sizes, np.int64)

    def addresses(self, time_ns: int) -> Sequence[int]:
        """The addresses of the objects of which a version was known, in ascending order.

        Args:
            time_ns: the time.
        """
        return memoryview(checked(self._index.addresses, time_ns)).cast("Q")

    def attribute_writes(self, address: int) -> list[AttributeWrite]:
        """All writes to attributes of a watched instance, in the order of time.

        Args:
            address: the instance's address.
        """
        return [self._attribute_write(*found) for found in checked(self._index.attribute_writes, address)]

    def _attribute_write(
        self, time_ns: int, track: int, call: int, name: int, address: int, data: bytes
    ) -> AttributeWrite:
        line = int(np.frombuffer(data, np.uint32, 1)[0])
        values = values_of(data[_LINE_BYTES:])
        if len(values) != 2:
            raise DamagedLog(f"a write to an attribute of the object at {address:#x} holds {len(values)} values, not 2")
        return AttributeWrite(time_ns, track, call, line, address, self._names.text(name), *values)

    # ---- output ----

    def outputs(self, until_ns: int) -> list[Output]:
        """What was put out up to and including a time, in the order of time.

        Args:
            until_ns: the time.
        """
        index = self._index
        with self._building:
            if self._outputs is None:
                self._outputs = [_output(*found) for found in checked(index.outputs)]
            return self._outputs[: bisect_right(self._outputs, until_ns, key=lambda output: output.time_ns)]


def _output(time_ns: int, track: int, call: int, stream: int, aux: int, data: bytes) -> Output:
    try:
        text = msgpack.unpackb(data, unicode_errors="surrogatepass")
        name = _STREAMS[stream]
    except (ValueError, LookupError, msgpack.UnpackException) as error:
        raise DamagedLog(f"output of {len(data)} bytes cannot be decoded: {error}") from error
    if not isinstance(text, str):
        raise DamagedLog(f"output holds {type(text).__name__} where a str should be")
    return Output(time_ns, track, name, text)
