"""The kernel: ipykernel's, with Scope loaded."""

from __future__ import annotations

import sys
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from IPython.core.interactiveshell import InteractiveShell

EXTENSION = "scope_repl"


class ScopeKernel(IPythonKernel):
    """IPython's kernel with Scope loaded. If Scope cannot start, it is IPython's kernel, and says why.

    Args:
        settings: what ipykernel's application gives to its kernel.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        self._problem: str | None = None
        shell = self.shell
        assert isinstance(shell, InteractiveShell)
        assert shell.extension_manager is not None
        try:
            shell.extension_manager.load_extension(EXTENSION)
        except Exception as error:
            self._problem = f"Scope is not loaded in this kernel: {type(error).__name__}: {error}"
            self.log.error(self._problem)  # on the process's stderr
            shell.events.register("pre_run_cell", self._tell)

    @property
    def banner(self) -> str:  # type: ignore[override]  # a trait in the base class
        """What a console shows when it connects."""
        banner = str(super().banner)
        return banner if self._problem is None else f"{banner.rstrip()}\n\n{self._problem}\n"

    def _tell(self, *_: Any) -> None:
        """Say it where the user looks: above the output of the first cell."""
        assert isinstance(self.shell, InteractiveShell)
        self.shell.events.unregister("pre_run_cell", self._tell)
        sys.stderr.write(f"{self._problem}\n")
