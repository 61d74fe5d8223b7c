"""From a command to its events, or to a rejection that says why and changes nothing.

Rule: this is the only place where policy meets state. It is pure: ids and the time come in, events come out, and they
have not happened until the journal has them.
"""

from __future__ import annotations

import re
from typing import NoReturn

from core.room import commands as c
from core.room import events as e
from core.room.ids import Letter, Number, RoomId, TicketId
from core.room.numbering import free_letter, letter_of
from core.room.passage import Policy, key_ms, next_for
from core.room.slips import is_plausible, presented, told_again
from core.room.state import SiteState, Ticket
from core.room.transitions import ENDED, TicketEvent, TicketState, is_allowed

__all__ = ["CommandRejected", "decide", "decide_or_refuse", "overdue", "press"]

_NUMBER = re.compile(r"[A-Z][0-9]{3}")


_CLOSED_MS = 6 * 3_600_000
"""From closing at 22:00 to the new day at 4:00: who came less than this ago may be sitting there, whatever the hour."""


_DISKS_A_DAY = 6
"""Of one kiosk: four kiosks that go through as many are within the alphabet."""


class CommandRejected(Exception):
    """A command that cannot be done now; the state is untouched.

    Attributes:
        code: a stable word for programs and catalogues: `nobody-waits`, `no-ticket-in-room`, `unknown-ticket`, …
    """

    def __init__(self, code: str, because: str) -> None:
        super().__init__(because)
        self.code = code


def decide(state: SiteState, command: c.Command, now_ms: int, policy: Policy) -> list[e.Event]:
    """What follows from a command.

    Args:
        now_ms: the site clock.

    Raises:
        CommandRejected: it cannot be done in this state.
    """
    match command:
        case c.OpenDay():
            return _open_day(state, command, now_ms)
        case c.SetClock():
            return _set_clock(state, command)
        case c.GrantLetter():
            return _grant_letter(state, command)
        case c.AdmitTicket():
            return _admit(state, command, policy)
        case c.ReportPrint():
            return [_print_reported(state, command)]
        case c.RefuseReport():
            _follows(state, command)
            return [_refused(command, command.code)]
        case c.PresentSlip():
            return _present(state, command, now_ms, policy)
        case c.Press():
            return press(state, command.room, now_ms, policy)
        case c.CallNext():
            return _call_next(state, command.room, policy)
        case c.Recall():
            return [e.TicketRecalled(ticket=_can(_in_room(state, command.room), e.TicketRecalled))]
        case c.Start():
            return [e.ServiceStarted(ticket=_can(_in_room(state, command.room), e.ServiceStarted))]
        case c.Complete():
            return [e.TicketCompleted(ticket=_can(_in_room(state, command.room), e.TicketCompleted))]
        case c.MarkNoShow():
            return [e.TicketNotPresent(ticket=_can(_in_room(state, command.room), e.TicketNotPresent))]
        case c.Park():
            return [e.TicketParked(ticket=_can(_in_room(state, command.room), e.TicketParked))]
        case c.Resume():
            return _resume(state, command)
        case c.Requeue():
            return [e.TicketRequeued(ticket=_can(_named(state, command.ticket), e.TicketRequeued))]
        case c.Transfer():
            ticket = _can(_named(state, command.ticket), e.TicketTransferred)
            return [e.TicketTransferred(ticket=ticket, service=command.service)]
        case c.SetPriority():
            return _set_priority(state, command, policy)
        case c.Cancel():
            ticket = _can(_named(state, command.ticket), e.TicketCancelled)
            return [e.TicketCancelled(ticket=ticket, reason=command.reason)]


def decide_or_refuse(
    state: SiteState, report: c.AdmitTicket | c.ReportPrint | c.RefuseReport, policy: Policy
) -> list[e.Event]:
    """As `decide`, for a kiosk's report: one that cannot be true is recorded as refused, and the next can follow."""
    try:
        return decide(state, report, 0, policy)
    except CommandRejected as rejected:
        return [_refused(report, rejected.code)]


