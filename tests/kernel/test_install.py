from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command import command, environment
from jupyter_client.kernelspec import KernelSpecManager


def test_kernelspec(tmp_path: Path) -> None:
    done = command("install", "--prefix", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    kernels = tmp_path / "share" / "jupyter" / "kernels"
    spec = KernelSpecManager(kernel_dirs=[str(kernels)]).get_kernel_spec("scope")
    assert spec.display_name == "Python 3 (Scope)"
    assert spec.language == "python"
    assert spec.metadata["debugger"] is True
    assert spec.argv[0] == sys.executable
    assert spec.argv[-4:] == ["-m", "scope_repl.kernel", "-f", "{connection_file}"]
    assert {path.name for path in (kernels / "scope").iterdir()} >= {"kernel.json", "logo-svg.svg", "logo-64x64.png"}


def test_output_says_where_it_went_and_how_to_start_it(tmp_path: Path) -> None:
    said = command("install", "--prefix", str(tmp_path), "--name", "mine", "--display-name", "My Python").stdout
    assert f"Installed the kernel 'My Python' in {tmp_path}/share/jupyter/kernels/mine\n" in said
    assert f"export JUPYTER_PATH={tmp_path}/share/jupyter\n" in said
    assert "jupyter console --kernel mine\n" in said
    assert "jupyter kernelspec remove mine\n" in said
    assert json.loads((tmp_path / "share/jupyter/kernels/mine/kernel.json").read_text())["display_name"] == "My Python"


def test_everybody_may_use_it(tmp_path: Path) -> None:
    command("install", "--prefix", str(tmp_path), umask=0o022).check_returncode()
    installed = tmp_path / "share" / "jupyter" / "kernels" / "scope"
    assert installed.stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o444 for path in installed.iterdir()} == {0o444}


def test_users_folder(tmp_path: Path) -> None:
    said = command("install", "--user", env=environment(JUPYTER_DATA_DIR=str(tmp_path))).stdout
    assert f"in {tmp_path}/kernels/scope\n" in said
    assert "JUPYTER_PATH" not in said  # Jupyter looks there


def test_installing_again_replaces_it(tmp_path: Path) -> None:
    command("install", "--prefix", str(tmp_path), "--display-name", "first").check_returncode()
    command("install", "--prefix", str(tmp_path)).check_returncode()
    spec = json.loads((tmp_path / "share/jupyter/kernels/scope/kernel.json").read_text())
    assert spec["display_name"] == "Python 3 (Scope)"


@pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="this Python is in no virtual environment")
def test_default_is_the_virtual_environment(tmp_path: Path) -> None:
    # An environment without anything in it, which sees this one's libraries.
    environment_folder = tmp_path / "environment"
    python = environment_folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (environment_folder / "pyvenv.cfg").write_text(f"home = {Path(sys._base_executable).parent}\n")  # type: ignore[attr-defined]
    program = f"import site, sys; [site.addsitedir(path) for path in {sys.path!r} if path.endswith('site-packages')]; "
    program += "from scope_repl.kernel.kernelspec import main; sys.exit(main([]))"
    said = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True, env=environment()).stdout
    assert f"in {environment_folder}/share/jupyter/kernels/scope\n" in said


def test_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = command("install", "--prefix", str(tmp_path / "file"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"scope-repl install: {tmp_path}/file")
    assert "Not a directory: give --user, or --prefix with a folder that you can write to" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_place_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = command("install", "--prefix", str(tmp_path / "prefix"))
    assert done.returncode == 1
    assert "Permission denied: give --user" in done.stderr


@pytest.mark.parametrize("name", ["a b", "", "é", "../up"])
def test_bad_name(tmp_path: Path, name: str) -> None:
    done = command("install", "--prefix", str(tmp_path), "--name", name)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"scope-repl install: the name {name!r}: give ASCII letters, digits, '-', '_' and '.'\n"
    assert not list(tmp_path.iterdir())


def test_places_exclude_each_other(tmp_path: Path) -> None:
    done = command("install", "--user", "--prefix", str(tmp_path))
    assert done.returncode == 2
    assert "not allowed with argument" in done.stderr
