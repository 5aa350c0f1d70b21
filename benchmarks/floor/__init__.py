"""The hooks that do nothing. Their C source is compiled into build/benchmarks, once for each Python."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

SOURCE = Path(__file__).with_name("floor.c")
BUILT = Path("build", "benchmarks", f"floor{sysconfig.get_config_var('EXT_SUFFIX')}")


def build() -> Path:
    if not BUILT.exists() or BUILT.stat().st_mtime < SOURCE.stat().st_mtime:
        BUILT.parent.mkdir(parents=True, exist_ok=True)
        include = sysconfig.get_path("include")
        compiler = (sysconfig.get_config_var("CC") or "cc").split()
        flags = ["-O3", "-fPIC", "-Wall", "-Wextra", f"-I{include}"]
        shared = ["-bundle", "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else ["-shared"]
        subprocess.run([*compiler, *flags, *shared, str(SOURCE), "-o", str(BUILT)], check=True)
    return BUILT


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("floor", build())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
