from __future__ import annotations

import codecs
import gc
import linecache
import os
import tokenize
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from inspecting.modules import SHOP, load, record, write

import scope_repl
from scope_repl.capture.sources import source_texts
from scope_repl.model import Code
from scope_repl.schema import CodeFlag
from scope_repl.session import scope

PLAIN = CodeFlag(0)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    cached = dict(linecache.cache)
    yield
    scope.forget()
    linecache.cache.clear()
    linecache.cache.update(cached)


def code(file: Path | str, flags: CodeFlag = PLAIN) -> Code:
    return Code("f", "f", "m", str(file), 1, flags)


TEXTS = {
    "plain": b"def f():\n    return 1\n",
    "empty": b"",
    "no end": b"def f(): pass",
    "non-ascii": "def f():\n    return 'Grüße, 世界 🎉'\n".encode(),
    "byte order mark": codecs.BOM_UTF8 + "é = 1\n".encode(),
    "crlf": b"def f():\r\n    return 1\r\n",
    "cr": b"def f():\r    return 1\r",
    "tabs": b"def f():\n\treturn 1\n",
    "latin-1": "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"),
    "second line": "#!/usr/bin/env python\n# vim: set fileencoding=ISO-8859-15 :\nx = '€'\n".encode("iso-8859-15"),
    "not in the third line": "\n\n# coding: latin-1\nx = 'é'\n".encode(),
    "not behind a statement": "x = 'é'\n# coding: latin-1\n".encode(),
    "utf-8 by name": "# coding: UTF_8\nx = 'é'\n".encode(),
    "form feeds": b"x = 1\n\x0cy = 2\x0c\n",
    "long line": b"x = '" + b"a" * 1_000_000 + b"'\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_files_are_read_as_python_reads_them(text: bytes, tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    file.write_bytes(text)
    with tokenize.open(file) as expected:
        assert source_texts([code(file)]) == {str(file): expected.read()}


