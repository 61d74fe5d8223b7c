"""What the room's screen says and offers."""

from __future__ import annotations

from typing import Any

import pytest

from core.room import commands as c
from core.room.duty import DutyState
from core.room.events import Priority
from core.room.ids import Number, RoomId, TicketId
from core.wire.messages import Call, Doubt, Named, Parked, Ringing, Screen
from firmware.room import flow as f
from firmware.room.pages import sheet_of
from firmware.room.sheet import Button, Place, Sheet
from tests.firmware.room.given import ROOM, given_screen, given_site
from tests.firmware.stage import AT_MS

SITE = given_site()
HOUR_MS = 3_600_000
"""AT_MS is 10:00 on 22 November 2026 in Paris."""


def sheet(
    screen: Screen | None, page: f.Page | None = None, *, is_fresh: bool = True, named: Named | None = None
) -> Sheet:
    place = Place(room=ROOM, site=SITE, language="fr")
    return sheet_of(f.Flow(page=page or f.Home()), screen, place, is_fresh=is_fresh, named=named)


def buttons(sheet: Sheet) -> dict[str, Button]:
    banner = [sheet.banner] if sheet.banner else []
    return {button.text: button for button in [*banner, *(button for row in sheet.rows for button in row)]}


def acts(sheet: Sheet) -> list[Any]:
    return [button.target.act for button in buttons(sheet).values() if isinstance(button.target, f.Do)]


def main(sheet: Sheet) -> Any:
    (button,) = [button for button in buttons(sheet).values() if button.is_main]
    assert isinstance(button.target, f.Do)
    return button.target.act


def test_a_free_room_sees_who_waits_and_calls_the_next() -> None:
    home = sheet(given_screen(waiting=5))

    assert home.head == "Salle 2 · Dr Lemaire"
    assert (home.aside, home.following) == ("5 patients attendent", ("A043", "A044", "A045"))
    assert main(home) == c.CallNext(room=ROOM)


def test_a_room_sees_whom_it_called_and_since_when() -> None:
    recall = Call(number="A042", room=ROOM, at_ms=AT_MS + 60_000, calls=2)
    home = sheet(given_screen(number="A042", called_at_ms=AT_MS, calls=[recall]))

    assert (home.label, home.number) == ("Appelé à 10:00", "A042")
    assert main(home) == c.Recall(room=ROOM)
    assert c.MarkNoShow(room=ROOM) in acts(home)


def test_a_room_sees_who_is_with_the_doctor_and_can_end_park_or_send_to_care() -> None:
    home = sheet(given_screen(number="A042", is_in_service=True, called_at_ms=AT_MS, started_at_ms=AT_MS + 180_000))

    assert (home.label, home.number) == ("Avec le médecin depuis 10:03", "A042")
    assert main(home) == c.Complete(room=ROOM)
    assert {c.Park(room=ROOM), c.SendToCare(room=ROOM), c.Undo(room=ROOM)} <= set(acts(home))


def test_the_doctor_whom_no_plan_names_is_a_doctor_all_the_same() -> None:
    assert sheet(given_screen(practitioner=None)).head == "Salle 2 · Médecin"


@pytest.mark.parametrize("duty", [DutyState.OFF, DutyState.PAUSE])
def test_a_room_that_takes_nobody_offers_to_begin(duty: DutyState) -> None:
    home = sheet(given_screen(waiting=3, duty=duty))

    assert main(home) == c.ComeOnDuty(room=ROOM)
    assert c.CallNext(room=ROOM) not in acts(home)


def test_the_queue_shows_six_at_a_time_with_their_time_and_priority() -> None:
    screen = given_screen(waiting=14)
    people = [screen.waiting[0].model_copy(update={"priority": Priority.URGENT}), *screen.waiting[1:]]
    screen = screen.model_copy(update={"waiting": people})

    first, last = sheet(screen, f.Queue()), sheet(screen, f.Queue(2))

    assert first.head == "14 patients attendent · 1/3"
    assert buttons(first)["A043"].note == "09:30 · Urgent"
    assert sum(text.startswith("A") for text in buttons(first)) == 6
    assert [text for text in buttons(last) if text.startswith("A")] == ["A055", "A056"]
    assert buttons(first)["▸"].target == f.Go(f.Queue(1))
    assert buttons(first)["◂"].target == f.Go(f.Queue(2))


