"""The panel's named fake: SDL's dummy driver, a real surface that no screen shows.

Cues come by the control socket, device `panel`:

    touch           x, y in pixels: a finger put down and lifted, as SDL events
    press           x, y in pixels: a finger put down, and not lifted
    lift            the finger lifted
    scan            text: what a USB scanner types, and the Enter key
    close           the window's close button
    frame_number    how many times something was shown
    frame           the same, with what was shown last as `png` (base64)
    frame_times     the monotonic seconds (`shown_s`) at which the newest hundred frames were shown, oldest first
    freeze          a screen that hangs: what shows or asks for touches never comes back
    colours         at = [[x, y], …]: the colours shown there, each as [red, green, blue]
"""

from __future__ import annotations

import base64
import io
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pygame

from firmware.drivers.panel.port import Held, Scan, Touch
from firmware.drivers.panel.sdl import SdlPanel

if TYPE_CHECKING:
    from firmware.drivers.control import ControlSocket

__all__ = ["DummyPanel"]

_TIMES = 100


@dataclass(frozen=True)
class _Frame:
    number: int
    size_px: tuple[int, int]
    pixels: bytes | bytearray
    """Four bytes a pixel: blue, green, red, unused."""

    def colour(self, x: int, y: int) -> tuple[int, int, int]:
        """
        Raises:
            ValueError: there is no such pixel.
        """
        width, height = self.size_px
        if not (0 <= x < width and 0 <= y < height):
            raise ValueError(f"({x}, {y}) is not on a screen of {width} x {height} pixels")
        at = 4 * (y * width + x)
        blue, green, red = self.pixels[at : at + 3]
        return red, green, blue

    def png(self) -> bytes:
        from PIL import Image  # the display draws without Pillow and has no use for it on a Pi

        image = Image.frombuffer("RGB", self.size_px, self.pixels, "raw", "BGRX", 0, 1)
        buffer = io.BytesIO()
        image.save(buffer, "PNG", compress_level=1)
        return buffer.getvalue()


class DummyPanel(SdlPanel):
    """A panel touched and seen through the control socket."""

    def __init__(self, *, size_px: tuple[int, int], width_mm: float) -> None:
        super().__init__(size_px=size_px, width_mm=width_mm, full_screen=False)
        self._size_px = self.size_px
        self._pixels = bytearray(self.surface.get_buffer().length)
        """A copy, so that other threads need no surface; one for all frames, for it is as large as the surface."""
        self._seen = threading.Lock()
        self._number = 0
        self._shown_s: deque[float] = deque(maxlen=_TIMES)
        self._moves = threading.Event()
        self._moves.set()

    def obey(self, control: ControlSocket) -> None:
        control.register("panel", self._on_cue)

    def show(self) -> None:
        self._moves.wait()
        super().show()
        self._shown_s.append(time.monotonic())
        with self._seen:
            self._number += 1
            drawn = memoryview(self.surface.get_view("0"))  # type: ignore[arg-type]  # pygame does not say that it may be
            memoryview(self._pixels)[:] = drawn

    def touches(self, timeout_s: float) -> list[Touch | Held | Scan]:
        self._moves.wait()
        return super().touches(timeout_s)

    def _on_cue(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        match request:
            case {"do": "touch", "x": int(x), "y": int(y)}:
                self._touch_at(x, y)
                return {}
            case {"do": "press", "x": int(x), "y": int(y)}:
                self._finger(pygame.FINGERDOWN, x, y)
                return {}
            case {"do": "lift"}:
                self._finger(pygame.FINGERUP, 0, 0)
                return {}
            case {"do": "scan", "text": str(text)}:
                for sign in text:
                    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_UNKNOWN, unicode=sign))
                pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_RETURN, unicode="\r"))
                return {}
            case {"do": "close"}:
                pygame.event.post(pygame.event.Event(pygame.QUIT))
                return {}
            case {"do": "frame_number"}:
                return {"number": self._number}
            case {"do": "frame"}:
                with self._seen:
                    frame = _Frame(self._number, self._size_px, bytes(self._pixels))
                return {"number": frame.number, "png": base64.b64encode(frame.png()).decode()}
            case {"do": "frame_times"}:
                return {"shown_s": list(self._shown_s)}
            case {"do": "freeze"}:
                self._moves.clear()
                return {}
            case {"do": "colours", "at": list(places)}:
                with self._seen:
                    frame = _Frame(self._number, self._size_px, self._pixels)
                    return {"number": frame.number, "colours": [frame.colour(int(x), int(y)) for x, y in places]}
        raise ValueError("no such cue; see firmware/drivers/panel/dummy.py")

    def _touch_at(self, x: int, y: int) -> None:
        for kind in (pygame.FINGERDOWN, pygame.FINGERUP):
            self._finger(kind, x, y)

    def _finger(self, kind: int, x: int, y: int) -> None:
        width, height = self._size_px
        if not (0 <= x < width and 0 <= y < height):
            raise ValueError(f"({x}, {y}) is not on a screen of {width} x {height} pixels")
        finger: dict[str, Any] = {"touch_id": 0, "finger_id": 0, "x": (x + 0.5) / width, "y": (y + 0.5) / height}
        pygame.event.post(pygame.event.Event(kind, finger))
