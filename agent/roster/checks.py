"""What a plan must not hold. Pure.

Rule: everything that is wrong is said at once, each with the place where it stands and what to do about it. Nobody is
planned for two rooms at one time, and no room for two practitioners.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from agent.roster.plan import Centres, Entry, PlanError, Planned, Problem, by_time, day_of, local, zone_of
from core.room.ids import PractitionerId, SiteId
from core.room.phrases import Phrase

__all__ = ["check"]

_HOUR_MS = 3_600_000
_LONGEST_H = 24
_SHIFTS_A_DAY = 40
"""At one centre: three in each of twelve rooms, and some to spare. Seven weeks of them fit into a `SiteConfig`."""
_UNNAMED = "at-"
"""Begins the ids of practitioners whom no plan names (`core.room.duty.unnamed`)."""

Names = Mapping[PractitionerId, str]


def check(kept: Collection[Planned], entries: Sequence[Entry], names: Names, centres: Centres) -> None:
    """Look at what is to be planned, for itself and beside what is kept.

    Raises:
        PlanError: with every reason at once.
    """
    problems = [Problem(entry.where, what) for entry in entries for what in _flaws(entry, centres)]
    problems += _two_names(entries)
    if not problems:
        wanted = [*(_Candidate(one, None) for one in kept), *(_Candidate(one.planned, one) for one in entries)]
        twice = [*_collisions(wanted, lambda one: one.shift.practitioner, "roster.twice", names, centres)]
        problems += twice or _collisions(
            wanted, lambda one: (one.site, one.shift.room), "roster.room-taken", names, centres
        )
        problems += _crowds(wanted, centres)
    if problems:
        raise PlanError(*problems)


@dataclass(frozen=True, slots=True)
class _Candidate:
    planned: Planned
    entry: Entry | None
    """None for a shift that is in the plan already."""


def _flaws(entry: Entry, centres: Centres) -> Iterator[Phrase]:
    """What is wrong with an entry, whatever else there is."""
    site, shift = entry.planned.site, entry.planned.shift
    centre = centres.get(site)
    if centre is None:
        yield Phrase("roster.unknown-site", {"site": site, "known": ", ".join(sorted(centres))})
    elif shift.room not in centre.rooms:
        yield Phrase("roster.unknown-room", {"room": shift.room, "known": ", ".join(sorted(centre.rooms))})
    if shift.practitioner.startswith(_UNNAMED):
        yield Phrase("roster.reserved", {"practitioner": shift.practitioner})
    hours = (shift.ends_ms - shift.begins_ms) / _HOUR_MS
    if hours <= 0:
        yield Phrase("roster.ends-before")
    elif hours > _LONGEST_H:
        yield Phrase("roster.too-long", {"limit": _LONGEST_H})


def _two_names(entries: Sequence[Entry]) -> Iterator[Problem]:
    names: dict[PractitionerId, str] = {}
    for entry in entries:
        who = entry.planned.shift.practitioner
        known = names.setdefault(who, entry.name)
        if known != entry.name:
            values = {"practitioner": who, "name": known, "other": entry.name}
            yield Problem(entry.where, Phrase("roster.two-names", values))


def _collisions(
    wanted: Sequence[_Candidate], same: Callable[[Planned], object], phrase: str, names: Names, centres: Centres
) -> Iterator[Problem]:
    """Shifts of what can be only once at a time (`same`) that begin before another has ended."""
    groups: dict[object, list[_Candidate]] = {}
    for one in wanted:
        groups.setdefault(same(one.planned), []).append(one)
    for group in groups.values():
        group.sort(key=lambda one: by_time(one.planned.shift))
        for earlier, later in pairwise(group):
            new, other = (later, earlier) if later.entry is not None else (earlier, later)
            if new.entry is not None and later.planned.shift.begins_ms < earlier.planned.shift.ends_ms:
                yield Problem(new.entry.where, Phrase(phrase, _told(other.planned, names, centres)))


def _crowds(wanted: Sequence[_Candidate], centres: Centres) -> Iterator[Problem]:
    counts: Counter[tuple[SiteId, date]] = Counter()
    for one in wanted:
        day = day_of(one.planned, centres)
        counts[one.planned.site, day] += 1
        if one.entry is not None and counts[one.planned.site, day] == _SHIFTS_A_DAY + 1:
            values: dict[str, str | int] = {"day": day.isoformat(), "limit": _SHIFTS_A_DAY}
            yield Problem(one.entry.where, Phrase("roster.too-many", values))


def _told(planned: Planned, names: Names, centres: Centres) -> dict[str, str | int]:
    """A shift in the words of a message."""
    centre, shift = centres.get(planned.site), planned.shift
    zone = zone_of(centre)
    return {
        "name": names.get(shift.practitioner, shift.practitioner),
        "site": centre.name if centre else planned.site,
        "room": shift.room,
        "begins": f"{local(shift.begins_ms, zone):%d/%m %H:%M}",
        "ends": f"{local(shift.ends_ms, zone):%H:%M}",
    }
