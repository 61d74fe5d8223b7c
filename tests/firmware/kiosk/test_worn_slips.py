"""Slips as they are after a day in a pocket: the code on them is read back from the paper of each kind of printer.

A model, not phones. Found with it at 8 dots a module and read by zxing-cpp: a tenth of the contrast under speckles,
blur of 4 dots, a feed that loses 6 rows anywhere, and 10 dead columns with 10 missing rows on paper that has kept a
third of its contrast, out of focus by 2 dots. At 6 dots a module blur ends at 3 dots and lost rows at 3: 8 come first.
"""

import random
from collections.abc import Callable

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from borne.demo.paper import print_out
from firmware.drivers.printer.escpos import encode
from firmware.drivers.printer.profiles import profile
from firmware.kiosk.desk.slip import Slip, draw

Wear = Callable[[Image.Image, float, int], Image.Image]

SLIP = Slip(
    site_name="Centre de soins immédiats d’Aubagne",
    number="A042",
    service="Consultation",
    time_text="22/11/2026  18:42",
    ahead="3 personnes avant vous",
    url="https://file.exemple.fr/t/AbCdEfGhIjKlMnOp",
    advice="Scannez ce code pour suivre votre tour, ou regardez l’écran. Gardez ce ticket.",
)
WHITE = 235
"""Of thermal paper, which is none too white."""


def faded(paper: Image.Image, loss: float, seed: int) -> Image.Image:
    """So much of the contrast is gone, and the paper is speckled."""
    speckles = Image.frombytes("L", paper.size, random.Random(seed).randbytes(paper.width * paper.height))
    grey = paper.point(lambda level: WHITE if level else WHITE - round((WHITE - 20) * (1 - loss)))
    return ImageChops.add(grey, speckles.point(lambda level: level // 8), 1, -16)


def blurred(paper: Image.Image, dots: float, _seed: int) -> Image.Image:
    return paper.filter(ImageFilter.GaussianBlur(dots))


def slipped(paper: Image.Image, rows: float, seed: int) -> Image.Image:
    """The paper was not fed while so many rows were burnt, in the middle of the code."""
    lost = round(rows)
    (code,) = zxingcpp.read_barcodes(paper)
    at = random.Random(seed).randrange(code.position.top_left.y + 8, code.position.bottom_left.y - 8 - lost)
    moved = Image.new("L", paper.size, WHITE)
    moved.paste(paper.crop((0, 0, paper.width, at)), (0, 0))
    moved.paste(paper.crop((0, at + lost, *paper.size)), (0, at))
    return moved


def worn(paper: Image.Image, lines: float, seed: int) -> Image.Image:
    """Dead columns of the head, rows it has missed, a pocket, and a camera that is none too steady."""
    torn, some = paper.copy(), random.Random(seed)
    pen = ImageDraw.Draw(torn)
    (code,) = zxingcpp.read_barcodes(paper)
    corner, opposite = code.position.top_left, code.position.bottom_right
    for x in some.sample(range(corner.x, opposite.x), round(lines)):
        pen.line([(x, 0), (x, paper.height)], 255)
    for y in some.sample(range(corner.y, opposite.y), round(lines)):
        pen.line([(0, y), (paper.width, y)], 255)
    return blurred(torn.point(lambda level: WHITE if level else WHITE - 75), 2, seed)


LIMITS: list[tuple[Wear, float, float]] = [(faded, 0.9, 0.97), (blurred, 4, 6), (slipped, 6, 12), (worn, 10, 60)]
"""What is read every time, and what is not."""
each_limit = pytest.mark.parametrize(("wear", "limit", "end"), LIMITS, ids=[wear.__name__ for wear, *_ in LIMITS])


def reads(name: str, wear: Wear, amount: float) -> int:
    """How many of five such slips are read."""
    model = profile(name)
    (paper,) = print_out(encode(draw(SLIP, model), model), width_dots=model.width_dots)
    shots = [zxingcpp.read_barcodes(wear(paper.convert("L"), amount, seed)) for seed in range(5)]
    return sum([code.text for code in shot] == [SLIP.url] for shot in shots)


@each_limit
@pytest.mark.parametrize("name", ["epson-tm-t20iii", "epson-tm-t88v", "generic-58"])
def test_a_worn_slip_is_read(name: str, wear: Wear, limit: float, end: float) -> None:
    assert reads(name, wear, limit) == 5


@each_limit
def test_there_is_an_end_to_what_a_slip_can_bear(wear: Wear, limit: float, end: float) -> None:
    assert reads("epson-tm-t20iii", wear, end) < 5
