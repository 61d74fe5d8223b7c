"""What the pages say of doctors: who is there and until when, and who is planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from agent.roster.changes import with_day
from agent.roster.plan import Plan
from core.edge.site import Language
from core.room import events as e
from core.room.ids import PractitionerId, RoomId
from core.room.opening import Hours
from core.room.state import SiteState, fold
from tests.agent.roster.given import AUBAGNE, at, plan, planned
from tests.agent.site import EVENING_MS, Day, records
from tests.agent.test_pages import Pages, _text

ROOM_1, ROOM_2 = RoomId("room-1"), RoomId("room-2")
VALLON = PractitionerId("dr-vallon")
TONIGHT = planned("vallon", "2026-11-22 09:00", "20:00")
_DAY = Day()
_MINE = _DAY.issue("fr")
TICKET = f"/t/{_MINE.token}?lang=fr"
CENTRE = "/c/aubagne?lang=fr"


@pytest.fixture
def pages() -> Pages:
    pages = Pages()
    pages.show_plan(plan(TONIGHT))
    return pages


def state(*events: e.Event) -> SiteState:
    return fold(records(*_DAY.opening, _MINE, *events))


ON_DUTY = e.DutyBegan(room=ROOM_1, practitioner=VALLON, until_ms=at("2026-11-22 20:00"))
UNNAMED = e.DutyBegan(room=ROOM_2, practitioner=PractitionerId("at-room-2"))


def test_the_ticket_s_page_names_who_is_there_and_until_when(pages: Pages) -> None:
    pages.show(state(ON_DUTY, UNNAMED))

    assert "Sur place Dr Vallon · jusqu’à 20:00 Docteur, salle 2" in _text(pages.get(TICKET))


@pytest.mark.parametrize(
    ("language", "named"),
    [("fr", "Docteur, salle 2"), ("en", "Doctor, room 2"), ("es", "Médico, sala 2"), ("ar", "الطبيب، الغرفة 2")],
)
def test_a_doctor_whom_no_plan_names_goes_by_the_room(pages: Pages, language: Language, named: str) -> None:
    pages.show(state(UNNAMED))

    assert named in _text(pages.get(f"/t/{_MINE.token}?lang={language}"))


def test_the_centre_s_page_shows_what_each_room_is_doing(pages: Pages) -> None:
    pages.show(state(ON_DUTY, e.TicketCalled(ticket=_MINE.ticket, room=ROOM_1)))
    assert "Dr Vallon Salle 1 jusqu’à 20:00 avec un patient Salle 2 sans médecin" in _text(pages.get(CENTRE))

    pages.show(state(ON_DUTY, UNNAMED, e.DutyPaused(room=ROOM_2)))
    assert "disponible Docteur, salle 2 en pause" in _text(pages.get(CENTRE))


def test_an_end_that_has_passed_is_not_promised(pages: Pages) -> None:
    pages.show(state(ON_DUTY))
    pages.clock.advance(2 * 3600 + 60)

    text = _text(pages.get(TICKET))

    assert "Dr Vallon" in text
    assert "jusqu’à" not in text


def test_who_has_gone_is_there_no_more(pages: Pages) -> None:
    pages.show(state(ON_DUTY, e.DutyEnded(room=ROOM_1, reason="said")))

    assert "Aucun médecin sur place pour l’instant" in _text(pages.get(TICKET))


def test_of_a_centre_that_is_silent_nobody_says_who_is_there(pages: Pages) -> None:
    pages.show(state(ON_DUTY, UNNAMED), is_online=False, as_of_ms=EVENING_MS)

    assert "Dr Vallon" not in _text(pages.get(TICKET))
    assert "Aucun médecin" not in _text(pages.get(TICKET))
    assert "Docteur, salle 2" not in _text(pages.get(CENTRE))
    assert "09:00–20:00 Dr Vallon" in _text(pages.get(CENTRE)), "what is planned stays planned"


def test_the_centre_s_page_shows_the_plan_of_a_week(pages: Pages) -> None:
    over = planned("mistral", "2026-11-22 09:00", "17:00", room="room-2")
    soon = planned("garrigue", "2026-11-28 09:00", "22:00")
    far = planned("garrigue", "2026-11-29 09:00", "22:00")
    days = with_day(plan(TONIGHT, over, soon, far), AUBAGNE, date(2026, 11, 25), None)
    pages.show_plan(with_day(days, AUBAGNE, date(2026, 11, 28), Hours(opens_min=600, closes_min=1440)))
    pages.show(state())

    text = _text(pages.get(CENTRE))

    assert text[text.index("Médecins prévus") : text.index("Tous les centres")].strip() == (
        "Médecins prévus dimanche 22 novembre 09:00–20:00 Dr Vallon mercredi 25 novembre fermé "
        "samedi 28 novembre ouvert de 10:00 à 24:00 09:00–22:00 Dr Garrigue"
    )


def test_a_new_plan_changes_the_pages_at_once(pages: Pages) -> None:
    pages.show(state(ON_DUTY))

    renamed = replace(plan(TONIGHT), names={VALLON: "Dr Vallon-Roux"})
    pages.show_plan(renamed)

    assert "Dr Vallon-Roux" in _text(pages.get(TICKET))
    pages.show_plan(Plan())
    assert "Docteur, salle 1" in _text(pages.get(TICKET))
