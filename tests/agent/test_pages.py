"""What pages and JSON say, asked over HTTP without a network."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from agent.ingest import Health
from agent.remote import Remote
from agent.roster.plan import Plan
from agent.settings import AgentFile, SiteSettings, StaffSettings, WebSettings
from agent.store.plans import PlanStore
from agent.store.scores import ScoreStore
from agent.view import SiteView
from agent.web.app import Web
from core.edge.clock import ManualClock
from core.edge.link import LinkSettings
from core.edge.site import Language
from core.edge.words import LANGUAGES, say
from core.room import events as e
from core.room.ids import RoomId, SiteId
from core.room.phrases import Phrase
from core.room.state import SiteState, fold
from tests.agent.site import EVENING_MS, Day, records, visit

_AUBAGNE = SiteId("aubagne")
_HOUR_S = 3600
_CENTRE = SiteSettings(id="aubagne", name="Centre d’Aubagne <1>", rooms={"room-1": "1", "room-2": "2"})


class Pages:
    """The web application, with views put into its hub by hand."""

    def __init__(
        self,
        *,
        url: str = "sqlite:///:memory:",
        staff: str | None = None,
        sites: Sequence[SiteSettings] = (_CENTRE,),
        **web: object,
    ) -> None:
        """
        Args:
            url: the database of plan and scores.
            staff: the token that opens the staff's pages.
        """
        self.clock = ManualClock(EVENING_MS)
        self.health = Health(beat_s=time.monotonic(), link_is_up=True)
        none = Path("none")
        settings = AgentFile(
            link=LinkSettings(host="127.0.0.1", port=1, ca=none, certificate=none, key=none),
            web=WebSettings.model_validate(
                {"host": "127.0.0.1", "port": 0, "public_url": "https://file.example", **web}
            ),
            staff=None if staff is None else StaffSettings(token=SecretStr(staff)),
            sites=list(sites),
        )
        self.web = Web(
            settings,
            self.clock,
            lambda: self.health,
            remote=Remote(lambda _topic, _payload: False),
            plans=PlanStore(url),
            scores=ScoreStore(url),
            look=lambda: None,
        )
        self.hub = self.web.hub
        self._app = self.web.app(_nothing_beside)

    def show(self, state: SiteState, *, is_online: bool | None = True, as_of_ms: int = EVENING_MS) -> None:
        view = SiteView(
            site=_AUBAGNE,
            epoch="a",
            seq=len(state.tickets),
            state=state,
            is_online=is_online,
            as_of_ms=as_of_ms,
            heard_s=float("-inf"),
        )
        self.hub.show(view)

    def show_plan(self, plan: Plan) -> None:
        self.web.show_plan(plan)

    def get(self, path: str, method: str = "GET", **options: object) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://agent") as client:
                return await client.request(method, path, **options)  # type: ignore[arg-type]

        return asyncio.run(ask())


@contextlib.asynccontextmanager
async def _nothing_beside(_app: Starlette) -> AsyncIterator[None]:
    yield


@pytest.fixture
def pages() -> Pages:
    return Pages()


_DAY = Day()
_TICKETS = [_DAY.issue("ar") for _ in range(5)]
_MINE = _TICKETS[3]
_WAITING = fold(records(*_DAY.opening, *_TICKETS))


def _after(*events: e.Event) -> SiteState:
    return fold(records(*events), _WAITING)


def _text(response: httpx.Response) -> str:
    """What a reader sees of the page's changing part."""
    main = re.search(r"<main.*?</main>", response.text, flags=re.DOTALL)
    assert main, response.text
    return " ".join(re.sub(r"<[^>]+>", "", main.group()).split())


_ROOM_2: dict[Language, str] = {"fr": "Salle 2", "en": "Room 2", "es": "Sala 2", "ar": "الغرفة 2"}
_OTHERS = [ticket.ticket for ticket in _TICKETS[:3]]
_CALLED = e.TicketCalled(ticket=_MINE.ticket, room=RoomId("room-2"))

