"""How the plan may change: each change makes a new plan, or none. Pure.

Rule: what has been checked (`agent.roster.checks`) is taken whole; what has not is refused whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from agent.roster.checks import check
from agent.roster.plan import Centres, Entry, Plan, PlanError, Planned, Problem, day_of
from core.room.ids import PractitionerId, SiteId
from core.room.opening import Hours
from core.room.phrases import Phrase

__all__ = ["imported", "replaced", "with_day", "with_usual_day"]


def imported(plan: Plan, entries: Sequence[Entry], centres: Centres) -> Plan:
    """The plan with a file taken in.

    The file stands for what it covers: at the centres that it names, on the days from its first to its last, its
    shifts replace all others. One that names a single practitioner replaces only theirs.

    Raises:
        PlanError: with every reason at once.
    """
    if not entries:
        raise PlanError(Problem(None, Phrase("roster.empty")))
    people = {entry.planned.shift.practitioner for entry in entries}
    covered: dict[SiteId, list[date]] = {}
    for entry in entries:
        covered.setdefault(entry.planned.site, []).append(day_of(entry.planned, centres))
    gone = {
        one
        for one in plan.shifts
        if one.site in covered
        and min(covered[one.site]) <= day_of(one, centres) <= max(covered[one.site])
        and (len(people) > 1 or one.shift.practitioner in people)
    }
    return replaced(plan, gone, entries, centres)


def replaced(plan: Plan, gone: Collection[Planned], entries: Sequence[Entry], centres: Centres) -> Plan:
    """The plan with some shifts instead of others.

    Raises:
        PlanError: with every reason at once.
    """
    kept = plan.shifts - frozenset(gone)
    names = {**plan.names, **{entry.planned.shift.practitioner: entry.name for entry in entries}}
    check(kept, entries, names, centres)
    shifts = kept | {entry.planned for entry in entries}
    return replace(plan, names=_needed(names, shifts), shifts=shifts)


def with_day(plan: Plan, site: SiteId, day: date, hours: Hours | None) -> Plan:
    """The plan with other hours on a day, or closed on it."""
    return replace(plan, days={**plan.days, (site, day.isoformat()): hours})


def with_usual_day(plan: Plan, site: SiteId, day: date) -> Plan:
    """The plan with a day that is like its week."""
    return replace(plan, days={key: hours for key, hours in plan.days.items() if key != (site, day.isoformat())})


def _needed(names: Mapping[PractitionerId, str], shifts: Collection[Planned]) -> dict[PractitionerId, str]:
    """A name is kept for as long as a shift needs it."""
    people = {one.shift.practitioner for one in shifts}
    return {who: name for who, name in names.items() if who in people}
