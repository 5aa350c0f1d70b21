from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from reading.logs import Event, Script, code, write_log

from export.recordings import NASTY, crowded, dropped, empty, long, named, one_call
from scope_repl import Recording, ScopeError
from scope_repl.schema import Kind

pytestmark = pytest.mark.native

MIMETYPE = "application/vnd.plotly.v1+json"


def grouped(recording: Recording) -> pd.DataFrame:
    """The oracle: what pandas makes of the calls."""
    calls = recording.calls.astype({"module": object, "name": object}).fillna({"module": "", "name": ""})
    found = calls.groupby(["module", "name"]).agg(calls=("self_ns", "size"), self_ns=("self_ns", "sum"))
    return found.reset_index().rename(columns={"name": "function"})


def totals(recording: Recording) -> dict[tuple[str, str], int]:
    """The oracle: the slices of each function that do not stand below another one of it, added up one by one."""
    contents = recording.contents
    slices = contents.slices
    parents = contents.tables.slices["parent"].tolist()
    found: dict[tuple[str, str], int] = {}
    keys = []
    for row in range(len(parents)):
        entry = contents.codes[contents.spans.code[slices.call(row)]]
        keys.append((entry.module, entry.qualname))
    for row, key in enumerate(keys):
        above = parents[row]
        while above >= 0 and keys[above] != key:
            above = parents[above]
        if above < 0:
            found[key] = found.get(key, 0) + slices.end[row] - slices.start[row]
    return found


def trace(recording: Recording, kind: str = "icicle") -> dict[str, Any]:
    (found,) = recording.summary(kind).figure.to_plotly_json()["data"]
    return dict(found)


def assert_adds_up(blocks: dict[str, Any], total: int) -> None:
    """Each block takes exactly what the blocks in it take."""
    values = dict(zip(blocks["ids"], blocks["values"], strict=True))
    assert len(values) == len(blocks["ids"]), "ids are unique"
    inner: dict[str, int] = {}
    for own, parent in zip(blocks["ids"], blocks["parents"], strict=True):
        inner[parent] = inner.get(parent, 0) + values[own]
    assert inner.pop("") == total
    for parent, taken in inner.items():
        assert taken == values[parent]


@given(named())
@settings(deadline=None)
def test_the_table_is_that_of_pandas(recording: Recording) -> None:
    table = recording.summary().table
    keys = ["module", "function"]
    expected = grouped(recording).sort_values(keys, ignore_index=True)
    found = table.sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(found[[*keys, "calls", "self_ns"]], expected, check_dtype=False)
    assert table["self_ns"].is_monotonic_decreasing
    expected_totals = totals(recording)
    for row in table.itertuples():
        assert row.total_ns == expected_totals.get((row.module, row.function), 0)


@given(named())
@settings(deadline=None)
def test_the_blocks_add_up(recording: Recording) -> None:
    if len(recording.calls):
        for kind in ("icicle", "treemap"):
            assert_adds_up(trace(recording, kind), int(recording.calls["self_ns"].sum()))


@pytest.mark.parametrize("make", [one_call, dropped, long, lambda: crowded(3, 2000)])
def test_real_and_large_recordings_add_up(make: Any) -> None:
    recording = make()
    assert_adds_up(trace(recording), int(recording.calls["self_ns"].sum()))


def many(functions: int, modules: int) -> Recording:
    codes = {
        number: code(f"f{number}", module=f"package{number % modules}.part{number % 7}")
        for number in range(1, functions + 1)
    }
    events, tick = [], 0
    for number in codes:
        events += [Event(tick, 0, Kind.CALL, number), Event(tick + number, 0, Kind.RETURN, number)]
        tick += number
    return Recording(write_log(Script(events, codes)))


@pytest.mark.parametrize(("functions", "modules"), [(5000, 3), (5000, 1000), (290, 1), (300, 1)])
def test_there_are_never_too_many_blocks(functions: int, modules: int) -> None:
    recording = many(functions, modules)
    blocks = trace(recording)
    assert len(blocks["ids"]) <= 300
    assert_adds_up(blocks, int(recording.calls["self_ns"].sum()))
    shown = [label for label in blocks["labels"] if label.startswith("f")]
    hidden = [int(label.split()[1].replace(",", "")) for label in blocks["labels"] if label.startswith("…")]
    assert len(shown) + sum(hidden) == functions
    assert f"f{functions}" in shown, "those that took most are there"


def test_a_package_has_modules_and_a_module_functions() -> None:
    names = {1: ("shop", "main"), 2: ("shop.orders", "total"), 3: ("", "odd")}
    codes = {number: code(name, module=module) for number, (module, name) in names.items()}
    events = [Event(10 * number + end, 0, (Kind.CALL, Kind.RETURN)[end], number) for number in codes for end in (0, 1)]
    blocks = trace(Recording(write_log(Script(events, codes))))
    paths = {}
    for own, parent, label in zip(blocks["ids"], blocks["parents"], blocks["labels"], strict=True):
        paths[own] = (*paths.get(parent, ()), label)
    assert set(paths.values()) == {
        ("all calls",),
        ("all calls", "shop"),
        ("all calls", "shop", "main"),
        ("all calls", "shop", "shop.orders"),
        ("all calls", "shop", "shop.orders", "total"),
        ("all calls", "(no module)"),
        ("all calls", "(no module)", "odd"),
    }


def test_a_notebook_gets_the_figure_and_the_table() -> None:
    summary = crowded(2, 100).summary()
    bundle = summary._repr_mimebundle_()
    assert set(bundle) == {MIMETYPE, "text/html", "text/plain"}
    text = json.dumps(bundle)
    assert len(text) < 150_000
    assert "http" not in text
    assert "<script" not in text
    assert bundle["text/plain"] == repr(summary)


def test_the_text_shows_the_first_rows_and_counts_the_others() -> None:
    summary = many(25, 2).summary()
    lines = repr(summary).splitlines()
    assert lines[0].split() == ["function", "module", "calls", "self", "total"]
    assert lines[1].split() == ["f25", "package1.part4", "1", "25", "ns", "25", "ns"]
    assert lines[-1] == "… 5 more functions"
    assert len(lines) == 22


def test_nothing_was_recorded() -> None:
    summary = empty().summary()
    assert summary._repr_mimebundle_() == {"text/plain": "no calls were recorded"}
    assert summary.table.empty


def test_tags_in_names_are_shown_as_they_are() -> None:
    events = [Event(5, 0, Kind.CALL, 1), Event(9, 0, Kind.RETURN, 1)]
    recording = Recording(write_log(Script(events, {1: code("<b>&amp;</b>")})))
    assert trace(recording)["labels"][-1] == "&lt;b&gt;&amp;amp;&lt;/b&gt;"
    assert "<td>&lt;b&gt;&amp;amp;&lt;/b&gt;</td>" in recording.summary()._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize("name", NASTY)
def test_it_can_be_sent_whatever_the_names_are(name: str) -> None:
    codes = {number: code(name * 2000, module=f"{name}.{number}") for number in (1, 2)}
    events = [Event(2 * number + end, 0, (Kind.CALL, Kind.RETURN)[end], number) for number in codes for end in (0, 1)]
    bundle = Recording(write_log(Script(events, codes))).summary()._repr_mimebundle_()
    assert len(json.dumps(bundle, ensure_ascii=False).encode()) < 20_000


def test_there_is_no_such_kind() -> None:
    with pytest.raises(ScopeError, match="kind='pie': the kinds are 'icicle' and 'treemap'"):
        one_call().summary("pie")
