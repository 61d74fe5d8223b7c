"""A small centre played at random, as days of facts: something to learn from, and to forecast.

Simpler than a real one and unlike the forecaster inside: visits are gamma and people lose patience by a Weibull law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush
from itertools import count

import numpy as np

from core.forecast.day import DayHistory, Fact, Planned, What
from core.room.ids import ServiceId

__all__ = ["Centre", "days"]

SERVICE = ServiceId("consultation")
_OPENS, _LAST, _CLOSES = 540.0, 1275.0, 1320.0
_HOURS = (10, 8, 8, 7, 6, 8, 10, 14, 13, 10, 7, 5, 3)
"""People who come in each hour from 9:00."""
_URGENT, _GRACE_MIN, _SHAPE = 0.03, 2.5, 6.0
"""Share of urgent patients; what a call in vain costs; of the gamma: a coefficient of variation of 0.41."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """What is so at a centre."""

    visit_min: float = 13.0
    crowd: float = 1.0
    """How many times as many people come."""
    plan: tuple[tuple[str, float, float], ...] = (
        ("a", 540, 840),
        ("b", 540, 780),
        ("c", 780, 1140),
        ("d", 960, 1320),
        ("e", 1020, 1320),
    )
    disrupted: float = 0.0
    """Share of shifts that begin late, end early or are held up."""


def days(centre: Centre, how_many: int, seed: int, first: int = 1) -> list[DayHistory]:
    """So many days of a centre."""
    return [_Day(centre, np.random.default_rng((seed, day))).played(day) for day in range(first, first + how_many)]


class _Day:
    """A day in the playing."""

    def __init__(self, centre: Centre, chance: np.random.Generator) -> None:
        self._centre, self._chance = centre, chance
        self._facts: list[Fact] = []
        self._agenda: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = count()
        self._waiting: list[tuple[float, str, float]] = []
        """Key, ticket and until when they stay."""
        self._free: list[str] = []
        self._ends: dict[str, float] = {}

    def played(self, number: int) -> DayHistory:
        for name, begins, ends in self._centre.plan:
            self._plan(name, begins, ends)
        for hour, people in enumerate(_HOURS):
            for at in self._chance.uniform(0, 60, self._chance.poisson(people * self._centre.crowd)):
                if _OPENS + 60 * hour + at < _LAST:
                    self._at(_OPENS + 60 * hour + at, self._comes)
        while self._agenda:
            now, _, happens = heappop(self._agenda)
            happens(now)
            self._call(now)
        return DayHistory(
            day=f"{number:04}",
            weekday=number % 7,
            plan=tuple(
                Planned(practitioner=name, begins_min=begins, ends_min=ends, is_closing=ends == _CLOSES)
                for name, begins, ends in self._centre.plan
            ),
            facts=tuple(self._facts),
            closes_min=_CLOSES,
            newcomers={SERVICE: "consultation"},
        )

    def _at(self, minute: float, happens: Callable[[float], None]) -> None:
        heappush(self._agenda, (minute, next(self._order), happens))

    def _says(self, now: float, what: What, who: str = "", ticket: str = "", key: float = 0.0, kind: str = "") -> None:
        self._facts.append(
            Fact(at_min=now, what=what, practitioner=who, ticket=ticket, key_min=key, kind=kind, service=SERVICE)
        )

    def _plan(self, name: str, begins: float, ends: float) -> None:
        is_odd = self._chance.random() < self._centre.disrupted
        late = self._chance.uniform(20, 60) if is_odd else self._chance.normal(3, 4)
        self._ends[name] = ends - (self._chance.uniform(20, 90) if is_odd and ends < _CLOSES else 0.0)

        def begin(now: float) -> None:
            self._says(now, "on", name)
            self._free.append(name)
            self._at(max(now, self._ends[name]), lambda _: None)

        self._at(max(_OPENS, begins + late), begin)

    def _comes(self, now: float) -> None:
        kind, head_start = ("urgent", 600.0) if self._chance.random() < _URGENT else ("consultation", 0.0)
        ticket = f"t{next(self._order):05}"
        self._says(now, "came", ticket=ticket, key=now - head_start, kind=kind)
        stays = 140 * self._chance.weibull(3)
        heappush(self._waiting, (now - head_start, ticket, now + stays))

    def _call(self, now: float) -> None:
        """Send those home who are past the end, and give the others the next patients."""
        for name in list(self._free):
            is_over = now >= self._ends[name]
            if is_over and not (self._ends[name] == _CLOSES and self._waiting):
                self._free.remove(name)
                self._says(now, "off", name)
        while self._free and self._waiting:
            name, (_, ticket, stays_until) = self._free.pop(0), heappop(self._waiting)
            self._says(now, "called", name, ticket)
            if now > stays_until:
                self._at(now + _GRACE_MIN, partial(self._over, what="absent", name=name, ticket=ticket))
            else:
                hurry = 1 - 0.015 * min(len(self._waiting) / len(self._ends), 10)
                lasts = self._centre.visit_min * hurry * self._chance.gamma(_SHAPE, 1 / _SHAPE)
                self._at(now + lasts, partial(self._over, what="ended", name=name, ticket=ticket))

    def _over(self, now: float, *, what: What, name: str, ticket: str) -> None:
        self._says(now, what, name, ticket)
        self._free.append(name)
