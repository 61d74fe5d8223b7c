"""The fake board keeps the rules of a real one, and the lamp its rhythms."""

import itertools
import queue
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from core.edge.config import ConfigError, Settings, load
from firmware.drivers.control import ControlClient, ControlError, ControlSocket
from firmware.drivers.errors import GpioAbsent, PinBusy
from firmware.drivers.gpio import Gpio, GpioSettings, make_gpio
from firmware.drivers.gpio.patterns import FAST_BLINK, ONE_LONG, STEADY, THREE_SHORT
from firmware.drivers.gpio.settings import ButtonSettings, LgpioSettings, MockGpioSettings
from tests.contracts.button import ButtonContract, ButtonRig, Edges


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline, f"not seen: {what}"
        time.sleep(0.005)


SETTINGS = MockGpioSettings(
    driver="mock",
    call=ButtonSettings(pin=17, nc_pin=22),
    help=ButtonSettings(pin=23),
    park=ButtonSettings(pin=24),
    buzzer_pin=18,
)


@pytest.fixture
def gpio(control: ControlSocket) -> Iterator[Gpio]:
    with closing(make_gpio(SETTINGS, control)) as gpio:
        yield gpio


@pytest.fixture
def edges(gpio: Gpio) -> Edges:
    heard: Edges = queue.SimpleQueue()
    gpio.buttons["call"].listen(lambda is_pressed, at_s: heard.put((is_pressed, at_s)))
    return heard


def lamp(client: ControlClient) -> dict:
    return client.call("gpio", "lamps")["27"]


class MockRig:
    def __init__(self, gpio: Gpio, client: ControlClient) -> None:
        self.gpio = gpio
        self._client = client

    def press(self) -> None:
        self._client.call("gpio", "press")

    def release(self) -> None:
        self._client.call("gpio", "release")

    def break_wire(self) -> None:
        self._client.call("gpio", "wire", contact="nc", state="broken")

    def mend_wire(self) -> None:
        self._client.call("gpio", "wire", contact="nc", state="ok")

    def expect_lamp(self, pattern: str, looks: str) -> None:
        wait_until(lambda: lamp(self._client)["pattern"] == pattern, looks)

    def expect_buzzer(self, pattern: str, sounds: str) -> None:
        wait_until(lambda: self._client.call("gpio", "buzzer")["pattern"] == pattern, sounds)


class TestMockGpio(ButtonContract):
    @pytest.fixture
    def rig(self, gpio: Gpio, client: ControlClient) -> ButtonRig:
        return MockRig(gpio, client)


def test_a_bouncing_press_and_release_are_heard_once_each(edges, client):
    bouncing = [[True, 2], [False, 3], [True, 1], [False, 2], [True, 80], [False, 2], [True, 3], [False, 0]]
    client.call("gpio", "play", edges=bouncing)

    assert [edges.get(timeout=5)[0], edges.get(timeout=5)[0]] == [True, False]
    with pytest.raises(queue.Empty):
        edges.get(timeout=0.1)


def test_a_tap_shorter_than_the_debounce_time_is_lost(edges, client):
    client.call("gpio", "tap", ms=8)

    with pytest.raises(queue.Empty):
        edges.get(timeout=0.15)


def test_a_tap_lasts_as_long_as_told(edges, client):
    client.call("gpio", "tap", ms=150)

    (_, pressed_s), (_, released_s) = edges.get(timeout=5), edges.get(timeout=5)
    assert 0.1 < released_s - pressed_s < 1.0


PLAIN = MockGpioSettings(driver="mock")


def test_each_button_has_its_own_edges(gpio: Gpio, client: ControlClient) -> None:
    heard: queue.SimpleQueue[tuple[str, bool]] = queue.SimpleQueue()
    for name, button in gpio.buttons.items():
        button.listen(lambda is_pressed, at_s, name=name: heard.put((name, is_pressed)))

    for name in gpio.buttons:
        client.call("gpio", "tap", button=name, ms=60)
        assert [heard.get(timeout=5), heard.get(timeout=5)] == [(name, True), (name, False)]


AT_REST = pytest.mark.parametrize(("contact", "state"), [("no", "shorted"), ("nc", "broken")])
PRESSED = pytest.mark.parametrize(("contact", "state"), [("no", "broken"), ("nc", "shorted")])


@PRESSED
def test_a_wire_that_says_what_the_plunger_says_is_noticed_when_it_is_held_down(gpio, client, contact, state) -> None:
    client.call("gpio", "wire", contact=contact, state=state)

    client.call("gpio", "press")

    wait_until(gpio.buttons["call"].is_wire_broken, "the wire broken")


