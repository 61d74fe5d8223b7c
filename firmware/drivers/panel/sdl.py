"""A panel over SDL: one surface, one stream of events made into touches.

Under KMSDRM a touch screen gives finger events only, under X11 it may give both a finger and a mouse event for one
touch (tried; SDL issues 13141, 12613): fingers and mouse go through one normaliser.

Rule: nobody waits in pygame's own `event.wait`: it asks SDL a thousand times a second, 1.4 s of processor time a
minute at rest (measured).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pygame

from firmware.drivers.errors import PanelAbsent
from firmware.drivers.panel.port import HOLD_S, Held, Scan, Touch

if TYPE_CHECKING:
    from firmware.drivers.control import ControlSocket

__all__ = ["SdlPanel"]

_SCANNED = 200
"""Signs of a code that are kept: its last ones, where the token stands."""
_LOOK_S = 1 / 60
"""From one look for events to the next, while somebody stands there: a touch waits for a frame at the most."""
_LOOK_AT_REST_S = 1 / 20
"""The same before the first touch, which takes far less than a finger does to notice: 100 ms."""
_REST_AFTER_S = 30.0
_SAME_TOUCH_S = 0.05
"""A second event within this time is the same touch told twice, or the ball of the thumb beside the finger."""


class SdlPanel:
    """The real panel: full screen without X on a Pi (KMSDRM), or a window, by whatever SDL finds.

    Raises:
        PanelAbsent: SDL cannot open it.
    """

    def __init__(self, *, size_px: tuple[int, int], width_mm: float, full_screen: bool, hold_s: float = HOLD_S) -> None:
        try:
            pygame.display.init()
            pygame.display.set_caption("Borne")
            self._surface = pygame.display.set_mode(size_px, pygame.FULLSCREEN if full_screen else 0)
        except pygame.error as error:
            raise PanelAbsent(
                f"no screen can be opened ({error}); check its cable, and that this user is in the groups"
                " video, render and input"
            ) from error
        pygame.mouse.set_visible(not full_screen)
        self._width_mm = width_mm
        self._is_full_screen = full_screen
        self._is_closed = False
        self._woken = threading.Event()
        self._hold_s = hold_s
        self._last_touch_s = -1.0
        self._down: Touch | None = None
        self._typed = ""

    @property
    def size_px(self) -> tuple[int, int]:
        return self._surface.get_size()

    @property
    def width_mm(self) -> float:
        return self._width_mm

    @property
    def surface(self) -> pygame.Surface:
        return self._surface

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    def show(self) -> None:
        pygame.display.flip()

    def touches(self, timeout_s: float) -> list[Touch | Held | Scan]:
        end_s = time.monotonic() + timeout_s
        while not (events := pygame.event.get()) and (left_s := end_s - time.monotonic()) > 0:
            if self._woken.wait(min(left_s, self._look_s)):
                break
        self._woken.clear()
        return [touch for event in events for touch in self._touch(event)]

    def wake(self) -> None:
        self._woken.set()

    def obey(self, control: ControlSocket) -> None:
        pass

    def close(self) -> None:
        pygame.display.quit()

    @property
    def _look_s(self) -> float:
        return _LOOK_S if time.monotonic() - self._last_touch_s < _REST_AFTER_S else _LOOK_AT_REST_S

    def _touch(self, event: pygame.event.Event) -> Iterator[Touch | Held | Scan]:
        width, height = self.size_px
        match event.type:
            case pygame.FINGERDOWN:
                yield from self._once(int(event.x * width), int(event.y * height))
            case pygame.MOUSEBUTTONDOWN if event.button == pygame.BUTTON_LEFT and not getattr(event, "touch", False):
                yield from self._once(*event.pos)
            case pygame.FINGERUP:
                yield from self._lifted()
            case pygame.MOUSEBUTTONUP if event.button == pygame.BUTTON_LEFT:
                yield from self._lifted()
            case pygame.KEYDOWN if event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
                text, self._typed = self._typed, ""
                yield Scan(text)
            case pygame.KEYDOWN:
                self._typed = (self._typed + event.unicode)[-_SCANNED:]
            case pygame.QUIT:
                self._is_closed = not self._is_full_screen
            case pygame.WINDOWEXPOSED:
                self.show()

    def _once(self, x: int, y: int) -> Iterator[Touch]:
        now_s = time.monotonic()
        is_same = now_s - self._last_touch_s < _SAME_TOUCH_S
        self._last_touch_s = now_s
        if not is_same:
            width, height = self.size_px
            self._down = Touch(min(max(x, 0), width - 1), min(max(y, 0), height - 1))
            yield self._down

    def _lifted(self) -> Iterator[Held]:
        down, self._down = self._down, None
        if down is not None and time.monotonic() - self._last_touch_s >= self._hold_s:
            yield Held(down.x, down.y)
