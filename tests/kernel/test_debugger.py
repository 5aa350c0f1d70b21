"""The debugger as JupyterLab drives it: DAP over the control channel."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from shells import Kernel, kernel

pytestmark = pytest.mark.slow

CELL = """\
def double(x):
    result = 2 * x
    return result
print(double(21))"""


class Debugger:
    """A front end's side of the debugging."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._numbers = count(1)

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        request = {"type": "request", "seq": next(self._numbers), "command": command, "arguments": arguments}
        reply = self.kernel.control("debug_request", request)
        assert reply["success"], reply
        body: dict[str, Any] = reply.get("body") or {}
        return body

    def begin(self) -> None:
        self.ask(
            "initialize", clientID="test", adapterID="", linesStartAt1=True, columnsStartAt1=True, pathFormat="path"
        )
        self.ask("attach")

    def break_at(self, cell: str, line: int) -> None:
        source = self.ask("dumpCell", code=cell)["sourcePath"]
        self.ask("setBreakpoints", source={"path": source}, breakpoints=[{"line": line}], sourceModified=False)
        self.ask("configurationDone")

    def stopped(self) -> int:
        """Wait until the program stands at a breakpoint, and give the thread."""
        while True:
            event = self.kernel.published("debug_event")
            if event["event"] == "stopped":
                assert event["body"]["reason"] == "breakpoint"
                return int(event["body"]["threadId"])

    def local_values(self, thread: int) -> dict[str, str]:
        (top, *_) = self.ask("stackTrace", threadId=thread)["stackFrames"]
        (local, *_) = self.ask("scopes", frameId=top["id"])["scopes"]
        variables = self.ask("variables", variablesReference=local["variablesReference"])["variables"]
        return {variable["name"]: variable["value"] for variable in variables}


@pytest.fixture(scope="module")
def debugger(spec: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debugger]:
    with kernel(tmp_path_factory.mktemp("notebook"), spec) as started:
        begun = Debugger(started)
        begun.begin()
        yield begun


@pytest.mark.parametrize("magic", ["", "%%scope_trace\n", "%%scope_trace --level calls\n"])
def test_breakpoint_in_a_cell(debugger: Debugger, magic: str) -> None:
    cell = magic + CELL
    debugger.break_at(cell, 3 if magic == "" else 4)
    request = debugger.kernel.client.execute(cell)
    thread = debugger.stopped()
    assert debugger.local_values(thread) == {"x": "21", "result": "42"}
    debugger.ask("continue", threadId=thread)
    output = debugger.kernel.end(request)
    assert (output.status, output.stdout.partition("\n")[0]) == ("ok", "42")
    if magic:
        assert debugger.kernel.run("list(scope.last.find('double').outcome)").result == "['return']"


def test_breakpoint_while_recording_over_cells(debugger: Debugger) -> None:
    debugger.kernel.run("%scope_trace start")
    cell = f"# another\n{CELL}"
    debugger.break_at(cell, 4)
    request = debugger.kernel.client.execute(cell)
    debugger.ask("continue", threadId=debugger.stopped())
    assert debugger.kernel.end(request).stdout == "42\n"
    debugger.kernel.run("%scope_trace stop")
    assert debugger.kernel.run("list(scope.last.find('double').outcome)").result == "['return']"
