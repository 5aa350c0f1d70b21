"""The spans of the outer face: well nested on each track, with the parents that the reference says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference.spans import Span, spans
from reference.tracer import observing, run

import scope_repl
from scope_repl.schema import Outcome

PROGRAMS = sorted((Path(__file__).parents[1] / "programs").glob("*.py"))
OTHER_THREAD = "generator_other_thread"  # the reference has no order between threads


def recorded(path: Path) -> Any:
    with scope_repl.record(level="calls", include=str(path), exclude="reference*") as recording:
        run(path)
    return recording


def of_program(path: Path, recording: Any) -> Any:
    """The rows of the program's own functions: its file's."""
    calls = recording.calls
    return calls[calls["file"] == str(path)]


def parent_name(names: Any, parent: int) -> str:
    """The caller's name; "" at the bottom of what the program is, which is run by a function of the tests."""
    return names[parent] if parent >= 0 else ""


def described(span: Span) -> tuple[str, str, str]:
    return span.name, span.thread, "return" if span.outcome is Outcome.RETURN else span.outcome.name.lower()


@pytest.mark.parametrize("path", PROGRAMS, ids=[path.stem for path in PROGRAMS])
def test_spans_nest(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    run(path)
    recording = recorded(path)
    calls, events = recording.calls, recording.events
    parent = calls["parent"].to_numpy()
    inner = parent >= 0
    assert (calls["end_ns"] >= calls["start_ns"]).all()
    assert (calls["self_ns"] >= 0).all()
    depth, track = calls["depth"].to_numpy(), calls["track"].to_numpy()
    resumed = events["call"][events["kind"].isin(["resume", "throw"])]  # their depth is that of where they began
    plain = inner & ~np.isin(parent, resumed)
    assert (depth[plain] == depth[parent[plain]] + 1).all()
    known = calls["start_known"].to_numpy()  # not of a generator that was thrown into before it ran
    same_track = inner & known & (track == np.where(inner, track[parent], -1))
    assert (calls["start_ns"].to_numpy()[same_track] >= calls["start_ns"].to_numpy()[parent[same_track]]).all()


@pytest.mark.parametrize("path", [p for p in PROGRAMS if p.stem != OTHER_THREAD], ids=lambda path: path.stem)
def test_spans_are_those_of_the_reference(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    run(path)
    with observing(path, values=False, c_calls=True) as trace:
        run(path)
    recording = recorded(path)  # what became of a generator that was closed without an event is "unknown"
    calls, tracks = recording.calls, recording.tracks
    names, parents = calls["name"].astype(str), calls["parent"].to_numpy()
    own = of_program(path, recording)
    found = Counter(
        (
            names[row],
            str(tracks["name"][track]),
            str(outcome).replace("unknown", "suspended"),
            parent_name(names, parents[row]),
        )
        for row, track, outcome in zip(own.index, own["track"], own["outcome"], strict=True)
    )
    expected = Counter((*described(span), span.parent) for span in spans(trace.threads) if span.own)
    assert found == expected
