"""The staff's pages: who gets in, the week, the forms, files in and out; over real HTTP, and sent on to the site."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.roster.changes import replaced
from agent.roster.plan import Plan, Planned
from agent.settings import load_agent
from agent.store.plans import PlanStore
from core.edge.clock import SystemClock
from core.room.ids import DeviceId
from core.wire.messages import Alert, DayHours, DeviceState, Fleet
from tests.agent.conftest import AgentProcess
from tests.agent.roster.given import CENTRES, entry, planned
from tests.agent.site import PlayedSite
from tests.mosquitto import Mosquitto, wait_until

TOKEN = "quatre-saisons-1234"
WEEK = "/staff/plan/aubagne?week=2026-W48"
HERE = {"sec-fetch-site": "same-origin"}
VALLON = planned("vallon", "2026-11-23 09:00", "14:00")
SHIFT = {"name": "Dr Vallon", "room": "room-1", "day": "2026-11-23", "begins": "09:00", "ends": "14:00"}


@pytest.fixture
def agent(agent_file: Path, central_broker: Mosquitto) -> Iterator[AgentProcess]:
    agent_file.write_text(f'[staff]\ntoken = "{TOKEN}"\n\n{agent_file.read_text()}')
    process = AgentProcess(agent_file.parent)
    process.start()
    yield process
    process.kill()


@pytest.fixture
def http(agent: AgentProcess) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=agent.url, timeout=10, trust_env=False, auth=("anybody", TOKEN), follow_redirects=True
    ) as client:
        yield client


@pytest.fixture
def store(agent_file: Path) -> Iterator[PlanStore]:
    opened = PlanStore(load_agent(agent_file).store.url)
    yield opened
    opened.close()


def post(http: httpx.Client, path: str, data: dict[str, str] | None = None, **options: Any) -> httpx.Response:
    return http.post(path, data=data, headers=HERE, **options)


def add(store: PlanStore, *shifts: Planned) -> None:
    entries = [entry(one) for one in shifts]
    store.change(lambda plan: replaced(plan, [], entries, CENTRES), now_ms=SystemClock().wall_ms())


def text(response: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def address_of(response: httpx.Response, part: str) -> str:
    found = re.search(rf'(?:href|action)="([^"]*{part}[^"]*)"', response.text)
    assert found, response.text
    return found.group(1).replace("&amp;", "&")


def test_without_the_token_nobody_gets_in(http: httpx.Client, store: PlanStore) -> None:
    for auth in (None, ("anybody", "wrong"), (TOKEN, "")):
        for answer in (http.get(WEEK, auth=auth), http.post("/staff/plan/aubagne/shift", data=SHIFT, auth=auth)):
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Basic ")
    assert http.get(WEEK, auth=None, headers={"authorization": "Basic !"}).status_code == 401
    assert store.read() == Plan()


def test_the_pages_are_off_and_say_so_while_the_file_has_no_token(agent: AgentProcess, agent_file: Path) -> None:
    agent.terminate()
    agent_file.write_text(agent_file.read_text().partition("\n\n")[2])
    agent.start()

    answer = httpx.get(f"{agent.url}{WEEK}", auth=("anybody", TOKEN), trust_env=False)

    assert answer.status_code == 403
    assert "ajoutez à agent.toml une table [staff]" in answer.text


def test_a_form_is_taken_from_its_own_page_only(http: httpx.Client, store: PlanStore) -> None:
    elsewhere = [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "https://file.example"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {},
    ]
    here = [{"sec-fetch-site": "same-origin"}, {"origin": "https://file.example"}, {"origin": str(http.base_url)}]

    refused = [http.post("/staff/plan/aubagne/shift", data=SHIFT, headers=one).status_code for one in elsewhere]
    assert refused == [403] * len(elsewhere)
    assert store.read() == Plan()

    for headers in here:
        assert http.post("/staff/plan/aubagne/shift", data=SHIFT, headers=headers).status_code == 200
        store.change(lambda _plan: Plan(), now_ms=SystemClock().wall_ms())


def test_a_page_of_staff_is_kept_by_nobody_and_leads_nowhere_else(http: httpx.Client) -> None:
    headers = http.get(WEEK).headers

    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin", "else browsers say `Origin: null` of its forms"
    assert "form-action 'self'" in headers["content-security-policy"]


def test_a_shift_is_planned_changed_and_removed(
    http: httpx.Client, store: PlanStore, play: Callable[..., PlayedSite]
) -> None:
    site = play()

    saved = post(http, "/staff/plan/aubagne/shift", SHIFT)
    assert store.read().shifts == {VALLON}
    assert saved.url.query == b"week=2026-W48&said=saved"
    assert "Enregistré. " in text(saved)
    assert "Dr Vallon 09:00–14:00" in text(saved)
    wait_until(lambda: bool(site.configs) and len(site.configs[-1].shifts) == 1, what="the site is told")

    form = http.get(address_of(saved, "practitioner=dr-vallon"))
    for value in SHIFT.values():
        assert f'value="{value}"' in form.text
    post(http, address_of(form, "/shift[?]practitioner"), {**SHIFT, "room": "room-2", "ends": "02:00"})
    moved = planned("vallon", "2026-11-23 09:00", "2026-11-24 02:00", room="room-2")
    assert store.read().shifts == {moved}

    week = http.get(WEEK)
    assert "09:00–02:00 lendemain" in text(week)
    removed = post(http, address_of(http.get(address_of(week, "practitioner=dr-vallon")), "/remove"))
    assert "La présence est retirée" in text(removed)
    assert store.read() == Plan()
    wait_until(lambda: site.configs[-1].shifts == [], what="the site is told of it")


def test_a_shift_that_cannot_be_planned_is_shown_as_it_was_typed_with_the_reason(
    http: httpx.Client, store: PlanStore
) -> None:
    add(store, VALLON)

    typed = {**SHIFT, "name": "Dr <Mistral>", "begins": "13:00", "ends": "18:00"}
    answer = post(http, "/staff/plan/aubagne/shift", typed)

    assert answer.status_code == 422
    assert "Rien n’a été changé" in text(answer)
    assert "room-1 est déjà à Dr Vallon du 23/11 09:00 à 14:00" in text(answer)
    assert 'value="Dr &lt;Mistral&gt;"' in answer.text
    assert store.read().shifts == {VALLON}


def test_a_field_that_is_wrong_is_named(http: httpx.Client, store: PlanStore) -> None:
    wrong = {
        ("name", "4"): "« 4 » n’est pas un nom",
        ("day", "demain"): "« demain » n’est pas une date",
        ("day", "9999-12-31"): "« 9999-12-31 » n’est pas une date",
        ("begins", "9h"): "« 9h » n’est pas une heure",
        ("ends", "08:30"): "la fin n’est pas après le début",
        ("room", "room-9"): "aucune salle « room-9 »",
    }

    for (field, value), why in wrong.items():
        answer = post(http, "/staff/plan/aubagne/shift", {**SHIFT, field: value})
        assert (answer.status_code, why in text(answer)) == (422, True), field
    assert store.read() == Plan()


def test_a_shift_that_somebody_else_has_just_removed_is_said_to_be_gone(http: httpx.Client) -> None:
    lost = "?practitioner=dr-vallon&begins=1"

    for answer in (
        http.get(f"/staff/plan/aubagne/shift{lost}"),
        post(http, f"/staff/plan/aubagne/shift{lost}", SHIFT),
        post(http, f"/staff/plan/aubagne/shift/remove{lost}"),
    ):
        assert answer.status_code == 422
        assert "cette présence vient d’être changée ou retirée" in text(answer)


def test_a_day_is_closed_given_other_hours_and_made_usual_again(
    http: httpx.Client, store: PlanStore, play: Callable[..., PlayedSite]
) -> None:
    site = play()
    day = "/staff/plan/aubagne/day?day=2026-11-25"

    assert "fermé" in text(post(http, day, {"kind": "closed"}))
    wait_until(lambda: bool(site.configs) and site.configs[-1].days == {"2026-11-25": DayHours()}, what="it is told")
    assert "10:00–18:00" in text(post(http, day, {"kind": "hours", "opens": "10:00", "closes": "18:00"}))
    assert 'value="hours" checked' in http.get(day).text
    backwards = post(http, day, {"kind": "hours", "opens": "18:00", "closes": "10:00"})
    assert (backwards.status_code, "la fin n’est pas après le début" in text(backwards)) == (422, True)
    post(http, day, {"kind": "usual"})
    assert store.read() == Plan()


def test_a_file_comes_in_whole_or_not_at_all(http: httpx.Client, store: PlanStore) -> None:
    table = (
        "site,room,practitioner,name,begins,ends\n"
        "aubagne,room-1,dr-vallon,Dr Vallon,2026-11-23T09:00,2026-11-23T14:00\n"
        "aubagne,room-{room},dr-mistral,Dr Mistral,2026-11-23T14:00,2026-11-23T22:00\n"
    )

    refused = post(http, "/staff/plan/aubagne/import", files={"file": ("plan.csv", table.format(room=9))})
    assert refused.status_code == 422
    assert "Ligne 3 : aucune salle « room-9 »" in text(refused)
    assert store.read() == Plan()

    taken = post(http, "/staff/plan/aubagne/import", files={"file": ("plan.csv", table.format(room=1))})
    assert "Le fichier est importé : 2 présences." in text(taken)
    assert taken.url.params["week"] == "2026-W48"

    missing = post(http, "/staff/plan/aubagne/import", files={"file": ("", b"")})
    assert missing.status_code == 422


def test_what_is_downloaded_can_be_taken_in_again(http: httpx.Client, store: PlanStore) -> None:
    tomorrow_ms = SystemClock().wall_ms() // 60_000 * 60_000 + 86_400_000
    shift = replace(VALLON.shift, begins_ms=tomorrow_ms, ends_ms=tomorrow_ms + 3_600_000)
    later = Planned(site=VALLON.site, shift=shift)
    add(store, later)
    names = ("aubagne.csv", "aubagne.ics", "practitioner/dr-vallon.ics")
    files = {name: http.get(f"/staff/plan/{name}") for name in names}

    for name, file in files.items():
        assert file.headers["content-disposition"] == f'attachment; filename="{name.rpartition("/")[2]}"'
        store.change(lambda _plan: Plan(), now_ms=SystemClock().wall_ms())
        post(http, "/staff/plan/aubagne/import", files={"file": ("plan", file.content)})
        assert store.read().shifts == {later}


def test_a_body_that_is_too_large_is_refused_unread(http: httpx.Client) -> None:
    answer = post(http, "/staff/plan/aubagne/import", files={"file": ("plan.csv", b"x" * 5_000_000)})
    assert answer.status_code == 413


def test_a_centre_that_is_not_there_or_a_week_that_is_none(http: httpx.Client) -> None:
    assert http.get("/staff/plan/nowhere").status_code == 404
    assert http.get("/staff/plan/practitioner/nobody.ics").status_code == 404
    assert http.get("/staff/plan/aubagne/day?day=never").status_code == 404
    for week in ("2026-W99", "9999-W52", "soon"):
        assert "Semaine" in text(http.get(f"/staff/plan/aubagne?week={week}"))
    assert http.get(f"/staff/plan/aubagne/shift?practitioner=dr-vallon&begins={'9' * 5000}").status_code == 200
    assert "Centre de Aubagne" in text(http.get("/staff/plan"))


def test_doctors_who_are_not_where_the_plan_has_them_are_shown(
    http: httpx.Client, play: Callable[..., PlayedSite]
) -> None:
    assert "Le centre n’est pas connecté" in text(http.get(WEEK))
    alerts = [Alert(code="doctor-missing", detail=detail) for detail in ("Dr Vallon, room-1", "Dr Mistral")]
    state = DeviceState(boot=1, role="controller", state="alert", alerts=alerts)
    site = play()
    site.say("link", site.birth)
    site.say("snap", site.snap())

    site.say("fleet", Fleet(devices={DeviceId("aubagne-controller"): state}))

    wait_until(lambda: "Prévu et pas encore là : Dr Vallon, room-1" in text(http.get(WEEK)), what="the page says so")
    health = http.get("/healthz").json()
    assert health["devices"]["aubagne"]["aubagne-controller"]["alerts"] == {
        "doctor-missing": "Dr Vallon, room-1; Dr Mistral"
    }


def test_a_database_that_refuses_leaves_the_plan_and_says_so(
    http: httpx.Client, store: PlanStore, agent_file: Path
) -> None:
    add(store, VALLON)
    blocker = sqlite3.connect(agent_file.parent / "agent.db", isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")

    answer = post(http, "/staff/plan/aubagne/shift", {**SHIFT, "room": "room-2", "name": "Dr Mistral"})

    blocker.close()
    assert answer.status_code == 503
    assert "rien n’a été changé" in answer.text
    assert store.read().shifts == {VALLON}
