"""What the magics show."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from scope_repl.query.recording import Recording

if TYPE_CHECKING:
    from scope_repl.widgets.timeline import Timeline

# Timelines that no page has shown yet: a console or a batch run never will, and each holds its recording.
_UNSEEN = 8
_shown: deque[Timeline] = deque()


def say(text: str) -> None:
    """Show a text of Scope's own."""
    print(text)


def report(shell: InteractiveShell, recording: Recording) -> None:
    """Show what was recorded in one line, and below it the timeline in a notebook, or the tree of calls in a terminal.

    Whatever goes wrong is said in one line, and nothing else: the user's cell is not to suffer from it.

    Args:
        shell: the shell in which it was recorded.
        recording: the recording.
    """
    try:
        if getattr(shell, "kernel", None) is None or not _show_timeline(recording):
            say(recording.stats.line())
            display(recording.tree())
    except Exception as error:
        say(f"the recording cannot be shown: {_in_one_line(error)}")


def _show_timeline(recording: Recording) -> bool:
    """Whether the timeline could be shown."""
    try:
        timeline = recording.timeline()
        display(timeline)
    except Exception as error:
        say(f"the timeline cannot be shown: {_in_one_line(error)}")
        return False
    _shown.append(timeline)
    if len(_shown) > _UNSEEN:
        oldest = _shown.popleft()
        if not oldest.seen:
            oldest.close()
    return True


def _in_one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
