"""What the centre's screens, lamps and kiosks are told: a projection of the state, whole every time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from core.room.duty import DutyState
from core.room.ids import Letter, RoomId
from core.room.numbering import count_of, letter_of
from core.room.passage import Policy, may_serve, order_of_passage
from core.room.roster import comes_next, doubts
from core.room.state import SiteState, Ticket
from core.room.transitions import TicketState
from core.wire.messages import BoardRoom, Call, Doubt, Expected, Parked, Ringing, Screen, Waiting

__all__ = ["screen_of"]

_CALLS_SHOWN = 8
"""Those who looked away find their number among the last ones called."""
_NEXT_SHOWN = 3
_PARKED_SHOWN = 20
_DOUBTS_SHOWN = 24
"""Two for each of twelve rooms."""
_TOLD_SHOWN = 60
"""Of those who wait, the first: more than ever wait at once (field notes: 50), few enough for `Screen.max_bytes`."""


def screen_of(
    state: SiteState,
    rooms: Sequence[RoomId],
    policy: Policy,
    *,
    is_hour_certain: bool,
    epoch: str,
    rev: int,
    beat: str,
    at_ms: int,
    is_gathering: bool = False,
) -> Screen:
    """The screen of a state.

    Args:
        rooms: every room of the site, in the order of the centre's file.
        is_hour_certain: whether a time server has told the hour; only then is anything said that a plan or a week of
            opening hours makes of it.
    """
    order = order_of_passage(state)
    parked = [ticket for ticket in state.tickets.values() if ticket.state is TicketState.PARKED]
    going_by = policy if is_hour_certain else policy.without_hours()
    intake, opens_ms, closes_ms = _intake(state, going_by, at_ms)
    names = policy.roster.names
    warning = state.warning
    return Screen(
        epoch=epoch,
        rev=rev,
        beat=beat,
        at_ms=at_ms,
        is_gathering=is_gathering,
        day=state.day,
        rooms=[_room(state, room, order, parked, policy) for room in rooms],
        calls=_calls(state),
        waiting=[
            Waiting(
                ticket=ticket.id,
                number=ticket.number,
                service=ticket.service,
                priority=ticket.priority,
                since_ms=ticket.ordered_at_ms,
                is_claimed=ticket.is_claimed,
                told=state.told.get(ticket.id) if place < _TOLD_SHOWN else None,
            )
            for place, ticket in enumerate(order)
        ],
        last_numbers=_last_numbers(state),
        letters={disk: grant.letter for disk, grant in state.grants.items()},
        intake=intake,
        opens_ms=opens_ms,
        closes_ms=closes_ms,
        newcomers=dict(state.newcomers),
        expected=_expected(state, going_by, at_ms),
        warning=Ringing(device=warning.device, at_ms=warning.at_ms) if warning else None,
        doubts=[
            Doubt(kind=doubt.kind, room=doubt.room, practitioner=names.get(doubt.practitioner), since_ms=doubt.since_ms)
            for doubt in doubts(state, going_by.roster, at_ms, going_by)[:_DOUBTS_SHOWN]
        ],
    )


def _room(
    state: SiteState, room: RoomId, order: Sequence[Ticket], parked: Sequence[Ticket], policy: Policy
) -> BoardRoom:
    ticket, duty = state.in_room(room), state.on_duty(room)
    waiting = [one.number for one in order if may_serve(state, room, one, policy)]
    return BoardRoom(
        room=room,
        number=ticket.number if ticket else None,
        ticket=ticket.id if ticket else None,
        is_in_service=ticket is not None and ticket.state is TicketState.IN_SERVICE,
        called_at_ms=ticket.called_at_ms if ticket else None,
        started_at_ms=ticket.started_at_ms if ticket else None,
        duty=duty.state if duty else DutyState.OFF,
        practitioner=policy.roster.names.get(duty.practitioner) if duty else None,
        practitioner_id=duty.practitioner if duty else None,
        until_ms=duty.until_ms if duty else None,
        waiting=len(waiting),
        next=waiting[:_NEXT_SHOWN],
        parked=[Parked(ticket=one.id, number=one.number) for one in parked if one.room == room][:_PARKED_SHOWN],
    )


def _intake(
    state: SiteState, policy: Policy, at_ms: int
) -> tuple[Literal["open", "full", "closed"], int | None, int | None]:
    """Whether kiosks give tickets, when the centre opens next, and when it closes today.

    Closing time closes the kiosks even where a practitioner is still on duty: who came before it has a ticket.
    """
    if policy.opening is None:
        return "open", None, None
    hours = policy.opening.now(at_ms)
    if hours is None:
        return "closed", policy.opening.next_opening_ms(at_ms), None
    if state.intake.is_stopped:
        return "full", policy.opening.next_opening_ms(at_ms), hours[1]
    return "open", None, hours[1]


def _expected(state: SiteState, policy: Policy, at_ms: int) -> Expected | None:
    """Who comes next by the plan, while nobody is there."""
    if any(duty.state is not DutyState.OFF for duty in state.duties.values()):
        return None
    shift = comes_next(state, policy.roster, at_ms)
    if shift is None:
        return None
    name = policy.roster.names.get(shift.practitioner)
    return Expected(room=shift.room, practitioner=name, begins_ms=shift.begins_ms)


def _calls(state: SiteState) -> list[Call]:
    summoned = [
        (ticket.summoned_at_ms, ticket.room, ticket)
        for ticket in state.tickets.values()
        if ticket.room is not None and ticket.summoned_at_ms is not None
    ]
    newest = sorted(summoned, key=lambda one: one[0], reverse=True)[:_CALLS_SHOWN]
    return [Call(number=one.number, room=room, at_ms=at_ms, calls=one.calls) for at_ms, room, one in newest]


def _last_numbers(state: SiteState) -> dict[Letter, int]:
    last: dict[Letter, int] = {}
    for ticket in state.tickets.values():
        letter = letter_of(ticket.number)
        last[letter] = max(last.get(letter, 0), count_of(ticket.number))
    return last
