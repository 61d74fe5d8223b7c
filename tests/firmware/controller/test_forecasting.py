"""When a forecast is asked for and what of it is told, with a forecaster played by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.edge.clock import ManualClock
from core.edge.journal import Journal
from core.forecast.habits import FIRST_DAY
from core.room.commands import AdmitTicket, CallNext, ComeOnDuty, GoOffDuty, GrantLetter, Undo
from core.room.events import DutyEnded, Event, TicketCalled, TicketIssued, WaitsForgotten, WaitsTold
from core.room.ids import DeviceId, DiskId, Number, PractitionerId, RoomId, ServiceId, TicketId, Token
from core.room.outlook import Outlook, Wait
from core.room.passage import Policy
from core.room.roster import Roster, Shift
from core.wire.messages import Learnt
from firmware.controller.companion import Companion
from firmware.controller.forecasting import Forecasting, news_for
from firmware.controller.learning import Learning
from firmware.controller.lines import Question, read, write
from firmware.controller.sequencer import Sequencer
from firmware.controller.settings import ControllerFile
from firmware.inbox import Inbox, Work

DISK, KIOSK, ROOM = DiskId("disk-1"), DeviceId("kiosk-1"), RoomId("room-1")
CONSULTATION = ServiceId("consultation")
FIRST, SECOND = TicketId("ticket-1"), TicketId("ticket-2")
LEARNT = Learnt(epoch="e1", seq=7, habits=replace(FIRST_DAY, upto="2026-11-21"))


def wait(minutes: int) -> Wait:
    """Somewhere around so many minutes."""
    shares = {"p10_s": 0.6, "p25_s": 0.8, "p50_s": 1.0, "p75_s": 1.2, "p90_s": 1.5}
    return Wait(**{name: round(60 * minutes * share) for name, share in shares.items()})


class PlayedForecaster(Companion):
    """Takes questions as the real one does; the test answers."""

    def __init__(self, name: str, command: list[str], *, on_answer: Any, **_limits: Any) -> None:
        self._on_answer = on_answer
        self.question: Question | None = None

    @property
    def is_free(self) -> bool:
        return self.question is None

    def ask(self, question: bytes) -> None:
        assert self.question is None
        self.question = read(Question, question)

    def is_lost(self) -> None:
        self.question = None

    def answers(self, newcomers: int = 30, **minutes: int) -> None:
        assert self.question is not None
        outlook = Outlook(
            at_ms=self.question.moment.at_ms,
            tickets={TicketId(ticket.replace("_", "-")): wait(one) for ticket, one in minutes.items()},
            newcomers={CONSULTATION: wait(newcomers)},
        )
        self.question = None
        self._on_answer(write(outlook))


class Desk:
    """The parts of a controller between which a forecast passes, and their turns."""

    def __init__(self, settings: ControllerFile, folder: Path) -> None:
        self.clock = ManualClock()
        self.now_s = 1000.0
        self.inbox: Inbox[Work] = Inbox()
        self.sequencer = Sequencer(Journal(folder / "site.journal"), self.clock, ZoneInfo("Europe/Paris"), Policy())
        self._made: list[PlayedForecaster] = []
        self.learning = Learning(settings, self.sequencer, self.inbox)
        self.forecasting = Forecasting(settings, self.sequencer, self.inbox, self.learning, self._make)
        self.forecaster = self._made[0]

    def _make(self, *args: Any, **kwargs: Any) -> PlayedForecaster:
        self._made.append(PlayedForecaster(*args, **kwargs))
        return self._made[-1]

    def turn(self) -> list[Event]:
        """What was committed by it."""
        for handle, item in self.inbox.take(0):
            handle(item, self.now_s)
        self.sequencer.let_time_pass()
        self.forecasting.tell(self.now_s)
        committed = [record.event for record in self.sequencer.commit()]
        self.forecasting.ask(self.now_s)
        return committed

    def later(self, seconds: float) -> list[Event]:
        """As `turn`, after some time."""
        self.clock.advance(seconds)
        self.now_s += seconds
        return self.turn()

    def issue(self, n: int, says: Wait | None = None) -> None:
        self.sequencer.submit_report(
            AdmitTicket(
                ticket=TicketId(f"ticket-{n}"),
                number=Number(f"A{n:03d}"),
                token=Token(f"{n:016d}"),
                service=CONSULTATION,
                language="fr",
                kiosk=KIOSK,
                disk=DISK,
                disk_seq=n,
                ordered_at_ms=self.clock.wall_ms(),
                wait=says,
            )
        )

    def told(self) -> dict[str, int]:
        """Minutes, by ticket."""
        return {ticket: told.wait.p50_s // 60 for ticket, told in self.sequencer.state.told.items()}


@pytest.fixture
def desk(settings: ControllerFile, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(settings, tmp_path)
    desk.sequencer.let_time_pass()
    desk.sequencer.submit(GrantLetter(disk=DISK, kiosk=KIOSK))
    desk.sequencer.submit(ComeOnDuty(room=ROOM))
    desk.issue(1)
    desk.issue(2)
    desk.turn()
    yield desk
    desk.sequencer.journal.close()


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Both who wait have been told, and nothing is under way."""
    desk.forecaster.answers(ticket_1=10, ticket_2=30)
    desk.turn()
    desk.later(2)
    return desk


