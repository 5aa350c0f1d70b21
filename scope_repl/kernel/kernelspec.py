"""``scope-repl install``: the kernelspec with which Jupyter starts Scope's kernel."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpecManager

NAME = "scope"
DISPLAY_NAME = "Python 3 (Scope)"

_DESCRIPTION = """\
Add a kernel to Jupyter: the Python of this environment, with Scope loaded. A
kernel of the same name is replaced."""


def main(words: list[str]) -> int:
    """Install the kernelspec, and say where it went and how to start it.

    Args:
        words: the command line behind ``install``.

    Returns:
        The exit status: 1 if it could not be installed.
    """
    given = _parser().parse_args(words)
    prefix = None if given.user else given.prefix or _environment()
    try:
        folder = install(given.name, given.display_name, prefix)
    except ValueError:
        return _failed(f"the name {given.name!r}: give ASCII letters, digits, '-', '_' and '.'")
    except OSError as error:
        place = error.filename or prefix or "the user's folder"
        return _failed(f"{place}: {error.strerror}: give --user, or --prefix with a folder that you can write to")
    name = folder.name
    print(f"Installed the kernel {given.display_name!r} in {folder}")
    if not _is_found(folder):
        print(f"Jupyter does not look there by itself. Tell it: export JUPYTER_PATH={folder.parents[1]}")
    print(f"Start it:   choose {given.display_name!r} in JupyterLab, or: jupyter console --kernel {name}")
    print(f"Remove it:  jupyter kernelspec remove {name}")
    return 0


def install(name: str, display_name: str, prefix: str | None) -> Path:
    """Install the kernelspec.

    Args:
        name: the kernel's name in Jupyter.
        display_name: its name for people.
        prefix: the environment in which it goes to ``share/jupyter``; None for the user's own folder.

    Returns:
        The folder that it is in.

    Raises:
        ValueError: the name cannot be used.
        OSError: the folder cannot be written to.
    """
    if not name:
        raise ValueError("a kernel without a name")  # or it would have that of a temporary folder
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "kernel"
        spec.mkdir()  # its permissions go with it, and those of a temporary folder are for its owner alone
        (spec / "kernel.json").write_text(json.dumps(_contents(display_name), indent=1) + "\n")
        for logo in Path(RESOURCES).glob("logo-*"):
            shutil.copy(logo, spec)
        manager = KernelSpecManager()
        manager.log.disabled = True  # its warnings: what is to be said, `main` says
        return Path(manager.install_kernel_spec(str(spec), name, user=prefix is None, prefix=prefix))


def _contents(display_name: str) -> dict[str, object]:
    """As ipykernel's own for this version of it, but with the other kernel in it."""
    # A debugger sees no further than to a frozen module.
    command = [sys.executable, "-Xfrozen_modules=off", "-m", "scope_repl.kernel", "-f", "{connection_file}"]
    return get_kernel_dict() | {"argv": command, "display_name": display_name}


def _environment() -> str | None:
    """This Python's own folder if it is that of an environment, be it of venv's or of conda's."""
    is_own = sys.prefix != sys.base_prefix or os.path.isdir(os.path.join(sys.prefix, "conda-meta"))
    return sys.prefix if is_own else None


def _is_found(folder: Path) -> bool:
    return any(folder.parent.samefile(known) for known in KernelSpecManager().kernel_dirs if os.path.isdir(known))


def _failed(problem: str) -> int:
    sys.stderr.write(f"scope-repl install: {problem}\n")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scope-repl install", description=_DESCRIPTION)
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "--user", action="store_true", help="for this user, in all environments; the default outside one"
    )
    place.add_argument(
        "--sys-prefix",
        dest="prefix",
        action="store_const",
        const=sys.prefix,
        help="in this environment; the default in one",
    )
    place.add_argument("--prefix", metavar="PATH", help="in PATH/share/jupyter")
    parser.add_argument("--name", default=NAME, help=f"the kernel's name in Jupyter; {NAME} by default")
    parser.add_argument(
        "--display-name", metavar="TEXT", default=DISPLAY_NAME, help=f"its name for people; {DISPLAY_NAME!r} by default"
    )
    return parser
