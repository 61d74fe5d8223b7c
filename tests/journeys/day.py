"""A day at the centre in a doctor's words: hands on buttons, eyes on lamps, the big screen and phones.

Rule: whatever is done goes through a fake's control socket, whatever is seen is what a person could see; all of it of
the real processes.
"""

from __future__ import annotations

import html
import re
import time
from typing import Any

import httpx
import pytest
import zxingcpp

from borne.demo.paper import print_out
from borne.demo.ports import HOST
from borne.demo.stage import SITE, Stage
from borne.demo.visitor import TurnedAway
from core.edge.clock import ScaledClock
from core.room.ids import ServiceId
from core.room.passage import Policy
from core.room.phrases import Phrase
from firmware.drivers.control import ControlClient
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.pages import Start
from firmware.room.lamp import NO, NOBODY_WAITS, SOMEBODY_WAITS, TICKS, YES
from tests.journeys.big_screen import BigScreen
from tests.journeys.centre import Centre
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.touch import Finger
from tests.mosquitto import wait_until

__all__ = ["DARK", "LIT", "Day", "Doctor", "Patient"]

DARK, LIT = NOBODY_WAITS.name, SOMEBODY_WAITS.name
_ONCE = {pattern.name for pattern in (YES, NO, *TICKS)}
_CONSULTATION = ServiceId("consultation")
_FULL = Desk(state="ready", intake="full", opens=Phrase("kiosk.opens-tomorrow", {"time": "09:00"}))
_TAP_MS = 60
_TAG = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.DOTALL)


class Patient:
    """Somebody with a slip, and with a phone that has read its code."""

    def __init__(self, number: str, address: str, kiosk: ControlClient) -> None:
        self.number = number
        self.address = address
        self._kiosk = kiosk

    def reads(self, *words: str) -> None:
        """Wait until the phone says so."""
        _wait_to_read(self.address, words)

    def is_called_to(self) -> str:
        """Wait until the phone says to which room."""
        self.reads("C’est à vous")
        (room,) = re.findall(r"Présentez-vous maintenant : Salle (\w+)", page_at(self.address))
        return str(room)

    def shows_the_slip(self) -> None:
        """Hold its code before the kiosk's scanner."""
        self._kiosk.call("panel", "scan", text=self.address)


class Doctor:
    """Somebody in a room."""

    def __init__(self, room: str, stage: Stage, clock: ScaledClock) -> None:
        self.room = room
        """As it stands on the door."""
        (self._name,) = (one.id for one in stage.site.rooms if one.label == room)
        self.unit = ControlClient(stage.control(self._name))
        self._stage = stage
        self._clock = clock

    @property
    def finger(self) -> Finger:
        """On the touch screen of the room, where there is one."""
        return Finger(self._stage, self._clock, self._name)

    @property
    def lamp(self) -> str:
        (lamp,) = self.unit.call("gpio", "lamps").values()
        return str(lamp["pattern"])

    def sees_the_lamp(self, what: str) -> None:
        wait_until(lambda: self.lamp == what, what=f"the lamp of room {self.room} is {what}, not {self.lamp}")

    def hears_the_buzzer(self) -> bool:
        """Whether the buzzer has ever sounded."""
        return bool(self.unit.call("gpio", "buzzer")["changes"])

    def presses(self, button: str = "call") -> str:
        """Tap a button; what the lamp answers, `yes` or `no`."""
        return self.holds(_TAP_MS / 1000, button)

    def holds(self, seconds: float, button: str = "call") -> str:
        """Keep a finger on a button for real seconds; what the lamp answers then, `yes` or `no`."""
        self.looks_down()
        self.puts_a_finger_down(seconds, button)
        return self.is_answered()

    def presses_until_it_is_done(self) -> None:
        """As one does whose lamp has said no."""
        wait_until(lambda: self.presses() == "yes", what=f"a yes in room {self.room}", deadline_s=20)

    def puts_a_finger_down(self, seconds: float = _TAP_MS / 1000, button: str = "call") -> None:
        self.unit.call("gpio", "hold", ms=int(seconds * 1000), button=button)

    def taps(self) -> float:
        """Tap the button when the lamp is at rest; the monotonic second in which the finger goes up."""
        self.looks_down()
        began_s = time.monotonic()
        self.puts_a_finger_down()
        return began_s + _TAP_MS / 1000

    def time_of_answer(self, since_s: float) -> float:
        """The monotonic second in which the lamp first changed since then."""

        def changes() -> list[float]:
            (lamp,) = self.unit.call("gpio", "lamps").values()
            return [at_s for at_s, _ in lamp["changes"] if at_s > since_s]

        wait_until(lambda: bool(changes()), what=f"the lamp of room {self.room} changes")
        return changes()[0]

    def looks_down(self) -> None:
        """Wait until the lamp has finished its last answer."""
        wait_until(lambda: self.lamp not in _ONCE, what=f"the lamp of room {self.room} is at rest")

    def is_answered(self) -> str:
        answers = {YES.name: "yes", NO.name: "no"}
        seen: list[str] = []

        def has_answer() -> bool:
            seen.append(self.lamp)
            return seen[-1] in answers

        wait_until(has_answer, what=f"an answer in room {self.room}")
        return answers[seen[-1]]


