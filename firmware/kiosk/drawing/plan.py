"""Where everything on a page stands: the controls at its foot, what is read above them.

Rule: pure arithmetic over measured text. Of all arrangements that are legible the first is taken that leaves out the
fewest lines; with larger letters, or in the lower part alone, the same search is only narrower.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pygame

from firmware.kiosk.drawing.bars import Box, bars, main_heights
from firmware.kiosk.drawing.column import Line, Placed, lay_out, lines_of, place, ranks
from firmware.kiosk.drawing.labels import Setting, fit_labels
from firmware.kiosk.drawing.sizes import Sizes
from firmware.kiosk.sheets.parts import Button, Sheet

__all__ = ["Plan", "plan"]

_LARGER = (1.35, 1.2, 1.1, 1.0)
"""How much larger letters can be at most, and what is tried where that finds no room."""
_SMALLER = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
"""Not legible for all, but all there."""

_PART_SIZES = (26, 9)
"""Of a keyboard in parts, in signs: the alphabet, or two rows of a small panel."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A page, laid out from left to right."""

    boxes: list[Box] = field(default_factory=list)
    texts: list[Placed] = field(default_factory=list)
    code: pygame.Rect | None = None
    """Where the QR code stands."""


def plan(sheet: Sheet, sizes: Sizes) -> Plan:
    """The best arrangement of a sheet."""
    scales = (*(_LARGER if sheet.look.larger else (1.0,)), *_SMALLER)
    for scale in scales:
        for part in _parts(sheet, sizes):
            found = _coded(part, sizes, scale) if sheet.code else _arranged(part, sizes, scale)
            if found is not None:
                return found
    return Plan()


def _arranged(sheet: Sheet, sizes: Sizes, scale: float) -> Plan | None:
    """At one size of letters; None when not all that has to stay is legible."""
    least = math.ceil(sizes.least * scale)
    low_top = sizes.low_top if sheet.look.low else 0
    below = [(foot, _top(foot, sizes)) for foot in bars(sheet, sizes, least, scale)]
    blocks = [
        [*foot, *block]
        for foot, top in below
        for block in _blocks(sheet, sizes, least, scale, top, has_main=any(one.is_main for one in foot))
    ]
    blocks = [boxes for boxes in blocks if all(box.rect.top >= max(low_top, sizes.page.top) for box in boxes)]
    blocks.sort(key=lambda boxes: sum(_lacks_phrase(box, sheet) for box in boxes))
    kinds = [lines_of(sheet), lines_of(sheet, are_joined=True)]
    for boxes, lines, rank, gap in _tries(sheet, kinds, blocks, sizes):
        area = _above(boxes, sizes)
        kept = [line for line in lines if line.rank <= rank]
        column = lay_out(kept, area.size, sizes.unit * scale, gap, least_px=least)
        if column is not None:
            return Plan(boxes, place(column, area))
    return None


