"""The source texts of what was recorded, copied when a recording ends: what the files hold later may differ."""

from __future__ import annotations

import codecs
import encodings
import linecache
import os
import re
import stat
import time
from collections.abc import Iterable

import psutil

from scope_repl.model import Code
from scope_repl.schema import CodeFlag

FILE_BYTES = 2 * 2**20
TOTAL_BYTES = 16 * 2**20
FILES = 2000
_NOT_PYTHON = CodeFlag.C | CodeFlag.TYPE | CodeFlag.OPAQUE
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_COMMENT_OR_BLANK = re.compile(rb"^[ \t\f]*(?:#|$)")
_HEAD_BYTES = 4096
_SHARED = frozenset({"<string>", "<stdin>"})  # the file of any code that exec() was given, and of `python -c`

_State = tuple[int, int, int]


def _process_start_ns() -> int:
    """When this process began, on the clock of files."""
    start = psutil.Process().create_time()
    if hasattr(time, "CLOCK_BOOTTIME"):  # on Linux psutil counts from the machine's start, in whole seconds
        start += time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) - psutil.boot_time()
    return int(start * 1e9)


_START_NS = _process_start_ns()  # asked once: a forked child runs what its parent has read


class Texts(dict[str, str]):
    """Source texts by file name.

    Attributes:
        states: what tells whether a file on disk has changed since its text was read.
        changed: the names of those files on disk that were last written after this process began. Nothing tells which
            of a file's texts such a process runs. Cells are never among them: their names go with their content.
    """

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[str, _State] = {}
        self.changed: set[str] = set()


def source_texts(
    codes: Iterable[Code],
    before: Texts | None = None,
    *,
    files: int = FILES,
    file_bytes: int = FILE_BYTES,
    total_bytes: int = TOTAL_BYTES,
) -> Texts:
    """The texts of the files in which recorded Python functions are defined.

    Cells of a notebook, whose text is in ``linecache`` only, come first, then files on disk as their functions were
    first seen. No code of the program runs: loaders are not asked, so what was imported from an archive is left out,
    and so are files in encodings that the standard library does not bring.

    Args:
        codes: the callables of the log.
        before: the texts of an earlier recording. Those of files that have not changed since are shared with it.
        files: how many files are looked at.
        file_bytes: how long a file may be.
        total_bytes: how long all may be together.

    Returns:
        The texts by file name, with ``LF`` at the ends of lines. What cannot be read or has no room is absent.
    """
    names = list(dict.fromkeys(code.file for code in codes if code.file and not code.flags & _NOT_PYTHON))[:files]
    texts = Texts()
    room = total_bytes
    for name in names:
        room -= _keep(texts, name, _cached(name, min(room, file_bytes)), min(room, file_bytes))
    for name in names:
        limit = min(room, file_bytes)
        state = _state(name, limit) if name not in texts else None
        if state is None:
            continue
        unchanged = before is not None and before.states.get(name) == state
        room -= _keep(texts, name, before[name] if before and unchanged else _on_disk(name, limit), limit)
        if name in texts:
            texts.states[name] = state
            if _written_ns(state) >= _START_NS:
                texts.changed.add(name)
    return texts


def _keep(texts: Texts, name: str, text: str | None, limit: int) -> int:
    """Keep a text if there is one and it is not too long; returns how many bytes it takes."""
    size = _size(text) if text is not None else None
    if text is None or size is None or size > limit:
        return 0
    texts[name] = text
    return size


def _size(text: str) -> int | None:
    """How many bytes a text takes; None for what is no proper text."""
    try:
        return len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        return None


def _cached(name: str, limit: int) -> str | None:
    """The text that somebody has put into ``linecache`` for good, as IPython does with cells; not that of a file."""
    entry = linecache.cache.get(name) if name not in _SHARED else None
    if type(entry) is not tuple or len(entry) != 4 or entry[1] is not None or type(entry[2]) is not list:
        return None
    lines = list(entry[2])
    if not all(type(line) is str for line in lines) or sum(map(len, lines)) > limit:
        return None
    return "".join(lines)


def _state(name: str, limit: int) -> _State | None:
    """What changes when a file does; None for what is no file, or a longer one."""
    try:
        status = os.stat(name)
    except (OSError, ValueError):
        return None
    is_file = stat.S_ISREG(status.st_mode) and status.st_size <= limit
    return (status.st_ino, status.st_size, status.st_mtime_ns) if is_file else None


def _written_ns(state: _State) -> int:
    return state[2]


def _on_disk(name: str, limit: int) -> str | None:
    try:
        with open(name, "rb") as file:
            data = file.read(limit + 1)
        return _decoded(data) if len(data) <= limit else None
    except (OSError, ValueError, LookupError):
        return None


def _decoded(data: bytes) -> str | None:
    """A source file's text, as Python reads it (PEP 263)."""
    if data.startswith(codecs.BOM_UTF8):
        text = data[len(codecs.BOM_UTF8) :].decode()
    elif (encoding := _encoding(data)) in ("utf-8", "utf8"):
        text = data.decode()
    else:
        # Not codecs.lookup: it would ask the codecs that the program has registered.
        codec = encodings.search_function(encoding)
        if codec is None or not codec._is_text_encoding:
            return None
        text = codec.decode(data)[0]
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes) -> str:
    for line in data[:_HEAD_BYTES].splitlines()[:2]:
        match = _COOKIE.match(line)
        if match is not None:
            return match[1].decode("ascii", "replace").lower().replace("_", "-")
        if not _COMMENT_OR_BLANK.match(line):
            break
    return "utf-8"
