from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, overload

from scope_repl.query.frame import Frame
from scope_repl.query.main_module import main_looks
from scope_repl.recording.resolve import Look, Resolver
from scope_repl.recording.standing import EXACT, Standing, last_known

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_LOOKS = 32  # by which frames' looks objects are known at the most, innermost first
_INNERMOST, _OUTERMOST = 30, 5  # frames that are shown
_DROPPED = "the newest events of this track were dropped"


class Stack(Sequence[Frame]):
    """The frames of a track at a moment, innermost first.

    Attributes:
        track: the row of its track in ``rec.tracks``.
        standing: how it is known.
        resolver: the objects of the moment. One that several names lead to, in whichever frame, is one captured object.
    """

    __slots__ = ("_frames", "_title", "resolver", "standing", "track")

    def __init__(self, frames: Sequence[Frame], track: int, standing: Standing, title: str, resolver: Resolver) -> None:
        self._frames = frames
        self.resolver = resolver
        self._title = title
        self.track = track
        self.standing = standing

    def __len__(self) -> int:
        return len(self._frames)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Frame]: ...
    def __getitem__(self, index: int | slice) -> Frame | Sequence[Frame]:
        return self._frames[index]

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._frames)

    def __repr__(self) -> str:
        frames = self._frames
        left_out = len(frames) - _INNERMOST - _OUTERMOST
        lines = [f"  {frame!r}" for frame in (frames[:_INNERMOST] if left_out > 1 else frames)]
        if left_out > 1:
            lines += [f"  … {left_out:,} more frames", *(f"  {frame!r}" for frame in frames[-_OUTERMOST:])]
        return "\n".join([f"{self._title} [{self.standing}]", *(lines or ["  (nothing recorded is running)"])])


def stack_at(contents: Contents, track: int, time_ns: int) -> Stack:
    """The stack of a track at a time.

    Args:
        contents: the recording's contents.
        track: the row of the track.
        time_ns: nanoseconds since the recording's start.
    """
    slices = contents.slices
    known_ns = contents.tracks.end_known_ns[track]
    standing = EXACT if time_ns <= known_ns else last_known(time_ns - known_ns, _DROPPED)
    place = slices.at(track, time_ns)
    below = slices.call(place.ended) if place.ended >= 0 else -1
    running = False
    frames: list[Frame] = []
    resolver = Resolver(contents, time_ns, lambda: _looks(contents, frames, resolver))
    for row in slices.outwards(place.innermost):
        span = slices.call(row)
        frames.append(Frame(contents, time_ns, track, span, standing, below, running, resolver=resolver))
        below, running = span, True
    return Stack(frames, track, standing, f"track {track}: {contents.tracks.threads[track].name}", resolver)


def _is_followed(frame: Frame) -> bool:
    """Whether each line of a frame is followed. C functions count as one: but a list looks empty while it is sorted."""
    return frame.function != "sort" if frame.kind == "c" else frame.kind == "python" and frame.level == "lines"


def _looks(contents: Contents, frames: Sequence[Frame], resolver: Resolver) -> Iterator[Look]:
    """The looks by which the objects of a moment are known.

    What calls something of which not each line is followed is not relied on to find at its next line all that happened:
    a change may have been undone by then.
    """
    followed = True
    for frame in frames[:_LOOKS]:
        for look in frame.looks():
            yield look if followed else look._replace(next_ns=None)
        followed = followed and _is_followed(frame)
    yield from main_looks(contents, resolver)
