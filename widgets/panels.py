"""A moment as HTML: what the inspector's panels show. All text is escaped."""

from __future__ import annotations

from html import escape

from scope_repl.errors import UnknownValue
from scope_repl.query.frame import Frame
from scope_repl.query.shown import plain, shown
from scope_repl.recording.durations import duration_text

ARGUMENTS = 50
LINE_LENGTH = 300
LINES_AROUND = 5
_NAME_LENGTH = 200
_SCROLLS = ' tabindex="0" role="group" aria-label="Source"'  # what scrolls must be within the keyboard's reach
_ENDINGS = {"return": "returned later", "raise": "raised later", "closed": "closed later"}

STYLE = """<style>
.scope-inspector { color: var(--jp-content-font-color1, inherit); font-size: var(--jp-ui-font-size1, 13px); }
.scope-inspector .widget-html, .scope-inspector .widget-html-content {
  height: auto; min-width: 0; line-height: 1.4; color: inherit; font-size: inherit; }
.scope-inspector .scope-stack { flex-direction: column; }
.scope-inspector .scope-stack .widget-label {
  width: auto; text-align: left; color: var(--jp-content-font-color2, inherit); }
.scope-inspector .scope-stack select {
  width: 100%; flex: 1 1 0; min-height: 0;
  font-family: var(--jp-code-font-family, monospace); font-size: var(--jp-code-font-size, 13px);
  color: var(--jp-content-font-color1, inherit); background: var(--jp-layout-color1, transparent); }
.scope-inspector .scope-entry { margin: 1px 0 1px 2ch; text-indent: -2ch; overflow-wrap: anywhere; }
.scope-inspector .scope-name { font-weight: 600; }
.scope-inspector code, .scope-inspector pre, .scope-inspector pre span {
  font-family: var(--jp-code-font-family, monospace); font-size: var(--jp-code-font-size, 13px);
  color: inherit; background: none; padding: 0; }
.scope-inspector .scope-known { color: var(--jp-content-font-color2, inherit); font-size: 0.9em; }
.scope-inspector * + .scope-known::before { content: "· "; }
.scope-inspector .scope-warning { border-left: 3px solid var(--jp-warn-color1, #c77700); padding-left: 6px; }
.scope-inspector .scope-heading { font-weight: 600; overflow-wrap: anywhere; }
.scope-inspector pre { margin: 2px 0 0; line-height: 1.4; white-space: pre; overflow-x: auto; }
.scope-inspector .scope-lines { display: inline-block; min-width: 100%; }
.scope-inspector .scope-number {
  display: inline-block; text-align: right; margin-right: 1ch; color: var(--jp-content-font-color2, inherit);
  user-select: none; }
.scope-inspector .scope-current { display: inline-block; min-width: 100%; font-weight: 600;
  background: var(--jp-warn-color3, rgba(255, 193, 7, 0.3)); }
[data-jp-theme-light="false"] .scope-inspector .scope-current { background: rgba(255, 193, 7, 0.22); }
.scope-inspector .scope-unconfirmed { opacity: 0.65; }
</style>"""


def frame_label(number: int, frame: Frame) -> str:
    """A frame in one line of a list.

    Args:
        number: how many frames outwards of the innermost one it is.
        frame: the frame.
    """
    name = plain(frame.qualname, _NAME_LENGTH)
    line = frame.line
    where = f"{_title(frame)}:{line}" if line is not None else plain(frame.module)
    return f"{number}  {name}  {where}".rstrip()


def message_html(text: str) -> str:
    """A message that screen readers announce; nothing for an empty one."""
    return f'<div role="status" class="scope-warning">{escape(text)}</div>' if text else ""


def values_html(frame: Frame) -> str:
    """The arguments and the outcome of a frame, each with how it is known.

    Args:
        frame: the frame.
    """
    entries = [*_arguments(frame), _ending(frame)]
    rows = "".join(
        f'<div class="scope-entry"><span class="scope-name">{escape(name)}:</span> '
        f"<code>{escape(text)}</code> {_known(known)}</div>"
        for name, text, known in entries
    )
    age = f"running for {duration_text(frame.running_ns)}"
    heading = f"{plain(frame.qualname, _NAME_LENGTH)}, {age if frame.standing('start').exact else 'start unknown'}"
    began = _known("arguments as the call began")
    return f'<div><span class="scope-heading">{escape(heading)}</span> {began}</div>{rows}'


def _arguments(frame: Frame) -> list[tuple[str, str, str]]:
    arguments, together = frame.args, frame.standing("args")
    if not together.exact:
        return [("arguments", "?", str(together))]
    rows = [(plain(name, _NAME_LENGTH), *shown(value)) for name, value in list(arguments.items())[:ARGUMENTS]]
    rows += [(plain(name, _NAME_LENGTH), "?", str(arguments.standing(name))) for name in arguments.unknown_names]
    return rows or [("arguments", "none", "exact")]


def _ending(frame: Frame) -> tuple[str, str, str]:
    """What became of the call later."""
    outcome = frame.outcome
    name = _ENDINGS.get(outcome, "result")
    if outcome in _ENDINGS:
        name += f", {duration_text(frame.remaining_ns)} after"
    if outcome == "raise":
        raised = frame.exception
        unknown = ("?", "unknown: the log does not tell the exception's type")
        return (name, *unknown) if raised is None else (name, plain(str(raised)), "exact")
    try:
        return (name, *shown(frame.result))
    except UnknownValue as error:
        return name, "?", f"unknown: {error.reason}"


def source_html(frame: Frame) -> str:
    """The source around the current line of a frame, with its numbers and how it is known.

    Args:
        frame: the frame.
    """
    if not frame.file:
        return '<div class="scope-known">no source: it is a C callable</div>'
    line, block = frame.line or 0, frame.source(LINES_AROUND, LINES_AROUND)
    heading = (
        f'<div class="scope-heading" title="{escape(plain(frame.file, LINE_LENGTH))}">{escape(_place(frame))}</div>'
    )
    known = f"{_known('line ' + str(frame.standing('line')))} {_known('source ' + str(block.standing))}"
    if not block.lines:
        return f"{heading}<div>{known}</div>"
    width = len(str(block.first + len(block.lines)))
    lines = "".join(
        _line(number, text, width, number == line) for number, text in enumerate(block.lines, start=block.first)
    )
    kind = "" if block.standing.exact else " class='scope-unconfirmed'"
    warning = "" if block.standing.exact else " class='scope-warning'"
    return f"{heading}<div{warning}>{known}</div><pre{kind}{_SCROLLS}><span class='scope-lines'>{lines}</span></pre>"


def _place(frame: Frame) -> str:
    return f"{_title(frame)}, line {frame.line}"


def _title(frame: Frame) -> str:
    return plain(frame.title, _NAME_LENGTH)


def _line(number: int, text: str, width: int, current: bool) -> str:
    mark = "▶" if current else " "
    kind = ' class="scope-current" aria-current="true"' if current else ""
    shown_text = escape(plain(text.expandtabs(4), LINE_LENGTH))
    return f'<span{kind}><span class="scope-number">{mark}{number:>{width}}</span>{shown_text}</span>\n'


def _known(standing: str) -> str:
    return f'<span class="scope-known">{escape(standing)}</span>'
