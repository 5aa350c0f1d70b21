"""What the records of state tell, one by one: writes, versions, lines, output."""

from __future__ import annotations

from typing import NamedTuple


class Write(NamedTuple):
    """A local or a name got a value, or lost it.

    Attributes:
        time_ns: when that was known: the write had happened by then.
        track: the track on which it was seen.
        call: the call that it belongs to; -1 for none.
        line: the source line that wrote it; 0 if that is not known.
        key: from 0 on a slot of the frame, a position in ``Code.slots``; negative a name, the number of a callable of
            the kind ``CodeFlag.NAME``.
        data: the encoded value; ``GONE`` where there is none any more.
    """

    time_ns: int
    track: int
    call: int
    line: int
    key: int
    data: bytes


class Version(NamedTuple):
    """What an object held from a time on.

    Attributes:
        time_ns: when that was known.
        track: the track on which it was seen.
        call: the call that it was seen in; -1 for none.
        line: the source line that was executing there; 0 if that is not known.
        type: the number of the object's type.
        address: the object's address.
        content: the whole content.
    """

    time_ns: int
    track: int
    call: int
    line: int
    type: int
    address: int
    content: bytes


class LineEvent(NamedTuple):
    """A source line began.

    Attributes:
        time_ns: when.
        track: the track.
        call: the call in which it began.
        line: the line; 0 where none began and the frame was about to be left or suspended.
        cut: whether not everything in the frame's reach was looked at.
    """

    time_ns: int
    track: int
    call: int
    line: int
    cut: bool


class Output(NamedTuple):
    """Text that was put out.

    Attributes:
        time_ns: when.
        track: the track that put it out.
        stream: ``stdout``, ``stderr``, ``display`` or ``result``.
        text: the text.
    """

    time_ns: int
    track: int
    stream: str
    text: str


class AttributeWrite(NamedTuple):
    """An attribute of a watched instance was set or deleted.

    Attributes:
        time_ns: when.
        track: the track that did it.
        call: the call that did it; -1 for none.
        line: the source line that did it; 0 if that is not known.
        address: the instance's address.
        name: the attribute.
        old: the encoded value that it had; ``GONE`` where it had none.
        new: the encoded value that it got; ``GONE`` where it was deleted.
    """

    time_ns: int
    track: int
    call: int
    line: int
    address: int
    name: str
    old: bytes
    new: bytes
