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

__all__ = ["Box", "bars", "main_heights", "row"]

_SHARE = 0.06
"""Largest letters, for a page of 1."""
_MAIN_SHARE = 0.085
_SHARE_BY_MARK = 1.4
"""How wide a word with a mark is, for one without of 1."""


@dataclass(frozen=True, slots=True)
class Box:
    """A button in its place."""

    button: Button
    rect: pygame.Rect
    label: Label
    is_main: bool = False


def bars(sheet: Sheet, sizes: Sizes, least_px: int, scale: float) -> Iterator[list[Box]]:
    """The ways in which the lowest rows can be arranged legibly, the best first, at the page's foot."""
    low = sizes.row if sizes.is_small or sheet.look.low else max(sizes.row, round(sizes.unit * 0.12))
    for rows in _arrangements(sheet, sizes):
        has_main = any(sheet.main in cells for cells in rows)
        for high in main_heights(sizes) if has_main else (low,):
            boxes: list[Box] = []
            bottom = sizes.page.bottom
            for cells in reversed(rows):
                height = high if sheet.main in cells else low
                area = pygame.Rect(sizes.page.left, bottom - height, sizes.page.width, height)
                boxes += row(cells, area, sizes, least_px, scale, main=sheet.main)
                bottom = area.top - sizes.gap
            if all(box.label.smallest_px >= least_px for box in boxes):
                yield boxes


def main_heights(sizes: Sizes) -> tuple[int, ...]:
    """Of the one large button, the best first: it stays the largest thing to touch while lines leave for it."""
    desired = round(max(1.2 * sizes.target, 0.24 * sizes.unit))
    least = sizes.row if sizes.is_small else round(1.25 * sizes.target)
    return (desired, (desired + least) // 2, least)


def row(
    cells: Sequence[Button], area: pygame.Rect, sizes: Sizes, least_px: int, scale: float, *, main: Button | None = None
) -> list[Box]:
    """Buttons beside each other: those without words as narrow as a finger allows, those with a mark the widest."""
    for share_by_mark in (_SHARE_BY_MARK, 1.0):
        boxes: dict[int, Box] = {}
        rects = _beside(cells, area, sizes, share_by_mark)
        for share, is_main in ((_MAIN_SHARE, True), (_SHARE, False)):
            group = [at for at, one in enumerate(cells) if (one is main) is is_main]
            if group:
                setting = Setting(round(sizes.unit * share * scale), least_px, sizes.gap, is_main)
                labels = fit_labels([cells[at] for at in group], [rects[at].size for at in group], setting)
                boxes |= {
                    at: Box(cells[at], rects[at], label, is_main) for at, label in zip(group, labels, strict=True)
                }
        if all(box.label.smallest_px >= least_px for box in boxes.values()):
            break
    return [boxes[at] for at in range(len(cells))]


def _beside(cells: Sequence[Button], area: pygame.Rect, sizes: Sizes, share_by_mark: float) -> list[pygame.Rect]:
    shares = [(share_by_mark if one.mark else 1.0) if one.text else 0.0 for one in cells]
    rest = area.width - shares.count(0.0) * sizes.target - sizes.gap * (len(cells) - 1)
    rects, left = [], area.left
    for share in shares:
        width = int(rest * share / sum(shares)) if share else sizes.target
        rects.append(pygame.Rect(left, area.top, width, area.height))
        left = rects[-1].right + sizes.gap
    return rects


def _arrangements(sheet: Sheet, sizes: Sizes) -> Iterator[list[list[Button]]]:
    """Rows from top to bottom."""
    out = [sheet.way_out] if sheet.way_out else []
    ways = [*out, *sheet.ways]
    names = list(sheet.languages)
    globe = [sheet.globe] if sheet.globe and names else []
    helps = [one for one in (sheet.voice, sheet.reading) if one]
    small_helps = _by_mark(helps)
    marks = [*_by_mark(globe), *small_helps]
    if not (ways or names or helps):
        yield []
        return
    if len(ways) <= 1:
        yield [[*ways, *names, *small_helps]]
    if not sizes.is_small and ways and (names or helps):
        yield [ways, [*names, *helps]]
        yield [ways, [*names, *small_helps]]
    yield [[*ways, *marks]]
    if sheet.main and sheet.ways:
        yield [[sheet.main, *marks], ways]
    if ways and (names or helps):
        yield [ways, [*names, *small_helps]]
        yield [ways, [*globe, *helps]]
    yield [[*_by_mark(out), *sheet.ways, *marks]]
    if sheet.main and not sheet.ways:
        yield [[*_by_mark(out), sheet.main, *marks]]


def _by_mark(buttons: Sequence[Button]) -> list[Button]:
    return [replace(one, text="") for one in buttons]
