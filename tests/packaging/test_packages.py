"""What pyproject.toml lists is what is there: setuptools silently leaves a forgotten subpackage out of the wheel."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import scope_repl

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
SETUPTOOLS: dict[str, Any] = PROJECT["tool"]["setuptools"]


def test_packages_are_the_folders_that_have_an_init() -> None:
    inside = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "scope_repl").rglob("__init__.py")}
    mapped = {f"scope_repl.{folder}" for folder in ("magics", "widgets") if (ROOT / folder / "__init__.py").exists()}
    assert set(SETUPTOOLS["packages"]) == inside | mapped


def test_mapped_packages_have_their_folder() -> None:
    for package, folder in SETUPTOOLS["package-dir"].items():
        assert package in SETUPTOOLS["packages"]
        assert (ROOT / folder / "__init__.py").exists()


def test_every_native_file_is_built_or_watched() -> None:
    modules = SETUPTOOLS["ext-modules"]
    listed = {path for module in modules for key in ("sources", "depends") for path in module[key]}
    native = {str(path.relative_to(ROOT)) for path in (ROOT / "scope_repl" / "_native").rglob("*.[ch]")}
    assert listed == native


@pytest.mark.parametrize("module", SETUPTOOLS["ext-modules"], ids=lambda module: module["name"])
def test_a_changed_header_rebuilds_whoever_includes_it(module: dict[str, Any]) -> None:
    include = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
    waiting, included = list(module["sources"]), set[str]()
    while waiting:
        source = ROOT / waiting.pop()
        headers = [(source.parent / name).resolve() for name in include.findall(source.read_text())]
        found = {str(header.relative_to(ROOT)) for header in headers}
        waiting += found - included
        included |= found
    assert set(module["depends"]) == included - set(module["sources"])


def test_version_is_the_same_everywhere() -> None:
    number = PROJECT["project"]["version"]
    assert version("scope-repl") == number
    assert scope_repl.__version__ == number
    assert f"## [{number}]" in (ROOT / "CHANGELOG.md").read_text()
