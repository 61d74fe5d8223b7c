"""The lowest rows of a page: the way out, small ways on, the other languages, the reading options.

Rule: pure arithmetic. What has no room for its words stands there by its mark alone, the way out last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pygame

from firmware.kiosk.drawing.labels import Label, Setting, fit_labels
from firmware.kiosk.drawing.sizes import Sizes
from firmware.kiosk.sheets.parts import Button, Sheet

__all__ = ["Box", "bars", "row"]

_SHARE = 0.06
"""Largest letters, for a page of 1."""
_MAIN_SHARE = 0.085


@dataclass(frozen=True, slots=True)
class Box:
    """A button in its place."""

    button: Button
    rect: pygame.Rect
    label: Label
    is_main: bool = False


def bars(sheet: Sheet, sizes: Sizes, least_px: int, scale: float) -> Iterator[list[Box]]:
    """The ways in which the lowest rows can be arranged legibly, the best first, at the page's foot."""
    height = sizes.row if sizes.is_small or sheet.look.low else max(sizes.row, round(sizes.unit * 0.12))
    for rows in _arrangements(sheet, sizes):
        boxes: list[Box] = []
        bottom = sizes.page.bottom
        for cells in reversed(rows):
            area = pygame.Rect(sizes.page.left, bottom - height, sizes.page.width, height)
            boxes += row(cells, area, sizes, least_px, scale, main=sheet.main)
            bottom = area.top - sizes.gap
        if all(box.label.smallest_px >= least_px for box in boxes):
            yield boxes


def row(
    cells: Sequence[Button], area: pygame.Rect, sizes: Sizes, least_px: int, scale: float, *, main: Button | None = None
) -> list[Box]:
    """Buttons beside each other: those without words as wide as high, the others alike."""
    narrow = sum(not one.text for one in cells)
    rest = area.width - narrow * area.height - sizes.gap * (len(cells) - 1)
    width = rest // max(1, len(cells) - narrow)
    rects, left = [], area.left
    for one in cells:
        rects.append(pygame.Rect(left, area.top, width if one.text else area.height, area.height))
        left = rects[-1].right + sizes.gap
    labels: dict[int, Label] = {}
    for share, is_main in ((_MAIN_SHARE, True), (_SHARE, False)):
        group = [at for at, one in enumerate(cells) if (one is main) is is_main]
        if group:
            setting = Setting(round(sizes.unit * share * scale), least_px, sizes.gap, is_main)
            found = fit_labels([cells[at] for at in group], [rects[at].size for at in group], setting)
            labels |= dict(zip(group, found, strict=True))
    return [Box(one, rects[at], labels[at], one is main) for at, one in enumerate(cells)]


def _arrangements(sheet: Sheet, sizes: Sizes) -> Iterator[list[list[Button]]]:
    """Rows from top to bottom."""
    out = [sheet.way_out] if sheet.way_out else []
    ways = [*out, *sheet.ways]
    names = list(sheet.languages)
    globe = [sheet.globe] if sheet.globe and names else []
    reading = [sheet.reading] if sheet.reading else []
    marks = [replace(one, text="") for one in (*globe, *reading)]
    tools = [*names, *reading]
    if not ways and not tools:
        yield []
        return
    split = [[*ways], [*names, *(replace(one, text="") for one in reading)]]
    if len(ways) <= 1:
        yield [[*ways, *names, *(replace(one, text="") for one in reading)]]
    if not sizes.is_small and ways and tools:
        yield [ways, tools]
        yield split
    yield [[*ways, *marks]]
    if sheet.main and len(ways) > 2:
        yield [[sheet.main, *marks], ways]
    if ways and tools:
        yield split
        yield [ways, [*globe, *reading]]
    small = [replace(one, text="") for one in out]
    yield [[*small, *sheet.ways, *marks]]
    if sheet.main:
        yield [[*small, sheet.main, *sheet.ways, *marks]]