@pytest.mark.parametrize(
    "text",
    [
        "x = 'é'\n".encode("latin-1"),
        b"# coding: nobody-knows-this\n",
        b"# coding: rot13\n",
        b"# coding: zlib\n",
        b"# coding: ascii\nx = '\xc3\xa9'\n",
        b"# coding: unicode_escape\nx = '\\ud800'\n",
    ],
)
def test_what_cannot_be_decoded_is_absent(text: bytes, tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    file.write_bytes(text)
    texts = source_texts([code(file)])
    assert texts == {}
    assert source_texts([code(file)], texts) == {}


def test_codecs_of_the_program_are_not_asked(tmp_path: Path) -> None:
    asked = []

    def search(name: str) -> None:
        asked.append(name)

    codecs.register(search)
    try:
        file = tmp_path / "shop.py"
        file.write_bytes(b"# coding: of_the_program\n")
        assert source_texts([code(file)]) == {}
    finally:
        codecs.unregister(search)
    assert asked == []


def test_what_is_no_file_is_absent(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)  # to read it would take until somebody writes to it
    names = [tmp_path / "missing.py", tmp_path, pipe, "<string>", "", "a\0b.py", "/dev/zero"]
    assert source_texts([code(name) for name in names]) == {}


def test_code_that_exec_was_given_has_not_the_text_of_other_such_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(linecache.cache, "<string>", (6, None, ["x = 1\n"], "<string>"))
    assert source_texts([code("<string>")]) == {}


def test_only_python_functions_count(tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    file.write_text(SHOP)
    for flag in (CodeFlag.C, CodeFlag.TYPE, CodeFlag.OPAQUE):
        assert source_texts([code(file, flag)]) == {}
    assert source_texts([code(file, CodeFlag.OPAQUE), code(file, CodeFlag.GENERATOR)]) == {str(file): SHOP}


def test_bounds(tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.py" for name in "abc"]
    for file, size in zip(files, (10, 30, 20), strict=True):
        file.write_text("x" * size)
    every = [code(file) for file in files]

    def kept(**bounds: int) -> list[str]:
        return [Path(name).stem for name in source_texts(every, **bounds)]

    assert kept() == ["a", "b", "c"]
    assert kept(files=2) == ["a", "b"]
    assert kept(file_bytes=29) == ["a", "c"]
    assert kept(file_bytes=30) == ["a", "b", "c"]
    assert kept(total_bytes=35) == ["a", "c"]
    assert kept(total_bytes=60) == ["a", "b", "c"]


def test_bounds_count_bytes(tmp_path: Path) -> None:
    linecache.cache["<cell>"] = (4, None, ["ééé\n"], "<cell>")
    assert source_texts([code("<cell>")], file_bytes=6) == {}
    assert source_texts([code("<cell>")], file_bytes=7) == {"<cell>": "ééé\n"}


def test_texts_that_are_nowhere_but_in_linecache() -> None:
    linecache.cache["<cell>"] = (10, None, ["x = 1\n", "y\n"], "<cell>")
    linecache.cache["<broken>"] = (10, None, ["\ud800\n"], "<broken>")
    linecache.cache["<odd>"] = (10, None, [1, 2], "<odd>")  # type: ignore[list-item]
    assert source_texts([code(name) for name in ("<cell>", "<broken>", "<odd>", "<none>")]) == {"<cell>": "x = 1\ny\n"}


def test_loaders_are_not_asked(tmp_path: Path) -> None:
    asked = []

    def get_source() -> str:
        asked.append(1)
        return "x"

    file = tmp_path / "shop.py"
    file.write_text(SHOP)
    linecache.cache["archive.zip/shop.py"] = (get_source,)  # type: ignore[assignment]
    linecache.cache[str(file)] = (get_source,)  # type: ignore[assignment]
    assert source_texts([code("archive.zip/shop.py"), code(file)]) == {str(file): SHOP}
    assert asked == []


def test_the_file_counts_and_not_what_a_traceback_has_read_before(tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    file.write_text("old\n")
    assert linecache.getline(str(file), 1) == "old\n"
    file.write_text("newer\n")
    assert source_texts([code(file)]) == {str(file): "newer\n"}


def test_a_recording_has_the_texts_of_what_was_recorded(tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    shop = load(file, SHOP)
    recording = record(file, shop.order, ["apple", "bad"])
    file.write_text("# edited\n")
    assert recording.contents.log.sources[str(file)] == SHOP


def test_nothing_is_read_that_was_not_recorded(tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    shop = load(file, SHOP)
    recording = record(tmp_path / "other.py", shop.order, ["apple"])
    assert str(file) not in recording.contents.log.sources


def test_recordings_share_the_texts_of_files_that_have_not_changed(tmp_path: Path) -> None:
    file, other = tmp_path / "shop.py", tmp_path / "other.py"
    shop, tool = load(file, SHOP), load(other, "def f(): pass\n")
    recordings = []
    for edit in (None, None, "def f():\n    return 2\n"):
        if edit is not None:
            other.write_text(edit)
        with scope_repl.record(include=str(tmp_path / "*.py")) as recording:
            shop.order(["apple"])
            tool.f()
        recordings.append(recording.contents.log.sources)
    first, second, third = recordings
    assert first[str(file)] is second[str(file)] is third[str(file)]
    assert first[str(other)] is second[str(other)] == "def f(): pass\n"
    assert third[str(other)] == "def f():\n    return 2\n"


def test_files_written_after_this_process_began_are_named(tmp_path: Path) -> None:
    linecache.cache["<cell>"] = (4, None, ["x\n"], "<cell>")
    old, new = tmp_path / "old.py", tmp_path / "new.py"
    write(old, SHOP)
    new.write_text(SHOP)
    codes = [code(name) for name in (old, new, "<cell>", tmp_path / "missing.py")]
    first = source_texts(codes)
    assert first.changed == {str(new)}
    assert source_texts(codes, first).changed == {str(new)}
    old.write_text(SHOP)
    assert source_texts(codes, first).changed == {str(old), str(new)}


def test_a_log_names_the_files_written_after_its_process_began(tmp_path: Path) -> None:
    file, other = tmp_path / "shop.py", tmp_path / "other.py"
    other.write_text("def f(): pass\n")
    shop, tool = load(file, SHOP), load(other)
    with scope_repl.record(include=str(tmp_path / "*.py")) as recording:
        shop.order(["apple"])
        tool.f()
    assert recording.contents.log.changed_files & {str(file), str(other)} == {str(other)}


def test_texts_are_freed_with_their_recordings(tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    recording = record(file, load(file, SHOP).order, ["apple"])
    texts = weakref.ref(recording.contents.log.sources)
    assert texts() is not None
    scope.forget()
    del recording
    gc.collect()
    assert texts() is None