def test_who_knows_nothing_yet_is_told_at_once_and_all_in_one_event(desk: Desk) -> None:
    desk.forecaster.answers(ticket_1=10, ticket_2=30)

    (told,) = desk.turn()

    assert told == WaitsTold(tickets={FIRST: wait(10), SECOND: wait(30)}, newcomers={CONSULTATION: wait(30)})
    assert desk.told() == {"ticket-1": 10, "ticket-2": 30}
    assert desk.sequencer.state.newcomers == {CONSULTATION: wait(30)}


def test_a_state_that_is_as_it_was_is_forecast_again_once_a_minute_by_the_site_clock(busy: Desk) -> None:
    assert busy.forecaster.is_free

    busy.later(56)
    assert busy.forecaster.is_free
    busy.later(3)
    assert not busy.forecaster.is_free


def test_a_state_that_changes_is_forecast_at_most_once_a_second(busy: Desk) -> None:
    busy.issue(3)
    busy.turn()
    busy.forecaster.answers(ticket_1=10, ticket_2=30, ticket_3=45)
    busy.turn()
    assert busy.forecaster.is_free

    busy.issue(4)
    busy.later(0.9)
    assert busy.forecaster.is_free

    busy.later(0.1)
    assert busy.forecaster.question
    assert len(busy.forecaster.question.moment.waiting) == 4


def test_what_was_told_is_no_change_that_asks_for_another_forecast(desk: Desk) -> None:
    desk.forecaster.answers(ticket_1=10, ticket_2=30)
    assert desk.later(2) != []
    assert desk.forecaster.is_free


def test_while_a_forecast_is_made_nothing_queues_and_the_next_is_of_the_newest_state(busy: Desk) -> None:
    busy.issue(3)
    busy.turn()
    for n in range(4, 8):
        busy.issue(n)
        busy.later(2)

    busy.forecaster.answers()
    busy.turn()

    assert busy.forecaster.question
    assert len(busy.forecaster.question.moment.waiting) == 7


def test_what_a_lost_forecaster_did_not_answer_is_asked_again(desk: Desk) -> None:
    desk.forecaster.is_lost()
    desk.later(0.9)
    assert desk.forecaster.is_free

    desk.later(0.1)
    assert not desk.forecaster.is_free


def test_a_wait_that_has_moved_is_told_with_the_next_commit(busy: Desk) -> None:
    busy.later(60)
    busy.forecaster.answers(ticket_1=9, ticket_2=60)
    assert busy.turn() == []

    busy.sequencer.submit(CallNext(room=ROOM))
    called, told = busy.later(2)

    assert isinstance(called, TicketCalled)
    assert told == WaitsTold(tickets={SECOND: wait(60)}, newcomers={CONSULTATION: wait(30)})


