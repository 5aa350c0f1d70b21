"""What `%load_ext scope_repl` brings into a shell, and `%unload_ext` takes away."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell

from scope_repl.capture.cells import OpenRun
from scope_repl.capture.namespace import Namespace
from scope_repl.capture.outputs import Outputs
from scope_repl.errors import NotRecording
from scope_repl.session import Scope, scope

from .cell import CellStarter, CellTransformer
from .magics import ScopeMagics
from .options import parse_cell
from .report import report, say
from .transcript import hidden_names, places

NAME = "scope"
_NOTHING = object()


class Extension:
    """Scope in one shell.

    Args:
        shell: the shell.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.scope: Scope = scope
        self._magics = ScopeMagics(shell, scope, self.start_cell)
        self._transformer = CellTransformer()
        self._starter = CellStarter(self.start_cell)
        self._events: dict[str, Callable[..., None]] = {
            "pre_run_cell": self._cell_begins,
            "post_run_cell": self._cell_ends,
        }
        self._recorded: OpenRun | None = None
        self._next_number = shell.execution_count
        self._users: Any = _NOTHING

    def load(self) -> None:
        """Bring everything in."""
        shell = self.shell
        shell.register_magics(self._magics)
        shell.input_transformers_cleanup.append(self._transformer)
        shell.ast_transformers.append(self._starter)
        for event, callback in self._events.items():
            shell.events.register(event, callback)
        recorder = self.scope.recorder
        recorder.cells.title_of = self._title_of
        recorder.outputs.places = lambda: places(shell)
        self._meet_namespace()
        self._users = shell.user_ns.get(NAME, _NOTHING)
        if self._users is not _NOTHING:
            say(f"your variable `{NAME}` is Scope's for now; %unload_ext scope_repl puts yours back")
        shell.push({NAME: self.scope}, interactive=False)

    def unload(self) -> None:
        """Take everything out, and end a recording that is going on without keeping it."""
        shell = self.shell
        recorder = self.scope.recorder
        self.scope.forget()
        recorder.cells.clear()
        recorder.outputs = Outputs()
        recorder.namespace = recorder.watches.namespace = None
        shell.drop_by_id({NAME: self.scope})
        if self._users is not _NOTHING and NAME not in shell.user_ns:
            shell.user_ns[NAME] = self._users
        for event, callback in self._events.items():
            shell.events.unregister(event, callback)
        _discard(shell.ast_transformers, self._starter)
        _discard(shell.input_transformers_cleanup, self._transformer)
        for kind, names in self._magics.magics.items():
            for name in names:
                shell.magics_manager.magics[kind].pop(name, None)
        shell.magics_manager.registry.pop(type(self._magics).__name__, None)

    def start_cell(self, line: str) -> None:
        """Record the cell that is about to run, until it ends.

        Args:
            line: the options.

        Raises:
            UsageError: the options are bad.
            ScopeError: the recording cannot start, or nothing would end it.
        """
        options = parse_cell(line).options
        run = self.scope.recorder.cells.current()
        if run is None:
            raise NotRecording("a cell that is run silently cannot be recorded: use `with scope_repl.record()` in it")
        self.scope.start(options)
        self._recorded = run

    def _title_of(self, file: str) -> str | None:
        """What IPython's tracebacks call the cell that was compiled under a file name; None if the shell cannot say."""
        with contextlib.suppress(Exception):  # the compiler can be anybody's, and no recording is lost by it
            named = self.shell.compile.format_code_name(file)
            if named is not None and type(named[1]) is str:
                return named[1]
        return None

    def _cell_begins(self, info: ExecutionInfo) -> None:
        cells = self.scope.recorder.cells
        # Cells that run within others are not stored in the history. So this is none, and what is still open is what an
        # interrupt left of a cell whose end it hit.
        while info.store_history and cells.current() is not None:
            self._end_current()
        self._meet_namespace()
        self.scope.recorder.look()
        self._follow_outputs()
        cells.begin(self._next_number if info.store_history else None, info.raw_cell or "")

    def _cell_ends(self, result: ExecutionResult | None) -> None:
        if _was_blank(result):
            return
        self._next_number = self.shell.execution_count
        if self.scope.recorder.cells.current() is not None:
            self.scope.recorder.look()
        self._end_current()
        with contextlib.suppress(RuntimeError):  # a terminal has no loop
            # IPython itself stands in front of the streams while a cell runs, and takes away all that came after it.
            asyncio.get_running_loop().call_soon(self._follow_outputs)

    def _meet_namespace(self) -> None:
        """Tell the recorder of the shell's variables: a shell that is embedded has others each time."""
        shell, recorder = self.shell, self.scope.recorder
        variables = shell.user_ns
        recorder.namespace = Namespace(str(variables.get("__name__")), variables, lambda: hidden_names(shell))
        recorder.watches.namespace = variables

    def _follow_outputs(self) -> None:
        recorder = self.scope.recorder
        if recorder.running:
            recorder.outputs.follow()
        else:
            recorder.outputs.end()  # what had been put in front of ours when the recording ended is gone now

    def _end_current(self) -> None:
        """End the innermost cell, and its recording. An interrupt at any point of it leaves what can be done again."""
        cells = self.scope.recorder.cells
        if self._recorded is not None and self._recorded is cells.current():
            recording = self.scope.stop() if self.scope.growing is not None else None
            self._recorded = None
            if recording is not None:
                report(self.shell, recording)
        cells.end()


def _was_blank(result: ExecutionResult | None) -> bool:
    """Whether the cell was blank: IPython announces the end of such a cell, but not its beginning."""
    info = result.info if result is not None else None
    return info is not None and not (info.raw_cell or "").strip()


def _discard(items: list[Any], item: object) -> None:
    """Take an item out of a list in which it may not be any more."""
    if item in items:
        items.remove(item)
