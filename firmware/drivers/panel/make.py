"""The panel that a checked `[panel]` table names, opened.

SDL reads its environment once, when pygame is imported: it is set here, and pygame imported behind it.

Rule: no setting is checked here, and pydantic not loaded: a kiosk opens its screen before it has read its file.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from firmware.drivers.panel.port import Panel

if TYPE_CHECKING:
    from firmware.drivers.control import ControlSocket
    from firmware.drivers.panel.settings import PanelSettings

__all__ = ["make_panel"]


def make_panel(settings: PanelSettings, control: ControlSocket | None = None) -> Panel:
    """The panel named by the settings, opened; call it from the main thread.

    Args:
        control: moves it, if it is a fake.

    Raises:
        PanelAbsent: SDL cannot open it.
    """
    panel = _opened(settings)
    if control is not None:
        panel.obey(control)
    return panel


def _opened(settings: PanelSettings) -> Panel:
    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    size_px = (settings.width, settings.height)
    if settings.driver == "dummy":
        os.environ["SDL_VIDEODRIVER"] = "dummy"
        from firmware.drivers.panel.dummy import DummyPanel

        return DummyPanel(size_px=size_px, width_mm=settings.width_mm)
    if settings.video_driver:
        os.environ["SDL_VIDEODRIVER"] = settings.video_driver
    if settings.acceleration is not None:
        os.environ["SDL_FRAMEBUFFER_ACCELERATION"] = str(int(settings.acceleration))
    from firmware.drivers.panel.sdl import SdlPanel

    return SdlPanel(size_px=size_px, width_mm=settings.width_mm, full_screen=settings.full_screen)
