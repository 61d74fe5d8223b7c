"""The learner as a process: on a journal that was laid for it, with its limits, and beside a real controller."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from zoneinfo import ZoneInfo

import pytest

from core.edge.clock import ManualClock
from core.edge.journal import Journal
from core.forecast.habits import CONSULTATION, FIRST_DAY
from core.room import events as e
from core.room.commands import OpenDay
from core.room.ids import TicketId
from core.room.passage import Policy
from core.wire.coding import decode, encode
from core.wire.messages import Learnt
from firmware.controller.learning import Learning
from firmware.controller.sequencer import Sequencer
from firmware.controller.settings import ControllerFile
from firmware.inbox import Inbox, Work
from provisioning.tree import Tree
from tests.firmware.controller.days import DAY_MS, FOUR_MS, day, lay, running
from tests.mosquitto import Mosquitto, wait_until
from tests.peer import Peer
from tests.processes import children_of

SAYS_NOTHING = [sys.executable, "-c", "import time; time.sleep(60)"]


class Desk:
    """The parts of a controller that learning has to do with."""

    def __init__(self, settings: ControllerFile, **other: object) -> None:
        self.inbox: Inbox[Work] = Inbox()
        journal = Journal(settings.data / "site.journal")
        self.sequencer = Sequencer(journal, ManualClock(), ZoneInfo("Europe/Paris"), Policy())
        self.learning = Learning(settings, self.sequencer, self.inbox, **other)  # type: ignore[arg-type]

    def open_day(self, number: int) -> None:
        self.sequencer.submit(OpenDay(day=f"2026-11-{20 + number}", began_ms=FOUR_MS + number * DAY_MS))
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


def two_days() -> list[e.Record[e.Event]]:
    """Without the opening of the third, which is the controller's to write."""
    return [*day(0), *day(1)]


Begin = Callable[..., Desk]


@pytest.fixture
def begin(settings: ControllerFile) -> Iterator[Begin]:
    with ExitStack() as stack:

        def begun(**other: object) -> Desk:
            desk = Desk(settings, **other)
            stack.callback(desk.close)
            return desk

        yield begun


def test_a_day_that_is_over_is_learnt_from_once_the_next_has_begun(begin: Begin, settings: ControllerFile) -> None:
    epoch = lay(settings.data, two_days())
    desk = begin()
    assert desk.learns() is None

    desk.open_day(2)
    learnt = desk.learns()

    assert learnt is not None
    assert (learnt.epoch, learnt.seq, learnt.habits.upto) == (epoch, len(two_days()), "2026-11-21")
    assert desk.learning.habits == learnt.habits
    ours, first = learnt.habits.visits[CONSULTATION], FIRST_DAY.visits[CONSULTATION]
    assert ours.log_mean + learnt.habits.level.value > first.log_mean, "visits here take 25 minutes"


def test_it_goes_on_from_what_was_learnt_before_as_if_it_had_been_one_learner(
    begin: Begin, settings: ControllerFile
) -> None:
    lay(settings.data, day(0))
    desk = begin()
    desk.open_day(1)
    desk.learns()
    desk.close()
    lay(settings.data, day(1)[1:])

    desk = begin()
    desk.open_day(2)
    by_two = desk.learns()
    (settings.data / "habits.json").unlink()
    by_one = begin().learns()

    assert by_two == by_one
    assert by_two is not None
    assert by_two.habits.upto == "2026-11-21"


def test_a_day_that_cannot_be_understood_teaches_nothing_and_is_left_behind(
    begin: Begin, settings: ControllerFile
) -> None:
    opened, *rest = day(1)
    # Understood only by who knows the day before.
    strange: e.Record[e.Event] = e.Record(
        at_ms=opened.at_ms, event=e.DayOpened(day="2026-11-21", carried=(TicketId("ticket-1"),))
    )
    lay(settings.data, [*day(0), strange, *rest, *day(2)])
    desk = begin()
    desk.open_day(3)

    learnt = desk.learns()

    assert learnt is not None
    assert learnt.habits.upto == "2026-11-22"


def test_after_a_restart_a_day_behind_is_learnt_from_and_where_there_is_none_no_learner_is_started(
    begin: Begin, settings: ControllerFile
) -> None:
    lay(settings.data, two_days())
    desk = begin(command=["/nowhere/learner"])
    desk.open_day(2)
    assert desk.learns() is None
    desk.close()

    assert begin().learns() is not None

    again = begin(command=SAYS_NOTHING)
    again.turn()
    assert not again.learning.is_under_way


