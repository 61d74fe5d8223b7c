"""The plan of all centres: who is in which room when, and days unlike their week. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from agent.settings import SiteSettings
from core.edge.site import Language
from core.edge.words import say
from core.room.ids import PractitionerId, RoomId, SiteId
from core.room.opening import Hours
from core.room.phrases import Phrase
from core.room.roster import Shift

__all__ = [
    "YEARS",
    "Centres",
    "Entry",
    "Plan",
    "PlanError",
    "Planned",
    "Problem",
    "by_id",
    "by_time",
    "day_of",
    "instant_ms",
    "local",
    "zone_of",
]

Centres = Mapping[SiteId, SiteSettings]
"""The centres that can be planned: those of the agent's file."""

YEARS = range(2000, 2100)
"""Of a plan; another one is a slip of the finger, and some are more than a date can bear to be reckoned with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A shift at a centre."""

    site: SiteId
    shift: Shift


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is planned at all centres."""

    names: Mapping[PractitionerId, str] = field(default_factory=dict)
    """As patients may read them."""
    shifts: frozenset[Planned] = frozenset()
    days: Mapping[tuple[SiteId, str], Hours | None] = field(default_factory=dict)
    """By site and ISO date, days unlike their week; None for closed."""

    def at(self, site: SiteId) -> Sequence[Shift]:
        """The shifts of a centre, earliest first."""
        return self._by_site.get(site, ())

    @cached_property
    def _by_site(self) -> Mapping[SiteId, list[Shift]]:
        found: dict[SiteId, list[Shift]] = {}
        for one in sorted(self.shifts, key=lambda one: by_time(one.shift)):
            found.setdefault(one.site, []).append(one.shift)
        return found

    def days_at(self, site: SiteId) -> Mapping[str, Hours | None]:
        """The days of a centre that are unlike their week, by ISO date, earliest first."""
        return self._days_by_site.get(site, {})

    @cached_property
    def _days_by_site(self) -> Mapping[SiteId, dict[str, Hours | None]]:
        found: dict[SiteId, dict[str, Hours | None]] = {}
        for site, day in sorted(self.days):
            found.setdefault(site, {})[day] = self.days[site, day]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A shift that somebody wants to be planned."""

    where: Phrase | None = None
    """Where it stands in what was given; None where there is only one."""
    planned: Planned
    name: str
    """Of the practitioner."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a change cannot be made, and what to do about it."""

    where: Phrase | None
    what: Phrase

    def said(self, language: Language) -> str:
        what = say(self.what, language)
        if self.where is None:
            return what
        return say(Phrase("roster.at", {"where": say(self.where, language), "what": what}), language)


class PlanError(Exception):
    """A change that cannot be made; nothing of it was."""

    def __init__(self, *problems: Problem) -> None:
        said = {one.said("en"): one for one in problems}
        super().__init__("\n".join(said))
        self.problems: Sequence[Problem] = list(said.values())
        """Each once: an event that recurs is wrong in one way every week."""


def by_id(sites: Iterable[SiteSettings]) -> Centres:
    return {SiteId(site.id): site for site in sites}


def by_time(shift: Shift) -> tuple[int, RoomId, PractitionerId]:
    """The key that puts shifts in order."""
    return shift.begins_ms, shift.room, shift.practitioner


def zone_of(centre: SiteSettings | None) -> ZoneInfo:
    """Where a centre's clock stands; a centre that the file does not name any more goes by the usual one."""
    return ZoneInfo(centre.timezone if centre is not None else "Europe/Paris")


def local(at_ms: int, zone: ZoneInfo) -> datetime:
    """An instant as the clock on the wall shows it."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)


def instant_ms(wall: datetime, zone: ZoneInfo) -> int:
    """The instant of a reading of the clock on the wall; the first of the two when that clock is put back."""
    return int(wall.replace(tzinfo=zone).timestamp()) * 1000


def day_of(planned: Planned, centres: Centres) -> date:
    """The day on which a shift begins."""
    return local(planned.shift.begins_ms, zone_of(centres.get(planned.site))).date()
