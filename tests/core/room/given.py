"""A history, a command, and what follows: `given(events).when(command).then(events)`.

Everything given happened at `NINE`; a command, and what follows from it, comes `after_s` later. Tickets are called by
their printed number.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.room import events as e
from core.room.commands import AdmitTicket, Command, PresentSlip, ReportPrint
from core.room.decide import CommandRejected, decide
from core.room.ids import DeviceId, DiskId, Letter, Number, PractitionerId, RoomId, ServiceId, TicketId, Token
from core.room.numbering import letter_of
from core.room.passage import Policy, key_ms
from core.room.state import SiteState, evolve

__all__ = [
    "CONSULTATION",
    "KIOSK",
    "NINE",
    "ROOM_1",
    "ROOM_2",
    "SMALL_WOUND",
    "Given",
    "a_morning",
    "admit",
    "called",
    "disk_of",
    "doctor_of",
    "given",
    "granted",
    "issued",
    "on_duty",
    "present",
    "printed",
    "ticket",
]

NINE = 1_795_334_400_000
"""A Sunday, 22 November 2026, 9:00 in Paris."""

ROOM_1, ROOM_2 = RoomId("room-1"), RoomId("room-2")
CONSULTATION, SMALL_WOUND = ServiceId("consultation"), ServiceId("small-wound")
KIOSK = DeviceId("aubagne-kiosk-1")


def ticket(number: str) -> TicketId:
    return TicketId(f"ticket-{number.lower()}")


def disk_of(letter: str) -> DiskId:
    return DiskId(f"disk-{letter.lower()}")


def granted(letter: str, kiosk: DeviceId = KIOSK) -> e.LetterGranted:
    return e.LetterGranted(disk=disk_of(letter), kiosk=kiosk, letter=Letter(letter))


def issued(
    number: str,
    *,
    minute: float = 0,
    priority: e.Priority = e.Priority.ORDINARY,
    service: ServiceId = CONSULTATION,
    disk_seq: int = 1,
) -> e.TicketIssued:
    """A ticket given some minutes after `NINE`."""
    at_ms = NINE + int(minute * 60_000)
    return e.TicketIssued(
        ticket=ticket(number),
        number=Number(number),
        token=Token(f"token-{number:->10}"),
        service=service,
        language="fr",
        kiosk=KIOSK,
        disk=disk_of(letter_of(Number(number))),
        disk_seq=disk_seq,
        ordered_at_ms=at_ms,
        priority=priority,
        key_ms=key_ms(at_ms, priority, Policy()),
    )


def doctor_of(room: RoomId) -> PractitionerId:
    """Who is on duty in a room, unless a test says otherwise."""
    return PractitionerId(f"doctor-of-{room}")


def on_duty(room: RoomId, *, until_min: float | None = None, who: PractitionerId | None = None) -> e.DutyBegan:
    """A doctor comes at `NINE`, and means to stay until some minutes after it."""
    until_ms = None if until_min is None else NINE + int(until_min * 60_000)
    return e.DutyBegan(room=room, practitioner=who or doctor_of(room), until_ms=until_ms)


def called(number: str, room: RoomId = ROOM_2) -> e.TicketCalled:
    return e.TicketCalled(ticket=ticket(number), room=room, practitioner=doctor_of(room))


def a_morning(*numbers: str) -> list[e.Event]:
    """A day is open, two doctors are on duty, disk A has its letter, and these tickets were given a minute apart."""
    tickets = [issued(number, minute=place, disk_seq=place + 1) for place, number in enumerate(numbers)]
    return [e.DayOpened(day="2026-11-22"), on_duty(ROOM_1), on_duty(ROOM_2), granted("A"), *tickets]


def admit(number: str, *, disk_seq: int = 1) -> AdmitTicket:
    """The kiosk tells of the ticket that `issued` makes."""
    given = issued(number, disk_seq=disk_seq)
    return AdmitTicket(
        ticket=given.ticket,
        number=given.number,
        token=given.token,
        service=given.service,
        language=given.language,
        kiosk=given.kiosk,
        disk=given.disk,
        disk_seq=given.disk_seq,
        ordered_at_ms=given.ordered_at_ms,
    )


def printed(number: str, *, disk_seq: int) -> ReportPrint:
    disk = disk_of(letter_of(Number(number)))
    return ReportPrint(ticket=ticket(number), outcome=e.PrintOutcome.PRINTED, kiosk=KIOSK, disk=disk, disk_seq=disk_seq)


def present(slip: str) -> PresentSlip:
    """A patient types or scans a slip."""
    return PresentSlip(
        slip=slip, ticket=ticket("shown"), token=Token("token-of-a-slip-"), service=CONSULTATION, language="ar"
    )


class Outcome:
    """What a command led to, and on what state."""

    def __init__(
        self, before: Given, events: Sequence[e.Event], at_ms: int, rejected: CommandRejected | None = None
    ) -> None:
        self._before = before
        self.events = events
        self._at_ms = at_ms
        self._rejected = rejected

    def then(self, *events: e.Event) -> Given:
        """Exactly these events follow; go on from there."""
        assert self._rejected is None, f"rejected: {self._rejected}"
        assert list(self.events) == list(events)
        return self.after()

    def after(self) -> Given:
        """The site once this has happened, whatever it was."""
        return Given(self._before.state, self.events, self._before.policy, self._at_ms)

    def then_rejected(self, code: str) -> str:
        """Nothing follows, for this reason; the sentence that says so."""
        assert self._rejected is not None, f"not rejected: {self.events}"
        assert self._rejected.code == code
        assert str(self._rejected)
        return str(self._rejected)


class Given:
    """A site after some events."""

    def __init__(self, state: SiteState, events: Sequence[e.Event], policy: Policy, at_ms: int = NINE) -> None:
        for event in events:
            state = evolve(state, event, at_ms)
        self.state = state
        self.policy = policy

    def when(self, command: Command, *, after_s: float = 0) -> Outcome:
        """What a command leads to, some seconds after `NINE`."""
        at_ms = NINE + int(after_s * 1000)
        try:
            return Outcome(self, decide(self.state, command, at_ms, self.policy), at_ms)
        except CommandRejected as rejected:
            return Outcome(self, [], at_ms, rejected)

    def later(self, *events: e.Event, after_s: float) -> Given:
        """The site once more has happened, some seconds after `NINE`."""
        return Given(self.state, events, self.policy, NINE + int(after_s * 1000))


def given(events: Sequence[e.Event], policy: Policy | None = None) -> Given:
    return Given(SiteState(), events, policy or Policy())
