"""Every page in every language on every panel: what can be touched is large and apart, what is read is large enough."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pygame
import pytest
import zxingcpp
from PIL import Image

from core.edge.site import Room, Service, Site
from core.edge.words import LANGUAGES, say
from core.room.announce import Circumstances, Expected, of_newcomer
from core.room.ids import Number, ServiceId
from core.room.outlook import Wait
from core.room.phrases import Phrase
from firmware.drivers.panel import Panel, make_panel
from firmware.drivers.panel.fonts import CAPITALS
from firmware.drivers.panel.settings import DummyPanelSettings
from firmware.kiosk.flow import (
    Back,
    Begin,
    Checked,
    Checking,
    ChooseLanguage,
    Desk,
    Flow,
    HaveTicket,
    Key,
    NotPrinted,
    Present,
    Printing,
    Services,
    Taken,
    Typing,
    Wish,
)
from firmware.kiosk.sheet import Sheet, sheet_of
from firmware.kiosk.view import CAPITAL_MM, GAP_MM, TARGET_MM, View
from tests.core.room.given import NINE

URL = "https://file.example/t/AAAAAAAAAAAAAAAA"
SITE = Site(
    id="la-destrousse",
    name="Centre médical de La Destrousse",
    public_url="https://file.example",
    services=[
        Service(id="consultation", name={"fr": "Consultation", "es": "Consulta", "ar": "استشارة طبية"}),
        Service(id="child", name={"fr": "Enfant", "en": "Child", "es": "Niño", "ar": "طفل"}),
        Service(id="wound", name={"fr": "Petite blessure ou plaie", "ar": "جرح أو إصابة بسيطة"}),
        Service(id="result", name={"fr": "Retour avec un résultat", "ar": "عودة بنتيجة"}),
    ],
    rooms=[Room(id="room-1", label="1")],
)
READY = Desk(state="ready", waiting=23)
WAIT = Wait(p10_s=6600, p25_s=7000, p50_s=7500, p75_s=8000, p90_s=8300)
AROUND = Circumstances(now_ms=NINE, zone=ZoneInfo("Europe/Paris"), is_on_duty=True)
NOBODY = replace(AROUND, is_on_duty=False)
TOMORROW = Expected(who="Dr Vallon-Roumanille", at_ms=NINE + 24 * 3_600_000)


def waits(around: Circumstances = AROUND, wait: Wait | None = WAIT) -> Desk:
    return replace(READY, wait=of_newcomer(wait, around))


MONDAY = Phrase("kiosk.opens-on", {"day": "23/11", "time": "09:00"})
PAGES: dict[str, tuple[Flow, Desk]] = {}
for _name, _page, _desk in (
    ("starting", None, Desk()),
    ("start", None, READY),
    ("nobody-waits", None, replace(READY, waiting=0)),
    ("no-count", None, replace(READY, waiting=None)),
    ("wait", None, waits()),
    ("wait-in-minutes", None, waits(wait=Wait(p10_s=1800, p25_s=2200, p50_s=2500, p75_s=2800, p90_s=3200))),
    ("hardly-any-wait", None, waits(wait=Wait(p10_s=0, p25_s=60, p50_s=120, p75_s=240, p90_s=500))),
    ("wait-past-closing", None, waits(wait=replace(WAIT, in_time=20))),
    ("perhaps-past-closing", None, waits(wait=replace(WAIT, in_time=70))),
    ("nobody-on-duty", None, waits(NOBODY)),
    ("nobody-until-tomorrow", None, waits(replace(NOBODY, expected=TOMORROW))),
    ("nobody-yet", None, waits(replace(NOBODY, expected=replace(TOMORROW, at_ms=NINE - 1)))),
    ("services", Services(), READY),
    ("typing-letter", Typing(), READY),
    ("typing-digits", Typing("M42"), READY),
    ("checking", Checking(Present(1, "A042", "fr")), READY),
    *((f"slip-{one}", Checked(one), READY) for one in ("called", "over", "unknown", "unsure")),
    ("slip-kept", Checked("kept", Number("A042")), READY),
    ("slip-kept-for-long", Checked("kept", Number("A042"), waits(wait=replace(WAIT, in_time=70)).wait), READY),
    ("printing", Printing(Wish(1, ServiceId("consultation"), "fr")), READY),
    ("taken", Taken(Number("A042")), READY),
    ("not-printed", NotPrinted(Number("A042"), URL, is_sure=True), READY),
    ("perhaps-printed", NotPrinted(Number("A042"), URL, is_sure=False), READY),
    ("out-of-order", None, Desk(state="out-of-order")),
    ("full", None, replace(READY, intake="full", opens=MONDAY)),
    ("full-for-services", Services(), replace(READY, intake="full", opens=MONDAY)),
    ("closed", None, replace(READY, intake="closed", opens=MONDAY)),
    ("closed-for-long", None, replace(READY, intake="closed")),
):
    _flow = Flow(services=tuple(ServiceId(service.id) for service in SITE.services))
    PAGES[_name] = (replace(_flow, page=_page) if _page else _flow, _desk)

PANELS = {"800x480": (800, 480, 154.0), "1280x800": (1280, 800, 217.0), "1080x1920": (1080, 1920, 268.0)}


def sheet(page: str, language: str = "fr") -> Sheet:
    flow, desk = PAGES[page]
    return sheet_of(replace(flow, language=language), desk, SITE)


@pytest.fixture(params=PANELS)
def panel(request: pytest.FixtureRequest) -> Iterator[Panel]:
    width, height, width_mm = PANELS[request.param]
    panel = make_panel(DummyPanelSettings(driver="dummy", width=width, height=height, width_mm=width_mm))
    yield panel
    panel.close()


def picture(panel: Panel) -> Image.Image:
    return Image.frombytes("RGB", panel.size_px, pygame.image.tobytes(panel.surface, "RGB"))


@pytest.mark.parametrize("page", PAGES)
def test_targets_are_20_mm_and_3_mm_apart_and_all_on_the_screen(panel: Panel, page: str) -> None:
    view = View(panel)
    px_per_mm = panel.size_px[0] / panel.width_mm
    for language in LANGUAGES:
        view.show(sheet(page, language))

        for zone in view.zones:
            assert min(zone.rect.size) >= TARGET_MM * px_per_mm, (language, zone)
            assert panel.surface.get_rect().contains(zone.rect), (language, zone)
        for one, other in itertools.combinations(view.zones, 2):
            apart = int(2 * GAP_MM * px_per_mm) - 1
            assert not one.rect.inflate(apart, apart).colliderect(other.rect), (language, one, other)


@pytest.mark.parametrize("page", PAGES)
def test_capitals_are_large_enough_for_eyes_at_50_cm(panel: Panel, page: str) -> None:
    view = View(panel)
    for language in LANGUAGES:
        view.show(sheet(page, language))

        capital_mm = view.smallest_px * CAPITALS * panel.width_mm / panel.size_px[0]
        assert capital_mm >= CAPITAL_MM, language


@pytest.mark.parametrize("page", ["not-printed", "perhaps-printed"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_without_a_slip_has_a_code_that_a_phone_reads(panel: Panel, page: str, language: str) -> None:
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

    assert {zone.target for zone in view.zones} == {
        Begin(),
        HaveTicket(),
        *(ChooseLanguage(one) for one in ("en", "es", "ar")),
    }
    for zone in view.zones:
        assert view.target_at(*zone.rect.center) == zone.target
    assert view.target_at(0, 0) is None


@pytest.mark.parametrize("page", ["full", "full-for-services", "closed"])
def test_where_no_ticket_is_given_a_slip_can_still_be_shown(panel: Panel, page: str) -> None:
    view = View(panel)

    view.show(sheet(page))

    assert {zone.target for zone in view.zones} == {HaveTicket(), *(ChooseLanguage(one) for one in ("en", "es", "ar"))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_turned_away_is_told_what_to_do(language: str) -> None:
    full, closed = sheet("full", language).body, sheet("closed", language).body

    assert full.startswith(say(Phrase("kiosk.full-advice"), language))
    assert closed.endswith(say(Phrase("page.emergency"), language))
    assert all("23/11" in body and "09:00" in body for body in (full, closed))
    assert sheet("closed-for-long", language).body == say(Phrase("page.emergency"), language)


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
