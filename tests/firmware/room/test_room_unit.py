"""A room unit as a real process: its button pressed, its lamp seen, its questions answered by hand."""

from __future__ import annotations

import signal
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest

from core.edge.config import ConfigError
from core.room.commands import AcknowledgeWarning, Leave, Park, Press, RaiseWarning, Undo
from core.room.duty import DutyState
from core.wire.messages import Answer, Ringing
from firmware.room.app import run
from firmware.room.buzzer import FIRST_PATIENT, RINGING, SILENCE
from firmware.room.lamp import NO, NOBODY_WAITS, SOMEBODY_WAITS, TICKS, TROUBLE, WARNING, YES
from provisioning.tree import Tree
from tests.firmware.room.given import given_screen
from tests.firmware.stage import DeviceProcess, PlayedController
from tests.mosquitto import Mosquitto, wait_until

DEVICE = "aubagne-room-2"
LAMP_PIN = "27"
NOBODY = given_screen(rev=5)
SOMEBODY = given_screen(rev=5, waiting=1)
RINGS = given_screen(rev=6, waiting=1, warning=Ringing(device="aubagne-kiosk-1", at_ms=1))
WIRED = """driver = "mock"
call = { pin = 17, nc_pin = 22 }
help = { pin = 23 }
park = { pin = 24 }
buzzer_pin = 18

[button]
undo_ms = 600
leave_ms = 1200
stuck_ms = 2000
"""


def make_unit(tree: Tree, short: Path, gpio: str = WIRED) -> DeviceProcess:
    return DeviceProcess(tree.device("aubagne", DEVICE), "room", f"[gpio]\n{gpio}", short)


@pytest.fixture
def unit(provisioned: Tree, short_path: Path) -> Iterator[DeviceProcess]:
    unit = make_unit(provisioned, short_path)
    yield unit
    unit.close()


def pattern(unit: DeviceProcess) -> str:
    return str(unit.call("gpio", "lamps")[LAMP_PIN]["pattern"])


def expect_sound(unit: DeviceProcess, name: str) -> None:
    wait_until(lambda: unit.call("gpio", "buzzer")["pattern"] == name, what=f"the buzzer plays {name}")


def alerts(played: PlayedController) -> list[str]:
    return [alert.code for alert in played.states[DEVICE].alerts]


def expect(unit: DeviceProcess, name: str, within_s: float = 10.0) -> None:
    wait_until(lambda: pattern(unit) == name, what=f"the lamp plays {name}", deadline_s=within_s)


def start_with(unit: DeviceProcess, played: PlayedController) -> None:
    """Start and wait until the unit shows that somebody waits."""
    played.show(SOMEBODY)
    unit.start()
    expect(unit, SOMEBODY_WAITS.name)


def test_the_lamp_follows_the_screen(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)

    played.show(given_screen(rev=6))

    expect(unit, NOBODY_WAITS.name)
    wait_until(lambda: played.states[DEVICE].shown_rev == 6, what="the health names the revision")


def test_until_the_controller_is_heard_the_lamp_says_trouble(unit: DeviceProcess) -> None:
    unit.start()

    assert pattern(unit) == TROUBLE.name


def test_a_press_asks_for_this_room_once_and_the_lamp_says_yes(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)

    unit.call("gpio", "tap")

    expect(unit, YES.name)
    expect(unit, SOMEBODY_WAITS.name)
    assert [ask.act for ask in played.asks] == [Press(room="room-2")]


def test_an_answer_begins_dark_where_the_lamp_was_lit(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)
    pressed_s = time.monotonic()

    unit.call("gpio", "tap")
    expect(unit, YES.name)
    expect(unit, SOMEBODY_WAITS.name)

    changes = unit.call("gpio", "lamps")[LAMP_PIN]["changes"]
    assert [level for at_s, level in changes if at_s > pressed_s][:3] == [False, True, False]


def test_a_bouncing_contact_asks_once(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)

    unit.call(
        "gpio",
        "play",
        edges=[[True, 2], [False, 3], [True, 1], [False, 2], [True, 90], [False, 2], [True, 3], [False, 0]],
    )

    expect(unit, YES.name)
    expect(unit, SOMEBODY_WAITS.name)
    assert len(played.asks) == 1


