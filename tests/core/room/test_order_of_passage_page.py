"""`docs/order-of-passage.md` cannot lie: its tables are read, and its examples are played on the code.

A sentence of the page becomes a command, and the events that follow become sentences again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.room import commands as c
from core.room import events as e
from core.room.decide import decide, overdue
from core.room.ids import Number, RoomId, ServiceId
from core.room.opening import Opening
from core.room.passage import HEAD_START_MIN, Policy, key_ms, order_of_passage
from core.room.rejection import CommandRejected
from core.room.state import SiteState, evolve
from core.room.undo import Act, undo
from tests.core.room.given import (
    CONSULTATION,
    KIOSK,
    NINE,
    ROOM_1,
    ROOM_2,
    a_morning,
    admit,
    called,
    given,
    issued,
    on_duty,
    present,
    ticket,
)

_PAGE = (Path(__file__).parents[3] / "docs" / "order-of-passage.md").read_text(encoding="utf-8")
_CARE_ROOM, _CARE = RoomId("care-room"), ServiceId("care")
_ROOMS = {"room 1": ROOM_1, "room 2": ROOM_2, "the care room": _CARE_ROOM}
_SAID = {room: name for name, room in _ROOMS.items()}
_PARIS = ZoneInfo("Europe/Paris")
_POLICY = Policy(
    care=frozenset({_CARE}),
    rooms={ROOM_1: frozenset({CONSULTATION}), ROOM_2: frozenset({CONSULTATION}), _CARE_ROOM: frozenset({_CARE})},
    opening=Opening(zone=_PARIS),
)
_PLACES = ["1st", "2nd", "3rd", "4th", "5th"]


def _table(before: str) -> list[list[str]]:
    """The rows of the first table after some words of the page."""
    lines = iter(_PAGE[_PAGE.index(before) :].splitlines())
    rows: list[list[str]] = []
    for line in lines:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            break
    return rows[2:]


def _ms(clock: str) -> int:
    hours, minutes = map(int, clock.split(":"))
    return NINE + ((hours - 9) * 60 + minutes) * 60_000


def _clock(at_ms: int) -> str:
    local = datetime.fromtimestamp(NINE / 1000, _PARIS) + timedelta(milliseconds=at_ms - NINE)
    return f"{local.hour}:{local.minute:02d}"


def test_the_classes_are_those_of_the_code() -> None:
    said = {name: int(minutes.removesuffix(" min")) for name, minutes, _why in _table("| class | as if")}

    assert said == HEAD_START_MIN


def test_the_times_are_those_of_the_code() -> None:
    said = {name.strip("`"): float(value) for name, value, _why in _table("| `passage.Policy`")}

    assert said == {name: getattr(Policy(), name) for name in said}
    numbers = {name for name in Policy.__dataclass_fields__ if type(getattr(Policy(), name)) in (int, float)}
    assert said.keys() == numbers


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("can be taken back for two minutes", "undo_s", 120),
        ("does nothing for an hour", "own_min", 60),
        ("keeps the place for an hour", "return_min", 60),
        ("by showing the slip at the kiosk, twice at most", "max_returns", 2),
        ("with the doctor who began it, twice at most", "max_returns", 2),
        ("Three minutes after a call", "grace_s", 180),
        ("within 15 min of the end of the shift", "leave_min", 15),
        ("missing 10 min into a shift, or still there 10 min past its end", "late_min", 10),
        ("30 min past the end, in a room that does nothing", "silent_min", 30),
        ("with a patient inside, two hours after the call", "longest_visit_min", 120),
    ],
)
def test_the_times_in_the_rules_are_those_of_the_code(words: str, name: str, value: int) -> None:
    assert words in _PAGE
    assert getattr(Policy(), name) == value


def test_those_who_wait_go_as_the_table_says() -> None:
    rows = _table("| number | came |")
    tickets = [
        issued(number, minute=(_ms(came) - NINE) / 60_000, priority=e.Priority(name), disk_seq=place)
        for place, (number, came, name, _counts, _goes) in enumerate(rows, start=1)
    ]

    order = order_of_passage(given([*a_morning(), *tickets]).state)

    assert [one.number for one in order] == [row[0] for row in sorted(rows, key=lambda row: _PLACES.index(row[4]))]
    for number, came, name, counts, _goes in rows:
        assert _clock(key_ms(_ms(came), e.Priority(name), Policy())) == counts, number


_TWO = a_morning("A001", "A002")
_CALLED = [*_TWO, called("A001")]
_BUTTON: dict[str, list[e.Event]] = {
    "has a warning ringing": [*_CALLED, e.WarningRaised(device=KIOSK)],
    "is off duty": [*_TWO, e.DutyEnded(room=ROOM_2, reason="said")],
    "is on pause": [*_TWO, e.DutyPaused(room=ROOM_2)],
    "is free": [*_TWO, e.TicketCancelled(ticket=ticket("A001"), reason="left")],
    "is free and nobody waits": a_morning(),
    "called A001": _CALLED,
    "called A001 and recalled three times": [
        *_CALLED,
        *(e.TicketRecalled(ticket=ticket("A001"), nth=nth) for nth in (1, 2, 3)),
    ],
    "is with A001": [*_CALLED, e.ServiceStarted(ticket=ticket("A001"))],
}


def _seconds(after: str) -> int:
    amount, _, unit = after.partition(" ")
    return int(amount or 0) * {"": 1, "s": 1, "min": 60}[unit]


@pytest.mark.parametrize(("room", "after", "meaning"), _table("| the room | after |"))
def test_a_press_means_what_the_table_says(room: str, after: str, meaning: str) -> None:
    example = _Example(given(_BUTTON[room], _POLICY).state)

    assert example.said_of(c.Press(room=ROOM_2), NINE + _seconds(after) * 1000) == meaning


def test_every_state_of_a_room_is_in_the_table_of_the_button() -> None:
    assert {room for room, *_ in _table("| the room | after |")} == _BUTTON.keys()


class _Example:
    """A centre in which an example is played."""

    def __init__(self, state: SiteState) -> None:
        self.state = state
        self._acts: dict[RoomId, Act] = {}

    def play(self, at: str, what: str) -> str:
        """Let one line of an example happen; what follows, in the words of the page."""
        now_ms = _ms(at)
        passed = [event for command in overdue(self.state, now_ms, _POLICY) for event in self._decided(command, now_ms)]
        if what == "time passes":
            return "; ".join(map(self._sentence, passed))
        if declared := re.fullmatch(r"A(\d{3}) comes and declares a (\w+)", what):
            return self._declares(int(declared[1]), e.Priority(declared[2]), now_ms)
        if what.endswith((" come", " comes")):
            for number in re.findall(r"A\d{3}", what):
                self._happen([issued(number, minute=(now_ms - NINE) / 60_000, disk_seq=int(number[1:]))], now_ms)
            return ""
        return self.said_of(_command(what), now_ms)

    def _declares(self, count: int, claim: e.Priority, now_ms: int) -> str:
        told = replace(admit(f"A{count:03d}", disk_seq=count), ordered_at_ms=now_ms, claim=claim)
        self._decided(told, now_ms)
        given = self.state.tickets[told.ticket]
        assert given.is_claimed
        return f"{given.number} counts as come at {_clock(given.key_ms)}"

    def said_of(self, command: c.Command, now_ms: int) -> str:
        try:
            return "; ".join(map(self._sentence, self._decided(command, now_ms)))
        except CommandRejected as rejected:
            return f"no: {rejected.code}"

    def _decided(self, command: c.Command, now_ms: int) -> list[e.Event]:
        before = self.state
        if isinstance(command, c.Undo):
            events: list[e.Event] = [undo(before, self._acts.pop(command.room, None), now_ms, _POLICY)]
            self._happen(events, now_ms)
            return events
        events = decide(before, command, now_ms, _POLICY)
        self._happen(events, now_ms)
        room = getattr(command, "room", None)
        if room is not None and not isinstance(command, c.Start):
            self._acts[room] = Act(room=room, at_ms=now_ms, before=before, after=self.state)
        return events

    def _happen(self, events: list[e.Event], now_ms: int) -> None:
        for event in events:
            self.state = evolve(self.state, event, now_ms)

    def _sentence(self, event: e.Event) -> str:
        """An event in the words of the page."""
        number = self.state.tickets[event.ticket].number if hasattr(event, "ticket") else Number("")
        match event:
            case e.TicketCalled():
                return f"{number} is called to {_SAID[event.room]}"
            case e.TicketRecalled():
                return f"{number} is recalled to {_SAID[self.state.tickets[event.ticket].room or ROOM_1]}"
            case e.TicketNotPresent():
                return f"{number} is absent"
            case e.ServiceStarted():
                return f"{number} is taken to be with the doctor"
            case e.TicketCompleted():
                return f"the visit of {number} is over"
            case e.TicketParked():
                return f"{number} is away"
            case e.TicketRequeued():
                return f"{number} waits again" + (f" as if come at {_clock(event.key_ms)}" if event.key_ms else "")
            case e.TicketTransferred():
                at = f" as if come at {_clock(event.key_ms)}" if event.key_ms else ""
                return f"{number} waits for {'care' if event.service == _CARE else 'the doctor'}{at}"
            case e.PriorityChanged():
                return f"{number} counts as come at {_clock(event.key_ms)}"
            case e.DutyBegan():
                return f"{_SAID[event.room]} is on duty"
            case e.DutyResumed():
                return f"{_SAID[event.room]} is back"
            case e.DutyEnded():
                return f"{_SAID[event.room]} is off duty"
            case e.WarningAcknowledged():
                return "the warning is acknowledged"
            case e.IntakeStopped():
                return "kiosks give no more tickets"
            case e.IntakeReopened():
                return "kiosks give tickets until closing"
            case e.ActUndone():
                return ", ".join(map(_restored, event.tickets))
            case _:
                raise AssertionError(f"the page has no words for {event.kind}")


def _restored(one: e.TicketRestored) -> str:
    return f"{one.number} waits" if one.state == "waiting" else f"{_SAID[one.room or ROOM_1]} is with {one.number}"


_ACTS: dict[str, Callable[[RoomId], c.Command]] = {
    "presses": lambda room: c.Press(room=room),
    "parks": lambda room: c.Park(room=room),
    "sends to care": lambda room: c.SendToCare(room=room),
    "takes it back": lambda room: c.Undo(room=room),
    "takes more": lambda room: c.ReopenIntake(room=room),
    "leaves for good": lambda room: c.GoOffDuty(room=room),
}


def _command(what: str) -> c.Command:
    """A line of an example, as what somebody asks for."""
    if shown := re.fullmatch(r"(A\d{3}) shows the slip", what):
        return present(shown[1])
    if shown := re.fullmatch(r"(A\d{3}) shows the slip with a result", what):
        return replace(present(shown[1]), with_result=True)
    if raised := re.fullmatch(r"(A\d{3}) is (?:raised to|confirmed as|lowered to) (\w+)", what):
        return c.SetPriority(ticket=ticket(raised[1]), priority=e.Priority(raised[2]))
    acted = re.fullmatch(rf"({'|'.join(_ROOMS)}) ({'|'.join(_ACTS)})", what)
    assert acted, f"nobody can do this in an example: {what}"
    return _ACTS[acted[2]](_ROOMS[acted[1]])


_EXAMPLES = re.findall(r"^(\*\*.+\*\*.*)\n\n\| at ", _PAGE, flags=re.MULTILINE)


@pytest.mark.parametrize("title", _EXAMPLES)
def test_an_example_goes_as_the_page_says(title: str) -> None:
    stays = re.search(r"room 2 stays until (\S+:\d\d)", title)
    until = [e.DutyUntilSet(room=ROOM_2, until_ms=_ms(stays[1]))] if stays else []
    example = _Example(given([*a_morning(), on_duty(_CARE_ROOM), *until], _POLICY).state)

    for at, what, follows in _table(title):
        assert example.play(at, what) == follows, f"{at} {what}"


def test_the_examples_are_all_read() -> None:
    assert len(_EXAMPLES) == 9 == _PAGE.count("| at | what happens | what follows |")
