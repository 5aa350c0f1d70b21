"""Bodies of modules that share a name: each has the variables of its own namespace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from questions.asked import all_lines, recorded

INNER = "a = 'inner'\nb = [a]\nc = b\n"
OUTER = f"""
def main():
    code = compile({INNER!r}, __file__, "exec")
    outer = compile({{outer!r}}, __file__, "exec")
    for number in range(2):
        exec(outer, {{{{"__name__": "twice", "code": code}}}})
"""
BESIDE = "a = 'outer'\nexec(code, {'__name__': 'twice'})\nd = a\n"
WITHIN = "a = 'outer'\nexec(code, globals(), {})\nd = a\n"


@pytest.mark.parametrize("outer", [BESIDE, WITHIN])
def test_every_line_has_the_names_of_its_own_namespace(tmp_path: Path, outer: str) -> None:
    rec = recorded(tmp_path, OUTER.format(outer=outer))
    found: list[tuple[int, dict[str, Any], dict[str, Any] | None]] = []
    for moment in all_lines(rec):
        bodies = [frame for frame in moment.frames if frame.qualname == "<module>"]
        if bodies:
            names = [{name: repr(frame.locals[name]) for name in frame.locals if name in "abcd"} for frame in bodies]
            found.append((bodies[0].line, names[0], names[1] if len(names) > 1 else None))
    around = {"a": "'outer'"}
    inside = {"a": "'inner'", "b": "['inner']"}
    once = [(1, {}, None), (2, around, None), (1, {}, around), (2, {"a": "'inner'"}, around), (3, inside, around)]
    assert found == [*once, (3, around, None)] * 2


def test_a_script_that_is_run_again_begins_without_the_names_it_had(tmp_path: Path) -> None:
    rec = recorded(tmp_path, OUTER.format(outer="x = 1\ny = 2\n"))
    names = [
        sorted({"x", "y"} & set(moment.locals)) for moment in all_lines(rec) if moment.frame.qualname == "<module>"
    ]
    assert names == [[], ["x"]] * 2, rec.stats
