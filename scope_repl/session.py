"""The outer face: `record`, and the `Scope` that a notebook knows as `scope`."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Unpack

from scope_repl.capture.recorder import Recorder
from scope_repl.config import DEFAULT_BUFFER, DEFAULT_OVERFLOW, Options, Settings
from scope_repl.errors import NoRecording
from scope_repl.query.recording import Recording
from scope_repl.watched import Watched

if TYPE_CHECKING:
    import pandas as pd

    from scope_repl.query.moment import Moment

KEPT = 8


class Scope:
    """What has been recorded in this process, latest last, and the recorder that records more.

    There is one in a process, ``scope_repl.session.scope``; ``%load_ext scope_repl`` puts it into a notebook's
    namespace. It keeps the latest 8 recordings; older ones live on as long as somebody else keeps them.
    """

    def __init__(self) -> None:
        self.recorder = Recorder()
        self._kept: tuple[Recording, ...] = ()
        self._growing: Recording | None = None
        self._started = 0.0

    @property
    def growing(self) -> Recording | None:
        """The recording that is going on, if there is one."""
        return self._growing if self.recorder.running else None

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """The recordings that are kept, oldest first."""
        return self._kept

    @property
    def last(self) -> Recording:
        """The latest recording.

        Raises:
            NoRecording: there is none yet.
        """
        if not self._kept:
            raise NoRecording
        return self._kept[-1]

    @property
    def calls(self) -> pd.DataFrame:
        """The calls of the latest recording: see `Recording.calls`."""
        return self.last.calls

    def at(self, t: Any, unit: str = "s") -> Moment:
        """What was true at a moment of the latest recording: see `Recording.at`."""
        return self.last.at(t, unit=unit)

    def watch(self, *things: Any) -> None:
        """Follow the attributes of objects in every recording from now on, that which is going on included.

        Each write and delete of an attribute is recorded, with the old and the new value and where it happened, be it
        in recorded code or elsewhere; and the state at the start. Nothing is kept alive by it.

        Args:
            things: the objects; classes, for all instances of them and of their subclasses; or names of such.

        Raises:
            NotWatchable: one of them is, or is of, a class made in C.
            OptionError: there is nothing of a name.
        """
        self.recorder.watches.add(things)

    def unwatch(self, *things: Any) -> None:
        """Follow them no longer.

        Args:
            things: objects and classes that are watched; without any, all.
        """
        self.recorder.watches.remove(things)

    @property
    def watched(self) -> tuple[Watched, ...]:
        """What `watch` follows, without objects that are gone."""
        return self.recorder.watches.kept

    def start(self, options: Options) -> Recording:
        """Begin a recording.

        Args:
            options: what is recorded.

        Returns:
            The recording, which can be read once `stop` has ended it.

        Raises:
            AlreadyRecording: one is going on.
            ToolConflict: other tools hold all that Scope could hook into.
            TraceTaken: level lines was asked for, and on Python 3.11 another tool holds what it needs.
            OptionError: the buffer cannot be reserved, or there is nothing of a name that is to be watched.
            NotWatchable: what has that name cannot be watched.
        """
        recording = Recording()
        self.recorder.start(options)
        self._growing = recording
        self._started = time.monotonic()
        return recording

    def stop(self) -> Recording:
        """End the recording that is going on.

        Returns:
            The recording, which is now the latest.

        Raises:
            NotRecording: none is going on.
        """
        log = self.recorder.stop()
        recording = self._growing or Recording()
        self._growing = None
        recording._finish(log)
        self._kept = (*self._kept, recording)[-KEPT:]
        return recording

    def forget(self) -> None:
        """End a recording that is going on, without keeping it, and let go of all that are kept."""
        self.recorder.abandon()
        self._growing = None
        self._kept = ()

    def record(self, **settings: Unpack[Settings]) -> AbstractContextManager[Recording]:
        """The context manager `scope_repl.record`."""
        return record(**settings)

    def __repr__(self) -> str:
        if self.recorder.running:
            stored, dropped = self.recorder.counts
            seconds = time.monotonic() - self._started
            return f"<Scope: recording for {seconds:.1f} s, {stored:,} events stored, {dropped:,} dropped>"
        return f"<Scope: not recording; {len(self._kept)} kept>"


scope = Scope()


def watch(*things: Any) -> None:
    """Follow the attributes of objects in every recording from now on: see `Scope.watch`."""
    scope.watch(*things)


def unwatch(*things: Any) -> None:
    """Follow them no longer: see `Scope.unwatch`."""
    scope.unwatch(*things)


class record:
    """Record the ``with`` block: what its code does, and what the other threads do meanwhile.

    ``as`` gives the `Recording`, which can be read once the block is over, however it ended. In a child that is forked
    within the block nothing is recorded.

    Args:
        level: how much is captured of a function in scope: ``"calls"``, ``"values"``, ``"lines"`` or ``"off"``.
            Without it, code of the notebook and of ``__main__`` is at ``"lines"``, the rest at ``"values"``.
        all: record libraries too, and not only the notebook, ``__main__`` and what lies under the working directory.
        include: globs over module names (``"pandas"`` means its submodules too) and file paths (those with a ``/`` or
            that end in ``.py``) that are recorded besides, without a ``level`` at ``"values"``.
        exclude: globs of the same kind that are not recorded, whatever else says so.
        c_calls: record the calls of functions written in C.
        max_depth: how deep calls in scope are followed on each thread; None for no limit.
        buffer: the memory that the log may use, in bytes or as text such as ``"256MB"`` (a MB is 1024 * 1024 bytes).
        overflow: what happens when the buffer is full: ``"drop-oldest"`` or ``"drop-newest"``.
        watch: an object whose attributes are followed in this recording, a class for all its instances, or a name
            (``"cart"``, ``"shop.models:Cart"``) for one of these; or several in a list. See `Scope.watch`.

    Raises:
        OptionError: one of the options cannot be used.
        NotWatchable: something cannot be watched.
        AlreadyRecording: a recording is going on when the block begins.
        ToolConflict: other tools hold all that Scope could hook into when the block begins.
        TraceTaken: level lines was asked for, and on Python 3.11 another tool holds what it needs.
    """

    def __init__(
        self,
        level: str | None = None,
        all: bool = False,
        include: str | Iterable[str] = (),
        exclude: str | Iterable[str] = (),
        c_calls: bool = True,
        max_depth: int | None = None,
        buffer: str | int = DEFAULT_BUFFER,
        overflow: str = DEFAULT_OVERFLOW,
        watch: Any = (),
    ) -> None:
        self._options = Options.of(
            level=level,
            all=all,
            include=include,
            exclude=exclude,
            c_calls=c_calls,
            max_depth=max_depth,
            buffer=buffer,
            overflow=overflow,
            watch=watch,
        )
        self._recording: Recording | None = None

    def __enter__(self) -> Recording:
        self._recording = scope.start(self._options)
        return self._recording

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._recording is scope.growing is not None:
            scope.stop()
