"""The options of a recording: what was asked for, checked before anything runs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypedDict

from scope_repl import schema
from scope_repl.errors import OptionError
from scope_repl.watched import Watched, WatchedName, to_watch

LEVELS = ("off", "calls", "values", "lines")
OVERFLOWS = ("drop-oldest", "drop-newest")
PLAN = "plan"
DEFAULT_BUFFER = "256MB"
DEFAULT_OVERFLOW = "drop-oldest"
SMALLEST_BUFFER = 2 * schema.CHUNK_BYTES

_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?\s*", re.IGNORECASE)


class Settings(TypedDict, total=False):
    """The options of a recording as they are given: see `Options.of`."""

    level: str | None
    all: bool
    include: str | Iterable[str]
    exclude: str | Iterable[str]
    c_calls: bool
    max_depth: int | None
    buffer: str | int
    overflow: str
    watch: Any


@dataclass(frozen=True, slots=True)
class Options:
    """The checked options of one recording; `Options.of` makes them from what was given.

    Attributes:
        level: one of ``LEVELS`` for all that is in scope, or ``PLAN``: it depends on whose code it is.
    """

    level: str
    all: bool
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    c_calls: bool
    max_depth: int | None
    buffer_bytes: int
    overflow: str
    watch: tuple[Watched | WatchedName, ...] = ()

    @classmethod
    def of(
        cls,
        *,
        level: str | None = None,
        all: bool = False,
        include: str | Iterable[str] = (),
        exclude: str | Iterable[str] = (),
        c_calls: bool = True,
        max_depth: int | None = None,
        buffer: str | int = DEFAULT_BUFFER,
        overflow: str = DEFAULT_OVERFLOW,
        watch: Any = (),
    ) -> Options:
        """Check the options of a recording.

        Args:
            level: how much is captured of a function in scope: ``"calls"``, ``"values"``, ``"lines"`` or ``"off"``.
                Without it, code of the notebook and of ``__main__`` is at ``"lines"``, the rest at ``"values"``.
            all: record libraries too, and not only the notebook, ``__main__`` and what is under the working directory.
            include: globs over module names (``"pandas"`` means its submodules too) and file paths (those with a ``/``
                or that end in ``.py``) that are recorded besides, without a ``level`` at ``"values"``.
            exclude: globs of the same kind that are not recorded, whatever else says so.
            c_calls: record the calls of functions written in C.
            max_depth: how deep calls in scope are followed on each thread; None for no limit.
            buffer: the memory for the log, in bytes or as text such as ``"64MB"`` (a MB is 1024 * 1024 bytes).
            overflow: what happens when the buffer is full: ``"drop-oldest"`` or ``"drop-newest"``.
            watch: an object whose attributes are followed, a class for all its instances, or a name (``"cart"``,
                ``"shop.models:Cart"``) for one of these; or several in a list.

        Returns:
            The options.

        Raises:
            OptionError: one of them cannot be used; the message says which, and what can be given instead.
            NotWatchable: something cannot be watched.
        """
        return cls(
            level=PLAN if level is None else _choice("level", level, LEVELS),
            all=_truth("all", all),
            include=_globs("include", include),
            exclude=_globs("exclude", exclude),
            c_calls=_truth("c_calls", c_calls),
            max_depth=_depth(max_depth),
            buffer_bytes=_buffer(buffer),
            overflow=_choice("overflow", overflow, OVERFLOWS),
            watch=to_watch(watch),
        )


def _choice(option: str, value: object, choices: tuple[str, ...]) -> str:
    if isinstance(value, str) and value in choices:
        return value
    raise OptionError(option, value, f"this version of Scope has {', '.join(map(repr, choices))}")


def _truth(option: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise OptionError(option, value, "give True or False")


def _globs(option: str, value: object) -> tuple[str, ...]:
    globs = (value,) if isinstance(value, str) else value
    if not isinstance(globs, Iterable):
        raise OptionError(option, value, "give a glob over module names or file paths, or several in a list")
    checked = []
    for glob in globs:
        if not isinstance(glob, str) or not glob or "\0" in glob:
            raise OptionError(option, glob, "a glob is text such as 'pandas', 'shop.*' or 'src/*.py'")
        checked.append(glob)
    return tuple(checked)


def _depth(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 2**31):
        return value
    raise OptionError("max_depth", value, "give a number of calls from 1 on, or None for no limit")


def _buffer(value: object) -> int:
    size = parse_size(value)
    if size < SMALLEST_BUFFER:
        advice = f"too small: a recording needs two chunks, which is {SMALLEST_BUFFER} bytes ('64KB')"
        raise OptionError("buffer", value, advice)
    memory = physical_memory()
    if memory and size > memory:
        raise OptionError("buffer", value, f"larger than this machine's memory of {memory // 1024**2} MB: give less")
    return size


def parse_size(value: object) -> int:
    """A size in bytes.

    Args:
        value: a number of bytes, or text such as ``"64 KiB"``, ``"256MB"`` or ``"1.5G"``; units count in 1024s.

    Returns:
        The number of bytes.

    Raises:
        OptionError: the value is no size.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise OptionError("buffer", value, "give a number of bytes or a size such as '256MB' or '64 KiB'")
    number, unit = match.groups()
    return int(float(number) * _UNITS[unit.upper()])


def physical_memory() -> int:
    """The machine's memory in bytes; 0 where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0