def press(state: SiteState, room: RoomId, now_ms: int, policy: Policy) -> list[e.Event]:
    """What the one button of a room means.

    Nobody called: call the next. Just called: summon the same patient again. Within the grace time: nobody came, call
    the next. Later: the visit is over, call the next. When nobody waits, what ends is still ended.
    """
    ticket = state.in_room(room)
    if ticket is None:
        return _call_next(state, room, policy)
    called_for_s = (now_ms - (ticket.summoned_at_ms or now_ms)) / 1000
    came = ticket.state is TicketState.IN_SERVICE or called_for_s >= policy.grace_s
    if not came and called_for_s < policy.recall_window_s:
        return [e.TicketRecalled(ticket=ticket.id)]
    last = e.TicketCompleted(ticket=ticket.id) if came else e.TicketNotPresent(ticket=ticket.id)
    following = next_for(state, room, policy)
    return [last, e.TicketCalled(ticket=following.id, room=room)] if following else [last]


def overdue(state: SiteState, now_ms: int, policy: Policy) -> list[c.Command]:
    """What time alone brings about: whoever was called a grace time ago and not said absent is with the doctor."""
    return [
        c.Start(room=ticket.room)
        for ticket in state.tickets.values()
        if ticket.state is TicketState.CALLED
        and ticket.room is not None
        and now_ms - (ticket.summoned_at_ms or now_ms) >= policy.grace_s * 1000
    ]


def _open_day(state: SiteState, command: c.OpenDay, now_ms: int) -> list[e.Event]:
    """Nothing live is lost silently: who came since the day began, or waits for less than a closed night or nobody
    knows how long, goes on in the new day; all others are cancelled, each by an event.
    """
    if state.day is not None and command.day <= state.day:
        _reject("day-already-open", f"the day {state.day} is open; a day never begins again or earlier")
    carried: list[TicketId] = []
    events: list[e.Event] = []
    for ticket in state.tickets.values():
        is_live = ticket.state not in ENDED
        is_young = ticket.is_doubtful or now_ms - ticket.ordered_at_ms < _CLOSED_MS
        if ticket.ordered_at_ms >= command.began_ms or (is_live and is_young):
            carried.append(ticket.id)
        elif is_live:
            events.append(e.TicketCancelled(ticket=ticket.id, reason="day-over"))
    return [*events, e.DayOpened(day=command.day, carried=tuple(carried) or None)]


def _set_clock(state: SiteState, command: c.SetClock) -> list[e.Event]:
    late = [ticket.id for ticket in state.tickets.values() if ticket.is_doubtful or not command.was_in_doubt]
    return [e.ClockSet(by_ms=command.by_ms, tickets=tuple(late))]


def _grant_letter(state: SiteState, command: c.GrantLetter) -> list[e.Event]:
    if command.disk in state.grants:
        return []
    if sum(grant.kiosk == command.kiosk for grant in state.grants.values()) >= _DISKS_A_DAY:
        _reject(
            "too-many-disks", f"{command.kiosk} has had {_DISKS_A_DAY} disks today; the other kiosks need letters too"
        )
    held = {grant.letter for grant in state.grants.values()}
    if command.letter is not None and command.letter not in held:
        letter: Letter | None = command.letter
    else:
        letter = free_letter(held | {letter_of(ticket.number) for ticket in state.tickets.values()})
    if letter is None:
        _reject("no-letter-free", "all 26 letters are held by kiosk disks of this day")
    return [e.LetterGranted(disk=command.disk, kiosk=command.kiosk, letter=letter)]


def _admit(state: SiteState, command: c.AdmitTicket, policy: Policy) -> list[e.Event]:
    _follows(state, command)
    grant = state.grants.get(command.disk)
    if grant is None or grant.letter != letter_of(command.number):
        _reject(
            "letter-not-held", f"{command.kiosk} numbers {command.number} under a letter that its disk does not hold"
        )
    holders = [state.with_number(command.number), state.tickets.get(command.ticket)]
    if any(one and one.kiosk and (one.id, one.number) != (command.ticket, command.number) for one in holders):
        _reject("number-taken", f"{command.number} is already in someone's hand today")
    known = told_again(state, command, policy)
    if known is not None:
        return [known]
    return [
        e.TicketIssued(
            ticket=command.ticket,
            number=command.number,
            token=command.token,
            service=command.service,
            language=command.language,
            kiosk=command.kiosk,
            disk=command.disk,
            disk_seq=command.disk_seq,
            ordered_at_ms=command.ordered_at_ms,
            priority=e.Priority.ORDINARY,
            key_ms=key_ms(command.ordered_at_ms, e.Priority.ORDINARY, policy),
            is_doubtful=True if command.is_doubtful else None,
        )
    ]


