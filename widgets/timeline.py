from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import ref

from IPython.display import display
from ipywidgets import HBox, Layout
from traitlets import Bunch, Instance, TraitError, observe, validate

from scope_repl.query.moment import Moment
from scope_repl.query.recording import Recording
from scope_repl.recording.contents import Contents

from .chart import Chart
from .comms import answer_while_busy, family, one_at_a_time
from .cursor import Cursor, Place, moment_of, place_of
from .inspector import Inspector
from .static import fallbacks, line_output

_LAYOUT = {"display": "flex", "flex_flow": "row wrap", "align_items": "stretch", "width": "100%", "grid_gap": "6px"}
_GONE = "this timeline was closed, and its recording is gone: nothing else kept it"


def _share(flex: str) -> Layout:
    """The layout of one of the two: they stand side by side where there is room, else one below the other."""
    return Layout(flex=flex, width="auto", min_width="0", max_width="100%")


class Timeline(HBox):
    """A recording's calls on their tracks, under a time cursor, with an inspector of the moment beside them.

    All timelines of one recording share the cursor and the selected call. When the last page that showed a timeline has
    closed it, it lets go of the recording; displayed again, it takes it up again if it is still there. A page that goes
    without a word, as a closed browser tab does, may come back: it counts until another one closes.

    Args:
        recording: the recording.

    Attributes:
        moment: the moment at the cursor, with the selected call as its selected frame. It can be observed, and set: the
            cursor goes there. None once the timeline is closed.

    Raises:
        StillRecording: the recording has not ended.
        DamagedLog: its log cannot be read.
    """

    moment = Instance(Moment, allow_none=True)

    def __init__(self, recording: Recording) -> None:
        self._weak_recording = ref(recording)
        self._recording: Recording | None = None
        self._showing = False
        super().__init__(layout=Layout(**_LAYOUT))
        self._take_up(recording)

    def _take_up(self, recording: Recording) -> None:
        contents = recording.contents
        self._recording = recording
        self._cursor = cursor = Cursor.of(contents)
        time_ns, selection = cursor.place
        self._chart = Chart(contents, cursor_ns=time_ns, selection=selection, layout=_share("3 1 480px"))
        self._inspector = Inspector(lock=cursor.lock, layout=_share("2 1 360px"))
        self.children = [self._chart, self._inspector]
        self._chart.when_unseen(self.close)
        self._chart.observe(self._chart_changed, ["cursor_ns", "selection"])
        self._inspector.observe(self._inspector_changed, "moment")
        cursor.observe(self._cursor_changed, "place")
        answer_while_busy(self)
        one_at_a_time(self, cursor.lock)
        self._show(moment_of(contents, cursor.place))

    def close(self) -> None:
        """Take the timeline out of every page, and let go of the recording."""
        if self._recording is None:
            super().close()
            return
        with self._cursor.lock:
            self._cursor.unobserve(self._cursor_changed, "place")
            self._recording = None
            members = [member for member in family(self) if member is not self]
            self._show(None)
            self.children = []
            for member in members:
                member.close()
            del self._chart, self._inspector, self._cursor
            super().close()

    @property
    def seen(self) -> bool:
        """Whether some page has shown it since it was opened, or it is closed."""
        return self._recording is None or self._chart.audience.seen

    # ---- whoever moves, all follow ----

    @contextmanager
    def _moving(self) -> Iterator[Contents | None]:
        """Hold the lock; gives the contents if somebody else than this timeline itself moves, and it is open."""
        recording = self._recording
        if recording is None:
            yield None
            return
        with self._cursor.lock:
            yield None if self._showing or self._recording is None else recording.contents

    def _chart_changed(self, _: Bunch) -> None:
        with self._moving() as contents:
            if contents is not None:
                self._cursor.place = Place(self._chart.cursor_ns, self._chart.selection)

    def _inspector_changed(self, change: Bunch) -> None:
        with self._moving() as contents:
            if contents is not None:
                self.moment = change.new

    @observe("moment")
    def _moment_changed(self, change: Bunch) -> None:
        with self._moving() as contents:
            if contents is not None:
                place = place_of(contents, change.new)
                with self._followed():
                    self._cursor.place = place
                self._show(change.new)

    @validate("moment")
    def _check_moment(self, proposal: Bunch) -> Moment | None:
        moment: Moment | None = proposal.value
        with self._moving() as contents:
            if contents is not None and (moment is None or moment.contents is not contents):
                raise TraitError(f"{moment!r} is no moment of this recording: take one from its at()")
        return moment

    def _cursor_changed(self, change: Bunch) -> None:
        with self._moving() as contents:
            if contents is not None:
                self._show(moment_of(contents, change.new))

    def _show(self, moment: Moment | None) -> None:
        """Let the chart and the inspector show a moment."""
        with self._followed():
            if moment is not None:
                with self._chart.hold_sync():
                    self._chart.cursor_ns, self._chart.selection = self._cursor.place
            self._inspector.moment = moment
            self.moment = moment

    @contextmanager
    def _followed(self) -> Iterator[None]:
        """What changes meanwhile is nothing that the user did."""
        self._showing = True
        try:
            yield
        finally:
            self._showing = False

    # ---- display ----

    def __repr__(self) -> str:
        recording = self._recording or self._weak_recording()
        return f"<Timeline: {_GONE if recording is None else recording.contents.stats.line()}>"

    def _ipython_display_(self) -> None:
        recording = self._recording or self._weak_recording()
        if recording is None:
            print(_GONE)
            return
        if self.comm is None:
            self._model_id = None
            self.layout = Layout(**_LAYOUT)
            self.open()
            self._take_up(recording)
        display(line_output(recording.contents), raw=True)
        display(HBox._repr_mimebundle_(self) | fallbacks(recording.contents), raw=True)