def test_habits_of_another_journal_are_gone_on_from_and_its_days_are_not_missed(
    begin: Begin, settings: ControllerFile
) -> None:
    other = Learnt(epoch="other", seq=999, habits=FIRST_DAY)
    (settings.data / "habits.json").write_bytes(encode(other))
    epoch = lay(settings.data, two_days())
    desk = begin()
    desk.open_day(2)

    learnt = desk.learns()

    assert learnt is not None
    assert (learnt.epoch, learnt.habits.upto) == (epoch, "2026-11-21")


@pytest.mark.parametrize("content", [b"", b"{", b'{"epoch": "e1", "seq": 0, "habits": {}}'])
def test_damaged_habits_are_set_aside_and_learnt_anew(begin: Begin, settings: ControllerFile, content: bytes) -> None:
    (settings.data / "habits.json").write_bytes(content)
    lay(settings.data, two_days())
    desk = begin()

    assert desk.learning.habits == FIRST_DAY
    assert desk.learning.file.aside is not None
    assert desk.learning.file.aside.read_bytes() == content
    desk.open_day(2)
    learnt = desk.learns()
    assert learnt is not None
    assert decode(Learnt, (settings.data / "habits.json").read_bytes()) == learnt


@pytest.mark.parametrize(
    "script",
    ["raise SystemExit(1)", "import os; os.close(1); import time; time.sleep(60)", "while True: print('x' * 99_999)"],
    ids=["fails", "hangs", "says-too-much"],
)
def test_a_learner_that_fails_is_given_up_and_another_one_is_begun_with_the_next_day(
    begin: Begin, settings: ControllerFile, script: str
) -> None:
    lay(settings.data, two_days())
    desk = begin(command=[sys.executable, "-c", script], limit_s=1.0)
    desk.open_day(2)
    assert desk.learns() is None
    desk.turn()
    assert not desk.learning.is_under_way

    desk.open_day(3)
    desk.turn()
    assert desk.learning.is_under_way


def test_what_a_learner_has_said_before_it_is_given_up_is_known(begin: Begin, settings: ControllerFile) -> None:
    lay(settings.data, two_days())
    said = Learnt(epoch="e1", seq=7, habits=FIRST_DAY)
    script = (
        f"print({encode(said).decode()!r}, flush=True); print('{{', end='', flush=True); import time; time.sleep(60)"
    )
    desk = begin(command=[sys.executable, "-c", script], limit_s=1.0)
    desk.open_day(2)

    assert desk.learns() == said


def test_there_is_one_learner_at_a_time(begin: Begin, settings: ControllerFile) -> None:
    lay(settings.data, two_days())
    desk = begin(command=SAYS_NOTHING)
    desk.open_day(2)
    desk.turn()
    wait_until(lambda: len(children_of(os.getpid())) == 1, what="there is a learner")
    desk.open_day(3)
    desk.turn()

    assert len(children_of(os.getpid())) == 1
    desk.learning.stop()
    assert not desk.learning.is_under_way
    assert children_of(os.getpid()) == []


def test_a_centre_that_wants_no_forecasts_learns_nothing(begin: Begin, settings: ControllerFile) -> None:
    lay(settings.data, two_days())
    desk = Desk(settings.model_copy(update={"forecasts": False}), command=SAYS_NOTHING)
    desk.open_day(2)

    desk.turn()

    assert not desk.learning.is_under_way
    desk.close()


def test_what_past_days_have_taught_is_kept_and_told_to_the_network(
    provisioned: Tree, site_broker: Mosquitto, central_broker: Mosquitto
) -> None:
    habits = "fq/1/aubagne/up/habits"
    with (
        Peer(provisioned.agent, central_broker.port, "agent", ["fq/1/+/up/#"], stem="agent") as agent,
        running(provisioned, site_broker, day(0)) as centre,
    ):
        wait_until(lambda: agent.on(habits) != [], what="the network hears the habits", deadline_s=30)
        told = Learnt.model_validate(agent.last(habits))
        kept = centre.folder / "data" / "habits.json"
        wait_until(kept.exists, what="they are on the disk")

        assert told.habits.upto == "2026-11-20"
        assert Learnt.model_validate_json(kept.read_bytes()) == told
