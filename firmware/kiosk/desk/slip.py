"""The slip as one 1-bit picture: what stands on it and where.

Sizes are in millimetres of paper, so that a slip looks the same at 180 and 203 dots an inch.

Rule: pure; every text comes already in the patient's words and language.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from firmware.drivers.panel.fonts import BOLD, CAPITALS, REGULAR
from firmware.drivers.panel.lettering import visual
from firmware.drivers.printer.profiles import Profile
from firmware.kiosk.code import qr_code

__all__ = ["Slip", "draw"]

_LINE_EM = 1.28
_MARGIN_MM = 2.0
_LONGEST_MM = 300


@dataclass(frozen=True)
class Slip:
    """What a slip says, from top to bottom."""

    site_name: str
    number: str
    service: str
    time_text: str | None
    """Day and time of issue; None while the clock is not to be trusted."""
    ahead: str | None
    """How many people are before this one; None while the kiosk cannot know."""
    url: str
    """The ticket's page, as a QR code."""
    advice: str
    """One sentence: what to do now."""
    claim: str | None = None
    """That a priority was declared; None where none was."""
    wait: str | None = None
    """How long it is likely to be; None while nobody says it."""
    notes: tuple[str, ...] = ()
    """What follows from that: where to wait, and whether it is before closing."""


def draw(slip: Slip, profile: Profile) -> Image.Image:
    """The slip as wide as the paper of `profile`.

    Raises:
        ValueError: the address is too long for a code that can be read.
    """
    sheet = _Sheet(profile)
    sheet.text(slip.site_name, BOLD, capital_mm=3.1)
    sheet.rule()
    sheet.across(slip.number)
    sheet.space(1.5)
    sheet.text(slip.service, BOLD, capital_mm=4.5)
    if slip.claim:
        sheet.space(1.0)
        sheet.text(slip.claim, REGULAR, capital_mm=3.1)
    if slip.ahead:
        sheet.space(1.0)
        sheet.text(slip.ahead, REGULAR, capital_mm=3.6)
    if slip.wait:
        sheet.space(1.0)
        sheet.text(slip.wait, BOLD, capital_mm=3.6)
    for note in slip.notes:
        sheet.space(1.0)
        sheet.text(note, REGULAR, capital_mm=3.1)
    sheet.paste(qr_code(slip.url, profile.width_dots))
    sheet.text(slip.advice, REGULAR, capital_mm=3.1)
    if slip.time_text:
        sheet.rule()
        sheet.text(slip.time_text, REGULAR, capital_mm=2.6)
    return sheet.cut()


class _Sheet:
    """Paper filled from the top."""

    def __init__(self, profile: Profile) -> None:
        self._dots_per_mm = profile.dpi / 25.4
        self._width = profile.width_dots
        self._inner = self._width - 2 * self._dots(_MARGIN_MM)
        self._picture = Image.new("1", (self._width, self._dots(_LONGEST_MM)), 1)
        self._pen = ImageDraw.Draw(self._picture)
        self._y = self._dots(1.0)

    def text(self, text: str, face: Path, *, capital_mm: float) -> None:
        """A paragraph of centred lines, none much shorter than the others."""
        size = round(capital_mm * self._dots_per_mm / CAPITALS)
        ink = _paragraph(text, face, size, self._inner)
        self._picture.paste(0, ((self._width - self._inner) // 2, self._y - size), ink)
        self._y += ink.height - 2 * size

    def across(self, text: str) -> None:
        """One line as large as the width allows, in the space of its capitals."""
        trial = _font(BOLD, 100)
        font = _font(BOLD, int(100 * self._inner / trial.getlength(visual(text))))
        capital = round(font.size * CAPITALS)
        self._pen.text((self._width / 2, self._y + capital), visual(text), 0, font, anchor="ms")
        self._y += capital + self._dots(2.0)

    def rule(self) -> None:
        self.space(1.5)
        left = (self._width - self._inner) // 2
        self._pen.line([(left, self._y), (left + self._inner - 1, self._y)], 0, 2)
        self.space(3.0)

    def paste(self, picture: Image.Image) -> None:
        self._picture.paste(picture, ((self._width - picture.width) // 2, self._y))
        self._y += picture.height

    def space(self, mm: float) -> None:
        self._y += self._dots(mm)

    def cut(self) -> Image.Image:
        return self._picture.crop((0, 0, self._width, min(self._y + self._dots(1.0), self._picture.height)))

    def _dots(self, mm: float) -> int:
        return round(mm * self._dots_per_mm)


@functools.lru_cache(maxsize=16)
def _paragraph(text: str, face: Path, size: int, width: int) -> Image.Image:
    """The ink of a paragraph, with an em above and below its lines, where Arabic reaches out of them.

    Kept: the centre's name, the services and the advice are the same on every slip, and most of its drawing.
    """
    font = _font(face, size)
    lines = _balanced(text, font, width)
    pitch = round(size * _LINE_EM)
    ink = Image.new("1", (width, pitch * len(lines) + 2 * size))
    pen = ImageDraw.Draw(ink)
    for number, line in enumerate(lines):
        pen.text((width / 2, number * pitch + 2 * size), visual(line), 1, font, anchor="ms")
    return ink


@functools.lru_cache(maxsize=16)
def _font(face: Path, size: int) -> ImageFont.FreeTypeFont:
    # The basic layout draws what it is given from left to right; RAQM would turn shaped lines round once more.
    return ImageFont.truetype(face, size, layout_engine=ImageFont.Layout.BASIC)


def _balanced(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The fewest lines that hold the text, as even as they can be; no-break spaces are part of their word.

    Of all ways to break it, the one that leaves the least sum of squares free at the ends of the lines.
    """
    words = [piece for word in re.split(r"[ \t\r\n]+", text.strip()) for piece in _pieces(word, font, width)]
    lengths = [font.getlength(visual(word)) for word in words]
    space = font.getlength(" ")
    best = [(0, 0.0, 0)]  # of the first so many words: lines, what is free, and where the last line begins
    for end in range(1, len(words) + 1):
        ways: list[tuple[int, float, int]] = []
        used = -space
        for begin in reversed(range(end)):
            used += space + lengths[begin]
            if ways and used > width:
                break
            lines, free, _ = best[begin]
            ways.append((lines + 1, free + (width - used) ** 2, begin))
        best.append(min(ways))
    broken: list[str] = []
    while words:
        begin = best[len(words)][2]
        broken.insert(0, " ".join(words[begin:]))
        del words[begin:]
    return broken


def _pieces(word: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """The word, or what fits on a line each where it is wider than one."""
    while len(word) > 1 and font.getlength(visual(word)) > width:
        fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or font.getlength(visual(word[:n])) <= width)
        yield word[:fits]
        word = word[fits:]
    yield word
