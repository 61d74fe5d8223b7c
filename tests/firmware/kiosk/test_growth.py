"""A kiosk that runs for months does not grow with what it shows."""

from __future__ import annotations

import itertools
import resource
from contextlib import closing
from pathlib import Path

from core.edge.words import LANGUAGES
from firmware.drivers.panel import make_panel
from firmware.drivers.panel.settings import DummyPanelSettings
from firmware.kiosk.drawing.view import View
from tests.firmware.kiosk.pages import PAGES, PANELS, sheet

_GROWTH_MB = 4.0
"""What the allocator may move; 220 pages that were each kept would be 340 MB."""


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def test_all_pages_in_all_languages_shown_again_take_no_more_memory() -> None:
    width, height, width_mm = PANELS["800x480"]
    settings = DummyPanelSettings(driver="dummy", width=width, height=height, width_mm=width_mm)
    with closing(make_panel(settings)) as panel:
        view = View(panel)

        def walk() -> float:
            for page, language in itertools.product(PAGES, LANGUAGES):
                view.show(sheet(page, language))
            return _resident_mb()

        first_mb, *_, last_mb = walk(), walk(), walk()

    assert last_mb - first_mb < _GROWTH_MB
