"""Text is put by its capitals and stays within its place."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from firmware.drivers.panel.fonts import BOLD, REGULAR
from firmware.drivers.panel.text import draw_line, draw_paragraph, fitting_size, line_width, wrap

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def ink(surface: pygame.Surface) -> pygame.Rect:
    """The smallest box around all that is black."""
    mask = pygame.mask.from_threshold(surface, BLACK, (128, 128, 128, 255))
    boxes = mask.get_bounding_rects()
    return boxes[0].unionall(boxes[1:])


@pytest.fixture
def paper() -> pygame.Surface:
    surface = pygame.Surface((600, 300))
    surface.fill(WHITE)
    return surface


@pytest.mark.parametrize("face", [REGULAR, BOLD])
def test_a_line_fits_by_width_or_by_the_height_of_its_capitals(paper: pygame.Surface, face: Path) -> None:
    low = fitting_size("HHHH", face, width_px=600, capitals_px=40)
    narrow = fitting_size("HHHH", face, width_px=120, capitals_px=200)

    draw_line(paper, "HHHH", face, low, BLACK, x=10, middle_y=100)

    assert ink(paper).height == pytest.approx(40, abs=1)
    assert 110 <= line_width("HHHH", face, narrow) <= 120


def test_a_line_is_centred_on_its_capitals(paper: pygame.Surface) -> None:
    draw_line(paper, "HHH", BOLD, 100, BLACK, x=300, middle_y=150, align="centre")

    assert ink(paper).center == pytest.approx((300, 150), abs=1)


def test_a_line_aligned_right_ends_where_told(paper: pygame.Surface) -> None:
    width = draw_line(paper, "A042", BOLD, 60, BLACK, x=590, middle_y=150, align="right")

    assert ink(paper).right <= 590
    assert ink(paper).left >= 590 - width


def test_text_is_broken_between_words_and_loses_none() -> None:
    text = "Écoutez l’appel du médecin"

    lines = wrap(text, REGULAR, 40, 300)

    assert len(lines) > 1
    assert " ".join(lines) == text
    assert all(line_width(line, REGULAR, 40) <= 300 for line in lines)


@pytest.mark.parametrize(
    "text", ["Bienvenue. Votre numéro s’affichera ici.", "الشاشة بانتظار التحديث. استمعوا لنداء الطبيب."]
)
def test_a_paragraph_stays_in_its_box(paper: pygame.Surface, text: str) -> None:
    box = pygame.Rect(100, 50, 350, 160)

    draw_paragraph(paper, text, BOLD, BLACK, box, largest_px=200, align="centre")

    assert box.contains(ink(paper))
