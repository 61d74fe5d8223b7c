"""What lies on the workbench: screens, lamps, buttons, the voice, the printer and its slips. Each call blocks a moment.

Rule: a device that does not answer is None in what is seen: it is being started again.
"""

from __future__ import annotations

import base64
import functools
import io
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import zxingcpp
from PIL import Image

from borne.demo.paper import UnreadableJob, print_out
from borne.demo.stage import Stage
from core.room.ids import RoomId
from firmware.drivers.control import ControlClient, ControlError

__all__ = ["Bench", "address_on", "draw_slip", "png"]

_ANSWER_S = 2.0
_SLIPS_SHOWN = 3
_CHANGES_SHOWN = 16
_SAID_SHOWN = 2


class Bench:
    """Used from several threads; it keeps nothing but how the printer was left."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._printer: dict[str, object] = {"paper": "ok", "cover": False}

    def look(self) -> dict[str, Any]:
        """Everything that may change, small enough to be sent ten times a second."""
        return {
            "now_ms": round(1000 * time.monotonic()),
            "screens": {name: self._frame_number(name) for name in self._stage.screens},
            "rooms": {room: self._unit(room) for room in self._stage.rooms},
            "voice": self._voice(),
            "slips": [self._slip(path) for path in self._newest_slips()],
            "printer": self._printer,
            "staff_token": self._stage.staff_token,
        }

    def frame(self, screen: str) -> bytes:
        """What a screen shows, as PNG.

        Raises:
            ControlError: the device does not answer.
        """
        return base64.b64decode(self._ask(screen, "panel", "frame")["png"])

    def touch(self, screen: str, x: int, y: int) -> None:
        """Put a finger on a screen.

        Raises:
            ControlError: it does not answer, or has no such pixel.
        """
        self._ask(screen, "panel", "touch", x=x, y=y)

    def push(self, room: RoomId, button: str, *, is_down: bool) -> None:
        """Move a room's button: `call`, `help` or `park`.

        Raises:
            ControlError: the room unit does not answer, or has no such button.
        """
        self._ask(room, "gpio", "press" if is_down else "release", button=button)

    def push_key(self, *, is_down: bool) -> None:
        """Move the kiosk's single key.

        Raises:
            ControlError: the kiosk does not answer.
        """
        self._ask("kiosk", "gpio", "press" if is_down else "release")

    def set_paper(self, paper: str) -> None:
        """Put paper in or take it out: `ok`, `low` or `out`.

        Raises:
            ControlError: the kiosk does not answer, or knows no such paper.
        """
        self._ask("kiosk", "printer", "paper", state=paper)
        self._printer = {**self._printer, "paper": paper}

    def set_cover(self, *, is_open: bool) -> None:
        """Open or close the printer's cover.

        Raises:
            ControlError: the kiosk does not answer.
        """
        self._ask("kiosk", "printer", "cover", open=is_open)
        self._printer = {**self._printer, "cover": is_open}

    def slip(self, name: str) -> Path:
        """The bytes of a slip."""
        return self._stage.slips / f"{name}.bin"

    def _frame_number(self, screen: str) -> int | str | None:
        if self._stage.has_windows:
            return "window"
        try:
            return int(self._ask(screen, "panel", "frame_number")["number"])
        except ControlError:
            return None

    def _unit(self, room: RoomId) -> dict[str, Any] | None:
        """What the buzzer plays, and the lamp's newest changes, each with its millisecond and whether it is on."""
        try:
            (lamp,) = self._ask(room, "gpio", "lamps").values()
            buzzer = self._ask(room, "gpio", "buzzer")["pattern"]
        except ControlError:
            return None
        changes = [[round(1000 * at_s), level] for at_s, level in lamp["changes"][-_CHANGES_SHOWN:]]
        return {"pattern": lamp["pattern"], "level": lamp["level"], "changes": changes, "buzzer": buzzer}

    def _voice(self) -> list[str] | None:
        """What the kiosk has said last, a text per breath, the newest last."""
        try:
            said = self._ask("kiosk", "sound", "said", last=_SAID_SHOWN)["said"]
        except ControlError:
            return None
        return [" · ".join(one["texts"]) for one in said]

    def _newest_slips(self) -> list[Path]:
        return (
            sorted(self._stage.slips.glob("*.bin"), reverse=True)[:_SLIPS_SHOWN] if self._stage.slips.exists() else []
        )

    def _slip(self, path: Path) -> dict[str, str | None]:
        address = address_on(path)
        return {"name": path.stem, "page": urlsplit(address).path if address else None}

    def _ask(self, process: str, device: str, do: str, **values: Any) -> dict[str, Any]:
        return ControlClient(self._stage.control(process), timeout_s=_ANSWER_S).call(device, do, **values)


def draw_slip(path: Path) -> Image.Image:
    """The paper that falls when a printer gets these bytes.

    Raises:
        UnreadableJob: a printer would print rubbish.
    """
    slips = print_out(path.read_bytes())
    if len(slips) != 1:
        raise UnreadableJob(f"{path.name}: {len(slips)} slips in one job")
    return slips[0]


@functools.lru_cache(maxsize=256)
def address_on(path: Path) -> str | None:
    """What a phone reads from a slip's code; None when it finds none."""
    try:
        paper = draw_slip(path)
    except UnreadableJob:
        return None
    codes = zxingcpp.read_barcodes(paper.convert("L"))
    return codes[0].text if codes else None


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
