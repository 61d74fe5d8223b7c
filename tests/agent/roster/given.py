"""Plans in a few words: two centres, some doctors, times as the clock on the wall shows them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from agent.roster.plan import Centres, Entry, Plan, PlanError, Planned, by_id, instant_ms
from agent.settings import SiteSettings
from core.room.ids import PractitionerId, RoomId, SiteId
from core.room.roster import Shift

__all__ = ["AUBAGNE", "CENTRES", "NOW_MS", "PARIS", "TRETS", "at", "entry", "plan", "planned", "said"]

AUBAGNE, TRETS = SiteId("aubagne"), SiteId("trets")
PARIS = ZoneInfo("Europe/Paris")
CENTRES: Centres = by_id(
    [
        SiteSettings(id="aubagne", name="Centre d’Aubagne", rooms={"room-1": "1", "room-2": "2"}),
        SiteSettings(id="trets", name="Centre de Trets", rooms={"room-1": "1"}),
    ]
)


def at(text: str) -> int:
    """An instant: `2026-11-23 09:00`."""
    return instant_ms(datetime.fromisoformat(text), PARIS)


NOW_MS = at("2026-11-22 18:00")


def planned(who: str, begins: str, ends: str, *, room: str = "room-1", site: SiteId = AUBAGNE) -> Planned:
    """A shift on one day, `ends` being an hour of it: `("vallon", "2026-11-23 09:00", "14:00")`."""
    last = ends if " " in ends else f"{begins.partition(' ')[0]} {ends}"
    shift = Shift(practitioner=PractitionerId(f"dr-{who}"), room=RoomId(room), begins_ms=at(begins), ends_ms=at(last))
    return Planned(site=site, shift=shift)


def entry(shift: Planned, name: str | None = None) -> Entry:
    return Entry(planned=shift, name=name or _name(shift))


def plan(*shifts: Planned) -> Plan:
    return Plan(names={one.shift.practitioner: _name(one) for one in shifts}, shifts=frozenset(shifts))


def said(error: PlanError) -> list[str]:
    return [problem.said("en") for problem in error.problems]


def _name(shift: Planned) -> str:
    return f"Dr {shift.shift.practitioner.removeprefix('dr-').title()}"
