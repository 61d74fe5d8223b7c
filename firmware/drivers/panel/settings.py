"""The `[panel]` table of a device file, and the panel it names.

SDL reads its environment once, when pygame is imported: it is set here, and pygame imported behind it.
"""

from __future__ import annotations

import os
from typing import Annotated, Literal

from pydantic import Field

from core.edge.config import Settings
from firmware.drivers.control import ControlSocket
from firmware.drivers.panel.port import Panel

__all__ = ["DummyPanelSettings", "PanelSettings", "WindowPanelSettings", "make_panel"]


class _PanelSettings(Settings):
    width: Annotated[int, Field(ge=320, le=7680)] = 1280
    height: Annotated[int, Field(ge=320, le=7680)] = 800
    """Pixels."""
    width_mm: Annotated[float, Field(gt=50, le=3000)] = 217.0
    """Width of the lit surface; 217 is a 10.1-inch panel of 1280 x 800."""


class WindowPanelSettings(_PanelSettings):
    driver: Literal["window"]
    full_screen: bool = True
    video_driver: Literal["kmsdrm", "x11", "wayland"] | None = None
    """None lets SDL look."""
    acceleration: bool | None = None
    """Whether SDL shows the picture through a texture; off saves 96 MB and 10 ms a frame where there is no graphics
    processor (measured under X11), None lets SDL decide."""


class DummyPanelSettings(_PanelSettings):
    """The named fake."""

    driver: Literal["dummy"]


PanelSettings = Annotated[WindowPanelSettings | DummyPanelSettings, Field(discriminator="driver")]


def make_panel(settings: PanelSettings, control: ControlSocket | None = None) -> Panel:
    """The panel named by the settings, opened; call it from the main thread.

    Raises:
        PanelAbsent: SDL cannot open it.
    """
    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    size_px = (settings.width, settings.height)
    match settings:
        case DummyPanelSettings():
            os.environ["SDL_VIDEODRIVER"] = "dummy"
            from firmware.drivers.panel.dummy import DummyPanel

            return DummyPanel(size_px=size_px, width_mm=settings.width_mm, control=control)
        case WindowPanelSettings():
            if settings.video_driver:
                os.environ["SDL_VIDEODRIVER"] = settings.video_driver
            if settings.acceleration is not None:
                os.environ["SDL_FRAMEBUFFER_ACCELERATION"] = str(int(settings.acceleration))
            from firmware.drivers.panel.sdl import SdlPanel

            return SdlPanel(size_px=size_px, width_mm=settings.width_mm, full_screen=settings.full_screen)
