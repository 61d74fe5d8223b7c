"""A card or courtesy that a patient declares at the kiosk counts at once, and stands until a person has looked."""

from __future__ import annotations

from dataclasses import replace

from core.room import commands as c
from core.room import events as e
from core.room.passage import order_of_passage
from tests.core.room.given import NINE, a_morning, admit, given, granted, issued, ticket

_MINUTE_MS = 60_000


def _declared(number: str, claim: e.Priority, *, disk_seq: int) -> e.TicketIssued:
    told = issued(number, disk_seq=disk_seq, minute=30, priority=claim)
    return replace(told, is_claimed=True)


def test_a_declared_card_goes_before_those_of_the_last_hour() -> None:
    centre = given(a_morning("A001", "A002"))

    told = replace(admit("A003", disk_seq=3), claim=e.Priority.CARD, ordered_at_ms=NINE + 30 * _MINUTE_MS)
    after = centre.when(told).then(_declared("A003", e.Priority.CARD, disk_seq=3))

    assert [one.number for one in order_of_passage(after.state)] == ["A003", "A001", "A002"]
    assert after.state.tickets[ticket("A003")].is_claimed


def test_staff_confirm_a_card_and_it_keeps_its_place() -> None:
    centre = given([*a_morning("A001"), _declared("A002", e.Priority.CARD, disk_seq=2)])
    before = centre.state.tickets[ticket("A002")]

    after = centre.when(c.SetPriority(ticket=ticket("A002"), priority=e.Priority.CARD)).after()

    assert after.state.tickets[ticket("A002")] == replace(before, is_claimed=False)


def test_staff_lower_a_claim_and_it_waits_as_the_others_do() -> None:
    centre = given([*a_morning("A001"), _declared("A002", e.Priority.COURTESY, disk_seq=2)])

    after = centre.when(c.SetPriority(ticket=ticket("A002"), priority=e.Priority.ORDINARY)).after()

    lowered = after.state.tickets[ticket("A002")]
    assert not lowered.is_claimed
    assert lowered.key_ms == lowered.ordered_at_ms


def test_a_claim_outlives_a_journal_that_is_lost() -> None:
    lost = given([e.DayOpened(day="2026-11-22"), granted("A")])

    told = replace(admit("A001"), claim=e.Priority.CARD, was_told=True)
    (again,) = lost.when(told).after().state.tickets.values()

    assert again.is_claimed
    assert again.priority is e.Priority.CARD
