"""Scores in the database: written with the events, whatever the line and the process do, and read by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from agent.scores import DayScore, Tally
from agent.settings import load_agent
from agent.store.scores import ScoreStore
from agent.store.store import Changes, Store
from core.room.ids import SiteId
from core.wire.coding import encode_record, wrap_log
from tests.agent.conftest import AgentProcess, RunningIngest
from tests.agent.site import PlayedSite
from tests.agent.told import told_day, told_days, truth
from tests.mosquitto import Mosquitto, wait_until
from tests.postgresql import Postgresql

_AUBAGNE, _TRETS = SiteId("aubagne"), SiteId("trets")
_SUNDAY, _MONDAY = date(2026, 11, 22), date(2026, 11, 23)
_SCORE = DayScore(
    first=Tally(told=3, error_s=4_000_000_000, covered=2, under=1, late=1, kept=1, uncalled=4), later=Tally(told=9)
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgresql]:
    with Postgresql() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.heavy)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'agent.db'}"
    cluster: Postgresql = request.getfixturevalue("cluster")
    return cluster.make(f"scores_{abs(hash(request.node.name)) % 10**8}")


@pytest.fixture
def scores(agent_file: Path) -> Iterator[ScoreStore]:
    opened = ScoreStore(load_agent(agent_file).store.url)
    yield opened
    opened.close()


def _days(store: ScoreStore) -> dict[date, DayScore]:
    return dict(store.days(date(2026, 1, 1), date(2027, 1, 1)).get(_AUBAGNE, {}))


def test_a_day_is_replaced_and_days_of_two_journals_add_up(url: str) -> None:
    store = ScoreStore(url)
    with Store(url) as writer:
        writer.write(Changes(scores={(_AUBAGNE, "a", "2026-11-22"): DayScore(first=Tally(told=1))}))
        writer.write(
            Changes(
                scores={
                    (_AUBAGNE, "a", "2026-11-22"): _SCORE,
                    (_AUBAGNE, "b", "2026-11-22"): DayScore(first=Tally(told=5)),
                    (_AUBAGNE, "b", "2026-11-23"): _SCORE,
                    (_TRETS, "c", "2026-11-23"): _SCORE,
                    (_TRETS, "c", "2026-11-24"): DayScore(),
                }
            )
        )

    both = _SCORE + DayScore(first=Tally(told=5))
    assert store.days(_SUNDAY, _MONDAY) == {
        _AUBAGNE: {_SUNDAY: both, _MONDAY: _SCORE},
        _TRETS: {_MONDAY: _SCORE},
    }
    assert store.days(_SUNDAY, _SUNDAY, site=_AUBAGNE) == {_AUBAGNE: {_SUNDAY: both}}
    store.close()


def test_promises_are_scored_as_they_are_called_and_a_batch_that_comes_again_counts_nothing(
    open_ingest: Callable[[], RunningIngest], play: Callable[..., PlayedSite], scores: ScoreStore
) -> None:
    open_ingest()
    site, evening = play(), told_day("2026-11-22", patients=60)
    site.write_records(evening)
    wait_until(lambda: site.acked == len(evening), what="all is acknowledged")
    assert _days(scores) == truth(evening)

    site.say("log", wrap_log(site.epoch, 1, [encode_record(record) for record in evening]))

    wait_until(lambda: [ack.upto for ack in site.acks[-2:]] == [len(evening)] * 2, what="it is acknowledged again")
    assert _days(scores) == truth(evening)
    assert truth(evening)[_SUNDAY].first.told == 60


def test_a_backlog_is_scored_by_the_times_of_its_records_across_starts_of_the_agent(
    open_ingest: Callable[[], RunningIngest], play: Callable[..., PlayedSite], scores: ScoreStore
) -> None:
    site, days = play(), list(told_days(_SUNDAY, count=3, patients=30))
    backlog = [record for day in days for record in day]
    cut = len(backlog) // 2 + 3
    site.write_records(backlog[:cut])
    first = open_ingest()
    wait_until(lambda: site.acked == cut, what="the first half is acknowledged")
    first.close()
    site.write_records(backlog[cut:])

    open_ingest()

    wait_until(lambda: site.acked == len(backlog), what="all is acknowledged")
    assert _days(scores) == truth(backlog)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.heavy)])
def test_a_kill_in_the_middle_of_a_backlog_scores_nothing_twice(
    database: str,
    agent_file: Path,
    central_broker: Mosquitto,
    play: Callable[..., PlayedSite],
    request: pytest.FixtureRequest,
) -> None:
    if database == "postgresql":
        cluster: Postgresql = request.getfixturevalue("cluster")
        agent_file.write_text(agent_file.read_text().replace("sqlite:///agent.db", cluster.make("scores_killed")))
    site = play()
    backlog = [record for day in told_days(_SUNDAY, count=12, patients=80) for record in day]
    for start in range(0, len(backlog), 500):
        site.write_records(backlog[start : start + 500])
    agent = AgentProcess(agent_file.parent)
    agent.start()
    try:
        wait_until(lambda: site.acked > len(backlog) // 3, what="a third is acknowledged", deadline_s=30)
        agent.kill()
        agent.start()
        wait_until(lambda: site.acked == len(backlog), what="all is acknowledged", deadline_s=30)
    finally:
        agent.kill()

    store = ScoreStore(load_agent(agent_file).store.url)
    assert _days(store) == truth(backlog)
    store.close()


def test_after_a_hole_nothing_is_scored_that_was_told_before_it(
    open_ingest: Callable[[], RunningIngest], play: Callable[..., PlayedSite], scores: ScoreStore
) -> None:
    open_ingest()
    site, days = play(), list(told_days(_SUNDAY, count=2, patients=5))
    bodies = [encode_record(record) for day in days for record in day]
    lost = len(days[0]) - 2

    site.say("log", wrap_log(site.epoch, lost, bodies[lost - 1 :], oldest=lost))

    wait_until(lambda: bool(site.acks) and site.acks[-1].upto == len(bodies), what="it is acknowledged")
    assert _days(scores) == truth(days[1])
