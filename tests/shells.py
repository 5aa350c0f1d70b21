"""IPython as a user meets it: a shell in this process, and a kernel in another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

TIMEOUT = 60


class Notebook:
    """A shell in which cells are run as a user would run them."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell

    def run(self, cell: str, store_history: bool = True, silent: bool = False) -> ExecutionResult:
        return self.shell.run_cell(cell, store_history=store_history, silent=silent)

    def __getitem__(self, name: str) -> Any:
        return self.shell.user_ns[name]

    def __contains__(self, name: str) -> bool:
        return name in self.shell.user_ns


@dataclass
class Output:
    """What a cell left: its status, its number, and what stands below it."""

    reply: dict[str, Any]
    stdout: str = ""
    stderr: str = ""
    displayed: list[str] = field(default_factory=list)
    result: str | None = None
    traceback: str = ""

    @property
    def status(self) -> str:
        return str(self.reply["status"])

    def add(self, kind: str, content: dict[str, Any]) -> None:
        if kind == "stream":
            setattr(self, content["name"], getattr(self, content["name"]) + content["text"])
        elif kind == "display_data":
            self.displayed.append(content["data"]["text/plain"])
        elif kind == "execute_result":
            self.result = content["data"]["text/plain"]
        elif kind == "error":
            self.traceback = "\n".join(content["traceback"])


class Kernel:
    """A real ipykernel."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager = manager
        self._client = client

    def begin(self, cell: str) -> str:
        """Send a cell, and return when the kernel has printed something of it."""
        request = self._client.execute(cell)
        while True:
            message = self._client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == request and message["msg_type"] == "stream":
                return request

    def end(self, request: str) -> Output:
        reply = self._client.get_shell_msg(timeout=TIMEOUT)
        assert reply["parent_header"]["msg_id"] == request
        output = Output(reply["content"])
        while True:
            message = self._client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return output
            output.add(message["msg_type"], message["content"])

    def run(self, cell: str) -> Output:
        return self.end(self._client.execute(cell))


@contextmanager
def kernel(folder: Path) -> Iterator[Kernel]:
    """A kernel that works in a folder."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), extra_arguments=["--colors=NoColor"])
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
