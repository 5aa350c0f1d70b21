"""The inspector as a user drives it: steps are taken, frames, tracks and values chosen, and what it says is read."""

from __future__ import annotations

import gc
import json
import re
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances
from reading.logs import Script, write_log

from inspecting.by_hand import LIST, call, line, ref, version
from inspecting.by_hand import recording as written
from inspecting.modules import SHOP, load, record
from scope_repl import Recording
from scope_repl.query.moment import Moment
from scope_repl.session import scope
from scope_repl.widgets.inspector import Inspector

pytestmark = pytest.mark.native


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    before = set(_instances)
    yield
    scope.forget()
    for widget in [widget for number, widget in _instances.items() if number not in before]:
        widget.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shop.py"


@pytest.fixture
def rec(file: Path) -> Recording:
    return record(file, load(file, SHOP).order, ["apple", "<b>&", "bad"], level="values")


@pytest.fixture
def lines() -> Recording:
    """Line 12 binds y to a list, line 13 appends to it and binds z."""
    return written(
        call(10, 5),
        line(20, 12),
        version(30, 0x100, LIST, 1, line=12),
        line(30, 13, {1: ref(0x100)}, before=12),
        version(40, 0x100, LIST, 1, 2, line=13),
        line(40, 14, {2: "z"}, before=13),
    )


