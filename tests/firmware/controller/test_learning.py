"""The learner as a process: on a journal that was laid for it, with its limits, and beside a real controller."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.edge.clock import ManualClock
from core.edge.device import load_device
from core.edge.journal import Journal
from core.forecast.habits import CONSULTATION, FIRST_DAY
from core.room import events as e
from core.room.commands import OpenDay
from core.room.passage import Policy
from core.wire.coding import decode, encode
from core.wire.messages import Learnt
from firmware.controller.learning import Learning
from firmware.controller.sequencer import Sequencer
from firmware.controller.settings import ControllerFile
from firmware.inbox import Inbox, Work
from provisioning.tree import Tree
from tests.firmware.controller.days import days, lay, running
from tests.mosquitto import Mosquitto, wait_until
from tests.peer import Peer
from tests.processes import children_of, is_alive

SAYS_NOTHING = [sys.executable, "-c", "import time; time.sleep(60)"]


class Desk:
    """The parts of a controller that learning has to do with."""

    def __init__(self, settings: ControllerFile, **other: object) -> None:
        self.inbox: Inbox[Work] = Inbox()
        journal = Journal(settings.data / "site.journal")
        self.sequencer = Sequencer(journal, ManualClock(), ZoneInfo("Europe/Paris"), Policy())
        self.learning = Learning(settings, self.sequencer, self.inbox, **other)  # type: ignore[arg-type]

    def open_day(self, number: int) -> None:
        self.sequencer.submit(OpenDay(day=f"2026-11-{20 + number}", began_ms=0))
        self.sequencer.commit()

    def turn(self) -> None:
        for handle, item in self.inbox.take(0):
            handle(item, 0.0)
        self.learning.learn()

    def learns(self) -> Learnt | None:
        """What is known once the learner has ended."""
        self.turn()
        wait_until(lambda: not self.learning.is_under_way, what="the learner has ended", deadline_s=30)
        self.turn()
        self.learning.file.keep(0.0)
        return self.learning.file.message

    def close(self) -> None:
        self.learning.stop()
        self.sequencer.journal.close()


Begin = Callable[..., Desk]


@pytest.fixture
def settings(provisioned: Tree) -> ControllerFile:
    file = provisioned.device("aubagne", "aubagne-controller") / "device.toml"
    settings, _ = load_device(file, ControllerFile, "controller")
    settings.data.mkdir(exist_ok=True)
    return settings


@pytest.fixture
def begin(settings: ControllerFile) -> Iterator[Begin]:
    with ExitStack() as stack:

        def begun(**other: object) -> Desk:
            desk = Desk(settings, **other)
            stack.callback(desk.close)
            return desk

        yield begun


def over(count: int, since: int = 0) -> list[e.Record[e.Event]]:
    """Days, without the opening of the next: the controller's to write."""
    return days(count)[len(days(since)) - (since > 0) : -1] if since else days(count)[:-1]


def test_a_day_that_is_over_is_learnt_from_once_the_next_has_begun(begin: Begin, settings: ControllerFile) -> None:
    epoch = lay(settings.data, over(2))
    desk = begin()
    assert desk.learns() is None

    desk.open_day(2)
    learnt = desk.learns()

    assert learnt is not None
    assert (learnt.epoch, learnt.seq, learnt.habits.upto) == (epoch, len(over(2)), "2026-11-21")
    assert desk.learning.habits == learnt.habits
    ours, first = learnt.habits.visits[CONSULTATION], FIRST_DAY.visits[CONSULTATION]
    assert ours.log_mean + learnt.habits.level.value > first.log_mean, "visits here take 25 minutes"