def test_the_lamp_says_no_to_a_press_that_is_rejected(unit: DeviceProcess, played: PlayedController) -> None:
    played.answer = lambda ask: Answer(id=ask.id, outcome="rejected", code="nobody-waits")
    start_with(unit, played)

    unit.call("gpio", "tap")

    expect(unit, NO.name)


def test_a_press_without_an_answer_is_a_no_when_its_lifetime_has_passed(
    unit: DeviceProcess, played: PlayedController
) -> None:
    played.answer = lambda ask: None
    start_with(unit, played)

    unit.call("gpio", "tap")
    wait_until(lambda: bool(played.asks), what="the question")
    asked_s = time.monotonic()

    expect(unit, NO.name)
    assert 2.5 < time.monotonic() - asked_s < 5.0
    assert played.asks[0].ttl_s <= 3.0


def test_an_answer_to_another_question_changes_nothing(unit: DeviceProcess, played: PlayedController) -> None:
    other = "0123456789abcdef0123456789abcdef"
    played.answer = lambda ask: Answer(id=other, outcome="done")
    start_with(unit, played)

    unit.call("gpio", "tap")

    expect(unit, NO.name)


def test_within_five_seconds_of_the_controllers_silence_the_lamp_says_trouble_and_a_press_no(
    unit: DeviceProcess, played: PlayedController
) -> None:
    start_with(unit, played)

    played.fall_silent()
    expect(unit, TROUBLE.name, within_s=5.0)
    unit.call("gpio", "tap")

    expect(unit, NO.name, within_s=0.5)
    expect(unit, TROUBLE.name)
    assert not played.asks


def test_without_the_broker_the_lamp_says_trouble_and_with_it_again_presses_work(
    unit: DeviceProcess, played: PlayedController, site_broker: Mosquitto
) -> None:
    start_with(unit, played)

    site_broker.kill()
    expect(unit, TROUBLE.name, within_s=5.0)
    unit.call("gpio", "tap")
    expect(unit, NO.name, within_s=0.5)

    site_broker.start()
    expect(unit, SOMEBODY_WAITS.name, within_s=20.0)
    unit.call("gpio", "tap")
    expect(unit, YES.name)
    assert len(played.asks) == 1


def test_what_the_broker_kept_of_a_dead_controller_is_not_taken_for_life(
    unit: DeviceProcess, played: PlayedController
) -> None:
    played.show(SOMEBODY)
    played.fall_silent()
    unit.start()
    wait_until(lambda: played.states.get(DEVICE) is not None, what="the unit is there")

    unit.call("gpio", "tap")

    expect(unit, NO.name)
    expect(unit, TROUBLE.name)


def test_the_newest_screen_is_kept_on_disk(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)
    played.show(given_screen(rev=9))

    kept = unit.folder / "data" / "screen.json"
    wait_until(lambda: kept.exists() and '"rev":9' in kept.read_text(), what="revision 9 on the disk")


def test_bytes_that_are_no_screen_are_counted_and_change_nothing(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)

    played.link.publish(played.topics.screen, b'{"epoch": "e", "rev": "many"}')

    wait_until(lambda: played.states[DEVICE].refused == {played.topics.screen: 1}, what="the health counts it")
    assert pattern(unit) == SOMEBODY_WAITS.name


def test_a_unit_without_a_usable_pin_says_so_and_is_left_to_the_watchdog(
    provisioned: Tree, short_path: Path, played: PlayedController
) -> None:
    unit = make_unit(provisioned, short_path, 'driver = "lgpio"\nchip = 250')
    try:
        unit.start()
        wait_until(lambda: DEVICE in played.states and bool(played.states[DEVICE].alerts), what="the unit complains")

        (alert,) = played.states[DEVICE].alerts
        assert alert.code == "gpio-dead"
        assert "/dev/gpiochip250 cannot be opened" in alert.detail
        with pytest.raises(Empty):
            unit.hear(timeout_s=1.0)
    finally:
        unit.close()


def test_the_watchdog_is_fed_while_nothing_happens(unit: DeviceProcess) -> None:
    unit.start()

    assert [unit.hear(timeout_s=2.0) for _ in range(3)] == ["WATCHDOG=1"] * 3


def test_held_until_the_lamp_ticks_the_button_undoes(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)

    unit.call("gpio", "press")
    expect(unit, TICKS[0].name)
    unit.call("gpio", "release")

    expect(unit, YES.name)
    assert [ask.act for ask in played.asks] == [Undo(room="room-2")]


