"""Who works in the demo's centre: invented practitioners, the plan that its network sends down, and their habits.

Rule: nobody is called like a real doctor; the names are those of the country around.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import tomli_w

from agent.roster.changes import replaced
from agent.roster.people import id_for
from agent.roster.plan import Entry, Planned, by_id
from agent.settings import load_agent
from agent.store.plans import PlanStore
from borne.demo.centres import CARE_ROOM
from core.edge.site import Site
from core.forecast.habits import FIRST_DAY, Mean
from core.room.day import service_day
from core.room.ids import RoomId, SiteId
from core.room.roster import Shift
from core.wire.coding import encode
from core.wire.identity import new_id, new_token
from core.wire.messages import Learnt

__all__ = ["hour_ms", "lay_habits", "plan_team", "while_open_ms"]

_ZONE = ZoneInfo("Europe/Paris")
_DOCTORS = (
    "Dr Vallon",
    "Dr Garrigue",
    "Dr Calanque",
    "Dr Romarin",
    "Dr Tramontane",
    "Dr Restanque",
    "Dr Cigale",
    "Dr Pinède",
)
"""Twice as many as the largest evening has rooms: nobody works on from the day into the evening."""
_SLOWER = (0.08, -0.1, 0.0, 0.12, -0.05, -0.12, 0.05, 0.02)
"""How much longer each of them takes than the others, as a logarithm."""
_NURSES = ("Inf. Lavande", "Inf. Genêt")
_SHIFTS = ((9, 17), (17, 22))
"""Hours of the day and of the evening."""
_FROM, _UNTIL, _BUSY = 9.5, 20.0, 17.5
"""Between the first two hours there is something to see for long enough; the third is one at which there is much."""
_DAY_MS = 86_400_000
_DAYS = range(-1, 7)
"""About the one that is played."""


def hour_ms(day_of_ms: int, hour: float) -> int:
    """An hour of the day in which an instant lies, by the clock on the centre's wall, as UTC milliseconds."""
    day = datetime.fromtimestamp(day_of_ms / 1000, UTC).astimezone(_ZONE)
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return round((midnight + timedelta(hours=hour)).timestamp() * 1000)


def while_open_ms(now_ms: int) -> int:
    """Now, or a busy hour of the same day where the centre is closed now, or soon."""
    if hour_ms(now_ms, _FROM) <= now_ms <= hour_ms(now_ms, _UNTIL):
        return now_ms
    return hour_ms(now_ms, _BUSY)


def plan_team(agent: Path, site: Site, *, around_ms: int) -> str:
    """Plan a week of the centre in the agent's database, and give its staff's pages a password, which is returned.

    Args:
        agent: the agent's folder, before its process starts.
        around_ms: an instant of the day that is played.
    """
    file, token = agent / "agent.toml", new_token()
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    file.write_text(tomli_w.dumps({**table, "staff": {"token": token}}), encoding="utf-8")
    settings = load_agent(file)
    entries, centres = list(_entries(site, around_ms)), by_id(settings.sites)
    store = PlanStore(settings.store.url)
    try:
        store.change(lambda plan: replaced(plan, [], entries, centres), now_ms=around_ms)
    finally:
        store.close()
    return token


def lay_habits(data: Path, *, around_ms: int) -> None:
    """Have the centre's forecaster know it already, as if some days had gone by on a card that was replaced since.

    Args:
        data: the controller's folder.
        around_ms: an instant of the day that is played.
    """
    paces = {
        str(id_for(name, {})): Mean(value=slower, weight=60.0) for name, slower in zip(_DOCTORS, _SLOWER, strict=True)
    }
    habits = replace(FIRST_DAY, upto=service_day(around_ms - _DAY_MS, _ZONE), practitioners=paces)
    data.mkdir(exist_ok=True)
    (data / "habits.json").write_bytes(encode(Learnt(epoch=new_id(), seq=0, habits=habits)))


def _entries(site: Site, around_ms: int) -> Iterator[Entry]:
    """A shift for each room, half and day; with each day everybody moves on by one."""
    for day in _DAYS:
        for half, (begins, ends) in enumerate(_SHIFTS):
            doctors, nurses = (day + half * len(_DOCTORS) // 2, _DOCTORS), (day + half, _NURSES)
            for place, room in enumerate(site.rooms):
                first, people = nurses if room == CARE_ROOM else doctors
                name = people[(first + place) % len(people)]
                shift = Shift(
                    practitioner=id_for(name, {}),
                    room=RoomId(room.id),
                    begins_ms=hour_ms(around_ms, 24 * day + begins),
                    ends_ms=hour_ms(around_ms, 24 * day + ends),
                )
                yield Entry(planned=Planned(site=SiteId(site.id), shift=shift), name=name)
