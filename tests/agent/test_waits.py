"""What the pages say of a wait: to those who have a ticket, and to those who think of coming."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.room import events as e
from core.room.ids import PractitionerId, RoomId, ServiceId
from core.room.outlook import Wait
from core.room.state import SiteState, fold
from tests.agent.roster.given import plan, planned
from tests.agent.site import EVENING_MS, Day, records
from tests.agent.test_pages import Pages, _text

ROOM = RoomId("room-1")
_DAY = Day()
_FIRST, _MINE = _DAY.issue("fr"), _DAY.issue("fr")
TICKET, CENTRE, NETWORK = f"/t/{_MINE.token}?lang=fr", "/c/aubagne?lang=fr", "/?lang=fr"
ON_DUTY = e.DutyBegan(room=ROOM, practitioner=PractitionerId("dr-vallon"))
WAIT = Wait(p10_s=1860, p25_s=2280, p50_s=2700, p75_s=3000, p90_s=3180)
SOON = Wait(p10_s=0, p25_s=60, p50_s=120, p75_s=240, p90_s=590)
FIGURE = "Attente prévue : entre 35 et 55 minutes"


@pytest.fixture
def pages() -> Pages:
    pages = Pages()
    pages.show_plan(plan(planned("vallon", "2026-11-23 09:00", "20:00")))
    return pages


def state(*events: e.Event) -> SiteState:
    return fold(records(*_DAY.opening, _FIRST, _MINE, *events))


def told(wait: Wait = WAIT) -> e.WaitsTold:
    return e.WaitsTold(
        tickets={_FIRST.ticket: wait, _MINE.ticket: wait},
        newcomers={ServiceId("consultation"): wait, ServiceId("wound"): SOON},
    )


def read(pages: Pages, path: str) -> str:
    """With every space a plain one."""
    return " ".join(_text(pages.get(path)).split())


def test_a_ticket_s_page_says_how_long_it_takes_and_when_to_be_back(pages: Pages) -> None:
    pages.show(state(ON_DUTY, told()))

    assert f"1 personne avant vous {FIGURE} Vous pouvez attendre dehors. Revenez vers 18:30" in read(pages, TICKET)


def test_the_figure_counts_down_with_the_clock(pages: Pages) -> None:
    pages.show(state(ON_DUTY, told()))
    pages.clock.advance(20 * 60)
    assert "Attente prévue : entre 15 et 35 minutes" in read(pages, TICKET)
    assert "dehors" not in read(pages, TICKET), "too short to go"

    pages.clock.advance(25 * 60)
    assert "C’est bientôt à vous Soyez dans la salle d’attente." in read(pages, TICKET)
    assert FIGURE in read(pages, CENTRE), "who comes later waits as long"


def test_who_is_next_is_not_sent_outside(pages: Pages) -> None:
    pages.show(state(ON_DUTY, told(), e.TicketCancelled(ticket=_FIRST.ticket, reason="left")))

    assert f"Vous êtes le prochain {FIGURE} Revenez dans la salle d’attente." in read(pages, TICKET)


def test_the_pages_of_centres_say_the_longest_wait_of_somebody_who_comes_now(pages: Pages) -> None:
    pages.show(state(ON_DUTY, told()))

    assert f"2 personnes attendent {FIGURE}" in read(pages, CENTRE)
    assert f"2 personnes attendent {FIGURE}" in read(pages, NETWORK)
    pages.show(state(ON_DUTY, told(SOON)))
    assert "2 personnes attendent Presque pas d’attente" in read(pages, CENTRE)


@pytest.mark.parametrize(("chances", "said"), [(99, "Le médecin vous verra"), (60, "Il n’est pas sûr"), (100, None)])
def test_whether_it_is_before_closing_is_said_where_there_is_a_doubt(
    pages: Pages, chances: int, said: str | None
) -> None:
    wait = Wait(p10_s=1860, p25_s=2280, p50_s=2700, p75_s=3000, p90_s=3180, in_time=chances)
    pages.show(state(ON_DUTY, told(wait)))

    for path in (TICKET, CENTRE):
        text = read(pages, path)
        assert said in text if said else "fermeture" not in text


@pytest.mark.parametrize("path", [TICKET, CENTRE, NETWORK], ids=["ticket", "centre", "network"])
def test_while_nobody_is_on_duty_the_pages_say_who_comes_next(pages: Pages, path: str) -> None:
    pages.show(state(told()))

    text = read(pages, path)

    assert "Aucun médecin pour l’instant. Prochain médecin : Dr Vallon, demain à 09:00." in text
    assert "minutes" not in text


@pytest.mark.parametrize("path", [TICKET, CENTRE, NETWORK], ids=["ticket", "centre", "network"])
def test_of_a_centre_that_is_silent_for_a_quarter_of_an_hour_no_figure_is_said(pages: Pages, path: str) -> None:
    pages.show(state(ON_DUTY, told()), is_online=False, as_of_ms=EVENING_MS)
    pages.clock.advance(15 * 60)
    assert "Attente prévue" in read(pages, path)
    assert "Sans nouvelles du centre depuis 18:00" in read(pages, path)

    pages.clock.advance(1)
    assert "Attente" not in read(pages, path)
    assert read(pages, path).count("Sans nouvelles du centre depuis 18:00") == 1


def test_of_a_centre_that_is_silent_nobody_says_that_no_doctor_is_there(pages: Pages) -> None:
    pages.show(state(told()), is_online=False, as_of_ms=EVENING_MS)

    assert all("Aucun médecin" not in read(pages, path) for path in (TICKET, CENTRE, NETWORK))


@pytest.mark.parametrize("path", [TICKET, CENTRE, NETWORK], ids=["ticket", "centre", "network"])
@pytest.mark.parametrize("events", [[], [told(), e.WaitsForgotten()]], ids=["never told", "forgotten"])
def test_where_nobody_forecasts_the_pages_say_nothing_of_it(pages: Pages, path: str, events: list[e.Event]) -> None:
    pages.show(state(ON_DUTY, *events))

    assert "Attente" not in read(pages, path)


def test_who_cannot_get_a_ticket_any_more_is_promised_no_wait(pages: Pages) -> None:
    pages.show(state(ON_DUTY, told(), e.IntakeStopped()))

    assert FIGURE not in read(pages, CENTRE)
    assert FIGURE in read(pages, TICKET)


def test_a_wait_told_by_a_clock_in_doubt_is_not_counted_down(pages: Pages) -> None:
    doubted = replace(_MINE, is_doubtful=True)
    pages.show(fold(records(*_DAY.opening, _FIRST, doubted, ON_DUTY, told())))

    assert "Attente" not in read(pages, TICKET)
