"""What rooms and staff do with tickets, one small rule each.

Rule: only a room with somebody on duty summons a patient; what a patient belongs to (number, place, doctor) is lost by
none of these acts.
"""

from __future__ import annotations

from core.room import commands as c
from core.room import events as e
from core.room.duty import Duty, DutyState
from core.room.ids import RoomId, TicketId
from core.room.passage import Policy, key_ms, next_for, returning
from core.room.rejection import able, called_by, named, reject
from core.room.state import SiteState, Ticket
from core.room.transitions import AT_LARGE, TicketState

__all__ = [
    "acknowledge_warning",
    "back_with_result",
    "call_next",
    "cancel",
    "complete",
    "finished",
    "give_up",
    "has_stayed_away",
    "mark_no_show",
    "park",
    "raise_warning",
    "recall",
    "requeue",
    "requeued",
    "resume",
    "send_to_care",
    "set_priority",
    "start",
    "transfer",
]


def call_next(state: SiteState, room: RoomId, policy: Policy) -> list[e.Event]:
    """Summon the next patient whom the room may serve."""
    duty = _calling(state, room)
    following = next_for(state, room, policy)
    if following is None:
        reject("nobody-waits", f"nobody waits for {room}")
    return [e.TicketCalled(ticket=following.id, room=room, practitioner=duty.practitioner)]


def recall(state: SiteState, room: RoomId, policy: Policy) -> list[e.Event]:
    """Summon the same patient again, a few times at most: a whole waiting room hears it."""
    ticket = called_by(state, room)
    recalled = able(ticket, e.TicketRecalled)
    if ticket.recalls >= policy.max_recalls:
        reject("recalled-enough", f"{ticket.number} has been recalled {ticket.recalls} times")
    return [e.TicketRecalled(ticket=recalled, nth=ticket.recalls + 1)]


def start(state: SiteState, room: RoomId) -> list[e.Event]:
    return [e.ServiceStarted(ticket=able(called_by(state, room), e.ServiceStarted))]


def complete(state: SiteState, room: RoomId, policy: Policy) -> list[e.Event]:
    ticket = called_by(state, room)
    able(ticket, e.TicketCompleted)
    return [finished(ticket, policy)]


def finished(ticket: Ticket, policy: Policy) -> e.TicketCompleted | e.TicketTransferred:
    """What the end of a visit is: of one in the care room, the way back to the doctor who sent the patient there."""
    if ticket.back_to is None:
        return e.TicketCompleted(ticket=ticket.id)
    priority, key = returning(ticket, policy)
    return e.TicketTransferred(
        ticket=ticket.id, service=ticket.back_to, owner=ticket.owner, priority=priority, key_ms=key
    )


def mark_no_show(state: SiteState, room: RoomId) -> list[e.Event]:
    return [e.TicketNotPresent(ticket=able(called_by(state, room), e.TicketNotPresent))]


def park(state: SiteState, room: RoomId) -> list[e.Event]:
    """The patient goes for an exam, and belongs to this room's practitioner until they are back.

    One who was on the way back to another practitioner goes on belonging to that one.
    """
    ticket = called_by(state, room)
    duty = state.on_duty(room)
    owner = ticket.owner if ticket.back_to is not None or duty is None else duty.practitioner
    return [e.TicketParked(ticket=able(ticket, e.TicketParked), owner=owner)]


def resume(state: SiteState, command: c.Resume) -> list[e.Event]:
    """The room that put a patient aside summons them again, past those who wait: the visit goes on."""
    ticket = named(state, command.ticket)
    resumed = able(ticket, e.TicketResumed)
    if ticket.room != command.room:
        reject("not-your-ticket", f"{ticket.number} was put aside by {ticket.room}, which alone resumes it")
    duty = _calling(state, command.room)
    return [e.TicketResumed(ticket=resumed, practitioner=duty.practitioner)]


def requeue(state: SiteState, ticket: TicketId, policy: Policy) -> list[e.Event]:
    """Staff put a patient back among those who wait, at the old place; one who was parked is back from the exam."""
    found = named(state, ticket)
    able(found, e.TicketRequeued)
    if found.state is TicketState.DONE:
        reject("not-now", f"{found.number} is done: with a result the patient shows the slip at the kiosk")
    return [requeued(found, policy)]


