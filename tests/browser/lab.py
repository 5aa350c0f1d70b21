"""A real JupyterLab, in a process and a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from types import TracebackType

import nbformat

KERNEL = {"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "Python 3"}
START_S = 60
QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Lab:
    """A running JupyterLab without a token, whose configuration, data and notebooks all stand in one folder.

    The kernelspec "python3" is the Python that runs this. Leaving the `with` block ends the server and its kernels.

    Args:
        folder: an empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._ready = threading.Event()
        self._said: deque[str] = deque(maxlen=200)
        self._process: subprocess.Popen[str] | None = None
        self.notebooks = folder / "notebooks"

    @property
    def prefix(self) -> Path:
        """Where kernelspecs can be installed: `share/jupyter` below it is searched first."""
        return self._folder

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def write(self, name: str, *cells: str, kernel: str = "python3") -> Path:
        """Put a notebook into the folder."""
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": kernel, "display_name": kernel}})
        notebook.cells += [nbformat.v4.new_code_cell(source) for source in cells]
        path = self.notebooks / name
        nbformat.write(notebook, path)
        return path

    def reset(self) -> None:
        """Forget what was set in pages, such as the theme."""
        shutil.rmtree(self._folder / "settings", ignore_errors=True)
        for plugin, settings in QUIET.items():
            name, _, file = plugin.partition(":")
            place = self._folder / "settings" / name / f"{file}.jupyterlab-settings"
            place.parent.mkdir(parents=True)
            place.write_text(json.dumps(settings))

    def __enter__(self) -> Lab:
        self._prepare()
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"]
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self._port,
            "ServerApp.port_retries": 0,
            "ServerApp.root_dir": self.notebooks,
            "IdentityProvider.token": "",
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "LabApp.news_url": None,
        }
        self._process = subprocess.Popen(
            command + [f"--{name}={value}" for name, value in options.items()],
            env=self._environment(),
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._listen, args=[self._process], daemon=True).start()
        if not self._ready.wait(START_S) or self._process.poll() is not None:
            self._end()
            raise RuntimeError("JupyterLab did not start:\n" + "".join(self._said))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _prepare(self) -> None:
        spec = self._folder / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
        spec.parent.mkdir(parents=True)
        spec.write_text(json.dumps({**KERNEL, "language": "python", "metadata": {"debugger": True}}))
        self.reset()
        self.notebooks.mkdir()

    def _environment(self) -> dict[str, str]:
        places = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTER_PATH": "share/jupyter",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        return {**os.environ, **{name: str(self._folder / place) for name, place in places.items()}}

    def _listen(self, process: subprocess.Popen[str]) -> None:
        """Keep the end of what the server says; it is ready when it names its address."""
        assert process.stderr is not None
        for line in process.stderr:
            self._said.append(line)
            if f"{self.url}/lab" in line:
                self._ready.set()
        self._ready.set()

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
