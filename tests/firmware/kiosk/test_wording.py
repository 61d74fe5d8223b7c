"""What a slip says in each language, on the papers of every width: whole, within its rim, and read back."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from PIL import ImageChops

from borne.demo.paper import print_out
from core.edge.site import Language
from core.edge.words import LANGUAGES, say
from core.room.announce import Circumstances, Said, of_ticket
from core.room.events import Priority
from core.room.ids import Number, ServiceId, TicketId, Token
from core.room.ordering import KioskTime
from core.room.outlook import Told, Wait
from core.room.phrases import Phrase
from core.wire.messages import IssuedReport
from firmware.drivers.printer.escpos import encode
from firmware.drivers.printer.profiles import profile
from firmware.kiosk.desk.slip import Slip, draw
from firmware.kiosk.desk.wording import Wording
from tests.conftest import make_site

SIX_MS = 1_795_366_812_345
WORDING = Wording(make_site("aubagne"))


def long_wait() -> Said | None:
    wait = Wait(p10_s=3_000, p25_s=3_300, p50_s=4_000, p75_s=5_000, p90_s=6_900, in_time=70)
    around = Circumstances(now_ms=SIX_MS, zone=ZoneInfo("Europe/Paris"), is_on_duty=True)
    return of_ticket(Told(at_ms=SIX_MS, wait=wait), around)


def slip(language: Language, claim: Priority | None = None) -> Slip:
    report = IssuedReport(
        ticket=TicketId("ticket-a042"),
        number=Number("A042"),
        token=Token("AbCdEfGhIjKlMnOp"),
        service=ServiceId("consultation"),
        language=language,
        at=KioskTime(boot=1, mono_ms=0, wall_ms=SIX_MS, is_synchronised=True),
        claim=claim,
    )
    return WORDING.slip(report, language, 23, long_wait())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["epson-tm-t20iii", "epson-tm-t88vi", "generic-58"])
def test_the_longest_slip_of_each_language_is_whole_on_every_paper(language: Language, name: str) -> None:
    model = profile(name)
    said = slip(language, Priority.CARD)

    (paper,) = print_out(encode(draw(said, model), model), width_dots=model.width_dots)

    box = ImageChops.invert(paper.convert("L")).getbbox()
    assert box
    left, _, right, bottom = box
    margin = 1.5 * model.dpi / 25.4
    assert margin <= left < right <= model.width_dots - margin
    assert bottom < paper.height
    assert [code.text for code in zxingcpp.read_barcodes(paper.convert("L"))] == [said.url]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("claim", [Priority.CARD, Priority.COURTESY])
def test_a_declared_priority_is_one_line_more_and_nothing_else(language: Language, claim: Priority) -> None:
    said = slip(language, claim)

    assert said.claim == say(Phrase(f"slip.claim-{claim}"), language)
    assert replace(said, claim=None) == slip(language)


def test_a_technicians_slip_says_that_it_is_none_and_names_the_printer() -> None:
    specimen = WORDING.specimen("generic-58")

    assert (specimen.number, specimen.advice) == ("TEST", "generic-58")
    assert specimen.service == say(Phrase("slip.test"), "fr")
    assert "/t/" not in specimen.url
