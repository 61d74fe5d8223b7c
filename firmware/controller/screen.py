"""What the centre's screens, lamps and kiosks are told: a projection of the state, whole every time."""

from __future__ import annotations

from collections.abc import Sequence

from core.room.ids import Letter, RoomId
from core.room.numbering import count_of, letter_of
from core.room.passage import order_of_passage
from core.room.state import SiteState, Ticket
from core.room.transitions import TicketState
from core.wire.messages import BoardRoom, Call, Screen, Waiting

__all__ = ["screen_of"]

_CALLS_SHOWN = 8
"""Those who looked away find their number among the last ones called."""


def screen_of(
    state: SiteState,
    rooms: Sequence[RoomId],
    *,
    epoch: str,
    rev: int,
    beat: str,
    at_ms: int,
    is_gathering: bool = False,
) -> Screen:
    """The screen of a state.

    Args:
        rooms: every room of the site, in the order of the centre's file.
    """
    return Screen(
        epoch=epoch,
        rev=rev,
        beat=beat,
        at_ms=at_ms,
        is_gathering=is_gathering,
        day=state.day,
        rooms=[_room(room, state.in_room(room)) for room in rooms],
        calls=_calls(state),
        waiting=[Waiting(number=ticket.number, service=ticket.service) for ticket in order_of_passage(state)],
        last_numbers=_last_numbers(state),
        letters={disk: grant.letter for disk, grant in state.grants.items()},
    )


def _room(room: RoomId, ticket: Ticket | None) -> BoardRoom:
    if ticket is None:
        return BoardRoom(room=room)
    return BoardRoom(room=room, number=ticket.number, is_in_service=ticket.state is TicketState.IN_SERVICE)


def _calls(state: SiteState) -> list[Call]:
    summoned = [
        Call(number=ticket.number, room=ticket.room, at_ms=ticket.summoned_at_ms, calls=ticket.calls)
        for ticket in state.tickets.values()
        if ticket.room is not None and ticket.summoned_at_ms is not None
    ]
    return sorted(summoned, key=lambda call: call.at_ms, reverse=True)[:_CALLS_SHOWN]


def _last_numbers(state: SiteState) -> dict[Letter, int]:
    last: dict[Letter, int] = {}
    for ticket in state.tickets.values():
        letter = letter_of(ticket.number)
        last[letter] = max(last.get(letter, 0), count_of(ticket.number))
    return last
