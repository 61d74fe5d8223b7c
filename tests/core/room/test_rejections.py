"""Each reason for which a command is rejected, and the sentence that says so."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace

import pytest

from core.room import commands as c
from core.room import decide as deciding
from core.room import events as e
from core.room import intake, presence, press, rejection, staff
from core.room.ids import DeviceId, PractitionerId, RoomId
from tests.core.room.given import (
    KIOSK,
    NINE,
    ROOM_1,
    ROOM_2,
    SMALL_WOUND,
    a_morning,
    admit,
    called,
    disk_of,
    given,
    granted,
    present,
    ticket,
)

_A001 = ticket("A001")
_ANOTHER_A001 = replace(admit("A001", disk_seq=2), ticket=ticket("another"))
_IN_SERVICE = [*a_morning("A001", "A002"), called("A001"), e.ServiceStarted(ticket=_A001)]
_PARKED = [*a_morning("A001", "A002"), called("A001"), e.TicketParked(ticket=_A001)]
_NO_SHOW = [*a_morning("A001", "A002"), called("A001"), e.TicketNotPresent(ticket=_A001)]
_RECALLED = [*a_morning("A001"), called("A001"), *(e.TicketRecalled(ticket=_A001, nth=nth) for nth in (1, 2, 3))]
_RETURNED = [
    *a_morning("A001"),
    *2 * [called("A001"), e.TicketNotPresent(ticket=_A001), e.TicketRequeued(ticket=_A001, returns=2)],
    called("A001"),
    e.TicketNotPresent(ticket=_A001),
]
_PAUSED = [*a_morning("A001", "A002"), e.DutyPaused(room=ROOM_2)]
_ROOM_3 = RoomId("room-3")
_LEFT = c.Cancel(ticket=_A001, reason="left")
_ALL_LETTERS = [granted(letter, DeviceId(f"kiosk-{letter.lower()}")) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
_SIX_DISKS = [granted(letter) for letter in "ABCDEF"]


def _come(room: RoomId, who: str) -> c.ComeOnDuty:
    return c.ComeOnDuty(room=room, practitioner=PractitionerId(who))


_DAY_MS = 24 * 3_600_000
_REJECTIONS: list[tuple[str, list[e.Event], c.Command, str]] = [
    ("day-already-open", a_morning(), c.OpenDay(day="2026-11-22", began_ms=NINE), "the day 2026-11-22 is open"),
    ("day-already-open", a_morning(), c.OpenDay(day="2026-11-21", began_ms=NINE), "never begins again or earlier"),
    ("no-letter-free", _ALL_LETTERS, c.GrantLetter(disk=disk_of("new"), kiosk=KIOSK), "all 26 letters"),
    ("too-many-disks", _SIX_DISKS, c.GrantLetter(disk=disk_of("new"), kiosk=KIOSK), "has had 6 disks today"),
    ("letter-not-held", a_morning(), admit("B001"), "aubagne-kiosk-1 numbers B001"),
    ("number-taken", a_morning("A001"), _ANOTHER_A001, "A001 is already in someone's hand"),
    ("room-busy", [*a_morning("A001"), called("A001")], c.CallNext(room=ROOM_2), "room-2 is with A001"),
    ("room-busy", [*_PARKED, called("A002")], c.Resume(ticket=_A001, room=ROOM_2), "room-2 is with A002"),
    ("nobody-waits", a_morning(), c.CallNext(room=ROOM_2), "nobody waits for room-2"),
    ("nobody-waits", a_morning(), c.Press(room=ROOM_2), "nobody waits for room-2"),
    ("not-on-duty", _PAUSED, c.CallNext(room=ROOM_2), "room-2 is off duty or on pause"),
    ("not-on-duty", a_morning("A001"), c.CallNext(room=_ROOM_3), "room-3 is off duty or on pause"),
    ("not-on-duty", [*_PARKED, e.DutyPaused(room=ROOM_2)], c.Resume(ticket=_A001, room=ROOM_2), "off duty or on pause"),
    ("not-on-duty", _PAUSED, c.Pause(room=ROOM_2), "nobody takes patients in room-2"),
    *(
        ("not-on-duty", a_morning("A001"), command, "nobody is on duty in room-3")
        for command in (
            c.Leave(room=_ROOM_3),
            c.GoOffDuty(room=_ROOM_3),
            c.StayUntil(room=_ROOM_3, until_ms=NINE + 1),
            c.EndDuty(room=_ROOM_3),
            c.ReopenIntake(room=_ROOM_3),
        )
    ),
    ("room-busy", _IN_SERVICE, c.Pause(room=ROOM_2), "room-2 is with A001: end the visit first"),
    ("room-busy", _IN_SERVICE, _come(ROOM_2, "doctor-vidal"), "doctor-of-room-2 is with A001 in room-2"),
    ("already-on-duty", a_morning(), c.ComeOnDuty(room=ROOM_2), "doctor-of-room-2 is on duty in room-2"),
    ("on-duty-elsewhere", a_morning(), _come(_ROOM_3, "doctor-of-room-1"), "is on duty in room-1"),
    ("not-a-time-to-leave", a_morning(), c.StayUntil(room=ROOM_2, until_ms=NINE), "later than now"),
    ("not-a-time-to-leave", a_morning(), c.StayUntil(room=ROOM_2, until_ms=NINE + _DAY_MS + 1), "within a day"),
    ("not-a-time-to-leave", [], c.ComeOnDuty(room=ROOM_2, until_ms=NINE - 1), "later than now"),
    ("intake-open", a_morning(), c.ReopenIntake(room=ROOM_2), "kiosks give tickets already"),
    ("no-warning", a_morning(), c.AcknowledgeWarning(room=ROOM_2), "no warning rings"),
    ("no-care-room", _IN_SERVICE, c.SendToCare(room=ROOM_2), "no service of care"),
    ("recalled-enough", _RECALLED, c.Recall(room=ROOM_2), "A001 has been recalled 3 times"),
    ("recalled-enough", _RECALLED, c.Press(room=ROOM_2), "A001 has been recalled 3 times"),
    ("nothing-to-undo", _IN_SERVICE, c.Undo(room=ROOM_2), "a state remembers no act"),
    ("not-your-ticket", _PARKED, c.Resume(ticket=_A001, room=ROOM_1), "A001 was put aside by room-2"),
    ("not-now", a_morning("A001"), c.Resume(ticket=_A001, room=ROOM_1), "A001 is waiting"),
    ("not-now", _IN_SERVICE, c.Recall(room=ROOM_2), "A001 is in-service"),
    ("not-now", _IN_SERVICE, c.Start(room=ROOM_2), "A001 is in-service"),
    ("not-now", _IN_SERVICE, c.MarkNoShow(room=ROOM_2), "A001 is in-service"),
    ("not-now", _IN_SERVICE, c.SetPriority(ticket=_A001, priority=e.Priority.URGENT), "A001 is in-service"),
    ("not-now", a_morning("A001"), c.Requeue(ticket=_A001), "A001 is waiting"),
    ("not-now", [*a_morning("A001"), called("A001")], _LEFT, "A001 is called: only staff can withdraw it"),
    ("not-now", _IN_SERVICE, _LEFT, "A001 is in-service: only staff can withdraw it"),
    ("not-now", _NO_SHOW, c.Transfer(ticket=_A001, service=SMALL_WOUND), "A001 is no-show"),
    ("unknown-slip", a_morning("A001"), present("A022"), "no ticket of today has the slip A022"),
    ("unknown-slip", a_morning("A001"), present("token-of-nobody-"), "no ticket of today"),
    ("ticket-over", _RETURNED, present("A001"), "A001 was absent and came back 2 times"),
    ("ticket-over", [*_IN_SERVICE, e.TicketCompleted(ticket=_A001)], present("A001"), "A001 is done"),
    ("already-called", _IN_SERVICE, present("A001"), "A001 is in-service in room-2"),
    *(
        ("no-ticket-in-room", a_morning("A001"), command, "room-2 has called nobody")
        for command in (
            c.Recall(room=ROOM_2),
            c.Start(room=ROOM_2),
            c.Complete(room=ROOM_2),
            c.MarkNoShow(room=ROOM_2),
            c.Park(room=ROOM_2),
            c.SendToCare(room=ROOM_2),
        )
    ),
    *(
        ("unknown-ticket", a_morning("A001"), command, "no ticket ticket-z999 today")
        for command in (
            c.Resume(ticket=ticket("Z999"), room=ROOM_2),
            c.Requeue(ticket=ticket("Z999")),
            c.Transfer(ticket=ticket("Z999"), service=SMALL_WOUND),
            c.SetPriority(ticket=ticket("Z999"), priority=e.Priority.URGENT),
            c.Cancel(ticket=ticket("Z999"), reason="staff"),
            c.GiveUp(ticket=ticket("Z999")),
        )
    ),
    *(
        ("not-now", [*_IN_SERVICE, e.TicketCompleted(ticket=_A001)], command, "A001 is done")
        for command in (
            c.Requeue(ticket=_A001),
            c.Transfer(ticket=_A001, service=SMALL_WOUND),
            c.SetPriority(ticket=_A001, priority=e.Priority.URGENT),
            c.Cancel(ticket=_A001, reason="staff"),
            c.Resume(ticket=_A001, room=ROOM_2),
        )
    ),
]


@pytest.mark.parametrize(
    ("code", "history", "command", "because"),
    _REJECTIONS,
    ids=[f"{code}-{type(command).__name__}" for code, _, command, _ in _REJECTIONS],
)
def test_a_command_that_cannot_be_done_says_why(
    code: str, history: list[e.Event], command: c.Command, because: str
) -> None:
    assert because in given(history).when(command).then_rejected(code)


def test_every_code_of_rejection_is_proved_above() -> None:
    modules = (deciding, intake, presence, press, rejection, staff)
    said = re.compile(r'(?:reject|CommandRejected)\(\s*"([a-z-]+)"')
    codes = {code for module in modules for code in said.findall(inspect.getsource(module))}
    assert codes == {code for code, *_ in _REJECTIONS}
