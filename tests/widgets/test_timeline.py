"""The timeline over the wire: what a page asks, what the kernel answers, and what both keep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from front import VIEW, Cell, Front, front

pytestmark = pytest.mark.slow

PROGRAM = """
import gc, threading, weakref
import scope_repl

def leaf(number):
    return 2 * number

def branch(size):
    return sum([leaf(number) for number in range(size)])

def trunk():
    branch(3)
    thread = threading.Thread(target=branch, args=(2,), name="worker")
    thread.start()
    thread.join()
    return branch(4)

def record():
    with scope_repl.record() as rec:
        trunk()
    return rec

rec = record()
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with front(tmp_path_factory.mktemp("page")) as opened:
        opened.run(PROGRAM)
        yield opened


@pytest.fixture
def shown(page: Front) -> Iterator[tuple[Front, str]]:
    """A timeline of the recording, shown on the page: the page and the chart's model."""
    cell = page.run("timeline = rec.timeline()\ntimeline")
    yield page, chart_of(page, cell)
    page.run("timeline.close()")


def chart_of(page: Front, cell: Cell) -> str:
    return page.children(cell.widget)[0]


def everything(page: Front, chart: str, columns: int = 1000) -> dict[str, object]:
    scene = page.models[chart]["scene"]
    rows = [[track, 0, one["rows"]] for track, one in enumerate(scene["tracks"])]
    return {"kind": "picture", "start_ns": 0, "end_ns": scene["duration_ns"], "columns": columns, "rows": rows}


def test_display_has_a_line_a_picture_and_a_text_for_those_without_widgets(page: Front) -> None:
    cell = page.run("timeline = rec.timeline()\ntimeline")
    line, bundle = cell.displayed
    assert page.value("rec.stats.line()") == repr(line["text/plain"])
    assert "data:image/svg+xml;base64," in line["text/html"]
    assert bundle[VIEW]["model_id"] in page.models
    assert bundle["image/svg+xml"].startswith("<svg")
    assert "branch" in bundle["text/plain"]
    page.run("timeline.close()")


def test_a_cell_that_runs_again_is_shown_where_its_first_call_begins(page: Front) -> None:
    for _ in range(2):
        page.run("%%scope_trace\nheld = [1]\nheld.append(2)")
    page.run("repeated = scope.last.timeline()")
    assert page.value("[frame.function for frame in repeated.moment.stack()]") == "['<module>']"
    page.run("repeated.close()")


def test_the_first_picture_comes_with_the_model(shown: tuple[Front, str]) -> None:
    page, chart = shown
    state = page.models[chart]
    assert state["overview"]["count"] > 10
    assert {name for _, name, _ in state["overview"]["names"]} >= {"trunk", "branch", "leaf"}
    assert [track["name"] for track in state["scene"]["tracks"]] == ["MainThread", "worker"]
    assert len(state["overview_data"]) <= 200_000


def test_a_viewport_is_answered(shown: tuple[Front, str]) -> None:
    page, chart = shown
    wanted = everything(page, chart)
    answer, buffers = page.ask(chart, **wanted)
    assert (answer["kind"], answer["columns"]) == ("picture", 1000)
    assert answer["rows"] == wanted["rows"]
    (data,) = buffers
    assert len(data) == 18 * answer["count"] + 5 * answer["code_count"]
    assert len(data) + len(json.dumps(answer)) <= 200_000
    assert {name for _, name, _ in answer["names"]} >= {"trunk", "branch", "leaf"}


def test_a_view_is_told_each_name_once(shown: tuple[Front, str]) -> None:
    page, chart = shown
    wanted = everything(page, chart)
    assert page.ask(chart, view="one", **wanted)[0]["names"]
    assert not page.ask(chart, view="one", **wanted)[0]["names"]
    assert page.ask(chart, view="two", **wanted)[0]["names"]


