"""What stands for a timeline where the widget cannot be shown: a line, a picture and the tree of calls."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from scope_repl.export.svg import svg
from scope_repl.query.tree import CallTree
from scope_repl.recording.contents import Contents

_TREE_LINES = 40

# The output below the line is the widget's: an element with another one in it. Where there is no such widget any more,
# it holds a sentence, and in a page of nbconvert's that cannot load the widgets' library, scripts: then the figure is
# shown instead.
_OUTPUT = ".jp-OutputArea-child"
_STYLE = f"""\
{_OUTPUT}:has(+ {_OUTPUT} .jupyter-widgets:not(:empty)):not(:has(+ {_OUTPUT} .jupyter-widgets > :not(script)))
  .scope-figure {{ display: block !important; }}
{_OUTPUT}:has(.scope-figure) + {_OUTPUT} .jupyter-widgets:not(:has(> :not(script))) {{ display: none !important; }}"""


def line_output(contents: Contents) -> dict[str, str]:
    """The first of a timeline's outputs: the recording in one line, and a picture that is hidden behind the widget.

    Args:
        contents: the recording's contents.

    Returns:
        A mimebundle.
    """
    line = contents.stats.line()
    picture = b64encode(svg(contents, caption=False).encode()).decode()
    figure = f'<img alt="{escape(f"Timeline: {line}")}" src="data:image/svg+xml;base64,{picture}">'
    hidden = f'<div class="scope-figure" style="display: none">{figure}</div>'
    return {"text/plain": line, "text/html": f"<div>{escape(line)}</div>\n<style>\n{_STYLE}\n</style>\n{hidden}"}


def fallbacks(contents: Contents) -> dict[str, str]:
    """What stands beside the widget in its own output, for those who cannot show widgets.

    Args:
        contents: the recording's contents.

    Returns:
        A mimebundle.
    """
    tree = str(CallTree(contents, _TREE_LINES, None)).encode(errors="replace").decode()  # messages are UTF-8
    return {"text/plain": tree, "image/svg+xml": svg(contents, caption=False)}
