"""A page of the kiosk, read as a patient does, by its pixels: what is expected is drawn here and compared."""

from __future__ import annotations

import base64
import io
from contextlib import closing

import pygame

from borne.demo.stage import Stage
from core.room.ids import ServiceId
from firmware.drivers.control import ControlClient
from firmware.drivers.panel import make_panel
from firmware.drivers.panel.settings import DummyPanelSettings
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.flow import Flow
from firmware.kiosk.dialogue.pages import Page
from firmware.kiosk.dialogue.targets import Target
from firmware.kiosk.sheets.sheet import sheet_of

__all__ = ["KioskPage"]


class KioskPage:
    """Of the first kiosk."""

    def __init__(self, stage: Stage, page: Page, desk: Desk) -> None:
        self._kiosk = ControlClient(stage.control("kiosk"))
        services = tuple(ServiceId(service.id) for service in stage.site.offered)
        width, height = stage.kiosk_px
        with closing(make_panel(DummyPanelSettings(driver="dummy", width=width, height=height))) as panel:
            from firmware.kiosk.drawing.view import View  # needs pygame, which the panel has set up

            view = View(panel)
            view.show(sheet_of(Flow(services=services, has_voice=True, page=page), desk, stage.site))
            self._drawn = pygame.image.tobytes(panel.surface, "RGB")
            self._zones = view.zones

    def is_shown(self) -> bool:
        png = base64.b64decode(self._kiosk.call("panel", "frame")["png"])
        return pygame.image.tobytes(pygame.image.load(io.BytesIO(png)), "RGB") == self._drawn

    def offers(self, target: Target) -> bool:
        """Whether this button, at least, is where it is drawn here."""
        rect = next(zone.rect for zone in self._zones if zone.target == target)
        png = base64.b64decode(self._kiosk.call("panel", "frame")["png"])
        seen = pygame.image.load(io.BytesIO(png))
        drawn = pygame.image.frombytes(self._drawn, seen.get_size(), "RGB")
        return len({pygame.image.tobytes(one.subsurface(rect), "RGB") for one in (seen, drawn)}) == 1

    def touch(self, target: Target) -> None:
        x, y = next(zone.rect.center for zone in self._zones if zone.target == target)
        self._kiosk.call("panel", "touch", x=x, y=y)