def back_with_result(ticket: Ticket, policy: Policy) -> e.TicketRequeued:
    """A visit that is over goes on: the patient brings what was asked for, and waits for the same practitioner."""
    priority, key = returning(ticket, policy)
    return e.TicketRequeued(
        ticket=ticket.id, priority=priority, key_ms=key, returns=ticket.returns + 1, owner=ticket.practitioner
    )


def requeued(ticket: Ticket, policy: Policy) -> e.TicketRequeued:
    """How a ticket waits again."""
    if ticket.state is not TicketState.PARKED:
        return e.TicketRequeued(ticket=ticket.id)
    priority, key = returning(ticket, policy)
    return e.TicketRequeued(ticket=ticket.id, priority=priority, key_ms=key)


def transfer(state: SiteState, command: c.Transfer) -> list[e.Event]:
    """To another service, with the same number and place; no practitioner has a claim on the patient any more."""
    ticket = able(named(state, command.ticket), e.TicketTransferred)
    return [e.TicketTransferred(ticket=ticket, service=command.service)]


def send_to_care(state: SiteState, room: RoomId, policy: Policy) -> list[e.Event]:
    """The patient waits for the care room at the place they have, and then for the doctor who sends them."""
    ticket = called_by(state, room)
    if not policy.care:
        reject("no-care-room", "this centre has no service of care")
    if ticket.service in policy.care:
        reject("not-now", f"{ticket.number} is in the care room already")
    duty = state.on_duty(room)
    return [
        e.TicketTransferred(
            ticket=able(ticket, e.TicketTransferred),
            service=min(policy.care),
            owner=duty.practitioner if duty else None,
            back_to=ticket.service,
        )
    ]


def set_priority(state: SiteState, command: c.SetPriority, policy: Policy) -> list[e.Event]:
    ticket = named(state, command.ticket)
    return [
        e.PriorityChanged(
            ticket=able(ticket, e.PriorityChanged),
            priority=command.priority,
            key_ms=key_ms(ticket.ordered_at_ms, command.priority, policy),
        )
    ]


def cancel(state: SiteState, command: c.Cancel) -> list[e.Event]:
    """Staff withdraw any ticket that is not over; a patient who says on the phone that they left is in no room."""
    ticket = named(state, command.ticket)
    if command.reason == "left" and ticket.state not in AT_LARGE:
        reject("not-now", f"{ticket.number} is {ticket.state}: only staff can withdraw it")
    return [e.TicketCancelled(ticket=able(ticket, e.TicketCancelled), reason=command.reason)]


def give_up(state: SiteState, ticket: TicketId) -> list[e.Event]:
    return [e.TicketCancelled(ticket=able(named(state, ticket), e.TicketCancelled), reason="not-present")]


def has_stayed_away(ticket: Ticket, now_ms: int, policy: Policy) -> bool:
    """Whether an absent patient has lost the place: it is kept for an hour from the last summons."""
    called_ms = ticket.summoned_at_ms or ticket.ordered_at_ms
    return ticket.state is TicketState.NO_SHOW and now_ms - called_ms >= policy.return_min * 60_000


def raise_warning(state: SiteState, command: c.RaiseWarning) -> list[e.Event]:
    """Call the team; one that this device has called and nobody has acknowledged stays as it is."""
    if command.device is None:
        raise ValueError("a warning names the device where it was raised")
    return [] if command.device in state.warned_from else [e.WarningRaised(device=command.device)]


def acknowledge_warning(state: SiteState, room: RoomId) -> list[e.Event]:
    if state.warning is None:
        reject("no-warning", "no warning rings")
    return [e.WarningAcknowledged(room=room)]


def _calling(state: SiteState, room: RoomId) -> Duty:
    """The duty of a room that can summon somebody now: there, not on a break, and free."""
    duty = state.on_duty(room)
    if duty is None or duty.state is not DutyState.ON:
        reject("not-on-duty", f"{room} is off duty or on pause: press once to take patients")
    busy = state.in_room(room)
    if busy is not None:
        reject("room-busy", f"{room} is with {busy.number}")
    return duty
