"""Eyes on the centre: lamps, big screen, pages, and the memory of its processes. Writes the tape, judges nothing.

Rule: it looks from outside only, which for an acknowledgement is the disks. A device that does not answer is dark.
"""

from __future__ import annotations

import base64
import hashlib
import io
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
from PIL import Image

from borne.demo.ports import HOST
from borne.demo.stage import SITE
from borne.demo.watch import read_only
from borne.demo.workbench.bench import address_on
from firmware.display.layout import layout_for
from firmware.drivers.control import ControlClient, ControlError
from tests.chaos.centre import Centre
from tests.chaos.tape import Tape

__all__ = ["Recorder"]

_LAMP_EVERY_S = 0.1
_BOARD_EVERY_S = 0.25
_PAGE_EVERY_S = 0.5
_DISKS_EVERY_S = 0.1
_MEMORY_EVERY_S = 1.0
_ANSWER_S = 1.0
_STOP_S = 10.0
_PHONES = 12
"""Phones that follow their ticket at a time; the newest slips' ones."""


class Recorder:
    """Looks from `start` until `stop`."""

    def __init__(self, centre: Centre, tape: Tape, crops: Path) -> None:
        """
        Args:
            crops: folder for what was seen on the big screen, each sight once.
        """
        self._centre = centre
        self._stage = centre.stage
        self._tape = tape
        self._crops = crops
        crops.mkdir()
        layout = layout_for(centre.board_px)
        self._boxes = [(box.left, box.top, box.right, box.bottom) for box in (layout.hero, *layout.rows, layout.order)]
        self._agent = httpx.Client(base_url=f"http://{HOST}:{self._stage.web_port}/api/v1", timeout=_ANSWER_S)
        self._stopping = threading.Event()
        looks: list[tuple[Callable[[], None], float]] = [
            (self._lamps(), _LAMP_EVERY_S),
            (self._board(), _BOARD_EVERY_S),
            (self._pages(), _PAGE_EVERY_S),
            (self._disks(), _DISKS_EVERY_S),
            (self._memory, _MEMORY_EVERY_S),
        ]
        self._threads = [threading.Thread(target=self._look, args=look, daemon=True) for look in looks]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(_STOP_S)
        self._agent.close()

    def _look(self, look: Callable[[], None], every_s: float) -> None:
        while not self._stopping.wait(every_s):
            look()

    def _lamps(self) -> Callable[[], None]:
        rooms = {room: ControlClient(self._stage.control(room), timeout_s=_ANSWER_S) for room in self._stage.rooms}
        seen: dict[str, str] = {}

        def look() -> None:
            for room, client in rooms.items():
                try:
                    (lamp,) = client.call("gpio", "lamps").values()
                    shown = lamp["pattern"]
                except ControlError:
                    shown = "dead"
                if seen.get(room) != shown:
                    seen[room] = shown
                    self._tape.note("lamp", room=room, shows=shown)

        return look

    def _board(self) -> Callable[[], None]:
        client = ControlClient(self._stage.control("display"), timeout_s=_ANSWER_S)
        known: set[str] = set()
        last: list[str] = []

        def look() -> None:
            try:
                png = base64.b64decode(client.call("panel", "frame")["png"])
            except ControlError:
                return
            picture = Image.open(io.BytesIO(png))
            names = []
            for box in self._boxes:
                crop = picture.crop(box)
                names.append(hashlib.sha256(crop.tobytes()).hexdigest()[:16])
                if names[-1] not in known:
                    known.add(names[-1])
                    crop.save(self._crops / f"{names[-1]}.png")
            if names != last:
                last[:] = names
                self._tape.note("board", crops=names)

        return look

    def _pages(self) -> Callable[[], None]:
        seen: dict[str, str] = {}

        def ask(kind: str, address: str, **what: str) -> None:
            try:
                answer = self._agent.get(address)
            except httpx.HTTPError:
                return
            if answer.status_code == httpx.codes.OK:
                told = {name: value for name, value in answer.json().items() if name != "updated"}
                if seen.get(address) != repr(told):
                    seen[address] = repr(told)
                    self._tape.note(kind, **what, told=told)

        def look() -> None:
            ask("page", f"/sites/{SITE}")
            for slip in sorted(self._stage.slips.rglob("*.bin"), key=lambda one: one.stat().st_mtime)[-_PHONES:]:
                token = (address_on(slip) or "").rpartition("/t/")[2]
                if token and not self._stopping.is_set():
                    ask("phone", f"/tickets/{token}", token=token)

        return look

    def _disks(self) -> Callable[[], None]:
        """What has been acknowledged to the controller, held against the agent's disk as it is a moment later."""
        last = (0, 0)

        def look() -> None:
            nonlocal last
            try:
                with closing(read_only(self._stage.journal)) as site:
                    facts = dict(site.execute("SELECT name, value FROM fact WHERE name IN ('epoch', 'acked')"))
                with closing(read_only(self._stage.tree.agent / "agent.db")) as agent:
                    found = agent.execute("SELECT upto FROM stream WHERE epoch = ?", (facts["epoch"],)).fetchone()
            except (sqlite3.OperationalError, KeyError):
                return  # not made yet
            now = facts["acked"], found[0] if found else 0
            if now != last:
                last = now
                self._tape.note("acknowledged", upto=now[0], stored=now[1])

        return look

    def _memory(self) -> None:
        for name in self._centre.target.processes:
            pid = self._centre.pid(name)
            resident_kb = _resident_kb(pid) if pid else None
            if resident_kb:
                self._tape.note("memory", process=name, kb=resident_kb)


def _resident_kb(pid: int) -> int | None:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), None)
