"""Texts on their way to where they are shown."""

from __future__ import annotations

import contextlib
import io
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scope_repl
from scope_repl import _tracer
from scope_repl.capture.outputs import DISPLAY, RESULT, SILENT, STDERR, STDOUT, Outputs, Place
from scope_repl.session import scope

pytestmark = pytest.mark.native


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    scope.forget()
    scope.recorder.outputs = Outputs()


def shown_at(*places: Place) -> None:
    """Let recordings follow these places."""
    scope.recorder.outputs.places = lambda: places


def texts(recording: scope_repl.Recording) -> list[tuple[str, str]]:
    return [(output.stream, output.text) for output in recording.contents.state.outputs(2**62)]


def joined(recording: scope_repl.Recording, stream: str = "stdout") -> str:
    return "".join(text for name, text in texts(recording) if name == stream)


class Shell:
    """Shows things as a shell does, through stdout."""

    def __init__(self) -> None:
        self.shown: list[Any] = []

    def publish(self, data: dict[str, str], **options: object) -> str:
        self.shown.append(data)
        print("published")
        return "done"

    def prompt(self) -> None:
        print("Out[1]: ")


# ---- the record itself ----


@given(st.text())
@settings(deadline=None)
def test_any_text_comes_back(text: str) -> None:
    with scope_repl.record() as recording:
        _tracer.output(1, text)
    assert joined(recording) == text


@pytest.mark.parametrize("character", ["a", "ä", "€", "\N{GRINNING FACE}"])
@pytest.mark.parametrize("size", [3499, 3500, 3501, 100_000])
def test_long_texts_take_several_records(character: str, size: int) -> None:
    with scope_repl.record() as recording:
        _tracer.output(2, f"x{character * size}")
    pieces = [text for _, text in texts(recording)]
    assert "".join(pieces) == f"x{character * size}"
    assert max(len(piece.encode()) for piece in pieces) <= 3500
    assert all(stream == "stderr" for stream, _ in texts(recording))


def test_lone_surrogates() -> None:
    with scope_repl.record() as recording:
        _tracer.output(1, "a\ud800b")
    assert joined(recording) == "a\ud800b"


def test_nothing_is_recorded_while_nothing_runs() -> None:
    _tracer.output(1, "before")
    with scope_repl.record() as recording:
        pass
    assert texts(recording) == []


@pytest.mark.parametrize("arguments", [(5, "x"), (-1, "x"), (1, b"x"), (1,)])
def test_what_is_no_output(arguments: tuple[Any, ...]) -> None:
    with pytest.raises((TypeError, ValueError)):
        _tracer.output(*arguments)


# ---- streams ----


def test_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    shown_at(Place(sys.stdout, "write", STDOUT), Place(sys.stderr, "write", STDERR))
    with scope_repl.record() as recording:
        print("one", 2)
        sys.stdout.writelines(["a", "b"])
        assert sys.stderr.write("three") == 5
    print("not recorded")
    assert joined(recording) == "one 2\nab"
    assert joined(recording, "stderr") == "three"
    assert capsys.readouterr() == ("one 2\nabnot recorded\n", "three")


def test_the_recording_shows_no_more_calls_than_without() -> None:
    class Stream(io.StringIO):
        pass

    stream = Stream()

    def work() -> None:
        print("one", file=stream)
        stream.write("two")

    found = []
    for places in ((), (Place(stream, "write", STDOUT),)):
        shown_at(*places)
        with scope_repl.record(level="values") as recording:
            work()
        found.append(list(recording.calls["name"]))
    assert found[0][-2:] == ["print", "StringIO.write"]
    if sys.version_info >= (3, 12):
        assert found[1] == found[0]
    else:  # where only calls of C functions proper are seen, and it stands in for one
        assert found[1] == found[0][:-1]


def test_undone_exactly() -> None:
    class Stream(io.StringIO):
        pass

    plain, patched, shell = Stream(), Stream(), Shell()
    own = patched.write
    patched.write = own  # type: ignore[method-assign]
    patched.other = 1  # type: ignore[attr-defined]
    shown_at(Place(plain, "write", STDOUT), Place(patched, "write", STDOUT), Place(shell, "publish", DISPLAY))
    with scope_repl.record() as recording:
        assert list(vars(plain)) == ["write"]
        plain.write("a")
        patched.write("b")
    assert joined(recording) == "ab"
    assert vars(plain) == {}
    assert list(vars(patched).items()) == [("write", own), ("other", 1)]
    assert list(vars(shell)) == ["shown"]


def test_what_others_put_in_front_stays_and_the_rest_is_swept_up_later() -> None:
    stream = io.StringIO()
    shown_at(Place(stream, "write", STDOUT))
    with scope_repl.record() as recording:
        ours = stream.write
        stream.write = lambda text: ours(text.upper())  # type: ignore[assignment, method-assign]
        stream.write("a")
    stream.write("b")
    assert joined(recording) == "A"
    stream.write = ours  # type: ignore[method-assign]
    stream.write("c")
    assert stream.getvalue() == "ABc"
    scope.recorder.outputs.end()
    assert vars(stream) == {}


