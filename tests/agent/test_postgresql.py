"""The agent on PostgreSQL: the same ingest and the same store, on the other database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.store.engine import StoreFault
from agent.store.store import Changes, SiteRow, Store
from agent.stream import Entry, Stream
from core.room.ids import SiteId
from core.room.state import fold
from tests.agent.conftest import AgentProcess
from tests.agent.site import Day, PlayedSite, records
from tests.mosquitto import wait_until
from tests.postgresql import Postgresql

pytestmark = pytest.mark.heavy

_AUBAGNE = SiteId("aubagne")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgresql]:
    with Postgresql() as running:
        yield running


def _changes(upto: int, *seqs: int) -> Changes:
    stream = Stream(site=_AUBAGNE, epoch="a", upto=upto, state=fold(records(*Day().opening)))
    entries = [Entry(seq=seq, at_ms=7, kind="day-opened", body=f'{{"n":"{seq}\\t\\\\é"}}') for seq in seqs]
    return Changes(
        entries={(_AUBAGNE, "a"): entries},
        streams={(_AUBAGNE, "a"): stream},
        sites={_AUBAGNE: SiteRow(site=_AUBAGNE, epoch="a")},
    )


def test_what_is_written_is_read_back_as_it_was_sent(cluster: Postgresql) -> None:
    with Store(cluster.make("read_back")) as store:
        changes = _changes(2, 1, 2)
        store.write(changes)

        assert store.bodies(_AUBAGNE, "a", first=1, last=9) == {1: '{"n":"1\\t\\\\é"}', 2: '{"n":"2\\t\\\\é"}'}
        assert store.stream(_AUBAGNE, "a") == changes.streams[_AUBAGNE, "a"]


def test_an_entry_that_is_there_makes_the_whole_transaction_fail(cluster: Postgresql) -> None:
    with Store(cluster.make("twice")) as store:
        store.write(_changes(1, 1))

        with pytest.raises(StoreFault):
            store.write(_changes(3, 2, 1))

        before = store.stream(_AUBAGNE, "a")
        assert before is not None
        assert before.upto == 1
        assert list(store.bodies(_AUBAGNE, "a", first=1, last=9)) == [1]


def test_a_kill_in_the_middle_of_a_backlog_loses_nothing_and_doubles_nothing(
    cluster: Postgresql, agent_file: Path, central_broker: object, play: Callable[..., PlayedSite]
) -> None:
    url = cluster.make("killed")
    agent_file.write_text(agent_file.read_text().replace("sqlite:///agent.db", url))
    site = play()
    events = [event for day in range(1, 11) for event in Day(f"2026-11-{day:02d}").busy(patients=80)]
    for start in range(0, len(events), 500):
        site.write(*events[start : start + 500])
    agent = AgentProcess(agent_file.parent)
    agent.start()
    try:
        wait_until(lambda: site.acked > len(events) // 2, what="half is acknowledged", deadline_s=30)
        agent.kill()
        agent.start()
        wait_until(lambda: site.acked == len(events), what="all is acknowledged", deadline_s=30)
    finally:
        agent.kill()

    with Store(url) as store:
        stream = store.stream(_AUBAGNE, site.epoch)
        assert stream is not None
        assert (stream.upto, stream.state) == (len(events), site.state)
        assert sorted(store.bodies(_AUBAGNE, site.epoch, first=1, last=10 * len(events))) == list(
            range(1, len(events) + 1)
        )
