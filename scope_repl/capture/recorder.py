"""The recorder: the live side, of which there is at most one a process."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import weakref
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

from scope_repl import _tracer
from scope_repl.capture import cost
from scope_repl.capture.cells import Cells
from scope_repl.capture.filters import Rules, machinery_threads, rules
from scope_repl.capture.namespace import Namespace
from scope_repl.capture.outputs import Outputs
from scope_repl.capture.sources import Texts, source_texts
from scope_repl.capture.watches import Watches
from scope_repl.config import PLAN, Options
from scope_repl.errors import AlreadyRecording, NotRecording, OptionError, ToolConflict, TraceTaken
from scope_repl.model import Clock, Code, Log, Thread
from scope_repl.schema import CodeFlag

# The function whose call is the whole life of a thread that `threading` started.
THREAD_ENTRY = threading.Thread._bootstrap.__code__  # type: ignore[attr-defined]

_LEVEL_NAMES = {number: name for name, number in _tracer.LEVELS.items()}


class Recorder:
    """Starts and stops the tracer, and follows what it does not see by itself.

    That is the notebook's cells, its variables and the texts that it shows, and what is watched. A forked child does
    not record: there the recorder has stopped, without a log.

    Attributes:
        cells: the cells of the notebook.
        namespace: its variables; None where there is no notebook.
        outputs: the texts that it shows.
        watches: the objects and classes whose attributes are followed.
    """

    def __init__(self) -> None:
        self.cells = Cells()
        self.namespace: Namespace | None = None
        self.outputs = Outputs()
        self.watches = Watches()
        self._options: Options | None = None
        self._notes: tuple[str, ...] = ()
        self._changing = threading.Lock()
        self._texts: Callable[[], Texts | None] = lambda: None  # the latest recording's, while it lives
        os.register_at_fork(after_in_child=self._forked)

    @property
    def running(self) -> bool:
        """Whether a recording is going on."""
        return self._options is not None

    @property
    def counts(self) -> tuple[int, int]:
        """The events stored and dropped by the recording that is going on."""
        return _tracer.counts()

    def start(self, options: Options, wait: bool = False) -> None:
        """Record every thread of the process from now on.

        Args:
            options: what is recorded.
            wait: whether names that are to be watched may come to stand for something later.

        Raises:
            AlreadyRecording: a recording is going on.
            ToolConflict: other tools hold all that Scope could hook into.
            TraceTaken: level lines was asked for, and on Python 3.11 another tool holds what it needs.
            OptionError: the buffer cannot be reserved, or there is nothing of a name that is to be watched.
            NotWatchable: what has that name cannot be watched.
        """
        with self._changing:
            if _tracer.running():
                raise AlreadyRecording
            self._start(options, wait)

    def _start(self, options: Options, wait: bool) -> None:
        found = self._rules(options)
        self.cells.forget()
        atexit.register(_tracer.abandon)
        try:
            for level in _levels(found):
                cost.measure(level)  # measured now if it never was: it cannot be while the tracer runs
            self.watches.begin(options.watch, wait)
            _tracer.start(
                buffer_bytes=options.buffer_bytes,
                drop_newest=options.overflow == "drop-newest",
                rules=found.rules,
                default_level=found.default_level,
                c_calls=options.c_calls,
                max_depth=options.max_depth or 0,
                thread_entries=(THREAD_ENTRY,),
                muted_threads=machinery_threads(),
            )
            self._options = options
            self.watches.look()
            self.look()
            self.outputs.follow()
        except MemoryError:
            raise OptionError("buffer", options.buffer_bytes, "the system has no such memory: ask for less") from None
        except RuntimeError as error:
            raise _conflict(error.args) from None
        finally:
            if self._options is None:
                self.abandon()

    def stop(self) -> Log:
        """End the recording.

        Returns:
            Its log.

        Raises:
            NotRecording: none is going on; a forked child has none of its parent's.
        """
        options = self._options
        if options is None:
            raise NotRecording
        try:
            self.look()
            raw = _tracer.stop()
            notes = (*raw.notes, *self._notes, *self.watches.notes)
            watched = self.watches.addresses
        finally:
            self.abandon()
        return self._log(raw, options, notes, watched)

    def look(self) -> None:
        """Look at the notebook's variables, if a recording is going on: something may have changed them unseen."""
        if self.namespace is not None:
            self.namespace.look()

    def abandon(self) -> None:
        """End the recording, if there is one, and forget it."""
        self._options = None
        _tracer.abandon()
        self.outputs.end()
        self.watches.end()
        atexit.unregister(_tracer.abandon)

    def _forked(self) -> None:
        self._changing = threading.Lock()  # another thread may have held it, and that thread is not here
        self.abandon()

    def _rules(self, options: Options) -> Rules:
        """The rules, with a note where they give less than was planned."""
        self._notes = ()
        holder = _holder_of_trace()
        if holder is not None and options.level == "lines":
            raise TraceTaken(holder)
        if holder is not None and options.level == PLAN:
            self._notes = (f"{TraceTaken(holder)}; what the plan has at lines was recorded at values",)
            return rules(options, lines="values")
        return rules(options)

    def _log(self, raw: _tracer.RawLog, options: Options, notes: tuple[str, ...], watched: tuple[int, ...]) -> Log:
        clock = Clock(*raw.clock)
        codes = {number: _code(*row) for number, row in raw.codes.items()}
        level = "lines" if any(code.level == "lines" for code in codes.values()) else "values"
        texts = source_texts(codes.values(), self._texts())
        self._texts = weakref.ref(texts)
        return Log(
            chunks=raw.chunks,
            keyframes=raw.keyframes,
            threads=tuple(
                Thread(name, ident, native_id, start, end, stored, dropped)
                for name, ident, native_id, start, end, _, stored, dropped in raw.threads
            ),
            codes=codes,
            clock=clock,
            horizon=raw.horizon,
            end_known=tuple(end_known for _, _, _, _, _, end_known, _, _ in raw.threads),
            level=options.level,
            hook=raw.hook,
            overflow=options.overflow,
            buffer_bytes=options.buffer_bytes,
            stored=raw.stored,
            dropped=raw.dropped,
            notes=notes,
            cost_ns=cost.measure(level if options.level == PLAN else options.level).of(
                raw.stored + raw.dropped, raw.stored, cost.stored_bytes(raw.chunks), raw.compared
            ),
            cells=self.cells.within(clock),
            sources=texts,
            changed_files=frozenset(texts.changed),
            titles=self.cells.titles({code.file for code in codes.values()}),
            watched=watched,
        )


