"""The fold: what each event leaves behind, and what could not have happened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.room import events as e
from core.room.outlook import Told, Wait
from core.room.state import CorruptHistory, SiteState, evolve, fingerprint, fold
from tests.core.room.given import (
    CONSULTATION,
    NINE,
    ROOM_1,
    ROOM_2,
    SMALL_WOUND,
    a_morning,
    called,
    disk_of,
    given,
    issued,
    ticket,
)

_A001 = ticket("A001")
_WAIT = Wait(p10_s=600, p25_s=900, p50_s=1200, p75_s=1500, p90_s=1800)
_LONGER = replace(_WAIT, p90_s=2400, in_time=95)


def _at(minute: int, event: e.Event) -> e.Record[e.Event]:
    return e.Record(at_ms=NINE + minute * 60_000, event=event)


def test_the_times_of_a_visit_are_those_of_its_events() -> None:
    visit = [
        *(_at(0, event) for event in a_morning("A001")),
        _at(10, called("A001")),
        _at(11, e.TicketRecalled(ticket=_A001)),
        _at(13, e.ServiceStarted(ticket=_A001)),
        _at(30, e.TicketCompleted(ticket=_A001)),
    ]

    seen = fold(visit).tickets[_A001]

    assert (seen.called_at_ms, seen.summoned_at_ms) == (NINE + 600_000, NINE + 660_000)
    assert (seen.started_at_ms, seen.ended_at_ms) == (NINE + 780_000, NINE + 1_800_000)
    assert (seen.calls, seen.room) == (2, ROOM_2)


def test_a_ticket_called_again_starts_its_visit_anew() -> None:
    sent_on = [
        *(_at(0, event) for event in a_morning("A001")),
        _at(10, called("A001")),
        _at(13, e.ServiceStarted(ticket=_A001)),
        _at(20, e.TicketTransferred(ticket=_A001, service=SMALL_WOUND)),
        _at(40, called("A001", ROOM_1)),
    ]

    seen = fold(sent_on).tickets[_A001]

    assert (seen.room, seen.service, seen.number) == (ROOM_1, SMALL_WOUND, "A001")
    assert (seen.called_at_ms, seen.started_at_ms) == (NINE + 2_400_000, None)


def test_what_became_of_a_slip_is_part_of_the_ticket() -> None:
    state = given(a_morning("A001")).state
    assert state.tickets[_A001].slip is None

    told = e.PrintReported(ticket=_A001, outcome=e.PrintOutcome.UNKNOWN, disk=disk_of("A"), disk_seq=2)
    state = evolve(state, told, NINE)

    assert state.tickets[_A001].slip == "unknown"
    assert state.tickets[_A001].state == "waiting"


def test_a_slip_that_failed_may_be_reprinted_and_the_ticket_stays_where_it_was() -> None:
    state = given(a_morning("A001")).state
    before = state.tickets[_A001]

    for place, outcome in enumerate((e.PrintOutcome.FAILED, e.PrintOutcome.REPRINTED), 2):
        state = evolve(
            state, e.PrintReported(ticket=_A001, outcome=outcome, disk=disk_of("A"), disk_seq=place), NINE + place
        )

    assert state.tickets[_A001] == replace(before, slip=e.PrintOutcome.REPRINTED)


def test_what_a_slip_said_was_told_when_the_ticket_was_given() -> None:
    state = fold([*(_at(0, one) for one in a_morning()), _at(5, replace(issued("A001", minute=3), wait=_WAIT))])

    assert state.told == {_A001: Told(at_ms=NINE + 180_000, wait=_WAIT)}
    assert given(a_morning("A001")).state.told == {}, "a slip without a figure told nothing"


def test_who_is_told_anew_was_told_that_last_and_newcomers_are_told_all_at_once() -> None:
    other = ticket("A002")
    state = fold(
        [
            *(_at(0, event) for event in a_morning("A001", "A002")),
            _at(1, e.WaitsTold(tickets={_A001: _WAIT, other: _WAIT}, newcomers={CONSULTATION: _WAIT})),
            _at(6, e.WaitsTold(tickets={other: _LONGER}, newcomers={SMALL_WOUND: _LONGER})),
        ]
    )

    assert state.told == {
        _A001: Told(at_ms=NINE + 60_000, wait=_WAIT),
        other: Told(at_ms=NINE + 360_000, wait=_LONGER),
    }
    assert state.newcomers == {SMALL_WOUND: _LONGER}


def test_of_whom_nobody_can_say_any_more_nothing_is_told() -> None:
    told = [*a_morning("A001"), e.WaitsTold(tickets={_A001: _WAIT})]

    assert given([*told, e.WaitsTold(tickets={_A001: None})]).state.told == {}


def test_who_is_called_does_not_wait_and_who_waits_again_is_told_anew() -> None:
    told = [*a_morning("A001"), e.WaitsTold(tickets={_A001: _WAIT}), called("A001")]

    assert given(told).state.told == {}
    assert given([*told, e.TicketRequeued(ticket=_A001)]).state.told == {}


def test_who_is_put_forward_was_told_what_they_were() -> None:
    told = [*a_morning("A001"), e.WaitsTold(tickets={_A001: _WAIT})]
    sooner = e.PriorityChanged(ticket=_A001, priority=e.Priority.SOON, key_ms=NINE)

    assert given([*told, sooner]).state.told == {_A001: Told(at_ms=NINE, wait=_WAIT)}


def test_where_nobody_forecasts_any_more_nothing_is_told() -> None:
    told = [*a_morning("A001"), e.WaitsTold(tickets={_A001: _WAIT}, newcomers={CONSULTATION: _WAIT})]

    state = given([*told, e.WaitsForgotten()]).state

    assert (state.told, state.newcomers) == ({}, {})
    assert fingerprint(state) == fingerprint(given(a_morning("A001")).state)


def test_what_a_late_clock_told_is_put_forward_with_it() -> None:
    told = e.WaitsTold(tickets={_A001: _WAIT, ticket("A002"): _WAIT})
    set_ = e.ClockSet(by_ms=1000, tickets=(_A001,))

    state = given([*a_morning("A001", "A002"), told, set_]).state

    assert {one: seen.at_ms for one, seen in state.told.items()} == {_A001: NINE + 1000, ticket("A002"): NINE}


def test_a_new_day_forgets_what_was_told_to_those_who_are_gone() -> None:
    told = e.WaitsTold(tickets={_A001: _WAIT, ticket("A002"): _WAIT})

    state = given([*a_morning("A001", "A002"), told, e.DayOpened(day="2026-11-23", carried=(_A001,))]).state

    assert state.told == {_A001: Told(at_ms=NINE, wait=_WAIT)}


def test_a_state_is_never_changed_only_followed_by_another() -> None:
    before = given(a_morning("A001")).state
    letters = fingerprint(before)

    evolve(before, called("A001"), NINE)

    assert fingerprint(before) == letters


@pytest.mark.parametrize(
    ("event", "because"),
    [
        (called("Z999"), "no ticket ticket-z999 in the day 2026-11-22"),
        (issued("A001"), "ticket ticket-a001 is issued twice"),
        (e.TicketResumed(ticket=_A001), "ticket-resumed cannot follow waiting for ticket A001"),
    ],
)
def test_an_event_that_could_not_have_happened_is_a_damaged_history(event: e.Event, because: str) -> None:
    with pytest.raises(CorruptHistory, match=because):
        evolve(given(a_morning("A001")).state, event, NINE)


def test_two_states_have_the_same_fingerprint_only_if_they_are_the_same() -> None:
    state = given(a_morning("A001")).state
    ticket_a001 = state.tickets[_A001]

    assert fingerprint(state) == fingerprint(given(a_morning("A001")).state)
    for other in (
        SiteState(),
        replace(state, day="2026-11-23"),
        replace(state, refused=1),
        replace(state, tickets={_A001: replace(ticket_a001, key_ms=NINE - 1)}),
        replace(state, tickets={_A001: replace(ticket_a001, slip=e.PrintOutcome.PRINTED)}),
        replace(state, told={_A001: Told(at_ms=NINE, wait=_WAIT)}),
        replace(state, told={_A001: Told(at_ms=NINE, wait=_LONGER)}),
        replace(state, newcomers={CONSULTATION: _WAIT}),
    ):
        assert fingerprint(other) != fingerprint(state)
