"""The room's screen as it is seen and touched: measured on the pixels of both panels, in every language."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pygame
import pytest

from core.edge.site import Language
from core.edge.words import LANGUAGES
from core.room.events import Priority
from core.room.ids import Number, TicketId
from core.room.phrases import Phrase
from core.wire.messages import Doubt, Named, Parked, Ringing, Screen
from firmware.drivers.panel import Panel, make_panel
from firmware.drivers.panel.settings import DummyPanelSettings
from firmware.room import flow as f
from firmware.room.pages import sheet_of
from firmware.room.sheet import Place
from firmware.room.view import View
from tests.firmware.room.given import ROOM, given_screen, given_site
from tests.firmware.stage import AT_MS

FIVE_INCH = DummyPanelSettings(driver="dummy", width=800, height=480, width_mm=108.0)
SMALL = DummyPanelSettings(driver="dummy", width=480, height=320, width_mm=73.4)
PANELS = {"5 inch": (FIVE_INCH, 12.0), "3.5 inch": (SMALL, 9.0)}
"""With the least size of a target, in millimetres."""

DOUBT = Doubt(kind="past-end", room=ROOM, practitioner="Dr Saint-Hilaire-Benali", since_ms=AT_MS)
NO_ANSWER = f.Notice("refused", Phrase("unit.no-answer"))
UNTIL_MS = AT_MS + 7_200_000
PATIENT = {"number": "A042", "ticket": "ticket-42", "called_at_ms": AT_MS}
BUSY = given_screen(waiting=14, **PATIENT, is_in_service=True, started_at_ms=AT_MS, until_ms=UNTIL_MS, doubts=[DOUBT])
PARKED = Parked(ticket=TicketId("ticket-31"), number=Number("A031"))
FREE = given_screen(waiting=14, parked=[PARKED], until_ms=UNTIL_MS, closes_ms=UNTIL_MS + 60_000)
CLAIMED = FREE.model_copy(
    update={"waiting": [FREE.waiting[0].model_copy(update={"priority": Priority.CARD, "is_claimed": True})]}
)
NAMED = Named(ticket="ticket-42", first_name="Marie-Antoinette-Bernadette Wilhelmine Z", born=1946)
PAGES: dict[str, tuple[f.Flow, Screen | None]] = {
    "off duty": (f.Flow(), given_screen(duty="off")),
    "free": (f.Flow(), FREE),
    "called": (f.Flow(notice=NO_ANSWER), given_screen(waiting=2, **PATIENT)),
    "with the doctor": (f.Flow(), BUSY),
    "full": (f.Flow(), given_screen(intake="full")),
    "queue": (f.Flow(page=f.Queue(1)), FREE),
    "away": (f.Flow(page=f.Away()), FREE),
    "here": (f.Flow(page=f.Here()), BUSY),
    "one": (f.Flow(page=f.One("ticket-43")), FREE),
    "one who declares a card": (f.Flow(page=f.One("ticket-43")), CLAIMED),
    "transferring": (f.Flow(page=f.Transferring("ticket-43", "A043")), FREE),
    "on duty": (f.Flow(page=f.OnDuty()), FREE),
    "team": (f.Flow(page=f.Team()), FREE),
    "doubt": (f.Flow(page=f.Unclear(DOUBT)), BUSY),
    "warning": (f.Flow(), given_screen(warning=Ringing(device="aubagne-kiosk-1", at_ms=AT_MS))),
    "not connected": (f.Flow(), None),
}


@dataclass(frozen=True)
class Drawn:
    panel: Panel
    view: View
    least_mm: float

    def show(self, page: str, language: Language) -> None:
        flow, screen = PAGES[page]
        place = Place(room=ROOM, site=given_site(), language=language)
        self.view.show(sheet_of(flow, screen, place, is_fresh=screen is not None, named=NAMED))


@pytest.fixture(params=PANELS)
def drawn(request: pytest.FixtureRequest) -> Iterator[Drawn]:
    settings, least_mm = PANELS[request.param]
    panel = make_panel(settings)
    yield Drawn(panel, View(panel), least_mm)
    panel.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_target_is_large_enough_on_the_screen_and_apart_from_the_others(drawn: Drawn, language: Language) -> None:
    width, height = drawn.panel.size_px
    px_per_mm = width / drawn.panel.width_mm
    for page in PAGES:
        drawn.show(page, language)
        rects = [zone.rect for zone in drawn.view.zones]
        for rect in rects:
            assert pygame.Rect(0, 0, width, height).contains(rect), page
            assert min(rect.size) >= drawn.least_mm * px_per_mm, page
        for one, other in itertools.combinations(rects, 2):
            assert not one.inflate(px_per_mm / 2, px_per_mm / 2).colliderect(other), page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_on_a_button_stay_within_it(drawn: Drawn, language: Language) -> None:
    surface = drawn.panel.surface
    for page in PAGES:
        drawn.show(page, language)
        for zone in drawn.view.zones:
            inner = zone.rect.inflate(-8, -8)
            ground = surface.get_at((inner.left, inner.centery))
            corner = 12
            rim = [
                (x, y) for x in range(inner.left + corner, inner.right - corner) for y in (inner.top, inner.bottom - 1)
            ]
            rim += [
                (x, y) for y in range(inner.top + corner, inner.bottom - corner) for x in (inner.left, inner.right - 1)
            ]
            assert {tuple(surface.get_at(at)) for at in rim} == {tuple(ground)}, (page, zone.target)


def test_what_lies_under_a_finger_is_what_the_page_offers_there(drawn: Drawn) -> None:
    drawn.show("free", "fr")

    for zone in drawn.view.zones:
        assert drawn.view.target_at(*zone.rect.center) == zone.target
    assert drawn.view.target_at(*zone.rect.move(0, 1).bottomright) is None


def test_in_arabic_what_is_likely_stands_on_the_right(drawn: Drawn) -> None:
    drawn.show("free", "fr")
    in_french = [zone.rect.centerx for zone in drawn.view.zones[:3]]
    drawn.show("free", "ar")
    in_arabic = [zone.rect.centerx for zone in drawn.view.zones[:3]]

    assert in_french == sorted(in_french)
    assert in_arabic == sorted(in_arabic, reverse=True)


def test_the_same_sheet_is_not_drawn_again(drawn: Drawn) -> None:
    drawn.show("free", "fr")
    drawn.panel.surface.fill((1, 2, 3))

    drawn.show("free", "fr")

    assert tuple(drawn.panel.surface.get_at((5, 5)))[:3] == (1, 2, 3)
