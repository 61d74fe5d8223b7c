"""What a sheet looks like on a panel, and what lies under a finger; its measures are in `test_measured`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pygame
import pytest
import zxingcpp
from PIL import Image

from core.edge.language import Language
from core.edge.words import LANGUAGES, say
from core.room.phrases import Phrase
from firmware.drivers.panel import Panel, make_panel
from firmware.drivers.panel.lettering import visual
from firmware.drivers.panel.settings import DummyPanelSettings
from firmware.kiosk.dialogue.desk import OnDuty
from firmware.kiosk.dialogue.look import Look
from firmware.kiosk.dialogue.pages import Grid
from firmware.kiosk.dialogue.targets import (
    Back,
    Begin,
    ChooseLanguage,
    FeelBad,
    HaveTicket,
    Key,
    OpenCorner,
    OtherLanguages,
    Read,
    Toggle,
)
from firmware.kiosk.drawing.view import View
from firmware.kiosk.sheets.sheet import sheet_of
from tests.firmware.kiosk.pages import PAGES, PANELS, URL, sheet


@pytest.fixture(params=PANELS)
def panel(request: pytest.FixtureRequest) -> Iterator[Panel]:
    width, height, width_mm = PANELS[request.param]
    panel = make_panel(DummyPanelSettings(driver="dummy", width=width, height=height, width_mm=width_mm))
    yield panel
    panel.close()


def picture(panel: Panel) -> Image.Image:
    return Image.frombytes("RGB", panel.size_px, pygame.image.tobytes(panel.surface, "RGB"))


@pytest.mark.parametrize("page", ["not-printed", "perhaps-printed"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_without_a_slip_has_a_code_that_a_phone_reads(panel: Panel, page: str, language: Language) -> None:
    View(panel).show(sheet(page, language))

    read = [code.text for code in zxingcpp.read_barcodes(picture(panel))]

    assert read == [URL]


def test_the_same_sheet_is_not_drawn_again(panel: Panel) -> None:
    view = View(panel)
    view.show(sheet("start"))
    panel.surface.fill((1, 2, 3))

    view.show(sheet("start"))
    assert panel.surface.get_at((5, 5))[:3] == (1, 2, 3)
    view.show(sheet("services"))
    assert panel.surface.get_at((5, 5))[:3] != (1, 2, 3)


def test_what_lies_under_a_finger_is_what_is_drawn_there(panel: Panel) -> None:
    view = View(panel)
    view.show(sheet("start"))

    languages = {ChooseLanguage("en"), ChooseLanguage("es"), ChooseLanguage("ar")}
    there = {zone.target for zone in view.zones}
    assert there >= {Begin(), HaveTicket(), FeelBad(), Read()}
    assert there >= languages or OtherLanguages() in there
    for zone in view.zones:
        assert view.target_at(*zone.rect.center) == zone.target
    assert view.target_at(0, 0) is None


def test_the_voice_is_one_touch_away_wherever_there_is_a_loudspeaker(panel: Panel) -> None:
    view = View(panel)
    for page in ("start", "services", "name", "signs", "team-heard", "not-printed", "reading", "still-there", "closed"):
        view.show(sheet(page))
        assert Toggle("voice") in {zone.target for zone in view.zones}, page

    flow, desk, site = PAGES["start"]
    view.show(sheet_of(replace(flow, has_voice=False), desk, site))
    assert Toggle("voice") not in {zone.target for zone in view.zones}


def test_a_voice_that_speaks_is_told_from_one_that_is_silent_without_colours(panel: Panel) -> None:
    view = View(panel)
    shades = []
    for look in (Look(), Look(voice=True)):
        view.show(sheet("signs", look=look))
        zone = next(one for one in view.zones if one.target == Toggle("voice"))
        part = pygame.transform.grayscale(panel.surface.subsurface(zone.rect))
        shades.append(pygame.transform.average_color(part)[0])

    assert abs(shades[0] - shades[1]) > 80


@pytest.mark.parametrize("page", ["full", "full-for-services", "closed"])
def test_where_no_ticket_is_given_a_slip_can_still_be_shown(panel: Panel, page: str) -> None:
    view = View(panel)

    view.show(sheet(page))

    there = {zone.target for zone in view.zones}
    assert HaveTicket() in there
    assert Begin() not in there
    assert (FeelBad() in there) is (page != "closed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_turned_away_is_told_what_to_do(language: Language) -> None:
    full, closed = sheet("full", language), sheet("closed", language)

    assert full.body.startswith(say(Phrase("kiosk.full-advice"), language))
    assert all("23/11" in one.body and "09:00" in one.body for one in (full, closed))
    for one in (full, closed, sheet("closed-for-long", language)):
        assert [number in one.note for number in ("15", "112", "116\u00a0117")] == [True, True, True]


def test_who_is_turned_away_hears_of_the_nearest_open_centres_and_how_old_the_news_is() -> None:
    points = [point.replace("\N{NO-BREAK SPACE}", " ") for point in sheet("closed", "en").points]

    assert points == [
        "Centre médical d’Auriol, 4 km, until 22:00, less than 30 minutes (as of 3 minutes ago)",
        "Maison médicale de Trets, 16 km (as of 12 minutes ago)",
    ]


def test_a_distance_follows_a_latin_name_in_arabic_and_is_whole_kilometres() -> None:
    near, far = (visual(point) for point in sheet("closed", "ar").points)

    assert near.index("Auriol") > near.index("4") > near.index("22:00") > near.index("3 ")
    assert far.index("Trets") > far.index("16") > far.index("12")
    assert "4," not in near


@pytest.mark.parametrize("page", ["start", "wait", "wait-past-closing", "perhaps-past-closing"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_doctors_on_duty_stand_on_every_start_page_if_only_by_how_many_they_are(
    panel: Panel, page: str, language: Language
) -> None:
    start = sheet(page, language)
    view = View(panel)
    view.show(start)

    written = " ".join(line for paragraph, _ in view.written for line in paragraph.lines).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert start.gist.replace("\N{NO-BREAK SPACE}", " ") in written or all(one in written for one in start.points)


def test_of_two_doctors_the_later_hour_is_told_and_after_midnight_is_later() -> None:
    flow, desk, site = PAGES["start"]

    def gist(*until: str | None) -> str:
        return sheet_of(flow, replace(desk, doctors=tuple(OnDuty(None, "1", one) for one in until)), site).gist

    assert gist("19:30", "22:00") == "2 médecins, jusqu’à 22:00"
    assert gist("23:30", "00:30", "22:00").endswith("00:30")
    assert gist("19:30", None) == "2 médecins sur place"
    assert gist() == ""


def test_the_doctors_on_duty_are_named_with_how_long_they_stay() -> None:
    assert sheet("start").points == ("Dr Vallon-Roumanille, jusqu’à 19:30", "Docteur, salle 2, jusqu’à 20:00")


def test_each_service_has_its_pictogram_and_its_phrase_where_there_is_room() -> None:
    assert [(one.mark, one.phrase) for one in sheet("services").choices] == [
        ("doctor", "Fièvre, toux, douleur"),
        ("child", "Moins de 15 ans"),
        ("wound", "Coupure, brûlure, chute"),
        ("result", "Radio, analyse"),
    ]


@pytest.mark.parametrize("page", ["start", "services", "start-one-service", "wait-past-closing", "idle"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_holds_a_card_sees_the_notice_before_the_ticket_on_every_panel(
    panel: Panel, page: str, language: Language
) -> None:
    view = View(panel)
    view.show(sheet(page, language))

    written = " ".join(line for paragraph, _ in view.written for line in paragraph.lines)
    notices = ("kiosk.card-notice",) if page == "idle" else ("kiosk.card-short", "kiosk.goes-first")
    assert any(say(Phrase(one), language) in written for one in notices)


def test_that_the_team_is_warned_is_said_only_when_a_room_has_said_so() -> None:
    titles = {page: sheet(page).title for page in ("team-asked", "team-heard", "team-unheard", "team-coming")}

    assert [page for page, title in titles.items() if title == "L’équipe est prévenue"] == ["team-heard"]
    assert sheet("team-unheard").number.replace("\u00a0", " ") == "15 · 112 · 114"


def test_a_centres_own_signs_stand_with_the_name_of_who_has_read_them() -> None:
    own = sheet("own-signs", "es")

    assert own.points == ("Douleur qui serre la poitrine", "Mal à respirer")
    assert "Dr Vallon, 12/11/2026" in own.eyebrow
    assert len(sheet("signs", "es").points) == 5


def test_the_corner_opens_to_a_hold_at_the_top_and_not_to_a_touch(panel: Panel) -> None:
    view = View(panel)
    view.show(sheet("start"))

    assert view.held_at(panel.size_px[0] // 2, 5) == OpenCorner()
    assert view.target_at(panel.size_px[0] // 2, 5) is None
    assert view.held_at(panel.size_px[0] // 2, panel.size_px[1] - 5) is None


def test_the_fields_of_the_touch_grid_cover_the_screen(panel: Panel) -> None:
    flow, desk, site = PAGES["corner"]
    view = View(panel)
    view.show(sheet_of(replace(flow, page=Grid(frozenset({(0, 0)}))), desk, site))

    untouched, px_per_mm = 0, panel.size_px[0] / panel.width_mm
    for x, y in ((x, y) for x in range(0, panel.size_px[0], 7) for y in range(0, panel.size_px[1], 7)):
        untouched += view.target_at(x, y) is None
    assert untouched < 0.35 * (panel.size_px[0] // 7) * (panel.size_px[1] // 7)
    assert min(min(zone.rect.size) for zone in view.zones) >= 20 * px_per_mm


@pytest.mark.parametrize(
    ("page", "other"),
    [
        ("wait", "wait-in-minutes"),
        ("wait-past-closing", "perhaps-past-closing"),
        ("nobody-on-duty", "nobody-until-tomorrow"),
        ("slip-kept", "slip-kept-for-long"),
    ],
)
def test_what_is_said_of_a_wait_has_room_on_every_panel(panel: Panel, page: str, other: str) -> None:
    view = View(panel)
    for language in LANGUAGES:
        view.show(sheet(page, language))
        drawn = picture(panel)
        view.show(sheet(other, language))

        assert picture(panel).tobytes() != drawn.tobytes(), language


def test_the_start_page_says_how_many_wait_and_how_long() -> None:
    start = sheet("wait-past-closing")

    assert start.body == "23 personnes attendent"
    assert start.wait.replace("\N{NO-BREAK SPACE}", " ") == "Attente prévue : entre 1 heure 55 et 2 heures 20"
    assert start.note == "Le médecin ne pourra sans doute pas vous voir avant la fermeture."
    assert (sheet("start").wait, sheet("start").note) == ("", "")


def test_arabic_stands_mirrored(panel: Panel) -> None:
    view = View(panel)
    middle = panel.size_px[0] // 2

    view.show(sheet("services", "fr"))
    assert next(zone for zone in view.zones if zone.target == Back()).rect.right < middle
    view.show(sheet("services", "ar"))
    assert next(zone for zone in view.zones if zone.target == Back()).rect.left > middle


def test_a_keypad_reads_from_left_to_right_in_every_language(panel: Panel) -> None:
    view = View(panel)
    for language in LANGUAGES:
        view.show(sheet("typing-digits", language))

        left = {zone.target.sign: zone.rect.left for zone in view.zones if isinstance(zone.target, Key)}
        assert left["1"] < left["2"] < left["3"], language


def test_a_small_panel_says_how_many_services_it_can_hold() -> None:
    def holds(name: str) -> int:
        width, height, width_mm = PANELS[name]
        panel = make_panel(DummyPanelSettings(driver="dummy", width=width, height=height, width_mm=width_mm))
        try:
            return View(panel).services_at_most
        finally:
            panel.close()

    assert holds("800x480") == 4
    assert holds("1280x800") >= 6
    assert holds("1080x1920") >= 6
