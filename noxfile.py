"""The checks that need an environment of their own. `nox --list` names them; `make test` is enough for daily work."""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import nox

ROOT = Path(__file__).parent
ASSETS = ROOT / "widgets" / "assets"
PYTHONS = ["3.11", "3.12", "3.13"]
PARALLEL = ["--numprocesses", "auto"]
SANITIZERS = "-fsanitize=address,undefined"

nox.options.envdir = "build/nox"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["lint", "tests", "wheel", "sanitize"]


def dependency_group(name: str) -> list[str]:
    """The requirements of one dependency group; pip reads groups only since 25.1."""
    return list(nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), name))


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """All but the browser tests, which `make test` runs: they take minutes, and the page is the same everywhere."""
    session.install("--editable", ".", *dependency_group("test"))
    session.run("pytest", "-m", "not browser", *(session.posargs or PARALLEL))


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff, mypy --strict and the import contracts."""
    project = nox.project.load_toml("pyproject.toml")["project"]
    session.install(*dependency_group("lint"), *dependency_group("test"), *project["dependencies"])
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    package = mapped_package()
    session.run("mypy", "-p", "scope_repl")
    with session.chdir(package.parent):
        session.run("lint-imports", "--config", str(ROOT / "pyproject.toml"), "--no-cache")


def mapped_package() -> Path:
    """The package as it is installed, in links: `magics/`, `widgets/`, and the native modules' contracts as modules.

    Type checkers and the import linter read folders; they follow neither `package-dir` nor an editable install's hook.
    """
    package = ROOT / "build" / "typing" / "scope_repl"
    shutil.rmtree(package, ignore_errors=True)
    package.mkdir(parents=True)
    for source in [*(ROOT / "scope_repl").iterdir(), ROOT / "magics", ROOT / "widgets"]:
        if source.suffix in {".py", ".pyi", ".typed"} or (source / "__init__.py").exists():
            (package / source.name).symlink_to(source)
        if source.suffix == ".pyi":
            (package / f"{source.stem}.py").symlink_to(source)
    return package


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the sdist, from it the wheel; look at what is in them; try the wheel in an empty environment."""
    session.install("build")
    out = Path(session.create_tmp()).resolve()
    shutil.rmtree(out / "dist", ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(out / "dist"), silent=True)
    (sdist_file,) = (out / "dist").glob("*.tar.gz")
    (wheel_file,) = (out / "dist").glob("*.whl")
    check_contents(session, sdist_file, wheel_file)
    session.run("python", "-m", "venv", "--clear", str(out / "empty"))
    python = str(out / "empty" / "bin" / "python")
    session.run(python, "-m", "pip", "install", "--quiet", str(wheel_file), external=True)
    smoke = shutil.copy(ROOT / "tests" / "packaging" / "smoke.py", out)
    with session.chdir(out):
        session.run(python, smoke, external=True)
        session.run(str(out / "empty" / "bin" / "scope-repl"), "--version", external=True)


def check_contents(session: nox.Session, sdist_file: Path, wheel_file: Path) -> None:
    """The sdist can build, test and show everything; the wheel carries the package and nothing else."""
    with tarfile.open(sdist_file) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    folders = ["scope_repl/_native", "magics", "widgets", "notebooks", "tests", "benchmarks"]
    kinds = {".py", ".pyi", ".c", ".h", ".ipynb", ".js", ".css"}
    expected = {
        str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in kinds
    }
    if missing := sorted(expected - packed):
        session.error(f"the sdist lacks {missing}")
    with zipfile.ZipFile(wheel_file) as archive:
        installed = set(archive.namelist())
    if missing := sorted({f"scope_repl/{path.relative_to(ROOT)}" for path in ASSETS.iterdir()} - installed):
        session.error(f"the wheel lacks {missing}")
    tops = {name.partition("/")[0] for name in installed}
    sources = sorted(name for name in installed if name.endswith((".c", ".h")))
    if sources or any(not top.startswith("scope_repl") for top in tops):
        session.error(f"the wheel carries more than the package: {sorted(tops)} {sources}")


@nox.session
def sanitize(session: nox.Session) -> None:
    """The tests of the native modules, under AddressSanitizer and UndefinedBehaviorSanitizer."""
    if sys.platform != "linux":
        session.skip("the sanitizers' run-time library is preloaded the way Linux does it")
    session.install(*dependency_group("test"))
    # An installation of its own, built in a folder of its own: sanitized objects stay out of everybody else's way.
    build_base = Path(session.create_tmp()).resolve() / "build"
    shutil.rmtree(build_base, ignore_errors=True)
    extra_config = build_base.with_name("distutils.cfg")
    extra_config.write_text(f"[build]\nbuild_base = {build_base}\n")
    compiler = f"{os.environ.get('CC', 'gcc')} {SANITIZERS} -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
    session.install("--force-reinstall", "--no-deps", ".", env={"CC": compiler, "DIST_EXTRA_CONFIG": str(extra_config)})
    session.install(*nox.project.load_toml("pyproject.toml")["project"]["dependencies"])
    library = session.run("gcc", "-print-file-name=libasan.so", external=True, silent=True)
    assert isinstance(library, str)
    session.run(
        "pytest",
        "-m",
        "native",
        *(session.posargs or PARALLEL),
        env={
            "LD_PRELOAD": library.strip(),
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1",  # CPython itself leaves memory to the process's end
            "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
            "PYTHONMALLOC": "malloc",  # the sanitizer sees each allocation, not CPython's arenas
            "PYTHONSAFEPATH": "1",  # the sanitized installation, not the checkout
        },
    )
