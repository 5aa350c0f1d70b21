"""IPython as a user meets it: a shell in this process, and a kernel in another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

TIMEOUT = 60


def has_terminals() -> bool:
    """Whether the system gives out pseudo-terminals; a bare container may not."""
    try:
        ends = os.openpty()
    except OSError:
        return False
    for end in ends:
        os.close(end)
    return True


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
        self.client = client

    def begin(self, cell: str) -> str:
        """Send a cell, and return when the kernel has printed something of it."""
        request = self.client.execute(cell)
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == request and message["msg_type"] == "stream":
                return request

    def end(self, request: str) -> Output:
        output = Output(self.ask(request))
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return output
            output.add(message["msg_type"], message["content"])

    def run(self, cell: str) -> Output:
        return self.end(self.client.execute(cell))

    def ask(self, request: str) -> dict[str, Any]:
        """The content of the reply on the shell channel to a request that a method of the client sent."""
        while True:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == request:
                content: dict[str, Any] = reply["content"]
                return content

    def control(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """Send a request on the control channel, which is answered while a cell runs, and give the reply's content."""
        message = self.client.session.msg(kind, content)
        self.client.control_channel.send(message)
        while True:
            reply = self.client.get_control_msg(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                answer: dict[str, Any] = reply["content"]
                return answer

    def published(self, kind: str) -> dict[str, Any]:
        """The content of the next message of a kind on the iopub channel."""
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["msg_type"] == kind:
                content: dict[str, Any] = message["content"]
                return content


@contextmanager
def kernel(folder: Path, spec: Path | None = None, **settings: Any) -> Iterator[Kernel]:
    """A kernel that works in a folder.

    Args:
        folder: its working directory.
        spec: the folder of its kernelspec; ipykernel's own without it.
        settings: how its process is started, such as ``env``.
    """
    manager = KernelManager(kernel_name="python3" if spec is None else spec.name)
    if spec is not None:
        manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[str(spec.parent)])
    manager.start_kernel(cwd=str(folder), extra_arguments=["--colors=NoColor"], **settings)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
