"""Whether a centre gives tickets now; by its hours and its crowd together, the screen's own tests try it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.room.opening import Opening
from core.room.phrases import Phrase
from core.room.standing import Standing, opens, standing_of
from tests.core.room.given import NINE

_PARIS = ZoneInfo("Europe/Paris")
_HOUR_MS = 3_600_000


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=_PARIS).timestamp()) * 1000


@pytest.mark.parametrize(
    ("at", "phrase"),
    [
        ("2026-11-22 04:10", Phrase("kiosk.opens-today", {"time": "09:00"})),
        ("2026-11-21 23:59", Phrase("kiosk.opens-tomorrow", {"time": "09:00"})),
        ("2026-11-20 23:59", Phrase("kiosk.opens-on", {"day": "22/11", "time": "09:00"})),
    ],
)
def test_the_next_opening_is_said_from_the_day_on_which_it_is_read(at: str, phrase: Phrase) -> None:
    assert opens(_at("2026-11-22 09:00"), _at(at), _PARIS) == phrase


def test_a_centre_whose_hours_nobody_knows_is_open_however_full_it_is() -> None:
    assert standing_of(None, NINE, is_stopped=True) == Standing(intake="open")


def test_closing_beats_a_full_evening() -> None:
    opening = Opening(zone=_PARIS)

    assert standing_of(opening, NINE + 12 * _HOUR_MS, is_stopped=True).intake == "full"
    assert standing_of(opening, NINE + 13 * _HOUR_MS, is_stopped=True) == Standing(
        intake="closed", opens_ms=NINE + 24 * _HOUR_MS
    )
