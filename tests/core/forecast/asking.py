"""Forecasts asked at the ticket of days that are over, and what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.forecast.day import DayHistory
from core.forecast.floor import Floor
from core.forecast.habits import Habits
from core.forecast.learn import learn
from core.forecast.play import forecast
from core.room.ids import TicketId
from core.room.outlook import Wait

__all__ = ["Asked", "asked_of"]


@dataclass(frozen=True)
class Asked:
    """A forecast at the ticket, and the wait that followed, in minutes."""

    came_min: float
    waiting: int
    on_duty: int
    wait: Wait
    real_min: float

    @property
    def error_min(self) -> float:
        return self.wait.p50_s / 60 - self.real_min

    @property
    def is_covered(self) -> bool:
        return self.wait.p10_s <= 60 * self.real_min <= self.wait.p90_s


def asked_of(days: Iterable[DayHistory], habits: Habits, *, is_learning: bool = True) -> Iterator[Asked]:
    """Ask whenever somebody comes who must wait; learn when a day is over."""
    for day in days:
        floor, said = Floor(day), dict[str, tuple[float, int, int, Wait]]()
        for fact in day.facts:
            floor.take(fact)
            if fact.what == "came" and fact.kind != "urgent" and not floor.is_idle:
                at = floor.moment(fact.at_min)
                on_duty = sum(stretch.is_on for stretch in at.stretches)
                wait = forecast(at, habits, 0).tickets[TicketId(fact.ticket)]
                said[fact.ticket] = fact.at_min, len(at.waiting), on_duty, wait
            elif fact.what == "called" and fact.ticket in said:
                came, waiting, on_duty, wait = said.pop(fact.ticket)
                yield Asked(came, waiting, on_duty, wait, fact.at_min - came)
        if is_learning:
            habits = learn([day], habits)