def test_held_until_the_lamp_ticks_twice_the_button_leaves(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)

    unit.call("gpio", "press")
    expect(unit, TICKS[1].name)
    unit.call("gpio", "release")

    expect(unit, YES.name)
    assert [ask.act for ask in played.asks] == [Leave(room="room-2")]


def test_a_stuck_button_does_nothing_and_raises_an_alert_until_it_is_let_go(
    unit: DeviceProcess, played: PlayedController
) -> None:
    start_with(unit, played)

    unit.call("gpio", "press")
    wait_until(lambda: alerts(played) == ["button-stuck"], what="the alert")
    unit.call("gpio", "release")

    wait_until(lambda: not alerts(played), what="the alert gone")
    assert not played.asks


def test_a_broken_wire_raises_an_alert_and_its_button_is_not_believed(
    unit: DeviceProcess, played: PlayedController
) -> None:
    start_with(unit, played)

    unit.call("gpio", "wire", contact="nc", state="broken")
    wait_until(lambda: alerts(played) == ["button-wire-broken"], what="the alert")
    unit.call("gpio", "tap")
    unit.call("gpio", "wire", contact="nc", state="ok")
    wait_until(lambda: not alerts(played), what="the alert gone")
    assert not played.asks

    unit.call("gpio", "tap")
    expect(unit, YES.name)
    assert [ask.act for ask in played.asks] == [Press(room="room-2")]


def test_a_wire_that_breaks_under_the_finger_makes_no_gesture(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)

    unit.call("gpio", "press")
    expect(unit, TICKS[0].name)
    unit.call("gpio", "wire", contact="no", state="broken")
    wait_until(lambda: "button-wire-broken" in alerts(played), what="the alert")
    unit.call("gpio", "release")

    wait_until(lambda: not alerts(played), what="the alert gone")
    assert not played.asks


def test_help_is_called_before_the_hand_lets_go_and_the_second_button_parks(
    unit: DeviceProcess, played: PlayedController
) -> None:
    start_with(unit, played)

    unit.call("gpio", "press", button="help")
    expect(unit, YES.name)
    unit.call("gpio", "release", button="help")
    unit.call("gpio", "tap", button="park")

    wait_until(lambda: len(played.asks) > 1, what="the second question")
    assert [ask.act for ask in played.asks] == [RaiseWarning(), Park(room="room-2")]


def test_a_warning_flickers_and_rings_until_it_is_acknowledged(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)
    played.show(RINGS)

    expect(unit, WARNING.name)
    expect_sound(unit, RINGING.name)
    unit.call("gpio", "hold", ms=800)
    wait_until(lambda: bool(played.asks), what="the question")
    assert [ask.act for ask in played.asks] == [AcknowledgeWarning(room="room-2")]

    played.show(given_screen(rev=7, waiting=1))
    expect_sound(unit, SILENCE.name)
    expect(unit, SOMEBODY_WAITS.name)


def rings(played: PlayedController) -> int | None:
    return played.states[DEVICE].rings_ms


def test_the_health_names_the_warning_for_as_long_as_it_can_be_heard_or_seen(
    unit: DeviceProcess, played: PlayedController
) -> None:
    start_with(unit, played)
    assert rings(played) is None

    played.show(RINGS)
    wait_until(lambda: rings(played) == 1, what="it says that it rings")
    assert (pattern(unit), unit.call("gpio", "buzzer")["pattern"]) == (WARNING.name, RINGING.name)
    played.show(RINGS.model_copy(update={"rev": 7, "warning": Ringing(device="aubagne-room-1", at_ms=2)}))
    wait_until(lambda: rings(played) == 2, what="it names the next one")
    played.show(given_screen(rev=8))
    wait_until(lambda: rings(played) is None, what="it is quiet")


def test_a_unit_that_hears_no_controller_any_more_does_not_say_that_it_rings(
    unit: DeviceProcess, played: PlayedController
) -> None:
    start_with(unit, played)
    played.show(RINGS)
    wait_until(lambda: rings(played) == 1, what="it says that it rings")

    played.fall_silent()

    wait_until(lambda: rings(played) is None, what="it says so no more")
    assert pattern(unit) == TROUBLE.name


