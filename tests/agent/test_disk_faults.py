"""The agent on a disk that refuses, as a process: it stays, says so, shows what it hears, and promises nothing."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from provisioning.tree import Tree
from tests.agent.conftest import AgentProcess
from tests.agent.site import Day, PlayedSite
from tests.mosquitto import wait_until
from tests.powercut.library import FaultyDisk

Play = Callable[..., PlayedSite]

ILLNESSES = [
    pytest.param(errno.ENOSPC, id="full"),
    pytest.param(errno.EROFS, id="read-only"),
]
BROKEN = pytest.param(errno.EIO, id="broken")


@pytest.fixture
def agent(agent_file: Path, central_broker: object, faulty_disk: FaultyDisk) -> Iterator[AgentProcess]:
    """Not started yet."""
    faulty_disk.under(agent_file.parent)
    process = AgentProcess(agent_file.parent)
    yield process
    process.kill()


@pytest.fixture
def http(agent: AgentProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=agent.url, timeout=5, trust_env=False) as client:
        yield client


def is_ill(http: httpx.Client) -> bool:
    answer = http.get("/healthz")
    return answer.status_code == 503 and answer.json()["store"] != "well"


def stored(tree: Tree) -> list[int]:
    """What another process finds in the database."""
    with contextlib.closing(sqlite3.connect(tree.agent / "agent.db")) as db:
        return [seq for (seq,) in db.execute("SELECT seq FROM event ORDER BY seq")]


@pytest.mark.parametrize("code", ILLNESSES)
def test_a_disk_that_refuses_from_the_start_leaves_the_pages_and_everything_is_stored_once_it_works(
    agent: AgentProcess, http: httpx.Client, play: Play, provisioned: Tree, faulty_disk: FaultyDisk, code: int
) -> None:
    site, day = play(), Day()
    mine = day.issue()
    faulty_disk.falls_ill(code)
    agent.start()
    wait_until(lambda: is_ill(http), what="the health says what is wrong")

    site.write(*day.opening, mine)
    site.say("snap", site.snap())

    wait_until(lambda: mine.number in http.get(f"/t/{mine.token}").text, what="the page shows what is heard")
    assert is_ill(http)
    assert site.acked == 0

    faulty_disk.recovers()
    wait_until(lambda: site.acked == 3, what="all is acknowledged")
    wait_until(lambda: http.get("/healthz").status_code == 200, what="the health is good")
    assert stored(provisioned) == [1, 2, 3]


@pytest.mark.parametrize("code", [*ILLNESSES, BROKEN])
def test_a_disk_that_begins_to_refuse_leaves_the_pages_and_nothing_is_acknowledged_that_it_lacks(
    agent: AgentProcess, http: httpx.Client, play: Play, provisioned: Tree, faulty_disk: FaultyDisk, code: int
) -> None:
    site, day = play(), Day()
    first, second = day.issue(), day.issue()
    agent.start()
    site.write(*day.opening, first)
    wait_until(lambda: site.acked == 3, what="the first ticket is acknowledged")
    faulty_disk.falls_ill(code)

    site.write(second)
    site.say("snap", site.snap())

    wait_until(lambda: second.number in http.get(f"/t/{second.token}").text, what="the page shows what is heard")
    wait_until(lambda: is_ill(http), what="the health says what is wrong")
    assert site.acked == 3

    faulty_disk.recovers()
    wait_until(lambda: site.acked == 4, what="all is acknowledged")
    wait_until(lambda: http.get("/healthz").status_code == 200, what="the health is good")
    assert stored(provisioned) == [1, 2, 3, 4]


def test_a_damaged_database_is_set_aside_and_its_sites_tell_everything_again(
    agent: AgentProcess, http: httpx.Client, play: Play, provisioned: Tree
) -> None:
    site, events = play(), Day().busy(patients=20)
    agent.start()
    site.write(*events)
    wait_until(lambda: site.acked == len(events), what="all is acknowledged")
    assert agent.terminate() == 0
    path = provisioned.agent / "agent.db"
    damaged = path.read_bytes()[:100] + b"x" * 20_000
    path.write_bytes(damaged)

    agent.start()

    wait_until(lambda: http.get("/healthz").json()["store_set_aside"] == "agent.db.corrupt-1", what="it is said")
    wait_until(lambda: stored(provisioned) == list(range(1, len(events) + 1)), what="everything is stored again")
    wait_until(lambda: http.get("/healthz").status_code == 200, what="the health is good")
    assert path.with_name("agent.db.corrupt-1").read_bytes() == damaged