def test_a_sheet_of_the_queue_that_is_there_no_more_becomes_its_last() -> None:
    assert sheet(given_screen(waiting=7), f.Queue(5)).head == "7 patients attendent · 2/2"
    assert sheet(given_screen(), f.Queue(5)).body == "Personne n’attend"


def test_one_who_waits_can_be_raised_transferred_and_let_go() -> None:
    one = sheet(given_screen(waiting=2), f.One("ticket-43"))

    assert (one.label, one.number) == ("Consultation · 09:30", "A043")
    assert c.SetPriority(ticket="ticket-43", priority=Priority.SOON) in acts(one)
    assert c.Cancel(ticket="ticket-43", reason="staff") in acts(one)
    assert "✓ Ordinaire" in buttons(one)
    to = sheet(given_screen(waiting=2), buttons(one)["Transférer"].target.page)
    assert [act.service for act in acts(to)] == ["wound", "care"]


@pytest.mark.parametrize(
    ("claim", "says"),
    [(Priority.CARD, "déclare une carte de priorité"), (Priority.COURTESY, "demande la courtoisie (grossesse, bébé)")],
)
def test_what_a_patient_declares_is_confirmed_or_lowered_with_one_touch(claim: Priority, says: str) -> None:
    screen = given_screen(waiting=2)
    people = [screen.waiting[0].model_copy(update={"priority": claim, "is_claimed": True}), screen.waiting[1]]
    screen = screen.model_copy(update={"waiting": people})

    one = sheet(screen, f.One("ticket-43"))

    assert one.label == f"Consultation · 09:30 · {says}"
    assert main(one) == c.SetPriority(ticket="ticket-43", priority=claim)
    lower = c.SetPriority(ticket="ticket-43", priority=Priority.ORDINARY)
    assert buttons(one)["Sans priorité"].target == f.Do(lower)
    assert acts(one).count(lower) == 1
    assert c.SetPriority(ticket="ticket-43", priority=Priority.URGENT) in acts(one)
    assert buttons(sheet(screen, f.Queue()))["A043"].note.endswith(" ?")
    people[0] = people[0].model_copy(update={"is_claimed": False})
    seen = screen.model_copy(update={"waiting": people})
    assert "déclare" not in sheet(seen, f.One("ticket-43")).label
    assert "✓ Ordinaire" not in buttons(sheet(seen, f.One("ticket-43")))


_IN_ROOM = given_screen(number="A042", ticket="ticket-42", called_at_ms=AT_MS)


@pytest.mark.parametrize("page", [f.Home(), f.Here()])
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"first_name": "Josette", "born": 1946}, "Josette · 1946"),
        ({"first_name": "Josette"}, "Josette"),
        ({"born": 1946}, "1946"),
    ],
)
def test_the_room_reads_whom_it_has_called(page: f.Page, given: dict[str, Any], shown: str) -> None:
    assert sheet(_IN_ROOM, page, named=Named(ticket="ticket-42", **given)).name == shown


@pytest.mark.parametrize(
    ("screen", "page"),
    [
        (_IN_ROOM.model_copy(update={"intake": "closed"}), f.Home()),
        (given_screen(number="A041", ticket="ticket-41"), f.Home()),
        (given_screen(waiting=3), f.Home()),
        (given_screen(waiting=3, number="A042", ticket="ticket-42"), f.One("ticket-43")),
        (_IN_ROOM, f.OnDuty()),
        (_IN_ROOM.model_copy(update={"warning": Ringing(device="aubagne-kiosk-1", at_ms=AT_MS)}), f.Home()),
    ],
)
def test_a_name_stands_nowhere_but_with_its_own_number(screen: Screen, page: f.Page) -> None:
    assert sheet(screen, page, named=Named(ticket="ticket-42", first_name="Josette")).name == ""


def test_one_who_waits_no_more_is_said_so() -> None:
    assert sheet(given_screen(), f.One("ticket-43")).body == "Ce patient n’attend plus"


