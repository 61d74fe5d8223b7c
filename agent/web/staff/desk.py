"""Reads and changes the plan for the pages, off the event loop.

Rule: every change is decided on the plan as it is stored at that moment, in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from starlette.concurrency import run_in_threadpool

from agent.roster.changes import imported, replaced, with_day, with_usual_day
from agent.roster.config import today
from agent.roster.csv import write_csv
from agent.roster.files import read_file
from agent.roster.ical import write_ical
from agent.roster.plan import Centres, Entry, Plan, PlanError, Planned, Problem, day_of, zone_of
from agent.store.plans import PlanStore
from agent.web.staff.forms import DayForm, ShiftForm
from core.edge.clock import Clock
from core.room.ids import PractitionerId, SiteId
from core.room.phrases import Phrase

__all__ = ["Desk", "Key", "held"]

Key = tuple[PractitionerId, int]
"""What a shift goes by in an address: nobody begins two at one instant."""


class Desk:
    """The plan at hand."""

    def __init__(self, store: PlanStore, centres: Centres, clock: Clock, look: Callable[[], None]) -> None:
        """
        Args:
            look: called after a change, so that the sites hear of it at once.
        """
        self.centres = centres
        self._store = store
        self._clock = clock
        self._look = look

    def today(self, site: SiteId) -> date:
        return today(zone_of(self.centres.get(site)), self._clock.wall_ms())

    async def plan(self) -> Plan:
        """
        Raises:
            StoreFault: it cannot be read.
        """
        return await run_in_threadpool(self._store.read)

    async def put(self, site: SiteId, form: ShiftForm, instead_of: Key | None) -> date:
        """Plan a shift, or change one; returns its day.

        Raises:
            PlanError: it cannot be planned so.
            StoreFault: nothing was stored.
        """
        entries: list[Entry] = []

        def change(plan: Plan) -> Plan:
            gone = [] if instead_of is None else [held(plan, site, instead_of)]
            entries.append(form.entry(site, zone_of(self.centres.get(site)), plan.names))
            return replaced(plan, gone, entries, self.centres)

        await self._change(change)
        return day_of(entries[0].planned, self.centres)

    async def remove(self, site: SiteId, key: Key) -> date:
        """Take a shift out of the plan; returns its day.

        Raises:
            PlanError: it is not there any more.
            StoreFault: nothing was stored.
        """
        gone: list[Planned] = []

        def change(plan: Plan) -> Plan:
            gone.append(held(plan, site, key))
            return replaced(plan, gone, [], self.centres)

        await self._change(change)
        return day_of(gone[0], self.centres)

    async def set_day(self, site: SiteId, day: date, form: DayForm) -> None:
        """Say how a day is.

        Raises:
            PlanError: its hours cannot be read.
            StoreFault: nothing was stored.
        """
        match form.kind:
            case "closed":
                await self._change(lambda plan: with_day(plan, site, day, None))
            case "hours":
                hours = form.hours()
                await self._change(lambda plan: with_day(plan, site, day, hours))
            case _:
                await self._change(lambda plan: with_usual_day(plan, site, day))

    async def take_in(self, site: SiteId, data: bytes) -> tuple[date, int]:
        """Import a file; returns its first day, and how many shifts it has.

        Raises:
            PlanError: nothing of it was taken.
            StoreFault: nothing was stored.
        """
        entries: list[Entry] = []

        def change(plan: Plan) -> Plan:
            now_ms = self._clock.wall_ms()
            entries.extend(read_file(data, self.centres, now_ms=now_ms, site=site, known=plan.names))
            return imported(plan, entries, self.centres)

        await self._change(change)
        return min(day_of(entry.planned, self.centres) for entry in entries), len(entries)

    async def table(self, site: SiteId) -> str:
        plan = await self.plan()
        return await run_in_threadpool(write_csv, plan, self.centres, site)

    async def calendar(self, site: SiteId | None, practitioner: PractitionerId | None) -> bytes:
        plan, now_ms = await self.plan(), self._clock.wall_ms()
        return await run_in_threadpool(
            write_ical, plan, self.centres, now_ms=now_ms, site=site, practitioner=practitioner
        )

    async def _change(self, change: Callable[[Plan], Plan]) -> None:
        await run_in_threadpool(self._store.change, change, now_ms=self._clock.wall_ms())
        self._look()


def held(plan: Plan, site: SiteId, key: Key) -> Planned:
    """A shift of the plan.

    Raises:
        PlanError: it is not there.
    """
    for shift in plan.at(site):
        if (shift.practitioner, shift.begins_ms) == key:
            return Planned(site=site, shift=shift)
    raise PlanError(Problem(None, Phrase("roster.gone")))
