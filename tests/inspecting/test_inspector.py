"""The inspector as a user drives it: buttons are pressed, frames and tracks chosen, and what it says is read."""

from __future__ import annotations

import gc
import html
import re
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ipywidgets import HTML, Button, Dropdown, Select, Widget
from ipywidgets.widgets.widget import _instances
from reading.logs import Script, write_log

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
    return record(file, load(file, SHOP).order, ["apple", "<b>&", "bad"])


class User:
    """Someone who looks at an inspector, and touches it."""

    def __init__(self, inspector: Inspector) -> None:
        self.inspector = inspector

    def _widgets(self, widget: Any = None) -> Iterator[Widget]:
        for child in (widget or self.inspector).children:
            yield child
            if hasattr(child, "children"):
                yield from self._widgets(child)

    def find(self, kind: type, text: str = "") -> Any:
        (found,) = [widget for widget in self._widgets() if isinstance(widget, kind) and text in widget.description]
        return found

    @property
    def stack(self) -> list[str]:
        return [" ".join(label.split()[1:]) for label in self.find(Select).options]

    @property
    def text(self) -> str:
        """All that stands in the panels."""
        panels = [widget.value for widget in self._widgets() if isinstance(widget, HTML)]
        marked = "\n".join(panel for panel in panels if "<style>" not in panel).replace("</div>", "\n")
        return html.unescape(re.sub("<[^>]*>", "", marked))

    @property
    def current_line(self) -> str:
        (line,) = re.findall(r"^▶.*$", self.text, re.MULTILINE)
        return str(line)


def at(rec: Recording, name: str, row: int = 0) -> Moment:
    return rec.at(rec.find(name).iloc[row])


def test_the_stack_the_values_and_the_source(rec: Recording, file: Path) -> None:
    file.write_text("# edited")
    user = User(Inspector(at(rec, "len")))
    assert user.stack[:4] == ["len builtins", "cost shop.py:10", "price shop.py:4", "order shop.py:16"]
    assert "values of calls into libraries and C are not captured" in user.text
    assert "no source" in user.text
    user.find(Select).index = 2
    assert user.inspector.moment is not None
    assert user.inspector.moment.frame.qualname == "price"
    assert "item: 'apple' exact\ncount: 2 exact\n" in user.text
    assert re.search(r"returned later, \S+ \wm?s after: 10 exact", user.text)
    assert user.current_line == "▶ 4        total += cost(item)"
    assert "line exact source exact" in user.text


def test_what_ran_in_a_file_that_was_edited_before_is_not_confirmed(file: Path) -> None:
    shop = load(file, SHOP)
    file.write_text("\n" + SHOP)
    rec = record(file, shop.order, ["apple"])
    user = User(Inspector(at(rec, "price")))
    assert "source unknown: the file differs from what ran" in user.text


def test_the_last_known_line_has_its_age(rec: Recording) -> None:
    returned = int(rec.find("len").iloc[0].end_ns)
    user = User(Inspector(rec.at(returned, unit="ns")))
    assert (user.stack[0], "line exact" in user.text) == ("cost shop.py:10", True)
    user.inspector.moment = rec.at(returned + 1, unit="ns")
    assert (user.stack[0], "line last known 1 ns before: its last call" in user.text) == ("cost shop.py:10", True)


def test_an_exception(rec: Recording) -> None:
    user = User(Inspector(at(rec, "cost", -1)))
    assert re.search(r"raised later, \S+ \S+ after: ValueError: no <bad> exact", user.text)
    user.find(Select).index = 2
    assert re.search(r"items: \['apple', '<b>&', 'bad'\] exact", user.text)


def test_everything_is_escaped(rec: Recording) -> None:
    user = User(Inspector(at(rec, "cost", 2)))
    panels = [widget.value for widget in user._widgets() if isinstance(widget, HTML)]
    assert not any("<b>" in panel for panel in panels)
    assert "'<b>&'" in user.text
    assert 'raise ValueError(f"no <{item}>")' in user.text


def test_stepping_through_all_events(rec: Recording) -> None:
    user = User(Inspector(rec.at(0)))
    following, preceding = user.find(Button, "Next"), user.find(Button, "Previous")
    assert preceding.disabled
    assert not following.disabled
    times = [0]
    while not following.disabled:
        following.click()
        assert user.inspector.moment is not None
        times.append(user.inspector.moment.time_ns)
    assert times == sorted({0, *rec.events.time_ns})
    while not preceding.disabled:
        preceding.click()
        assert user.inspector.moment.time_ns == times[-2]
        times.pop()
    assert len(times) == 2  # nothing is before the first event


def test_errors_are_shown_and_do_not_escape(rec: Recording) -> None:
    user = User(Inspector(rec.at("100%")))
    following = user.find(Button, "Next")
    moment = user.inspector.moment
    following.click()  # a click that was on its way when the button was disabled
    assert user.inspector.moment is moment
    assert "there is no event after" in user.text
    user.find(Button, "Previous").click()
    assert "there is no event after" not in user.text


