"""The log's kinds and the columns of every table, each documented once.

The numbers are those of ``_native/event.h``, which draws the byte layout; a test compares the two. The documentation of
the tables is generated from the columns described here.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

LOG_VERSION = 2
CHUNK_BYTES = 32768
PAYLOAD_MAX = 4096
LOOK_DEPTH = 4  # how deep containers nest that are looked at from a local
LOOK_INSTANCES = 2  # how many instances stand in each other that are looked at from a local
LINE_CUT = 1 << 20  # in a LINE's aux: not all that is in reach of the frame was looked at


class Kind(enum.IntEnum):
    """What a record of the log says happened."""

    CALL = 1
    RETURN = 2
    UNWIND = 3
    YIELD = 4
    RESUME = 5
    THROW = 6
    RAISE = 7
    HANDLED = 8
    C_CALL = 9
    C_RETURN = 10
    C_RAISE = 11
    THREAD_START = 12
    THREAD_END = 13
    TIME = 14
    OPEN = 15
    SUSPENDED = 16
    LINE = 17
    VERSION = 18
    NAMES = 19
    OUTPUT = 20
    ATTRIBUTE = 21
    FRAME = 22


class Outcome(enum.IntEnum):
    """How a span ended, or that it had not."""

    OPEN = 0
    RETURN = 1
    RAISE = 2
    SUSPENDED = 3
    UNKNOWN = 4
    CLOSED = 5


class CodeFlag(enum.IntFlag):
    """What is known of a callable in the log's table of codes."""

    GENERATOR = 1
    COROUTINE = 2
    ASYNC_GENERATOR = 4
    C = 8
    TYPE = 16
    OPAQUE = 32
    NAME = 64
    CLASS_BODY = 128


class Column(NamedTuple):
    """One column of a table: its name, dtype, unit and meaning."""

    name: str
    dtype: str
    unit: str
    meaning: str


class CallKind(enum.IntEnum):
    """What a call is a call of."""

    PYTHON = 0
    OPAQUE = 1
    C = 2


CALL_COLUMNS = (
    Column("start_ns", "int64", "ns since the recording's start", "when the call began; 0 if `start_known` is false"),
    Column("end_ns", "int64", "ns since the recording's start", "when it ended; the recording's end if it had not"),
    Column("duration_ns", "int64", "ns", "end_ns - start_ns; with the time in which a generator was suspended"),
    Column("self_ns", "int64", "ns", "time spent in the call itself, not in recorded calls below it and not suspended"),
    Column(
        "parent", "int32", "row of calls", "the call that made it (that first resumed it, for a generator); -1: none"
    ),
    Column("depth", "int32", "calls", "how many calls stood above it on its track when it began"),
    Column("track", "int32", "row of tracks", "where it began"),
    Column("name", "category", "", "the callable's qualified name"),
    Column("module", "category", "", "the module that defines it; missing where there is none"),
    Column("file", "category", "", "its source file; missing for C callables"),
    Column("line", "int32", "", "the line at which its source begins; 0 for C callables"),
    Column("kind", "category", "", "python; opaque: one span for all that happens in a Python library; c"),
    Column(
        "outcome",
        "category",
        "",
        "return, raise, open, suspended; closed: a generator that was closed; unknown: its end was not seen",
    ),
    Column("start_known", "bool", "", "false for a call that had begun when the recording started"),
    Column("cell", "int32", "row of cells", "the cell run in which it began; -1: none"),
)

EVENT_COLUMNS = (
    Column("time_ns", "int64", "ns since the recording's start", "when it happened"),
    Column("kind", "category", "", "call, return, unwind, yield, resume, throw, raise, handled, c_call, c_return, …"),
    Column("track", "int32", "row of tracks", "where it happened"),
    Column("call", "int32", "row of calls", "the call that it belongs to; -1: none"),
    Column("name", "category", "", "the callable's qualified name; missing for the start and the end of a thread"),
    Column("cell", "int32", "row of cells", "the cell run in which it happened; -1: none"),
)

TRACK_COLUMNS = (
    Column("name", "string", "", "the thread's name"),
    Column("ident", "int64", "", "threading.get_ident() of the thread"),
    Column("native_id", "int64", "", "the operating system's number of the thread"),
    Column("start_ns", "int64", "ns since the recording's start", "when the thread started; -1 if that was not seen"),
    Column("end_ns", "int64", "ns since the recording's start", "when the thread ended; -1 if that was not seen"),
    Column("end_known_ns", "int64", "ns since the recording's start", "after this its newest events were dropped"),
    Column("calls", "int64", "calls", "how many calls began on it"),
    Column("stored", "int64", "events", "how many of its events the recording holds"),
    Column("dropped", "int64", "events", "how many of its events were dropped"),
)

CELL_COLUMNS = (
    Column("number", "Int64", "", "the cell's execution number; missing where it has none"),
    Column("source", "string", "", "the cell's source as it was then"),
    Column("start_ns", "int64", "ns since the recording's start", "when the run began"),
    Column("end_ns", "int64", "ns since the recording's start", "when the run ended"),
)

HISTORY_COLUMNS = (
    Column("time_ns", "int64", "ns since the recording's start", "when that was known: it had happened by then"),
    Column("value", "object", "", "the value from then on; int64, float64 or bool where all are; None: there was none"),
    Column(
        "what",
        "category",
        "",
        "bound: another value; changed: what is in the object; deleted; before: so when what is known begins",
    ),
    Column("line", "int32", "", "the line that did it; 0 where that is not known"),
    Column("function", "category", "", "the qualified name of the function that did it; missing if not known"),
    Column("span", "int32", "row of calls", "the call that did it; -1: none"),
    Column("track", "int32", "row of tracks", "where it happened"),
)

MOMENT_COLUMNS = (
    Column("time_ns", "int64", "ns since the recording's start", "when the line began"),
    Column("line", "int32", "", "the line; 0 where the call was about to end"),
    Column("function", "category", "", "the qualified name of the function"),
    Column("span", "int32", "row of calls", "the call"),
    Column("track", "int32", "row of tracks", "where it ran"),
)

DIFFERENCE_COLUMNS = (
    Column("what", "category", "", "line (of a frame), local, name (of a module), object (watched), entered, left"),
    Column("owner", "string", "", "the function, the module or the type of the object"),
    Column("name", "string", "", "the variable, and what leads from it to what changed"),
    Column("before", "object", "", "at the earlier moment"),
    Column("after", "object", "", "at the later moment"),
    Column("span", "int32", "row of calls", "the call; -1: none"),
    Column("track", "int32", "row of tracks", "where it ran; -1: nowhere"),
)
