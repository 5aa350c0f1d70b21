from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from reading.logs import Event, Script, code, write_log

from export.recordings import KINDS, NASTY, crowded, deep, dropped, empty, named, one_call
from scope_repl import Recording
from scope_repl.export.svg import svg
from scope_repl.schema import Kind

pytestmark = pytest.mark.native

BYTES = 60_000
SPACE = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ElementTree.Element:
    assert len(text.encode()) <= BYTES
    return ElementTree.fromstring(text)


def texts(picture: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in picture.iter(f"{SPACE}text")]


@given(named())
@settings(deadline=None)
def test_whatever_the_names_are_it_is_well_formed(recording: Recording) -> None:
    picture = parsed(svg(recording.contents))
    assert {element.tag.removeprefix(SPACE) for element in picture.iter()} <= {
        "svg",
        "title",
        "desc",
        "text",
        "path",
        "g",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_recording_has_a_small_picture(kind: str) -> None:
    recording = KINDS[kind]()
    picture = parsed(svg(recording.contents))
    assert picture.findtext(f"{SPACE}title") == f"Timeline: {recording.stats.line()}"
    assert picture.findtext(f"{SPACE}desc", "").startswith(f"{len(recording.calls):,} call")
    assert texts(picture)[-1] == recording.stats.line()


@pytest.mark.parametrize("name", NASTY)
def test_long_names_of_any_kind_fit(name: str) -> None:
    parsed(svg(crowded(40, 100, name * 10).contents))


def test_it_is_the_same_for_the_same_recording() -> None:
    first, second = (crowded(3, 200) for _ in range(2))
    assert svg(first.contents) == svg(second.contents)


def test_nothing_outside_of_it_is_needed() -> None:
    text = svg(crowded().contents)
    assert set(re.findall(r"https?:[^\"]*", text)) == {"http://www.w3.org/2000/svg"}
    assert "href" not in text
    assert "url(" not in text
    assert " id=" not in text, "two pictures may stand on one page"


def test_nothing_was_recorded() -> None:
    assert "no calls were recorded" in texts(parsed(svg(empty().contents)))


def test_tracks_rows_and_calls_are_named() -> None:
    shown = texts(parsed(svg(one_call().contents)))
    assert "thread-0 · 1 call" in shown
    assert "only" in shown


def test_rows_that_are_left_out_are_counted() -> None:
    shown = texts(parsed(svg(deep(700).contents)))
    assert "thread-0 · 700 calls · the first 40 of 700 rows" in shown
    assert "… 660 more rows" in shown
    many = crowded(100, 30)
    rows = sum(many.contents.lanes.depths)
    assert f"… {rows - 40:,} more rows, and 60 more tracks" in texts(parsed(svg(many.contents)))


def test_drops_are_hatched_and_explained() -> None:
    text = svg(dropped().contents)
    assert "stroke-dasharray" in text
    assert "striped: dropped, nothing is known" in text
    assert "striped" not in svg(one_call().contents)


def test_what_is_lost_at_the_end_of_one_track() -> None:
    events = [Event(1, 0, Kind.CALL, 1), Event(2, 1, Kind.CALL, 1)]
    script = Script(events, {1: code("main")}, threads=2, end=1000, end_known={1: 400})
    (stripes,) = re.findall(
        r'<path d="M(\S+) \S+H(\S+)" [^>]*stroke-opacity', svg(Recording(write_log(script)).contents)
    )
    assert (float(stripes[0]), float(stripes[1])) == (384.0, 960.0)


def test_exceptions_and_open_ends_are_marked() -> None:
    events = [Event(1, 0, Kind.CALL, 1), Event(2, 0, Kind.CALL, 2), Event(500, 0, Kind.UNWIND, 2, 9)]
    script = Script(events, {1: code("main"), 2: code("fail"), 9: code("E")}, end=1000)
    shown = texts(parsed(svg(Recording(write_log(script)).contents)))
    assert "red: raised; dotted edge: its start or end was not seen" in shown


def test_a_caption_can_be_left_out() -> None:
    contents = one_call().contents
    assert contents.stats.line() not in texts(parsed(svg(contents, caption=False)))


def test_it_is_as_wide_as_is_wanted() -> None:
    picture = parsed(svg(crowded().contents, width=320))
    assert picture.get("viewBox", "").split()[2] == "320"
    right = [float(x) for x in re.findall(r"M([\d.]+) ", ElementTree.tostring(picture, "unicode"))]
    assert max(right) <= 320
