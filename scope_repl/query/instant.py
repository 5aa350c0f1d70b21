from __future__ import annotations

import datetime
import numbers
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scope_repl.errors import OutOfRange
from scope_repl.recording.durations import time_text

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_UNITS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
_FORMS = (
    "seconds (or a number with unit='ns'), a Timedelta, a datetime, a share such as '50%', "
    "or an event or a call of this recording"
)


def duration_ns(value: Any, unit: str = "s") -> int:
    """A duration in nanoseconds.

    Args:
        value: a number, a Timedelta (of pandas, numpy or datetime), or a text such as ``"1.5ms"``.
        unit: what a number counts: s, ms, us or ns.

    Raises:
        ValueError: it cannot be understood.
        TypeError: it is of another type.
    """
    if unit not in _UNITS:
        raise ValueError(f"unit={unit!r}: the units are {', '.join(_UNITS)}")
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        return int(value) * _UNITS[unit]
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        if not np.isfinite(float(value)):
            raise ValueError(f"{value!r} is no duration: give a finite number")
        return round(float(value) * _UNITS[unit])
    if isinstance(value, datetime.timedelta | np.timedelta64 | str):
        delta = pd.Timedelta(value)
        if pd.isna(delta):
            raise ValueError(f"{value!r} is no duration")
        return int(delta.as_unit("ns").value)
    raise TypeError(f"{value!r} is no duration: give seconds, a Timedelta or a text such as '1.5ms'")


def instant_ns(contents: Contents, t: Any, unit: str = "s") -> int:
    """A time of a recording in nanoseconds since its start.

    Args:
        contents: the recording's contents.
        t: seconds; a Timedelta since the start; a datetime (one without a time zone is local time); a share such as
            ``"50%"`` of the time that is known; or an event or a call: a row of ``rec.events`` or ``rec.calls``.
        unit: what a number counts: s, ms, us or ns.

    Raises:
        OutOfRange: the time is before the horizon or after the end.
        ValueError: it cannot be understood.
        TypeError: it is of another type.
    """
    time_ns = _instant(contents, t, unit)
    if contents.horizon_ns <= time_ns <= contents.end_ns:
        return time_ns
    raise OutOfRange(_limits(contents, time_ns))


def _instant(contents: Contents, t: Any, unit: str) -> int:
    if isinstance(t, str) and t.strip().endswith("%"):
        return _share(contents, t)
    if isinstance(t, datetime.datetime | np.datetime64):
        return _wall_clock_ns(t) - contents.log.clock.wall_ns
    row = _row_time(t)
    return duration_ns(t, unit) if row is None else row


def _share(contents: Contents, text: str) -> int:
    try:
        share = float(text.strip()[:-1])
    except ValueError:
        raise ValueError(f"t={text!r} is no time: give {_FORMS}") from None
    if not 0 <= share <= 100:
        raise OutOfRange(f"t={text!r}: a share lies between 0% and 100% of the time that is known")
    known_ns = contents.end_ns - contents.horizon_ns
    return min(contents.horizon_ns + round(known_ns * share / 100), contents.end_ns)


def _wall_clock_ns(t: datetime.datetime | np.datetime64) -> int:
    stamp = pd.Timestamp(t)
    if pd.isna(stamp):
        raise ValueError(f"t={t!r} is no time: give {_FORMS}")
    if stamp.tzinfo is None:
        whole = stamp.floor("s")
        local = datetime.datetime.fromisoformat(whole.isoformat()).astimezone()
        return int(local.timestamp()) * _UNITS["s"] + int((stamp - whole).as_unit("ns").value)
    return int(stamp.as_unit("ns").value)


def instant_track(t: Any) -> int | None:
    """The track of an event or a call that stands for a time; None for any other time."""
    return _field(t, "track") if _row_time(t) is not None else None


def _row_time(t: Any) -> int | None:
    time = _field(t, "time_ns")
    return _field(t, "start_ns") if time is None else time


def _field(row: Any, name: str) -> int | None:
    value = row.get(name) if isinstance(row, Mapping | pd.Series) else getattr(row, name, None)
    return int(value) if isinstance(value, numbers.Integral) else None


def _limits(contents: Contents, time_ns: int) -> str:
    known = f"this recording knows {time_text(contents.horizon_ns)} to {time_text(contents.end_ns)}"
    if time_ns > contents.end_ns:
        return f"{time_text(time_ns)} is after the recording's end: {known}"
    if contents.horizon_ns == 0:
        return f"{time_text(time_ns)} is before the recording's start: {known}"
    return (
        f"{time_text(time_ns)} is before the horizon, older events were dropped: {known}; to keep more, record with a "
        f"larger buffer than {contents.log.buffer_bytes:,} bytes, fewer modules (include, exclude) or a lower level"
    )
