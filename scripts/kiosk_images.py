"""Draws every page of a kiosk in every language on every panel, and sample slips, as the product draws them.

docs/images/all/   PANEL/LANGUAGE/PAGE.png and slip-MODEL-LANGUAGE-KIND.png: to be looked at, not kept
docs/images/       kiosk-*.png, those that documents show
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

from borne.demo.paper import print_out
from core.edge.language import Language
from core.edge.words import LANGUAGES
from core.room.announce import Circumstances, of_ticket
from core.room.events import Priority
from core.room.ids import Number, ServiceId, TicketId, Token
from core.room.ordering import KioskTime
from core.room.outlook import Told, Wait
from core.wire.messages import IssuedReport
from firmware.drivers.panel import make_panel
from firmware.drivers.panel.settings import DummyPanelSettings
from firmware.drivers.printer.escpos import encode
from firmware.drivers.printer.profiles import profile
from firmware.kiosk.desk.slip import Slip, draw
from firmware.kiosk.desk.wording import Wording
from tests.firmware.kiosk.pages import PAGES, PANELS, SITE, sheet

__all__ = ["draw_kiosk"]

_SHOWN: dict[str, tuple[str, Language, str]] = {
    "kiosk-start": ("800x480", "fr", "wait"),
    "kiosk-services-ar": ("1280x800", "ar", "services"),
    "kiosk-signs": ("1080x1920", "fr", "signs"),
}
_SHOWN_SLIP = "generic-80-fr-long-wait"
_MODELS = ("generic-80", "epson-tm-t88v", "generic-58")
"""80 mm of 203 and of 180 dpi, 58 mm."""
_SIX_MS = 1_795_366_812_345
_AROUND = Circumstances(now_ms=_SIX_MS, zone=ZoneInfo(SITE.timezone), is_on_duty=True)
_LONG = Told(at_ms=_SIX_MS, wait=Wait(p10_s=3_000, p25_s=3_300, p50_s=4_000, p75_s=5_000, p90_s=6_900, in_time=70))
_ISSUED = IssuedReport(
    ticket=TicketId("ticket-a042"),
    number=Number("A042"),
    token=Token("AbCdEfGhIjKlMnOp"),
    service=ServiceId("consultation"),
    language="fr",
    at=KioskTime(boot=1, mono_ms=0, wall_ms=_SIX_MS, is_synchronised=True),
)


def draw_kiosk(images: Path) -> None:
    """Draw them all below a folder."""
    for panel in PANELS:
        _draw_pages(images / "all", panel)
    for name, slip in _slips():
        for model in _MODELS:
            _print(slip, model).save(images / "all" / f"slip-{model}-{name}.png")
    for name, (panel, language, page) in _SHOWN.items():
        _keep(images / "all" / panel / language / f"{page}.png", images / f"{name}.png")
    _keep(images / "all" / f"slip-{_SHOWN_SLIP}.png", images / "kiosk-slip.png")


def _draw_pages(folder: Path, panel_name: str) -> None:
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    width, height, width_mm = PANELS[panel_name]
    settings = DummyPanelSettings(driver="dummy", width=width, height=height, width_mm=width_mm)
    with closing(make_panel(settings)) as panel:
        import pygame

        from firmware.kiosk.drawing.view import View  # needs pygame, which the panel has set up

        view = View(panel)
        for language in LANGUAGES:
            place = folder / panel_name / language
            place.mkdir(parents=True, exist_ok=True)
            for page in PAGES:
                view.show(sheet(page, language))
                pygame.image.save(panel.surface, place / f"{page}.png")


def _slips() -> Iterator[tuple[str, Slip]]:
    wording = Wording(SITE)
    languages: tuple[Language, ...] = ("fr", "ar")
    for language in languages:
        ordinary = _ISSUED.model_copy(update={"language": language})
        claim = ordinary.model_copy(update={"claim": Priority.CARD})
        yield f"{language}-ordinary", wording.slip(ordinary, language, 3)
        yield f"{language}-claim", wording.slip(claim, language, 3)
        yield f"{language}-long-wait", wording.slip(ordinary, language, 23, of_ticket(_LONG, _AROUND))


def _print(slip: Slip, model: str) -> Image.Image:
    """What comes out of a printer of this model."""
    paper = profile(model)
    (printed,) = print_out(encode(draw(slip, paper), paper), width_dots=paper.width_dots)
    return printed


def _keep(drawn: Path, kept: Path) -> None:
    """In as few colours as a page has, for git."""
    with Image.open(drawn) as picture:
        picture.convert("RGB").quantize(32).save(kept, optimize=True)
