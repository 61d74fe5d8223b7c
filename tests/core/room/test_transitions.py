"""The life of a ticket, read aloud a second time: what the table says here, and nothing else, can happen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.room import events as e
from core.room.slips import restored
from core.room.state import CorruptHistory, evolve
from core.room.transitions import ENDED, IN_ROOM, TicketEvent, TicketState, is_allowed
from tests.core.room.given import NINE, ROOM_2, SMALL_WOUND, a_morning, called, given, ticket

_LIFE = """
    waiting    | TicketCalled      | called
    waiting    | TicketTransferred | waiting
    waiting    | PriorityChanged   | waiting
    waiting    | TicketCancelled   | cancelled
    called     | TicketRecalled    | called
    called     | ServiceStarted    | in-service
    called     | TicketCompleted   | done
    called     | TicketNotPresent  | no-show
    called     | TicketParked      | parked
    called     | TicketRequeued    | waiting
    called     | TicketTransferred | waiting
    called     | TicketCancelled   | cancelled
    in-service | TicketCompleted   | done
    in-service | TicketParked      | parked
    in-service | TicketTransferred | waiting
    in-service | TicketCancelled   | cancelled
    parked     | TicketResumed     | called
    parked     | TicketRequeued    | waiting
    parked     | TicketCancelled   | cancelled
    no-show    | TicketRequeued    | waiting
    no-show    | TicketCancelled   | cancelled
    to-confirm | TicketRequeued    | waiting
    to-confirm | TicketCancelled   | cancelled
    done       | TicketRequeued    | waiting
"""

_TICKET = ticket("A001")
_EVENTS: dict[str, TicketEvent] = {
    type(event).__name__: event
    for event in (
        called("A001"),
        e.TicketRecalled(ticket=_TICKET),
        e.ServiceStarted(ticket=_TICKET),
        e.TicketCompleted(ticket=_TICKET),
        e.TicketNotPresent(ticket=_TICKET),
        e.TicketParked(ticket=_TICKET),
        e.TicketResumed(ticket=_TICKET),
        e.TicketRequeued(ticket=_TICKET),
        e.TicketTransferred(ticket=_TICKET, service=SMALL_WOUND),
        e.PriorityChanged(ticket=_TICKET, priority=e.Priority.CARD, key_ms=NINE - 3_600_000),
        e.TicketCancelled(ticket=_TICKET, reason="left"),
    )
}
_WAY_TO: dict[str, list[str]] = {
    "waiting": [],
    "called": ["TicketCalled"],
    "in-service": ["TicketCalled", "ServiceStarted"],
    "parked": ["TicketCalled", "TicketParked"],
    "no-show": ["TicketCalled", "TicketNotPresent"],
    "to-confirm": ["TicketRestored"],
    "done": ["TicketCalled", "TicketCompleted"],
    "cancelled": ["TicketCancelled"],
}


def _step(name: str) -> e.Event:
    if name == "TicketRestored":
        doubtful = replace(given(a_morning("A001")).state.tickets[_TICKET], state=TicketState.TO_CONFIRM)
        return restored(doubtful)
    return _EVENTS[name]


_ALLOWED = {
    (before, event): after
    for before, event, after in ([cell.strip() for cell in row.split("|")] for row in _LIFE.strip().splitlines())
}
_PAIRS = [(state.value, event) for state in TicketState for event in _EVENTS]


@pytest.mark.parametrize(("before", "event"), _PAIRS)
def test_a_ticket_goes_only_where_the_table_lets_it(before: str, event: str) -> None:
    state = given([*a_morning("A001"), *(_step(one) for one in _WAY_TO[before])]).state
    assert state.tickets[_TICKET].state == before

    after = _ALLOWED.get((before, event))

    assert is_allowed(TicketState(before), type(_EVENTS[event])) is (after is not None)
    if after is None:
        with pytest.raises(CorruptHistory, match=f"cannot follow {before} for ticket A001"):
            evolve(state, _EVENTS[event], NINE)
        assert state.tickets[_TICKET].state == before
    else:
        assert evolve(state, _EVENTS[event], NINE).tickets[_TICKET].state == after


def test_a_ticket_ends_done_or_cancelled() -> None:
    assert {"done", "cancelled"} == ENDED


def test_a_room_holds_whom_it_called_and_whom_it_serves() -> None:
    assert {"called", "in-service"} == IN_ROOM
    for before, way in _WAY_TO.items():
        state = given([*a_morning("A001"), *(_step(one) for one in way)]).state
        assert (state.in_room(ROOM_2) is not None) is (before in {"called", "in-service"})
