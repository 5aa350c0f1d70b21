from __future__ import annotations

import os
import tempfile
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from scope_repl.errors import UnwritablePath
from scope_repl.export.html import page

from .bundle import page_script, style

if TYPE_CHECKING:
    from scope_repl.query.recording import Recording


def write_page(recording: Recording, path: str | PathLike[str]) -> Path:
    """Write a recording into one HTML file. Until it is whole, what was there stays there.

    Args:
        recording: the recording.
        path: the file; ``~`` is the home folder.

    Returns:
        The file's absolute path.

    Raises:
        UnwritablePath: the file cannot be written there.
        StillRecording: the recording has not ended.
        DamagedLog: its log cannot be read.
    """
    contents = recording.contents
    target = _target(path)
    text = page(contents, page_script(), style())
    try:
        _replace(target, text)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritablePath(target, f"{reason}; give a path to which this process may write") from error
    return target


def _target(path: str | PathLike[str]) -> Path:
    try:
        target = Path(path).expanduser().absolute()
    except RuntimeError as error:  # a home folder that is not known
        raise UnwritablePath(path, f"{error}; give an absolute path") from None
    if target.is_dir():
        raise UnwritablePath(target, "it is a folder; give the name of a file in it, such as 'recording.html'")
    if not target.parent.is_dir():
        raise UnwritablePath(target, f"there is no folder {str(target.parent)!r}; create it first, or give another")
    return target


def _replace(target: Path, text: str) -> None:
    """Write a file beside the target, and put it in its place, with the rights that a new file has."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}-", suffix=".tmp")
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