def test_a_wait_that_has_moved_is_told_after_a_while_even_if_nothing_else_happens(busy: Desk) -> None:
    busy.later(60)
    busy.forecaster.answers(ticket_1=9, ticket_2=60)
    assert busy.turn() == []
    assert busy.later(59) == []

    (told,) = busy.later(1)

    assert isinstance(told, WaitsTold)
    assert told.tickets.keys() == {SECOND}
    assert busy.later(1) == []


def test_what_newcomers_are_promised_is_told_at_once_when_it_has_moved(busy: Desk) -> None:
    busy.later(60)
    busy.forecaster.answers(ticket_1=9, ticket_2=29, newcomers=45)

    assert busy.turn() == [WaitsTold(tickets={}, newcomers={CONSULTATION: wait(45)})]


def test_news_that_is_none_any_more_is_not_told(busy: Desk) -> None:
    busy.later(60)
    busy.forecaster.answers(ticket_1=9, ticket_2=60)
    busy.turn()
    busy.sequencer.policy = Policy(late_min=5)
    busy.later(5)
    busy.forecaster.answers(ticket_1=9, ticket_2=29)

    assert busy.turn() == []
    assert busy.later(55) == []


def test_who_has_been_called_meanwhile_is_told_nothing(desk: Desk) -> None:
    desk.sequencer.submit(CallNext(room=ROOM))
    desk.turn()
    desk.forecaster.answers(ticket_1=10, ticket_2=30)

    desk.turn()

    assert desk.told() == {"ticket-2": 30}


def test_who_is_taken_by_nobody_any_more_is_told_nothing_at_once_and_who_has_just_come_keeps_what_the_kiosk_said(
    busy: Desk,
) -> None:
    busy.later(58)
    busy.issue(3, says=wait(45))
    busy.later(1)
    busy.forecaster.answers(ticket_1=9)

    busy.turn()

    assert busy.told() == {"ticket-1": 10, "ticket-3": 45}


def test_newcomers_that_have_not_moved_stay_word_for_word(busy: Desk) -> None:
    outlook = Outlook(at_ms=0, tickets={FIRST: wait(50)}, newcomers={CONSULTATION: wait(32)})

    news = news_for(busy.sequencer.state, outlook, busy.sequencer.now_ms())

    assert news is not None
    assert news.newcomers == {CONSULTATION: wait(30)}
    assert news_for(busy.sequencer.state, Outlook(at_ms=0, newcomers={CONSULTATION: wait(32)}), 0) is None


def test_after_three_minutes_of_silence_what_was_told_is_forgotten_once_and_somebody_is_alerted(busy: Desk) -> None:
    busy.later(100)
    busy.forecaster.answers(ticket_1=8, ticket_2=28)
    busy.turn()
    assert busy.forecasting.alerts(busy.now_s) == []

    assert busy.later(179) == []
    assert busy.later(1) == [WaitsForgotten()]
    assert busy.later(60) == []

    assert busy.told() == {}
    assert busy.sequencer.state.newcomers == {}
    assert [alert.code for alert in busy.forecasting.alerts(busy.now_s)] == ["no-forecast"]


def test_a_forecast_after_a_silence_is_told_again(busy: Desk) -> None:
    busy.later(100)
    busy.later(300)
    busy.forecaster.answers(ticket_1=8, ticket_2=28)

    assert [type(event) for event in busy.turn()] == [WaitsTold]
    assert busy.forecasting.alerts(busy.now_s) == []


def test_once_nobody_is_on_duty_what_was_told_is_forgotten_with_the_same_commit(busy: Desk) -> None:
    busy.sequencer.submit(GoOffDuty(room=ROOM))
    ended, forgotten = busy.turn()
    assert (type(ended), forgotten) == (DutyEnded, WaitsForgotten())

    busy.later(1)
    busy.forecaster.answers(ticket_1=40, ticket_2=60)

    assert busy.turn() == []
    assert busy.told() == {}


