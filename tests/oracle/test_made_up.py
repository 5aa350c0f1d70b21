"""The same for programs that hypothesis makes up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from reference.tracer import run

from oracle.comparison import Verdict, compare, total
from oracle.made_up import programs
from oracle.recorded import record
from oracle.truth import observing

EXACT = 0.9  # made-up values nest deeper than people's


@pytest.mark.slow
def test_each_local_at_each_line(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    verdicts: list[Verdict] = []

    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),  # not "explain", which is a monitoring tool
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
    )
    @given(programs())
    def agrees(source: str) -> None:
        path.write_text(source)
        with observing(path) as oracle:
            expected = run(path)
        rec, behaviour = record(path)
        assert behaviour == expected
        verdict = compare(rec, path, oracle.threads, callers=7)
        verdicts.append(verdict)
        assert not verdict.problems, verdict.report()

    agrees()
    all_of_them = total(verdicts)
    assert all_of_them.events > 1000
    assert all_of_them.share("exact") >= EXACT, all_of_them.report()