def _tries(
    sheet: Sheet, kinds: Sequence[list[Line]], blocks: Sequence[list[Box]], sizes: Sizes
) -> Iterator[tuple[list[Box], list[Line], int, int]]:
    """Buttons, lines, the highest rank of those that stay and the gap between them, the best first.

    Where there is news, the title leaves before lines move together.
    """
    steps = sorted({*ranks(kinds[0]), *ranks(kinds[1])}, reverse=True)
    if sheet.has_news:
        for lines, boxes, rank in itertools.product(kinds, blocks, steps[:2]):
            yield boxes, lines, rank, sizes.gap
    gaps = (sizes.gap,) if sheet.number else (sizes.gap, sizes.gap // 4)  # a number stays large, and lines leave
    for rank, gap, lines, boxes in itertools.product(steps, gaps, kinds, blocks):
        yield boxes, lines, rank, gap


def _blocks(
    sheet: Sheet, sizes: Sizes, least: int, scale: float, bottom: int, *, has_main: bool
) -> Iterator[list[Box]]:
    """What can be touched above the lowest rows, in the ways in which it is legible."""
    buttons = sheet.keys or sheet.choices or ((sheet.main,) if sheet.main and not has_main else ())
    if not buttons:
        yield []
        return
    is_main = buttons == (sheet.main,)
    share = 0.1 if sheet.keys else 0.085 if is_main else 0.075
    setting = Setting(round(sizes.unit * share * scale), least, sizes.gap, is_bold=is_main)
    for columns in _columns(sheet, sizes, len(buttons)):
        heights = main_heights(sizes) if is_main else _heights(buttons, columns, bottom, sizes, least)
        for height in heights:
            area = pygame.Rect(sizes.page.left, bottom - height, sizes.page.width, height)
            rects = list(_cells(area, len(buttons), columns, sizes.gap, is_even=bool(sheet.keys)))
            labels = fit_labels(buttons, [rect.size for rect in rects], setting)
            if all(label.smallest_px >= least for label in labels):
                yield [Box(*one, is_main=is_main) for one in zip(buttons, rects, labels, strict=True)]


def _heights(buttons: Sequence[Button], columns: int, bottom: int, sizes: Sizes, least: int) -> Iterator[int]:
    """Of a grid, the best first; last as high as a title above it allows, for phrases that find no room otherwise."""
    rows = math.ceil(len(buttons) / columns)
    least_height = rows * (sizes.target + sizes.gap) - sizes.gap
    desired = round(rows * max(1.2 * sizes.target, sizes.unit * (0.24 if rows == 1 else 0.2)))
    written = rows * (sizes.row + sizes.gap) - sizes.gap
    heights = {least_height, written, (desired + least_height) // 2, desired}
    has_phrases = any(one.phrase for one in buttons)
    if has_phrases:
        heights.add(desired * 5 // 4)
    yield from sorted((one for one in heights if one >= least_height), reverse=True)
    if has_phrases:
        yield bottom - sizes.page.top - sizes.gap - round(1.3 * least)


def _columns(sheet: Sheet, sizes: Sizes, count: int) -> Sequence[int]:
    most = (sizes.page.width + sizes.gap) // (sizes.target + sizes.gap)
    if sheet.keys:
        few = 6 if sizes.is_wide else 4
        return (min(most, few if count <= 12 else 9),)
    if count == 1:
        return (1,)
    return (2, 3, 1) if sizes.is_wide and count > 2 else (1, 2, 3)


def _cells(area: pygame.Rect, count: int, columns: int, gap: int, *, is_even: bool) -> Iterator[pygame.Rect]:
    """Cells of a grid, row by row; those of the last row share its width unless all are to be alike."""
    rows = math.ceil(count / columns)
    height = (area.height - gap * (rows - 1)) // rows
    for at in range(count):
        line, column = divmod(at, columns)
        beside = columns if is_even else min(columns, count - line * columns)
        width = (area.width - gap * (beside - 1)) // beside
        yield pygame.Rect(area.left + column * (width + gap), area.top + line * (height + gap), width, height)


def _parts(sheet: Sheet, sizes: Sizes) -> Iterator[Sheet]:
    """The sheet, and if its keys may be parted, with one part of them and a way to the next.

    A wide panel parts them always: its keys are not to move with the first sign that is typed.
    """
    if sheet.more is None or not sizes.is_wide:
        yield sheet
    if sheet.more is None:
        return
    *signs, erase = sheet.keys
    for size in _PART_SIZES:
        parts = [signs[start : start + size] for start in range(0, len(signs), size)]
        following = parts[(sheet.part + 1) % len(parts)]
        more = replace(sheet.more, text=f"{''.join(one.text for one in following[:3])}…")
        keys = (*parts[sheet.part % len(parts)], erase)
        yield replace(sheet, keys=keys, ways=(more, *sheet.ways))


def _coded(sheet: Sheet, sizes: Sizes, scale: float) -> Plan | None:
    """A code with the number beside it, or above on an upright panel; what to do across the whole width."""
    least, unit = math.ceil(sizes.least * scale), sizes.unit * scale
    for boxes in bars(sheet, sizes, least, scale):
        area = _above(boxes, sizes).clip(sizes.page)
        lines = lines_of(sheet)
        advice: list[Line] = [line for line in lines if line.text == sheet.body]
        others = [line for line in lines if line not in advice]
        below = lay_out(advice, (area.width, area.height * 2 // 5), unit, sizes.gap, least_px=least)
        if below is None:
            continue
        foot = below.height_px
        upper = pygame.Rect(area.left, area.top, area.width, area.height - foot - sizes.gap)
        side = min(upper.height, area.width // 2) if sizes.is_wide else min(upper.height * 2 // 3, area.width)
        if sizes.is_wide:
            code = pygame.Rect(upper.left, upper.top, side, side)
            text = pygame.Rect(code.right + sizes.gap, upper.top, upper.width - side - sizes.gap, upper.height)
        else:
            code = pygame.Rect(upper.centerx - side // 2, upper.bottom - side, side, side)
            text = pygame.Rect(upper.left, upper.top, upper.width, upper.height - side - sizes.gap)
        for rank in ranks(others):
            kept = [line for line in others if line.rank <= rank]
            beside = lay_out(kept, text.size, unit, sizes.gap, least_px=least)
            if beside is not None:
                last = pygame.Rect(area.left, area.bottom - foot, area.width, foot)
                return Plan(boxes, [*place(beside, text), *place(below, last)], code)
    return None


def _lacks_phrase(box: Box, sheet: Sheet) -> bool:
    return box.button in sheet.choices and bool(box.button.phrase) and box.label.phrase is None


def _top(boxes: Sequence[Box], sizes: Sizes) -> int:
    """Where the next thing above may end."""
    return min((box.rect.top - sizes.gap for box in boxes), default=sizes.page.bottom)


def _above(boxes: Sequence[Box], sizes: Sizes) -> pygame.Rect:
    """Where text may stand: closer to a button, and to the edge, than a finger would like."""
    top = sizes.page.top - sizes.gap * 3 // 4
    return pygame.Rect(sizes.page.left, top, sizes.page.width, _top(boxes, sizes) + sizes.gap // 2 - top)
