"""The one touch that prints a slip again: who can ask for it, and when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.room.ids import Number, ServiceId
from firmware.kiosk.dialogue.desk import Answer, Desk
from firmware.kiosk.dialogue.errands import PrintAgain
from firmware.kiosk.dialogue.flow import Flow
from firmware.kiosk.dialogue.pages import NotPrinted, Page, Printing, Start, Taken
from firmware.kiosk.dialogue.patience import elapsed
from firmware.kiosk.dialogue.targets import PrintNow
from firmware.kiosk.dialogue.touch import touched
from firmware.kiosk.sheets.sheet import sheet_of
from tests.firmware.kiosk.pages import SITE

MISSING = NotPrinted(Number("A042"), "https://file.example/t/AAAAAAAAAAAAAAAA", is_sure=True)
WELL = Desk(state="ready", can_print_again=True)
STILL_OUT = Desk(state="ready")


def at(page: Page) -> Flow:
    return Flow(services=(ServiceId("consultation"),), page=page, wishes=7)


def test_one_touch_asks_for_the_slip_of_that_number_and_waits_for_it() -> None:
    flow, errand = touched(at(MISSING), PrintNow(), WELL, 100.0)

    assert errand == PrintAgain(8, Number("A042"))
    assert flow.page == Printing(errand)
    printed = replace(WELL, answer=Answer(8, Taken(Number("A042"))), can_print_again=False)
    assert elapsed(flow, printed, 103.0).page == Taken(Number("A042"))


def test_a_slip_that_fails_again_leaves_the_number_on_the_screen() -> None:
    flow, _ = touched(at(MISSING), PrintNow(), WELL, 100.0)

    assert elapsed(flow, replace(STILL_OUT, answer=Answer(8, MISSING)), 103.0).page == MISSING


@pytest.mark.parametrize(
    ("page", "desk"),
    [(MISSING, STILL_OUT), (Start(), WELL), (Taken(Number("A042")), WELL)],
    ids=["the printer is not well", "the page has gone", "the slip is out"],
)
def test_without_the_page_and_a_printer_that_is_well_nobody_can_ask(page: Page, desk: Desk) -> None:
    assert touched(at(page), PrintNow(), desk, 100.0)[1] is None
    assert PrintNow() not in {button.target for button in sheet_of(at(page), desk, SITE).controls}


def test_the_page_offers_it_as_soon_as_the_printer_is_well() -> None:
    assert PrintNow() in {button.target for button in sheet_of(at(MISSING), WELL, SITE).controls}
