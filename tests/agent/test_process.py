"""The agent as a process: killed, restarted, watched by phones."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from core.edge.config import ConfigError
from core.room import events as e
from core.room.ids import RoomId
from tests.agent.conftest import AgentProcess
from tests.agent.site import Day, PlayedSite, visit
from tests.mosquitto import wait_until

Play = Callable[..., PlayedSite]


def _events(stream: httpx.Response) -> Iterator[tuple[str, str]]:
    """Id and data of each event."""
    version, data = "", []
    for line in stream.iter_lines():
        if line.startswith("id: "):
            version = line[4:]
        elif line.startswith("data: "):
            data.append(line[6:])
        elif not line and data:
            yield version, "\n".join(data)
            data = []


def _next_with(events: Iterator[tuple[str, str]], words: str) -> tuple[str, str]:
    return next(event for event in events if words in event[1])


def test_a_kill_in_the_middle_of_a_backlog_loses_nothing_and_doubles_nothing(
    agent: AgentProcess, agent_file: Path, play: Play
) -> None:
    site = play()
    events = [event for day in range(1, 21) for event in Day(f"2026-11-{day:02d}").busy(patients=80)]
    for start in range(0, len(events), 500):
        site.write(*events[start : start + 500])
    for part in (0.2, 0.5, 0.8):
        wait_until(lambda part=part: site.acked > part * len(events), what="a part is acknowledged")  # type: ignore[misc]
        agent.kill()
        agent.start()

    wait_until(lambda: site.acked == len(events), what="all is acknowledged", deadline_s=30)

    agent.kill()
    with sqlite3.connect(agent_file.parent / "agent.db") as db:
        rows = db.execute("SELECT seq, kind FROM event ORDER BY seq").fetchall()
        upto = db.execute("SELECT upto FROM stream").fetchall()
    db.close()
    assert rows == [(seq, event.kind) for seq, event in enumerate(events, 1)]
    assert upto == [(len(events),)]


def test_a_phone_sees_the_call_at_once(agent: AgentProcess, http: httpx.Client, play: Play) -> None:
    site, day = play(), Day()
    first, mine = day.issue(), day.issue()
    site.write(*day.opening, first, mine)
    wait_until(lambda: site.acked == 4, what="the tickets are acknowledged")

    with http.stream("GET", f"/t/{mine.token}/live?lang=fr") as stream:
        events = _events(stream)
        version, page = next(events)
        assert "1 personne avant vous" in page
        site.write(*visit(first.ticket))
        _next_with(events, "Vous êtes le prochain")
        site.write(e.TicketCalled(ticket=mine.ticket, room=RoomId("room-2")))
        later, page = _next_with(events, "C’est à vous")

    assert "Salle 2" in page
    assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert stream.headers["x-accel-buffering"] == "no"
    assert version == f"{site.epoch}-4"
    assert later == f"{site.epoch}-8"


def test_a_page_opened_before_its_ticket_arrives_follows_later(
    agent: AgentProcess, http: httpx.Client, play: Play
) -> None:
    site, day = play(), Day()
    mine = day.issue()

    with http.stream("GET", f"/t/{mine.token}/live?lang=en") as stream:
        events = _events(stream)
        assert "Your slip is valid at the centre" in next(events)[1]
        site.write(*day.opening, mine)
        assert "You are next" in _next_with(events, mine.number)[1]


def test_the_network_and_the_centre_are_watched_too(agent: AgentProcess, http: httpx.Client, play: Play) -> None:
    site, day = play(), Day()
    site.write(*day.opening)
    wait_until(lambda: site.acked == 2, what="the day is acknowledged")

    with http.stream("GET", "/live?lang=fr") as network, http.stream("GET", "/c/aubagne/live?lang=fr") as centre:
        network_events, centre_events = _events(network), _events(centre)
        assert "Personne n’attend" in next(network_events)[1]
        assert "Personne n’attend" in next(centre_events)[1]
        site.write(day.issue(), day.issue())
        _next_with(centre_events, "2 personnes attendent")
        _next_with(network_events, "2 personnes attendent")


def test_a_page_turns_stale_when_its_centre_is_lost(agent: AgentProcess, http: httpx.Client, play: Play) -> None:
    site, day = play(), Day()
    site.write(*day.opening, day.issue())
    wait_until(lambda: site.acked == 3, what="the ticket is acknowledged")

    with http.stream("GET", "/c/aubagne/live?lang=fr") as stream:
        events = _events(stream)
        assert "Situation à" in next(events)[1]
        site.say("link", site.will)
        _next_with(events, "Sans nouvelles du centre depuis")


def test_one_live_page_too_many_is_told_to_poll(agent_file: Path, central_broker: object) -> None:
    agent_file.write_text(agent_file.read_text().replace("[web]", "[web]\nmax_live = 2"))
    agent = AgentProcess(agent_file.parent)
    agent.start()
    try:
        with httpx.Client(base_url=agent.url, timeout=5, trust_env=False) as http:
            with http.stream("GET", "/live") as one, http.stream("GET", "/c/aubagne/live") as two:
                assert (one.status_code, two.status_code) == (200, 200)
                third = http.get("/live")
                assert third.status_code == 503
                assert third.headers["retry-after"] == "20"
                assert http.get("/").status_code == 200, "pages themselves are served"
            wait_until(lambda: http.get("/healthz").json()["live_pages"] == 0, what="those who left are forgotten")
    finally:
        agent.kill()


def test_an_oversized_request_is_refused(agent: AgentProcess, http: httpx.Client) -> None:
    assert http.get("/", headers={"x-noise": "n" * 20_000}).status_code == 431
    assert http.get("/", headers={"x-noise": "n" * 400_000}).status_code == 400, "refused before it is read whole"
    assert http.post("/", content=b"x" * 100_000).status_code == 413
    assert http.get("/healthz").status_code == 200


def test_the_agent_ends_when_asked_even_with_phones_watching(agent: AgentProcess, http: httpx.Client) -> None:
    with http.stream("GET", "/live") as stream:
        next(_events(stream))
        assert agent.terminate() == 0
    assert "Traceback" not in agent.log


def test_an_agent_that_is_back_shows_what_it_knew_before_it_hears_anything(
    agent: AgentProcess, http: httpx.Client, play: Play, central_broker: object
) -> None:
    site, day = play(), Day()
    mine = day.issue()
    site.write(*day.opening, mine)
    wait_until(lambda: site.acked == 3, what="the ticket is acknowledged")
    agent.kill()
    central_broker.kill()  # type: ignore[attr-defined]

    agent.start()

    page = http.get(f"/t/{mine.token}?lang=fr").text
    assert "A001" in page
    assert "Sans nouvelles du centre depuis" in page


def test_no_token_is_ever_written_to_the_log(agent: AgentProcess, http: httpx.Client, play: Play) -> None:
    site, day = play(), Day()
    mine = day.issue()
    site.write(*day.opening, mine)
    wait_until(lambda: site.acked == 3, what="the ticket is acknowledged")
    http.get(f"/t/{mine.token}")
    http.get(f"/t/{mine.token}/nothing")

    assert mine.token not in agent.log


def test_a_wrong_file_is_refused_with_what_to_correct(agent_file: Path) -> None:
    from agent.app import run

    agent_file.write_text(agent_file.read_text().replace("public_url", "publik_url"))
    with pytest.raises(ConfigError, match="did you mean 'public_url'"):
        run(agent_file)


def test_a_database_of_no_known_kind_is_refused_with_what_to_correct(agent_file: Path) -> None:
    from agent.app import run

    agent_file.write_text(agent_file.read_text().replace("sqlite:///agent.db", "mysql://there/is/none"))
    with pytest.raises(ConfigError, match="no such kind of database; give sqlite:///FILE"):
        run(agent_file)
