"""A patient says that they go, from the phone: over real HTTP, asked of a site over a real broker."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from core.edge.site import Language
from core.edge.words import LANGUAGES, say
from core.room import events as e
from core.room.commands import Cancel
from core.room.ids import RoomId
from core.room.phrases import Phrase
from core.wire.messages import Answer, Ask
from tests.agent.conftest import AgentProcess
from tests.agent.site import Day, PlayedSite
from tests.journeys.browser import open_phone
from tests.mosquitto import wait_until

BEAT = "3.1.7"


class Centre:
    """A site with one patient who waits, and a controller that does what is asked under its newest beat."""

    def __init__(self, site: PlayedSite, http: httpx.Client) -> None:
        day = Day()
        self.site, self.ticket = site, day.issue("fr")
        self.page = f"/t/{self.ticket.token}"
        self.rejects: str | None = None
        site.answer = self._answer
        site.say("link", site.birth)
        site.write(*day.opening, self.ticket)
        site.say("snap", site.snap())
        wait_until(lambda: "A001" in http.get(self.page).text, what="the ticket has its page")

    def _answer(self, ask: Ask) -> Answer:
        if ask.beat != BEAT:
            return Answer(id=ask.id, outcome="expired", beat=BEAT)
        if self.rejects:
            return Answer(id=ask.id, outcome="rejected", code=self.rejects)
        self.rejects = "not-now"  # nobody leaves twice
        self.site.write(e.TicketCancelled(ticket=self.ticket.ticket, reason="left"))
        return Answer(id=ask.id, outcome="done")

    @property
    def asked(self) -> list[object]:
        """What was asked under a beat of now."""
        return [ask.act for ask in self.site.asks if ask.beat == BEAT]


@pytest.fixture
def centre(http: httpx.Client, play: Callable[..., PlayedSite]) -> Centre:
    return Centre(play(), http)


def text(response: httpx.Response) -> str:
    main = re.search(r"<main.*?</main>", response.text, flags=re.DOTALL)
    assert main, response.text
    return " ".join(re.sub(r"<[^>]+>", "", main.group()).split())


def test_a_patient_who_goes_asks_once_and_is_out_of_the_queue(centre: Centre, http: httpx.Client) -> None:
    assert f'href="{centre.page}/leave?lang=fr"' in http.get(centre.page).text
    assert "Oui, je m’en vais" in text(http.get(f"{centre.page}/leave"))
    assert centre.site.asks == [], "to look at the question asks nothing of the site"

    answer = http.post(f"{centre.page}/leave")

    assert "C’est noté" in text(answer)
    assert centre.asked == [Cancel(ticket=centre.ticket.ticket, reason="left")]
    wait_until(
        lambda: "Ce ticket n’est plus dans la file" in text(http.get(centre.page)), what="the ticket's page says so"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_and_its_outcome_are_in_every_language(
    centre: Centre, http: httpx.Client, language: Language
) -> None:
    question, done = (say(Phrase(phrase), language) for phrase in ("leave.title", "leave.done"))

    assert question in text(http.get(f"{centre.page}/leave?lang={language}"))
    assert done in text(http.post(f"{centre.page}/leave?lang={language}"))


def test_a_centre_that_is_gone_is_not_asked_and_nothing_is_lost(centre: Centre, http: httpx.Client) -> None:
    centre.site.say("link", centre.site.will)
    wait_until(lambda: "Sans nouvelles" in http.get(centre.page).text, what="the centre is gone")

    assert "rien n’est perdu" in text(http.post(f"{centre.page}/leave"))
    assert centre.site.asks == []


def test_a_centre_that_does_not_answer_leaves_the_patient_with_what_to_do(centre: Centre, http: httpx.Client) -> None:
    centre.site.answer = lambda _ask: None

    answer = text(http.post(f"{centre.page}/leave", timeout=15))

    assert "Pas possible pour l’instant" in answer
    assert "Donnez votre ticket à l’équipe" in answer


def test_a_ticket_that_has_changed_meanwhile_is_said_to_have(centre: Centre, http: httpx.Client) -> None:
    centre.rejects = "not-now"

    assert "Ce n’est plus nécessaire" in text(http.post(f"{centre.page}/leave"))


def test_a_token_opens_its_own_ticket_only(centre: Centre, http: httpx.Client) -> None:
    answer = http.post("/t/AAAAAAAAAAAAAAAA/leave")

    assert (answer.status_code, answer.headers["location"]) == (303, "/t/AAAAAAAAAAAAAAAA?lang=fr")
    assert centre.site.asks == []


def test_whom_a_doctor_calls_or_sees_is_not_asked_whether_they_go(centre: Centre, http: httpx.Client) -> None:
    mine = centre.ticket.ticket
    called, started = e.TicketCalled(ticket=mine, room=RoomId("room-1")), e.ServiceStarted(ticket=mine)
    for event, words in ((called, "C’est à vous"), (started, "Vous êtes avec le médecin")):
        centre.site.write(event)
        wait_until(lambda words=words: words in http.get(centre.page).text, what=words)

        assert "/leave" not in http.get(centre.page).text
        assert http.post(f"{centre.page}/leave").status_code == 303
        assert centre.site.asks == []


def test_a_finger_that_taps_several_times_is_told_that_it_is_done(centre: Centre, agent: AgentProcess) -> None:
    def tap(_nth: int) -> str:
        return text(httpx.post(f"{agent.url}{centre.page}/leave", timeout=15, trust_env=False, follow_redirects=True))

    with ThreadPoolExecutor(4) as fingers:
        said = list(fingers.map(tap, range(4)))

    told = ("C’est noté", "Ce n’est plus nécessaire", "Ce ticket n’est plus dans la file")
    assert any(told[0] in one for one in said)
    assert all(any(words in one for words in told) for one in said), (
        "whichever answer is seen last says that it is done"
    )


def test_the_form_works_in_a_browser_without_script(centre: Centre, agent: AgentProcess, tmp_path: Path) -> None:
    with open_phone(tmp_path / "profile") as phone:
        phone.refuse_scripts()
        phone.open(f"{agent.url}{centre.page}")
        phone.follow("Je m’en vais")
        wait_until(lambda: "Vous partez ?" in phone.text, what="the question")
        phone.touch_the_button()
        wait_until(lambda: "C’est noté" in phone.text, what="the answer")

    assert len(centre.asked) == 1
