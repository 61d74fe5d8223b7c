"""The board as a picture.

A call is told from the ones before it by place, size, a mark and a frame, never by colour alone. Every pair of ink and
ground has a contrast of 4.5 at least (WCAG 1.4.3).
"""

from __future__ import annotations

from pathlib import Path

import pygame

from core.edge.site import Language
from core.edge.words import say
from core.room.phrases import Phrase
from firmware.display.board import Board, CallLine
from firmware.display.layout import Layout, layout_for
from firmware.drivers.panel.fonts import BOLD, REGULAR
from firmware.drivers.panel.text import CAPITALS, Colour, draw_line, draw_paragraph, fitting_size, line_width

__all__ = ["View"]

_GROUND: Colour = (243, 245, 244)
_CARD: Colour = (255, 255, 255)
_INK: Colour = (16, 38, 43)
_SOFT: Colour = (74, 96, 101)
_LINE: Colour = (208, 217, 215)
_ACCENT: Colour = (11, 92, 102)
_ACCENT_BRIGHT: Colour = (19, 116, 128)

_ROOM_SHARE = 0.72
"""Size of the room beside its number: the number is looked for first."""

_WAIT_SHARE = 0.8
"""Size of a wait beside its number, where the words are short."""

_ARROW, _GAP = 0.65, 0.3
"""Length of the arrow and the space on either side, for a size of 1."""


