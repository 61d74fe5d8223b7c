"""A slip that is shown to the kiosk: looked up by the controller, and its wait told."""

from __future__ import annotations

import pytest

from core.room.announce import of_ticket
from core.room.ids import Number
from core.room.outlook import Told
from core.room.phrases import Phrase
from core.wire.messages import Answer as ControllersAnswer
from firmware.kiosk.dialogue.desk import Answer
from firmware.kiosk.dialogue.errands import Present
from firmware.kiosk.dialogue.pages import Checked
from tests.firmware.kiosk.hand import HandController
from tests.firmware.kiosk.office import HERE, TEN_MS, WAIT, OpenOffice, is_ready, next_wish
from tests.mosquitto import wait_until


@pytest.mark.parametrize(
    ("answer", "page"),
    [
        (ControllersAnswer(id="q", outcome="done", number="A007"), Checked("kept", Number("A007"))),
        (ControllersAnswer(id="q", outcome="rejected", code="already-called"), Checked("called")),
        (ControllersAnswer(id="q", outcome="rejected", code="ticket-over"), Checked("over")),
        (ControllersAnswer(id="q", outcome="rejected", code="unknown-slip"), Checked("unknown")),
        (ControllersAnswer(id="q", outcome="expired"), Checked("unsure")),
        (None, Checked("unsure")),
    ],
    ids=lambda value: getattr(value, "outcome", "silence"),
)
def test_a_slip_that_is_shown_is_looked_up_by_the_controller(
    controller: HandController, open_office: OpenOffice, answer: ControllersAnswer | None, page: Checked
) -> None:
    controller.presented = answer
    office = open_office()
    is_ready(office)
    wait_until(lambda: office.desk.waiting is not None, what="the controller is heard")
    wish = Present(next_wish(), "A007", "fr")

    office.give(wish)

    wait_until(lambda: office.desk.answer == Answer(wish.id, page), what=f"the answer {page}")


def test_who_shows_a_slip_is_told_how_long_it_still_takes(forecasting: HandController, open_office: OpenOffice) -> None:
    forecasting.presented = ControllersAnswer(id="q", outcome="done", number="A007")
    forecasting.waiting, forecasting.told = ["A006", "A007"], Told(at_ms=TEN_MS - 1_200_000, wait=WAIT)
    office = open_office()
    is_ready(office)
    wait_until(lambda: office.desk.waiting == 2, what="the controller is heard")
    wish = Present(next_wish(), "A007", "fr")

    office.give(wish)

    said = of_ticket(forecasting.told, HERE)
    assert said is not None
    assert said.short == Phrase("wait.between", {"low": 15}, 35)
    kept = Answer(wish.id, Checked("kept", Number("A007"), said))
    wait_until(lambda: office.desk.answer == kept, what="the answer")


def test_without_a_controller_a_slip_cannot_be_checked_and_the_patient_keeps_it(open_office: OpenOffice) -> None:
    office = open_office()
    wish = Present(next_wish(), "A007", "fr")

    office.give(wish)

    wait_until(lambda: office.desk.answer == Answer(wish.id, Checked("unsure")), what="the answer")