def _print_reported(state: SiteState, command: c.ReportPrint) -> e.Event:
    _follows(state, command)
    return e.PrintReported(ticket=command.ticket, outcome=command.outcome, disk=command.disk, disk_seq=command.disk_seq)


def _follows(state: SiteState, report: c.AdmitTicket | c.ReportPrint | c.RefuseReport) -> None:
    expected = state.reported.get(report.disk, 0) + 1
    if report.disk_seq < expected:
        raise ValueError(f"report {report.disk_seq} of disk {report.disk} where {expected} follows")


def _refused(report: c.AdmitTicket | c.ReportPrint | c.RefuseReport, code: str) -> e.Event:
    return e.ReportRefused(kiosk=report.kiosk, disk=report.disk, disk_seq=report.disk_seq, code=code)


def _call_next(state: SiteState, room: RoomId, policy: Policy) -> list[e.Event]:
    busy = state.in_room(room)
    if busy:
        _reject("room-busy", f"{room} is with {busy.number}")
    following = next_for(state, room, policy)
    if following is None:
        _reject("nobody-waits", f"nobody waits for {room}")
    return [e.TicketCalled(ticket=following.id, room=room)]


def _resume(state: SiteState, command: c.Resume) -> list[e.Event]:
    ticket = _named(state, command.ticket)
    resumed = _can(ticket, e.TicketResumed)
    if ticket.room != command.room:
        _reject("not-your-ticket", f"{ticket.number} was put aside by {ticket.room}, which alone resumes it")
    busy = state.in_room(command.room)
    if busy:
        _reject("room-busy", f"{command.room} is with {busy.number}")
    return [e.TicketResumed(ticket=resumed)]


def _set_priority(state: SiteState, command: c.SetPriority, policy: Policy) -> list[e.Event]:
    ticket = _named(state, command.ticket)
    return [
        e.PriorityChanged(
            ticket=_can(ticket, e.PriorityChanged),
            priority=command.priority,
            key_ms=key_ms(ticket.ordered_at_ms, command.priority, policy),
        )
    ]


def _present(state: SiteState, command: c.PresentSlip, now_ms: int, policy: Policy) -> list[e.Event]:
    ticket = state.with_slip(command.slip)
    if ticket is None:
        if not _NUMBER.fullmatch(command.slip) or not is_plausible(state, Number(command.slip)):
            _reject("unknown-slip", f"no ticket of today has the slip {command.slip}")
        return [presented(state, command, Number(command.slip), now_ms, policy)]
    if ticket.state is TicketState.WAITING:
        return []
    if ticket.state in ENDED:
        _reject("ticket-over", f"{ticket.number} is {ticket.state}")
    if ticket.state not in (TicketState.TO_CONFIRM, TicketState.NO_SHOW):
        _reject("already-called", f"{ticket.number} is {ticket.state} in {ticket.room}")
    return [e.TicketRequeued(ticket=ticket.id)]


def _in_room(state: SiteState, room: RoomId) -> Ticket:
    ticket = state.in_room(room)
    if ticket is None:
        _reject("no-ticket-in-room", f"{room} has called nobody")
    return ticket


def _named(state: SiteState, ticket: TicketId) -> Ticket:
    if ticket not in state.tickets:
        _reject("unknown-ticket", f"no ticket {ticket} today")
    return state.tickets[ticket]


def _can(ticket: Ticket, event: type[TicketEvent]) -> TicketId:
    if not is_allowed(ticket.state, event):
        _reject("not-now", f"{ticket.number} is {ticket.state}: {event.__name__} cannot follow")
    return ticket.id


def _reject(code: str, because: str) -> NoReturn:
    raise CommandRejected(code, because)
