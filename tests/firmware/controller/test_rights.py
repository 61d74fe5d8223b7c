"""Who may ask for what."""

from __future__ import annotations

from typing import get_args

import pytest

from core.edge.site import Device
from core.room import commands as c
from core.room.events import Priority
from core.room.ids import DeviceId, DiskId, PractitionerId, RoomId, ServiceId, TicketId
from core.wire.messages import LetterWanted, Presented
from firmware.controller.rights import Asked, granted_to, granted_to_network

KIOSK = Device(id="aubagne-kiosk-1", role="kiosk")
ROOM = Device(id="aubagne-room-1", role="room", room="room-1")
DISPLAY = Device(id="aubagne-display", role="display")
HERE, THERE = RoomId("room-1"), RoomId("room-2")
TICKET, CARE = TicketId("t1"), ServiceId("care")

LETTER = LetterWanted(disk=DiskId("d" * 32))
SLIP = Presented(slip="A042", service=ServiceId("consultation"), language="fr")
WARNING = c.RaiseWarning(device=DeviceId("somebody-else"))
OF_TICKETS = [
    c.SetPriority(ticket=TICKET, priority=Priority.URGENT),
    c.Transfer(ticket=TICKET, service=CARE),
    c.Requeue(ticket=TICKET),
    c.Cancel(ticket=TICKET, reason="staff"),
]


def of_a_room(room: RoomId) -> list[c.StaffAct]:
    return [
        *(
            one(room=room)
            for one in (c.Press, c.CallNext, c.Recall, c.Start, c.Complete, c.MarkNoShow, c.Park, c.Leave, c.Pause)
        ),
        *(one(room=room) for one in (c.SendToCare, c.ReopenIntake, c.AcknowledgeWarning, c.Undo, c.GoOffDuty)),
        c.Resume(ticket=TICKET, room=room),
        c.ComeOnDuty(room=room, practitioner=PractitionerId("dr-vallon")),
        c.StayUntil(room=room, until_ms=1),
    ]


def asked(device: Device, act: Asked, *, past_end: RoomId | None = None) -> object:
    return granted_to(device, act, lambda room: room == past_end)


def test_every_act_is_spoken_for_in_these_tests() -> None:
    ours = {type(act) for act in (*of_a_room(HERE), *OF_TICKETS, WARNING)}
    assert ours == set(get_args(c.StaffAct))


@pytest.mark.parametrize("act", [*of_a_room(HERE), *OF_TICKETS], ids=lambda act: act.kind)
def test_a_room_unit_asks_for_all_of_its_own_room_and_for_any_ticket(act: c.StaffAct) -> None:
    assert asked(ROOM, act) == act


@pytest.mark.parametrize("act", of_a_room(THERE), ids=lambda act: act.kind)
def test_of_another_room_it_asks_for_nothing(act: c.StaffAct) -> None:
    assert asked(ROOM, act) is None


def test_a_colleague_ends_the_duty_of_one_who_left_without_saying_and_nothing_else() -> None:
    assert asked(ROOM, c.GoOffDuty(room=THERE), past_end=THERE) == c.GoOffDuty(room=THERE)
    assert asked(ROOM, c.Pause(room=THERE), past_end=THERE) is None


@pytest.mark.parametrize("act", [LETTER, SLIP, c.Cancel(ticket=TICKET, reason="left")], ids=lambda act: act.kind)
def test_a_room_unit_is_no_kiosk_and_no_patient(act: Asked) -> None:
    assert asked(ROOM, act) is None


@pytest.mark.parametrize("device", [KIOSK, ROOM], ids=lambda device: device.role)
def test_a_warning_names_the_device_that_raised_it_whatever_it_said(device: Device) -> None:
    assert asked(device, WARNING) == c.RaiseWarning(device=DeviceId(device.id))


@pytest.mark.parametrize("act", [*of_a_room(HERE), *OF_TICKETS], ids=lambda act: act.kind)
def test_a_kiosk_asks_for_no_act_of_staff_and_a_display_for_nothing(act: c.StaffAct) -> None:
    assert asked(KIOSK, act) is None
    assert asked(DISPLAY, act) is None


def test_a_kiosk_asks_for_a_letter_in_its_own_name_and_for_the_place_of_a_slip() -> None:
    assert asked(KIOSK, LETTER) == c.GrantLetter(disk=DiskId("d" * 32), kiosk=DeviceId("aubagne-kiosk-1"))
    granted = asked(KIOSK, SLIP)
    assert isinstance(granted, c.PresentSlip)
    assert (granted.slip, granted.service, granted.language) == ("A042", "consultation", "fr")


def test_the_network_asks_for_what_is_decided_elsewhere_and_for_nothing_that_a_room_alone_can_know() -> None:
    allowed = {"set-priority", "transfer", "cancel", "stay-until", "reopen-intake"}
    acts = [*of_a_room(HERE), *OF_TICKETS, c.Cancel(ticket=TICKET, reason="left"), WARNING, LETTER, SLIP]

    assert {act.kind for act in acts if granted_to_network(act, lambda _room: False) is not None} == allowed


def test_the_network_ends_the_duty_of_one_who_left_without_saying_as_a_colleague_does() -> None:
    assert granted_to_network(c.GoOffDuty(room=HERE), lambda room: room == HERE) == c.GoOffDuty(room=HERE)
    assert granted_to_network(c.GoOffDuty(room=HERE), lambda room: room == THERE) is None