class View:
    """Draws boards on one surface."""

    def __init__(self, surface: pygame.Surface, language: Language) -> None:
        self._surface = surface
        self._language = language
        self.layout: Layout = layout_for(surface.get_size())

    def draw(self, board: Board) -> None:
        self._surface.fill(_GROUND)
        self._draw_head(board)
        self._draw_hero(board.calls[0] if board.calls else None)
        self._draw_earlier(board.calls[1:])
        if board.is_stale:
            self._draw_notice()
        else:
            self._draw_order(board)

    def _draw_head(self, board: Board) -> None:
        box = self.layout.head
        size = round(box.height * 0.62)
        clock_width = 0
        if board.time:
            clock_width = 2 * draw_line(
                self._surface, board.time, REGULAR, size, _INK, x=box.right, middle_y=box.centery, align="right"
            )
        size = fitting_size(board.site, BOLD, width_px=box.width - clock_width, capitals_px=int(size * CAPITALS))
        draw_line(self._surface, board.site, BOLD, size, _INK, x=box.left, middle_y=box.centery)

    def _draw_hero(self, call: CallLine | None) -> None:
        box = self.layout.hero
        if call is None:
            self._card(box, _CARD)
            self._paragraph(Phrase("board.nobody-called"), BOLD, _ACCENT, box, largest=90)
        else:
            self._draw_call(call, box)

    def _draw_earlier(self, calls: tuple[CallLine, ...]) -> None:
        if calls:
            self._title("board.now", self.layout.calls_title)
        for call, box in zip(calls, self.layout.rows, strict=False):
            self._draw_call(call, box)

    def _draw_call(self, call: CallLine, box: pygame.Rect) -> None:
        ground = (_ACCENT_BRIGHT if call.is_bright else _ACCENT) if call.is_new else _CARD
        ink = _CARD if call.is_new else _INK
        self._card(box, ground)
        margin = round(min(box.height * 0.36, 80 * self.layout.unit))
        if call.is_new:
            self._draw_mark(box, margin)
        if box.height * 3 > box.width:
            self._draw_stacked(call, box.inflate(-2 * margin, 0), ink)
        else:
            self._draw_abreast(call, box.inflate(-2 * margin, round(-box.height * 0.32)), ink)

    def _draw_abreast(self, call: CallLine, box: pygame.Rect, ink: Colour) -> None:
        """Number, arrow and room in one line."""
        room = self._say(call.room)
        size = round(box.height / CAPITALS)
        width = _abreast_width(call.number, room, size)
        size = min(size, int(size * box.width / width))
        x = box.left + draw_line(self._surface, call.number, BOLD, size, ink, x=box.left, middle_y=box.centery)
        self._draw_arrow(x + round(size * _GAP), box.centery, size, ink)
        x += round(size * (2 * _GAP + _ARROW))
        draw_line(self._surface, room, BOLD, round(size * _ROOM_SHARE), ink, x=x, middle_y=box.centery)

    def _draw_stacked(self, call: CallLine, box: pygame.Rect, ink: Colour) -> None:
        """The number, and under it arrow and room."""
        room = self._say(call.room)
        size = fitting_size(call.number, BOLD, width_px=box.width, capitals_px=round(box.height * 0.4))
        room_size = fitting_size(room, BOLD, width_px=box.width * 3 // 4, capitals_px=round(box.height * 0.22))
        number_height, room_height = round(size * CAPITALS), round(room_size * CAPITALS)
        space = (box.height - number_height - room_height) // 3
        middle_y = box.top + space + number_height // 2
        draw_line(self._surface, call.number, BOLD, size, ink, x=box.centerx, middle_y=middle_y, align="centre")
        beside = round(room_size * (_ARROW + _GAP))
        x = box.centerx - (beside + line_width(room, BOLD, room_size)) // 2
        middle_y = box.bottom - space - room_height // 2
        self._draw_arrow(x, middle_y, room_size, ink)
        draw_line(self._surface, room, BOLD, room_size, ink, x=x + beside, middle_y=middle_y)

    def _draw_order(self, board: Board) -> None:
        layout = self.layout
        self._card(layout.order, _CARD)
        if not board.following:
            self._paragraph(board.notice or board.waiting, REGULAR, _SOFT, layout.order, largest=60)
            return
        self._title("board.next", layout.order_title)
        if board.waits:
            self._draw_waits(board)
        else:
            self._draw_numbers(board)
        if board.notice:
            self._draw_rule(layout.notice)
            self._paragraph(board.notice, BOLD, _INK, layout.notice, largest=60, margin=(0, 20))
            return
        self._draw_rule(layout.waiting)
        box, words = layout.waiting, self._say(board.waiting)
        size = fitting_size(words, REGULAR, width_px=box.width, capitals_px=round(box.height * 0.5))
        draw_line(self._surface, words, REGULAR, size, _SOFT, x=box.left, middle_y=box.centery + round(8 * layout.unit))

    def _draw_numbers(self, board: Board) -> None:
        layout, entries = self.layout, [*board.following, *([f"+{board.more}"] if board.more else [])]
        cell = layout.cells[0]
        size = fitting_size("A000", BOLD, width_px=cell.width, capitals_px=round(cell.height * 0.6))
        for place, (entry, box) in enumerate(zip(entries, layout.cells, strict=False)):
            face, ink = (BOLD, _INK) if place == 0 else (REGULAR, _SOFT if entry.startswith("+") else _INK)
            draw_line(self._surface, entry, face, size, ink, x=box.left, middle_y=box.centery)

    def _draw_waits(self, board: Board) -> None:
        """Each number beside its wait; that there are more the count below says."""
        lines = self.layout.lines
        size = fitting_size("A000", BOLD, width_px=lines[0].width // 4, capitals_px=round(lines[0].height * 0.72))
        beside = round(1.15 * line_width("A000", BOLD, size))
        width_px, capitals_px = lines[0].width - beside, round(size * CAPITALS * _WAIT_SHARE)
        for place, (number, wait, box) in enumerate(zip(board.following, board.waits, lines, strict=False)):
            face = REGULAR if place else BOLD
            draw_line(self._surface, number, face, size, _INK, x=box.left, middle_y=box.centery)
            if wait is not None:
                words = self._say(wait)
                small = fitting_size(words, REGULAR, width_px=width_px, capitals_px=capitals_px)
                draw_line(self._surface, words, REGULAR, small, _INK, x=box.left + beside, middle_y=box.centery)

    def _draw_rule(self, box: pygame.Rect) -> None:
        pygame.draw.line(self._surface, _LINE, box.topleft, box.topright, max(1, round(2 * self.layout.unit)))

    def _draw_notice(self) -> None:
        """In place of an order of passage that may no longer be so."""
        box = self.layout.order
        self._card(box, _CARD)
        pygame.draw.rect(self._surface, _INK, box, round(8 * self.layout.unit), round(18 * self.layout.unit))
        self._paragraph(Phrase("board.stale"), BOLD, _INK, box, largest=70)

    def _title(self, phrase: str, box: pygame.Rect) -> None:
        words = self._say(Phrase(phrase))
        size = fitting_size(words, REGULAR, width_px=box.width, capitals_px=round(box.height * 0.6))
        draw_line(self._surface, words, REGULAR, size, _SOFT, x=box.left, middle_y=box.centery)

    def _paragraph(
        self,
        phrase: Phrase,
        face: Path,
        ink: Colour,
        box: pygame.Rect,
        *,
        largest: int,
        margin: tuple[int, int] = (90, 60),
    ) -> None:
        """Words in the middle of a card."""
        inner = box.inflate(round(-margin[0] * self.layout.unit), round(-margin[1] * self.layout.unit))
        largest_px = round(largest * self.layout.unit)
        draw_paragraph(self._surface, self._say(phrase), face, ink, inner, largest_px=largest_px, align="centre")

    def _card(self, box: pygame.Rect, ground: Colour) -> None:
        pygame.draw.rect(self._surface, ground, box, border_radius=round(18 * self.layout.unit))

    def _draw_mark(self, box: pygame.Rect, margin: int) -> None:
        """A bar along the left edge, inside the card."""
        bar = pygame.Rect(box.left + margin // 4, box.top + margin // 2, margin // 4, box.height - margin)
        pygame.draw.rect(self._surface, _CARD, bar, border_radius=margin // 8)

    def _draw_arrow(self, x: int, middle_y: int, size: int, ink: Colour) -> None:
        """Drawn, not typed: the font's own arrow is too thin to be seen from afar."""
        tip, head, half = x + round(size * _ARROW), round(size * 0.24), max(1, round(size * 0.055))
        pygame.draw.rect(self._surface, ink, pygame.Rect(x, middle_y - half, tip - x - head // 2, 2 * half))
        corners = [(tip - head, middle_y - head), (tip, middle_y), (tip - head, middle_y + head)]
        pygame.draw.polygon(self._surface, ink, corners)

    def _say(self, phrase: Phrase) -> str:
        return say(phrase, self._language)


def _abreast_width(number: str, room: str, size: int) -> int:
    letters = line_width(number, BOLD, size) + line_width(room, BOLD, round(size * _ROOM_SHARE))
    return letters + round(size * (2 * _GAP + _ARROW))
