"""Devices that do not behave as one, as the controller notes them."""

from __future__ import annotations

import pytest

from core.room.ids import DeviceId
from core.wire.messages import DeviceState
from firmware.controller.neighbours import Floods, Silences, Twins

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


@pytest.fixture
def silences() -> Silences:
    """Of a room unit and a kiosk, who can be heard since second 100."""
    silences = Silences([ROOM, KIOSK])
    silences.begin(100)
    return silences


def lost(silences: Silences, now_s: float) -> list[DeviceId]:
    """Whom a person is told of."""
    alerts = silences.alerts(now_s)
    assert {alert.code for alert in alerts} <= {"device-lost"}
    return [device for device in (ROOM, KIOSK) if alerts and device in alerts[0].detail]


def test_a_device_that_never_says_anything_is_lost_after_a_minute(silences: Silences) -> None:
    silences.hear(KIOSK, state("a"), 101)

    assert lost(silences, 159.9) == []
    assert lost(silences, 160) == [ROOM]


def test_a_device_whose_will_was_heard_is_lost_a_minute_later_until_it_is_back(silences: Silences) -> None:
    for device in (ROOM, KIOSK):
        silences.hear(device, state("a"), 101)
    silences.hear(ROOM, state("a", "lost"), 500)
    silences.hear(ROOM, state("a", "lost"), 550)

    assert lost(silences, 559.9) == []
    assert lost(silences, 560) == [ROOM]
    silences.hear(ROOM, state("b"), 600)
    assert lost(silences, 10_000) == []


def test_connecting_again_does_not_forget_who_is_lost(silences: Silences) -> None:
    silences.begin(150)

    assert lost(silences, 160) == [ROOM, KIOSK]


def test_before_anybody_can_be_heard_nobody_is_lost() -> None:
    assert Silences([ROOM]).alerts(1000) == []
