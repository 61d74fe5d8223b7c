"""The public page of a centre that gives no tickets."""

from __future__ import annotations

import re

import pytest

from core.edge.site import Language
from core.edge.words import LANGUAGES, say
from core.room.phrases import Phrase
from core.room.state import SiteState
from tests.agent.nearby.given import centre, evening, view
from tests.agent.site import EVENING_MS
from tests.agent.test_pages import Pages


def pages(*others: str, hours: str = "09:00-17:00") -> Pages:
    """Aubagne with such hours at 18:00, and others open until 22:00."""
    near = [centre(other, 43.4478, 5.6847 + n) for n, other in enumerate(others)]
    return Pages(sites=[centre("aubagne", 43.2927, 5.5703, hours=hours), *near])


def text(pages: Pages, language: Language = "fr") -> str:
    """What a reader sees of the page's changing part."""
    answer = pages.get(f"/c/aubagne?lang={language}")
    main = re.search(r"<main.*?</main>", answer.text, flags=re.DOTALL)
    assert main, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", main.group()).split())


def test_a_closed_centre_says_when_it_opens_and_who_is_open_nearby() -> None:
    some = pages("trets", "brignoles", "far")
    for site, patients in (("trets", 4), ("brignoles", 0), ("far", 0)):
        some.hub.show(view(site, evening(patients)))

    said = text(some)

    assert "Le centre est fermé Ouverture demain à 09:00." in said
    assert "116 117" in said
    assert (
        "Centres ouverts près d’ici Centre de Trets, à 20 km jusqu’à 22:00 4 personnes attendent"
        " Attente prévue : entre 30 et 40 minutes Situation à 18:00 Centre de Brignoles, à 92 km jusqu’à 22:00"
        " Personne n’attend" in said
    )
    assert "Centre de Far" not in said, "nobody goes so far"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_centre_says_so_in_every_language_and_nobody_is_sent_to_its_kiosk(language: Language) -> None:
    some = pages("trets", hours="09:00-22:00")
    some.hub.show(view("trets", evening(4)))
    assert say(Phrase("centre.how-to-come"), language) in text(some, language)

    some.hub.show(view("aubagne", evening(12, is_full=True)))

    said = text(some, language)
    assert say(Phrase("board.full"), language) in said
    assert say(Phrase("centre.waiting", count=12), language) in said
    assert say(Phrase("kiosk.elsewhere"), language) in said
    assert say(Phrase("centre.how-to-come"), language) not in said


@pytest.mark.parametrize(
    "state", [evening(is_full=True), evening(is_attended=False)], ids=["full as well", "nobody on duty"]
)
def test_a_closed_centre_names_none_where_there_is_none(state: SiteState) -> None:
    some = pages("trets")
    some.hub.show(view("trets", state))

    said = text(some)

    assert "Le centre est fermé" in said
    assert "Centres ouverts" not in said


def test_the_page_of_all_centres_tells_no_wait_where_there_are_no_tickets() -> None:
    some = pages("trets")
    some.hub.show(view("aubagne", evening(2)))
    some.hub.show(view("trets", evening(4, wait_min=50)))

    rows = re.findall(r"<li>.*?</li>", some.get("/?lang=fr").text, flags=re.DOTALL)
    aubagne, trets = (" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows)

    assert aubagne == "Centre de Aubagne Le centre est fermé"
    assert trets.startswith("Centre de Trets 4 personnes attendent Attente prévue : entre 50 et 60 minutes")


def test_a_centre_that_is_open_until_midnight_closes_at_no_other_day() -> None:
    late = centre("trets", 43.4478, 5.6847, hours="09:00-24:00")
    some = Pages(sites=[centre("aubagne", 43.2927, 5.5703, hours="09:00-17:00"), late])
    some.hub.show(view("trets", evening(4)))

    assert "jusqu’à 00:00" in text(some)


def test_a_centre_whose_hours_nobody_knows_is_never_said_to_be_closed() -> None:
    some = Pages()
    some.hub.show(view("aubagne", evening(1)))

    assert "fermé" not in text(some)


def test_what_was_heard_a_while_ago_is_named_with_its_hour() -> None:
    some = pages("trets")
    some.hub.show(view("trets", evening(4), is_online=False, as_of_ms=EVENING_MS - 600_000))

    assert "Situation à 17:50" in text(some)
