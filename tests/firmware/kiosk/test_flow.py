"""What happens on the screen, touch by touch; time is a number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.room.ids import Number, ServiceId
from firmware.kiosk.flow import (
    SETTLE_S,
    Answer,
    Back,
    Begin,
    Checked,
    Checking,
    Choose,
    ChooseLanguage,
    Desk,
    Done,
    Erase,
    Flow,
    HaveTicket,
    Key,
    NotPrinted,
    Present,
    Printing,
    Services,
    Start,
    Taken,
    Target,
    Typing,
    Wish,
    elapsed,
    scanned,
    touched,
)

CONSULTATION, WOUND = ServiceId("consultation"), ServiceId("wound")
ONE = Flow(services=(CONSULTATION,))
TWO = Flow(services=(CONSULTATION, WOUND))
OPEN = Desk(state="ready")
TAKEN = Taken(Number("A042"))


def after(flow: Flow, *targets: Target, desk: Desk = OPEN, start_s: float = 0.0) -> tuple[Flow, list[Wish | Present]]:
    """Touch one target a second."""
    wishes: list[Wish | Present] = []
    for second, target in enumerate(targets):
        flow, wish = touched(flow, target, desk, start_s + second)
        wishes += [wish] if wish else []
    return flow, wishes


def test_one_touch_is_a_ticket_where_there_is_one_service() -> None:
    flow, wishes = after(ONE, Begin())

    assert wishes == [Wish(1, CONSULTATION, "fr")]
    assert flow.page == Printing(wishes[0])


def test_two_touches_are_a_ticket_where_there_are_several() -> None:
    _, wishes = after(TWO, Begin(), Choose(WOUND))

    assert wishes == [Wish(1, WOUND, "fr")]


def test_the_language_can_be_chosen_on_every_page_and_follows_onto_the_ticket() -> None:
    _, wishes = after(TWO, ChooseLanguage("es"), Begin(), ChooseLanguage("ar"), Choose(WOUND))

    assert wishes == [Wish(1, WOUND, "ar")]


def test_a_touch_while_a_slip_is_printing_is_not_a_second_ticket() -> None:
    _, wishes = after(ONE, Begin(), Begin(), Begin(), ChooseLanguage("en"))

    assert len(wishes) == 1


def test_the_second_tap_of_a_double_tap_chooses_nothing() -> None:
    flow, _ = touched(TWO, Begin(), OPEN, 10.0)
    flow, wish = touched(flow, Choose(WOUND), OPEN, 10.0 + SETTLE_S / 2)

    assert wish is None
    assert flow.page == Services()


@pytest.mark.parametrize(
    "closed",
    [
        replace(OPEN, state="starting"),
        replace(OPEN, state="out-of-order"),
        replace(OPEN, intake="full"),
        replace(OPEN, intake="closed"),
    ],
)
def test_no_ticket_is_asked_for_while_none_can_be_given(closed: Desk) -> None:
    assert after(ONE, Begin(), desk=closed) == (replace(ONE, touched_s=0.0), [])
    flow, _ = after(TWO, Begin())
    assert after(flow, Choose(WOUND), desk=closed, start_s=5.0)[1] == []


def test_back_returns_to_the_start_in_the_same_language() -> None:
    flow, _ = after(TWO, ChooseLanguage("ar"), Begin(), Back())

    assert (flow.page, flow.language) == (Start(), "ar")


def test_the_answer_to_a_wish_shows_the_number() -> None:
    flow, wishes = after(ONE, Begin())

    flow = elapsed(flow, Desk(state="ready", answer=Answer(wishes[0].id, TAKEN)), 2.0)

    assert flow.page == TAKEN


def test_the_answer_to_an_earlier_wish_does_not_end_the_printing() -> None:
    flow, wishes = after(replace(ONE, wishes=6), Begin())

    flow = elapsed(flow, Desk(state="ready", answer=Answer(6, TAKEN)), 2.0)

    assert flow.page == Printing(wishes[0])


def test_a_wish_that_cannot_be_met_returns_to_the_start() -> None:
    flow, wishes = after(ONE, Begin())

    assert elapsed(flow, Desk(state="out-of-order", answer=Answer(wishes[0].id, None)), 2.0).page == Start()


def test_the_number_of_a_slip_is_typed_sign_by_sign_and_then_looked_up() -> None:
    flow, wishes = after(ONE, ChooseLanguage("es"), HaveTicket(), *map(Key, "A12"), Erase(), Key("0"))
    assert (flow.page, wishes) == (Typing("A10"), [])

    flow, wishes = after(flow, Key("7"), start_s=20.0)

    assert wishes == [Present(1, "A107", "es")]
    assert flow.page == Checking(wishes[0])
    flow = elapsed(flow, replace(OPEN, answer=Answer(1, Checked("kept", Number("A107")))), 22.0)
    assert flow.page == Checked("kept", Number("A107"))
    flow, _ = after(flow, Done(), start_s=23.0)
    assert (flow.page, flow.language) == (Start(), "fr")


@pytest.mark.parametrize("intake", ["full", "closed"])
@pytest.mark.parametrize("page", [Start(), Services()])
def test_a_slip_is_looked_up_although_no_more_tickets_are_given(intake: str, page: Start | Services) -> None:
    _, wishes = after(replace(TWO, page=page), HaveTicket(), *map(Key, "A107"), desk=replace(OPEN, intake=intake))

    assert wishes == [Present(1, "A107", "fr")]


def test_typing_can_be_left_without_a_number() -> None:
    flow, wishes = after(ONE, HaveTicket(), Key("A"), Back())

    assert (flow.page, wishes) == (Start(), [])


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("https://file.example/t/AbcdefghijklmnoP", "AbcdefghijklmnoP"),
        ("  A042 ", "A042"),
        ("A042extra", None),
        ("https://elsewhere.example/", None),
        ("", None),
    ],
)
def test_a_scanned_code_is_looked_up_if_it_is_one_of_a_slip(text: str, slip: str | None) -> None:
    flow, wish = scanned(ONE, text, 10.0)

    assert wish == (Present(1, slip, "fr") if slip else None)
    assert flow.page == (Checking(wish) if wish else Start())


def test_a_scan_while_a_slip_is_printing_changes_nothing() -> None:
    flow, _ = after(ONE, Begin())

    assert scanned(flow, "A042", 5.0)[1] is None


@pytest.mark.parametrize("page", [TAKEN, NotPrinted(Number("A042"), "https://file.example/t/x", is_sure=True)])
def test_done_leaves_the_number_and_french_returns(page: Taken | NotPrinted) -> None:
    flow, _ = after(replace(ONE, page=page, language="ar"), Done())

    assert (flow.page, flow.language) == (Start(), "fr")


@pytest.mark.parametrize(
    ("page", "stays_s"), [(Services(), 30), (TAKEN, 10), (NotPrinted(Number("A042"), "url", is_sure=True), 120)]
)
def test_a_page_left_alone_gives_way_to_the_next_patient(page: Services | Taken | NotPrinted, stays_s: float) -> None:
    flow = replace(ONE, page=page, language="es", appeared_s=0.0)

    assert elapsed(flow, OPEN, stays_s - 0.1) == flow
    flow = elapsed(flow, OPEN, stays_s)
    assert (flow.page, flow.language) == (Start(), "fr")


def test_a_touch_makes_a_page_stay() -> None:
    flow, _ = after(replace(TWO, page=Services(), appeared_s=0.0), ChooseLanguage("en"), start_s=29.0)

    assert elapsed(flow, OPEN, 31.0).page == Services()


def test_another_language_on_the_start_page_is_left_after_a_minute() -> None:
    flow, _ = after(ONE, ChooseLanguage("ar"))

    assert elapsed(flow, OPEN, 59.0).language == "ar"
    assert elapsed(flow, OPEN, 60.0).language == "fr"
