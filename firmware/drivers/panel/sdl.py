"""A panel over SDL: one surface, one stream of events made into touches.

Under KMSDRM a touch screen gives finger events only, under X11 it may give both a finger and a mouse event for one
touch (tried; SDL issues 13141, 12613): fingers and mouse go through one normaliser.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pygame

from firmware.drivers.errors import PanelAbsent
from firmware.drivers.panel.port import Scan, Touch

__all__ = ["SdlPanel"]

_SCANNED = 200
"""Signs of a code that are kept: its last ones, where the token stands."""
_SAME_TOUCH_S = 0.05
"""A second event within this time is the same touch told twice, or the ball of the thumb beside the finger."""


class SdlPanel:
    """The real panel: full screen without X on a Pi (KMSDRM), or a window, by whatever SDL finds.

    Raises:
        PanelAbsent: SDL cannot open it.
    """

    def __init__(self, *, size_px: tuple[int, int], width_mm: float, full_screen: bool) -> None:
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
        self._last_touch_s = -1.0
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

    def touches(self, timeout_s: float) -> list[Touch | Scan]:
        first = pygame.event.wait(max(1, int(timeout_s * 1000)))
        return [touch for event in (first, *pygame.event.get()) for touch in self._touch(event)]

    def wake(self) -> None:
        try:
            pygame.event.post(pygame.event.Event(pygame.USEREVENT))
        except pygame.error:  # the queue is full: whoever waits is awake; or the panel is closed
            return

    def close(self) -> None:
        pygame.display.quit()

    def _touch(self, event: pygame.event.Event) -> Iterator[Touch | Scan]:
        width, height = self.size_px
        match event.type:
            case pygame.FINGERDOWN:
                yield from self._once(int(event.x * width), int(event.y * height))
            case pygame.MOUSEBUTTONDOWN if event.button == pygame.BUTTON_LEFT and not getattr(event, "touch", False):
                yield from self._once(*event.pos)
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
            yield Touch(min(max(x, 0), width - 1), min(max(y, 0), height - 1))
