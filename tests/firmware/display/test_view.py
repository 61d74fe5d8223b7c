"""The board as it is seen: measured on the pixels of every panel, in every language."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pygame
import pytest

from core.edge.words import LANGUAGES
from core.room.phrases import Phrase
from firmware.display import view as view_module
from firmware.display.board import Board, CallLine
from firmware.display.layout import layout_for
from firmware.display.view import View

PANELS = [(1920, 1080), (1280, 720), (1080, 1920), (800, 480)]
MM_PER_PX = 952 / 1920
"""Of a 43-inch panel of 1920 x 1080."""

NEWS = 0
CALM = 1
EMPTY = 2
STALE = 3
WAITS = 4
NOTICE = 5
LONGEST = Phrase(
    "wait.between-long",
    {
        "low": Phrase("wait.hours-and", {"hours": Phrase("wait.hours", count=2)}, 55),
        "high": Phrase("wait.hours-and", {"hours": Phrase("wait.hours", count=3)}, 40),
    },
)
USUAL = Phrase("wait.between", {"low": 35}, 55)
TOMORROW = Phrase("wait.nobody-until-tomorrow", {"who": "Dr Vallon-Roumanille", "time": "09:00"})


def make_board(
    kind: int,
    size_px: tuple[int, int],
    label: str = "2",
    site: str = "Centre médical d’Aubagne",
    wait: Phrase = LONGEST,
) -> Board:
    capacity = layout_for(size_px).capacity
    room = Phrase("room.name", {"label": label})
    calls = tuple(CallLine(f"W{place:03d}", room, is_new=kind == NEWS) for place in range(capacity.calls))
    places = {WAITS: capacity.with_waits, NOTICE: capacity.with_notice - 1}.get(kind, capacity.following - 1)
    following = tuple(f"W{place:03d}" for place in range(places))
    return Board(
        site=site,
        time="18:42",
        calls=() if kind == EMPTY else calls,
        following=() if kind == EMPTY else following,
        more=0 if kind == EMPTY else 45,
        waiting=Phrase("board.nobody-waits") if kind == EMPTY else Phrase("board.waiting", count=53),
        is_stale=kind == STALE,
        waits=(wait,) * places if kind == WAITS else (),
        notice=TOMORROW if kind == NOTICE else None,
    )


def drawn(board: Board, size_px: tuple[int, int], language: str = "fr") -> pygame.Surface:
    surface = pygame.Surface(size_px)
    View(surface, language).draw(board)
    return surface


def border(box: pygame.Rect, width: int) -> Iterator[tuple[int, int]]:
    """Every third point of a frame inside a box, its rounded corners left out."""
    corner = 24
    for x, inset in itertools.product(range(box.left + corner, box.right - corner, 3), range(width)):
        yield x, box.top + inset
        yield x, box.bottom - 1 - inset
    for y, inset in itertools.product(range(box.top + corner, box.bottom - corner, 3), range(width)):
        yield box.left + inset, y
        yield box.right - 1 - inset, y


def ink_rows(surface: pygame.Surface, box: pygame.Rect) -> int:
    """Height of what is written in a box."""
    ground = surface.get_at((box.left + box.width // 2, box.top + 2))
    rows = [
        y
        for y in range(box.top, box.bottom)
        if any(surface.get_at((x, y)) != ground for x in range(box.left, box.right))
    ]
    return rows[-1] - rows[0] + 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size_px", PANELS)
@pytest.mark.parametrize("kind", [NEWS, CALM, EMPTY, STALE, WAITS, NOTICE])
def test_nothing_reaches_over_the_edge_of_its_place(kind: int, size_px: tuple[int, int], language: str) -> None:
    widest = make_board(kind, size_px, label="WWWW", site="W" * 40)

    surface = drawn(widest, size_px, language)

    layout = layout_for(size_px)
    page = pygame.Rect((0, 0), size_px)
    assert {tuple(surface.get_at(point)[:3]) for point in border(page, layout.head.left // 2)} == {view_module._GROUND}
    cards = [layout.hero, *([] if kind == EMPTY else layout.rows), *([] if kind == STALE else [layout.order])]
    for card in cards:
        assert len({tuple(surface.get_at(point)) for point in border(card, 3)}) == 1


@pytest.mark.parametrize("size_px", [(1920, 1080), (1080, 1920)])
def test_from_six_metres_the_newest_call_is_as_large_as_the_standard_asks_of_a_kiosk(size_px: tuple[int, int]) -> None:
    hero = layout_for(size_px).hero
    surface = drawn(make_board(CALM, size_px), size_px)

    number = pygame.Rect(
        hero.left + hero.width // 10, hero.top, hero.width // 4, hero.height // (1 + (size_px[0] < size_px[1]))
    )

    # 0.7 degrees (EN 301 549, 5.1.4) at 6 m.
    assert ink_rows(surface, number) * MM_PER_PX >= 73


@pytest.mark.parametrize("size_px", [(1920, 1080), (1080, 1920)])
def test_from_six_metres_who_follows_is_read_with_half_the_usual_sight(size_px: tuple[int, int]) -> None:
    layout = layout_for(size_px)
    surface = drawn(make_board(CALM, size_px), size_px)

    for cell in (*layout.cells, *layout.rows):
        # 10 minutes of arc at 6 m.
        assert ink_rows(surface, cell.inflate(-40, -6)) * MM_PER_PX >= 17


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size_px", [(1920, 1080), (1080, 1920)])
def test_a_number_beside_its_wait_is_read_from_six_metres_and_the_wait_from_five(
    size_px: tuple[int, int], language: str
) -> None:
    surface = drawn(make_board(WAITS, size_px, wait=USUAL), size_px, language)

    for line in layout_for(size_px).lines:
        number, wait = line.copy(), line.inflate(0, -4)
        number.width = line.width // 5
        wait.left, wait.width = line.left + line.width // 3, line.width - line.width // 3
        # 10 minutes of arc.
        assert ink_rows(surface, number) * MM_PER_PX >= 17
        assert ink_rows(surface, wait) * MM_PER_PX >= 14.5


@pytest.mark.parametrize("size_px", PANELS)
def test_a_new_call_differs_in_shape_and_not_in_colour_alone(size_px: tuple[int, int]) -> None:
    hero = layout_for(size_px).hero
    edge = pygame.Rect(hero.left, hero.top, hero.width // 40, hero.height)
    marked, plain = (
        {tuple(surface.get_at((x, edge.centery))) for x in range(edge.left, edge.right)}
        for surface in (drawn(make_board(kind, size_px), size_px) for kind in (NEWS, CALM))
    )

    assert len(plain) == 1
    assert len(marked) > 1


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("_INK", "_GROUND"),
        ("_INK", "_CARD"),
        ("_SOFT", "_GROUND"),
        ("_SOFT", "_CARD"),
        ("_ACCENT", "_CARD"),
        ("_CARD", "_ACCENT"),
        ("_CARD", "_ACCENT_BRIGHT"),
    ],
)
def test_every_ink_stands_out_from_its_ground(ink: str, ground: str) -> None:
    lighter, darker = sorted(
        (luminance(getattr(view_module, ink)), luminance(getattr(view_module, ground))), reverse=True
    )

    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance (WCAG 2.2, definitions)."""
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
