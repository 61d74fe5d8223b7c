"""The printer's named fake: keeps the bytes of each slip as `0001.bin`, and the hardware's rules.

A paper roll that is out, an open cover, a jammed cutter or a printer that is off refuse a job before its first byte.
A job broken off in its middle leaves what was taken as `0002.part`. Cues come by the control socket, device `printer`:

    paper    state = "ok" | "low" | "out" | "ends" (out in the middle of the next job)
    cover    open = true | false
    cutter   ok = true | false
    offline, unplugged, mute    on = true | false
    stall    after = bytes taken of every job from now on; null ends it
    reset    after = bytes of the next job at which the power goes, and is back at once
    slow     seconds = how long a job takes
    jobs     answers the names of the slips
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware.drivers.control import ControlSocket
from firmware.drivers.errors import PaperOut, PrinterAbsent, PrinterMute, PrinterStalled
from firmware.drivers.printer.port import PrinterStatus
from firmware.drivers.printer.profiles import Profile

__all__ = ["FilePrinter"]


@dataclass
class _State:
    """What the imagined printer is like at the moment."""

    paper: str = "ok"
    cover_open: bool = False
    cutter_ok: bool = True
    is_offline: bool = False
    is_unplugged: bool = False
    is_mute: bool = False
    stall_after: int | None = None
    reset_after: int | None = None
    job_s: float = 0.0


class FilePrinter:
    """Writes slips into `folder`, which outlives it: numbering goes on where it stopped."""

    def __init__(self, folder: Path, profile: Profile, control: ControlSocket | None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._profile = profile
        self._state = _State()
        self._cue = threading.Condition()
        self._last = max((int(path.stem) for path in folder.iterdir() if re.fullmatch(r"\d{4,}", path.stem)), default=0)
        if control:
            control.register("printer", self._on_cue)

    @property
    def profile(self) -> Profile:
        return self._profile

    def ask(self) -> None:
        pass

    def status(self) -> PrinterStatus:
        with self._cue:
            return self._status()

    def send(self, job: bytes, *, timeout_s: float) -> None:
        with self._cue:
            state = self._state
            refusal = self._status().fault
            if refusal:
                raise refusal
            if state.stall_after is not None and state.stall_after < len(job):
                self._keep(job[: state.stall_after], "part")
                raise PrinterStalled(bytes_taken=state.stall_after)
            if state.reset_after is not None and state.reset_after < len(job):
                taken, state.reset_after = state.reset_after, None
                self._keep(job[:taken], "part")
                raise PrinterAbsent(str(self._folder), bytes_taken=taken)
            if state.paper == "ends":
                state.paper = "out"
                self._keep(job[: len(job) // 2], "part")
                raise PaperOut(bytes_taken=len(job))
            self._wait(min(state.job_s, timeout_s))
            self._keep(job, "bin")
            if state.job_s > timeout_s:
                raise PrinterMute(bytes_taken=len(job))

    def suspect(self) -> None:
        pass

    def close(self) -> None:
        pass

    def _wait(self, seconds: float) -> None:
        """Take time as a mechanism does, while cues and questions are still answered."""
        deadline = time.monotonic() + seconds
        while (left_s := deadline - time.monotonic()) > 0:
            self._cue.wait(left_s)

    def _status(self) -> PrinterStatus:
        state = self._state
        if state.is_unplugged:
            raise PrinterAbsent(str(self._folder))
        if state.is_mute:
            return PrinterStatus()
        is_out = state.paper == "out"
        return PrinterStatus(
            online=not (state.is_offline or is_out or state.cover_open or not state.cutter_ok),
            paper="out" if is_out else "low" if state.paper == "low" else "ok",
            cover_open=state.cover_open,
            cutter_ok=state.cutter_ok,
        )

    def _keep(self, taken: bytes, kind: str) -> None:
        """Appears under its name only when whole and on the disk."""
        if not taken:
            return
        self._last += 1
        whole = self._folder / f"{self._last:04}.{kind}"
        growing = whole.with_suffix(".tmp")
        with growing.open("wb") as file:
            file.write(taken)
            file.flush()
            os.fsync(file.fileno())
        growing.rename(whole)

    def _on_cue(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        if request["do"] == "jobs":
            return {"jobs": sorted(path.name for path in self._folder.iterdir() if path.suffix in {".bin", ".part"})}
        with self._cue:
            state = self._state
            match request:
                case {"do": "paper", "state": "ok" | "low" | "out" | "ends" as paper}:
                    state.paper = paper
                case {"do": "cover", "open": bool(is_open)}:
                    state.cover_open = is_open
                case {"do": "cutter", "ok": bool(ok)}:
                    state.cutter_ok = ok
                case {"do": "offline" | "unplugged" | "mute" as what, "on": bool(on)}:
                    setattr(state, f"is_{what}", on)
                case {"do": "stall", "after": int() | None as after}:
                    state.stall_after = after
                case {"do": "reset", "after": int(after)}:
                    state.reset_after = after
                case {"do": "slow", "seconds": int() | float() as seconds}:
                    state.job_s = seconds
                case _:
                    raise ValueError("no such cue; see firmware/drivers/printer/file.py")
            self._cue.notify_all()
        return {}
