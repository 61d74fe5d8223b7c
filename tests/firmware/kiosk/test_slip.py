"""The slip on every paper: read back from the paper, not from the data."""

from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFont

from borne.demo.paper import print_out
from firmware.drivers.panel.fonts import REGULAR
from firmware.drivers.printer.escpos import encode
from firmware.drivers.printer.profiles import Profile, profile, profile_names
from firmware.kiosk.code import qr_code
from firmware.kiosk.desk.slip import Slip, _balanced, draw

URL = "https://file.exemple.fr/t/AbCdEfGhIjKlMnOp"

FRENCH = Slip(
    site_name="Centre de soins immédiats d’Aubagne",
    number="A042",
    service="Consultation",
    time_text="dimanche 22 novembre 2026, 18:42",
    ahead="3 personnes avant vous",
    url=URL,
    advice="Scannez le code : votre tour vous suit, au café comme dans la voiture.",
)
WAITS = replace(
    FRENCH,
    wait="Attente prévue : entre 1\N{NO-BREAK SPACE}heure\N{NO-BREAK SPACE}55 et 2\N{NO-BREAK SPACE}heures",
    notes=("Vous pouvez attendre dehors. Revenez vers 20:10 : on peut vous appeler à partir de cette heure.",),
)
CLAIMS = replace(WAITS, claim="Carte de priorité déclarée")
ARABIC = Slip(
    site_name="مركز الرعاية الفورية أوباني",
    number="A042",
    service="استشارة طبية",
    time_text="الأحد 22 نوفمبر 2026، 18:42",
    ahead="قبلك 3 أشخاص",
    url=URL,
    advice="امسح الرمز لمتابعة دورك A042 من هاتفك.",
)


def on_paper(slip: Slip, model: Profile) -> Image.Image:
    slips = print_out(encode(draw(slip, model), model), width_dots=model.width_dots)
    assert len(slips) == 1
    return slips[0]


def read(paper: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(paper.convert("L"))]


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.invert(picture.convert("L")).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("name", profile_names())
@pytest.mark.parametrize("slip", [FRENCH, ARABIC, WAITS, CLAIMS], ids=["fr", "ar", "waits", "claims"])
def test_the_code_on_the_paper_leads_to_the_ticket(slip, name):
    assert read(on_paper(slip, profile(name))) == [URL]


@pytest.mark.parametrize("name", profile_names())
def test_an_address_of_46_letters_has_8_dots_a_module_and_a_quiet_zone_of_4(name):
    url = URL.replace("file.", "la-file.") + "Q" * (46 - len(URL) - 3)
    assert len(url) == 46

    code = qr_code(url, profile(name).width_dots)

    assert code.size == (41 * 8, 41 * 8)
    assert ink(code) == (32, 32, 41 * 8 - 32, 41 * 8 - 32)


def test_a_longer_address_gets_finer_dots_but_never_fewer_than_6():
    assert qr_code("https://x.fr/" + "a" * 60, 384).width == 49 * 7
    with pytest.raises(ValueError, match="use a shorter address"):
        qr_code("https://x.fr/" + "a" * 300, 384)


@pytest.mark.parametrize("name", profile_names())
@pytest.mark.parametrize("slip", [FRENCH, ARABIC, WAITS, CLAIMS], ids=["fr", "ar", "waits", "claims"])
def test_nothing_is_printed_over_the_rim(slip, name):
    model = profile(name)
    picture = draw(slip, model)
    left, top, right, bottom = ink(picture)
    margin = round(1.5 * model.dpi / 25.4)

    assert left >= margin
    assert right <= model.width_dots - margin
    assert top > 0
    assert bottom < picture.height


@pytest.mark.parametrize("name", profile_names())
def test_the_number_is_the_largest_thing_and_as_wide_as_the_paper_allows(name):
    model = profile(name)
    one, other = draw(replace(FRENCH, number="A111"), model), draw(replace(FRENCH, number="A888"), model)

    left, top, right, bottom = ink(ImageChops.invert(ImageChops.difference(one.convert("L"), other.convert("L"))))

    assert left < model.width_dots * 0.4  # the letter is the same, the three digits differ
    assert right > model.width_dots * 0.93
    assert (bottom - top) * 25.4 / model.dpi > 11  # millimetres


def test_without_a_trusted_clock_and_a_count_the_slip_leaves_them_out():
    model = profile("epson-tm-t20iii")

    whole, bare = draw(FRENCH, model), draw(replace(FRENCH, time_text=None, ahead=None), model)

    assert bare.height < whole.height - 80
    assert read(bare) == [URL]


def test_long_and_hostile_names_are_wrapped_and_never_cut_the_paper():
    model = profile("generic-58")
    hostile = replace(FRENCH, service="Kinésithérapeute-ostéopathe-pédicure\x1dV\x00\n\n(sur rendez-vous)")

    left, _, right, _ = ink(on_paper(hostile, model))

    assert left > 0
    assert right < model.width_dots


def test_the_same_slip_is_the_same_bytes():
    model = profile("epson-tm-t20iii")

    assert encode(draw(FRENCH, model), model) == encode(draw(FRENCH, model), model)


@pytest.mark.parametrize("name", profile_names())
@pytest.mark.parametrize(
    ("shorter", "longer"), [(FRENCH, WAITS), (WAITS, CLAIMS)], ids=["the wait", "the declared priority"]
)
def test_what_is_added_makes_a_slip_longer_and_neither_number_nor_code_smaller(name, shorter, longer):
    model = profile(name)
    before, after = draw(shorter, model), draw(longer, model)
    above = round(30 * model.dpi / 25.4)

    assert after.height > before.height + 3 * model.dpi / 25.4
    assert (
        after.crop((0, 0, model.width_dots, above)).tobytes() == before.crop((0, 0, model.width_dots, above)).tobytes()
    )
    assert code_width(after) == code_width(before)


def code_width(slip: Image.Image) -> int:
    (code,) = zxingcpp.read_barcodes(slip.convert("L"))
    return code.position.top_right.x - code.position.top_left.x


def test_the_lines_of_a_paragraph_are_even():
    lines = _balanced(
        "Vous pouvez attendre dehors. Revenez vers 18:50 : on peut vous appeler à partir de cette heure.",
        ImageFont.truetype(REGULAR, 34),
        352,
    )

    assert lines[-1] == "de cette heure.", "no word stays alone where the lines above can spare one"
    assert max(map(len, lines)) < 2 * min(map(len, lines))
