"""The recorder: the live side, of which there is at most one a process."""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections.abc import Callable

from scope_repl import _tracer
from scope_repl.capture import cost
from scope_repl.capture.cells import Cells
from scope_repl.capture.filters import machinery_threads, rules
from scope_repl.capture.sources import Texts, source_texts
from scope_repl.config import Options
from scope_repl.errors import AlreadyRecording, NotRecording, OptionError, ToolConflict
from scope_repl.model import Clock, Code, Log, Thread
from scope_repl.schema import CodeFlag

# The function whose call is the whole life of a thread that `threading` started.
THREAD_ENTRY = threading.Thread._bootstrap.__code__  # type: ignore[attr-defined]


class Recorder:
    """Starts and stops the tracer, and follows the cells that run meanwhile.

    A forked child does not record: there the recorder has stopped, without a log.
    """

    def __init__(self) -> None:
        self.cells = Cells()
        self._options: Options | None = None
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

    def start(self, options: Options) -> None:
        """Record every thread of the process from now on.

        Args:
            options: what is recorded.

        Raises:
            AlreadyRecording: a recording is going on.
            ToolConflict: other tools hold all that Scope could hook into.
            OptionError: the buffer cannot be reserved.
        """
        with self._changing:
            if _tracer.running():
                raise AlreadyRecording
            self._start(options)

    def _start(self, options: Options) -> None:
        found = rules(options)
        self.cells.forget()
        atexit.register(_tracer.abandon)
        try:
            cost.measure(options.level)  # measured now if it never was: it cannot be while the tracer runs
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
        except MemoryError:
            raise OptionError("buffer", options.buffer_bytes, "the system has no such memory: ask for less") from None
        except RuntimeError as error:
            raise ToolConflict(error.args) from None
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
            raw = _tracer.stop()
        finally:
            self.abandon()
        return self._log(raw, options)

    def abandon(self) -> None:
        """End the recording, if there is one, and forget it."""
        self._options = None
        _tracer.abandon()
        atexit.unregister(_tracer.abandon)

    def _forked(self) -> None:
        self._changing = threading.Lock()  # another thread may have held it, and that thread is not here
        self.abandon()

    def _log(self, raw: _tracer.RawLog, options: Options) -> Log:
        clock = Clock(*raw.clock)
        codes = {number: Code(*code[:5], CodeFlag(code[5]), *code[6:]) for number, code in raw.codes.items()}
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
            notes=raw.notes,
            cost_ns=cost.measure(options.level).of(raw.stored + raw.dropped, raw.stored, cost.stored_bytes(raw.chunks)),
            cells=self.cells.within(clock),
            sources=texts,
            changed_files=frozenset(texts.changed),
            titles=self.cells.titles({code.file for code in codes.values()}),
        )
