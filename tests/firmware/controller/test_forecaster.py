"""The forecaster as a process: on a journal that was laid for it, and beside a real controller."""

from __future__ import annotations

import os
import queue
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from borne.demo.watch import Watch
from core.edge.journal import Journal
from core.forecast.habits import FIRST_DAY
from core.forecast.live import moment_of
from core.room import events as e
from core.room.ids import DeviceId, DiskId, Number, PractitionerId, RoomId, ServiceId, TicketId, Token
from core.room.passage import Policy
from core.room.state import SiteState, fold
from core.wire.coding import encode, encode_record
from core.wire.messages import Learnt
from firmware.controller.companion import Companion
from firmware.controller.lines import QUESTION, REPLY, Question, Reply
from provisioning.tree import Tree
from tests.firmware.controller.test_controller import DISK, Centre
from tests.firmware.controller.test_rebuild import set_key
from tests.mosquitto import Mosquitto, wait_until
from tests.peer import Peer
from tests.processes import children_of, is_alive, nice_of

ROOM, DOCTOR = RoomId("room-1"), PractitionerId("dr-vallon")
FOUR_MS = 1_795_143_600_000
"""20 November 2026, 4:00 in Paris: a day begins."""
_MINUTE_MS, _DAY_MS = 60_000, 86_400_000
_VISIT_MIN = 25


def days(count: int, *, patients: int = 12) -> list[e.Record[e.Event]]:
    """Days of a centre whose one doctor sees everybody for 25 minutes from 9:00 on, and the opening of the next day."""
    return [record for number in range(count) for record in _day(number, patients)] + _opening(count)


def _opening(number: int) -> list[e.Record[e.Event]]:
    opened = e.DayOpened(day=f"2026-11-{20 + number}")
    return [e.Record(at_ms=FOUR_MS + number * _DAY_MS, event=opened)]


def _day(number: int, patients: int) -> list[e.Record[e.Event]]:
    nine_ms = FOUR_MS + number * _DAY_MS + 5 * 60 * _MINUTE_MS
    happened: list[tuple[float, e.Event]] = [(0, e.DutyBegan(room=ROOM, practitioner=DOCTOR))]
    for place in range(patients):
        ticket = _issued(number * patients + place + 1, place, nine_ms)
        called = 1 + place * _VISIT_MIN
        happened += [
            (0.5, ticket),
            (called, e.TicketCalled(ticket=ticket.ticket, room=ROOM, practitioner=DOCTOR)),
            (called + 1, e.ServiceStarted(ticket=ticket.ticket)),
            (called + _VISIT_MIN - 0.5, e.TicketCompleted(ticket=ticket.ticket)),
        ]
    happened.append((12 * 60, e.DutyEnded(room=ROOM, reason="said")))
    by_time = sorted(happened, key=lambda one: one[0])
    return _opening(number) + [e.Record(at_ms=nine_ms + round(at * _MINUTE_MS), event=event) for at, event in by_time]


def _issued(disk_seq: int, place: int, at_ms: int) -> e.TicketIssued:
    return e.TicketIssued(
        ticket=TicketId(f"ticket-{disk_seq}"),
        number=Number(f"A{place + 1:03d}"),
        token=Token(f"{disk_seq:016d}"),
        service=ServiceId("consultation"),
        language="fr",
        kiosk=DeviceId("aubagne-kiosk-1"),
        disk=DiskId(DISK),
        disk_seq=disk_seq,
        ordered_at_ms=at_ms,
        priority=e.Priority.ORDINARY,
        key_ms=at_ms,
    )


def at_noon_of(day: int) -> tuple[SiteState, int]:
    """A state in which many wait, and its instant."""
    records = [one for one in _day(day, 12) if one.at_ms <= FOUR_MS + day * _DAY_MS + 8 * 60 * _MINUTE_MS]
    return fold(records), records[-1].at_ms


class Process:
    """The real process, and its answers."""

    def __init__(self, command: list[str], learnt: Learnt | None) -> None:
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.companion = Companion(
            "forecaster", command, greeting=lambda: encode(learnt) if learnt else b"", on_answer=self._answers.put
        )

    def ask(self, day: int = 0) -> Reply:
        state, now_ms = at_noon_of(day)
        assert state.day
        question = Question(day=state.day, moment=moment_of(state, Policy(), now_ms))
        self.companion.ask(QUESTION.write(question))
        return REPLY.read(self._answers.get(timeout=20))

    def learns(self, *, upto: str, day: int) -> Learnt:
        """What it has learnt, once that is everything up to a day."""
        found: list[Learnt] = []

        def is_learnt() -> bool:
            reply = self.ask(day)
            found.extend([reply.learnt] if reply.learnt else [])
            return bool(found) and found[-1].habits.upto == upto

        wait_until(is_learnt, what=f"all is learnt up to {upto}", deadline_s=30)
        return found[-1]


