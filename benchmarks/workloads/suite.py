"""Four programs of pyperformance, run from the files that its wheel brings."""

from __future__ import annotations

import importlib.util
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.workloads import Pass


def load(name: str) -> ModuleType:
    spec = importlib.util.find_spec("pyperformance")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "data-files" / "benchmarks" / f"bm_{name}" / "run_benchmark.py"
    program = importlib.util.spec_from_file_location(f"bm_{name}", path)
    assert program is not None
    assert program.loader is not None
    module = importlib.util.module_from_spec(program)
    sys.modules[module.__name__] = module
    program.loader.exec_module(module)
    return module


class Runner:
    """Stands in for pyperf.Runner where the program only says to it what to measure."""

    def __init__(self, **_: object) -> None:
        self.metadata: dict[str, object] = {}
        self.argparser = ArgumentParser()
        self.passes: list[Pass] = []

    def parse_args(self) -> Namespace:
        return self.argparser.parse_args([])

    def bench_func(self, _: str, function: Any, *arguments: object) -> None:
        self.passes.append(lambda: function(*arguments))


def richards() -> Pass:
    program = load("richards").Richards()
    return lambda: program.run(1)


def deltablue() -> Pass:
    module = load("deltablue")
    return lambda: [module.delta_blue(100) for _ in range(5)]


def chaos() -> Pass:
    module = load("chaos")
    runner = Runner()
    options = Namespace(
        thickness=module.DEFAULT_THICKNESS,
        width=module.DEFAULT_WIDTH,
        height=module.DEFAULT_HEIGHT,
        iterations=module.DEFAULT_ITERATIONS,
        filename=None,
        rng_seed=module.DEFAULT_RNG_SEED,
    )
    module.main(runner, options)
    return runner.passes[0]


def json_dumps() -> Pass:
    module = load("json_dumps")
    data = [(getattr(module, case)[0], range(getattr(module, case)[1])) for case in module.CASES]
    return lambda: module.bench_json_dumps(data)
