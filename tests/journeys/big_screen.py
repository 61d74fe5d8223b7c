"""Reads the big screen as a person does, by its pixels: what is expected is drawn here and compared."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterator

import pygame

from core.room.ids import Number
from core.room.phrases import Phrase
from firmware.display.board import Board, CallLine
from firmware.display.view import View
from firmware.drivers.control import ControlClient
from tests.mosquitto import wait_until

__all__ = ["BigScreen"]

_SIZE_PX = (1920, 1080)
_GRID_PX = 24
"""Two numbers differ in whole strokes, which are wider."""


class BigScreen:
    """The waiting room's."""

    def __init__(self, display: ControlClient) -> None:
        self._display = display

    def calls(self, number: str, room: str) -> None:
        """Wait until a number is called to a room, in whatever place."""
        wait_until(lambda: self._is_called(number, room), what=f"the big screen shows {number} → Salle {room}")

    def says(self, name: str, count: int | None = None) -> None:
        """Wait until it says something of those who wait."""
        wait_until(lambda: self._is_said(Phrase(f"board.{name}", count=count)), what=f"the big screen says {name}")

    def has_next(self, number: str) -> None:
        """Wait until a number stands first in the order of passage."""
        wait_until(lambda: self._is_next(number), what=f"{number} is next on the big screen")

    def time_of_call(self, number: str, room: str) -> float:
        """The monotonic second at which this was seen to be the newest call."""
        faces = list(_faces(number, room))
        hero = faces[0][1].layout.hero
        places = [
            (x, y) for x in range(hero.left, hero.right, _GRID_PX) for y in range(hero.top, hero.bottom, _GRID_PX)
        ]
        wanted = [[list(face.get_at(place))[:3] for place in places] for face, _ in faces]
        wait_until(
            lambda: self._display.call("panel", "colours", at=places)["colours"] in wanted,
            what=f"{number} → Salle {room} is the newest call",
        )
        return time.monotonic()

    def _seen(self) -> pygame.Surface:
        png = base64.b64decode(self._display.call("panel", "frame")["png"])
        return pygame.image.load(io.BytesIO(png))

    def _is_called(self, number: str, room: str) -> bool:
        screen = self._seen()
        return any(
            _is_same(screen, face, place)
            for face, view in _faces(number, room)
            for place in (view.layout.hero, *view.layout.rows)
        )

    def _is_said(self, phrase: Phrase) -> bool:
        screen = self._seen()
        alone, view = _drawn(waiting=phrase)
        below, _ = _drawn(waiting=phrase, following=("A000",))
        return _is_same(screen, alone, view.layout.order) or _is_same(screen, below, view.layout.waiting)

    def _is_next(self, number: str) -> bool:
        screen = self._seen()
        alone, view = _drawn(following=(number,))
        beside_a_wait, _ = _drawn(following=(number,), waits=(None,))
        line = view.layout.lines[0]
        place = pygame.Rect(line.left, line.top, line.width // 5, line.height)  # the number alone
        return _is_same(screen, alone, view.layout.cells[0]) or _is_same(screen, beside_a_wait, place)


def _faces(number: str, room: str) -> Iterator[tuple[pygame.Surface, View]]:
    """A call as it may look, new or not, bright or not, in every place where it may stand."""
    said = Phrase("room.name", {"label": room})
    for is_new, is_bright in ((True, False), (True, True), (False, False)):
        yield _drawn(calls=(CallLine(Number(number), said, is_new=is_new, is_bright=is_bright),) * 4)


def _drawn(
    *,
    calls: tuple[CallLine, ...] = (),
    following: tuple[str, ...] = (),
    waits: tuple[Phrase | None, ...] = (),
    waiting: Phrase | None = None,
) -> tuple[pygame.Surface, View]:
    face = pygame.Surface(_SIZE_PX)
    view = View(face, "fr")
    view.draw(
        Board(
            site="",
            time=None,
            calls=calls,
            following=tuple(map(Number, following)),
            more=0,
            waits=waits,
            waiting=waiting or Phrase("board.nobody-waits"),
            is_stale=False,
        )
    )
    return face, view


def _is_same(seen: pygame.Surface, drawn: pygame.Surface, place: pygame.Rect) -> bool:
    one, other = (pygame.image.tobytes(surface.subsurface(place), "RGB") for surface in (seen, drawn))
    return one == other