class User:
    """Someone who looks at an inspector, and touches it."""

    def __init__(self, inspector: Inspector) -> None:
        self.inspector = inspector

    def do(self, kind: str, **content: Any) -> str:
        """Send a message; returns why it was refused, or nothing."""
        answer = self.inspector.answer({"kind": kind, "view": "v", "seq": 1, **content})
        assert answer is not None
        assert (answer["view"], answer["seq"]) == ("v", 1)
        assert (answer["kind"] == "failed") == ("message" in answer)
        return str(answer.get("message", ""))

    @property
    def shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(json.dumps(self.inspector.shown))
        return shown

    @property
    def moment(self) -> Moment:
        assert self.inspector.moment is not None
        return self.inspector.moment

    @property
    def stack(self) -> list[str]:
        return [" ".join(label.split()[1:]) for label in self.shown["stack"]["frames"]]

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The outermost rows, by name."""
        return {row["name"]: row for row in self.shown["section"]["rows"]}

    @property
    def text(self) -> str:
        """All that the rows say, and what is said about them."""
        rows = [f"{row['name']}: {row['text']} {row['standing']}" for row in self.shown["section"]["rows"]]
        return "\n".join([self.shown["section"]["note"], *rows, ""])

    @property
    def current_line(self) -> str:
        source = self.shown["source"]
        return f"{source['line']} {source['lines'][source['line'] - source['first']]}"


def at(rec: Recording, name: str, row: int = 0) -> Moment:
    return rec.at(rec.find(name).iloc[row])


def test_the_stack_the_values_and_the_source(rec: Recording, file: Path) -> None:
    file.write_text("# edited")
    user = User(Inspector(at(rec, "len")))
    assert user.stack[:4] == ["len builtins", "cost shop.py:10", "price shop.py:4", "order shop.py:16"]
    assert "values of calls into libraries and C are not captured" in user.text
    assert "no source" in user.shown["source"]["known"]
    user.do("frame", frame=2)
    assert user.moment.frame.qualname == "price"
    assert "item: 'apple' exact\ncount: 2 exact\n" in user.text
    assert re.search(r"returned \S+ \wm?s later: 10 exact", user.text)
    assert user.current_line == "4         total += cost(item)"
    assert user.shown["source"]["known"] == "line exact · source exact"


def test_what_ran_in_a_file_that_was_edited_before_is_not_confirmed(file: Path) -> None:
    shop = load(file, SHOP)
    file.write_text("\n" + SHOP)
    user = User(Inspector(at(record(file, shop.order, ["apple"]), "price")))
    assert "source unknown: the file differs from what ran" in user.shown["source"]["known"]
    assert not user.shown["source"]["exact"]


def test_the_last_known_line_has_its_age(rec: Recording) -> None:
    returned = int(rec.find("len").iloc[0].end_ns)
    user = User(Inspector(rec.at(returned, unit="ns")))
    assert (user.stack[0], "line exact" in user.shown["source"]["known"]) == ("cost shop.py:10", True)
    user.inspector.moment = rec.at(returned + 1, unit="ns")
    assert user.stack[0] == "cost shop.py:10"
    assert "line last known 1 ns before: its last call" in user.shown["source"]["known"]


def test_an_exception(rec: Recording) -> None:
    user = User(Inspector(at(rec, "cost", -1)))
    assert re.search(r"raised \S+ \S+ later: ValueError: no <bad> exact", user.text)
    user.do("frame", frame=2)
    assert re.search(r"items: \['apple', '<b>&', 'bad'\] exact", user.text)


def test_stepping_through_all_events(rec: Recording) -> None:
    user = User(Inspector(rec.at(0)))
    assert "previous" not in user.shown["steps"]
    times = [0]
    while "next" in user.shown["steps"]:
        assert user.do("step", to="next") == ""
        times.append(user.moment.time_ns)
    assert times == sorted({0, *rec.events.time_ns})
    while "previous" in user.shown["steps"]:
        user.do("step", to="previous")
        assert user.moment.time_ns == times[-2]
        times.pop()
    assert len(times) == 2  # nothing is before the first event


def test_stepping_from_line_to_line(lines: Recording) -> None:
    user = User(Inspector(lines.at(10, unit="ns")))
    found = []
    while not user.do("step", to="next-line"):
        found.append((user.moment.time_ns, user.shown["source"]["line"]))
    assert found == [(20, 12), (30, 13), (40, 14)]
    user.do("step", to="over-back")
    assert user.moment.time_ns == 30
    assert "no line" in user.do("step", to="out")
    assert user.moment.time_ns == 30


def test_without_lines_only_events_can_be_stepped_to(rec: Recording) -> None:
    user = User(Inspector(at(rec, "len")))
    assert user.shown["steps"] == ["previous", "next"]
    assert "lines" in user.do("step", to="next-line")


def test_errors_are_told_and_nothing_moves(rec: Recording) -> None:
    user = User(Inspector(rec.at("100%")))
    moment = user.moment
    assert "there is no event after" in user.do("step", to="next")
    assert "the steps are previous, next," in user.do("step", to="sideways")
    assert "the kinds are step," in user.do("dance")
    assert "the message has no 'frame'" in user.do("frame")
    assert "the sections are locals, objects, namespace, output" in user.do("section", name="dreams")
    assert user.do("track", track=99)
    assert user.do("jump", id="nonsense")
    assert user.do("jump", id='["locals", "nobody"]')
    assert user.do("open", id="{}", count=1)
    assert user.moment is moment
    assert user.inspector.answer({"kind": "opened", "view": "v"}) is None


def test_a_value_is_opened_and_closed(lines: Recording) -> None:
    user = User(Inspector(lines.at(40, unit="ns")))
    row = user.rows["y"]
    assert (row["count"], "children" in row) == (2, False)
    user.do("open", id=row["id"], count=0)
    assert [(child["name"], child["text"]) for child in user.rows["y"]["children"]] == [("[0]", "1"), ("[1]", "2")]
    user.do("step", to="previous-line")
    assert [child["text"] for child in user.rows["y"]["children"]] == ["1"]
    user.do("close", id=row["id"])
    assert "children" not in user.rows["y"]


def test_no_more_values_can_be_open_than_can_be_shown(lines: Recording) -> None:
    user = User(Inspector(lines.at(40, unit="ns")))
    for number in range(1000):
        assert user.do("open", id=json.dumps(["locals", str(number)]), count=0) == ""
    assert "close some first" in user.do("open", id=user.rows["y"]["id"], count=0)


def test_a_value_leads_to_its_last_write_and_from_there_to_the_one_before(lines: Recording) -> None:
    user = User(Inspector(lines.at(900, unit="ns")))
    row = user.rows["y"]["id"]
    for time_ns, source_line in [(40, 14), (30, 13)]:
        assert user.do("jump", id=row) == ""
        assert (user.moment.time_ns, user.shown["source"]["line"]) == (time_ns, source_line)
    assert "not bound" in user.do("jump", id=row)
    user.do("time", time_ns=20)
    assert user.moment.time_ns == 20


def test_sections(lines: Recording) -> None:
    user = User(Inspector(lines.at(40, unit="ns")))
    for name in ("objects", "namespace", "output", "locals"):
        assert user.do("section", name=name) == ""
        assert user.shown["section"]["name"] == name
    assert set(user.rows) >= {"x", "y", "z"}


def test_nothing_was_running() -> None:
    empty = Recording(write_log(Script([], {}, threads=1, end=1000)))
    user = User(Inspector(empty.at(0)))
    assert user.shown["stack"]["frames"] == ["nothing recorded was running"]
    assert user.shown["stack"]["selected"] == -1
    nobody = User(Inspector(Recording(write_log(Script([], {}, threads=0, end=1000))).at(0)))
    assert "nothing was recorded: no thread ran code that is in scope" in nobody.shown["message"]
    assert (nobody.inspector.tracks, nobody.shown["steps"]) == ([], [])
    assert nobody.do("step", to="next")


def test_no_moment(rec: Recording) -> None:
    user = User(Inspector())
    assert user.shown["message"] == "no moment to show"
    assert user.do("step", to="next") == ""
    user.inspector.moment = at(rec, "len")
    assert user.shown["message"] == ""
    assert user.stack
    user.inspector.moment = None
    assert (user.stack, user.shown["message"]) == ([], "no moment to show")


def test_tracks(file: Path) -> None:
    shop = load(file, SHOP)
    running, go_on = threading.Event(), threading.Event()

    class Slow(str):
        def __eq__(self, other: object) -> bool:
            running.set()
            return go_on.wait(60) and False

    def both() -> None:
        thread = threading.Thread(target=shop.cost, args=(Slow("slow"),), name="worker")
        thread.start()
        running.wait(60)
        shop.cost("here")
        go_on.set()
        thread.join()

    rec = record(file, both)
    here = rec.find("cost")
    main = here[here.track == rec.contents.tracks.find("MainThread")].iloc[0]
    user = User(Inspector(rec.at(main)))
    assert sorted(user.inspector.tracks) == ["MainThread", "worker"]
    assert user.shown["track"] == main.track
    assert "item: 'here' exact" in user.text
    worker = rec.contents.tracks.find("worker")
    user.do("track", track=worker)
    assert (user.moment.time_ns, user.moment.stack().track) == (main.start_ns, worker)
    assert "item: 'here'" not in user.text
    assert user.stack[-1].startswith("cost")


def test_deep_stacks_are_shown_in_part(file: Path) -> None:
    module = load(file, "def down(n):\n    return n and down(n - 1)\n")
    rec = record(file, module.down, 450)
    user = User(Inspector(at(rec, "down", -1)))
    depth = len(at(rec, "down", -1).stack())
    stack = user.shown["stack"]
    assert (len(stack["frames"]), stack["first"]) == (101, 0)
    assert stack["frames"][-1] == f"… {depth - 100} more outwards"
    user.do("frame", frame=100)
    stack = user.shown["stack"]
    assert user.moment.selected == stack["selected"] == 100
    assert (stack["frames"][0], stack["first"]) == ("… 100 more inwards", 99)
    assert stack["frames"][1].split()[0] == "100"
    user.do("frame", frame=99)
    assert (user.moment.selected, user.shown["stack"]["first"]) == (99, 0)
    user.inspector.moment = user.moment.select(depth)
    stack = user.shown["stack"]
    assert user.moment.selected == depth - 1
    assert stack["frames"][stack["selected"] - stack["first"]].split()[0] == str(depth - 1)
    assert len(stack["frames"]) == stack["selected"] - stack["first"] + 1


def test_observers_hear_once_of_each_change(rec: Recording) -> None:
    user = User(Inspector(rec.at(0)))
    heard: list[Moment] = []
    user.inspector.observe(lambda change: heard.append(change.new), "moment")
    moment = at(rec, "len")
    user.inspector.moment = moment
    assert heard == [moment]
    user.inspector.moment = moment
    assert len(heard) == 1
    user.do("frame", frame=2)
    assert len(heard) == 2
    user.do("step", to="next")
    assert (len(heard), heard[-1]) == (3, user.inspector.moment)


def test_following_another_one_does_not_go_round_in_circles(rec: Recording) -> None:
    one, two = Inspector(rec.at(0)), Inspector(rec.at(0))
    one.observe(lambda change: setattr(two, "moment", change.new), "moment")
    two.observe(lambda change: setattr(one, "moment", change.new), "moment")
    User(one).do("step", to="next")
    assert one.moment is two.moment
    one.moment = at(rec, "len")
    User(two).do("frame", frame=1)
    assert one.moment is two.moment
    assert User(one).shown["stack"]["selected"] == 1


def test_it_is_one_widget_whatever_it_shows(rec: Recording) -> None:
    user = User(Inspector(rec.at(0)))
    before: dict[str, Widget] = dict(_instances)
    for time_ns in rec.events.time_ns:
        user.inspector.moment = rec.at(int(time_ns), unit="ns")
    assert dict(_instances) == before


def test_closing_it_frees_the_recording(rec: Recording, file: Path) -> None:
    before = set(_instances)
    rec = record(file, load(file, SHOP).order, ["apple"])
    inspector = Inspector(at(rec, "len"))
    assert set(_instances) > before
    contents = weakref.ref(rec.contents)
    inspector.close()
    assert set(_instances) == before
    inspector.close()
    scope.forget()
    del rec, inspector
    gc.collect()
    assert contents() is None
