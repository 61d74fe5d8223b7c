"""From a command to its events, or to a rejection that says why and changes nothing.

Rule: this is the only place where policy meets state. It is pure: ids and the time come in, events come out, and they
have not happened until the journal has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.room import commands as c
from core.room import events as e
from core.room import intake, presence, staff
from core.room.ids import Letter, Number, TicketId
from core.room.numbering import free_letter, letter_of
from core.room.passage import Policy, key_ms
from core.room.press import press
from core.room.rejection import CommandRejected, reject
from core.room.slips import is_plausible, presented, told_again
from core.room.state import SiteState
from core.room.transitions import ENDED, IN_ROOM, TicketState

__all__ = ["CommandRejected", "decide", "decide_or_refuse", "overdue", "press"]

_NUMBER = re.compile(r"[A-Z][0-9]{3}")


_CLOSED_MS = 6 * 3_600_000
"""From closing at 22:00 to the new day at 4:00: who came less than this ago may be sitting there, whatever the hour."""


_DISKS_A_DAY = 6
"""Of one kiosk: four kiosks that go through as many are within the alphabet."""


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
            return staff.call_next(state, command.room, policy)
        case c.Recall():
            return staff.recall(state, command.room, policy)
        case c.Start():
            return staff.start(state, command.room)
        case c.Complete():
            return staff.complete(state, command.room, policy)
        case c.MarkNoShow():
            return staff.mark_no_show(state, command.room)
        case c.Park():
            return staff.park(state, command.room)
        case c.Resume():
            return staff.resume(state, command)
        case c.Requeue():
            return staff.requeue(state, command.ticket, policy)
        case c.Transfer():
            return staff.transfer(state, command)
        case c.SendToCare():
            return staff.send_to_care(state, command.room, policy)
        case c.SetPriority():
            return staff.set_priority(state, command, policy)
        case c.Cancel():
            return staff.cancel(state, command)
        case c.GiveUp():
            return staff.give_up(state, command.ticket)
        case c.RaiseWarning():
            return staff.raise_warning(state, command)
        case c.AcknowledgeWarning():
            return staff.acknowledge_warning(state, command.room)
        case c.ComeOnDuty():
            return presence.come_on_duty(state, command, now_ms, policy)
        case c.Pause():
            return presence.pause(state, command.room)
        case c.Leave():
            return presence.leave(state, command.room, now_ms, policy)
        case c.GoOffDuty():
            return presence.go_off_duty(state, command.room, now_ms, policy)
        case c.StayUntil():
            return presence.stay(state, command, now_ms)
        case c.EndDuty():
            return presence.end_silent(state, command.room, policy)
        case c.StopIntake():
            return [] if state.intake.is_stopped else [e.IntakeStopped()]
        case c.ResumeIntake():
            return [e.IntakeReopened()] if state.intake.is_stopped else []
        case c.ReopenIntake():
            return intake.reopened(state, command.room)
        case c.Undo():
            raise CommandRejected("nothing-to-undo", "a state remembers no act: the controller does, for `undo.undo`")


def decide_or_refuse(
    state: SiteState, report: c.AdmitTicket | c.ReportPrint | c.RefuseReport, policy: Policy
) -> list[e.Event]:
    """As `decide`, for a kiosk's report: one that cannot be true is recorded as refused, and the next can follow."""
    try:
        return decide(state, report, 0, policy)
    except CommandRejected as rejected:
        return [_refused(report, rejected.code)]


def overdue(state: SiteState, now_ms: int, policy: Policy) -> list[c.Command]:
    """What time alone brings about; none of it can be rejected, in this order.

    Whoever was called a grace time ago and not said absent is with the doctor. Whoever was absent for too long does not
    come back. Who is past the end and silent has left. An evening becomes full, or has room again.
    """
    return [
        *_arrived(state, now_ms, policy),
        *(c.GiveUp(ticket=one.id) for one in state.tickets.values() if staff.has_stayed_away(one, now_ms, policy)),
        *(c.EndDuty(room=room) for room in state.duties if presence.has_left(state, room, now_ms, policy)),
        *_intake(state, now_ms, policy),
    ]


def _arrived(state: SiteState, now_ms: int, policy: Policy) -> Iterator[c.Command]:
    for ticket in state.tickets.values():
        called_for_ms = now_ms - (ticket.summoned_at_ms or now_ms)
        if ticket.state is TicketState.CALLED and ticket.room and called_for_ms >= policy.grace_s * 1000:
            yield c.Start(room=ticket.room)


def _intake(state: SiteState, now_ms: int, policy: Policy) -> Iterator[c.Command]:
    should_stop = intake.should_stop(state, now_ms, policy)
    if should_stop is not state.intake.is_stopped:
        yield c.StopIntake() if should_stop else c.ResumeIntake()


