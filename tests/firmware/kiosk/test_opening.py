"""The picture of the first page, which a kiosk shows before it has loaded what draws it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.edge.site import Site
from firmware.drivers.panel import Panel, Touch, make_panel
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.flow import flow_of
from firmware.kiosk.dialogue.targets import ChooseLanguage
from firmware.kiosk.drawing.view import View, Zone
from firmware.kiosk.opening import keep, reopened
from firmware.kiosk.settings import KioskFile
from firmware.kiosk.sheets.sheet import Sheet, sheet_of

Kiosk = tuple[KioskFile, Site]


@pytest.fixture
def sheet(kiosk: Kiosk) -> Sheet:
    return sheet_of(flow_of(kiosk[1]), Desk(), kiosk[1])


@pytest.fixture
def pixels(kiosk: Kiosk, kiosk_file: Path, sheet: Sheet) -> bytes:
    """Of the first page, of which a start has kept the picture."""
    settings, _ = kiosk
    with contextlib.closing(make_panel(settings.panel)) as panel:
        View(panel).show(sheet)
        keep(kiosk_file, settings.site, settings.panel.model_dump(), panel)
        return _pixels(panel)


def _pixels(panel: Panel) -> bytes:
    return bytes(panel.surface.get_buffer().raw)


def test_the_next_start_shows_the_page_as_it_was_drawn(kiosk_file: Path, pixels: bytes) -> None:
    panel = reopened(kiosk_file)

    assert panel is not None
    with contextlib.closing(panel):
        assert _pixels(panel) == pixels


def test_a_finger_on_the_picture_is_answered_by_the_page(kiosk_file: Path, pixels: bytes, sheet: Sheet) -> None:
    import pygame

    panel = reopened(kiosk_file)
    assert panel is not None
    with contextlib.closing(panel):
        view = View(panel)
        view.take_as_shown(sheet)
        assert not view.zones
        arabic = next(zone.rect for zone in _zones(panel, sheet) if zone.target == ChooseLanguage("ar"))
        pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=arabic.center))

        (touch,) = panel.touches(1)

        assert isinstance(touch, Touch)
        assert view.target_at(touch.x, touch.y) == ChooseLanguage("ar")
        assert _pixels(panel) == pixels


def _zones(panel: Panel, sheet: Sheet) -> list[Zone]:
    view = View(panel)
    view.show(sheet)
    return view.zones


def _truncated(kept: Path, _device: Path, _site: Path) -> None:
    kept.write_bytes(kept.read_bytes()[:-8])


def _flipped(kept: Path, _device: Path, _site: Path) -> None:
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 255
    kept.write_bytes(content)


def _emptied(kept: Path, _device: Path, _site: Path) -> None:
    kept.write_bytes(b"")


def _panel_replaced(_kept: Path, device: Path, _site: Path) -> None:
    device.write_text(device.read_text().replace("width = 800", "width = 1024"))


def _centre_renamed(_kept: Path, _device: Path, site: Path) -> None:
    site.write_text(site.read_text().replace('name = "', 'name = "Le ', 1))


def _centre_lost(_kept: Path, _device: Path, site: Path) -> None:
    site.unlink()


@pytest.mark.parametrize(
    "change",
    [_truncated, _flipped, _emptied, _panel_replaced, _centre_renamed, _centre_lost],
    ids=lambda one: one.__name__,
)
def test_a_picture_that_is_damaged_or_of_other_files_is_not_shown(
    change: Callable[[Path, Path, Path], None], kiosk: Kiosk, kiosk_file: Path, pixels: bytes
) -> None:
    change(kiosk_file.with_suffix(".page"), kiosk_file, kiosk[0].site)

    assert pixels
    assert reopened(kiosk_file) is None


def test_a_disk_that_refuses_the_picture_stops_nobody(kiosk: Kiosk, kiosk_file: Path, sheet: Sheet) -> None:
    settings, _ = kiosk
    kiosk_file.with_suffix(".page.new").mkdir()
    with contextlib.closing(make_panel(settings.panel)) as panel:
        View(panel).show(sheet)

        keep(kiosk_file, settings.site, settings.panel.model_dump(), panel)

    assert reopened(kiosk_file) is None


def test_nothing_that_takes_long_is_loaded_before_the_picture() -> None:
    loads = "import sys, borne.cli, firmware.kiosk.main; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, timeout=20, check=True)

    assert "firmware.kiosk.opening" in loaded.stdout.split()
    assert not {"pydantic", "PIL", "ssl", "sqlite3", "paho", "socket", "tomllib"} & set(loaded.stdout.split())
