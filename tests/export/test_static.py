"""What a notebook with a timeline shows where no widget can be."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from export.recordings import KINDS, NASTY, crowded
from scope_repl.widgets.static import fallbacks, line_output

CELLS = ("%load_ext scope_repl\ndef f(x): return 2 * x", "%%scope_trace\nf(21)")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    folder = str(tmp_path_factory.mktemp("notebook"))
    NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    return notebook


def test_a_cell_has_two_outputs_behind_its_result(ran: NotebookNode) -> None:
    result, line, widget = ran.cells[1].outputs
    assert result.data["text/plain"] == "42"
    assert " events in " in line.data["text/plain"]
    assert set(line.data) == {"text/plain", "text/html"}
    assert set(widget.data) == {"application/vnd.jupyter.widget-view+json", "image/svg+xml", "text/plain"}
    assert "f(x=21) → 42" in widget.data["text/plain"]


def test_a_converted_notebook_shows_the_picture_once(ran: NotebookNode) -> None:
    notebook = nbformat.from_dict(ran)
    notebook.metadata.pop("widgets", None)
    page, _ = HTMLExporter().from_notebook_node(notebook)
    hidden = '<div class="scope-figure" style="display: none">'
    assert page.count('src="data:image/svg+xml;base64,') == 2
    assert page.count(hidden) == 1
    assert page.count('data-mime-type="image/svg+xml"') == 1
    assert '<script type="application/vnd.jupyter.widget-view+json">' not in page


def test_a_notebook_that_was_executed_by_nbconvert_has_the_picture_too(ran: NotebookNode) -> None:
    assert "widgets" in ran.metadata
    page, _ = HTMLExporter().from_notebook_node(ran)
    assert page.count('src="data:image/svg+xml;base64,') == 1, (
        "it is shown when the widget's element holds only scripts"
    )
    assert "> :not(script)" in page, "it is shown where the widget's element holds nothing but scripts"


@pytest.mark.parametrize("kind", KINDS)
def test_the_fallbacks_are_small(kind: str) -> None:
    contents = KINDS[kind]().contents
    for bundle in (line_output(contents), fallbacks(contents)):
        assert len(json.dumps(bundle)) < 100_000
    assert line_output(contents)["text/plain"] == contents.stats.line()


@pytest.mark.parametrize("name", NASTY)
def test_what_is_shown_can_be_sent_whatever_the_names_are(name: str) -> None:
    contents = crowded(2, 20, name).contents
    bundles: list[dict[str, Any]] = [line_output(contents), fallbacks(contents)]
    json.dumps(bundles, ensure_ascii=False).encode()


@pytest.mark.parametrize("name", NASTY)
def test_the_tree_can_be_printed_whatever_the_names_are(name: str) -> None:
    tree = crowded(2, 20, name * 500).tree()
    assert len(str(tree).encode()) < 40_000
    tree._repr_html_().encode()


def test_of_an_empty_recording_there_is_the_line() -> None:
    html = line_output(KINDS["empty"]().contents)["text/html"]
    assert html.startswith("<div>0 events in ")
