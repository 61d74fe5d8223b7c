"""Every page in every language on every panel, measured in the picture by EN 301 549 and WCAG AA."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pygame
import pytest

from core.edge.words import LANGUAGES
from firmware.drivers.panel import Panel, make_panel
from firmware.drivers.panel.fonts import REGULAR
from firmware.drivers.panel.settings import DummyPanelSettings
from firmware.drivers.panel.touchable import ACCENT, INK, PAPER, WHITE
from firmware.kiosk.dialogue.look import Look
from firmware.kiosk.dialogue.targets import Begin, Toggle
from firmware.kiosk.drawing.letters import Paragraph, draw
from firmware.kiosk.drawing.view import View
from firmware.kiosk.sheets.sheet import Button, Sheet
from tests.firmware.kiosk.eye import Colour, Picture, contrast, faults, seen
from tests.firmware.kiosk.pages import PAGES, PANELS, sheet

PLAIN = Look()
LOOKS = (Look(low=True), Look(contrast=True, low=True), Look(larger=True), Look(contrast=True, larger=True, low=True))
_SAMPLED = 19
"""Every so many pages are also measured in each of the other looks; over the languages that is every page in some."""


PLACE = pygame.Rect(20, 10, 700, 70)
"""Of a line of text."""


@pytest.fixture(params=PANELS)
def panel(request: pytest.FixtureRequest) -> Iterator[Panel]:
    yield from _panel(*PANELS[request.param])


@pytest.fixture
def small() -> Iterator[Panel]:
    yield from _panel(*PANELS["800x480"])


def _panel(width: int, height: int, width_mm: float) -> Iterator[Panel]:
    panel = make_panel(DummyPanelSettings(driver="dummy", width=width, height=height, width_mm=width_mm))
    yield panel
    panel.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_legible_and_within_reach(panel: Panel, language: str) -> None:
    view = View(panel)
    found = {}
    for page in PAGES:
        view.show(sheet(page, language))
        found[page] = faults(seen(panel, view))

    assert {page: some for page, some in found.items() if some} == {}


@pytest.mark.parametrize(
    "look", LOOKS, ids=lambda look: "-".join(one for one in ("contrast", "larger", "low") if getattr(look, one))
)
def test_so_it_is_however_somebody_wants_to_read(panel: Panel, look: Look) -> None:
    view = View(panel)
    found = {}
    places = itertools.product(enumerate(PAGES), enumerate(LANGUAGES))
    for (at, page), (other, language) in places:
        if (at + other + LOOKS.index(look)) % _SAMPLED:
            continue
        view.show(sheet(page, language, look))
        found[page, language] = faults(seen(panel, view), is_low=look.low)

    assert {page: some for page, some in found.items() if some} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_in_is_the_largest_thing_to_touch_on_every_start_page(panel: Panel, language: str) -> None:
    view = View(panel)
    for page in PAGES:
        view.show(sheet(page, language))
        sizes = {zone.target: zone.rect.width * zone.rect.height for zone in view.zones}
        others = [size for target, size in sizes.items() if target != Begin()]

        assert Begin() not in sizes or sizes[Begin()] > 1.5 * max(others), page


def test_larger_letters_are_larger_where_the_panel_has_room(panel: Panel) -> None:
    view = View(panel)
    smallest = []
    for look in (PLAIN, Look(larger=True)):
        view.show(sheet("still-there", "fr", look))
        smallest.append(min(paragraph.size_px for paragraph, _ in view.written))

    assert smallest[1] > 1.15 * smallest[0]


def test_contrast_on_demand_is_seven_to_one(panel: Panel) -> None:
    view = View(panel)
    view.show(sheet("wait", "fr", Look(contrast=True)))

    colours = {tuple(panel.surface.get_at((x, y)))[:3] for x in range(0, 800, 3) for y in range(0, 480, 3)}

    assert max(contrast(one, other) for one, other in itertools.combinations(colours, 2)) > 20
    assert panel.surface.get_at((0, 0))[:3] == (0, 0, 0)


def _grey(surface: pygame.Surface, rect: pygame.Rect) -> list[int]:
    part = pygame.transform.grayscale(surface.subsurface(rect))
    return [part.get_at((x, y))[0] for x in range(0, rect.width, 2) for y in range(0, rect.height, 2)]


def _shapes_differ(one: list[int], other: list[int]) -> bool:
    """Whether two pictures differ in black and white, and not only in shades."""
    return sum((a < 128) is not (b < 128) for a, b in zip(one, other, strict=True)) > 0.02 * len(one)


def _drawn(panel: Panel, *, is_chosen: bool = False, is_main: bool = False, focus: int | None = None) -> list[int]:
    button = Button("Contraste", Toggle("contrast"), "contrast", is_chosen=is_chosen)
    main = replace(button, target=Begin()) if is_main else None
    view = View(panel)
    view.show(Sheet(language="fr", title="?", main=main, choices=() if main else (button,), focus=focus))
    return _grey(panel.surface, view.zones[0].rect.clip(pygame.Rect(0, view.zones[0].rect.top, panel.size_px[0], 90)))


def test_without_colours_one_still_tells_what_is_main_chosen_and_meant_by_the_key(panel: Panel) -> None:
    states = {
        "plain": _drawn(panel),
        "chosen": _drawn(panel, is_chosen=True),
        "main": _drawn(panel, is_main=True),
        "focused": _drawn(panel, focus=0),
        "main and focused": _drawn(panel, is_main=True, focus=0),
    }

    for one, other in itertools.combinations(states, 2):
        size = min(len(states[one]), len(states[other]))
        assert _shapes_differ(states[one][:size], states[other][:size]), (one, other)


def test_a_choice_told_by_colour_alone_would_be_found(small: Panel) -> None:
    rect = pygame.Rect(100, 100, 200, 104)
    small.surface.fill(PAPER)
    pygame.draw.rect(small.surface, (200, 225, 205), rect)
    pale_green = _grey(small.surface, rect)
    pygame.draw.rect(small.surface, (225, 205, 225), rect)

    assert not _shapes_differ(pale_green, _grey(small.surface, rect))


def _page(
    panel: Panel,
    *rects: pygame.Rect,
    text_px: int = 48,
    ink: Colour = INK,
    frame: Colour = ACCENT,
    place: pygame.Rect = PLACE,
) -> Picture:
    """A page drawn by hand: buttons, and a line of text."""
    panel.surface.fill(PAPER)
    for rect in rects:
        pygame.draw.rect(panel.surface, WHITE, rect, border_radius=16)
        pygame.draw.rect(panel.surface, frame, rect, width=3, border_radius=16)
    text = draw(panel.surface, Paragraph(("Bonjour",), REGULAR, text_px), ink, place)
    place = pygame.Rect(place.left, place.centery - text.height_px // 2, place.width, text.height_px)
    return Picture(panel.surface, panel.size_px[0] / panel.width_mm, [(text, place)], rects)


GOOD = (pygame.Rect(20, 340, 200, 110), pygame.Rect(240, 340, 200, 110))
PLANTED: dict[str, tuple[Callable[[Panel], Picture], str]] = {
    "small target": (lambda panel: _page(panel, pygame.Rect(20, 340, 96, 110)), "smaller than 20 mm"),
    "narrow gap": (lambda panel: _page(panel, GOOD[0], GOOD[1].move(-10, 0)), "less than 3 mm apart"),
    "small letters": (lambda panel: _page(panel, *GOOD, text_px=38), "capitals of 5."),
    "pale letters": (lambda panel: _page(panel, *GOOD, ink=(150, 150, 150)), "contrast of 2."),
    "pale frame": (lambda panel: _page(panel, GOOD[0], frame=(170, 190, 190)), "not to be seen"),
    "text off the screen": (lambda panel: _page(panel, GOOD[0], place=PLACE.move(0, -45)), "cut off by the screen"),
    "text over a button": (lambda panel: _page(panel, GOOD[0], place=PLACE.move(0, 270)), "runs over a control"),
    "text too wide": (
        lambda panel: _page(panel, GOOD[0], place=pygame.Rect(20, 10, 150, 70)),
        "wider than its place",
    ),
    "high control": (lambda panel: _page(panel, GOOD[0].move(0, -250)), "above the lower part"),
    "unseen target": (lambda panel: replace(_page(panel, GOOD[0]), touchable=GOOD), "not to be seen"),
    "dead button": (lambda panel: replace(_page(panel, *GOOD), touchable=GOOD[:1]), "no control"),
}


def test_a_page_drawn_by_the_rules_has_no_fault(small: Panel) -> None:
    assert faults(_page(small, *GOOD), is_low=True) == []


@pytest.mark.parametrize("planted", PLANTED)
def test_a_violation_is_found(small: Panel, planted: str) -> None:
    drawn, says = PLANTED[planted]

    (fault,) = faults(drawn(small), is_low=True)

    assert says in fault