def test_those_put_aside_are_resumed() -> None:
    parked = [Parked(ticket=TicketId(f"ticket-{n}"), number=Number(f"A0{n}")) for n in (31, 36)]
    away = sheet(given_screen(parked=parked), f.Away())

    assert list(buttons(away))[:2] == ["A031", "A036"]
    assert acts(away) == [c.Resume(ticket=one.ticket, room=ROOM) for one in parked]


def test_the_patient_in_the_room_can_be_transferred() -> None:
    screen = given_screen(number="A042", ticket="ticket-42")
    to = sheet(screen, buttons(sheet(screen, f.Here()))["Transférer"].target.page)

    assert acts(to) == [c.Transfer(ticket=TicketId("ticket-42"), service=one.id) for one in SITE.services]


def test_on_duty_until_is_one_touch() -> None:
    until_ms = AT_MS + 2 * HOUR_MS
    duty = sheet(given_screen(until_ms=until_ms, closes_ms=AT_MS + 5 * HOUR_MS // 2), f.OnDuty())

    assert duty.number == "12:00"
    offered = [act.until_ms - AT_MS for act in acts(duty) if isinstance(act, c.StayUntil)]
    assert [ms / HOUR_MS for ms in offered] == [1.5, 2.5, 1, 2, 2.5]
    assert {c.Pause(room=ROOM), c.GoOffDuty(room=ROOM)} <= set(acts(duty))


def test_an_end_that_has_passed_is_not_offered() -> None:
    duty = sheet(given_screen(until_ms=AT_MS + 60_000), f.OnDuty())

    assert all(act.until_ms > AT_MS for act in acts(duty) if isinstance(act, c.StayUntil))


def test_a_full_evening_can_be_reopened() -> None:
    home = sheet(given_screen(intake="full"))

    assert home.banner is not None
    assert home.banner.target == f.Do(c.ReopenIntake(room=ROOM))


def test_a_doubt_about_oneself_is_answered_until_when_or_gone() -> None:
    doubt = Doubt(kind="past-end", room=ROOM, practitioner="Dr Lemaire", since_ms=AT_MS)
    screen = given_screen(doubts=[doubt])
    assert buttons(sheet(screen))["Salle 2 : Dr Lemaire est encore là ?"].target == f.Go(f.Unclear(doubt))

    asked = sheet(screen, f.Unclear(doubt))

    assert acts(asked) == [
        c.StayUntil(room=ROOM, until_ms=AT_MS + HOUR_MS // 2),
        c.StayUntil(room=ROOM, until_ms=AT_MS + HOUR_MS),
        c.GoOffDuty(room=ROOM),
    ]


def test_a_doubt_about_a_colleague_is_answered_gone_or_left_alone() -> None:
    other = RoomId("room-3")
    doubt = Doubt(kind="past-end", room=other, since_ms=AT_MS)
    asked = sheet(given_screen(doubts=[doubt]), f.Unclear(doubt))

    assert acts(asked) == [c.GoOffDuty(room=other)]
    assert buttons(asked)["Encore là"].target == f.Dismiss(f.doubt_key(doubt))


def test_a_doctor_who_is_missing_is_told_of_and_nothing_is_asked_for() -> None:
    doubt = Doubt(kind="missing", room=RoomId("room-1"), practitioner="Dr Benali", since_ms=AT_MS)
    asked = sheet(given_screen(doubts=[doubt]), f.Unclear(doubt))

    assert asked.body == "Dr Benali est attendu depuis 10:00."
    assert acts(asked) == []


@pytest.mark.parametrize(("device", "where"), [("aubagne-kiosk-1", "À la borne"), ("aubagne-room-3", "Salle 3")])
def test_a_warning_takes_the_place_of_every_page_and_is_acknowledged(device: str, where: str) -> None:
    screen = given_screen(warning=Ringing(device=device, at_ms=AT_MS))
    rings = sheet(screen, f.OnDuty())

    assert rings.is_alarm
    assert rings.body == f"{where} · 10:00"
    assert acts(rings) == [c.AcknowledgeWarning(room=ROOM)]


@pytest.mark.parametrize("screen", [None, given_screen(waiting=3)])
def test_without_the_controller_nothing_is_offered_and_nothing_old_is_shown(screen: Screen | None) -> None:
    away = sheet(screen, is_fresh=False)

    assert away.label == "Pas de liaison avec le centre"
    assert not away.rows
    assert not away.number
    assert not away.following