def _code(*row: Any) -> Code:
    """A callable, from the tracer's row about it."""
    name, qualname, module, file, first_line, flags, arguments, lines, level, slots, binds = row
    flag, level_name = CodeFlag(flags), _LEVEL_NAMES[level]
    return Code(name, qualname, module, file, first_line, flag, arguments, lines, level_name, slots, binds)


def _levels(found: Rules) -> set[str]:
    """The levels that code may get by some rules."""
    names = {_LEVEL_NAMES[level] for level in (*(rule.level for rule in found.rules), found.default_level)}
    return names - {"off", "hidden"}


def _conflict(holders: tuple[str, ...]) -> ToolConflict | TraceTaken:
    """Other tools hold something without which the tracer cannot start; on Python 3.11 there is one such thing."""
    return ToolConflict(holders) if sys.version_info >= (3, 12) else TraceTaken(", ".join(holders))


def _holder_of_trace() -> str | None:
    """Who holds, on this thread, what lines come through on Python 3.11; None if nobody does, and on later Pythons."""
    function = sys.gettrace() if sys.version_info < (3, 12) else None
    if function is None:
        return None
    if type(function) is MethodType:
        function = function.__func__
    kind = type(function)
    named = function if kind is FunctionType else kind
    return f"{named.__module__}.{named.__qualname__}"