def test_nothing_was_running() -> None:
    empty = Recording(write_log(Script([], {}, threads=1, end=1000)))
    user = User(Inspector(empty.at(0)))
    assert user.find(Select).options == ("nothing recorded was running",)
    assert user.find(Select).disabled
    nobody = User(Inspector(Recording(write_log(Script([], {}, threads=0, end=1000))).at(0)))
    assert "nothing was recorded: no thread ran code that is in scope" in nobody.text
    assert nobody.find(Dropdown).layout.display == "none"
    for button in (nobody.find(Button, "Next"), nobody.find(Button, "Previous")):
        assert button.disabled
        button.click()


def test_no_moment(rec: Recording) -> None:
    user = User(Inspector())
    assert "no moment to show" in user.text
    user.find(Button, "Next").click()
    user.inspector.moment = at(rec, "len")
    assert "no moment" not in user.text
    assert not user.find(Select).disabled
    user.inspector.moment = None
    assert (user.stack, "no moment to show" in user.text) == ([], True)


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
    tracks = user.find(Dropdown)
    assert {label.split(": ")[1] for label, _ in tracks.options} == {"MainThread", "worker"}
    assert tracks.layout.display is None
    assert tracks.value == main.track
    assert "item: 'here' exact" in user.text
    tracks.value = rec.contents.tracks.find("worker")
    assert user.inspector.moment is not None
    assert (user.inspector.moment.time_ns, user.inspector.moment.stack().track) == (main.start_ns, tracks.value)
    assert "item: 'here'" not in user.text
    assert user.stack[-1].startswith("cost")
    alone = User(Inspector(record(file, shop.cost, "one").at("50%")))
    assert alone.find(Dropdown).layout.display == "none"


def test_deep_stacks_are_shown_in_part(file: Path) -> None:
    module = load(file, "def down(n):\n    return n and down(n - 1)\n")
    rec = record(file, module.down, 450)
    user = User(Inspector(at(rec, "down", -1)))
    stack = user.find(Select)
    depth = len(at(rec, "down", -1).stack())
    assert len(stack.options) == 101
    assert stack.options[-1] == f"… {depth - 100} more outwards"
    stack.index = 100
    assert user.inspector.moment is not None
    assert user.inspector.moment.selected == 100
    assert (stack.options[0], stack.index) == ("… 100 more inwards", 1)
    assert stack.options[1].split()[0] == "100"
    stack.index = 0
    assert (user.inspector.moment.selected, stack.index) == (99, 99)
    user.inspector.moment = user.inspector.moment.select(depth)
    assert user.inspector.moment.selected == depth - 1
    assert stack.options[stack.index].split()[0] == str(depth - 1)
    assert stack.index == len(stack.options) - 1


def test_observers_hear_once_of_each_change(rec: Recording) -> None:
    user = User(Inspector(rec.at(0)))
    heard: list[Moment] = []
    user.inspector.observe(lambda change: heard.append(change.new), "moment")
    moment = at(rec, "len")
    user.inspector.moment = moment
    assert heard == [moment]
    user.inspector.moment = moment
    assert len(heard) == 1
    user.find(Select).index = 2
    assert len(heard) == 2
    user.find(Button, "Next").click()
    assert (len(heard), heard[-1]) == (3, user.inspector.moment)


def test_following_another_one_does_not_go_round_in_circles(rec: Recording) -> None:
    one, two = Inspector(rec.at(0)), Inspector(rec.at(0))
    one.observe(lambda change: setattr(two, "moment", change.new), "moment")
    two.observe(lambda change: setattr(one, "moment", change.new), "moment")
    User(one).find(Button, "Next").click()
    assert one.moment is two.moment
    one.moment = at(rec, "len")
    User(two).find(Select).index = 1
    assert one.moment is two.moment
    assert User(one).find(Select).index == 1


def test_the_widgets_stay_the_same_while_the_moment_changes(rec: Recording) -> None:
    user = User(Inspector(rec.at(0)))
    before, parts = dict(_instances), list(user._widgets())
    for time_ns in rec.events.time_ns:
        user.inspector.moment = rec.at(int(time_ns), unit="ns")
    assert list(user._widgets()) == parts
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


def test_labels_for_those_who_do_not_see_it(rec: Recording) -> None:
    user = User(Inspector(at(rec, "len")))
    assert user.find(Button, "Next").tooltip == "Go to the next event"
    assert user.find(Button, "Previous").tooltip == "Go to the previous event"
    assert user.find(Select).description == "Stack, innermost first: exact"
    assert user.find(Dropdown).description == "Track"


def test_the_source_can_be_scrolled_with_the_keyboard(rec: Recording) -> None:
    sources = [each.value for each in User(Inspector(at(rec, "price"))).inspector.children if isinstance(each, HTML)]
    assert '<pre tabindex="0" role="group" aria-label="Source">' in sources[-1]
