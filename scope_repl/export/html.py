"""A recording as one page that needs nothing but a browser: no server, no network, no other file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scope_repl.export.embedded import embedded
from scope_repl.export.svg import svg
from scope_repl.export.text import json_text, marked_up

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_BYTES = 2_000_000
_SLACK = 20_000  # for the notes, and what needs to be escaped
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Timeline: {line}</title>
<style>
body {{ margin: 16px; font: 13px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }}
h1 {{ margin: 0; font-size: 18px; }}
header p {{ margin: 0 0 12px; }}
footer {{ margin-top: 16px; opacity: 0.68; }}
footer p {{ margin: 0; }}
{style}
</style>
</head>
<body>
<header>
<h1>Timeline</h1>
<p>{line}</p>
</header>
<noscript>
{still}
</noscript>
<main id="scope-page"></main>
<footer>
{notes}</footer>
<script type="application/json" id="scope-data">{data}</script>
<script type="module">
{script}
</script>
</body>
</html>
"""
_CLOSING = re.compile(r"<(/(?:script|style)|!--)", re.IGNORECASE)


def page(contents: Contents, script: str, style: str) -> str:
    """Write a recording as a page that can be explored.

    Args:
        contents: the recording's contents.
        script: the module that shows what the page's element ``scope-data`` holds.
        style: its style sheet.

    Returns:
        The page, of at most 2,000,000 bytes whatever was recorded, as long as script and style take at most 500,000.
        What there was no room for is merged or left out, and the page says so.
    """
    line = marked_up(contents.stats.line())
    still = svg(contents, caption=False)
    room = _BYTES - sum(len(text.encode()) for text in (_PAGE, script, style, still)) - _SLACK
    data = embedded(contents, room)
    return _PAGE.format(
        line=line,
        policy=_POLICY,
        style=_kept_in(style),
        still=still,
        notes="".join(f"<p>{marked_up(note)}</p>\n" for note in data["scene"]["notes"]),
        data=json_text(data),
        script=_kept_in(script),
    )


def _kept_in(text: str) -> str:
    """Code that cannot end the element in which it stands."""
    return _CLOSING.sub(r"<\\\1", text)
