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
from benchmarks.fair import Figure
from borne.demo.evening import doctors_for, opening_ms, play
from borne.demo.mosquitto import find_mosquitto
from borne.demo.stage import Pace, build, children
from borne.demo.supervisor import Supervisor

__all__ = ["measure"]

_ON_THE_PI = ("site-broker", "controller", "kiosk")
_LIMIT_MB = 128
_MB = 1024 * 1024
_PATIENTS = 60
_SPEED = 200.0
"""Four and a half hours in a minute and a half, a patient a second."""
_SET_UP_MS = 5000


def measure(folder: Path, _rounds: int) -> Iterator[Figure]:
    """One evening."""
    pace = Pace(origin_ms=time.time_ns() // 1_000_000 + _SET_UP_MS, start_ms=opening_ms(), speed=_SPEED)
    stage = build(folder, pace, rooms=doctors_for(_PATIENTS), has_towns=False)
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
            peak_mb = limit.peak_bytes / _MB if limit else None
            killed = limit.killed if limit else 0
    finally:
        shutil.rmtree(stage.sockets, ignore_errors=True)
    if not is_sound or any(supervisor.restarts.values()) or killed:
        raise AssertionError(f"the evening broke: {supervisor.restarts} restarts, {killed} killed for want of memory")