def test_a_stream_that_is_replaced_meanwhile() -> None:
    first, second = io.StringIO(), io.StringIO()
    streams = [first]
    scope.recorder.outputs.places = lambda: [Place(streams[-1], "write", STDOUT)]
    with scope_repl.record() as recording:
        first.write("a")
        streams.append(second)
        second.write("unseen")
        scope.recorder.outputs.follow()
        scope.recorder.outputs.follow()
        second.write("b")
        first.write("c")
    assert joined(recording) == "abc"
    assert vars(first) == vars(second) == {}


def test_a_stream_in_front_of_another_is_recorded_once() -> None:
    behind = io.StringIO()

    class Tee:
        def write(self, text: str) -> int:
            behind.write(text)
            return behind.write(text)

    tee = Tee()
    shown_at(Place(behind, "write", STDOUT), Place(tee, "write", STDOUT))
    with scope_repl.record() as recording:
        tee.write("x")
        behind.write("y")
    assert joined(recording) == "xy"
    assert behind.getvalue() == "xxy"


def test_a_write_that_fails_shows_nothing() -> None:
    stream = io.StringIO()
    shown_at(Place(stream, "write", STDOUT))
    with scope_repl.record() as recording:
        stream.write("a")
        for wrong in ((5,), (), ("x", "y")):
            with pytest.raises(TypeError) as caught:
                stream.write(*wrong)
            with pytest.raises(TypeError) as expected:
                io.StringIO().write(*wrong)
            assert str(caught.value) == str(expected.value)
        stream.close()
        with pytest.raises(ValueError, match="closed"):
            stream.write("b")
    assert joined(recording) == "a"


def test_an_interrupt_in_the_midst_of_a_write() -> None:
    class Slow(io.StringIO):
        def write(self, text: str) -> int:
            if text == "now":
                raise KeyboardInterrupt
            return super().write(text)

    stream = Slow()
    shown_at(Place(stream, "write", STDOUT))
    with scope_repl.record() as recording:
        with pytest.raises(KeyboardInterrupt):
            stream.write("now")
        stream.write("later")
    assert joined(recording) == "later"
    assert vars(stream) == {}


def test_redirected_output_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    shown_at(Place(sys.stdout, "write", STDOUT))
    with scope_repl.record() as recording:
        with contextlib.redirect_stdout(io.StringIO()):
            print("hidden")
        print("shown")
    assert joined(recording) == "shown\n"
    assert capsys.readouterr().out == "shown\n"


def test_a_file_and_text_of_a_strs_own_kind(tmp_path: Path) -> None:
    class Word(str):
        def __str__(self) -> str:
            raise AssertionError("nobody may ask")

    path = tmp_path / "out.txt"
    with path.open("w") as file:
        shown_at(Place(file, "write", STDOUT))
        with scope_repl.record() as recording:
            file.write(Word("word"))
    assert joined(recording) == path.read_text() == "word"


def test_threads_have_their_own_tracks() -> None:
    stream = io.StringIO()
    shown_at(Place(stream, "write", STDOUT))
    with scope_repl.record() as recording:
        threads = [threading.Thread(target=stream.write, args=(str(n),), name=f"thread {n}") for n in range(3)]
        for thread in threads:
            thread.start()
            thread.join()
    outputs = recording.contents.state.outputs(2**62)
    tracks = recording.tracks["name"]
    assert [(tracks[output.track], output.text) for output in outputs] == [(f"thread {n}", str(n)) for n in range(3)]


def test_what_stands_in_looks_like_what_was_there() -> None:
    stream = io.StringIO()
    write = stream.write
    shown_at(Place(stream, "write", STDOUT))
    with scope_repl.record():
        assert repr(stream.write) == repr(write)
        assert stream.write.__self__ is stream  # type: ignore[attr-defined]
        assert stream.write.__name__ == "write"
        assert isinstance(stream.write, type(write))


def test_a_holder_that_cannot_be_followed_is_left_alone() -> None:
    class Bare:
        __slots__ = ()

        def write(self, text: str) -> int:
            return len(text)

    class Odd:
        def __getattr__(self, name: str) -> None:
            raise RuntimeError(name)

    bare = Bare()
    shown_at(Place(bare, "write", STDOUT), Place(None, "write", STDERR), Place(Odd(), "write", STDOUT))
    with scope_repl.record() as recording:
        assert bare.write("abc") == 3
    assert texts(recording) == []


# ---- shells ----


def test_displays_and_results(capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell()
    shown_at(
        Place(sys.stdout, "write", STDOUT),
        Place(shell, "publish", DISPLAY),
        Place(shell, "prompt", SILENT),
    )
    with scope_repl.record() as recording:
        assert shell.publish({"text/plain": "first", "text/html": "<b>"}) == "done"
        assert shell.publish(data={"text/plain": "second"}, metadata={}) == "done"
        shell.publish({"image/png": "…"})
        shell.publish({"text/plain": 5})  # type: ignore[dict-item]
        shell.publish({1: 2, "text/plain": "odd"})  # type: ignore[dict-item]
        shell.prompt()
        print("printed")
    assert texts(recording) == [("display", "first"), ("display", "second"), ("stdout", "printed"), ("stdout", "\n")]
    assert capsys.readouterr().out == "published\n" * 5 + "Out[1]: \nprinted\n"
    assert len(shell.shown) == 5


def test_a_result_that_fails_to_show() -> None:
    shell = Shell()
    shown_at(Place(shell, "publish", RESULT))
    with scope_repl.record() as recording, pytest.raises(TypeError, match="positional"):
        shell.publish()  # type: ignore[call-arg]
    assert texts(recording) == []
