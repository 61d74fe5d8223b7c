"""What was told and what happened, as staff and patients read it: over a real database, asked over HTTP."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from agent.scores import DayScore, Tally
from agent.store.store import Changes, Store
from core.edge.words import LANGUAGES, say
from core.room.ids import SiteId
from core.room.phrases import Phrase
from tests.agent.test_pages import Pages

TOKEN = "quatre-saisons-1234"
_AUBAGNE = SiteId("aubagne")
_TODAY = date(2026, 11, 22)
"""A Sunday: last week went from the 9th to the 15th."""
_MONDAY = date(2026, 11, 9)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'agent.db'}"


@pytest.fixture
def pages(url: str) -> Pages:
    return Pages(url=url, staff=TOKEN)


@pytest.fixture
def score(url: str) -> Callable[[dict[date, DayScore]], None]:
    def write(days: dict[date, DayScore]) -> None:
        with Store(url) as store:
            store.write(Changes(scores={(_AUBAGNE, "a", day.isoformat()): one for day, one in days.items()}))

    return write


def open_page(pages: Pages, path: str) -> httpx.Response:
    credentials = base64.b64encode(f"anybody:{TOKEN}".encode()).decode()
    return pages.get(path, headers={"authorization": f"Basic {credentials}"})


def text(response: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).replace("\u202f", " ").split())


def people(told: int, kept: int) -> DayScore:
    return DayScore(first=Tally(told=told, kept=kept))


def test_the_measures_of_a_centre_at_the_ticket_and_over_all_that_was_told(
    pages: Pages, score: Callable[[dict[date, DayScore]], None]
) -> None:
    first = Tally(told=1200, error_s=1200 * 378, covered=948, under=156, late=12, kept=1104, uncalled=31)
    score({_TODAY: DayScore(first=first, later=Tally(told=800, error_s=800 * 240, covered=592, kept=800))})

    said = text(open_page(pages, "/staff/figures/aubagne"))

    assert "À la remise du ticket 1 200 personnes Toutes les annonces 2 000" in said
    assert re.search(r"Appelés dans le temps annoncé .*? 92 % 95 % ", said)
    assert re.search(r"Plus de 10 minutes après le temps annoncé .*? 1 % 1 % ", said)
    assert re.search(r"Erreur moyenne .*? 6,3 min 5,4 min ", said)
    assert re.search(r"Annoncé trop peu de plus de 10 minutes .*? 13 % 8 % ", said)
    assert re.search(r"Dans l’intervalle calculé .*? 79 % 77 % ", said)
    assert "31 personnes n’ont jamais été appelées" in said
    assert "dim. 22 nov. 1200 92 % 1 % 6,3 min 13 % 79 % 31 2000" in said


def test_the_plots_leave_a_gap_where_nothing_is_known_and_show_days_of_few_people_hollow(
    pages: Pages, score: Callable[[dict[date, DayScore]], None]
) -> None:
    score({_TODAY - timedelta(days=back): people(29 if back == 3 else 30, 20) for back in (0, 1, 2, 3, 6, 7)})

    page = open_page(pages, "/staff/figures/aubagne").text

    errors, shares = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    assert (errors.count("<path"), errors.count("<circle")) == (2, 6)
    assert (shares.count("<path"), shares.count("<circle")) == (4, 12)
    assert (errors.count('class="few"'), shares.count('class="few"')) == (1, 2)
    assert "style=" not in page, "the pages' own policy would leave it out"


def test_a_period_is_chosen_and_another_one_is_the_usual(
    pages: Pages, score: Callable[[dict[date, DayScore]], None]
) -> None:
    score({_TODAY - timedelta(days=60): people(40, 40)})

    assert "Du 24 août au 22 novembre 2026" in text(open_page(pages, "/staff/figures/aubagne?days=91"))
    assert "40 personnes" in text(open_page(pages, "/staff/figures/aubagne?days=91"))
    for query in ("", "?days=28", "?days=9999999", "?days=never"):
        said = text(open_page(pages, f"/staff/figures/aubagne{query}"))
        assert "Du 26 octobre au 22 novembre 2026" in said
        assert "Aucune attente annoncée n’a encore été suivie d’un appel" in said


def test_all_centres_stand_on_one_page(pages: Pages, score: Callable[[dict[date, DayScore]], None]) -> None:
    score({_TODAY: people(10, 9), _TODAY - timedelta(days=40): people(500, 0)})

    page = open_page(pages, "/staff/figures")

    assert "Centre d’Aubagne &lt;1&gt; 10 90 % 0,0 min 0 %" in text(page)
    assert 'href="/staff/figures/aubagne"' in page.text


def test_the_figures_are_the_staffs_alone(pages: Pages) -> None:
    for path in ("/staff/figures", "/staff/figures/aubagne", "/staff/habits/aubagne"):
        assert pages.get(path).status_code == 401
    for path in ("/staff/figures/nowhere", "/staff/habits/nowhere"):
        assert open_page(pages, path).status_code == 404


def test_a_database_that_refuses_is_said_to(tmp_path: Path) -> None:
    refusing = Pages(url=f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}", staff=TOKEN)

    assert open_page(refusing, "/staff/figures/aubagne").status_code == 503


def test_a_centre_says_how_its_promises_of_last_week_were_kept(
    pages: Pages, score: Callable[[dict[date, DayScore]], None]
) -> None:
    score(
        {
            _MONDAY - timedelta(days=1): people(1000, 0),
            _MONDAY: people(20, 20),
            _MONDAY + timedelta(days=6): people(20, 15),
            _MONDAY + timedelta(days=7): people(1000, 0),
        }
    )
    asyncio.run(pages.web.last_week.look())

    for language in LANGUAGES:
        page = pages.get(f"/c/aubagne?lang={language}").text
        assert say(Phrase("score.last-week", count=8), language) in page, "35 of 40, rounded down"


@pytest.mark.parametrize(("told", "is_said"), [(29, False), (30, True)])
def test_nothing_is_said_of_fewer_than_thirty_people(
    pages: Pages, score: Callable[[dict[date, DayScore]], None], told: int, *, is_said: bool
) -> None:
    score({_MONDAY: people(told, told)})
    asyncio.run(pages.web.last_week.look())

    assert (say(Phrase("score.last-week", count=10), "fr") in pages.get("/c/aubagne?lang=fr").text) is is_said


def test_what_was_known_of_last_week_stays_while_the_database_refuses(
    pages: Pages,
    score: Callable[[dict[date, DayScore]], None],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    score({_MONDAY: people(30, 30)})

    async def until(is_so: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not is_so():
                await asyncio.sleep(0.01)

    async def look_twice() -> None:
        first = asyncio.create_task(pages.web.last_week.keep_looking())
        await until(lambda: pages.web.last_week.tenths(_AUBAGNE))
        first.cancel()
        (tmp_path / "agent.db").write_bytes(b"no database any more, but long enough to be looked at" * 100)
        second = asyncio.create_task(pages.web.last_week.keep_looking())
        await until(lambda: "cannot be looked up" in caplog.text)
        assert not second.done()
        second.cancel()

    asyncio.run(look_twice())
    assert pages.web.last_week.tenths(_AUBAGNE) == 10
