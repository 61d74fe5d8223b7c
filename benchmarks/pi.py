"""What a busy evening takes of the one Pi that is kiosk, site broker and controller: memory under a limit, SD wear.

The evening is the demo's own, with its patients and doctors, on a faster clock; its promises are audited.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.centre import TOOLS
from benchmarks.cgroup import limited
from benchmarks.fair import Figure, Goal
from borne.demo.evening import BUTTON, doctors_for, opening_ms, play
from borne.demo.mosquitto import find_mosquitto
from borne.demo.stage import Pace, build, children
from borne.demo.supervisor import Supervisor

__all__ = ["measure"]

_ON_THE_PI = ("site-broker", "controller", "kiosk")
_LIMIT_MB = 128
"""For broker, controller and kiosk, and the forecaster, which is the controller's child."""
_MB = 1024 * 1024
_PATIENTS = 60
_SPEED = 240.0
"""Five hours in little more than a minute, a patient a second."""
_SET_UP_MS = 5000


def measure(folder: Path, _rounds: int) -> Iterator[Figure]:
    """One evening."""
    pace = Pace(origin_ms=time.time_ns() // 1_000_000 + _SET_UP_MS, start_ms=opening_ms(), speed=_SPEED)
    stage = build(folder, pace, rooms=doctors_for(_PATIENTS), has_towns=False, is_equipped=True, button=BUTTON)
    try:
        with limited(_LIMIT_MB * _MB) as limit:
            entry = limit.entry if limit else ()
            processes = [
                replace(child, command=(*entry, *child.command)) if child.name in _ON_THE_PI else child
                for child in children(stage, find_mosquitto(TOOLS))
            ]
            with Supervisor(processes, stage.logs) as supervisor:
                is_sound = play(stage, pace, supervisor, patients=_PATIENTS)
                written = {name: _written_bytes(supervisor.pid(name)) for name in _ON_THE_PI}
            peak_mb, killed = (limit.peak_bytes / _MB, limit.killed) if limit else (0.0, 0)
    finally:
        shutil.rmtree(stage.sockets, ignore_errors=True)
    if not is_sound or any(supervisor.restarts.values()) or killed:
        report = (stage.out / "report.json").read_text(encoding="utf-8")
        raise AssertionError(f"the evening broke, {killed} killed for want of memory: {report}")
    path = f"memory of broker, controller, forecaster, kiosk, ≤ {_LIMIT_MB} MB"
    if limit is None:
        yield Figure(path=path, figure="not measured: this user may not limit memory; run as root")
    else:
        figure = f"MB at the most, {_PATIENTS} patients, nobody killed"
        yield Figure(path=path, figure=figure, value=peak_mb, goal=Goal(limit=_LIMIT_MB, is_floor=False))
    each = {name: bytes_ / _PATIENTS / 1024 for name, bytes_ in written.items()}
    parts = ", ".join(f"{name} {kb:.0f}" for name, kb in each.items())
    yield Figure(path="written to disk at the site, a ticket", figure=f"KB; {parts}", value=sum(each.values()))


def _written_bytes(pid: int | None) -> int:
    """What a process has caused to be written (proc_pid_io(5))."""
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes:"))
