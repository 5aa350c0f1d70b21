"""The ground that the other tests stand on: a plain slider lives in JupyterLab, and the kernel can be asked."""

from __future__ import annotations

from pathlib import Path

import nbformat

from browser.chromium import expect
from browser.notebook import Open

SLIDER = "import ipywidgets\nslider = ipywidgets.IntSlider(max=10)\nslider"


def test_slider_is_dragged(open_notebook: Open) -> None:
    notebook = open_notebook(SLIDER)
    notebook.run(0)
    handle = notebook.outputs(0).locator(".noUi-handle")
    handle.click()
    notebook.page.keyboard.press("ArrowRight")
    expect(notebook.outputs(0).locator(".widget-readout")).to_have_text("1")
    assert notebook.read("slider.value") == 1


def test_cell_is_typed_run_and_saved(open_notebook: Open, tmp_path: Path) -> None:
    notebook = open_notebook("")
    notebook.type(0, "word = 'ten' * 2\nprint(word)")
    notebook.page.keyboard.press("Control+Enter")
    expect(notebook.outputs(0)).to_have_text("tenten\n")
    notebook.save()
    (saved,) = nbformat.read(notebook.lab.notebooks / notebook.name, 4).cells
    assert saved.outputs[0].text == "tenten\n"


def test_kernel_is_restarted(open_notebook: Open) -> None:
    notebook = open_notebook("x = 1")
    notebook.run(0)
    assert notebook.read("'x' in globals()")
    notebook.restart()
    assert not notebook.read("'x' in globals()")


def test_theme_is_switched(open_notebook: Open) -> None:
    notebook = open_notebook("")
    colour = "getComputedStyle(document.body).getPropertyValue('--jp-layout-color0').trim()"
    light = notebook.page.evaluate(colour)
    notebook.set_theme("JupyterLab Dark")
    assert notebook.page.evaluate(colour) != light