_STATES: dict[str, tuple[SiteState, Phrase, bool]] = {
    "waiting": (_WAITING, Phrase("ticket.before", count=3), False),
    "next": (_after(*(e.TicketCancelled(ticket=one, reason="left") for one in _OTHERS)), Phrase("ticket.next"), False),
    "called": (_after(_CALLED), Phrase("ticket.called"), True),
    "in service": (_after(_CALLED, e.ServiceStarted(ticket=_MINE.ticket)), Phrase("ticket.in-service"), False),
    "parked": (_after(_CALLED, e.TicketParked(ticket=_MINE.ticket)), Phrase("ticket.parked"), True),
    "no-show": (_after(_CALLED, e.TicketNotPresent(ticket=_MINE.ticket)), Phrase("ticket.no-show"), False),
    "done": (_after(*visit(_MINE.ticket)), Phrase("ticket.done"), False),
    "cancelled": (_after(e.TicketCancelled(ticket=_MINE.ticket, reason="left")), Phrase("ticket.cancelled"), False),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", _STATES)
def test_a_ticket_page_says_its_state_in_every_language(pages: Pages, name: str, language: Language) -> None:
    state, headline, names_room = _STATES[name]
    pages.show(state)

    response = pages.get(f"/t/{_MINE.token}?lang={language}")

    text = _text(response)
    assert "A004" in text
    assert say(headline, language) in text
    assert (_ROOM_2[language] in text) == names_room
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in response.text
    assert "A001" not in text, "nothing about anybody else"


def test_a_ticket_page_speaks_the_language_of_the_ticket(pages: Pages) -> None:
    pages.show(_WAITING)

    response = pages.get(f"/t/{_MINE.token}", headers={"accept-language": "en"})

    assert '<html lang="ar" dir="rtl">' in response.text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("es-MX,es;q=0.9,en;q=0.8", "es"), ("de,en;q=0.5", "en"), ("de", "fr"), ("", "fr"), ("en;q=zero,ar;q=0.1", "ar")],
)
def test_a_public_page_speaks_the_language_of_the_browser(pages: Pages, accepted: str, language: str) -> None:
    assert f'<html lang="{language}"' in pages.get("/", headers={"accept-language": accepted}).text


def test_an_unknown_ticket_is_told_that_its_slip_is_valid(pages: Pages) -> None:
    response = pages.get("/t/AAAAAAAAAAAAAAAA?lang=fr")

    assert response.status_code == 200
    assert "Votre ticket est valable au centre" in _text(response)


def test_a_page_says_how_old_it_is(pages: Pages) -> None:
    pages.show(_WAITING)
    pages.clock.advance(42 * 60)

    assert "Situation à 18:42" in _text(pages.get(f"/t/{_MINE.token}?lang=fr"))


@pytest.mark.parametrize("path", ["/", "/c/aubagne", f"/t/{_MINE.token}"], ids=["network", "centre", "ticket"])
def test_a_page_of_a_centre_that_is_gone_keeps_what_was_known_and_says_since_when(pages: Pages, path: str) -> None:
    pages.show(_WAITING, is_online=False, as_of_ms=EVENING_MS + 42 * 60_000)
    pages.clock.advance(2 * _HOUR_S)

    text = _text(pages.get(f"{path}?lang=fr"))

    assert "Sans nouvelles du centre depuis 18:42" in text
    assert "3 personnes avant vous" in text or "5 personnes attendent" in text


def test_news_of_yesterday_say_so(pages: Pages) -> None:
    pages.show(_WAITING, is_online=False)
    pages.clock.advance(8 * _HOUR_S)

    assert "depuis 22/11 18:00" in _text(pages.get("/c/aubagne?lang=fr"))


def test_news_are_never_of_the_future_when_a_clock_was_put_back(pages: Pages) -> None:
    pages.show(_WAITING, is_online=False, as_of_ms=EVENING_MS + 86_400_000)

    assert "depuis 18:00" in _text(pages.get("/c/aubagne?lang=fr"))
    assert pages.get("/api/v1/sites/aubagne").json()["as_of"] == "2026-11-22T17:00:00Z"


def test_news_that_nobody_can_date_are_no_news(pages: Pages) -> None:
    pages.show(_WAITING, is_online=None, as_of_ms=0)

    assert "1970" not in _text(pages.get("/c/aubagne?lang=en"))
    assert "This centre has not been heard yet." in _text(pages.get("/c/aubagne?lang=en"))
    assert pages.get("/api/v1/sites/aubagne").json()["as_of"] is None


def test_a_token_dies_in_the_night_even_if_its_centre_is_silent(pages: Pages) -> None:
    pages.show(_WAITING, is_online=False)
    pages.clock.advance(10 * _HOUR_S + 1)

    assert "A004" not in _text(pages.get(f"/t/{_MINE.token}"))
    assert pages.get(f"/api/v1/tickets/{_MINE.token}").status_code == 404


