from __future__ import annotations

from weakref import ref

from IPython.display import display
from ipywidgets import HBox, Layout
from traitlets import Bunch, Instance, TraitError, observe, validate

from scope_repl.query.moment import Moment
from scope_repl.query.recording import Recording

from .chart import Chart
from .comms import answer_while_busy, family
from .cursor import Cursor, Place, moment_of, place_of
from .inspector import Inspector
from .static import fallbacks, line_output

_LAYOUT = {"display": "flex", "flex_flow": "row wrap", "align_items": "stretch", "width": "100%"}
_GONE = "this timeline was closed, and its recording is gone: nothing else kept it"


def _share(flex: str) -> Layout:
    """The layout of one of the two: they stand side by side where there is room, else one below the other."""
    return Layout(flex=flex, width="auto", min_width="0", max_width="100%")


class Timeline(HBox):
    """A recording's calls on their tracks, under a time cursor, with an inspector of the moment beside them.

    All timelines of one recording share the cursor and the selected call. When the last page that showed a timeline has
    closed it, it lets go of the recording; displayed again, it takes it up again if it is still there.

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
        self._inspector = Inspector(layout=_share("1 1 300px"))
        self.children = [self._chart, self._inspector]
        self._chart.when_unseen(self.close)
        self._chart.observe(self._chart_changed, ["cursor_ns", "selection"])
        self._inspector.observe(self._inspector_changed, "moment")
        cursor.observe(self._cursor_changed, "place")
        answer_while_busy(self)
        self._show(moment_of(contents, cursor.place))

    def close(self) -> None:
        """Take the timeline out of every page, and let go of the recording."""
        if self._recording is not None:
            self._cursor.unobserve(self._cursor_changed, "place")
            self._recording = None
            members = [member for member in family(self) if member is not self]
            self._show(None)
            self.children = []
            for member in members:
                member.close()
            del self._chart, self._inspector, self._cursor
        super().close()

    # ---- whoever moves, all follow ----

    def _chart_changed(self, _: Bunch) -> None:
        if not self._showing:
            self._cursor.place = Place(self._chart.cursor_ns, self._chart.selection)

    def _inspector_changed(self, change: Bunch) -> None:
        if not self._showing:
            self.moment = change.new

    @observe("moment")
    def _moment_changed(self, change: Bunch) -> None:
        if self._recording is None or self._showing:
            return
        place = place_of(self._recording.contents, change.new)
        self._showing = True
        try:
            self._cursor.place = place
        finally:
            self._showing = False
        self._show(change.new)

    @validate("moment")
    def _check_moment(self, proposal: Bunch) -> Moment | None:
        moment: Moment | None = proposal.value
        if self._recording is None or self._showing:
            return moment
        if moment is None or moment.contents is not self._recording.contents:
            raise TraitError(f"{moment!r} is no moment of this recording: take one from its at()")
        return moment

    def _cursor_changed(self, change: Bunch) -> None:
        if self._recording is not None and not self._showing:
            self._show(moment_of(self._recording.contents, change.new))

    def _show(self, moment: Moment | None) -> None:
        """Let the chart and the inspector show a moment, without taking that for something that the user did."""
        self._showing = True
        try:
            if moment is not None:
                with self._chart.hold_sync():
                    self._chart.cursor_ns, self._chart.selection = self._cursor.place
            self._inspector.moment = moment
            self.moment = moment
        finally:
            self._showing = False

    # ---- display ----

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
