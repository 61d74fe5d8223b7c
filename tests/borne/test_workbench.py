"""The workbench: hands reach the devices, what the devices do is seen, the network's pages are passed on."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import uvicorn
from PIL import Image
from pydantic import TypeAdapter

from borne.demo.ports import free_port
from borne.demo.stage import Pace, Stage, build
from borne.demo.workbench import make_app
from borne.demo.workbench.bench import Bench
from core.room.ids import RoomId
from firmware.drivers.control import ControlSocket
from firmware.drivers.gpio import ButtonName, Gpio, GpioSettings, make_gpio
from firmware.drivers.gpio.settings import ButtonSettings, MockGpioSettings
from firmware.drivers.panel import Panel, Touch, make_panel
from firmware.drivers.panel.settings import DummyPanelSettings
from firmware.drivers.printer import FilePrinterSettings, Printer, make_printer
from firmware.drivers.printer.escpos import encode
from firmware.drivers.sound import CHIME, SoundSettings, Words, make_sound
from firmware.kiosk.desk.slip import Slip, draw
from tests.mosquitto import wait_until

ROOM = RoomId("room-1")
PAGE = "/t/AbCdEfGhIjKlMnOp"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build(tmp_path / "demo", Pace(origin_ms=0, start_ms=0), public_url="http://127.0.0.1:8480")
    yield built
    shutil.rmtree(built.sockets)


@pytest.fixture
def browser(stage: Stage) -> Iterator[httpx.Client]:
    with _served(stage) as client:
        yield client


@contextmanager
def _served(stage: Stage) -> Iterator[httpx.Client]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(make_app(stage), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, what="the workbench listens")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=10) as client:
        yield client
    server.should_exit = True
    thread.join()


@pytest.fixture
def printer(stage: Stage) -> Iterator[Printer]:
    control = ControlSocket(stage.control("kiosk"))
    yield make_printer(FilePrinterSettings(driver="file", folder=stage.slips), control)
    control.close()


@pytest.fixture
def gpio(stage: Stage) -> Iterator[Gpio]:
    control = ControlSocket(stage.control(ROOM))
    wired = MockGpioSettings(driver="mock", help=ButtonSettings(pin=23), buzzer_pin=18)
    made = make_gpio(wired, control)
    yield made
    made.close()
    control.close()


@pytest.fixture
def room_screen(tmp_path: Path) -> Iterator[tuple[Panel, httpx.Client]]:
    """The touch screen of room 1, and the workbench of a centre that has one."""
    stage = build(tmp_path / "equipped", Pace(origin_ms=0, start_ms=0), has_towns=False, is_equipped=True)
    control = ControlSocket(stage.control("room-1"))
    panel = make_panel(DummyPanelSettings(driver="dummy", width=800, height=480), control)
    with _served(stage) as browser:
        yield panel, browser
    panel.close()
    control.close()
    shutil.rmtree(stage.sockets)


def print_slip(printer: Printer) -> None:
    slip = Slip(
        site_name="Aubagne",
        number="A042",
        service="Consultation",
        time_text=None,
        ahead=None,
        url=f"http://127.0.0.1:8480{PAGE}",
        advice="Gardez ce ticket.",
    )
    printer.send(encode(draw(slip, printer.profile), printer.profile), timeout_s=5.0)


@pytest.mark.parametrize("name", ["call", "help"])
def test_a_finger_on_the_page_is_a_finger_on_the_room_s_button(
    browser: httpx.Client, gpio: Gpio, name: ButtonName
) -> None:
    button = gpio.buttons[name]
    assert browser.post("/bench/rooms/room-1", json={"button": name, "down": True}).status_code == 204
    wait_until(lambda: button.is_pressed, what="the button is down")

    assert browser.post("/bench/rooms/room-1", json={"button": name, "down": False}).status_code == 204
    wait_until(lambda: not button.is_pressed, what="the button is up")


@pytest.fixture
def kiosk_control(stage: Stage) -> Iterator[ControlSocket]:
    control = ControlSocket(stage.control("kiosk"))
    yield control
    control.close()


def test_what_the_kiosk_says_aloud_can_be_read_the_newest_last(stage: Stage, kiosk_control: ControlSocket) -> None:
    (kiosk,) = (device for device in stage.site.devices if device.role == "kiosk")
    assert Bench(stage).look()["voice"] is None, "there is no kiosk"
    sound = make_sound(TypeAdapter(SoundSettings).validate_python(kiosk.hardware["sound"]), kiosk_control)
    assert Bench(stage).look()["voice"] == []

    sound.say([Words("Bienvenue.", "fr")], volume=2)
    sound.say([CHIME, Words("Êtes-vous là ?", "fr")], volume=2)
    sound.say([Words("هل أنت هنا؟", "ar"), Words("نعم", "ar")], volume=2)

    assert Bench(stage).look()["voice"] == ["♪ · Êtes-vous là ?", "هل أنت هنا؟ · نعم"]


def test_a_finger_on_the_page_is_a_finger_on_the_kiosk_s_single_key(
    stage: Stage, browser: httpx.Client, kiosk_control: ControlSocket
) -> None:
    (kiosk,) = (device for device in stage.site.devices if device.role == "kiosk")
    with closing(make_gpio(TypeAdapter(GpioSettings).validate_python(kiosk.hardware["gpio"]), kiosk_control)) as gpio:
        key = gpio.buttons["call"]

        assert browser.post("/bench/key", json={"down": True}).status_code == 204
        wait_until(lambda: key.is_pressed, what="the key is down")
        assert browser.post("/bench/key", json={"down": False}).status_code == 204
        wait_until(lambda: not key.is_pressed, what="the key is up")


def test_a_finger_on_the_picture_of_a_rooms_screen_touches_it(room_screen: tuple[Panel, httpx.Client]) -> None:
    panel, browser = room_screen

    assert browser.post("/bench/screens/room-1/touch", json={"x": 400, "y": 300}).status_code == 204

    assert list(panel.touches(5.0)) == [Touch(400, 300)]
    assert browser.get("/bench/screens/room-1").headers["content-type"] == "image/png"


def test_a_slip_is_drawn_from_its_bytes_and_its_code_read_from_the_drawing(
    stage: Stage, browser: httpx.Client, printer: Printer
) -> None:
    print_slip(printer)

    seen = Bench(stage).look()["slips"]
    drawn = Image.open(io.BytesIO(browser.get("/bench/slips/1").content))

    assert seen == [{"name": "0001", "page": PAGE}]
    assert drawn.width == printer.profile.width_dots


def test_bytes_that_no_printer_would_print_are_shown_as_no_slip(stage: Stage, browser: httpx.Client) -> None:
    stage.slips.mkdir()
    (stage.slips / "0001.bin").write_bytes(b"\x1bZ")

    assert browser.get("/bench/slips/1").status_code == 404
    assert Bench(stage).look()["slips"] == [{"name": "0001", "page": None}]


def test_the_paper_can_be_taken_out_and_the_cover_opened(browser: httpx.Client, printer: Printer) -> None:
    browser.post("/bench/printer", json={"paper": "out"})
    assert printer.status().paper == "out"

    browser.post("/bench/printer", json={"paper": "ok"})
    browser.post("/bench/printer", json={"cover": True})
    assert (printer.status().paper, printer.status().cover_open) == ("ok", True)


def test_a_lamp_is_seen_with_its_changes_and_the_buzzer_with_what_it_plays(stage: Stage, gpio: Gpio) -> None:
    from firmware.drivers.gpio.patterns import FAST_BLINK, STEADY

    assert gpio.buzzer is not None
    gpio.buzzer.show(FAST_BLINK)
    gpio.lamp.show(STEADY)
    wait_until(lambda: Bench(stage).look()["rooms"][ROOM]["level"], what="the lamp is lit")

    seen = Bench(stage).look()
    assert seen["rooms"][ROOM]["pattern"] == "steady"
    assert seen["rooms"][ROOM]["buzzer"] == "fast-blink"
    at_ms, is_lit = seen["rooms"][ROOM]["changes"][-1]
    assert is_lit
    assert 0 <= seen["now_ms"] - at_ms < 10_000


def test_a_device_that_is_not_there_is_seen_as_none(stage: Stage) -> None:
    seen = Bench(stage).look()

    assert seen["screens"] == {"kiosk": None, "display": None}
    assert seen["rooms"] == {"room-1": None, "room-2": None}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/bench/screens/kiosk/touch", {"x": 1, "y": 1}, 503),
        ("/bench/screens/kiosk/touch", {"x": "left"}, 400),
        ("/bench/screens/kiosk/touch", [], 400),
        ("/bench/screens/window/touch", {"x": 1, "y": 1}, 404),
        ("/bench/rooms/room-1", {}, 400),
        ("/bench/rooms/room-9", {"down": True}, 404),
        ("/bench/key", {"down": True}, 503),
        ("/bench/key", {}, 400),
        ("/bench/printer", {"paper": "ok"}, 503),
        ("/bench/printer", {}, 400),
    ],
)
def test_a_gesture_that_reaches_nothing_is_answered_as_such(
    browser: httpx.Client, path: str, body: object, status: int
) -> None:
    assert browser.post(path, json=body).status_code == status


class _Agent(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"page {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Quiet."""


@pytest.fixture
def agent(stage: Stage) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", stage.web_port), _Agent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("agent")
def test_the_agent_s_pages_are_passed_on_and_may_be_framed_here(browser: httpx.Client) -> None:
    page = browser.get("/t/token?lang=ar")

    assert page.text == "page /t/token?lang=ar"
    assert page.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'self'"


def test_a_page_of_an_agent_that_is_not_there_asks_again_by_itself(browser: httpx.Client) -> None:
    page = browser.get("/")

    assert page.status_code == 502
    assert page.headers["refresh"] == "1"


def test_the_bench_needs_nothing_from_elsewhere(browser: httpx.Client) -> None:
    files = ["/bench", "/bench/static/bench.css", "/bench/static/bench.js"]

    for file in files:
        answer = browser.get(file)
        assert answer.status_code == 200
        assert "http://" not in answer.text
        assert "https://" not in answer.text