def test_a_token_dies_with_its_day(pages: Pages) -> None:
    pages.show(_WAITING)
    pages.show(_after(e.DayOpened(day="2026-11-23")))

    assert "A004" not in _text(pages.get(f"/t/{_MINE.token}"))


def test_the_centre_page_counts_and_names_nobody(pages: Pages) -> None:
    pages.show(_after(_CALLED))

    text = _text(pages.get("/c/aubagne?lang=fr"))

    assert "4 personnes attendent" in text
    assert "1 personne avec un médecin" in text
    assert re.search(r"Salle 1 sans médecin Salle 2 occupée", text)
    assert not re.search(r"A00\d", text)


def test_names_are_written_as_text(pages: Pages) -> None:
    assert "Centre d’Aubagne &lt;1&gt;" in pages.get("/").text


def test_the_network_page_shows_every_centre(pages: Pages) -> None:
    assert "Ce centre n’a pas encore donné de nouvelles" in _text(pages.get("/?lang=fr"))

    pages.show(_WAITING)

    assert "5 personnes attendent" in _text(pages.get("/?lang=fr"))


def test_a_page_that_does_not_exist_is_said_kindly(pages: Pages) -> None:
    for path in ("/c/nowhere", "/nothing", "/static/secret.py"):
        response = pages.get(f"{path}?lang=fr")
        assert response.status_code == 404
        assert "Cette page n’existe pas" in response.text


def test_a_browser_is_given_nothing_to_be_talked_into(pages: Pages) -> None:
    headers = pages.get(f"/t/{_MINE.token}").headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "set-cookie" not in headers


def test_every_page_works_without_script(pages: Pages) -> None:
    pages.show(_WAITING)
    response = pages.get(f"/t/{_MINE.token}")

    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in response.text
    assert not re.search(r"<script(?![^>]*src=)", response.text)
    assert not re.search(r"""(src|href)="(https?:)?//""", response.text), "no asset of others"


def test_assets_are_served_under_an_address_that_changes_with_them(pages: Pages) -> None:
    for address in re.findall(r'"(/static/[^"]+)"', pages.get("/").text):
        response = pages.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]


def test_a_request_with_a_body_is_refused_unread(pages: Pages) -> None:
    response = pages.get("/", "POST", content=b"x" * 1_000_000)
    assert response.status_code == 413


def test_the_counts_are_open_to_programs(pages: Pages) -> None:
    pages.show(_after(_CALLED))

    response = pages.get("/api/v1/sites/aubagne")

    assert response.json() == {
        "updated": "2026-11-22T17:00:00Z",
        "id": "aubagne",
        "name": "Centre d’Aubagne <1>",
        "page": "https://file.example/c/aubagne",
        "online": True,
        "as_of": "2026-11-22T17:00:00Z",
        "waiting": 4,
        "with_doctor": 1,
    }
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cache-control"] == "public, max-age=15"
    assert pages.get("/api/v1/sites").json()["sites"][0]["waiting"] == 4


def test_a_centre_that_has_told_nothing_has_no_counts(pages: Pages) -> None:
    site = pages.get("/api/v1/sites/aubagne").json()
    assert (site["online"], site["as_of"], site["waiting"]) == (False, None, None)
    assert pages.get("/api/v1/sites/nowhere").status_code == 404


def test_a_program_may_ask_for_one_ticket(pages: Pages) -> None:
    pages.show(_WAITING)
    waiting = pages.get(f"/api/v1/tickets/{_MINE.token}")
    pages.show(replace(_after(_CALLED)))
    called = pages.get(f"/api/v1/tickets/{_MINE.token}")

    assert [waiting.json()[key] for key in ("number", "state", "before", "room")] == ["A004", "waiting", 3, None]
    assert [called.json()[key] for key in ("number", "state", "before", "room")] == ["A004", "called", None, "2"]
    assert called.headers["cache-control"] == "no-store"


def test_health_says_what_is_wrong(pages: Pages) -> None:
    pages.show(_WAITING)
    well = pages.get("/healthz")
    pages.health = replace(pages.health, store_fault="disk full")
    ill = pages.get("/healthz")
    pages.health = replace(pages.health, store_fault=None, beat_s=time.monotonic() - 60)
    hung = pages.get("/healthz")

    assert (well.status_code, ill.status_code, hung.status_code) == (200, 503, 503)
    assert well.json()["sites_online"] == 1
    assert ill.json()["store"] == "disk full"
