"""A day lost with its controller, and put together again from whatever subset of those who knew of it is left."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.room import commands as c
from core.room import events as e
from core.room.decide import CommandRejected, decide, decide_or_refuse
from core.room.duty import Duty, DutyState, unnamed
from core.room.ids import DeviceId, DiskId, Letter, Number, PractitionerId, RoomId, ServiceId, TicketId, Token
from core.room.numbering import letter_of, number
from core.room.passage import Policy, order_of_passage
from core.room.rebuild import KioskDisk, Presence, Remembered, Sources, Summons, View, rebuild
from core.room.slips import restored
from core.room.state import CorruptHistory, SiteState, Ticket, evolve, fold
from core.room.transitions import TicketState
from tests.core.room.given import CONSULTATION, NINE, ROOM_1, ROOM_2, SMALL_WOUND, on_duty

DAY = "2026-11-22"
_POLICY = Policy()
_KIOSKS = {"A": DeviceId("kiosk-1"), "B": DeviceId("kiosk-2")}
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.sampled_from("AAB")),
        st.tuples(st.just("tell"), st.sampled_from("AAB")),
        st.tuples(st.just("press"), st.sampled_from([ROOM_1, ROOM_1, ROOM_2])),
        st.tuples(
            st.sampled_from(["raise", "absent", "cancel", "park", "leave", "warn", "stop", "reopen"]), st.integers(0, 5)
        ),
    ),
    max_size=40,
)


@dataclass
class LostDay:
    """A day as it truly was, and all that anybody could have kept of it."""

    states: list[SiteState] = field(default_factory=lambda: [SiteState()])
    """By place in the journal."""
    at_ms: list[int] = field(default_factory=lambda: [NINE])
    disks: dict[str, list[c.AdmitTicket]] = field(default_factory=lambda: {"A": [], "B": []})

    @property
    def state(self) -> SiteState:
        return self.states[-1]

    def live(self, steps: list[tuple[str, object]]) -> None:
        self._happen([e.DayOpened(day=DAY)])
        for letter, kiosk in _KIOSKS.items():
            self._happen([e.LetterGranted(disk=DiskId(f"disk-{letter.lower()}"), kiosk=kiosk, letter=Letter(letter))])
        self._happen([on_duty(ROOM_1, until_min=240), on_duty(ROOM_2)])
        self.live_on(steps)

    def live_on(self, steps: list[tuple[str, object]]) -> None:
        for step, what in steps:
            self._step(step, what)

    def _step(self, step: str, what: object) -> None:
        now_ms = self.at_ms[-1] + 60_000
        try:
            match step, what:
                case "take", str(letter):
                    self._take(letter, now_ms)
                case "tell", str(letter):
                    self._tell(letter)
                case "press", room:
                    self._happen(decide(self.state, c.Press(room=room), now_ms, _POLICY), now_ms)
                case _, int(place):
                    ticket = list(self.state.tickets)[place]
                    act: c.Command = {
                        "raise": c.SetPriority(ticket=ticket, priority=e.Priority.CARD),
                        "absent": c.MarkNoShow(room=ROOM_1),
                        "cancel": c.Cancel(ticket=ticket, reason="left"),
                        "park": c.Park(room=ROOM_2),
                        "leave": c.Leave(room=ROOM_1),
                        "warn": c.RaiseWarning(device=DeviceId("kiosk-1")),
                        "stop": c.StopIntake(),
                        "reopen": c.ReopenIntake(room=ROOM_2),
                    }[step]
                    self._happen(decide(self.state, act, now_ms, _POLICY), now_ms)
        except (CommandRejected, IndexError):
            return

    def _take(self, letter: str, now_ms: int) -> None:
        journal = self.disks[letter]
        given = number(Letter(letter), len(journal) + 1)
        journal.append(
            c.AdmitTicket(
                ticket=TicketId(f"ticket-{given.lower()}"),
                number=given,
                token=Token(f"token-{given:->10}"),
                service=CONSULTATION if len(journal) % 3 else SMALL_WOUND,
                language="fr",
                kiosk=_KIOSKS[letter],
                disk=DiskId(f"disk-{letter.lower()}"),
                disk_seq=len(journal) + 1,
                ordered_at_ms=now_ms,
            )
        )

    def _tell(self, letter: str) -> None:
        for told in self.disks[letter][self.told(letter) :]:
            self._happen(decide_or_refuse(self.state, told, _POLICY))

    def told(self, letter: str) -> int:
        return self.state.reported.get(DiskId(f"disk-{letter.lower()}"), 0)

    def _happen(self, events: list[e.Event], at_ms: int | None = None) -> None:
        for event in events:
            self.at_ms.append(max(self.at_ms[-1], at_ms or 0))
            self.states.append(evolve(self.state, event, self.at_ms[-1]))

    def view(self, rev: int) -> View:
        """The screen that showed an entry."""
        state = self.states[rev]
        inside = {room: state.in_room(room) for room in (ROOM_1, ROOM_2)}
        return View(
            epoch="lost",
            rev=rev,
            at_ms=self.at_ms[rev] + rev,
            day=state.day,
            rooms={room: _summons(ticket) for room, ticket in inside.items() if ticket},
            waiting=[(one.number, one.service) for one in order_of_passage(state)],
            letters={disk: grant.letter for disk, grant in state.grants.items()},
            duties=[_presence(duty) for duty in state.duties.values()],
            is_full=state.intake.is_stopped,
            warned_from=state.warned_from,
        )

    def remembered(self, seq: int) -> Remembered:
        return Remembered(epoch="lost", seq=seq, at_ms=self.at_ms[seq] + seq, state=self.states[seq])


def _presence(duty: Duty) -> Presence:
    is_there = duty.state is not DutyState.OFF
    practitioner = duty.practitioner if is_there else None
    return Presence(room=duty.room, duty=duty.state, practitioner=practitioner, until_ms=duty.until_ms)


def _summons(ticket: Ticket) -> Summons:
    is_in_service = ticket.state is TicketState.IN_SERVICE
    return Summons(
        number=ticket.number, is_in_service=is_in_service, at_ms=ticket.summoned_at_ms or 0, calls=ticket.calls
    )


def put_together(sources: Sources, today: str | None = DAY) -> SiteState:
    ids = itertools.count(1)

    def stand_in(number: Number, service: ServiceId | None, at_ms: int) -> Ticket:
        known = next(ids)
        return Ticket(
            id=TicketId(f"stand-in-{known}"),
            number=number,
            token=Token(f"{known:016d}"),
            service=service or CONSULTATION,
            language="fr",
            kiosk=None,
            ordered_at_ms=at_ms,
            priority=e.Priority.ORDINARY,
            key_ms=at_ms,
        )

    events = rebuild(sources, today=today, stand_in=stand_in)
    return fold(e.Record(at_ms=sources.newest_ms, event=event) for event in events)


def told_once_more(state: SiteState, day: LostDay, letters: list[str]) -> SiteState:
    """Kiosks that live tell their journals to the new controller, as far as it does not know them."""
    for letter in letters:
        known = state.reported.get(DiskId(f"disk-{letter.lower()}"), 0)
        for told in day.disks[letter][known:]:
            told = replace(told, was_told=told.disk_seq <= day.told(letter))
            for event in decide_or_refuse(state, told, _POLICY):
                state = evolve(state, event, NINE)
    return state


@settings(max_examples=300, deadline=None)
@given(steps=_steps, data=st.data())
def test_whatever_is_left_nobody_seen_waits_nobody_waiting_is_lost_and_numbers_are_unique(
    steps: list[tuple[str, object]], data: st.DataObject
) -> None:
    day = LostDay()
    day.live(steps)
    last = len(day.states) - 1
    revs = data.draw(st.lists(st.integers(3, last), max_size=3))
    seq = data.draw(st.none() | st.integers(3, last))
    alive = [letter for letter in "AB" if data.draw(st.booleans())]
    sources = Sources(
        views=[day.view(rev) for rev in revs],
        remembered=None if seq is None else day.remembered(seq),
        kiosks=[
            KioskDisk(kiosk=_KIOSKS[one], disk=DiskId(f"disk-{one.lower()}"), letter=Letter(one), day=DAY)
            for one in alive
        ],
    )
    newest = max([*revs, *([seq] if seq is not None else [])], default=None)
    believed = day.states[newest] if newest is not None else SiteState()

    rebuilt = put_together(sources)
    state = told_once_more(rebuilt, day, alive)

    untold = {told.number for one in "AB" for told in day.disks[one][day.told(one) :]}
    expected = [one.number for one in order_of_passage(believed)]
    waiting = [one.number for one in order_of_passage(state)]
    assert [one for one in waiting if one not in untold] == expected, "who waited, in that order, and nobody else"
    assert {told.number for one in alive for told in day.disks[one]} <= {one.number for one in state.tickets.values()}
    for room in (ROOM_1, ROOM_2):
        was, now = believed.in_room(room), state.in_room(room)
        assert (was and (was.number, was.state)) == (now and (now.number, now.state))
        assert _who(believed, room) == _who(state, room)
    assert state.intake.is_stopped is believed.intake.is_stopped
    assert (state.warning is None) is (believed.warning is None)
    numbers = [one.number for one in state.tickets.values()]
    assert len(set(numbers)) == len(numbers)
    assert state.refused == 0
    held = {grant.letter for grant in state.grants.values()}
    assert {letter_of(one) for one in numbers} <= held
    assert len(held) == len(state.grants)
    for letter in alive:
        for told in day.disks[letter]:
            assert state.tickets[told.ticket].token == told.token, "the slip's code opens its page"


def _who(state: SiteState, room: RoomId) -> tuple[DutyState, PractitionerId, int | None] | None:
    """Who is on duty in a room, on a break perhaps, and until when."""
    duty = state.on_duty(room)
    return duty and (duty.state, duty.practitioner, duty.until_ms)


def test_nothing_found_is_no_day() -> None:
    assert rebuild(Sources(), today=DAY, stand_in=_nobody) == []


def _nobody(number: Number, service: ServiceId | None, at_ms: int) -> Ticket:
    raise AssertionError(f"{number} is known")


def _one_waits() -> LostDay:
    day = LostDay()
    day.live([("take", "A"), ("tell", "A")])
    return day


def test_a_screen_of_the_future_is_not_believed() -> None:
    tomorrow = replace(_one_waits().view(6), day="2026-11-23")

    assert put_together(Sources(views=[tomorrow])).day is None


def test_a_centre_that_never_had_a_clock_gets_its_tickets_back() -> None:
    view = replace(_one_waits().view(6), day=None)

    state = put_together(Sources(views=[view]))

    assert (state.day, [one.number for one in order_of_passage(state)]) == (None, ["A001"])


def test_without_a_clock_the_newest_day_is_believed() -> None:
    today = _one_waits()
    yesterday = replace(today.view(6), day="2026-11-21", at_ms=0, waiting=[(Number("Z009"), CONSULTATION)])

    state = put_together(Sources(views=[yesterday, today.view(6)]), today=None)

    assert (state.day, [one.number for one in order_of_passage(state)]) == (DAY, ["A001"])


def test_a_kiosk_that_lives_keeps_its_letter_whatever_an_old_screen_says() -> None:
    view = replace(_one_waits().view(6), letters={DiskId("dead"): Letter("A"), DiskId("old"): Letter("B")})
    kiosk = KioskDisk(kiosk=DeviceId("kiosk-1"), disk=DiskId("alive"), letter=Letter("A"), day=DAY)

    state = put_together(Sources(views=[view], kiosks=[kiosk]))

    assert {disk: grant.letter for disk, grant in state.grants.items()} == {"old": "B", "alive": "A"}


def test_a_new_disk_gets_a_letter_that_was_not_used_that_day() -> None:
    state = put_together(Sources(views=[_one_waits().view(6)]))
    new = c.GrantLetter(disk=DiskId("new"), kiosk=DeviceId("kiosk-1"))

    (granted,) = decide(state, new, NINE, _POLICY)

    assert granted == e.LetterGranted(disk=DiskId("new"), kiosk=DeviceId("kiosk-1"), letter=Letter("C"))


def test_what_is_restored_is_exactly_what_was() -> None:
    day = LostDay()
    day.live([("take", "A"), ("take", "A"), ("tell", "A"), ("press", ROOM_1), ("raise", 1), ("stop", 0), ("reopen", 0)])
    last = len(day.states) - 1

    assert put_together(Sources(remembered=day.remembered(last))) == day.state


def test_a_doctor_of_a_screen_has_been_there_since_the_agent_knew() -> None:
    day = _one_waits()
    day.live_on([("leave", 0)])
    known, last = day.remembered(6), len(day.states) - 1

    state = put_together(Sources(views=[day.view(last)], remembered=known))

    assert state.duties[ROOM_2] == day.state.duties[ROOM_2]
    assert state.duties[ROOM_1] == replace(day.state.duties[ROOM_1], since_ms=day.view(last).at_ms)


def test_a_room_that_holds_a_patient_on_a_screen_of_before_duties_has_somebody_on_duty() -> None:
    day = _one_waits()
    day.live_on([("press", ROOM_1)])
    view = replace(day.view(len(day.states) - 1), duties=())

    state = put_together(Sources(views=[view]))

    assert state.on_duty(ROOM_2) is None
    assert _who(state, ROOM_1) == (DutyState.ON, unnamed(ROOM_1), None)
    assert decide(state, c.Press(room=ROOM_1), NINE + 3_600_000, _POLICY)[0].kind == "ticket-completed"


def test_last_nights_doctors_are_off_duty_in_the_morning() -> None:
    state = put_together(Sources(views=[_one_waits().view(6)]))
    four_ms = NINE + 19 * 3_600_000

    opened = decide(state, c.OpenDay(day="2026-11-23", began_ms=four_ms), four_ms + 3_600_000, _POLICY)

    assert [event for event in opened if isinstance(event, e.DutyEnded)] == [
        e.DutyEnded(room=room, reason="day-over") for room in (ROOM_1, ROOM_2)
    ]


def test_a_warning_that_rang_rings_again() -> None:
    day = _one_waits()
    day.live_on([("warn", 0)])
    last = len(day.states) - 1

    for sources in (Sources(views=[day.view(last)]), Sources(remembered=day.remembered(last))):
        warning = put_together(sources).warning
        assert warning is not None
        assert warning.device == "kiosk-1"


def test_a_restored_ticket_replaces_only_one_that_is_there() -> None:
    state = _one_waits().state
    again = restored(state.tickets[TicketId("ticket-a001")], replaces=TicketId("nobody"))

    with pytest.raises(CorruptHistory, match="no ticket nobody to replace"):
        evolve(state, again, NINE)
