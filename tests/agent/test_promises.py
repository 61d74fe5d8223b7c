"""What was told of waits, held against what happened."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from agent.promises import Scoring, scored
from agent.scores import DayScore, Tally
from core.room import events as e
from core.room.duty import Duty, DutyState
from core.room.ids import PractitionerId, RoomId, TicketId
from core.room.outlook import Wait
from core.room.slips import restored
from core.room.ticket import issued
from tests.agent.site import EVENING_MS, Day, visit
from tests.agent.told import HALF_AN_HOUR, wait

_MIN_MS = 60_000
_DAY = "2026-11-22"
_ROOM = RoomId("room-2")
_ON_DUTY = e.DutyBegan(room=_ROOM, practitioner=PractitionerId("dr-vallon"))


class Evening:
    """Plays events at their minutes, and says what the promises came to."""

    def __init__(self) -> None:
        self._day = Day(_DAY)
        self.records: list[e.Record[e.Event]] = []
        self.at(0, *self._day.opening, _ON_DUTY)

    def at(self, minute: float, *events: e.Event) -> None:
        at_ms = EVENING_MS + int(minute * _MIN_MS)
        self.records += [e.Record(at_ms=at_ms, event=event) for event in events]

    def issue(self, minute: float, told: Wait | None = HALF_AN_HOUR) -> TicketId:
        """A ticket, and what the kiosk and the slip said."""
        event = replace(self._day.issue(), ordered_at_ms=EVENING_MS + int(minute * _MIN_MS), wait=told)
        self.at(minute, event)
        return event.ticket

    def tell(self, minute: float, ticket: TicketId, told: Wait | None) -> None:
        self.at(minute, e.WaitsTold(tickets={ticket: told}))

    def call(self, minute: float, ticket: TicketId) -> None:
        """A call that stands: the visit follows."""
        self.at(minute, *visit(ticket))

    def score(self, day: str = _DAY) -> DayScore:
        return scored(Scoring(), self.records).days.get(day, DayScore())


@pytest.fixture
def evening() -> Evening:
    return Evening()


def test_a_promise_that_nothing_followed_is_scored_all_the_same(evening: Evening) -> None:
    ticket = evening.issue(0)
    evening.tell(5, ticket, None)
    evening.call(30, ticket)

    assert evening.score().first == Tally(told=1, error_s=0, covered=1, kept=1)


@pytest.mark.parametrize(
    ("called_min", "expected"),
    [
        (30, Tally(told=1, error_s=0, covered=1, kept=1)),
        (20, Tally(told=1, error_s=600, covered=1, kept=1)),
        (19, Tally(told=1, error_s=660, kept=1)),
        (42, Tally(told=1, error_s=720, covered=1, under=1, kept=1)),
        (45, Tally(told=1, error_s=900, under=1, kept=1)),
        (46, Tally(told=1, error_s=960, under=1)),
        (55, Tally(told=1, error_s=1500, under=1)),
        (56, Tally(told=1, error_s=1560, under=1, late=1)),
    ],
)
def test_a_promise_is_scored_by_the_first_call(evening: Evening, called_min: int, expected: Tally) -> None:
    ticket = evening.issue(0)

    evening.call(called_min, ticket)

    assert evening.score() == DayScore(first=expected)


def test_soon_is_kept_for_ten_minutes(evening: Evening) -> None:
    quick, slow = evening.issue(0, wait(0, 2, 4)), evening.issue(0, wait(0, 2, 4))

    evening.call(10, quick)
    evening.call(11, slow)

    assert (evening.score().first.told, evening.score().first.kept) == (2, 1)


def test_each_new_telling_is_a_promise_of_its_own(evening: Evening) -> None:
    ticket = evening.issue(0)
    evening.tell(20, ticket, HALF_AN_HOUR)

    evening.call(50, ticket)

    score = evening.score()
    assert score.first == Tally(told=1, error_s=1200, under=1)
    assert score.later == Tally(told=1, covered=1, kept=1)
    assert score.all == score.first + score.later


def test_a_ticket_that_was_told_nothing_at_the_kiosk_has_its_first_promise_later(evening: Evening) -> None:
    ticket = evening.issue(0, told=None)
    evening.tell(5, ticket, HALF_AN_HOUR)

    evening.call(35, ticket)

    assert evening.score() == DayScore(first=Tally(told=1, covered=1, kept=1))


def test_what_was_told_before_the_forecast_fell_silent_is_scored_all_the_same(evening: Evening) -> None:
    ticket = evening.issue(0)
    evening.at(10, e.WaitsForgotten())

    evening.call(30, ticket)

    assert evening.score().first.told == 1


def test_a_call_that_is_taken_back_has_called_nobody(evening: Evening) -> None:
    ticket = evening.issue(0)
    issue = evening.records[-1].event
    assert isinstance(issue, e.TicketIssued)
    evening.at(10, e.TicketCalled(ticket=ticket, room=_ROOM))
    evening.at(11, e.ActUndone(room=_ROOM, tickets=(restored(issued(issue)),)))
    assert evening.score() == DayScore()

    evening.call(30, ticket)

    assert evening.score() == DayScore(first=Tally(told=1, covered=1, kept=1))


def test_what_is_told_after_a_call_is_no_first_promise_and_is_scored_by_the_next_call(evening: Evening) -> None:
    ticket = evening.issue(0)
    evening.at(30, e.TicketCalled(ticket=ticket, room=_ROOM), e.TicketNotPresent(ticket=ticket))
    evening.at(50, e.TicketRequeued(ticket=ticket, returns=1))
    evening.tell(50, ticket, wait(0, 10, 20))

    evening.call(65, ticket)

    score = evening.score()
    assert score.first == Tally(told=1, covered=1, kept=1)
    assert score.later == Tally(told=1, error_s=300, covered=1, kept=1)


def test_who_is_never_called_is_counted_and_not_scored(evening: Evening) -> None:
    gone, stays = evening.issue(0), evening.issue(1)
    evening.tell(10, stays, HALF_AN_HOUR)
    evening.at(20, e.TicketCancelled(ticket=gone, reason="left"))

    evening.at(600, e.TicketCancelled(ticket=stays, reason="day-over"), e.DayOpened(day="2026-11-23"))

    assert evening.score() == DayScore(first=Tally(uncalled=2), later=Tally(uncalled=1))


def test_who_is_carried_over_is_scored_on_the_day_of_the_call(evening: Evening) -> None:
    ticket = evening.issue(0)
    evening.at(20, e.DayOpened(day="2026-11-23", carried=(ticket,)))

    evening.call(30, ticket)

    assert evening.score() == DayScore()
    assert evening.score("2026-11-23") == DayScore(first=Tally(told=1, covered=1, kept=1))


def test_a_telling_that_nobody_could_read_is_no_promise(evening: Evening) -> None:
    """While nobody is on duty the words leave the figure out; the last one is read when somebody comes."""
    evening.at(0, e.DutyEnded(room=_ROOM, reason="said"))
    ticket, gone = evening.issue(0, told=None), evening.issue(0, told=None)
    for one in (ticket, gone):
        evening.tell(1, one, wait(80, 90, 100))
        evening.tell(10, one, HALF_AN_HOUR)
    assert evening.score() == DayScore()
    other = Duty(room=_ROOM, state=DutyState.ON, practitioner=PractitionerId("dr-mistral"), since_ms=EVENING_MS)
    evening.at(20, e.DutyRestored(room=_ROOM, duty=other))

    evening.call(40, ticket)

    assert evening.score() == DayScore(first=Tally(told=1, covered=1, kept=1))


def test_what_nobody_read_and_nobody_called_is_not_counted(evening: Evening) -> None:
    evening.at(0, e.DutyEnded(room=_ROOM, reason="said"))
    evening.tell(1, evening.issue(0, told=None), HALF_AN_HOUR)

    evening.at(600, e.DayOpened(day="2026-11-23"))

    assert evening.score() == DayScore()


def test_a_clock_that_was_late_moves_the_promises_of_its_tickets_and_spoils_the_others(evening: Evening) -> None:
    moved, spoilt = evening.issue(0), evening.issue(0)
    evening.at(90, e.ClockSet(by_ms=60 * _MIN_MS, tickets=(moved,)))

    evening.call(90, moved)
    evening.call(90, spoilt)

    assert evening.score() == DayScore(first=Tally(told=1, covered=1, kept=1))


def test_nothing_is_scored_before_the_first_day_is_opened() -> None:
    evening = Evening()
    ticket = evening.issue(0)
    evening.call(30, ticket)

    assert scored(Scoring(), evening.records[1:]).days == {}


def test_a_scoring_cut_anywhere_and_written_to_the_disk_goes_on_as_if_it_had_not_been(evening: Evening) -> None:
    first, second = evening.issue(0), evening.issue(1)
    evening.tell(5, first, HALF_AN_HOUR)
    evening.call(25, first)
    evening.at(30, e.TicketCalled(ticket=second, room=_ROOM))
    evening.at(33, e.ServiceStarted(ticket=second))
    evening.issue(34)
    evening.at(600, e.DayOpened(day="2026-11-23"))
    on_disk: TypeAdapter[Scoring] = TypeAdapter(Scoring)
    whole = scored(Scoring(), evening.records)

    for cut in range(len(evening.records) + 1):
        before = scored(Scoring(), evening.records[:cut])
        read = on_disk.validate_json(on_disk.dump_json(before.scoring))
        after = scored(read, evening.records[cut:])

        assert read == before.scoring
        assert after.scoring == whole.scoring
        assert {**before.days, **after.days} == whole.days
