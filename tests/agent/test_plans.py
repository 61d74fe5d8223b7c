"""The plan in the database: changed whole or not at all, and told by a number that grows."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from agent.roster.changes import imported, replaced, with_day
from agent.roster.plan import Plan, PlanError, Planned
from agent.store import schema
from agent.store.engine import StoreFault
from agent.store.plans import PlanStore
from agent.store.store import Store
from core.room.ids import SiteId
from core.room.opening import Hours
from tests.agent.roster.given import AUBAGNE, CENTRES, NOW_MS, TRETS, at, entry, planned
from tests.postgresql import Postgresql

VALLON = planned("vallon", "2026-11-23 09:00", "14:00")
MISTRAL = planned("mistral", "2026-11-23 14:00", "22:00")
AWAY = planned("mistral", "2026-11-24 09:00", "22:00", site=TRETS)
SUNDAY = {AUBAGNE: date(2026, 11, 22), TRETS: date(2026, 11, 22)}
MONDAY = dict.fromkeys(SUNDAY, date(2026, 11, 23))
NOW_S = NOW_MS // 1000


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgresql]:
    with Postgresql() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.heavy)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'agent.db'}"
    cluster: Postgresql = request.getfixturevalue("cluster")
    return cluster.make(f"plans_{abs(hash(request.node.name)) % 10**8}")


@pytest.fixture
def store(url: str) -> Iterator[PlanStore]:
    opened = PlanStore(url)
    yield opened
    opened.close()


def add(store: PlanStore, *shifts: Planned, now_ms: int = NOW_MS) -> Plan:
    return store.change(lambda plan: replaced(plan, [], [entry(one) for one in shifts], CENTRES), now_ms=now_ms)


def revs(store: PlanStore, days: Mapping[SiteId, date] = SUNDAY, *, now_ms: int = NOW_MS) -> dict[SiteId, int]:
    return store.revs(days, now_ms=now_ms)


def test_what_was_planned_is_read_back_by_whoever_comes_next(store: PlanStore, url: str) -> None:
    add(store, VALLON, AWAY)
    hours = Hours(opens_min=540, closes_min=1440)
    after = store.change(lambda plan: with_day(plan, AUBAGNE, date(2026, 12, 24), hours), now_ms=NOW_MS)
    after = store.change(lambda plan: with_day(plan, AUBAGNE, date(2026, 12, 25), None), now_ms=NOW_MS)

    with closing(PlanStore(url)) as other:
        assert other.read() == after
    assert after.shifts == {VALLON, AWAY}
    assert after.days_at(AUBAGNE) == {"2026-12-24": hours, "2026-12-25": None}


def test_a_change_that_is_refused_leaves_everything_as_it_was(store: PlanStore) -> None:
    before, told = add(store, VALLON), revs(store)

    with pytest.raises(PlanError):
        add(store, MISTRAL, planned("mistral", "2026-11-23 15:00", "16:00", room="room-2"))

    assert (store.read(), revs(store)) == (before, told)


def test_a_shift_moves_to_another_room_and_a_name_is_corrected(store: PlanStore) -> None:
    add(store, VALLON)
    moved = planned("vallon", "2026-11-23 09:00", "15:00", room="room-2")

    store.change(lambda plan: imported(plan, [entry(moved, "Dr Vallon-Roux")], CENTRES), now_ms=NOW_MS)

    assert store.read() == Plan(names={moved.shift.practitioner: "Dr Vallon-Roux"}, shifts=frozenset({moved}))


def test_only_the_sites_that_a_change_concerns_are_told_of_it(store: PlanStore) -> None:
    add(store, VALLON, AWAY)
    before = revs(store)

    add(store, MISTRAL)
    after = revs(store)

    assert after[AUBAGNE] > before[AUBAGNE]
    assert after[TRETS] == before[TRETS]


def test_a_site_of_which_nothing_was_ever_planned_is_told_nothing(store: PlanStore) -> None:
    add(store, VALLON)

    assert revs(store).keys() == {AUBAGNE}


def test_a_new_day_is_told_once(store: PlanStore) -> None:
    add(store, VALLON)
    sunday, monday = revs(store), revs(store, MONDAY)

    assert monday[AUBAGNE] > sunday[AUBAGNE]
    assert revs(store, MONDAY) == monday


def test_a_database_that_begins_anew_still_says_more_than_the_one_before(store: PlanStore) -> None:
    for minute in range(20):
        add(store, planned("vallon", f"2026-11-23 09:{minute:02}", f"09:{minute + 1:02}"))

    assert NOW_S <= revs(store)[AUBAGNE] < NOW_S + 60


def test_what_ended_a_season_ago_is_forgotten_with_the_next_change(store: PlanStore) -> None:
    add(store, planned("garrigue", "2026-06-01 09:00", "22:00"), now_ms=at("2026-06-01 08:00"))

    add(store, VALLON)

    assert store.read().shifts == {VALLON}
    assert list(store.read().names.values()) == ["Dr Vallon"]


def test_two_who_change_at_once_do_not_plan_one_room_twice(store: PlanStore, url: str) -> None:
    """The page and the command line: each decides on what the other has stored."""
    store.read()
    refused: list[PlanError] = []
    begin = threading.Barrier(2)

    def plan_it(shift: Planned) -> None:
        begin.wait(5)
        with closing(PlanStore(url)) as mine:
            try:
                add(mine, shift)
            except PlanError as error:
                refused.append(error)

    rivals = [planned(who, "2026-11-23 09:00", "22:00") for who in ("vallon", "mistral")]
    threads = [threading.Thread(target=plan_it, args=[one]) for one in rivals]
    for one in threads:
        one.start()
    for one in threads:
        one.join(10)

    assert len(refused) == 1
    assert len(store.read().shifts) == 1


def test_a_database_of_the_release_before_keeps_what_it_has(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'agent.db'}"
    engine = create_engine(url)
    with engine.connect() as connection:
        config = Config(config_args={"script_location": str(Path(schema.__file__).parent / "migrations")})
        config.attributes["connection"] = connection
        command.upgrade(config, "v1")
        connection.exec_driver_sql("INSERT INTO site VALUES ('aubagne', 'a', 7, NULL)")
        connection.commit()
    engine.dispose()

    assert PlanStore(url).read() == Plan()
    with Store(url) as opened:
        assert [row.as_of_ms for row, _stream in opened.load()] == [7]


def test_a_database_that_refuses_is_a_fault_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "agent.db").write_bytes(b"not a database, but long enough to be looked at" * 100)

    with pytest.raises(StoreFault):
        PlanStore(f"sqlite:///{tmp_path / 'agent.db'}").read()
