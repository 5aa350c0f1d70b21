"""The front end as one ES module: the ones in ``assets``, joined so that each stands after those that it needs."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_ASSETS = Path(__file__).parent / "assets"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default\b)", re.MULTILINE)


@cache
def script() -> str:
    """The widget's module.

    Returns:
        Its text. The default export is what anywidget asks for: an object with ``render``.
    """
    return _joined("widget.js")


@cache
def inspector_script() -> str:
    """The inspector's module.

    Returns:
        Its text; like the widget's, for a widget of its own.
    """
    return _joined("inspector_widget.js")


@cache
def page_script() -> str:
    """The module of a page that stands by itself.

    Returns:
        Its text. It shows what the page's element ``scope-data`` holds as soon as it is loaded; its default export is
        the function that does so.
    """
    return _joined("page.js")


@cache
def style() -> str:
    """The style sheet of the widget and of the page."""
    return _sheets("theme.css", "chart.css", "page.css")


@cache
def inspector_style() -> str:
    """The inspector's style sheet."""
    return _sheets("theme.css", "inspector.css")


def _sheets(*names: str) -> str:
    return "".join(_text(name) for name in names)


def _joined(entry: str) -> str:
    order: list[str] = []
    _visit(entry, order)
    parts = (_EXPORT.sub("", _IMPORT.sub("", _text(name))) for name in order)
    return "\n".join(f"// {name}\n{part}" for name, part in zip(order, parts, strict=True))


def _visit(name: str, order: list[str]) -> None:
    for needed in _IMPORT.findall(_text(name)):
        if needed not in order:
            _visit(needed, order)
    order.append(name)


def _text(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")
