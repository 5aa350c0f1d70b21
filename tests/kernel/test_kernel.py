from __future__ import annotations

import sys
from pathlib import Path

import pytest
from command import environment
from shells import TIMEOUT, Kernel, kernel

BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name == "scope_repl._tracer":
            raise ImportError("undefined symbol: _PyTracer_Next", name=name)

sys.meta_path.insert(0, Blocker())
"""


def test_scope_is_there_from_the_first_cell(running: Kernel) -> None:
    output = running.run("%%scope_trace\ndef f(x): return 2 * x\nf(21)")
    assert (output.status, output.result, output.stderr) == ("ok", "42", "")
    calls = running.run("scope.calls[['name', 'depth', 'outcome']].values.tolist()").result
    assert calls == "[['<module>', 0, 'return'], ['<module>', 0, 'return'], ['f', 1, 'return']]"


def test_info_is_that_of_ipykernel(running: Kernel, tmp_path: Path) -> None:
    ours = running.ask(running.client.kernel_info())
    with kernel(tmp_path) as plain:
        theirs = plain.ask(plain.client.kernel_info())
    for info in (ours, theirs):
        info["banner"] = info["banner"].partition("Tip: ")[0]  # another one each time
    assert ours == theirs


def test_completion(running: Kernel) -> None:
    running.run("variable_with_a_long_name = 1")
    assert "variable_with_a_long_name" in running.ask(running.client.complete("variable_w"))["matches"]
    assert "%%scope_trace" in running.ask(running.client.complete("%%scope_t"))["matches"]
    assert "last" in running.ask(running.client.complete("scope.la"))["matches"]


def test_inspection(running: Kernel) -> None:
    running.run("def documented():\n    'Says what it is for.'")
    found = running.ask(running.client.inspect("documented"))
    assert found["found"]
    assert "Says what it is for." in found["data"]["text/plain"]


@pytest.mark.parametrize("magic", ["", "%%scope_trace\n"])
def test_interrupt(running: Kernel, magic: str) -> None:
    request = running.begin(f"{magic}print('waiting', flush=True)\nwhile True: pass")
    running.manager.interrupt_kernel()
    output = running.end(request)
    assert output.reply["ename"] == "KeyboardInterrupt"
    assert running.run("1 + 1").result == "2"


def test_await_at_the_top(running: Kernel) -> None:
    assert running.run("import asyncio\nawait asyncio.sleep(0, 'slept')").result == "'slept'"


def test_comm_is_opened_and_answers(running: Kernel) -> None:
    running.run(
        "def opened(comm, message):\n"
        "    comm.on_msg(lambda message: comm.send({'twice': 2 * message['content']['data']['number']}))\n"
        "get_ipython().kernel.comm_manager.register_target('twice', opened)"
    )
    session, channel = running.client.session, running.client.shell_channel
    channel.send(session.msg("comm_open", {"comm_id": "c", "target_name": "twice", "data": {}}))
    channel.send(session.msg("comm_msg", {"comm_id": "c", "data": {"number": 21}}))
    assert running.published("comm_msg") == {"comm_id": "c", "data": {"twice": 42}}


def test_subshell_answers_while_a_cell_runs(running: Kernel) -> None:
    features = running.ask(running.client.kernel_info()).get("supported_features", [])
    if "kernel subshells" not in features:
        pytest.skip("this ipykernel has no subshells")
    subshell = running.control("create_subshell_request", {})["subshell_id"]
    request = running.begin(
        "import threading\nanswered = threading.Event()\nprint('waiting', flush=True)\nanswered.wait(60)"
    )
    session = running.client.session
    message = session.msg("execute_request", {"code": "answered.set()", "silent": False})
    message["header"]["subshell_id"] = subshell
    running.client.shell_channel.send(message)
    replies = {}
    while len(replies) < 2:
        reply = running.client.get_shell_msg(timeout=TIMEOUT)
        replies[reply["parent_header"]["msg_id"]] = reply["content"]["status"]
    assert replies == {request: "ok", message["header"]["msg_id"]: "ok"}
    assert running.control("delete_subshell_request", {"subshell_id": subshell})["status"] == "ok"


def test_no_file_of_the_notebooks_folder_stands_in_for_a_library(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "random.py").write_text("raise SystemError('imported')")
    with kernel(tmp_path, spec) as started:
        assert started.run("scope").status == "ok"
        assert started.run("import sys; sys.path.count('')").result == "1"


def test_without_scope_the_kernel_says_why_and_runs(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLOCKED)
    stderr = tmp_path / "stderr"
    with (
        stderr.open("w") as file,
        kernel(tmp_path, spec, env=environment(PYTHONPATH=str(tmp_path)), stderr=file) as bare,
    ):
        banner = bare.ask(bare.client.kernel_info())["banner"]
        first = bare.run("1 + 1")
        second = bare.run("2 + 2")
        loading = bare.run("%load_ext scope_repl")
    assert (first.result, second.result, second.stderr) == ("2", "4", "")
    for text in (banner, first.stderr, stderr.read_text()):
        assert text.count("Scope is not loaded in this kernel") == 1
        assert "undefined symbol: _PyTracer_Next" in text
        assert f"{sys.executable} -m pip install" in text
    assert "undefined symbol: _PyTracer_Next" in loading.traceback


def test_importing_the_kernel_does_not_import_the_tracer(running: Kernel) -> None:
    program = (
        "import sys, scope_repl.kernel.kernel; print([name for name in sys.modules if name.startswith('scope_repl.')])"
    )
    output = running.run(
        f"import subprocess, sys\nprint(subprocess.check_output([sys.executable, '-c', {program!r}], text=True))"
    )
    assert output.stdout.strip() == "['scope_repl.kernel', 'scope_repl.kernel.kernel']"
