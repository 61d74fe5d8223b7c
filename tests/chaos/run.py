"""One run: a seed's storm over a busy evening, time to heal, and the verdict."""

from __future__ import annotations

import heapq
import itertools
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from borne.demo.evening import opening_ms
from borne.demo.watch import Watch
from tests.chaos.centre import Centre
from tests.chaos.gathering import gather, is_whole
from tests.chaos.invariants import Broken, check
from tests.chaos.people import People
from tests.chaos.recorder import Recorder
from tests.chaos.schedule import Blow, schedule
from tests.chaos.tape import Tape

__all__ = ["LONG", "SHORT", "Length", "Verdict", "run", "told"]

_LOOK_S = 0.05
_FOR_THE_POINTS_S = 30.0
_HEAL_S = 30.0
_SETTLE_S = 7.0
"""Once all is whole: a display notices a controller that was gone, a snapshot follows the last event."""


@dataclass(frozen=True)
class Length:
    """How long a run is."""

    storm_s: float
    longest_s: float
    """Of a pause or a cut."""
    patients: int


SHORT = Length(storm_s=55.0, longest_s=8.0, patients=40)
LONG = Length(storm_s=120.0, longest_s=20.0, patients=90)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of a run."""

    seed: int
    took_s: float
    counts: Counter[str]
    """Blows by kind, crash points passed, slips, presses, events."""
    healed_after_s: float | None
    broken: Sequence[Broken]

    def __str__(self) -> str:
        whole = "never whole" if self.healed_after_s is None else f"whole after {self.healed_after_s:.1f} s"
        verdict = f"BROKEN {len(self.broken)} times" if self.broken else "every invariant held"
        return f"seed {self.seed} ({self.took_s:.0f} s): {told(self.counts)}; {whole}; {verdict}"


def told(counts: Counter[str]) -> str:
    """What a storm was, in words."""
    return (
        f"{counts['kill']} kills, {counts['pause']} pauses, {counts['cut']} cuts, {counts['clock']} clock jumps, "
        f"{counts['printer']} printer faults, {counts['points']} crash points; "
        f"{counts['slips']} slips, {counts['presses']} presses, {counts['events']} events"
    )


def run(seed: int, out: Path, mosquitto: Path, *, length: Length = SHORT, bug: str | None = None) -> Verdict:
    """Let one seed's storm pass over a centre.

    Args:
        out: where the tape, slips, crops, disks and logs are left.
        bug: planted into the product; see `tests.chaos.planted`.

    Raises:
        NotStarted: a process could not be started.
        KioskStuck: the centre did not open.
    """
    began_s = time.monotonic()
    with Centre(out, mosquitto, seed=seed, opening_ms=opening_ms(), bug=bug) as centre:
        stage = centre.stage
        with closing(Tape(stage.out / "tape.jsonl")) as tape, closing(Watch(stage.journal)) as site:
            people = People(stage, tape, seed=seed, seconds=length.storm_s, patients=length.patients)
            recorder = Recorder(centre, tape, stage.out / "crops")
            people.wait_until_open()
            recorder.start()
            people.start()
            storm = _Storm(centre, tape)
            blows = storm.rage(schedule(seed, length.storm_s, centre.target, longest_s=length.longest_s))
            people.stop()
            healed_after_s = _healed(centre, site)
            time.sleep(_SETTLE_S)
            dead = [name for name in centre.target.processes if centre.pid(name) is None]
            recorder.stop()
    seen = gather(centre, blows, healed_after_s=healed_after_s, dead=dead)
    counts = Counter[str](blow.kind for blow in blows)
    counts += Counter(
        points=sum(map(len, centre.hits().values())),
        slips=len(seen.slips),
        presses=sum(entry.kind == "press" for entry in seen.tape),
        events=len(seen.records),
    )
    return Verdict(
        seed=seed,
        took_s=time.monotonic() - began_s,
        counts=counts,
        healed_after_s=healed_after_s,
        broken=check(seen),
    )


class _Storm:
    """Lets blows fall and end when it is time."""

    def __init__(self, centre: Centre, tape: Tape) -> None:
        self._centre = centre
        self._tape = tape
        self._hits = centre.hits()

    def rage(self, blows: Sequence[Blow]) -> list[Blow]:
        """Until every blow has fallen and ended, and every armed crash point has been passed or given up.

        Returns:
            The blows, at the time on the tape when they fell.
        """
        order = itertools.count()
        due = [(blow.at_s, next(order), blow, True) for blow in blows]
        heapq.heapify(due)
        began_s, fallen = self._tape.now_s, []
        while due or (self._centre.armed() and self._tape.now_s - began_s < blows[-1].at_s + _FOR_THE_POINTS_S):
            while due and due[0][0] <= self._tape.now_s - began_s:
                _, _, blow, is_begin = heapq.heappop(due)
                if is_begin:
                    fallen.append(replace(blow, at_s=self._tape.now_s))
                    self._tape.note("blow", what=str(blow))
                    self._centre.begin(blow)
                    heapq.heappush(due, (blow.until_s, next(order), blow, False))
                else:
                    self._centre.end(blow)
            self._watch_for_crashes()
            time.sleep(_LOOK_S)
        return fallen

    def _watch_for_crashes(self) -> None:
        hits = self._centre.hits()
        for process, points in hits.items():
            for point in set(points) - set(self._hits[process]):
                self._tape.note("crash", process=process, point=point)
        self._hits = hits


def _healed(centre: Centre, site: Watch) -> float | None:
    """Seconds until the network's picture was the centre's; None when that took too long."""
    began_s = time.monotonic()
    while time.monotonic() - began_s < _HEAL_S:
        if is_whole(centre.stage, site):
            return time.monotonic() - began_s
        time.sleep(_LOOK_S)
    return None
