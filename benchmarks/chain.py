"""How long the chain takes on the demo's processes: touch to slip, press to lamp, to big screen, to phone page.

Everything is seen from outside, as a person sees it: the slip's file, the lamp's rhythm, the panel's frames, the page's
event. A press contains the 20 ms over which its contact is debounced. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from borne.demo.mosquitto import find_mosquitto
from borne.demo.ports import HOST
from borne.demo.stage import Pace, Stage, build, children
from borne.demo.supervisor import Supervisor
from borne.demo.visitor import Visitor
from borne.demo.workbench.bench import address_on
from core.room.ids import ServiceId
from firmware.drivers.control import ControlClient

_TOOLS = Path(__file__).resolve().parents[1] / ".tools"
_SPEED = 20.0
"""Times faster, so that a second after a call a press no longer means "again"; nothing that is measured is scaled."""
_DEADLINE_S = 5.0
_POLL_S = 0.0005
_HEARD_S = 0.35
"""A page of the kiosk is deaf in its first 0.25 s."""
_STILL_S = 0.08
"""After its last change the big screen does nothing by itself for a quarter of a second: what comes is the call."""
_OPEN_S = 60.0


class _Chain:
    """The centre on the stage, measured one person after the other."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._service = ServiceId(stage.site.services[0].id)
        self._room = ControlClient(stage.control(stage.rooms[0]))
        self._display = ControlClient(stage.control("display"))
        self._visitor = Visitor(stage.site, ControlClient(stage.control("kiosk")), size_px=stage.kiosk_px)
        self._count = 0
        self._watchers = ThreadPoolExecutor(3)

    def wait_until_open(self) -> None:
        deadline_s = time.monotonic() + _OPEN_S
        while not self._visitor.is_open():
            if time.monotonic() > deadline_s:
                raise TimeoutError(f"the kiosk has not opened within {_OPEN_S:g} s; see {self._stage.logs}")
            time.sleep(0.1)

    def one_person(self) -> dict[str, float]:
        """Take a ticket, watch its page on a phone, be called; returns what each step took in seconds."""
        self._visitor.approach()
        time.sleep(_HEARD_S)
        self._count += 1
        slip = self._stage.slips / f"{self._count:04}.bin"
        touched_s = time.monotonic()
        self._visitor.choose(self._service)
        printed_s = _when(slip.exists)
        self._visitor.leave()
        return {"touch to last byte at the printer": printed_s - touched_s, **self._press(slip)}

    def _press(self, slip: Path) -> dict[str, float]:
        page = f"http://{HOST}:{self._stage.web_port}{urlsplit(address_on(slip) or '').path}"
        is_watched, is_pressed = threading.Event(), threading.Event()
        phone = self._watchers.submit(_next_event, page, is_watched, is_pressed)
        is_watched.wait(_DEADLINE_S)
        _when(lambda: self._lamp() != "one-long")  # the answer to the press before
        frame = self._still_frame()
        pressed_s = time.monotonic()
        seen = {
            "press to lamp": self._watchers.submit(_when, lambda: self._lamp() == "one-long"),
            "press to big screen": self._watchers.submit(_when, lambda: self._frame() != frame),
            "press to phone page": phone,
        }
        is_pressed.set()
        self._room.call("gpio", "tap", ms=80)
        return {name: _result(future) - pressed_s for name, future in seen.items()}

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

    def _lamp(self) -> str:
        (lamp,) = self._room.call("gpio", "lamps").values()
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


def _memory_mb(pid: int) -> tuple[float, float]:
    """Resident and proportional memory of a process (proc_pid_smaps(5)), in MB."""
    sizes = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, size, _ = line.split()
        sizes[name] = int(size) / 1024
    return sizes["Rss:"], sizes["Pss:"]


def _print_times(samples: Sequence[Mapping[str, float]]) -> None:
    print(f"\n{'milliseconds, of ' + str(len(samples)):<36}{'median':>8}{'p99':>8}")
    for name in samples[0]:
        taken_ms = sorted(1000 * sample[name] for sample in samples)
        p99_ms = taken_ms[max(0, round(0.99 * len(taken_ms)) - 1)]
        print(f"{name:<36}{statistics.median(taken_ms):>8.1f}{p99_ms:>8.1f}")


def _print_memory(processes: Supervisor) -> None:
    print(f"\n{'MB':<36}{'RSS':>8}{'PSS':>8}")
    for name in processes.restarts:
        pid = processes.pid(name)
        if pid is not None:
            resident, proportional = _memory_mb(pid)
            print(f"{name:<36}{resident:>8.1f}{proportional:>8.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.chain", description=__doc__)
    parser.add_argument("--samples", type=int, default=200)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        now_ms = time.time_ns() // 1_000_000
        stage = build(Path(folder), Pace(origin_ms=now_ms, start_ms=now_ms, speed=_SPEED))
        with Supervisor(children(stage, find_mosquitto(_TOOLS)), stage.logs) as processes:
            chain = _Chain(stage)
            chain.wait_until_open()
            samples = [chain.one_person() for _ in range(args.samples)]
            _print_times(samples)
            _print_memory(processes)


if __name__ == "__main__":
    main()
