from __future__ import annotations

from collections.abc import Iterator

import pytest

from scope_repl import _tracer
from scope_repl.capture.cells import Cells
from scope_repl.model import Clock


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A clock that goes on by 10 with each look, and a recorder that runs."""
    times = iter(range(10, 1000, 10))
    monkeypatch.setattr(_tracer, "now", lambda: next(times))
    monkeypatch.setattr(_tracer, "running", lambda: True)
    yield
    monkeypatch.undo()


@pytest.mark.usefixtures("ticks")
def test_runs_are_cut_to_the_recording() -> None:
    cells = Cells()
    cells.begin(1, "a")  # 10
    cells.end()  # 20
    cells.begin(2, "b")  # 30
    cells.end()  # 40
    cells.begin(None, "c")  # 50
    found = cells.within(Clock(35, 60, 1.0, 0))
    assert [(run.number, run.source, run.start, run.end) for run in found] == [(2, "b", 35, 40), (None, "c", 50, 60)]


@pytest.mark.usefixtures("ticks")
def test_a_cell_in_a_cell_is_a_part_of_it() -> None:
    cells = Cells()
    outer = cells.begin(1, "outer")
    inner = cells.begin(None, "inner")
    assert cells.current() is inner
    assert cells.end() is inner
    assert cells.current() is outer
    assert cells.end() is outer
    assert [run.source for run in cells.within(Clock(0, 100, 1.0, 0))] == ["outer"]


def test_ends_without_a_beginning() -> None:
    cells = Cells()
    assert cells.end() is None
    assert cells.current() is None


def test_nothing_is_remembered_while_nothing_is_recorded() -> None:
    cells = Cells()
    cells.begin(1, "a")
    cells.end()
    assert cells.within(Clock(0, 2**62, 1.0, 0)) == ()


@pytest.mark.usefixtures("ticks")
def test_what_is_over_belongs_to_no_later_recording() -> None:
    cells = Cells()
    cells.begin(1, "a")
    cells.end()
    cells.forget()
    assert cells.within(Clock(0, 100, 1.0, 0)) == ()