def test_while_the_hour_is_in_doubt_nothing_is_asked_and_nothing_is_told(
    busy: Desk, settings: ControllerFile, tmp_path: Path
) -> None:
    busy.later(60)
    busy.sequencer.journal.close()
    again = Desk(settings, tmp_path)
    again.clock.synchronised = False
    again.sequencer = Sequencer(Journal(tmp_path / "site.journal"), again.clock, ZoneInfo("Europe/Paris"), Policy())
    again.forecasting = Forecasting(settings, again.sequencer, again.inbox, again.learning, again._make)
    assert again.sequencer.is_in_doubt
    assert again.told() != {}

    assert again.turn() == [WaitsForgotten()]
    assert again.later(300) == []
    assert again._made[-1].is_free
    assert again.forecasting.alerts(again.now_s) == []

    again.clock.synchronised = True
    again.later(1)
    assert not again._made[-1].is_free
    again.sequencer.journal.close()


def test_a_centre_that_wants_no_forecasts_asks_for_none_and_forgets_those_of_before(
    busy: Desk, settings: ControllerFile, tmp_path: Path
) -> None:
    busy.sequencer.journal.close()
    without = Desk(settings.model_copy(update={"forecasts": False}), tmp_path)

    assert without.turn() == [WaitsForgotten()]
    assert without.later(300) == []
    assert without.forecaster.is_free
    assert without.forecasting.alerts(without.now_s) == []
    without.sequencer.journal.close()


def test_a_press_can_be_taken_back_although_waits_were_told_since(busy: Desk) -> None:
    busy.sequencer.submit_act(CallNext(room=ROOM), cause="press", room=ROOM)
    busy.turn()
    busy.later(1)
    busy.forecaster.answers(ticket_2=60)
    busy.turn()
    assert [type(event) for event in busy.later(60)] == [WaitsTold]

    busy.sequencer.submit_act(Undo(room=ROOM), cause="hold", room=ROOM)
    busy.turn()

    assert busy.sequencer.state.in_room(ROOM) is None
    assert busy.told() == {"ticket-2": 60}


def test_a_disk_that_refuses_leaves_what_was_told_as_the_journal_has_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.forecaster.answers(ticket_1=10, ticket_2=30)
    desk.sequencer.journal._db.execute("PRAGMA query_only=ON")
    with pytest.raises(Exception, match="readonly"):
        desk.turn()
    assert desk.told() == {}

    desk.sequencer.journal._db.execute("PRAGMA query_only=OFF")
    desk.later(60)
    desk.forecaster.answers(ticket_1=10, ticket_2=30)

    desk.turn()
    assert desk.told() == {"ticket-1": 10, "ticket-2": 30}


def test_what_was_learnt_is_what_the_next_question_is_asked_with_and_it_is_asked_at_once(busy: Desk) -> None:
    busy.learning.file.take(LEARNT)

    busy.turn()

    assert busy.forecaster.question
    assert busy.forecaster.question.habits == LEARNT.habits


def test_a_question_holds_none_of_the_shifts_of_the_days_to_come(busy: Desk) -> None:
    now_ms, day_ms = busy.sequencer.now_ms(), 24 * 60 * 60_000
    busy.sequencer.policy = Policy(
        roster=Roster(
            shifts=[
                Shift(practitioner=PractitionerId(f"dr-{n}"), room=ROOM, begins_ms=at_ms, ends_ms=at_ms + 3_600_000)
                for n in range(42)
                for at_ms in [now_ms + 60_000 + n * day_ms]
            ]
        )
    )

    busy.later(2)

    assert busy.forecaster.question
    assert {one.practitioner for one in busy.forecaster.question.moment.stretches if not one.is_on} == {"dr-0"}


@pytest.mark.parametrize("answer", [b"Traceback\n", b"\n", write("no outlook")])
def test_an_answer_that_cannot_be_read_changes_nothing(desk: Desk, answer: bytes) -> None:
    before = desk.sequencer.state
    desk.forecaster._on_answer(answer)
    with pytest.raises(Exception):  # noqa: B017, PT011 - any: the controller's loop takes it for a message it fails on
        desk.turn()
    assert desk.sequencer.state == before


def test_tickets_are_issued_as_ever_while_no_forecast_comes(desk: Desk) -> None:
    for n in range(3, 10):
        desk.issue(n)
        assert [type(event) for event in desk.later(30)][:1] == [TicketIssued]
