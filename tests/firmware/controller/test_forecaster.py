"""The forecaster as a process: asked by hand, and beside a real controller."""

from __future__ import annotations

import os
import queue
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from borne.demo.watch import Watch
from core.forecast.habits import FIRST_DAY, Habits
from core.forecast.live import moment_of
from core.room import events as e
from core.room.ids import ServiceId
from core.room.outlook import Outlook
from core.room.passage import Policy
from core.room.state import SiteState, fold
from firmware.controller.companion import Companion
from firmware.controller.lines import Question, read, write
from provisioning.tree import Tree
from tests.firmware.controller.days import FOUR_MS, MINUTE_MS, day, running
from tests.firmware.controller.test_controller import Centre
from tests.mosquitto import Mosquitto, wait_until
from tests.processes import children_of, is_alive, nice_of


def at_noon() -> tuple[SiteState, int]:
    """A state in which many wait, and its instant."""
    records = [one for one in day(0) if one.at_ms <= FOUR_MS + 8 * 60 * MINUTE_MS]
    return fold(records), records[-1].at_ms


class Process:
    """The real process, and its answers."""

    def __init__(self) -> None:
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        command = [sys.executable, "-m", "firmware.controller.forecaster"]
        self.companion = Companion("forecaster", command, on_answer=self._answers.put)

    def ask(self, habits: Habits = FIRST_DAY) -> Outlook:
        state, now_ms = at_noon()
        self.companion.ask(write(Question(moment=moment_of(state, Policy(), now_ms), habits=habits)))
        return read(Outlook, self._answers.get(timeout=20))


@pytest.fixture
def forecaster() -> Iterator[Process]:
    process = Process()
    process.companion.start()
    yield process
    process.companion.stop()


def test_everybody_who_waits_is_foretold_a_wait_and_so_is_who_would_come(forecaster: Process) -> None:
    state, now_ms = at_noon()
    waiting = {ticket.id for ticket in state.tickets.values() if ticket.state == "waiting"}

    outlook = forecaster.ask()

    assert outlook.at_ms == now_ms
    assert outlook.tickets.keys() == waiting
    assert outlook.newcomers.keys() == {"consultation"}
    longest = max(wait.p50_s for wait in outlook.tickets.values())
    assert outlook.newcomers[ServiceId("consultation")].p50_s >= longest


def test_it_foretells_the_same_twice_and_something_else_by_other_habits(forecaster: Process) -> None:
    slower = replace(FIRST_DAY, level=replace(FIRST_DAY.level, value=0.5))

    assert forecaster.ask() == forecaster.ask()

    before, after = forecaster.ask(), forecaster.ask(slower)
    assert after.newcomers[ServiceId("consultation")].p50_s > before.newcomers[ServiceId("consultation")].p50_s


def forecaster_of(centre: Centre) -> int:
    assert centre.process
    pid = centre.process.pid
    wait_until(lambda: len(children_of(pid)) == 1, what="there is a forecaster")
    return children_of(pid)[0]


def tellings(centre: Centre) -> int:
    """How many tickets have been told a wait."""
    with closing(Watch(centre.folder / "data" / "site.journal")) as site:
        site.look()
        return len(
            {ticket for one in site.records if isinstance(one.event, e.WaitsTold) for ticket in one.event.tickets}
        )


@pytest.fixture
def centre(provisioned: Tree, site_broker: Mosquitto) -> Iterator[Centre]:
    with running(provisioned, site_broker, []) as centre:
        yield centre


def test_who_takes_a_ticket_is_told_a_wait_by_a_process_that_gives_way_to_its_controller(centre: Centre) -> None:
    assert centre.process
    centre.issue(1)
    centre.issue(2)

    wait_until(lambda: tellings(centre) == 2, what="both have been told", deadline_s=20)

    forecaster = forecaster_of(centre)
    assert nice_of(forecaster) == min(19, nice_of(centre.process.pid) + 10)
    theirs, ours = (Path(f"/proc/{pid}/maps").read_text() for pid in (forecaster, centre.process.pid))
    assert ("numpy" in theirs, "pydantic" in theirs) == (True, False), "each takes 14 MB"
    assert ("numpy" in ours, "pydantic" in ours) == (False, True)


def test_a_forecaster_that_is_killed_is_replaced_and_nobody_waits_for_it(centre: Centre) -> None:
    centre.issue(1)
    wait_until(lambda: tellings(centre) == 1, what="one has been told", deadline_s=20)
    killed = forecaster_of(centre)

    os.kill(killed, signal.SIGKILL)
    centre.issue(2)

    wait_until(lambda: tellings(centre) == 2, what="the other one has been told", deadline_s=20)
    assert forecaster_of(centre) != killed


def test_beside_a_forecaster_that_hangs_the_centre_works_on(centre: Centre) -> None:
    centre.issue(1)
    wait_until(lambda: tellings(centre) == 1, what="one has been told", deadline_s=20)
    os.kill(forecaster_of(centre), signal.SIGSTOP)

    for n in range(2, 12):
        centre.issue(n)
        centre.wait_for(lambda screen, n=n: len(screen["waiting"]) == n, f"{n} wait")
    answer = centre.ask({"kind": "press", "room": "room-1"})

    assert answer["number"] == "A001"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("is_stopped", [False, True], ids=["running", "stopped"])
def test_it_ends_with_its_controller(centre: Centre, number: signal.Signals, is_stopped: bool) -> None:
    assert centre.process
    centre.issue(1)
    wait_until(lambda: tellings(centre) == 1, what="one has been told", deadline_s=20)
    forecaster = forecaster_of(centre)
    if is_stopped:
        os.kill(forecaster, signal.SIGSTOP)

    centre.process.send_signal(number)
    centre.process.wait(10)

    wait_until(lambda: not is_alive(forecaster), what="the forecaster has ended")
