"""What a script can import from its own folder: project code, like what lies under the working directory."""

from __future__ import annotations

import os
from collections.abc import Iterator

from scope_repl.capture.filters import escape, library_roots, working_directories

_ENVIRONMENT = ("pyvenv.cfg", "conda-meta")


def beside(folder: str) -> tuple[str, ...]:
    """The globs for the modules and packages of a folder.

    Libraries are not among them, although an environment with its libraries may lie in the folder. A folder that lies
    under the working directory needs no globs: the recorder looks after it.

    Args:
        folder: the folder, without symbolic links.

    Returns:
        Globs over file paths.
    """
    if any(f"{folder}/".startswith(f"{os.path.realpath(here)}/") for here in working_directories()):
        return ()
    try:
        return tuple(sorted(_globs(folder)))
    except PermissionError:  # it may be entered, but not listed
        return ()


def _globs(folder: str) -> Iterator[str]:
    roots = library_roots()
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                yield escape(entry.path)
            elif entry.name.isidentifier() and entry.is_dir() and not _holds_libraries(entry.path, roots):
                yield f"{escape(entry.path)}/*"


def _holds_libraries(folder: str, roots: tuple[str, ...]) -> bool:
    return any(os.path.exists(os.path.join(folder, name)) for name in _ENVIRONMENT) or any(
        f"{root}/".startswith(f"{folder}/") for root in roots
    )
