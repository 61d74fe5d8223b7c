"""When which blow falls: one seed fixes all of them before the first process starts. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tests.chaos.proxy import CUTS

__all__ = ["POINTS", "Blow", "Target", "schedule"]

Kind = Literal["kill", "pause", "cut", "clock", "printer", "crash"]

POINTS: dict[str, tuple[str, ...]] = {
    "kiosk": (
        "kiosk.given-not-printed",
        "kiosk.printed-not-noted",
        "kiosk.noted-not-told",
        "outbox.sent-not-marked",
        "journal.written-not-committed",
    ),
    "controller": (
        "controller.accepted-not-committed",
        "controller.committed-not-told",
        "controller.applied-not-acknowledged",
        "outbox.sent-not-marked",
        "journal.written-not-committed",
    ),
    "room-1": ("station.asked-not-answered",),
    "display": ("disk.written-not-replaced",),
    "agent": ("store.written-not-committed", "agent.committed-not-acknowledged"),
}
"""Every crash point of the product, by the process that passes it."""

_PRINTER = ("ends", "out", "mute", "offline", "unplugged", "cover", "slow")
_KIOSK_JUMPS_S = (-86_400, -3_600, -60, 60, 3_600, 43_200, 86_400)
"""Of the centre's time, as a clock does that no time server has set; it comes back when one has."""
_CONTROLLER_JUMPS_S = (-3_600, -60, 60, 600)
"""Small: what the controller believes while its clock is wrong stands in the journal afterwards, and is a day's end
among the things that it may believe."""
_QUIET_S = (1.5, 4.0)
"""Between two blows, for what they broke to heal in part."""


@dataclass(frozen=True)
class Target:
    """What the storm may strike."""

    processes: Sequence[str]
    wires: Sequence[str]
    kiosks: Sequence[str]


@dataclass(frozen=True)
class Blow:
    """One thing that goes wrong, and for how long."""

    at_s: float
    kind: Kind
    target: str
    how: str = ""
    lasts_s: float = 0.0

    @property
    def until_s(self) -> float:
        return self.at_s + self.lasts_s

    def __str__(self) -> str:
        what = " ".join(filter(None, (self.kind, self.target, self.how)))
        return f"{self.at_s:.1f} s: {what}" + (f", for {self.lasts_s:.1f} s" if self.lasts_s else "")


def schedule(seed: int, seconds: float, target: Target, *, longest_s: float) -> list[Blow]:
    """The blows of a run, in order: one to three at once, then a while to heal; and each crash point armed once.

    Args:
        seconds: how long the storm lasts.
        longest_s: of a pause or a cut.
    """
    chance = random.Random(seed)
    blows = [
        Blow(chance.uniform(0.05, 0.8) * seconds, "crash", process, point)
        for process, points in POINTS.items()
        for point in points
    ]
    at_s = chance.uniform(*_QUIET_S)
    while at_s < seconds:
        together = [_blow(chance, at_s, target, longest_s) for _ in range(chance.randint(1, 3))]
        blows += together
        at_s += max(min(one.lasts_s, 3.0) for one in together) + chance.uniform(*_QUIET_S)
    return sorted(blows, key=lambda one: one.at_s)


def _blow(chance: random.Random, at_s: float, target: Target, longest_s: float) -> Blow:
    lasts_s = min(longest_s, 1.0 + chance.expovariate(0.3))
    kind = chance.choices(["kill", "pause", "cut", "clock", "printer"], weights=[5, 3, 5, 4, 3])[0]
    match kind:
        case "kill":
            return Blow(at_s, "kill", chance.choice(target.processes))
        case "pause":
            return Blow(at_s, "pause", chance.choice(target.processes), lasts_s=lasts_s)
        case "cut":
            return Blow(at_s, "cut", chance.choice(target.wires), chance.choice(CUTS), lasts_s)
        case "clock":
            process = chance.choice([*target.kiosks, *target.kiosks, "controller", "agent"])
            jumps_s = _KIOSK_JUMPS_S if process in target.kiosks else _CONTROLLER_JUMPS_S
            return Blow(at_s, "clock", process, str(chance.choice(jumps_s)), lasts_s)
        case _:
            return Blow(at_s, "printer", chance.choice(target.kiosks), chance.choice(_PRINTER), lasts_s)
