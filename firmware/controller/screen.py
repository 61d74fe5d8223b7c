"""What the centre's screens, lamps and kiosks are told: a projection of the state, whole every time."""

from __future__ import annotations

from collections.abc import Sequence

from core.room.duty import DutyState
from core.room.ids import Letter, RoomId
from core.room.numbering import count_of, letter_of
from core.room.passage import Policy, may_serve, order_of_passage
from core.room.roster import comes_next, doubts
from core.room.standing import standing_of
from core.room.state import SiteState, Ticket
from core.room.transitions import TicketState
from core.wire.messages import BoardRoom, Call, Doubt, Elsewhere, Expected, Parked, Ringing, Screen, Waiting

__all__ = ["screen_of"]

_CALLS_SHOWN = 8
"""Those who looked away find their number among the last ones called."""
_NEXT_SHOWN = 3
_PARKED_SHOWN = 20
_ELSEWHERE_SHOWN = 3
_BEHIND_SHOWN = 30
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
    elsewhere: Sequence[Elsewhere] = (),
    heard: Sequence[RoomId] = (),
) -> Screen:
    """The screen of a state.

    Args:
        rooms: every room of the site, in the order of the centre's file.
        is_hour_certain: whether a time server has told the hour; only then is anything said that a plan or a week of
            opening hours makes of it.
        elsewhere: other centres that give tickets, nearest first; shown while this one gives none.
        heard: the rooms whose unit lets the warning ring.
    """
    order = order_of_passage(state)
    parked = [ticket for ticket in state.tickets.values() if ticket.state is TicketState.PARKED]
    going_by = policy if is_hour_certain else policy.without_hours()
    standing = standing_of(going_by.opening, at_ms, is_stopped=state.intake.is_stopped)
    names = policy.roster.names
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
        intake=standing.intake,
        opens_ms=standing.opens_ms,
        closes_ms=standing.closes_ms,
        newcomers=dict(state.newcomers),
        expected=_expected(state, going_by, at_ms),
        elsewhere=[] if standing.intake == "open" else list(elsewhere[:_ELSEWHERE_SHOWN]),
        warning=_ringing(state, heard),
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


def _expected(state: SiteState, policy: Policy, at_ms: int) -> Expected | None:
    """Who comes next by the plan, while nobody is there."""
    if any(duty.state is not DutyState.OFF for duty in state.duties.values()):
        return None
    shift = comes_next(state, policy.roster, at_ms)
    if shift is None:
        return None
    name = policy.roster.names.get(shift.practitioner)
    return Expected(room=shift.room, practitioner=name, begins_ms=shift.begins_ms)


def _ringing(state: SiteState, heard: Sequence[RoomId]) -> Ringing | None:
    if state.warning is None:
        return None
    behind = [one.device for one in state.warnings_behind]
    return Ringing(
        device=state.warning.device, at_ms=state.warning.at_ms, heard=list(heard), behind=behind[:_BEHIND_SHOWN]
    )


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
