"""The life of a ticket, as a table that can be read aloud. Rule: everything about which state follows which is here."""

from __future__ import annotations

from collections.abc import Mapping

from core.room import events as e
from core.room.ticket_events import TicketEvent, TicketState

__all__ = ["AT_LARGE", "ENDED", "IN_ROOM", "TRANSITIONS", "TicketEvent", "TicketState", "is_allowed"]

_S = TicketState

TRANSITIONS: Mapping[TicketState, Mapping[type[TicketEvent], TicketState]] = {
    _S.WAITING: {
        e.TicketCalled: _S.CALLED,
        e.TicketTransferred: _S.WAITING,
        e.PriorityChanged: _S.WAITING,
        e.TicketCancelled: _S.CANCELLED,
    },
    _S.CALLED: {
        e.TicketRecalled: _S.CALLED,
        e.ServiceStarted: _S.IN_SERVICE,
        e.TicketCompleted: _S.DONE,
        e.TicketNotPresent: _S.NO_SHOW,
        e.TicketParked: _S.PARKED,
        e.TicketRequeued: _S.WAITING,
        e.TicketTransferred: _S.WAITING,
        e.TicketCancelled: _S.CANCELLED,
    },
    _S.IN_SERVICE: {
        e.TicketCompleted: _S.DONE,
        e.TicketParked: _S.PARKED,
        e.TicketTransferred: _S.WAITING,
        e.TicketCancelled: _S.CANCELLED,
    },
    _S.PARKED: {
        e.TicketResumed: _S.CALLED,
        e.TicketRequeued: _S.WAITING,
        e.TicketCancelled: _S.CANCELLED,
    },
    _S.NO_SHOW: {
        e.TicketRequeued: _S.WAITING,
        e.TicketCancelled: _S.CANCELLED,
    },
    _S.TO_CONFIRM: {
        e.TicketRequeued: _S.WAITING,
        e.TicketCancelled: _S.CANCELLED,
    },
    _S.DONE: {
        e.TicketRequeued: _S.WAITING,
    },
    _S.CANCELLED: {},
}

IN_ROOM = frozenset({_S.CALLED, _S.IN_SERVICE})
"""A room holds at most one ticket in these states."""

AT_LARGE = frozenset({_S.WAITING, _S.PARKED, _S.NO_SHOW})
"""In no room and to be seen: who is so can leave without a word to anybody."""

ENDED = frozenset({_S.DONE, _S.CANCELLED})
"""Nobody is expected any more; only who is back with a result of a visit waits again."""


def is_allowed(state: TicketState, event: type[TicketEvent]) -> bool:
    return event in TRANSITIONS[state]
