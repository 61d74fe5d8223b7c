"""How long the chain takes on the demo's processes: touch to slip, press to lamp, to big screen, to phone page.

Everything is seen from outside, as a person sees it: the slip's file, the lamp's rhythm, the panel's frames, the page's
event. A press counts from when the finger lets go, and contains the 20 ms over which its contact is debounced. Figures
without a limit, for what a clock shows.
"""

from __future__ import annotations

import itertools
import shutil
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks.centre import TOOLS, wait_until
from benchmarks.fair import Figure, percentile
from borne.demo.mosquitto import find_mosquitto
from borne.demo.ports import HOST
from borne.demo.stage import Pace, Stage, build, children
from borne.demo.supervisor import Supervisor
from borne.demo.visitor import Visitor
from borne.demo.workbench.bench import address_on
from core.room.ids import ServiceId
from firmware.drivers.control import ControlClient

__all__ = ["measure"]

_PERSONS = 40
"""In a round; five rounds make 200."""
_SPEED = 20.0
"""Times faster, so that a second after a call a press no longer means "again"; nothing that is measured is scaled."""
_DEADLINE_S = 5.0
_POLL_S = 0.0005
_HEARD_S = 0.3
"""A page of the kiosk is deaf in its first 0.25 s."""
_FINGER_S = 0.06
_STILL_S = 0.08
"""After its last change the big screen does nothing by itself for a quarter of a second: what comes is the call."""
_OPEN_S = 60.0


def measure(folder: Path, rounds: int) -> Iterator[Figure]:
    """One person after the other."""
    now_ms = time.time_ns() // 1_000_000
    stage = build(folder, Pace(origin_ms=now_ms, start_ms=now_ms, speed=_SPEED), has_towns=False)
    try:
        with Supervisor(children(stage, find_mosquitto(TOOLS)), stage.logs):
            chain = _Chain(stage)
            chain.wait_until_open()
            chain.come_on_duty()
            samples = [chain.one_person() for _ in range(_PERSONS * rounds)]
    finally:
        shutil.rmtree(stage.sockets, ignore_errors=True)
    for path in samples[0]:
        times = [sample[path] for sample in samples]
        yield Figure(
            path=f"{path}, as seen",
            figure=f"median {1000 * statistics.median(times):.1f} ms, p99 {1000 * percentile(times, 0.99):.1f},"
            f" of {len(times)}",
        )


class _Chain:
    """The centre on the stage, measured one person after the other."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._service = ServiceId(stage.site.services[0].id)
        self._units = [ControlClient(stage.control(room)) for room in stage.rooms]
        self._rooms = itertools.cycle(self._units)
        """In turn: a lamp says for a second what became of its press."""
        self._display = ControlClient(stage.control("display"))
        self._visitor = Visitor(stage.site, ControlClient(stage.control("kiosk")), size_px=stage.kiosk_px)
        self._count = 0
        self._watchers = ThreadPoolExecutor(3)

    def wait_until_open(self) -> None:
        wait_until(self._visitor.is_open, "the kiosk opens", deadline_s=_OPEN_S)

    def come_on_duty(self) -> None:
        for room in self._units:
            wait_until(lambda room=room: _lamp(room) == "off", "the room is connected", deadline_s=_OPEN_S)
            room.call("gpio", "tap")
            _when(lambda room=room: _lamp(room) == "one-long")

    def one_person(self) -> dict[str, float]:
        """Take a ticket, watch its page on a phone, be called; returns what each step took in seconds."""
        self._visitor.approach()
        time.sleep(_HEARD_S)
        self._count += 1
        slip = self._stage.slips / f"{self._count:04}.bin"
        touched_s = time.monotonic()
        self._visitor.choose(self._service)
        printed_s = _when(slip.exists)
        seen = self._press(slip)  # meanwhile the kiosk is deaf to the touch that leaves
        self._visitor.leave()
        return {"touch to last byte at the printer": printed_s - touched_s, **seen}

    def _press(self, slip: Path) -> dict[str, float]:
        page = f"http://{HOST}:{self._stage.web_port}{urlsplit(address_on(slip) or '').path}"
        is_watched, is_pressed = threading.Event(), threading.Event()
        phone = self._watchers.submit(_next_event, page, is_watched, is_pressed)
        is_watched.wait(_DEADLINE_S)
        room = next(self._rooms)
        _when(lambda: _lamp(room) != "one-long")  # the answer to the press before
        frame = self._still_frame()
        room.call("gpio", "press")
        time.sleep(_FINGER_S)
        seen = {
            "press to lamp": self._watchers.submit(_when, lambda: _lamp(room) == "one-long"),
            "press to big screen": self._watchers.submit(_when, lambda: self._frame() != frame),
            "press to phone page": phone,
        }
        is_pressed.set()
        let_go_s = time.monotonic()
        room.call("gpio", "release")
        return {name: _result(future) - let_go_s for name, future in seen.items()}

    def _still_frame(self) -> int:
        """The number of the big screen's frame, just after it has changed by itself or has been at rest."""
        frame, since_s = self._frame(), time.monotonic()
        while time.monotonic() - since_s < _STILL_S:
            now = self._frame()
            if now != frame:
                frame, since_s = now, time.monotonic()
            time.sleep(_POLL_S)
        return frame

    def _frame(self) -> int:
        return int(self._display.call("panel", "frame_number")["number"])


def _lamp(room: ControlClient) -> str:
    (lamp,) = room.call("gpio", "lamps").values()
    return str(lamp["pattern"])


def _when(is_so: Callable[[], bool]) -> float:
    """The monotonic second at which something is first seen to be so."""
    deadline_s = time.monotonic() + _DEADLINE_S
    while not is_so():
        if time.monotonic() > deadline_s:
            raise TimeoutError(f"not seen within {_DEADLINE_S:g} s")
        time.sleep(_POLL_S)
    return time.monotonic()


def _next_event(page: str, is_watched: threading.Event, is_pressed: threading.Event) -> float:
    """When the first event after the press reaches a phone that holds the page open."""
    with httpx.stream("GET", f"{page}/live", timeout=_DEADLINE_S, trust_env=False) as stream:
        for line in stream.iter_lines():
            if line.startswith("data:"):
                if is_pressed.is_set():
                    return time.monotonic()
                is_watched.set()
    raise TimeoutError(f"{page}: the stream ended")


def _result(future: Future[float]) -> float:
    return future.result(2 * _DEADLINE_S)
