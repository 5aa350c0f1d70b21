from __future__ import annotations

import json
import os
import re
import resource
import stat
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from export.recordings import KINDS, NASTY, crowded, deep, empty, long, named, one_call
from scope_repl import Recording, ScopeError
from scope_repl.export.html import page
from scope_repl.query.details import details
from scope_repl.query.picture import RectFlag, Rows, Viewport, picture
from scope_repl.query.scene import scene
from scope_repl.query.shown import plain

pytestmark = pytest.mark.native

SCRIPT = "const text = '</script>';"
STYLE = "p::before { content: '</style>' }"
BYTES = 2_000_000


class Elements(HTMLParser):
    """The elements of a page, as a browser reads them: their tags, attributes, and the texts that stand in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[list[str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))
        self._open.append(self.found[-1][2])

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].append(data)

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attributes, "".join(texts)) for found, attributes, texts in self.found if found == tag]


def held(text: str) -> dict[str, Any]:
    """What a page holds, read as its script reads it."""
    assert len(text.encode()) <= BYTES
    scripts = Elements(text).all("script")
    assert [attributes["type"] for attributes, _ in scripts] == ["application/json", "module"]
    data: dict[str, Any] = json.loads(scripts[0][1])
    return data


def unpacked(packed: dict[str, Any]) -> bytes:
    return zlib.decompress(b64decode(packed["data"]), -zlib.MAX_WBITS)


def assert_holds(recording: Recording, data: dict[str, Any]) -> None:
    """The pictures are those of the recording, each finer than the one before, and the details those of its calls."""
    contents = recording.contents
    grains = [packed["header"]["grain_ns"] for packed in data["pictures"]]
    assert grains == sorted(grains, reverse=True)
    names = {number: rest for packed in data["pictures"] for number, *rest in packed["header"]["names"]}
    for packed in data["pictures"]:
        header = packed["header"]
        rows = tuple(Rows(*row) for row in header["rows"])
        drawn = picture(contents, Viewport(0.0, max(contents.end_ns, 1), header["columns"], rows), 10**6)
        assert unpacked(packed) == drawn.data()
        assert header == drawn.header() | {"names": header["names"]}
    for number, (name, module) in names.items():
        code = contents.codes[number]
        assert [name, module] == [plain(code.qualname, 200), plain(code.module, 200)]
    assert {number for packed in data["pictures"] for number in codes(packed)} == set(names)
    whole = exact_calls(data["pictures"][-1])
    assert {known["call"] for known in data["details"]} <= set(whole.tolist())
    for known in data["details"]:
        assert known == json.loads(json.dumps(details(contents, known["call"])))


def codes(packed: dict[str, Any]) -> list[int]:
    header = packed["header"]
    found: list[int] = np.frombuffer(unpacked(packed), "<u4", header["code_count"], header["count"] * 12).tolist()
    return found


def sendable(text: str) -> str:
    """A text in which halves of surrogate pairs are spelt out."""
    return text.encode("utf-8", "backslashreplace").decode()


def exact_calls(packed: dict[str, Any]) -> np.ndarray[Any, Any]:
    header, data = packed["header"], unpacked(packed)
    count, wide = header["count"], header["count"] * 12 + header["code_count"] * 4
    number = np.frombuffer(data, "<u4", count, count * 8)
    flags = np.frombuffer(data, "u1", count, wide + count * 5)
    return np.unique(number[(flags & RectFlag.EXACT) > 0])


@given(named())
@settings(deadline=None)
def test_whatever_the_names_are_it_holds_the_recording(recording: Recording) -> None:
    text = page(recording.contents, SCRIPT, STYLE)
    text.encode()
    assert_holds(recording, held(text))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_recording_has_a_page(kind: str) -> None:
    recording = KINDS[kind]()
    data = held(page(recording.contents, SCRIPT, STYLE))
    assert_holds(recording, data)
    assert data["scene"]["text"] == recording.stats.line()


def test_a_small_recording_is_there_whole() -> None:
    recording = crowded(2, 50)
    data = held(page(recording.contents, "", ""))
    there = scene(recording.contents)
    note = f"this file holds all {len(recording.calls):,} calls whole"
    tracks = [track | {"depth": track["rows"]} for track in there["tracks"]]
    assert data["scene"] == there | {"tracks": tracks, "track_count": 2, "notes": [*there["notes"], note]}
    assert exact_calls(data["pictures"][-1]).tolist() == list(range(len(recording.calls)))
    assert len(data["details"]) == len(recording.calls)
    lengths = [known["duration_ns"] for known in data["details"]]
    assert lengths == sorted(lengths, reverse=True)


def test_a_long_recording_is_merged_and_says_so() -> None:
    recording = long(300_000)
    text = page(recording.contents, "x" * 150_000, "")
    data = held(text)
    assert_holds(recording, data)
    whole = len(exact_calls(data["pictures"][-1]))
    assert whole < len(recording.calls)
    (note,) = data["scene"]["notes"]
    there = len(recording.calls)
    assert note.startswith(f"this file holds {whole:,} of {there:,} calls whole; the others are merged with their ")
    assert f"<p>{note}</p>" in text
    assert len(data["pictures"]) > 2, "the room is used"
    shown = recording.calls.loc[[known["call"] for known in data["details"]]]
    left = recording.calls.loc[sorted(set(exact_calls(data["pictures"][-1]).tolist()) - set(shown.index))]
    assert shown["duration_ns"].min() >= left["duration_ns"].max()


def test_rows_and_tracks_that_are_left_out_are_named() -> None:
    notes = held(page(deep(700).contents, "", ""))["scene"]["notes"]
    assert "this file holds the first 400 of 700 rows of calls" in notes
    data = held(page(crowded(1000, 1).contents, "", ""))
    assert any(note.startswith("this file holds the first 500 of 1,000 tracks") for note in data["scene"]["notes"])
    assert sum(track["rows"] for track in data["scene"]["tracks"]) == 400
    assert {track["depth"] for track in data["scene"]["tracks"]} == {1, 2, 3}
    assert data["scene"]["track_count"] == 1000


def test_nothing_can_be_loaded() -> None:
    elements = Elements(page(crowded().contents, SCRIPT, STYLE))
    (policy,) = [meta["content"] for meta, _ in elements.all("meta") if meta.get("http-equiv")]
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert not any("http" in sources or "self" in sources or "*" in sources for sources in rules.values())
    for tag, attributes, _ in elements.found:
        assert not {"src", "href", "action", "data"} & set(attributes), tag


def test_it_says_what_it_is() -> None:
    recording = one_call()
    text = page(recording.contents, SCRIPT, STYLE)
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    assert f"<title>Timeline: {recording.stats.line()}</title>" in text
    assert re.search(r"<noscript>\s*<svg .*</svg>\s*</noscript>", text, re.DOTALL)


@pytest.mark.parametrize("name", NASTY)
def test_a_name_never_ends_an_element(name: str) -> None:
    recording = crowded(2, 20, name)
    text = page(recording.contents, SCRIPT, STYLE)
    assert_holds(recording, held(text))
    tags = [tag for tag, _, _ in Elements(text).found]
    assert [tag for tag in tags if tag in ("style", "script", "module")] == ["style", "script", "script"]


def test_script_and_style_are_there_as_they_are() -> None:
    elements = Elements(page(one_call().contents, SCRIPT, STYLE))
    assert elements.all("script")[1][1].strip() == SCRIPT.replace("</", r"<\/")
    assert elements.all("style")[0][1].strip().endswith(STYLE.replace("</", r"<\/"))


def test_it_is_the_same_for_the_same_recording() -> None:
    first, second = (page(crowded(3, 200).contents, SCRIPT, STYLE) for _ in range(2))
    assert first == second


def test_the_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    recording = one_call()
    path = recording.to_html("one.html")
    assert path == tmp_path / "one.html"
    assert_holds(recording, held(path.read_text(encoding="utf-8")))
    assert os.listdir(tmp_path) == ["one.html"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~_mask()


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_the_home_folder_has_a_short_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert empty().to_html(Path("~/mine.html")) == tmp_path / "mine.html"


def test_what_was_there_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "one.html"
    path.write_text("old")
    one_call().to_html(path)
    assert "Timeline" in path.read_text(encoding="utf-8")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ScopeError, match="it is a folder") as caught:
        one_call().to_html(tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert isinstance(caught.value, OSError)
    assert os.listdir(tmp_path) == []


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="there is no folder"):
        one_call().to_html(tmp_path / "nowhere" / "one.html")


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="there is no folder to which even root may not write")
def test_a_folder_that_takes_no_files() -> None:
    with pytest.raises(OSError, match=r"'/proc/self/one\.html' cannot be written: .*; give a path"):
        one_call().to_html("/proc/self/one.html")


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_file_that_cannot_be_finished_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "one.html"
    path.write_text("old")
    with files_of_at_most(1000), pytest.raises(OSError, match="File too large; give a path"):
        one_call().to_html(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["one.html"]


def test_an_unfinished_recording(tmp_path: Path) -> None:
    with pytest.raises(ScopeError, match="has not ended"):
        Recording().to_html(tmp_path / "one.html")
    assert os.listdir(tmp_path) == []
