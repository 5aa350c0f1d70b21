"""The views of programs that nobody wrote for them: parts of CPython's own tests, and of its library."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytest.importorskip("anywidget")
pytestmark = pytest.mark.slow

SUITES = (
    "test_contextlib_async",
    "test_coroutines",
    "test_queue",
    "test_asyncio.test_queues",
    "test_json.test_recursion",
)
PROGRAM = """\
import importlib, io, json, random, sys, unittest
from pathlib import Path
import numpy as np
import scope_repl
from scope_repl.errors import ScopeError
from scope_repl.export.svg import svg

name, level, buffer = sys.argv[1:]
module = importlib.import_module(f"test.{name}")
err, sys.stderr = sys.stderr, io.StringIO()
with scope_repl.record(all=True, level=level, buffer=buffer) as rec:
    unittest.main(module=module, argv=["suite"], exit=False)
sys.stderr = err
contents, calls, dice = rec.contents, rec.calls, random.Random(1)
assert len(calls) > 50, len(calls)

table = rec.summary().table
assert (table.calls.sum(), table.self_ns.sum()) == (len(calls), calls.self_ns.sum())
assert (table.total_ns >= table.self_ns).all()
assert str(rec.tree())
assert rec.to_html("page.html").stat().st_size <= 2_000_000
Path("still.svg").write_text(svg(contents), encoding="utf-8")

timeline = rec.timeline()
chart = timeline.children[0]

def ask(**message):
    content, buffers = chart.answer({"view": "v", "seq": 0, **message})
    text = json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
    assert len(text) + sum(map(len, buffers)) <= 200_000, (message, len(text))
    assert len(json.dumps(chart.selection, ensure_ascii=False).encode()) <= 200_000
    return content, buffers

end = contents.end_ns
for _ in range(100):
    middle, width = dice.random() * end, end * 10 ** dice.uniform(-6, 0)
    rows = [[track, 0, dice.choice([1, 5, 40])] for track in range(len(rec.tracks)) if dice.random() < 0.5]
    drawn, buffers = ask(
        kind="picture", start_ns=middle - width, end_ns=middle + width, columns=dice.choice([1, 300, 2000]), rows=rows
    )
    assert drawn["kind"] == "picture", drawn
    count, codes = drawn["count"], drawn["code_count"]
    if not count:
        continue
    (data,) = buffers
    x0, width = (np.frombuffer(data, "<f4", count, at) for at in (0, 4 * count))
    number = np.frombuffer(data, "<u4", count, 8 * count)
    row = np.frombuffer(data, "<u2", count, 12 * count + 4 * codes)
    flags = np.frombuffer(data, "u1", count, 17 * count + 4 * codes)
    lanes = [(track, depth) for track, first, last in drawn["rows"] for depth in range(first, last)]
    at = dice.randrange(count)
    track, depth = lanes[row[at]]
    first = drawn["start_ns"] + float(x0[at]) * drawn["grain_ns"]
    last = first + float(width[at]) * drawn["grain_ns"]
    exact = bool(flags[at] & 1)
    target = {"call": int(number[at])} if exact else {"start_ns": first, "end_ns": last}
    done, _ = ask(kind="pick", track=track, depth=depth, time_ns=int((first + last) / 2), **target)
    assert done["kind"] == "done", done
    assert not exact or chart.selection["call"] == number[at]
    assert exact or (chart.selection["track"], chart.selection["depth"]) == (track, depth)
    for to in dice.choices(["next", "previous", "parent", "child", "left", "right"], k=4):
        ask(kind="step", to=to)

for sort in ("start_ns", "duration_ns", "name", "outcome"):
    table, _ = ask(kind="rows", start_ns=0, end_ns=end, filter="a", sort=sort, descending=True, limit=100)
    assert table["kind"] == "rows", table
    for call, *_, name, module, outcome in table["rows"]:
        assert (calls.name[call][:100], calls.outcome[call]) == (name[:100], outcome)

for _ in range(50):
    moment = rec.at(dice.randint(contents.horizon_ns, end), unit="ns").on(dice.randrange(len(rec.tracks)))
    timeline.moment = moment.up()
    try:
        timeline.moment = timeline.moment.next()
    except ScopeError:
        pass
timeline.close()
print("seen")
"""


@pytest.mark.skipif(
    importlib.util.find_spec("test.test_generators") is None, reason="this Python comes without its tests"
)
@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize(("level", "buffer"), [("values", "1MB"), ("calls", "64MB")])
def test_every_view_bears_it(suite: str, level: str, buffer: str, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, "program.py", suite, level, buffer],
        capture_output=True,
        text=True,
        timeout=280,
        cwd=tmp_path,
        check=False,
    )
    assert done.stdout.endswith("seen\n"), done.stderr[-3000:]
    ElementTree.parse(tmp_path / "still.svg")
    assert (tmp_path / "still.svg").stat().st_size <= 60_000
    text = (tmp_path / "page.html").read_text("utf-8")
    data = json.loads(text.partition('id="scope-data">')[2].partition("</script>")[0])
    assert data["pictures"]
