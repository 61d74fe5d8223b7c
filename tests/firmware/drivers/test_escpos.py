"""The encoder against the interpreter of the workbench and against python-escpos, which know nothing of it."""

import random
import struct

import pytest
from escpos.printer import Dummy
from PIL import Image, ImageChops

from borne.demo.paper import print_out
from firmware.drivers.printer.escpos import encode, recovery
from firmware.drivers.printer.profiles import profile, profile_names


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("1", (width, height), random.Random(7).randbytes(width // 8 * height))


def is_same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one.convert("L"), other.convert("L")).getbbox() is None


@pytest.mark.parametrize("name", profile_names())
def test_each_model_puts_the_picture_on_paper_dot_for_dot(name):
    model = profile(name)
    picture = noise(model.width_dots, 300)

    slips = print_out(encode(picture, model), width_dots=model.width_dots)

    assert len(slips) == 1
    assert is_same(slips[0].crop((0, 0, *picture.size)), picture)


def test_no_raster_is_longer_than_128_rows():
    model = profile("epson-tm-t20iii")
    job = encode(Image.new("1", (576, 300), 1), model)

    rows = [struct.unpack_from("<HH", job, at + 4)[1] for at in range(len(job)) if job.startswith(b"\x1dv0\x00", at)]

    assert rows == [128, 128, 44]


def test_a_presenter_is_told_to_hand_out_the_cut_slip():
    assert encode(Image.new("1", (576, 8), 1), profile("custom-vkp80")).endswith(b"\x1bi\x1de\x03\x0c")


def test_python_escpos_makes_the_same_paper_of_the_same_picture():
    picture = noise(576, 200)
    other = Dummy(profile="TM-T20II")
    other.image(picture, impl="bitImageRaster", fragment_height=128)
    other.cut()

    ours = print_out(encode(picture, profile("epson-tm-t20iii")))[0]
    theirs = print_out(other.output)[0]

    assert is_same(ours, theirs.crop((0, 0, 576, 200)))


@pytest.mark.parametrize("picture", [Image.new("1", (512, 8)), Image.new("L", (576, 8))], ids=["narrow", "grey"])
def test_a_picture_that_does_not_fit_the_paper_is_refused(picture):
    with pytest.raises(ValueError, match="prints 1-bit pictures 576 dots wide"):
        encode(picture, profile("epson-tm-t20iii"))


@pytest.mark.parametrize(
    ("name", "taken"),
    [(name, taken) for name in profile_names() for taken in (2, 500, 9_000, 20_000)] + [("generic-80", 9)],
)
def test_after_a_torn_job_the_next_slip_is_whole_and_alone(name, taken):
    model = profile(name)
    torn = encode(Image.new("1", (model.width_dots, 400), 0), model)[:taken]
    picture = noise(model.width_dots, 100)

    slips = print_out(torn + recovery(model) + encode(picture, model), width_dots=model.width_dots)

    if model.cut == "none":  # torn off by hand: both hang from one strip
        assert is_same(slips[-1].crop((0, slips[-1].height - 220, model.width_dots, slips[-1].height - 120)), picture)
    else:
        assert is_same(slips[-1].crop((0, 0, *picture.size)), picture)
