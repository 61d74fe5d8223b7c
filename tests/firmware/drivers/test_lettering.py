"""Letters in the order in which they are drawn."""

import subprocess
import sys

import pytest
from PIL import ImageFont

from firmware.drivers.panel.fonts import BOLD, REGULAR
from firmware.drivers.panel.lettering import is_right_to_left, visual


@pytest.mark.parametrize(
    "line", ["رقمك A042 من فضلك", "A042 رقمك", "الغرفة 2: A042", "A042"], ids=["middle", "first", "last", "alone"]
)
def test_a_number_stays_intact_in_an_arabic_line(line):
    assert "A042" in visual(line)


def test_an_arabic_line_starts_at_the_right():
    assert is_right_to_left("A042 رقمك")
    assert visual("A042 رقمك").endswith("A042")


def test_arabic_letters_are_joined():
    assert all("\ufe70" <= letter <= "\ufeff" for letter in visual("رقمك"))


def test_other_scripts_are_left_alone_and_cost_no_import():
    program = (
        "import sys; from firmware.drivers.panel.lettering import visual;"
        "assert visual('C’est à vous : A042') == 'C’est à vous : A042';"
        "assert not {'bidi', 'arabic_reshaper', 'pygame', 'PIL'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)


@pytest.mark.parametrize("face", [REGULAR, BOLD], ids=["regular", "bold"])
def test_our_type_family_has_every_sign_that_we_draw(face):
    font = ImageFont.truetype(face, 20, layout_engine=ImageFont.Layout.BASIC)
    box = bytes(font.getmask("\U0010ffff"))
    signs = "ÀÂÇÉÈÊËÎÏÔÙÛÜŸŒÆàâçéèêëîïôùûüÿœæñÑ¿¡áíóú€«»’…–—·→•" + visual("أبجد هوز حطي كلمن سعفص قرشت ثخذ ضظغ ةىئؤءلا")

    assert [sign for sign in signs if sign != " " and bytes(font.getmask(sign)) == box] == []


def test_brackets_open_towards_what_they_hold() -> None:
    assert "(A042)" in visual("رقمك (A042)")


def test_a_mark_parts_a_number_from_the_latin_name_before_it_and_is_not_drawn() -> None:
    assert visual("Auriol\N{RIGHT-TO-LEFT MARK}، 4 كم").endswith("4 ،Auriol")
