"""Small programs in files, imported and recorded as a user's would be."""

from __future__ import annotations

import importlib.util
import linecache
import os
from pathlib import Path
from types import ModuleType

import scope_repl
from scope_repl import Recording

SHOP = """\
def price(item, count=1):
    total = 0
    for _ in range(count):
        total += cost(item)
    return total

def cost(item):
    if item == "bad":
        raise ValueError(f"no <{item}>")
    return len(item)

def order(items):
    out = []
    for item in items:
        try:
            out.append(price(item, 2))
        except ValueError:
            pass
    return out
"""


LONG_AGO = 1_000_000_000


def write(path: Path, text: str | bytes) -> None:
    """Write a file as if that had been long before this process began."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (LONG_AGO, LONG_AGO))


def load(path: Path, text: str | bytes | None = None) -> ModuleType:
    """Import a file, after writing it, as if long ago, if there is a text for it."""
    if text is not None:
        write(path, text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    linecache.checkcache(str(path))
    return module


def record(path: Path, function: object, *arguments: object, **options: object) -> Recording:
    """Record one call of a function of a file."""
    assert callable(function)
    with scope_repl.record(include=str(path), **options) as recording:  # type: ignore[arg-type]
        function(*arguments)
    return recording


def codes(recording: Recording, path: Path) -> dict[str, int]:
    """The numbers of the callables of a file that were called, by their qualified names."""
    contents = recording.contents
    numbers = set(contents.tables.calls["code"].tolist())
    return {contents.codes[number].qualname: number for number in numbers if contents.codes[number].file == str(path)}
