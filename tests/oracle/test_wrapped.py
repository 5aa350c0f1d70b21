"""After the ring has wrapped, every moment from the horizon on is as well known as if nothing had been dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from oracle.comparison import compare
from oracle.corpus import LONG, OWN, newest_truths, truths
from oracle.recorded import places, record
from scope_repl import OutOfRange

REPEATED = [path for path in OWN if path.stem not in ("million_items", "pandas_frame")]
RECORDS = 10_000  # of which a small buffer holds the newest few thousands
EVERY = 7  # of the newest moments each so many-th is compared


@pytest.mark.parametrize(
    ("buffer", "count", "every"),
    [pytest.param("64KB", 4000, 11, marks=pytest.mark.native), ("192KB", 12_000, 101)],
)
@pytest.mark.parametrize("path", LONG, ids=[path.stem for path in LONG])
def test_long_programs(path: Path, buffer: str, count: int, every: int) -> None:
    newest, expected = newest_truths(path, count)
    rec, behaviour = record(path, buffer=buffer)
    assert behaviour == expected
    stats = rec.stats
    assert stats.dropped > stats.stored
    assert stats.produced == stats.stored + stats.dropped
    with pytest.raises(OutOfRange):
        rec.at(stats.horizon_ns - 1, unit="ns")
    held = {name: newest[name][-len(own) :] for name, own in places(rec, path).items()}
    verdict = compare(rec, path, held, tail=True, every=every)
    assert not verdict.problems, verdict.report()
    assert verdict.events > 50
    whole, _ = record(path)
    assert whole.stats.dropped == 0
    before = compare(whole, path, held, tail=True, every=every)
    assert verdict.own == before.own, f"{verdict.report()}\n{before.report()}"
    assert verdict.callers == before.callers, f"{verdict.report()}\n{before.report()}"


@pytest.mark.parametrize("path", REPEATED, ids=[path.stem for path in REPEATED])
def test_programs_that_are_run_again_and_again(path: Path) -> None:
    found, expected = truths(path)
    times = max(4, RECORDS // sum(map(len, found.values())))
    rec, behaviour = record(path, times=times, buffer="64KB")
    assert behaviour == expected
    verdict = compare(rec, path, {name: own * times for name, own in found.items()}, tail=True, every=EVERY)
    assert not verdict.problems, verdict.report()
    assert verdict.events


def test_a_module_of_the_same_name_again(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text("x = 1\ny = 2\n")
    found, _ = truths(path)
    rec, _ = record(path, times=2)
    verdict = compare(rec, path, {name: own * 2 for name, own in found.items()})
    assert not verdict.problems, verdict.report()