Begin = Callable[[Learnt | None], Process]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def begin(provisioned: Tree, data: Path) -> Iterator[Begin]:
    with ExitStack() as stack:

        def begun(learnt: Learnt | None = None) -> Process:
            site = provisioned.device("aubagne", "aubagne-controller") / "site.toml"
            command = [sys.executable, "-m", "firmware.controller.forecaster", str(site), str(data)]
            process = Process(command, learnt)
            process.companion.start()
            stack.callback(process.companion.stop)
            return process

        yield begun


def lay(data: Path, records: list[e.Record[e.Event]]) -> str:
    """Returns the journal's epoch."""
    with Journal(data / "site.journal") as journal:
        journal.append([encode_record(record) for record in records])
        return journal.epoch


def test_everybody_who_waits_is_foretold_a_wait_and_so_is_who_would_come(begin: Begin, data: Path) -> None:
    lay(data, days(0))
    state, now_ms = at_noon_of(0)
    waiting = {ticket.id for ticket in state.tickets.values() if ticket.state == "waiting"}

    outlook = begin(None).ask().outlook

    assert outlook.at_ms == now_ms
    assert outlook.tickets.keys() == waiting
    assert outlook.newcomers.keys() == {"consultation"}
    longest = max(wait.p50_s for wait in outlook.tickets.values())
    assert outlook.newcomers[ServiceId("consultation")].p50_s >= longest


def test_it_foretells_the_same_twice(begin: Begin, data: Path) -> None:
    lay(data, days(0))
    process = begin(None)
    assert process.ask().outlook == process.ask().outlook


def test_it_learns_the_days_that_are_over_and_then_knows_better(begin: Begin, data: Path) -> None:
    epoch = lay(data, days(2))
    process = begin(None)
    before = process.ask(2).outlook.newcomers[ServiceId("consultation")]

    learnt = process.learns(upto="2026-11-21", day=2)

    assert (learnt.epoch, learnt.seq) == (epoch, len(days(2)) - 1)
    after = process.ask(2).outlook.newcomers[ServiceId("consultation")]
    assert after.p50_s > before.p50_s, "visits here take 25 minutes, longer than those of a first day"


def test_it_goes_on_from_what_was_learnt_before(begin: Begin, data: Path) -> None:
    lay(data, days(2))
    learnt = begin(None).learns(upto="2026-11-21", day=2)
    lay(data, days(3)[len(days(2)) :])

    again = begin(learnt).learns(upto="2026-11-22", day=3)

    assert again.seq == len(days(3)) - 1
    assert begin(again).ask(3).learnt is None


def test_one_day_after_the_other_is_learnt_as_two_are(begin: Begin, data: Path) -> None:
    lay(data, days(1))
    process = begin(None)
    process.learns(upto="2026-11-20", day=1)
    lay(data, days(2)[len(days(1)) :])

    one_by_one = process.learns(upto="2026-11-21", day=2)

    assert begin(None).learns(upto="2026-11-21", day=2).habits == one_by_one.habits


@pytest.mark.parametrize("journal", [None, b"no journal at all"])
def test_a_journal_that_cannot_be_read_stops_no_forecast(begin: Begin, data: Path, journal: bytes | None) -> None:
    if journal is not None:
        (data / "site.journal").write_bytes(journal)
    process = begin(Learnt(epoch="e1", seq=9, habits=FIRST_DAY))

    assert process.ask().outlook.tickets
    assert process.ask(1).outlook.tickets
    assert sorted(file.name for file in data.iterdir()) == (["site.journal"] if journal else [])


@contextmanager
def running(tree: Tree, broker: Mosquitto, records: list[e.Record[e.Event]]) -> Iterator[Centre]:
    """A real controller with forecasts, at 10:00 of the second day, on a journal that has these records."""
    with ExitStack() as stack:
        centre = Centre(stack, tree, broker)
        ten_ms = FOUR_MS + _DAY_MS + 6 * 60 * _MINUTE_MS
        for key, value in (("forecasts", "true"), ("origin_ms", time.time_ns() // 1_000_000), ("start_ms", ten_ms)):
            set_key(centre, key, value)
        (centre.folder / "data").mkdir()
        if records:
            lay(centre.folder / "data", records)
        centre.start()
        assert centre.ask({"kind": "letter", "disk": DISK})["letter"] == "A"
        centre.come_on_duty()
        yield centre


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
    assert "numpy" in Path(f"/proc/{forecaster}/maps").read_text()
    assert "numpy" not in Path(f"/proc/{centre.process.pid}/maps").read_text()


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


def test_what_past_days_have_taught_is_kept_and_told_to_the_network(
    provisioned: Tree, site_broker: Mosquitto, central_broker: Mosquitto
) -> None:
    habits = "fq/1/aubagne/up/habits"
    with (
        Peer(provisioned.agent, central_broker.port, "agent", ["fq/1/+/up/#"], stem="agent") as agent,
        running(provisioned, site_broker, days(1)) as centre,
    ):
        wait_until(lambda: agent.on(habits) != [], what="the network hears the habits", deadline_s=30)
        told = Learnt.model_validate(agent.last(habits))
        kept = centre.folder / "data" / "habits.json"
        wait_until(kept.exists, what="they are on the disk")

        assert told.habits.upto == "2026-11-20"
        assert Learnt.model_validate_json(kept.read_bytes()) == told