def _open_day(state: SiteState, command: c.OpenDay, now_ms: int) -> list[e.Event]:
    """Nothing live is lost silently: who came since the day began, or waits for less than a closed night or nobody
    knows how long, goes on in the new day; all others are cancelled, each by an event.
    """
    if state.day is not None and command.day <= state.day:
        reject("day-already-open", f"the day {state.day} is open; a day never begins again or earlier")
    carried: list[TicketId] = []
    events: list[e.Event] = []
    for ticket in state.tickets.values():
        is_live = ticket.state not in ENDED
        is_young = ticket.is_doubtful or now_ms - ticket.ordered_at_ms < _CLOSED_MS
        if ticket.ordered_at_ms >= command.began_ms or (is_live and is_young):
            carried.append(ticket.id)
        elif is_live:
            events.append(e.TicketCancelled(ticket=ticket.id, reason="day-over"))
    staying = [state.tickets[one] for one in carried]
    busy = {one.room for one in staying if one.room and one.state in IN_ROOM}
    events += presence.day_over(state, command.began_ms, busy)
    return [*events, e.DayOpened(day=command.day, carried=tuple(carried) or None)]


def _set_clock(state: SiteState, command: c.SetClock) -> list[e.Event]:
    late = [ticket.id for ticket in state.tickets.values() if ticket.is_doubtful or not command.was_in_doubt]
    rooms = [duty.room for duty in state.duties.values() if duty.is_doubtful or not command.was_in_doubt]
    return [e.ClockSet(by_ms=command.by_ms, tickets=tuple(late), rooms=tuple(rooms) or None)]


def _grant_letter(state: SiteState, command: c.GrantLetter) -> list[e.Event]:
    if command.disk in state.grants:
        return []
    if sum(grant.kiosk == command.kiosk for grant in state.grants.values()) >= _DISKS_A_DAY:
        reject(
            "too-many-disks", f"{command.kiosk} has had {_DISKS_A_DAY} disks today; the other kiosks need letters too"
        )
    held = {grant.letter for grant in state.grants.values()}
    if command.letter is not None and command.letter not in held:
        letter: Letter | None = command.letter
    else:
        letter = free_letter(held | {letter_of(ticket.number) for ticket in state.tickets.values()})
    if letter is None:
        reject("no-letter-free", "all 26 letters are held by kiosk disks of this day")
    return [e.LetterGranted(disk=command.disk, kiosk=command.kiosk, letter=letter)]


def _admit(state: SiteState, command: c.AdmitTicket, policy: Policy) -> list[e.Event]:
    _follows(state, command)
    grant = state.grants.get(command.disk)
    if grant is None or grant.letter != letter_of(command.number):
        reject(
            "letter-not-held", f"{command.kiosk} numbers {command.number} under a letter that its disk does not hold"
        )
    holders = [state.with_number(command.number), state.tickets.get(command.ticket)]
    if any(one and one.kiosk and (one.id, one.number) != (command.ticket, command.number) for one in holders):
        reject("number-taken", f"{command.number} is already in someone's hand today")
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
            priority=command.claim,
            key_ms=key_ms(command.ordered_at_ms, command.claim, policy),
            is_doubtful=True if command.is_doubtful else None,
            wait=command.wait,
            is_claimed=None if command.claim is e.Priority.ORDINARY else True,
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


def _present(state: SiteState, command: c.PresentSlip, now_ms: int, policy: Policy) -> list[e.Event]:
    ticket = state.with_slip(command.slip)
    if ticket is None:
        if not _NUMBER.fullmatch(command.slip) or not is_plausible(state, Number(command.slip)):
            reject("unknown-slip", f"no ticket of today has the slip {command.slip}")
        return [presented(state, command, Number(command.slip), now_ms, policy)]
    if ticket.state is TicketState.WAITING:
        return []
    if ticket.state is TicketState.DONE and command.with_result and ticket.returns < policy.max_returns:
        return [staff.back_with_result(ticket, policy)]
    if ticket.state in ENDED or staff.has_stayed_away(ticket, now_ms, policy):
        reject("ticket-over", f"{ticket.number} is {ticket.state}")
    if ticket.state in IN_ROOM:
        reject("already-called", f"{ticket.number} is {ticket.state} in {ticket.room}")
    if ticket.state is TicketState.NO_SHOW:
        if ticket.returns >= policy.max_returns:
            reject("ticket-over", f"{ticket.number} was absent and came back {ticket.returns} times")
        return [e.TicketRequeued(ticket=ticket.id, returns=ticket.returns + 1)]
    return [staff.requeued(ticket, policy)]
