"""The order of passage, against the rule said naively and against what it promises people."""

from __future__ import annotations

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from core.room import commands as c
from core.room.events import Priority, TicketIssued
from core.room.passage import HEAD_START_MIN, Policy, ahead_of, key_ms, next_for, order_of_passage
from core.room.state import SiteState
from tests.core.room.given import NINE, ROOM_1, a_morning, called, given, issued, ticket
from tests.core.room.watcher import HEAD_START_MIN as MINUTES


@st.composite
def _waiting_rooms(draw: st.DrawFn) -> list[TicketIssued]:
    arrivals = draw(st.lists(st.tuples(st.integers(0, 240), st.sampled_from(Priority)), min_size=1, max_size=30))
    return [
        issued(f"A{place:03d}", minute=minute, priority=priority, disk_seq=place)
        for place, (minute, priority) in enumerate(sorted(arrivals, key=lambda one: one[0]), start=1)
    ]


def _site(tickets: list[TicketIssued]) -> SiteState:
    return given([*a_morning(), *tickets]).state


def _minutes_ahead(one: TicketIssued) -> int:
    return MINUTES[one.priority]


def _counts_as_come_at(one: TicketIssued) -> int:
    return one.ordered_at_ms - 60_000 * _minutes_ahead(one)


def _goes_before(one: TicketIssued, other: TicketIssued) -> bool:
    """The rule, said a second time: earlier arrival, with the head start counted as time already waited."""
    if _counts_as_come_at(one) != _counts_as_come_at(other):
        return _counts_as_come_at(one) < _counts_as_come_at(other)
    if one.ordered_at_ms != other.ordered_at_ms:
        return one.ordered_at_ms < other.ordered_at_ms
    return one.number < other.number


def test_the_head_starts_are_those_that_people_are_told() -> None:
    assert HEAD_START_MIN == MINUTES


def test_a_key_is_the_ticket_time_less_the_head_start() -> None:
    assert key_ms(NINE, Priority.ORDINARY, Policy()) == NINE
    assert key_ms(NINE, Priority.COURTESY, Policy()) == NINE - 20 * 60_000
    assert key_ms(NINE, Priority.URGENT, Policy(head_start_min={Priority.URGENT: 5})) == NINE - 5 * 60_000


@settings(max_examples=100, deadline=None)
@for_all(_waiting_rooms())
def test_each_goes_after_exactly_those_whom_the_rule_puts_before(tickets: list[TicketIssued]) -> None:
    state = _site(tickets)

    for one in tickets:
        before = {other.ticket for other in tickets if _goes_before(other, one)}
        place = [waiting.id for waiting in order_of_passage(state)].index(one.ticket)
        assert place == len(before) == ahead_of(state, one.ticket)
        assert before == {waiting.id for waiting in order_of_passage(state)[:place]}
    following = next_for(state, ROOM_1, Policy())
    assert following is not None
    assert following == order_of_passage(state)[0]


@settings(max_examples=60, deadline=None)
@for_all(_waiting_rooms())
def test_within_a_class_first_come_is_first_called(tickets: list[TicketIssued]) -> None:
    order = order_of_passage(_site(tickets))
    for priority in Priority:
        came = [one.ordered_at_ms for one in order if one.priority is priority]
        assert came == sorted(came)


@settings(max_examples=60, deadline=None)
@for_all(_waiting_rooms())
def test_nobody_is_overtaken_by_one_who_came_later_than_the_head_starts_differ(tickets: list[TicketIssued]) -> None:
    order = order_of_passage(_site(tickets))
    for place, one in enumerate(order):
        for overtaker in order[:place]:
            later_min = (overtaker.ordered_at_ms - one.ordered_at_ms) / 60_000
            assert later_min <= MINUTES[overtaker.priority] - MINUTES[one.priority]


@settings(max_examples=40, deadline=None)
@for_all(_waiting_rooms(), st.data())
def test_two_who_wait_swap_only_when_a_person_changes_a_class(tickets: list[TicketIssued], data: st.DataObject) -> None:
    *others, last = tickets
    before = [one.id for one in order_of_passage(_site(others))]

    after_arrival = [one.id for one in order_of_passage(_site(tickets))]
    assert [one for one in after_arrival if one != last.ticket] == before

    gone = data.draw(st.sampled_from(tickets)).ticket
    after_leaving = given([*a_morning(), *tickets])
    left = after_leaving.when(c.Cancel(ticket=gone, reason="left"))
    assert [one.id for one in order_of_passage(left.after().state)] == [one for one in after_arrival if one != gone]


def test_who_was_raised_goes_before_and_who_was_lowered_goes_back() -> None:
    three = given(a_morning("A001", "A002", "A003"))
    raised = three.when(c.SetPriority(ticket=ticket("A003"), priority=Priority.COURTESY))
    state = raised.after().state
    assert [one.number for one in order_of_passage(state)] == ["A003", "A001", "A002"]

    lowered = raised.after().when(c.SetPriority(ticket=ticket("A003"), priority=Priority.ORDINARY))
    state = lowered.after().state
    assert [one.number for one in order_of_passage(state)] == ["A001", "A002", "A003"]


def test_a_transferred_or_requeued_ticket_keeps_its_number_and_its_place() -> None:
    absent = given([*a_morning("A001", "A002"), called("A001")]).when(c.MarkNoShow(room="room-2"))
    back = absent.after().when(c.Requeue(ticket=ticket("A001")))
    assert [one.number for one in order_of_passage(back.after().state)] == ["A001", "A002"]

    sent_on = given(a_morning("A001", "A002")).when(c.Transfer(ticket=ticket("A001"), service="small-wound"))
    state = sent_on.after().state
    assert [(one.number, one.service) for one in order_of_passage(state)] == [
        ("A001", "small-wound"),
        ("A002", "consultation"),
    ]


def test_nobody_is_ahead_of_one_who_does_not_wait() -> None:
    state = given([*a_morning("A001", "A002"), called("A001")]).state
    assert ahead_of(state, ticket("A001")) is None
    assert ahead_of(state, ticket("A002")) == 0
