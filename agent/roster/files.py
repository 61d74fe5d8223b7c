"""A file that holds a part of the plan, told apart by what is in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from agent.roster.csv import read_csv
from agent.roster.ical import read_ical
from agent.roster.plan import Centres, Entry
from core.room.ids import PractitionerId, SiteId

__all__ = ["read_file"]

_CALENDAR = b"BEGIN:VCALENDAR"
"""RFC 5545, 3.4: every calendar begins so."""


def read_file(
    data: bytes, centres: Centres, *, now_ms: int, site: SiteId | None, known: Mapping[PractitionerId, str]
) -> list[Entry]:
    """The shifts of a table (CSV) or a calendar (iCalendar).

    Args:
        site: the centre of a calendar's events that name none.
        known: practitioners and their names.

    Raises:
        PlanError: with every reason at once.
    """
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().upper().startswith(_CALENDAR):
        return read_ical(data, centres, now_ms=now_ms, site=site, known=known)
    return read_csv(data, centres)
