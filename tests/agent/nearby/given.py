"""Centres around Aubagne in a few words, and how they stand."""

from __future__ import annotations

from agent.settings import SiteSettings
from agent.view import SiteView
from core.edge.opening import OpeningTable
from core.edge.place import Place
from core.room import events as e
from core.room.ids import PractitionerId, RoomId, ServiceId, SiteId
from core.room.outlook import Wait
from core.room.state import SiteState, fold
from tests.agent.site import EVENING_MS, Day, records

__all__ = ["CLOSING_MS", "MINUTE_MS", "centre", "evening", "view", "wait"]

MINUTE_MS = 60_000
CLOSING_MS = EVENING_MS + 4 * 60 * MINUTE_MS
"""At 22:00."""


def centre(
    site: str, latitude: float | None = 43.3, longitude: float = 5.57, hours: str | None = "09:00-22:00"
) -> SiteSettings:
    """A centre of the agent's file; without a latitude nobody has said where it is."""
    return SiteSettings(
        id=site,
        name=f"Centre de {site.title()}",
        place=None if latitude is None else Place(latitude=latitude, longitude=longitude),
        opening=None if hours is None else OpeningTable(every_day=hours),
    )


def wait(minutes: int) -> Wait:
    seconds = 60 * minutes
    return Wait(p10_s=seconds, p25_s=seconds, p50_s=seconds, p75_s=seconds, p90_s=seconds + 540, in_time=100)


def evening(
    patients: int = 0, *, wait_min: int | None = 30, is_full: bool = False, is_attended: bool = True
) -> SiteState:
    """A centre at 18:00, with so many waiting."""
    day = Day()
    duty = e.DutyBegan(room=RoomId("room-1"), practitioner=PractitionerId("at-room-1"), until_ms=None)
    newcomers = {} if wait_min is None else {ServiceId("consultation"): wait(wait_min)}
    events = [
        *day.opening,
        *([duty] if is_attended else []),
        *(day.issue() for _ in range(patients)),
        *([e.WaitsTold(tickets={}, newcomers=newcomers)] if newcomers else []),
        *([e.IntakeStopped()] if is_full else []),
    ]
    return fold(records(*events))


def view(site: str, state: SiteState, *, is_online: bool = True, as_of_ms: int = EVENING_MS) -> SiteView:
    return SiteView(
        site=SiteId(site), epoch="a", seq=1, state=state, is_online=is_online, as_of_ms=as_of_ms, heard_s=float("-inf")
    )