def test_a_unit_without_lamp_and_buzzer_does_not_say_that_it_rings(
    provisioned: Tree, short_path: Path, played: PlayedController
) -> None:
    unit = make_unit(provisioned, short_path, 'driver = "lgpio"\nchip = 250')
    try:
        unit.start()
        played.show(RINGS)
        wait_until(lambda: DEVICE in played.states and played.states[DEVICE].shown_rev == 6, what="it has the screen")

        played.show(RINGS.model_copy(update={"rev": 7}))

        wait_until(lambda: played.states[DEVICE].shown_rev == 7, what="and the next")
        assert rings(played) is None
    finally:
        unit.close()


def test_the_buzzer_tells_an_idle_doctor_of_the_first_patient(unit: DeviceProcess, played: PlayedController) -> None:
    played.show(NOBODY)
    unit.start()
    expect(unit, NOBODY_WAITS.name)

    played.show(given_screen(rev=6, waiting=1))

    expect_sound(unit, FIRST_PATIENT.name)
    expect_sound(unit, SILENCE.name)


def test_a_room_off_duty_is_dark_and_a_press_is_asked_for_all_the_same(
    unit: DeviceProcess, played: PlayedController
) -> None:
    played.show(given_screen(rev=5, waiting=3, duty=DutyState.OFF))
    unit.start()
    expect(unit, NOBODY_WAITS.name)

    unit.call("gpio", "tap")

    expect(unit, YES.name)
    assert [ask.act for ask in played.asks] == [Press(room="room-2")]


def test_told_to_stop_the_unit_ends_at_once_without_a_word(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)

    assert unit.end() == (0, "")
    wait_until(lambda: played.states[DEVICE].state == "lost", what="it has said that it is gone")


def test_a_file_without_the_room_says_what_to_add(provisioned: Tree) -> None:
    path = provisioned.device("aubagne", DEVICE) / "device.toml"
    path.write_text(path.read_text().replace('room = "room-2"', "") + '\n[gpio]\ndriver = "mock"\n')

    with pytest.raises(ConfigError, match='add room = "…"'):
        run(path)


def test_from_button_to_lamp_takes_less_than_200_milliseconds(unit: DeviceProcess, played: PlayedController) -> None:
    played.show(given_screen(rev=1))
    unit.start()
    expect(unit, NOBODY_WAITS.name)

    took_ms = [_press_and_see(unit) for _ in range(4)]

    assert statistics.median(took_ms) < 200


def _press_and_see(unit: DeviceProcess) -> float:
    """Milliseconds from the finger's going to the first light of a yes; all processes share one monotonic clock."""
    expect(unit, NOBODY_WAITS.name)
    gone_s = time.monotonic() + 0.06
    unit.call("gpio", "tap", ms=60)
    expect(unit, YES.name)
    lit = [at_s for at_s, level in unit.call("gpio", "lamps")[LAMP_PIN]["changes"] if level and at_s > gone_s]
    return (lit[0] - gone_s) * 1000


ASKING = given_screen(rev=0).model_copy(update={"epoch": "empty-disk", "is_gathering": True})


def test_asked_for_the_day_it_gives_the_newest_screen_and_the_lamp_says_trouble(
    unit: DeviceProcess, played: PlayedController
) -> None:
    start_with(unit, played)

    played.show(ASKING)

    wait_until(lambda: DEVICE in played.kept, what="the unit answers")
    kept = played.kept[DEVICE].screen
    assert kept is not None
    assert (kept.epoch, kept.rev, kept.waiting) == (SOMEBODY.epoch, SOMEBODY.rev, SOMEBODY.waiting)
    expect(unit, TROUBLE.name)


def test_asked_for_the_day_after_a_power_cut_it_gives_what_its_disk_kept(
    unit: DeviceProcess, played: PlayedController
) -> None:
    start_with(unit, played)
    wait_until(lambda: (unit.folder / "data" / "screen.json").exists(), what="the screen is kept")
    unit.end(signal.SIGKILL)
    played.show(ASKING)

    unit.start()

    wait_until(lambda: DEVICE in played.kept, what="the unit answers")
    kept = played.kept[DEVICE].screen
    assert kept is not None
    assert (kept.epoch, kept.rev) == (SOMEBODY.epoch, SOMEBODY.rev)
