"""A front end in Python: it keeps the models of a kernel's widgets and speaks to them over the wire, as a page does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from shells import TIMEOUT, kernel

VIEW = "application/vnd.jupyter.widget-view+json"
State = dict[str, Any]
Answer = tuple[State, list[bytes]]


@dataclass
class Cell:
    """What a cell gave."""

    status: str = ""
    stdout: str = ""
    error: str = ""
    displayed: list[dict[str, Any]] = field(default_factory=list)
    result: str = ""

    @property
    def widget(self) -> str:
        """The model of the widget that it displayed last."""
        views = [data[VIEW]["model_id"] for data in self.displayed if VIEW in data]
        return str(views[-1])


class Front:
    """A page in front of a kernel.

    Args:
        client: the connection.
    """

    def __init__(self, client: BlockingKernelClient) -> None:
        self._client = client
        self.models: dict[str, State] = {}
        self._custom: list[tuple[str, State, list[bytes]]] = []
        self._cells: dict[str, Cell] = {}
        self._seq = 0

    # ---- cells ----

    def begin(self, code: str, subshell: str | None = None) -> str:
        """Send a cell, and return at once."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        request = self._send("execute_request", content, subshell)
        self._cells[request] = Cell()
        return request

    def end(self, request: str) -> Cell:
        """Wait until a cell has ended."""
        self.wait(lambda: bool(self._cells[request].status))
        return self._cells[request]

    def run(self, code: str, subshell: str | None = None) -> Cell:
        """Run a cell that has to succeed."""
        cell = self.end(self.begin(code, subshell))
        assert cell.status == "idle", cell.error
        assert not cell.error, cell.error
        return cell

    def value(self, expression: str) -> str:
        """What an expression is in the kernel, as text."""
        return self.run(expression).result

    def subshell(self) -> str | None:
        """A new subshell, where the kernel has them."""
        message = self._client.session.msg("create_subshell_request", {})
        self._client.control_channel.send(message)
        while True:
            reply = self._client.get_control_msg(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                return reply["content"].get("subshell_id")

    # ---- widgets ----

    def children(self, model: str) -> list[str]:
        return [child.removeprefix("IPY_MODEL_") for child in self.models[model]["children"]]

    def set(self, model: str, subshell: str | None = None, **state: Any) -> None:
        """Change traits of a model, as a view does."""
        data = {"method": "update", "state": state, "buffer_paths": []}
        self._send("comm_msg", {"comm_id": model, "data": data}, subshell)

    def say(self, model: str, subshell: str | None = None, **content: Any) -> None:
        """Send a custom message."""
        self._send("comm_msg", {"comm_id": model, "data": {"method": "custom", "content": content}}, subshell)

    def ask(self, model: str, subshell: str | None = None, view: str = "v", **content: Any) -> Answer:
        """Send a question, and wait for its answer."""
        self._seq += 1
        self.say(model, subshell, view=view, seq=self._seq, **content)
        answers: list[Answer] = []

        def answered() -> bool:
            for sender, answer, buffers in self._custom:
                if sender == model and (answer.get("view"), answer.get("seq")) == (view, self._seq):
                    answers.append((answer, buffers))
            return bool(answers)

        self.wait(answered)
        return answers[0]

    def asked_for(self, model: str) -> int:
        """How often the kernel has asked who is still there."""
        return sum(sender == model and message.get("kind") == "anyone" for sender, message, _ in self._custom)

    def wait(self, condition: Callable[[], bool]) -> None:
        """Take what the kernel sends until something holds."""
        while not condition():
            self._take(self._client.get_iopub_msg(timeout=TIMEOUT))

    # ---- the wire ----

    def _send(self, kind: str, content: State, subshell: str | None) -> str:
        message = self._client.session.msg(kind, content)
        if subshell is not None:
            message["header"]["subshell_id"] = subshell
        self._client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def _take(self, message: dict[str, Any]) -> None:
        kind, content = message["msg_type"], message["content"]
        cell = self._cells.get(message["parent_header"].get("msg_id", ""))
        if kind == "comm_open":
            self.models[content["comm_id"]] = self._state(content["data"], message["buffers"])
        elif kind == "comm_close":
            self.models.pop(content["comm_id"], None)
        elif kind == "comm_msg" and content["data"]["method"] == "update":
            self.models[content["comm_id"]] |= self._state(content["data"], message["buffers"])
        elif kind == "comm_msg" and content["data"]["method"] == "custom":
            buffers = [bytes(buffer) for buffer in message["buffers"]]
            self._custom.append((content["comm_id"], content["data"]["content"], buffers))
        elif cell is not None:
            self._take_output(cell, kind, content)

    def _take_output(self, cell: Cell, kind: str, content: dict[str, Any]) -> None:
        if kind == "stream":
            cell.stdout += content["text"] if content["name"] == "stdout" else ""
        elif kind == "display_data":
            cell.displayed.append(content["data"])
        elif kind == "execute_result":
            cell.result = content["data"]["text/plain"]
            cell.displayed.append(content["data"])
        elif kind == "error":
            cell.error = "\n".join(content["traceback"])
        elif kind == "status" and content["execution_state"] == "idle":
            cell.status = "idle"

    def _state(self, data: dict[str, Any], buffers: list[Any]) -> State:
        state: State = dict(data["state"])
        for path, buffer in zip(data.get("buffer_paths", []), buffers, strict=True):
            state[path[0]] = bytes(buffer)
        return state


@contextmanager
def front(folder: Path) -> Iterator[Front]:
    """A page in front of a kernel of its own, which works in a folder and has Scope loaded."""
    with kernel(folder) as started:
        page = Front(started.client)
        page.run("%load_ext scope_repl")
        yield page
