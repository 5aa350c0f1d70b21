from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipywidgets import HTML, Button, Dropdown, HBox, Layout, Select, VBox
from traitlets import Bunch, Instance, observe

from scope_repl.errors import ScopeError
from scope_repl.query.moment import Moment
from scope_repl.query.shown import plain
from scope_repl.recording.durations import time_text

from .panels import STYLE, frame_label, message_html, source_html, values_html

FRAMES = 100
_NOTHING = "nothing recorded was running"
_NO_MOMENT = "no moment to show"
_PANEL = {"width": "auto", "flex": "0 0 auto", "overflow": "auto"}


class Inspector(VBox):
    """What was true at a moment: the stack, and the values and the source of its selected frame.

    Args:
        moment: the moment; None shows nothing.
        options: further traits, such as ``layout``.

    Attributes:
        moment: the moment that is shown. The user changes it with the buttons, the tracks and the frames.
    """

    moment = Instance(Moment, allow_none=True)

    def __init__(self, moment: Moment | None = None, **options: Any) -> None:
        self._showing = False
        self._first = 0  # the number of the first frame in the list
        self._previous = _button("Previous", "step-backward", self._go_previous)
        self._next = _button("Next", "step-forward", self._go_next)
        self._time = HTML(layout=Layout(flex="1 1 auto", width="auto"))
        self._message = HTML()
        track = Layout(width="auto", display="none")
        self._track = Dropdown(description="Track", layout=track, style={"description_width": "auto"})
        self._stack = Select(description="Stack", layout=Layout(height="132px", **_PANEL))
        self._values = HTML(layout=Layout(height="112px", **_PANEL))
        self._source = HTML(layout=Layout(height="262px", **_PANEL))
        self._stack.add_class("scope-stack")
        self._track.observe(self._track_chosen, "value")
        self._stack.observe(self._frame_chosen, "index")
        self._steps = HBox(
            [self._previous, self._next, self._time], layout=Layout(flex_flow="row wrap", flex="0 0 auto")
        )
        parts = [HTML(STYLE, layout=Layout(display="none")), self._steps, self._message, self._track]
        super().__init__([*parts, self._stack, self._values, self._source], **options)
        self.add_class("scope-inspector")
        self._show()
        self.moment = moment

    # ---- what the user does ----

    def _go_previous(self, _: Button) -> None:
        self._go(Moment.previous)

    def _go_next(self, _: Button) -> None:
        self._go(Moment.next)

    def _track_chosen(self, change: Bunch) -> None:
        if change.new is not None:
            self._go(lambda moment: moment.on(change.new))

    def _frame_chosen(self, change: Bunch) -> None:
        if change.new is not None:
            self._go(lambda moment: moment.select(self._first + change.new))

    def _go(self, step: Callable[[Moment], Moment]) -> None:
        if self._showing or self.moment is None:
            return
        try:
            moment = step(self.moment)
        except (ScopeError, LookupError) as error:
            self._message.value = message_html(plain(str(error), 500))
        else:
            self.moment = moment

    # ---- what is shown ----

    @observe("moment")
    def _show(self, _: Bunch | None = None) -> None:
        self._showing = True
        try:
            self._show_moment(self.moment)
        except (ScopeError, LookupError) as error:
            self._show_nothing(plain(str(error), 500))
        finally:
            self._showing = False

    def _show_moment(self, moment: Moment | None) -> None:
        if moment is None:
            self._show_nothing(_NO_MOMENT)
            return
        self._message.value = ""
        self._time.value = f'<span role="status">at {time_text(moment.time_ns)}</span>'
        self._previous.disabled = not moment.has_previous
        self._next.disabled = not moment.has_next
        self._show_tracks(moment)
        self._show_stack(moment)

    def _show_tracks(self, moment: Moment) -> None:
        threads = moment.contents.tracks.threads
        options = [(f"{row}: {plain(thread.name)}", row) for row, thread in enumerate(threads)]
        with self._track.hold_sync():
            if self._track.options != tuple(options):
                self._track.options = options
            self._track.value = moment.track
        self._track.layout.display = None if len(threads) > 1 else "none"

    def _show_stack(self, moment: Moment) -> None:
        stack = moment.stack()
        selected = min(moment.selected, len(stack) - 1)
        if selected < 0:
            self._list([_NOTHING], None, f"Stack: {stack.standing}")
            self._values.value = self._source.value = ""
            return
        page = selected // FRAMES * FRAMES
        end = min(page + FRAMES, len(stack))
        labels = [frame_label(number, stack[number]) for number in range(page, end)]
        inner = [f"… {page} more inwards"] if page else []
        outer = [f"… {len(stack) - end} more outwards"] if end < len(stack) else []
        self._first = page - len(inner)
        self._list([*inner, *labels, *outer], selected - self._first, f"Stack, innermost first: {stack.standing}")
        self._values.value = values_html(stack[selected])
        self._source.value = source_html(stack[selected])

    def _list(self, labels: list[str], index: int | None, description: str) -> None:
        with self._stack.hold_sync():
            if self._stack.options != tuple(labels):
                self._stack.options = labels
            self._stack.index = index
            self._stack.description = description
            self._stack.disabled = index is None

    def _show_nothing(self, message: str) -> None:
        self._previous.disabled = self._next.disabled = True
        self._list([], None, "Stack")
        self._time.value = self._values.value = self._source.value = ""
        self._message.value = message_html(message)

    def close(self) -> None:
        """Take the inspector, all it is made of, and their layouts and styles out of every page."""
        for widget in (self, *self.children, *self._steps.children):
            for part in (getattr(widget, "style", None), widget.layout):
                if part is not None:
                    part.close()
            if widget is not self:
                widget.close()
        super().close()


def _button(text: str, icon: str, click: Callable[[Button], None]) -> Button:
    layout = Layout(width="auto", flex="0 0 auto")
    button = Button(description=text, icon=icon, tooltip=f"Go to the {text.lower()} event", layout=layout)
    button.on_click(click)
    return button
