"""What is left of a timeline in a saved notebook, where there is no kernel any more and perhaps no widgets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.chromium import expect
from browser.notebook import Notebook, OpenFile, Show

if TYPE_CHECKING:
    from playwright.sync_api import Locator


def is_picture(image: Locator) -> bool:
    """Whether an image was loaded and is seen in a size that can be read."""
    expect(image).to_be_visible()
    box = image.bounding_box()
    assert box
    loaded: bool = image.evaluate("image => image.tagName === 'svg' || (image.complete && image.naturalWidth > 0)")
    return loaded and box["width"] > 300 and box["height"] > 50


def test_saved_notebook_shows_a_picture_without_its_kernel(show: Show) -> None:
    notebook, _ = show()
    line = notebook.read("scope.last.stats.line()")
    notebook.save()
    notebook.shut_down()
    again = Notebook(notebook.page.context.new_page(), notebook.lab, notebook.name)
    again.open()
    for index in (1, 2):
        cell = again.cell(index)
        expect(cell.get_by_text(line, exact=True)).to_be_visible()
        assert is_picture(cell.locator(".scope-figure img"))
        expect(cell.get_by_text("Error displaying widget")).to_be_hidden()
    again.shut_down()


def test_notebook_with_its_kernel_shows_the_widget_alone(show: Show) -> None:
    notebook, chart = show()
    expect(chart.root).to_be_visible()
    for figure in notebook.page.locator(".scope-figure").all():
        expect(figure).to_be_hidden()


@pytest.mark.parametrize("options", [[], ["--execute"]], ids=["saved", "executed"])
def test_page_of_nbconvert_shows_one_picture(
    show: Show, open_file: OpenFile, tmp_path: Path, options: list[str]
) -> None:
    """Executing puts the widgets' state in, which the page could only show with the help of a server elsewhere."""
    notebook, _ = show()
    notebook.save()
    path = tmp_path / "notebook.html"
    command = [sys.executable, "-m", "nbconvert", "--to", "html", *options, "--output", str(path)]
    subprocess.run([*command, str(notebook.lab.notebooks / notebook.name)], check=True, capture_output=True)
    page = open_file(path)
    expect(page.get_by_text("none dropped").first).to_be_visible()
    pictures = page.locator(".jp-OutputArea").locator("svg:visible, img:visible")
    expect(pictures).to_have_count(2)  # one of each cell that shows a timeline
    assert all(is_picture(picture) for picture in pictures.all())
