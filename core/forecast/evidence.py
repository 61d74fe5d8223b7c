"""What one day shows of the habits: counts and durations, read off its facts in order.

Rule: it measures; what a measurement is worth is `core.forecast.learn`'s to say.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.forecast.day import DayHistory, Fact, Planned
from core.forecast.floor import Floor
from core.forecast.habits import GONE_AFTER_MIN, SLOT_MIN
from core.forecast.moment import Seen

__all__ = ["Evidence", "evidence_of"]

_SLOTS = 24 * 60 // SLOT_MIN
_FORGOTTEN_MIN = 180.0
"""A visit or a pause of this length is one that nobody ended: it says nothing."""
_EARLY_MIN = 60.0


@dataclass(slots=True)
class Evidence:
    """What a day shows. Durations in minutes."""

    seen: list[Seen] = field(default_factory=list)
    absences: list[tuple[int, bool]] = field(default_factory=list)
    """Of each first call: the class of the time waited, and whether nobody was there."""
    left: Counter[int] = field(default_factory=Counter)
    """How many said that they left, by class of the time waited."""
    waited_h: list[float] = field(default_factory=lambda: [0.0] * len(GONE_AFTER_MIN))
    """Hours that people waited in each class."""
    graces: list[float] = field(default_factory=list)
    backs: list[tuple[int, float]] = field(default_factory=list)
    """Of those who came back after being absent: the class of the time waited, and how long they were away."""
    exams: list[float] = field(default_factory=list)
    sent: int = 0
    """Visits after which the patient went for an exam."""
    pauses: list[float] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=lambda: [0] * _SLOTS)
    head_starts: dict[str, list[float]] = field(default_factory=dict)
    """Of those who came, by kind; of kinds that have any."""
    coming: list[float] = field(default_factory=list)
    """Minutes after the plan, one for each shift that somebody came to."""
    leaving: list[float] = field(default_factory=list)
    missing: int = 0

    @property
    def came(self) -> int:
        return sum(self.arrivals)


def evidence_of(day: DayHistory) -> Evidence:
    """Read a day."""
    reader = _Reader(day)
    for fact in day.facts:
        reader.take(fact)
    return reader.finished()


class _Reader:
    """A day in the reading."""

    def __init__(self, day: DayHistory) -> None:
        self._day, self._floor, self._found = day, Floor(day), Evidence()
        self._ahead: dict[str, tuple[str, float]] = {}
        """The kind and the head start of those who have one."""
        self._came: dict[str, float] = {}
        """Of those who have not been called yet."""
        self._called: dict[str, float] = {}
        self._absent: dict[str, tuple[int, float]] = {}
        self._away: dict[str, float] = {}
        self._paused: dict[str, float] = {}
        self._shifts: dict[str, Planned] = {}
        self._last_call: dict[str, float] = {}
        self._kept: set[Planned] = set()

    def finished(self) -> Evidence:
        self._found.seen = list(self._floor.seen)
        self._found.missing = len(self._day.plan) - len(self._kept)
        return self._found

    def take(self, fact: Fact) -> None:
        self._floor.take(fact)
        found, ticket, who, now = self._found, fact.ticket, fact.practitioner, fact.at_min
        match fact.what:
            case "came":
                self._came[ticket] = now
                if ticket in self._away:
                    found.exams.append(now - self._away.pop(ticket))
                    return
                if fact.is_back:
                    return
                found.arrivals[int(now // SLOT_MIN) % _SLOTS] += 1
                self._goes_ahead(fact, now)
            case "moved":
                if ticket in self._came:
                    self._goes_ahead(fact, self._came[ticket])
            case "called":
                self._called[ticket], self._last_call[who] = now, now
            case "absent":
                found.graces.append(now - self._called[ticket])
                self._absent[ticket] = (_class(self._called[ticket] - self._came.get(ticket, now)), now)
                self._first_call(ticket, is_absent=True)
            case "back":
                if ticket in self._absent:
                    waited, since = self._absent.pop(ticket)
                    found.backs.append((waited, now - since))
            case "ended":
                self._first_call(ticket, is_absent=False)
            case "away":
                found.sent += 1
                self._away[ticket] = now
            case "left":
                if ticket in self._came:
                    came = self._came.pop(ticket)
                    self._has_waited(now - came)
                    found.left[_class(now - came)] += 1
            case "paused":
                self._paused[who] = now
            case "resumed":
                lasted = now - self._paused.pop(who, now)
                found.pauses.extend([lasted] if 0 < lasted < _FORGOTTEN_MIN else [])
            case "on":
                self._comes(fact)
            case "off":
                self._leaves(who, now)

    def _goes_ahead(self, fact: Fact, came: float) -> None:
        """A head start counts once, as it was last: a claim may be lowered, and who waits be raised."""
        if fact.ticket in self._ahead:
            kind, minutes = self._ahead.pop(fact.ticket)
            self._found.head_starts[kind].remove(minutes)
        if came > fact.key_min:
            self._ahead[fact.ticket] = fact.kind, came - fact.key_min
            self._found.head_starts.setdefault(fact.kind, []).append(came - fact.key_min)

    def _first_call(self, ticket: str, *, is_absent: bool) -> None:
        if ticket in self._came:
            waited = self._called[ticket] - self._came.pop(ticket)
            self._has_waited(waited)
            self._found.absences.append((_class(waited), is_absent))

    def _has_waited(self, waited_min: float) -> None:
        for number, (begins, ends) in enumerate(_classes()):
            self._found.waited_h[number] += max(0.0, min(waited_min, ends) - begins) / 60

    def _comes(self, fact: Fact) -> None:
        if fact.practitioner in self._shifts:
            return
        theirs = [
            shift
            for shift in self._day.plan
            if shift.practitioner == fact.practitioner
            and shift not in self._kept
            and shift.begins_min - _EARLY_MIN <= fact.at_min < shift.ends_min
        ]
        if theirs:
            shift = theirs[0]
            self._kept.add(shift)
            self._shifts[fact.practitioner] = shift
            self._found.coming.append(fact.at_min - shift.begins_min)

    def _leaves(self, who: str, now: float) -> None:
        """Who leaves at the end calls nobody more after it; a call after it shows that they stay longer."""
        shift = self._shifts.pop(who, None)
        if shift is not None and not shift.is_closing:
            late = max(0.0, self._last_call.get(who, 0.0) - shift.ends_min)
            self._found.leaving.append(min(now - shift.ends_min, late))


def _class(waited_min: float) -> int:
    return max(0, bisect_right(GONE_AFTER_MIN, waited_min) - 1)


def _classes() -> Iterator[tuple[float, float]]:
    return zip(GONE_AFTER_MIN, (*GONE_AFTER_MIN[1:], float("inf")), strict=True)
