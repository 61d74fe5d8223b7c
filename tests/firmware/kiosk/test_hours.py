"""When a centre opens next, in relation to today."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.room.phrases import Phrase
from firmware.kiosk.hours import opens

PARIS = ZoneInfo("Europe/Paris")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()) * 1000


@pytest.mark.parametrize(
    ("now", "opening", "phrase"),
    [
        ("2026-11-22T07:30", "2026-11-22T09:00", Phrase("kiosk.opens-today", {"time": "09:00"})),
        ("2026-11-22T23:59", "2026-11-23T09:00", Phrase("kiosk.opens-tomorrow", {"time": "09:00"})),
        ("2026-11-23T00:30", "2026-11-23T09:00", Phrase("kiosk.opens-today", {"time": "09:00"})),
        ("2026-12-24T22:30", "2026-12-26T08:30", Phrase("kiosk.opens-on", {"day": "26/12", "time": "08:30"})),
        ("2026-10-24T22:30", "2026-10-25T09:00", Phrase("kiosk.opens-tomorrow", {"time": "09:00"})),
    ],
)
def test_the_next_opening_is_said_as_a_person_would(now: str, opening: str, phrase: Phrase) -> None:
    assert opens(at(opening), at(now), PARIS) == phrase
