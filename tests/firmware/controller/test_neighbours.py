"""Devices that do not behave as one, as the controller notes them."""

from __future__ import annotations

import pytest

from core.room.ids import DeviceId
from core.wire.messages import DeviceState
from firmware.controller.neighbours import Floods, Twins

ROOM, KIOSK = DeviceId("aubagne-room-1"), DeviceId("aubagne-kiosk-1")


class Ears:
    """The link's side: who is muted."""

    def __init__(self) -> None:
        self.muted: list[DeviceId] = []
        self.is_up = True

    def unmute(self, device: DeviceId) -> bool:
        if self.is_up:
            self.muted.remove(device)
        return self.is_up


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def floods(ears: Ears) -> Floods:
    return Floods(ears.muted.append, ears.unmute)


def test_who_floods_is_muted_for_ten_seconds_and_nobody_else(ears: Ears, floods: Floods) -> None:
    for now_s in (0.0, 0.1, 0.2):
        floods.begins(ROOM, now_s)
    floods.look(9.9)
    assert ears.muted == [ROOM]

    floods.look(10)

    assert ears.muted == []


def test_who_goes_on_flooding_is_muted_again(ears: Ears, floods: Floods) -> None:
    floods.begins(ROOM, 0)
    floods.look(10)

    floods.begins(ROOM, 11)

    assert ears.muted == [ROOM]


def test_a_link_that_is_down_is_asked_again(ears: Ears, floods: Floods) -> None:
    floods.begins(ROOM, 0)
    ears.is_up = False
    floods.look(10)
    assert ears.muted == [ROOM]

    ears.is_up = True
    floods.look(11)

    assert ears.muted == []


def test_a_flood_is_an_alert_until_ten_minutes_after_it(floods: Floods) -> None:
    floods.begins(ROOM, 0)

    assert [(alert.code, ROOM in alert.detail) for alert in floods.alerts(599)] == [("device-floods", True)]
    assert floods.alerts(600) == []


def state(start: str | None, said: str = "ready") -> DeviceState:
    return DeviceState.model_validate({"boot": 6, "start": start, "role": "room", "state": said})


def test_a_start_that_comes_back_after_another_shows_two_devices() -> None:
    twins = Twins()
    for start in ("a", "b", "a"):
        assert twins.alerts(0) == []
        twins.hear(ROOM, state(start), 0)

    assert [(alert.code, ROOM in alert.detail) for alert in twins.alerts(599)] == [("second-device", True)]
    assert twins.alerts(600) == []


def test_restarts_wills_and_devices_of_an_earlier_release_are_no_second_device() -> None:
    twins = Twins()
    for start in ("a", "a", "b", "c", None, "c"):
        twins.hear(ROOM, state(start), 0)
    twins.hear(ROOM, state("a", "lost"), 0)
    twins.hear(KIOSK, state("b"), 0)

    assert twins.alerts(0) == []
