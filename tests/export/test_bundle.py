from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from scope_repl.widgets import bundle

SCRIPTS = {"widget": bundle.script, "inspector": bundle.inspector_script, "page": bundle.page_script}
SHEETS = (bundle.style, bundle.inspector_style)
DECLARED = re.compile(r"^(?:export default )?(?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE)
IMPORTED = re.compile(r'^import \{([^}]*)\} from "\./(\w+\.js)";$', re.MULTILINE)
ASSETS = Path(bundle.__file__).parent / "assets"


@pytest.fixture(params=SCRIPTS)
def script(request: pytest.FixtureRequest) -> str:
    return SCRIPTS[request.param]()


def test_nothing_is_imported_and_one_thing_exported(script: str) -> None:
    assert not re.search(r"^\s*import\b|\bimport\(|\brequire\(", script, re.MULTILINE)
    assert re.findall(r"^export .{8}", script, re.MULTILINE) == ["export default "]


def test_no_name_is_declared_twice(script: str) -> None:
    counts = Counter(DECLARED.findall(script))
    assert len(counts) > 20
    assert [name for name, count in counts.items() if count > 1] == []


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_it_is_a_module(script: str, tmp_path: Path) -> None:
    path = tmp_path / "script.mjs"
    path.write_text(script, encoding="utf-8")
    checked = subprocess.run(["node", "--check", path], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stderr


def test_a_module_stands_after_those_that_it_needs(script: str) -> None:
    order = re.findall(r"^// (\w+\.js)$", script, re.MULTILINE)
    assert len(set(order)) == len(order) > 10
    for number, name in enumerate(order):
        needed = {found for _, found in IMPORTED.findall((ASSETS / name).read_text(encoding="utf-8"))}
        assert needed <= set(order[:number])


def test_what_a_module_imports_is_exported_and_used() -> None:
    for path in ASSETS.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        for names, source in IMPORTED.findall(text):
            exported = set(
                re.findall(r"^export (?:function|class|const) (\w+)", (ASSETS / source).read_text(), re.MULTILINE)
            )
            for name in (part.strip() for part in names.split(",")):
                assert name in exported, f"{path.name} imports {name} from {source}"
                assert len(re.findall(rf"\b{name}\b", text)) > 1, f"{path.name} does not use {name}"


def test_every_asset_is_in_a_script_or_in_the_style_sheet() -> None:
    joined = "".join(build() for build in SCRIPTS.values())
    for path in ASSETS.iterdir():
        if path.suffix == ".js":
            assert f"// {path.name}\n" in joined
        else:
            assert any(path.read_text(encoding="utf-8") in build() for build in SHEETS)


def test_the_scripts_can_stand_in_a_page() -> None:
    for text in (*(build() for build in SCRIPTS.values()), *(build() for build in SHEETS)):
        assert "</script" not in text
        assert "<!--" not in text
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
