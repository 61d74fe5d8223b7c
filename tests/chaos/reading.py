"""What stands on paper and on the big screen, read from its dots: by drawing what could stand there and comparing.

Rule: no text and no message is consulted, only pictures.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pygame
from PIL import Image, ImageChops

from borne.demo.paper import UnreadableJob
from borne.demo.workbench.bench import address_on, draw_slip
from core.room.ids import Letter, Number
from core.room.numbering import number
from core.room.phrases import Phrase
from firmware.display.board import Board, CallLine
from firmware.display.view import View
from firmware.drivers.printer.profiles import Profile
from firmware.kiosk.desk.slip import Slip, draw

__all__ = ["BoardReader", "PaperSlip", "SlipReader"]

_LETTERS = "ABCD"
"""Two kiosks, and two disks more than they have."""
_STYLES = ((False, False), (True, False), (True, True))


@dataclass(frozen=True, kw_only=True)
class PaperSlip:
    """One slip that fell."""

    file: str
    token: str | None
    """From its code; None when no phone could read it."""
    number: Number | None
    """From its large print; None when nobody could."""


class SlipReader:
    """Reads the slips of one centre."""

    def __init__(self, site_name: str, profile: Profile) -> None:
        self._site_name = site_name
        self._profile = profile
        boxes = [self._where_numbers_differ(letter) for letter in _LETTERS]
        self._rows = 0, min(box[1] for box in boxes), profile.width_dots, min(box[3] for box in boxes)
        """Below them stands something else: a wide letter makes the whole number lower."""
        self._known: dict[bytes, Number] = {}
        self._untried = candidates()

    def read(self, file: Path) -> PaperSlip:
        address = address_on(file)
        return PaperSlip(
            file=file.name,
            token=address.rpartition("/t/")[2] if address else None,
            number=self._number(file),
        )

    def _number(self, file: Path) -> Number | None:
        try:
            seen = draw_slip(file).crop(self._rows).tobytes()
        except UnreadableJob:
            return None
        while seen not in self._known:
            candidate = next(self._untried, None)
            if candidate is None:
                return None
            self._known[self._drawn(candidate).crop(self._rows).tobytes()] = candidate
        return self._known[seen]

    def _where_numbers_differ(self, letter: str) -> tuple[int, int, int, int]:
        ones, eights = (self._drawn(Number(letter + count)).convert("L") for count in ("111", "888"))
        box = ImageChops.difference(ones, eights).getbbox()
        assert box, "two numbers make one picture"
        return box

    def _drawn(self, candidate: Number) -> Image.Image:
        return draw(Slip(self._site_name, candidate, "x", None, None, "https://x", "x"), self._profile)


class BoardReader:
    """Reads crops of the big screen, which the recorder kept by name."""

    def __init__(self, crops: Path, size_px: tuple[int, int], labels: Sequence[str]) -> None:
        self._crops = crops
        self._surface = pygame.Surface(size_px, depth=32)
        self._view = View(self._surface, "fr")
        layout = self._view.layout
        self._boxes = [layout.hero, *layout.rows]
        self._labels = labels
        self._known: dict[bytes, tuple[Number, str] | None] = {self._empty(box): None for box in self._boxes}
        self._untried = self._drawings()
        self._view.draw(self._board((), is_stale=True))
        self._old = {self._pixels(layout.order), self._empty(layout.order)}
        self._view.draw(self._board((), is_stale=False))
        self._known |= {self._pixels(box): None for box in self._boxes}

    @functools.cache  # noqa: B019 - lives as long as the check of one run
    def call(self, crop: str) -> tuple[Number, str] | None:
        """Number and label of the room where somebody is called, None where nobody is; `?` for what makes no sense."""
        seen = self._seen(crop)
        while seen not in self._known:
            if not next(self._untried, False):
                return Number(f"{crop}.png"), "?"
        return self._known[seen]

    @functools.cache  # noqa: B019
    def is_stale(self, crop: str) -> bool:
        """Whether the place of the order of passage says that the board may be old, or nothing at all yet."""
        return self._seen(crop) in self._old

    def _seen(self, crop: str) -> bytes:
        with Image.open(self._crops / f"{crop}.png") as picture:
            return picture.size[0].to_bytes(2, "big") + picture.convert("RGB").tobytes()

    def _drawings(self) -> Iterator[bool]:
        """Draw the next candidate wherever it could stand."""
        for candidate in candidates():
            for label in self._labels:
                for is_new, is_bright in _STYLES:
                    room = Phrase("room.name", {"label": label})
                    line = CallLine(candidate, room, is_new=is_new, is_bright=is_bright)
                    self._view.draw(self._board((line,) * len(self._boxes), is_stale=False))
                    for box in self._boxes:
                        self._known[self._pixels(box)] = candidate, label
                    yield True

    def _pixels(self, box: pygame.Rect) -> bytes:
        return box.width.to_bytes(2, "big") + pygame.image.tobytes(self._surface.subsurface(box), "RGB")

    def _empty(self, box: pygame.Rect) -> bytes:
        """A screen that has just been switched on."""
        return box.width.to_bytes(2, "big") + bytes(3 * box.width * box.height)

    @staticmethod
    def _board(calls: tuple[CallLine, ...], *, is_stale: bool) -> Board:
        return Board(
            site="x", time=None, calls=calls, following=(), more=0, waiting=Phrase("board.nobody-waits"),
            is_stale=is_stale,
        )  # fmt: skip


def candidates() -> Iterator[Number]:
    """Every number that could have been given in an evening, likelier ones first."""
    for count in range(1, 200):
        for letter in _LETTERS:
            yield number(Letter(letter), count)