@AT_REST
def test_a_broken_wire_is_noticed_at_rest_and_presses_are_not_believed_until_it_is_mended(
    gpio, edges, client, contact, state
) -> None:
    client.call("gpio", "wire", contact=contact, state=state)
    wait_until(gpio.buttons["call"].is_wire_broken, "the wire broken")

    client.call("gpio", "tap", ms=60)
    with pytest.raises(queue.Empty):
        edges.get(timeout=0.3)

    client.call("gpio", "wire", contact=contact, state="ok")
    wait_until(lambda: not gpio.buttons["call"].is_wire_broken(), "the wire mended")
    client.call("gpio", "tap", ms=60)
    assert [edges.get(timeout=5)[0], edges.get(timeout=5)[0]] == [True, False]


def test_a_button_with_one_contact_says_nothing_of_its_wire(control, client) -> None:
    with closing(make_gpio(PLAIN, control)) as plain:
        client.call("gpio", "wire", contact="no", state="shorted")

        wait_until(lambda: plain.buttons["call"].is_pressed, "a short looks like a press")
        assert not plain.buttons["call"].is_wire_broken()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_exception_in_a_callback_kills_every_button_and_is_noticed(gpio, client):
    gpio.buttons["call"].listen(lambda is_pressed, at_s: 1 // 0)
    assert gpio.is_alive()

    client.call("gpio", "press")

    wait_until(lambda: not gpio.is_alive(), "the driver dead")


def test_a_pin_in_use_is_busy_and_free_again_after_closing(control):
    settings = MockGpioSettings(driver="mock")
    with closing(make_gpio(settings, control)), pytest.raises(PinBusy, match=r"17 \(call\), 27 \(lamp\) is in use"):
        make_gpio(settings, control)
    make_gpio(settings, control).close()


def test_a_chip_that_is_not_there_is_said_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # lgpio makes its pipe in the working directory

    with pytest.raises(GpioAbsent, match="/dev/gpiochip250 cannot be opened"):
        make_gpio(LgpioSettings(driver="lgpio", chip=250))


def test_the_lamp_is_lit_and_dark_in_the_rhythm_of_its_pattern(gpio, client):
    gpio.lamp.show(FAST_BLINK)
    wait_until(lambda: len(lamp(client)["changes"]) >= 6, "three flashes")

    changes = lamp(client)["changes"][:6]
    assert [level for _, level in changes] == [True, False] * 3
    pauses = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(changes)]
    assert all(pause > 0.19 for pause in pauses)
    assert sorted(pauses)[len(pauses) // 2] < 0.3


def test_showing_again_what_is_shown_does_not_break_the_rhythm(gpio, client):
    gpio.lamp.show(FAST_BLINK)
    wait_until(lambda: bool(lamp(client)["changes"]), "a first flash")
    while len(lamp(client)["changes"]) < 4:
        gpio.lamp.show(FAST_BLINK)

    changes = lamp(client)["changes"]
    assert changes[1][0] - changes[0][0] > 0.19


def test_an_answer_is_seen_to_its_end_before_what_lasts(gpio, client):
    gpio.lamp.show(THREE_SHORT)
    gpio.lamp.show(STEADY)
    assert gpio.lamp.pattern == THREE_SHORT

    wait_until(lambda: gpio.lamp.pattern == STEADY, "the lasting pattern")
    wait_until(lambda: lamp(client)["level"], "the lamp lit")
    assert [level for _, level in lamp(client)["changes"]] == [True, False] * 3 + [True]


def test_a_second_answer_takes_the_place_of_the_first_at_once(gpio):
    gpio.lamp.show(ONE_LONG)
    gpio.lamp.show(THREE_SHORT)

    assert gpio.lamp.pattern == THREE_SHORT


def test_closing_leaves_the_lamp_dark_and_the_driver_not_alive(control, client):
    gpio = make_gpio(MockGpioSettings(driver="mock"), control)
    gpio.lamp.show(STEADY)
    wait_until(lambda: lamp(client)["level"], "the lamp lit")

    gpio.close()

    assert not gpio.is_alive()


@pytest.mark.parametrize(
    "cue",
    [
        {"do": "kick"},
        {"do": "tap", "button": "door"},
        {"do": "play", "edges": 3},
        {"do": "wire", "contact": "nc", "state": "wet"},
        {"do": "wire", "button": "help", "contact": "nc", "state": "broken"},
    ],
)
def test_a_cue_that_makes_no_sense_is_refused(edges, client, cue, caplog):
    with pytest.raises(ControlError, match=r"no such cue|no button is called 'door'|has no contact 'nc'"):
        client.call("gpio", **cue)
    assert edges.empty()


class DeviceFile(Settings):
    gpio: GpioSettings


def test_one_pin_for_two_things_is_refused(tmp_path):
    path = tmp_path / "room.toml"
    path.write_text('[gpio]\ndriver = "mock"\nhelp = { pin = 4, nc_pin = 27 }\n', encoding="utf-8")

    with pytest.raises(ConfigError, match=r"help \(nc_pin\) and lamp are both on pin 27"):
        load(path, DeviceFile)