class Day:
    """What happens at the centre, and what everybody there can see."""

    def __init__(self, centre: Centre, stage: Stage, clock: ScaledClock) -> None:
        self._centre = centre
        self._stage = stage
        self._clock = clock
        self._agent = f"http://{HOST}:{stage.web_port}"
        self._came = 0
        self.board = BigScreen(ControlClient(stage.control("display")))

    def doctor(self, room: str) -> Doctor:
        return Doctor(room, self._stage, self._clock)

    def patient(self, number: str, token: str) -> Patient:
        return Patient(number, f"{self._agent}/t/{token}", ControlClient(self._stage.control("kiosk")))

    def patient_comes(self) -> Patient:
        """Somebody takes a ticket at the kiosk, and reads the code on the slip."""
        self._centre.visitor.take_ticket(_CONSULTATION)
        return self.reads_the_newest_slip()

    def last_patient_comes(self) -> Patient:
        """Somebody takes the ticket after which the kiosk says that it gives no more; the next one is turned away."""
        last = self.patient_comes()
        wait_until(KioskPage(self._stage, Start(), _FULL).is_shown, what="the kiosk says that the evening is full")
        with pytest.raises(TurnedAway):
            self._centre.visitor.approach()
        return last

    def reads_the_newest_slip(self) -> Patient:
        self._came += 1
        job = max(self._stage.slips.glob("*.bin"))
        (code,) = (code for slip in print_out(job.read_bytes()) for code in zxingcpp.read_barcodes(slip))
        return self.patient(f"A{self._came:03d}", code.text.rsplit("/", 1)[1])

    def patients_come(self, count: int) -> list[Patient]:
        return [self.patient_comes() for _ in range(count)]

    def minutes_pass(self, minutes: float) -> None:
        self.it_is(self._clock.wall_ms() + round(minutes * 60_000))

    def visit_goes_on(self) -> None:
        """Let the time pass in which a press would mean that nobody came."""
        self.minutes_pass(Policy().grace_s / 60 + 0.1)

    def nobody_comes(self) -> None:
        """Let the time pass in which a press would only call the same patient again."""
        self.minutes_pass(Policy().recall_window_s / 60 + 0.1)

    def it_is(self, at_ms: int) -> None:
        """Wait for an hour."""
        wait_until(lambda: self._clock.wall_ms() >= at_ms, what="the hour", deadline_s=30)

    def plan_has_come(self, name: str) -> None:
        """Wait until the controller has on its disk what the network has planned."""
        file = self._stage.journal.with_name("plan.json")
        wait_until(lambda: file.exists() and name in file.read_text(), what=f"the plan of {name} is at the centre")

    def centre_page_reads(self, *words: str) -> None:
        """What somebody at home sees."""
        _wait_to_read(f"{self._agent}/c/{SITE}", words)

    def trouble(self, device: str) -> dict[str, Any]:
        """What the network's health says of a device; nothing while it is well."""
        health = httpx.get(f"{self._agent}/healthz", timeout=5, trust_env=False).json()
        return dict(health["devices"].get(SITE, {}).get(f"{SITE}-{device}", {}))

    def alerts(self, device: str) -> dict[str, str]:
        """What is to be done there, by code."""
        return dict(self.trouble(device).get("alerts", {}))

    def kiosk_gives_tickets(self) -> None:
        """Wait until the kiosk offers one."""
        wait_until(self._centre.visitor.is_open, what="the kiosk gives tickets")


def page_at(address: str) -> str:
    """What a person reads there."""
    answer = httpx.get(address, params={"lang": "fr"}, timeout=5, trust_env=False)
    return " ".join(html.unescape(_TAG.sub(" ", answer.text)).split())


def _wait_to_read(address: str, words: tuple[str, ...]) -> None:
    try:
        wait_until(lambda: all(word in page_at(address) for word in words), what=f"{words} on the page")
    except TimeoutError as error:
        raise AssertionError(f"{words} expected, the page reads:\n{page_at(address)}") from error
