"""What happens on the screen, touch by touch; time is a number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.room.ids import Number, ServiceId
from firmware.kiosk.dialogue.desk import Answer, Desk
from firmware.kiosk.dialogue.errands import CallTeam, Errand, Present, PrintTest, SoundTest, Wish
from firmware.kiosk.dialogue.flow import SETTLE_S, Flow, shown
from firmware.kiosk.dialogue.look import Look
from firmware.kiosk.dialogue.pages import (
    Birth,
    Calling,
    Checked,
    Checking,
    Cleaning,
    Corner,
    Grid,
    Idle,
    NotPrinted,
    Page,
    Printing,
    Services,
    Signs,
    Start,
    StillThere,
    Taken,
    Typing,
)
from firmware.kiosk.dialogue.patience import IDLE_S, elapsed
from firmware.kiosk.dialogue.targets import (
    Back,
    Begin,
    CallHelp,
    Cell,
    Choose,
    ChooseLanguage,
    Claim,
    Claims,
    Clean,
    Confirm,
    Declare,
    Done,
    Erase,
    FeelBad,
    HaveTicket,
    Key,
    NoSlip,
    OpenCorner,
    OtherLanguages,
    Read,
    Skip,
    Stay,
    Target,
    Toggle,
    TryPrinter,
    TrySpeaker,
    TryTouch,
    Wake,
)
from firmware.kiosk.dialogue.touch import scanned, touched

CONSULTATION, WOUND, RESULT = ServiceId("consultation"), ServiceId("wound"), ServiceId("result")
ONE = Flow(services=(CONSULTATION,))
TWO = Flow(services=(CONSULTATION, WOUND))
OPEN = Desk(state="ready")
TAKEN = Taken(Number("A042"))


def after(flow: Flow, *targets: Target, desk: Desk = OPEN, start_s: float = 0.0) -> tuple[Flow, list[Errand]]:
    """Touch one target a second."""
    wishes: list[Errand] = []
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


def test_a_page_that_a_busy_machine_draws_late_is_deaf_from_when_it_can_be_seen() -> None:
    turned, _ = touched(TWO, Begin(), OPEN, 10.0)
    flow = shown(turned, 11.0)

    assert touched(turned, Choose(WOUND), OPEN, 11.0 + SETTLE_S / 2)[1] is not None, "deaf no longer than from the turn"
    assert touched(flow, Choose(WOUND), OPEN, 11.0 + SETTLE_S / 2) == (flow, None)
    assert touched(flow, Choose(WOUND), OPEN, 11.0 + SETTLE_S)[1] is not None


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


@pytest.mark.parametrize(("page", "stays_s"), [(TAKEN, 10), (Checked("unknown"), 20)])
def test_a_page_that_has_told_all_gives_way_to_the_next_patient(page: Page, stays_s: float) -> None:
    flow = replace(ONE, page=page, language="es", appeared_s=0.0)

    assert elapsed(flow, OPEN, stays_s - 0.1) == flow
    flow = elapsed(flow, OPEN, stays_s)
    assert (flow.page, flow.language) == (Start(), "fr")


@pytest.mark.parametrize(
    ("page", "stays_s"),
    [(Services(), 30), (Typing("A1"), 30), (NotPrinted(Number("A042"), "url", is_sure=True), 120), (Signs(), 60)],
)
def test_before_what_was_begun_is_forgotten_the_kiosk_asks_whether_somebody_is_there(
    page: Page, stays_s: float
) -> None:
    flow = replace(TWO, page=page, language="es", appeared_s=0.0)

    asked = elapsed(flow, OPEN, stays_s)

    assert (asked.page, asked.language) == (StillThere(page), "es")
    assert elapsed(asked, OPEN, stays_s + 19.9) == asked
    gone = elapsed(asked, OPEN, stays_s + 20)
    assert (gone.page, gone.language) == (Start(), "fr")


def test_whoever_is_still_there_goes_on_where_they_were_and_has_as_long_again() -> None:
    flow = elapsed(replace(TWO, page=Typing("A1"), appeared_s=0.0), OPEN, 30.0)

    flow, _ = touched(flow, Stay(), OPEN, 45.0)

    assert flow.page == Typing("A1")
    assert elapsed(flow, OPEN, 74.0).page == Typing("A1")


def test_the_next_patient_finds_nothing_of_what_the_last_one_chose() -> None:
    flow, _ = after(TWO, Read(), Toggle("contrast"), Toggle("larger"), Back(), Begin(), Claims(), Declare("card"))
    assert (flow.look, flow.claim) == (Look(contrast=True, larger=True), "card")

    flow = elapsed(elapsed(flow, OPEN, 60.0), OPEN, 90.0)

    assert (flow.page, flow.look, flow.claim) == (Start(), Look(), None)


@pytest.mark.parametrize("page", [Start(), Services(), Typing("A1"), Checked("unsure"), TAKEN])
def test_the_reading_options_are_one_touch_away_and_lead_back(page: Page) -> None:
    flow, _ = after(replace(TWO, page=page), Read(), Toggle("low"))
    assert flow.look == Look(low=True)

    assert after(flow, Back(), start_s=5.0)[0].page == page


def test_a_language_chosen_on_its_own_page_leads_back_to_where_one_was() -> None:
    flow, _ = after(replace(TWO, page=Typing("A1")), OtherLanguages(), ChooseLanguage("ar"))

    assert (flow.page, flow.language) == (Typing("A1"), "ar")


@pytest.mark.parametrize("claim", ["card", "courtesy"])
def test_a_priority_is_declared_before_the_ticket_and_goes_with_it(claim: Claim) -> None:
    _, wishes = after(TWO, Begin(), Claims(), Declare(claim), Choose(WOUND))

    assert wishes == [Wish(1, WOUND, "fr", claim)]


def test_a_priority_is_taken_back_where_it_was_declared() -> None:
    _, wishes = after(ONE, Claims(), Declare("card"), Claims(), Declare(None), Begin())

    assert wishes == [Wish(1, CONSULTATION, "fr")]


def test_a_name_and_a_year_are_typed_in_two_steps_where_a_centre_asks() -> None:
    flow = replace(ONE, asks_name=True)

    _, wishes = after(flow, Begin(), *map(Key, "LEAX"), Erase(), Confirm(), *map(Key, "1947"))

    assert wishes == [Wish(1, CONSULTATION, "fr", None, "LEA", 1947)]


def test_name_and_year_can_be_skipped() -> None:
    flow = replace(ONE, asks_name=True)

    assert after(flow, Begin(), Skip())[1] == [Wish(1, CONSULTATION, "fr")]
    assert after(flow, Begin(), Key("L"), Confirm(), Skip())[1] == [Wish(1, CONSULTATION, "fr", None, "L")]


def test_no_year_is_typed_that_nobody_was_born_in() -> None:
    flow, _ = after(replace(ONE, page=Birth(CONSULTATION, "LEA")), Key("3"), Key("1"), Key("8"), Key("9"))

    assert flow.page == Birth(CONSULTATION, "LEA", "19")


def test_who_is_back_with_a_result_shows_the_slip_of_the_first_visit() -> None:
    flow = replace(TWO, services=(CONSULTATION, RESULT), results=(RESULT,))

    _, typed = after(flow, Begin(), Choose(RESULT), *map(Key, "A042"))
    flow, _ = after(flow, Begin(), Choose(RESULT))
    _, held = scanned(flow, "https://file.example/t/AbcdefghijklmnoP", 9.0)

    assert typed == [Present(1, "A042", "fr", with_result=True)]
    assert held == Present(1, "AbcdefghijklmnoP", "fr", with_result=True)


def test_who_is_back_with_a_result_and_no_slip_takes_an_ordinary_ticket() -> None:
    flow = replace(TWO, services=(RESULT, CONSULTATION), results=(RESULT,))

    assert after(flow, Begin(), Choose(RESULT), NoSlip())[1] == [Wish(1, CONSULTATION, "fr")]


def test_the_team_is_called_in_two_touches_and_what_becomes_of_it_is_followed() -> None:
    flow, wishes = after(TWO, FeelBad(), CallHelp())
    assert (flow.page, wishes) == (Calling(CallTeam(1)), [CallTeam(1)])

    for team in ("asked", "heard", "coming"):
        flow = elapsed(flow, replace(OPEN, team=team), 2.0)
        assert flow.page == Calling(CallTeam(1), team)
    assert elapsed(flow, OPEN, 3.0).page == Calling(CallTeam(1), "coming")


@pytest.mark.parametrize("desk", [replace(OPEN, intake="full"), replace(OPEN, state="out-of-order")])
def test_the_team_can_be_called_although_no_ticket_is_given(desk: Desk) -> None:
    assert after(TWO, FeelBad(), CallHelp(), desk=desk)[1] == [CallTeam(1)]


def test_a_kiosk_that_nobody_uses_grows_calm_and_wakes_at_a_touch() -> None:
    flow = replace(ONE, appeared_s=0.0)
    assert elapsed(flow, OPEN, IDLE_S - 1) == flow

    flow = elapsed(flow, OPEN, IDLE_S)

    assert flow.page == Idle()
    assert after(flow, Wake(), start_s=IDLE_S + 5)[0].page == Start()


def test_the_corner_opens_to_its_code_alone() -> None:
    flow = replace(ONE, corner_code="2468")

    assert after(flow, OpenCorner(), *map(Key, "2468"))[0].page == Corner()
    assert after(flow, OpenCorner(), *map(Key, "2469"))[0].page == Start()
    assert after(ONE, OpenCorner(), *map(Key, "2468"))[0].page == Start()


def test_the_corner_tests_the_printer_the_speaker_and_the_glass() -> None:
    flow, wishes = after(replace(ONE, page=Corner()), TryPrinter(), TrySpeaker(), TryTouch(), Cell(2, 1), Cell(0, 0))
    assert wishes == [PrintTest(1), SoundTest(2)]
    assert flow.page == Grid(frozenset({(2, 1), (0, 0)}))

    assert elapsed(flow, OPEN, 20.0).page == Corner()


def test_while_the_glass_is_wiped_no_touch_counts() -> None:
    flow, _ = after(replace(ONE, page=Corner()), Clean(), Back(), Done(), Begin())
    assert flow.page == Cleaning(30)

    assert elapsed(flow, OPEN, 12.2).page == Cleaning(18)
    assert scanned(flow, "A042", 12.2)[1] is None
    assert elapsed(flow, OPEN, 30.0).page == Corner()


def test_a_touch_makes_a_page_stay() -> None:
    flow, _ = after(replace(TWO, page=Services(), appeared_s=0.0), ChooseLanguage("en"), start_s=29.0)

    assert elapsed(flow, OPEN, 31.0).page == Services()


def test_another_language_on_the_start_page_is_left_after_a_minute() -> None:
    flow, _ = after(ONE, ChooseLanguage("ar"))

    assert elapsed(flow, OPEN, 59.0).language == "ar"
    assert elapsed(flow, OPEN, 60.0).page == StillThere(Start())
    assert elapsed(elapsed(flow, OPEN, 60.0), OPEN, 80.0).language == "fr"


@pytest.mark.parametrize("page", [Start(), Services(), Typing(), Signs(), TAKEN])
def test_the_voice_is_turned_on_and_off_on_the_page_itself(page: Page) -> None:
    on, _ = after(replace(TWO, page=page), Toggle("voice"))
    off, _ = after(on, Toggle("voice"), start_s=2.0)

    assert (on.page, on.look.voice) == (page, True)
    assert (off.page, off.look.voice) == (page, False)


def test_other_ways_to_read_are_chosen_on_their_own_page_only() -> None:
    assert after(TWO, Toggle("contrast"))[0].look == Look()
