"""Slips whose ticket the journal does not know as a kiosk has just given it: told of once more, or shown by a patient.

Rule: pure, and the patient's side is taken: what may have been seen is never called by itself, what is in a hand is
never lost.
"""

from __future__ import annotations

from dataclasses import asdict, replace

from core.room import events as e
from core.room.commands import AdmitTicket, PresentSlip
from core.room.ids import DiskId, Number, TicketId
from core.room.numbering import count_of, letter_of
from core.room.passage import Policy, key_ms
from core.room.state import SiteState, Ticket
from core.room.transitions import TicketState

__all__ = ["is_plausible", "presented", "restored", "told_again"]

_UNTOLD = 20
"""Slips that a kiosk which is cut off may have given beyond the last one that is known; more is a typing error."""


def restored(
    ticket: Ticket, *, disk: DiskId | None = None, disk_seq: int | None = None, replaces: TicketId | None = None
) -> e.TicketRestored:
    """The event that brings a ticket about exactly as it is."""
    fields = asdict(ticket)
    fields |= {name: fields[name] or None for name in ("is_doubtful", "is_claimed", "recalls", "returns")}
    return e.TicketRestored(ticket=fields.pop("id"), disk=disk, disk_seq=disk_seq, replaces=replaces, **fields)


def told_again(state: SiteState, told: AdmitTicket, policy: Policy) -> e.TicketRestored | None:
    """What a kiosk's ticket is, where a lost journal may have known it or only its number is known; None if it is new.

    A stand-in keeps its place and what became of it, unless the kiosk gave the slip after the stand-in was made: then
    somebody had mistyped a number that nobody held yet.
    """
    known = state.tickets.get(told.ticket)
    if known is not None:
        return restored(replace(known, kiosk=told.kiosk), disk=told.disk, disk_seq=told.disk_seq)
    stand_in = state.with_number(told.number)
    if stand_in is None and not told.was_told:
        return None
    ticket = Ticket(
        id=told.ticket,
        number=told.number,
        token=told.token,
        service=told.service,
        language=told.language,
        kiosk=told.kiosk,
        ordered_at_ms=told.ordered_at_ms,
        priority=told.claim,
        key_ms=key_ms(told.ordered_at_ms, told.claim, policy),
        is_claimed=told.claim is not e.Priority.ORDINARY,
        state=TicketState.TO_CONFIRM if told.was_told else TicketState.WAITING,
    )
    if stand_in is not None and (told.was_told or told.ordered_at_ms <= stand_in.ordered_at_ms):
        ticket = replace(
            stand_in, id=told.ticket, token=told.token, service=told.service, language=told.language, kiosk=told.kiosk
        )
    replaces = stand_in.id if stand_in else None
    return restored(ticket, disk=told.disk, disk_seq=told.disk_seq, replaces=replaces)


def is_plausible(state: SiteState, number: Number) -> bool:
    """Whether a number that nobody knows may be on a slip.

    Of a disk that is in use only the next few, which it may not have told yet; of one that is gone, any.
    """
    in_use = {grant.kiosk: grant.letter for grant in state.grants.values()}
    letter = letter_of(number)
    return letter not in in_use.values() or count_of(number) <= _last(state, number) + _UNTOLD


def presented(state: SiteState, shown: PresentSlip, number: Number, now_ms: int, policy: Policy) -> e.TicketPresented:
    """The ticket of a slip that nobody knows: placed by its neighbours' numbers, else as if it were given now."""
    ordered_at_ms = min(now_ms, _given_ms(state, number) or now_ms)
    return e.TicketPresented(
        ticket=shown.ticket,
        number=number,
        token=shown.token,
        service=shown.service,
        language=shown.language,
        ordered_at_ms=ordered_at_ms,
        priority=e.Priority.ORDINARY,
        key_ms=key_ms(ordered_at_ms, e.Priority.ORDINARY, policy),
    )


def _given_ms(state: SiteState, number: Number) -> int | None:
    """When a slip must have been given, from the numbers of its disk around it."""
    count = count_of(number)
    times = {count_of(one.number): one.ordered_at_ms for one in _of_same_letter(state, number)}
    later = [at_ms for other, at_ms in times.items() if other > count]
    if later:
        return min(later) - 1
    before = times.get(count - 1)
    return None if before is None else before + 1


def _last(state: SiteState, number: Number) -> int:
    return max((count_of(one.number) for one in _of_same_letter(state, number)), default=0)


def _of_same_letter(state: SiteState, number: Number) -> list[Ticket]:
    return [one for one in state.tickets.values() if letter_of(one.number) == letter_of(number)]