def test_clicking_a_call_selects_it_and_moves_the_moment(shown: tuple[Front, str]) -> None:
    page, chart = shown
    call = int(page.value("int(rec.find('leaf', where={'number': 3}).index[0])"))
    start, end = (int(page.value(f"int(rec.calls.{name}[{call}])")) for name in ("start_ns", "end_ns"))
    answer, _ = page.ask(chart, kind="pick", call=call, time_ns=(start + end) // 2)
    assert answer["kind"] == "done"
    state = page.models[chart]
    assert state["cursor_ns"] == (start + end) // 2
    assert state["selection"]["call"] == call
    assert state["selection"]["arguments"] == [["number", "3", "exact"]]
    assert state["selection"]["result"][0] == "6"
    assert page.value("timeline.moment.time_ns") == str((start + end) // 2)
    assert page.value("timeline.moment.frame.span") == str(call)
    assert page.value("timeline.moment.args['number']") == "3"


def test_clicking_where_several_calls_are_drawn_as_one_selects_the_longest(shown: tuple[Front, str]) -> None:
    page, chart = shown
    longest = int(page.value('int(rec.calls.query("depth == 0 and track == 0").duration_ns.idxmax())'))
    end = page.models[chart]["scene"]["duration_ns"]
    page.ask(chart, kind="pick", track=0, depth=0, start_ns=0, end_ns=end, time_ns=end // 2)
    assert page.models[chart]["selection"]["call"] == longest
    page.ask(chart, kind="unpick")
    assert page.models[chart]["selection"] == {}


def test_dragging_the_cursor_moves_the_moment_and_the_inspector(shown: tuple[Front, str]) -> None:
    page, chart = shown
    inspector = page.children(page.run("timeline").widget)[1]
    for function in ("leaf", "branch"):
        row = f"rec.find('{function}').iloc[-1]"
        time_ns = int(page.value(f"int({row}.end_ns) - 1"))
        page.set(chart, cursor_ns=time_ns)
        assert page.value("timeline.moment.time_ns") == str(time_ns)
        assert page.value(f"timeline.moment.frame.qualname == {row}['name']") == "True"
        assert stack_shown(page, inspector)[0].startswith(f"0  {function}")


def stack_shown(page: Front, inspector: str) -> list[str]:
    """The frames in the inspector's list."""
    return list(page.models[inspector]["shown"]["stack"]["frames"])


def test_two_views_of_one_recording_share_the_cursor_and_the_selection(shown: tuple[Front, str]) -> None:
    page, chart = shown
    other = chart_of(page, page.run("other = rec.timeline()\nother"))
    page.set(chart, cursor_ns=1234)
    page.run("pass")
    assert page.models[other]["cursor_ns"] == 1234
    page.ask(other, kind="pick", call=0, time_ns=0)
    page.run("other.close()")
    assert page.models[chart]["selection"]["call"] == 0


def test_the_moment_can_be_set(shown: tuple[Front, str]) -> None:
    page, chart = shown
    page.run("timeline.moment = rec.at(rec.find('leaf').iloc[-1])")
    assert page.models[chart]["selection"]["name"] == "leaf"
    assert page.value("timeline.moment.time_ns") == str(page.models[chart]["cursor_ns"])
    cell = page.end(page.begin("timeline.moment = record().at(0)"))
    assert "is no moment of this recording" in cell.error


def test_walking_from_call_to_call(shown: tuple[Front, str]) -> None:
    page, chart = shown
    page.run("timeline.moment = rec.at(rec.find('trunk').iloc[0])")
    for to, name in (("child", "branch"), ("parent", "trunk")):
        page.ask(chart, kind="step", to=to)
        assert page.models[chart]["selection"]["name"] == name
    answer, _ = page.ask(chart, kind="step", to="sideways")
    assert (answer["kind"], "parent, child, left, right" in answer["message"]) == ("failed", True)


def test_stepping_from_event_to_event(shown: tuple[Front, str]) -> None:
    page, chart = shown
    page.set(chart, cursor_ns=0)
    page.run("steps = [moment.time_ns for moment in [rec.at(0).next(), rec.at(0).next().next()]]")
    for step in (0, 1):
        page.ask(chart, kind="step", to="next")
        assert page.value(f"timeline.moment.time_ns == steps[{step}]") == "True"
    page.ask(chart, kind="step", to="previous")
    assert page.value("timeline.moment.time_ns == steps[0]") == "True"
    page.set(chart, cursor_ns=page.models[chart]["scene"]["duration_ns"])
    assert "no event after" in page.ask(chart, kind="step", to="next")[0]["message"]


def test_rows_for_the_table(shown: tuple[Front, str]) -> None:
    page, chart = shown
    end = page.models[chart]["scene"]["duration_ns"]
    question = {"kind": "rows", "start_ns": 0, "end_ns": end, "sort": "duration_ns", "descending": True, "limit": 5}
    answer, _ = page.ask(chart, filter="leaf", **question)
    assert answer["total"] == 9
    assert [row[6] for row in answer["rows"]] == ["leaf"] * 5
    durations = [row[4] for row in answer["rows"]]
    assert durations == sorted(durations, reverse=True)


@pytest.mark.parametrize(
    "question",
    [
        {"kind": "picture", "start_ns": 5, "end_ns": 5, "columns": 10, "rows": []},
        {"kind": "picture", "start_ns": 0, "end_ns": 5, "columns": "many", "rows": []},
        {"kind": "pick", "call": 10**9, "time_ns": 0},
        {"kind": "pick", "track": 99, "depth": 0, "start_ns": 0, "end_ns": 1, "time_ns": 0},
        {"kind": "rows", "start_ns": 0, "end_ns": 1, "filter": "", "sort": "colour", "descending": True, "limit": 5},
        {"kind": "dance"},
    ],
    ids=lambda question: str(question["kind"]),
)
def test_nonsense_is_answered_with_a_reason(shown: tuple[Front, str], question: dict[str, object]) -> None:
    page, chart = shown
    answer, _ = page.ask(chart, **question)
    assert answer["kind"] == "failed"
    assert answer["message"]


def test_a_busy_kernel_answers_on_a_subshell(shown: tuple[Front, str]) -> None:
    page, chart = shown
    subshell = page.subshell()
    if subshell is None:
        pytest.skip("this ipykernel has no subshells")
    page.run("gate = threading.Event(); told = threading.Event()")
    running = page.begin("timeline.moment = rec.at(0)\ntold.set()\nassert gate.wait(60)")
    page.run("assert told.wait(60)", subshell)
    wanted = everything(page, chart)
    answer, _ = page.ask(chart, subshell, **wanted)
    assert answer["kind"] == "picture"
    page.set(chart, subshell, cursor_ns=4321)
    page.ask(chart, subshell, **wanted)
    assert page.run("timeline.moment.time_ns", subshell).result == "4321"
    page.run("gate.set()", subshell)
    assert not page.end(running).error


def test_a_recording_is_freed_when_its_last_view_is_closed(page: Front) -> None:
    page.run("mine = record(); alive = weakref.ref(mine.contents); scope_repl.session.scope.forget()")
    shown = page.run("first, second = mine.timeline(), mine.timeline()\ndisplay(first, second)")
    charts = [chart_of(page, Cell(displayed=[data])) for data in shown.displayed if VIEW in data]
    for chart, view in zip(charts, "ab", strict=True):
        page.say(chart, kind="opened", view=view)
    page.run("del mine")
    page.say(charts[0], kind="closed", view="a")
    assert page.value("gc.collect() and None, alive() is None") == "(None, False)"
    page.say(charts[1], kind="closed", view="b")
    assert page.value("gc.collect() and None, alive() is None") == "(None, True)"
    assert not set(charts) & set(page.models)
    assert "recording is gone" in page.run("first").stdout


def test_a_view_whose_page_was_reloaded_is_not_waited_for(page: Front) -> None:
    page.run("from scope_repl.widgets import audience; audience.PATIENCE_S = 0.5")
    chart = chart_of(page, page.run("timeline = rec.timeline()\ntimeline"))
    for view in ("before", "after", "beside"):
        page.say(chart, kind="opened", view=view)
    page.say(chart, kind="closed", view="beside")
    page.wait(lambda: page.asked_for(chart) == 1)
    page.say(chart, kind="opened", view="after")  # the page that was reloaded says nothing
    page.run("import time\nwhile len(timeline._chart.audience._open) > 1: time.sleep(0.001)")
    page.say(chart, kind="closed", view="after")
    page.wait(lambda: chart not in page.models)
    page.run("audience.PATIENCE_S = 5.0")


def test_timelines_that_nobody_looks_at_are_let_go_of(page: Front) -> None:
    page.run("alive = []")
    for _ in range(12):
        page.run("%%scope_trace\ntrunk()")
        page.run("alive.append(weakref.ref(scope.last.contents))")
    page.run("scope.forget()")
    assert int(page.value("gc.collect() and None, sum(one() is not None for one in alive)").strip("(None, )")) <= 8


def test_a_timeline_that_was_closed_can_be_shown_again(page: Front) -> None:
    cell = page.run("again = rec.timeline()\nagain")
    chart = chart_of(page, cell)
    page.say(chart, kind="opened", view="a")
    page.say(chart, kind="opened", view="b")
    page.say(chart, kind="closed", view="a")
    page.run("pass")
    assert chart in page.models
    page.say(chart, kind="closed", view="b")
    page.run("pass")
    assert chart not in page.models
    chart = chart_of(page, page.run("again"))
    assert page.ask(chart, **everything(page, chart))[0]["count"] > 10
    page.run("again.close()")


def test_a_timeline_tells_in_one_line_what_it_shows(page: Front) -> None:
    page.run("line = rec.stats.line()")
    assert page.value("repr(rec.timeline()) == f'<Timeline: {line}>'") == "True"


def test_a_folder_is_no_matter(tmp_path: Path) -> None:
    """The widgets' assets are found wherever the kernel works."""
    with front(tmp_path) as page:
        page.run("import scope_repl\nwith scope_repl.record() as rec: sorted([2, 1])")
        assert page.models[chart_of(page, page.run("rec.timeline()"))]["_esm"]
