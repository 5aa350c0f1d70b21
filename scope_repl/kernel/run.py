"""``scope-repl run``: a script or a module, recorded from its first line to the interpreter's end."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from dataclasses import replace
from typing import NoReturn, TextIO

from scope_repl.arguments import NOTES, RecordingParser
from scope_repl.capture.filters import escape
from scope_repl.capture.recorder import Recorder
from scope_repl.config import Options
from scope_repl.errors import AlreadyRecording, OptionError, ToolConflict, TraceTaken
from scope_repl.kernel.beside import beside
from scope_repl.kernel.program import Module, Program, Script
from scope_repl.model import Log

_USAGE = """scope-repl run [options] SCRIPT [arguments]
       scope-repl run [options] -m MODULE [arguments]"""

_DESCRIPTION = """\
Run a script or a module as `python` does, and record it. When it has ended,
however it ended, its call tree and the recording's cost are printed to stderr:
stdout is the program's alone. Ctrl-C ends a program that does not end by
itself. One that is killed, or that ends by os._exit, leaves no recording."""

_EPILOG = f"""\
{NOTES}

Without options, the script, the modules beside it and the code under the
working directory are recorded, and a call into a library is one span."""

_OWN_RECORDING = (
    "`scope-repl run` is recording the whole program already. To let the program record itself, run it with `python`; "
    "to record all of it, take its own scope_repl.record() out."
)


def _parser() -> RecordingParser:
    parser = RecordingParser(prog="scope-repl run", usage=_USAGE, description=_DESCRIPTION, epilog=_EPILOG)
    parser.option("-m", dest="module", metavar="MODULE", help="run a module or a package instead of a script")
    parser.add_argument("-h", "--help", action="help", help="show this and run nothing")
    return parser


def main(words: list[str]) -> None:
    """Run and record a program.

    Args:
        words: the command line behind ``run``.

    Raises:
        SystemExit: the command line cannot be used, or the recording cannot start.
        BaseException: whatever the program raised.
    """
    program, options = _parse(words)
    if (problem := program.check()) is not None:
        _end(problem, 2)
    report = _Report(Recorder())
    try:
        program.run(lambda: _start(report, options))
    except AlreadyRecording as error:
        error.add_note(_OWN_RECORDING)
        raise
    except KeyboardInterrupt:
        report.interrupted = True
        raise
    finally:
        # What the report needs imports this, which Python does not allow any more when the report's time has come.
        import concurrent.futures.thread  # noqa: F401


def _start(report: _Report, options: Options) -> None:
    try:
        report.recorder.start(options, wait=True)
    except (OptionError, ToolConflict, TraceTaken) as error:
        _end(str(error), 1)
    # Behind the recorder's own clean-up, in front of all that the program registers: so it is called between them.
    atexit.register(report)


def _parse(words: list[str]) -> tuple[Program, Options]:
    parser = _parser()
    end = 0
    while end < len(words) and words[end].startswith("-") and words[end] != "--":
        is_module = words[end].startswith("-m")
        end += 2 if words[end] in parser.with_value else 1
        if is_module:
            break
    settings = vars(parser.parse_args(words[:end]))
    module = settings.pop("module", None)
    options = parser.options(settings)
    behind = words[end + 1 :] if words[end : end + 1] == ["--"] else words[end:]
    if module is None and not behind:
        parser.error("what is to be run? Give a script, or a module with -m")
    program = Script(behind[0], behind[1:]) if module is None else Module(module, words[end:])
    return program, _with_program(options, program)


def _with_program(options: Options, program: Program) -> Options:
    """The options, and with them the program, though it may be one of a library's; but not what is `__main__` now."""
    command = getattr(sys.modules["__main__"], "__file__", None)
    return replace(
        options,
        include=(*options.include, "__main__", *beside(program.folder)),
        exclude=(*options.exclude, *([escape(os.path.abspath(command))] if command else [])),
    )


class _Report:
    """Prints what was recorded when the interpreter ends.

    Args:
        recorder: what records.

    Attributes:
        interrupted: whether the program ended by an interrupt that nothing caught.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.interrupted = False
        # What lies beside the program is not among it: it may go by the name of what the report needs.
        self._path = sys.path[0 if sys.flags.safe_path else 1 :]

    def __call__(self) -> None:
        if not self.recorder.running:  # a forked child, which has recorded nothing
            return
        with contextlib.suppress(KeyboardInterrupt, OSError):  # somebody is in a hurry, or nobody listens
            log = self.recorder.stop()
            with contextlib.suppress(Exception):  # what is wrong with stdout, the interpreter says when it closes it
                sys.stdout.flush()
            if sys.__stderr__ is not None and not sys.__stderr__.closed:
                self._print(log, sys.__stderr__)
                sys.__stderr__.flush()
        if self.interrupted:
            # The interpreter dies of an interrupt which left the text that it ran last; imports have run texts since.
            with contextlib.suppress(KeyboardInterrupt):
                exec("raise KeyboardInterrupt")

    def _print(self, log: Log, file: TextIO) -> None:
        sys.path[:] = self._path  # all of the program has ended
        try:
            _print(log, file)
        except (ImportError, AttributeError, SystemExit) as error:  # the program has imported others by these names
            file.write(f"\nscope-repl: the recording cannot be shown: {type(error).__name__}: {error}\n")


def _print(log: Log, file: TextIO) -> None:
    from rich.console import Console

    from scope_repl.query.recording import Recording

    recording = Recording(log)
    file.write(f"\nscope-repl: {recording.stats.line()}\n")
    file.writelines(f"scope-repl: {note}\n" for note in recording.stats.notes)
    if recording.calls.empty:
        return
    tree = recording.tree()
    if file.isatty():
        Console(file=file, highlight=False).print(tree, soft_wrap=True)
    else:
        file.write(f"{tree}\n")


def _end(problem: str, status: int) -> NoReturn:
    sys.stderr.write(f"scope-repl run: {problem}\n")
    sys.exit(status)
