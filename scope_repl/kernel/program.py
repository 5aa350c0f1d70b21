"""A script or a module, run as ``python`` would run it."""

from __future__ import annotations

import builtins
import io
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from types import ModuleType, TracebackType
from typing import Any


class Program(ABC):
    """A program that takes the place of the one that runs: it becomes ``__main__``.

    Args:
        name: the script's path or the module's name.
        arguments: what stands behind it on the command line.
    """

    def __init__(self, name: str, arguments: list[str]) -> None:
        self.name = name
        self.arguments = arguments

    @property
    @abstractmethod
    def folder(self) -> str:
        """The folder that its own modules lie in: what Python puts at the head of ``sys.path``."""

    @abstractmethod
    def check(self) -> str | None:
        """Why it cannot be run at all, or None."""

    @abstractmethod
    def _prepare(self, module: ModuleType) -> Callable[[], Any]:
        """Set the new ``__main__`` and ``sys.argv`` up.

        Returns:
            What runs the program.
        """

    def run(self, starting: Callable[[], None]) -> None:
        """Run it. Whatever it raises goes on, as if nothing of Scope's stood between the program and the interpreter.

        Args:
            starting: is called when the program is ready to run.
        """
        module = ModuleType("__main__")
        vars(module).update(__builtins__=builtins)
        if sys.version_info < (3, 14):
            vars(module).update(__annotations__={})
        sys.modules["__main__"] = module
        if not sys.flags.safe_path:
            sys.path[0] = self.folder
        try:
            code = self._prepare(module)
            starting()
            code()
        except BaseException as error:
            behind = error.__traceback__ and error.__traceback__.tb_next
            _show_without_scope(_program_part(behind))
            raise


class Script(Program):
    """A file with source code."""

    @property
    def folder(self) -> str:  # noqa: D102 - see the base class
        return os.path.dirname(os.path.realpath(self.name))

    def check(self) -> str | None:  # noqa: D102 - see the base class
        if os.path.isdir(self.name):
            return f"{self.name!r} is a folder: name a script in it, or a module with -m"
        if not os.path.exists(self.name):
            return f"there is no file {self.name!r} in {os.getcwd()}: name a script by its path, or a module with -m"
        return None if os.access(self.name, os.R_OK) else f"the file {self.name!r} cannot be read: permission denied"

    def _prepare(self, module: ModuleType) -> Callable[[], Any]:
        path = os.path.join(os.getcwd(), self.name)
        sys.argv = [self.name, *self.arguments]
        with io.open_code(path) as file:
            source = file.read()
        vars(module).update(__file__=path, __loader__=SourceFileLoader("__main__", path))
        if sys.version_info < (3, 15):
            vars(module).update(__cached__=None)
        code = compile(source, path, "exec", dont_inherit=True)
        return lambda: exec(code, vars(module))


class Module(Program):
    """A module that can be imported, or a package with a ``__main__`` in it."""

    @property
    def folder(self) -> str:  # noqa: D102 - see the base class
        return os.getcwd()

    def check(self) -> str | None:  # noqa: D102 - see the base class
        return None

    def _prepare(self, module: ModuleType) -> Callable[[], Any]:
        import runpy

        sys.argv = ["-m", *self.arguments]
        return lambda: runpy._run_module_as_main(self.name)  # type: ignore[attr-defined]  # what `python -m` itself calls


def _program_part(traceback: TracebackType | None) -> TracebackType | None:
    """What is left of a traceback behind Scope's own frames."""
    while traceback is not None and traceback.tb_frame.f_globals.get("__name__") == __name__:
        traceback = traceback.tb_next
    return traceback


def _show_without_scope(traceback: TracebackType | None) -> None:
    """Let the error that goes on be shown with this traceback, by whatever hook the program has left."""
    hook = sys.excepthook

    def show(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        hook(kind, error.with_traceback(traceback), traceback)

    sys.excepthook = show
