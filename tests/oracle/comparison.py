"""What a recording says of each local at each line, held against the truth."""

from __future__ import annotations

import collections
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oracle.copies import Atom, Value
from oracle.recorded import Place, places, show
from oracle.truth import FRAMES, MACHINERY, Scene, Truth
from oracle.walk import SECRET, Objects, Walk, short
from scope_repl import Recording, UnknownValue
from scope_repl.recording.cut import Redacted
from scope_repl.recording.standing import Known

ABSENT = object()
OLDEST = 60  # truths that are compared in any case
REPORTED = 12  # disagreements that are told in full


@dataclass(slots=True)
class Verdict:
    """What a comparison found.

    ``own`` counts the locals of the innermost frame, whose line begins: how many were exact, exact but for marked parts
    (``part``), last known (``last``) or unknown. ``exits`` counts them in frames that are about to be left, ``callers``
    in the frames that called the innermost one.
    ``marks`` says what was missing, and how often. ``problems``: where the recording was wrong.
    """

    events: int = 0
    own: collections.Counter[str] = field(default_factory=collections.Counter)
    exits: collections.Counter[str] = field(default_factory=collections.Counter)
    callers: collections.Counter[str] = field(default_factory=collections.Counter)
    marks: collections.Counter[str] = field(default_factory=collections.Counter)
    problems: list[str] = field(default_factory=list)

    def share(self, *standings: str) -> float:
        """The share of the innermost frames' locals that were known so."""
        return sum(self.own[standing] for standing in standings) / max(1, sum(self.own.values()))

    def report(self) -> str:
        counts = f"own {dict(self.own)}; exits {dict(self.exits)}; callers {dict(self.callers)}; {dict(self.marks)}"
        return "\n".join([f"{len(self.problems)} disagreements; {counts}", *self.problems[:REPORTED]])


def compare(
    rec: Recording,
    path: Path,
    threads: Mapping[str, Sequence[Truth]],
    *,
    tail: bool = False,
    every: int = 1,
    callers: int = 1,
) -> Verdict:
    """Compare a recording with the truths of each thread.

    ``tail``: the recording, or the oracle, has the newest ones only. ``every``: compare the oldest ones, and of the
    others each so many-th. ``callers``: at each so many-th of these look at the calling frames, too.
    """
    verdict = Verdict()
    recorded = places(rec, path)
    if not tail and recorded.keys() != threads.keys():
        verdict.problems.append(f"threads: expected {sorted(threads)}, recorded {sorted(recorded)}")
    for thread, own in recorded.items():
        truths = list(threads.get(thread, ()))
        if tail:
            count = min(len(own), len(truths))
            own, truths = own[len(own) - count :], truths[len(truths) - count :]
        if [place.place for place in own] == [truth.place for truth in truths]:
            pairs = list(zip(own, truths, strict=True))
            _compare_thread(verdict, rec, path, thread, pairs, every, callers)
        else:
            verdict.problems.append(_misaligned(thread, own, truths))
    return verdict


