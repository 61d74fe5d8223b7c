"""Where everything stands on a panel of any size.

Read from 6 m, the height of capitals decides: 0.7 degrees are 73 mm there, and 10 minutes of arc, what somebody with
half the usual sight still reads (visual acuity 0.5), are 17 mm. On a 43-inch panel a pixel of 1920 x 1080 is 0.5 mm.
"""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from firmware.display.board import Capacity

__all__ = ["Layout", "layout_for"]


@dataclass(frozen=True)
class Layout:
    """Boxes in pixels."""

    unit: float
    """A thousandth of the panel's shorter side."""
    head: Rect
    hero: Rect
    """The newest call."""
    calls_title: Rect
    rows: tuple[Rect, ...]
    """The calls before it, newest first."""
    order: Rect
    """The order of passage; the notice stands here when the screen is stale."""
    order_title: Rect
    cells: tuple[Rect, ...]
    """Who follows, row by row."""
    lines: tuple[Rect, ...]
    """Who follows, in place of the cells, each beside a wait."""
    notice: Rect
    """Below the first rows of cells."""
    waiting: Rect

    @property
    def capacity(self) -> Capacity:
        above = sum(cell.bottom <= self.notice.top for cell in self.cells)
        return Capacity(
            calls=1 + len(self.rows), following=len(self.cells), with_waits=len(self.lines), with_notice=above
        )


def layout_for(size_px: tuple[int, int]) -> Layout:
    width, height = size_px
    unit = min(width, height) / 1000
    page = Rect(0, 0, width, height).inflate(round(-80 * unit), round(-60 * unit))
    gap = round(30 * unit)
    head, body = _cut_top(page, round(70 * unit), gap)
    if width >= height:
        hero, lower = _cut_top(body, round(body.height * 0.44), gap)
        left = Rect(lower.left, lower.top, round(lower.width * 0.46), lower.height)
        right = Rect(left.right + gap, lower.top, lower.right - left.right - gap, lower.height)
        rows, columns, calls_rows = 3, 3, 3
    else:
        hero, lower = _cut_top(body, round(body.height * 0.36), gap)
        left, right = _cut_top(lower, round(lower.height * 0.46), gap)
        rows, columns, calls_rows = 4, 3, 4
    calls_title, calls = _cut_top(left, round(50 * unit), gap // 2)
    inner = right.inflate(-2 * gap, -gap)
    order_title, rest = _cut_top(inner, round(50 * unit), gap // 2)
    waiting_height = round(60 * unit)
    waiting = Rect(rest.left, rest.bottom - waiting_height, rest.width, waiting_height)
    area = Rect(rest.left, rest.top, rest.width, rest.height - waiting_height - gap // 2)
    cells = _grid(area, rows=rows, columns=columns, gap=gap // 2)
    last = cells[-columns]
    return Layout(
        unit=unit,
        head=head,
        hero=hero,
        calls_title=calls_title,
        rows=_grid(calls, rows=calls_rows, columns=1, gap=gap // 2),
        order=right,
        order_title=order_title,
        cells=cells,
        lines=_grid(area, rows=rows + 1, columns=1, gap=gap // 2),
        notice=Rect(last.left, last.top, area.width, waiting.bottom - last.top),
        waiting=waiting,
    )


def _cut_top(box: Rect, height: int, gap: int) -> tuple[Rect, Rect]:
    top = Rect(box.left, box.top, box.width, height)
    return top, Rect(box.left, top.bottom + gap, box.width, box.height - height - gap)


def _grid(box: Rect, *, rows: int, columns: int, gap: int) -> tuple[Rect, ...]:
    width = (box.width - gap * (columns - 1)) / columns
    height = (box.height - gap * (rows - 1)) / rows
    return tuple(
        Rect(round(box.left + column * (width + gap)), round(box.top + row * (height + gap)), int(width), int(height))
        for row in range(rows)
        for column in range(columns)
    )
