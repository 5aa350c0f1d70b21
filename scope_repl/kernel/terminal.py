"""The terminal: IPython with Scope loaded."""

from __future__ import annotations

import sys
from importlib.metadata import version

import IPython


def main() -> int | None:
    """Run the ``scope-repl`` command: ``--version``, or IPython with its own options and Scope's magics.

    Returns:
        The process's exit status, as IPython gives it; None stands for success.
    """
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        sys.stdout.write(f"scope-repl {version('scope-repl')}\n")
        return 0
    # In front of the user's arguments: whatever stands behind a script's name belongs to the script.
    exit_status: int | None = IPython.start_ipython(argv=["--ext=scope_repl", *arguments])
    return exit_status