def _compare_thread(
    verdict: Verdict,
    rec: Recording,
    path: Path,
    thread: str,
    pairs: list[tuple[Place, Truth]],
    every: int,
    callers: int,
) -> None:
    times = {place.time_ns: number for number, (place, _) in enumerate(pairs) if place.kind == "line"}

    def earlier(time_ns: int) -> Truth | None:
        number = times.get(time_ns)
        return None if number is None else pairs[number][1]

    for number, (place, truth) in enumerate(pairs):
        if number > OLDEST and number % every:
            continue
        if times.get(place.time_ns, number) == number:  # else the next line began at the same nanosecond
            moment = _Moment(verdict, rec, path, place, truth, earlier, f"{thread}, event {number}")
            moment.compare(callers=number // every % callers == 0)


def _misaligned(thread: str, own: list[Place], truths: list[Truth]) -> str:
    expected = [truth.place for truth in truths]
    got = [place.place for place in own]
    pairs = enumerate(zip(expected, got, strict=False))
    at = next((number for number, (one, other) in pairs if one != other), min(len(expected), len(got)))
    around = slice(max(0, at - 3), at + 4)
    told = f"  expected {expected[around]}\n  recorded {got[around]}"
    return f"{thread}: events differ from number {at} of {len(expected)} on\n{told}"


class _Moment:
    """One line event: all frames of the program on its thread's stack."""

    def __init__(
        self,
        verdict: Verdict,
        rec: Recording,
        path: Path,
        place: Place,
        truth: Truth,
        earlier: Callable[[int], Truth | None],
        where: str,
    ) -> None:
        self.verdict = verdict
        self.moment = rec.at(place.time_ns, unit="ns")
        self.path = path
        self.place = place
        self.truth = truth
        self.earlier = earlier
        self.where = f"{where} ({place.function}:{place.line}, {place.time_ns} ns)"
        self.objects = Objects(truth)

    def problem(self, text: str) -> None:
        self.verdict.problems.append(f"{self.where}: {text}")

    def compare(self, *, callers: bool) -> None:
        self.verdict.events += 1
        stack = self.moment.stack(self.place.track)
        frames = [frame for frame in stack if frame.kind == "python" and frame.file == str(self.path)]
        scenes = self.truth.scenes
        got = [frame.qualname for frame in frames][: len(scenes)]
        if got != [scene.function for scene in scenes]:
            self.problem(f"the stack is {[scene.function for scene in scenes]}, recorded {got}")
            return
        for depth, (frame, scene) in enumerate(zip(frames, scenes if callers else scenes[:1], strict=False)):
            begins = depth == 0 and self.place.kind == "line"
            told = begins or (
                depth > 0 and frame.standing("line").exact
            )  # a return may be on another line than the last one
            if told and frame.line != scene.line:
                self.problem(f"frame {depth} {scene.function} is at line {scene.line}, recorded {frame.line}")
            _Frame(self, depth, begins, scene, frame.locals).compare()


class _Frame:
    """The locals of one frame at one line event."""

    def __init__(self, moment: _Moment, depth: int, begins: bool, scene: Scene, variables: Any) -> None:
        self.moment = moment
        self.depth = depth
        self.begins = begins and not moment.place.cut()  # a line begins in it, at which all in reach was looked at
        self.scene = scene
        self.variables = variables
        verdict = moment.verdict
        self.counts = verdict.callers if depth else verdict.own if begins else verdict.exits
        self.where = f"frame {depth} {scene.function}"

    def problem(self, name: str, text: str) -> None:
        self.moment.problem(f"{self.where}: {name} [{self.variables.standing(name)}]: {text}")

    def compare(self) -> None:
        true = self.scene.locals
        known = [name for name in self.variables if name in true or name not in MACHINERY]
        for name in known:
            if name in true:
                self.compare_local(name, true[name])
            elif self.variables.standing(name).exact:
                self.problem(name, f"there is no such name, recorded {short(self.variables[name])}")
            else:
                self.last_known(name, ABSENT)
        for name in self.variables.unknown_names:
            self.unknown(name)
        for name in true.keys() - set(known) - set(self.variables.unknown_names):
            if not name.startswith("."):
                self.missing(name, true[name])

    def missing(self, name: str, true: Value) -> None:
        standing = self.variables.standing(name)
        if name in self.scene.foreign and standing.known is Known.NOT:
            return
        if standing.exact:
            self.problem(name, f"it is missing, and is {self.moment.objects.text(true)}")
        else:
            self.last_known(name, ABSENT)

    def unknown(self, name: str) -> None:
        standing = self.variables.standing(name)
        self.counts["unknown"] += 1
        self.moment.verdict.marks[_without_numbers(str(standing))] += 1
        if not standing.reason:
            self.problem(name, "no reason is told")

    def compare_local(self, name: str, true: Value) -> None:
        try:
            value, standing = self.variables[name], self.variables.standing(name)
        except UnknownValue as error:
            self.problem(name, f"iterating tells the name, asking raises {error}")
            return
        if standing.known is Known.NOT:
            self.unknown(name)
            if not (isinstance(value, Redacted) and SECRET.search(name)):
                self.problem(name, f"it is {self.moment.objects.text(true)}")
            return
        if not standing.exact:
            self.last_known(name, value)
            return
        walk = Walk(self.moment.objects, innermost=self.begins)
        walk.compare(true, value, name)
        if walk.problems:
            detail = "; ".join(walk.problems[:3])
            told = f"\n    expected {self.moment.objects.text(true)}\n    recorded {short(value)}"
            self.problem(name, f"{detail}{told}")
            return
        self.counts["part" if walk.marks else "exact"] += 1
        self.moment.verdict.marks.update(map(_without_numbers, walk.marks))
        if not walk.marks and not walk.loose and not standing.whole:
            self.problem(name, "all of it is there, and yet something is said to be missing")
        if walk.missing and standing.whole:
            self.problem(name, f"said to be whole, and yet {walk.missing[0]}")

    def last_known(self, name: str, value: Any) -> None:
        """In a caller's frame a line is in the middle; when a line begins in a frame, its own names are known."""
        standing = self.variables.standing(name)
        self.counts["last"] += 1
        self.moment.verdict.marks[_without_numbers(str(standing))] += 1
        if self.begins:
            self.problem(name, "its line begins right now")
        elif not standing.reason or standing.age_ns <= 0:
            self.problem(name, "neither reason nor age is told")
        else:
            line = re.search(r"line (\d+) was running", standing.reason)
            running = [scene.line for scene in self.moment.truth.scenes]
            if line and int(line[1]) not in running and self.moment.place.kind == "line":
                self.problem(name, f"lines {running} are running")
            self.was_so(name, value, standing.age_ns)

    def was_so(self, name: str, value: Any, age_ns: int) -> None:
        """A number or a text that is last known has to be what the name led to then."""
        truth = self.moment.earlier(self.moment.place.time_ns - age_ns)
        above = len(self.moment.truth.scenes) - self.depth
        if truth is None or not above <= len(truth.scenes) < FRAMES or len(self.moment.truth.scenes) == FRAMES:
            return
        scene = truth.scenes[len(truth.scenes) - above]
        true = scene.locals.get(name)
        if scene.function != self.scene.function or not isinstance(true, Atom) or not isinstance(show(value), Atom):
            return
        walk = Walk(Objects(truth), innermost=False)
        walk.compare(true, value, name)
        if walk.problems:
            self.problem(name, f"it was not so then: {walk.problems[0]}")


def _without_numbers(mark: str) -> str:
    return re.sub(r"[\d.,]+( ?(ns|µs|us|ms|s)\b)?", "…", mark)


def total(verdicts: Iterable[Verdict]) -> Verdict:
    """Several verdicts in one."""
    found = Verdict()
    for verdict in verdicts:
        found.events += verdict.events
        found.own += verdict.own
        found.exits += verdict.exits
        found.callers += verdict.callers
        found.marks += verdict.marks
        found.problems += verdict.problems
    return found
