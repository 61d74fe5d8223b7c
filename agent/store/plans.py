"""The plan in the database: read whole, changed by one transaction at a time.

Rule: a change is decided on what is stored while nobody else changes it; the page and the command line may both be at
it. A site's `rev` grows with each change that it has to know and with each day, and never falls behind the clock in
seconds: a database that was lost and begins anew still says more than what the sites have kept of the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from agent.roster.plan import Plan, Planned
from agent.store import schema
from agent.store.engine import alone
from agent.store.shared import SharedStore
from core.room.ids import PractitionerId, RoomId, SiteId
from core.room.opening import Hours
from core.room.roster import Shift

__all__ = ["PlanStore"]

_KEPT_MS = 100 * 24 * 3_600_000
"""After its end a shift is kept as long as events are: three months and some days."""


class PlanStore(SharedStore):
    """Safe between threads."""

    def read(self) -> Plan:
        """
        Raises:
            StoreFault: the database cannot be read.
        """
        with self._opened() as engine, engine.connect() as connection:
            return _read(connection)

    def change(self, change: Callable[[Plan], Plan], *, now_ms: int) -> Plan:
        """Store what a function makes of the plan; what it raises leaves the plan as it was.

        Raises:
            StoreFault: nothing was stored.
        """
        with self._opened() as engine, alone(engine) as connection:
            before = _read(connection)
            after = _without_old(change(before), now_ms)
            _write(connection, before, after)
            revs = _revs(connection)
            shifts, days = before.shifts | after.shifts, {**before.days, **after.days}
            for site in {one.site for one in shifts} | {site for site, _day in days}:
                if _told(before, site) != _told(after, site):
                    _put_rev(connection, site, revs.get(site), now_ms)
        return after

    def revs(self, days: Mapping[SiteId, date], *, now_ms: int) -> dict[SiteId, int]:
        """How far each site's configuration has grown; with a new day, which moves the weeks it shows, it grows.

        Args:
            days: of every site that is told, the day it is there.

        Raises:
            StoreFault: the database cannot be used.
        """
        with self._opened() as engine:
            with engine.connect() as connection:
                rows = connection.execute(select(schema.config)).all()
            stale = [row.site for row in rows if row.site in days and row.day != days[SiteId(row.site)].isoformat()]
            if stale:
                with alone(engine) as connection:
                    for site in stale:
                        _put_rev(connection, site, _revs(connection)[site], now_ms, day=days[site].isoformat())
                    return _revs(connection)
            return {SiteId(row.site): row.rev for row in rows}


def _read(connection: Connection) -> Plan:
    names = {PractitionerId(row.practitioner): row.name for row in connection.execute(select(schema.practitioner))}
    shifts = frozenset(
        Planned(
            site=SiteId(row.site),
            shift=Shift(
                practitioner=PractitionerId(row.practitioner),
                room=RoomId(row.room),
                begins_ms=row.begins_ms,
                ends_ms=row.ends_ms,
            ),
        )
        for row in connection.execute(select(schema.shift))
    )
    days = {
        (SiteId(row.site), row.day): None
        if row.opens_min is None
        else Hours(opens_min=row.opens_min, closes_min=row.closes_min)
        for row in connection.execute(select(schema.special_day))
    }
    return Plan(names=names, shifts=shifts, days=days)


def _without_old(plan: Plan, now_ms: int) -> Plan:
    shifts = frozenset(one for one in plan.shifts if one.shift.ends_ms > now_ms - _KEPT_MS)
    people = {one.shift.practitioner for one in shifts}
    return Plan(names={who: name for who, name in plan.names.items() if who in people}, shifts=shifts, days=plan.days)


def _write(connection: Connection, before: Plan, after: Plan) -> None:
    tables: list[tuple[Table, Callable[[Plan], Mapping[tuple[str, ...], dict[str, Any]]]]] = [
        (schema.practitioner, _name_rows),
        (schema.shift, _shift_rows),
        (schema.special_day, _day_rows),
    ]
    for table, rows_of in tables:
        old, new = rows_of(before), rows_of(after)
        for key in old.keys() - new.keys() | {key for key in old.keys() & new.keys() if old[key] != new[key]}:
            is_row = [column == value for column, value in zip(table.primary_key.columns, key, strict=True)]
            connection.execute(delete(table).where(*is_row))
        added = [row for key, row in new.items() if old.get(key) != row]
        if added:
            connection.execute(insert(table), added)


def _name_rows(plan: Plan) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {(who,): {"practitioner": who, "name": name} for who, name in plan.names.items()}


def _shift_rows(plan: Plan) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {
        (one.shift.practitioner, one.shift.begins_ms): {
            "practitioner": one.shift.practitioner,
            "begins_ms": one.shift.begins_ms,
            "ends_ms": one.shift.ends_ms,
            "site": one.site,
            "room": one.shift.room,
        }
        for one in plan.shifts
    }


def _day_rows(plan: Plan) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {
        (site, day): {
            "site": site,
            "day": day,
            "opens_min": None if hours is None else hours.opens_min,
            "closes_min": None if hours is None else hours.closes_min,
        }
        for (site, day), hours in plan.days.items()
    }


def _told(plan: Plan, site: SiteId) -> object:
    """All that a site is told of a plan."""
    shifts = plan.at(site)
    return shifts, {shift.practitioner: plan.names[shift.practitioner] for shift in shifts}, plan.days_at(site)


def _revs(connection: Connection) -> dict[SiteId, int]:
    return {SiteId(row.site): row.rev for row in connection.execute(select(schema.config))}


def _put_rev(connection: Connection, site: SiteId, rev: int | None, now_ms: int, *, day: str | None = None) -> None:
    """Raise a site's `rev`, and note for which day."""
    values: dict[str, Any] = {"rev": max((rev or 0) + 1, now_ms // 1000)}
    if day is not None:
        values["day"] = day
    if rev is None:
        connection.execute(insert(schema.config).values(site=site, **values))
    else:
        connection.execute(update(schema.config).where(schema.config.c.site == site).values(**values))
