"""What people in a waiting room and doctors in their rooms know, told from the events alone.

The rules are said a second time here, in the simplest way, so that the code under test cannot agree with itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass, field

from core.room import events as e
from core.room.ids import Number, PractitionerId, RoomId, ServiceId, TicketId
from core.room.state import SiteState

__all__ = ["HEAD_START_MIN", "Person", "Watcher"]

HEAD_START_MIN = {"urgent": 600, "soon": 120, "card": 60, "return": 45, "courtesy": 20, "ordinary": 0}
"""As decided with the doctors; a change here is a change of what people are promised."""


@dataclass
class Person:
    """What the person in the waiting room knows of their own place."""

    came_ms: int
    number: Number
    head_start_min: int = 0
    room: RoomId | None = None
    """The last one that called them."""
    is_inside: bool = False
    is_at_an_exam: bool = False
    is_in_care: bool = False
    """Sent there by a doctor, and not back yet."""
    doctor: PractitionerId | None = None
    """To whom they come back."""

    def place(self) -> tuple[int, int, str]:
        """When they count as having come; then when they came, then by number."""
        return self.came_ms - 60_000 * self.head_start_min, self.came_ms, self.number

    def comes_back(self) -> None:
        self.head_start_min = max(self.head_start_min, HEAD_START_MIN["return"])


@dataclass
class Watcher:
    """A centre as its people see it."""

    offered: Mapping[RoomId, frozenset[ServiceId]]
    people: dict[TicketId, Person] = field(default_factory=dict)
    doctors: dict[RoomId, PractitionerId] = field(default_factory=dict)
    """Who is on duty, or on a break."""
    on_pause: set[RoomId] = field(default_factory=set)
    ringing: int = 0
    """Warnings that nobody has acknowledged."""
    placed_anew: set[TicketId] = field(default_factory=set)
    """Whose place somebody has changed since this was last emptied."""

    def everybody(self) -> dict[TicketId, Person]:
        """How it is for the people now."""
        return {ticket: copy(person) for ticket, person in self.people.items()}

    def inside(self, tickets: Collection[TicketId]) -> dict[RoomId, list[TicketId]]:
        """Who is in which room."""
        inside = defaultdict(list)
        for ticket in tickets:
            person = self.people[ticket]
            if person.is_inside and person.room is not None:
                inside[person.room].append(ticket)
        return inside

    def who_is_next(self, state: SiteState, room: RoomId) -> TicketId:
        """Of those who wait for what the room offers and for nobody else, the one before whom nobody goes."""
        waiting = [
            one.id
            for one in state.tickets.values()
            if one.state == "waiting" and self._may_go(one.id, one.service, room)
        ]
        return min(waiting, key=lambda one: self.people[one].place())

    def _may_go(self, ticket: TicketId, service: ServiceId, room: RoomId) -> bool:
        if service not in self.offered[room]:
            return False
        person = self.people[ticket]
        theirs = next((one for one, doctor in self.doctors.items() if doctor == person.doctor), None)
        return person.is_in_care or theirs in (None, room) or service not in self.offered[theirs]

    def hear(self, event: e.Event) -> None:
        """Learn what has happened."""
        self._hear_of_doctors(event)
        self._hear_of_people(event)

    def _hear_of_doctors(self, event: e.Event) -> None:
        match event:
            case e.DutyBegan():
                self.doctors[event.room] = event.practitioner
                self.on_pause.discard(event.room)
            case e.DutyPaused():
                self.on_pause.add(event.room)
            case e.DutyResumed():
                self.on_pause.remove(event.room)
            case e.DutyEnded():
                del self.doctors[event.room]
                self.on_pause.discard(event.room)
            case e.WarningRaised():
                self.ringing += 1
            case e.WarningAcknowledged():
                self.ringing -= 1
            case e.DayOpened():
                self.ringing = 0
            case e.ActUndone(duty=e.Duty() as duty):
                self.doctors.pop(event.room, None)
                self.on_pause.discard(event.room)
                if duty.state is not e.DutyState.OFF:
                    self.doctors[event.room] = duty.practitioner
                if duty.state is e.DutyState.PAUSE:
                    self.on_pause.add(event.room)

    def _hear_of_people(self, event: e.Event) -> None:
        match event:
            case e.TicketCalled() | e.TicketResumed():
                person = self.people[event.ticket]
                if isinstance(event, e.TicketCalled):
                    person.room = event.room
                assert person.room in self.doctors.keys() - self.on_pause, "only a room on duty calls"
                person.is_inside, person.is_at_an_exam = True, False
            case e.TicketParked():
                person = self.people[event.ticket]
                person.is_inside, person.is_at_an_exam, person.doctor = False, True, event.owner
            case e.TicketRequeued():
                person = self.people[event.ticket]
                if person.is_at_an_exam:
                    person.comes_back()
                    self.placed_anew.add(event.ticket)
                person.is_inside = person.is_at_an_exam = False
            case e.TicketTransferred():
                person = self.people[event.ticket]
                if person.is_in_care and event.owner is not None:
                    person.comes_back()
                    self.placed_anew.add(event.ticket)
                person.is_inside, person.is_in_care = False, event.back_to is not None
                person.doctor = event.owner
            case e.PriorityChanged():
                self.people[event.ticket].head_start_min = HEAD_START_MIN[event.priority]
                self.placed_anew.add(event.ticket)
            case e.TicketCompleted() | e.TicketNotPresent() | e.TicketCancelled():
                self.people[event.ticket].is_inside = False
