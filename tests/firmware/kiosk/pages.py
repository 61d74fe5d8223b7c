"""Every page that a kiosk can show, with what the office knows at that moment, for the tests that draw them all."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from core.edge.language import Language
from core.edge.reception import ReceptionTable, WarningTable
from core.edge.site import Room, Service, Site
from core.room.announce import Circumstances, Expected, of_newcomer
from core.room.ids import Number, ServiceId
from core.room.outlook import Wait
from core.room.phrases import Phrase
from firmware.kiosk.dialogue.desk import Desk, Elsewhere, OnDuty, Tried
from firmware.kiosk.dialogue.errands import CallTeam, Present, Wish
from firmware.kiosk.dialogue.flow import Flow, flow_of
from firmware.kiosk.dialogue.look import Look
from firmware.kiosk.dialogue.pages import (
    Birth,
    Calling,
    Checked,
    Checking,
    Cleaning,
    Code,
    Corner,
    Declaring,
    Idle,
    Languages,
    Name,
    NotPrinted,
    Page,
    Printing,
    Reading,
    Services,
    Signs,
    Start,
    StillThere,
    Taken,
    Typing,
)
from firmware.kiosk.sheets.sheet import Sheet, sheet_of
from tests.core.room.given import NINE

__all__ = ["PAGES", "PANELS", "READY", "SITE", "URL", "sheet"]

URL = "https://file.example/t/AAAAAAAAAAAAAAAA"
PANELS = {"800x480": (800, 480, 154.0), "1280x800": (1280, 800, 217.0), "1080x1920": (1080, 1920, 268.0)}

SITE = Site(
    id="la-destrousse",
    name="Centre médical de La Destrousse",
    public_url="https://file.example",
    reception=ReceptionTable(asks_name=True, corner_code="2468"),
    services=[
        Service(
            id="consultation",
            name={"fr": "Consultation", "en": "Consultation", "es": "Consulta", "ar": "استشارة طبية"},
            phrase={
                "fr": "Fièvre, toux, douleur",
                "en": "Fever, cough, pain",
                "es": "Fiebre, tos, dolor",
                "ar": "حمى، سعال، ألم",
            },
            pictogram="doctor",
        ),
        Service(
            id="child",
            name={"fr": "Enfant", "en": "Child", "es": "Niño", "ar": "طفل"},
            phrase={"fr": "Moins de 15 ans", "en": "Under 15", "es": "Menos de 15 años", "ar": "أقل من 15 سنة"},
            pictogram="child",
        ),
        Service(
            id="wound",
            name={
                "fr": "Petite blessure ou plaie",
                "en": "Small injury or wound",
                "es": "Herida pequeña",
                "ar": "جرح أو إصابة بسيطة",
            },
            phrase={
                "fr": "Coupure, brûlure, chute",
                "en": "Cut, burn, fall",
                "es": "Corte, quemadura, caída",
                "ar": "جرح، حرق، سقوط",
            },
            pictogram="wound",
        ),
        Service(
            id="result",
            name={
                "fr": "Retour avec un résultat",
                "en": "Back with a result",
                "es": "Vuelvo con un resultado",
                "ar": "عودة بنتيجة",
            },
            phrase={
                "fr": "Radio, analyse",
                "en": "X-ray, blood test",
                "es": "Radiografía, análisis",
                "ar": "أشعة، تحليل",
            },
            pictogram="result",
            is_result=True,
        ),
    ],
    rooms=[Room(id="room-1", label="1"), Room(id="room-2", label="2")],
)
ONE_SERVICE = SITE.model_copy(update={"services": SITE.services[:1]})
OWN_SIGNS = SITE.model_copy(
    update={
        "warning": WarningTable(
            signs=[{"fr": "Douleur qui serre la poitrine", "en": "Tight pain in the chest"}, {"fr": "Mal à respirer"}],
            signed_by="Dr Vallon, 12/11/2026",
        )
    }
)
READY = Desk(
    state="ready",
    waiting=23,
    closes="20:00",
    doctors=(OnDuty("Dr Vallon-Roumanille", "1", "19:30"), OnDuty(None, "2", "20:00")),
    is_linked=True,
)
ALONE = Desk(state="ready")
"""A kiosk that hears no controller."""
WAIT = Wait(p10_s=6600, p25_s=7000, p50_s=7500, p75_s=8000, p90_s=8300)
AROUND = Circumstances(now_ms=NINE, zone=ZoneInfo("Europe/Paris"), is_on_duty=True)
NOBODY = replace(AROUND, is_on_duty=False)
TOMORROW = Expected(who="Dr Vallon-Roumanille", at_ms=NINE + 24 * 3_600_000)
MONDAY = Phrase("kiosk.opens-on", {"day": "23/11", "time": "09:00"})
NEARBY = (
    Elsewhere(
        "Centre médical d’Auriol", 3, 4200, "22:00", Phrase("wait.under", {"high": Phrase("wait.minutes", count=30)})
    ),
    Elsewhere("Maison médicale de Trets", 12, 15_800, None, None),
)


def waits(around: Circumstances = AROUND, wait: Wait | None = WAIT) -> Desk:
    return replace(READY, wait=of_newcomer(wait, around))


_WISH = Wish(1, ServiceId("consultation"), "fr")
_PAGES: tuple[tuple[str, Page, Desk, Site], ...] = (
    ("starting", Start(), Desk(), SITE),
    ("start", Start(), READY, SITE),
    ("start-one-service", Start(), waits(), ONE_SERVICE),
    ("nobody-waits", Start(), replace(READY, waiting=0), SITE),
    ("no-count", Start(), ALONE, SITE),
    ("wait", Start(), waits(), SITE),
    ("wait-in-minutes", Start(), waits(wait=Wait(p10_s=1800, p25_s=2200, p50_s=2500, p75_s=2800, p90_s=3200)), SITE),
    ("hardly-any-wait", Start(), waits(wait=Wait(p10_s=0, p25_s=60, p50_s=120, p75_s=240, p90_s=500)), SITE),
    ("wait-past-closing", Start(), waits(wait=replace(WAIT, in_time=20)), SITE),
    ("perhaps-past-closing", Start(), waits(wait=replace(WAIT, in_time=70)), SITE),
    ("nobody-on-duty", Start(), replace(waits(NOBODY), doctors=()), SITE),
    ("nobody-until-tomorrow", Start(), replace(waits(replace(NOBODY, expected=TOMORROW)), doctors=()), SITE),
    (
        "nobody-yet",
        Start(),
        replace(waits(replace(NOBODY, expected=replace(TOMORROW, at_ms=NINE - 1))), doctors=()),
        SITE,
    ),
    ("services", Services(), READY, SITE),
    ("declaring", Declaring(), READY, SITE),
    ("name", Name(ServiceId("child")), READY, SITE),
    ("name-typed", Name(ServiceId("child"), "MARIE"), READY, SITE),
    ("name-accents", Name(ServiceId("child"), "JEAN-NO", part=3), READY, SITE),
    ("birth", Birth(ServiceId("child"), "MARIE"), READY, SITE),
    ("birth-typed", Birth(ServiceId("child"), "MARIE", "194"), READY, SITE),
    ("typing-letter", Typing(), READY, SITE),
    ("typing-digits", Typing("M42"), READY, SITE),
    ("result-letter", Typing(with_result=True), READY, SITE),
    ("checking", Checking(Present(1, "A042", "fr")), READY, SITE),
    ("slip-called", Checked("called"), READY, SITE),
    ("slip-over", Checked("over"), READY, SITE),
    ("slip-unknown", Checked("unknown"), READY, SITE),
    ("slip-unsure", Checked("unsure"), READY, SITE),
    ("slip-kept", Checked("kept", Number("A042")), READY, SITE),
    ("slip-kept-for-long", Checked("kept", Number("A042"), waits(wait=replace(WAIT, in_time=70)).wait), READY, SITE),
    ("printing", Printing(_WISH), READY, SITE),
    ("taken", Taken(Number("A042")), READY, SITE),
    ("not-printed", NotPrinted(Number("A042"), URL, is_sure=True), READY, SITE),
    ("perhaps-printed", NotPrinted(Number("A042"), URL, is_sure=False), READY, SITE),
    ("print-again", NotPrinted(Number("A042"), URL, is_sure=False), replace(READY, can_print_again=True), SITE),
    ("signs", Signs(), READY, SITE),
    ("own-signs", Signs(), READY, OWN_SIGNS),
    ("team-asked", Calling(CallTeam(1)), READY, SITE),
    ("team-heard", Calling(CallTeam(1), "heard"), READY, SITE),
    ("team-unheard", Calling(CallTeam(1), "unheard"), READY, SITE),
    ("team-coming", Calling(CallTeam(1), "coming"), READY, SITE),
    ("reading", Reading(Start()), READY, SITE),
    ("languages", Languages(Start()), READY, SITE),
    ("still-there", StillThere(Start()), READY, SITE),
    ("idle", Idle(), READY, SITE),
    ("idle-closed", Idle(), replace(READY, intake="closed", opens=MONDAY), SITE),
    ("cleaning", Cleaning(21), READY, SITE),
    ("code", Code(), READY, SITE),
    ("code-typed", Code("12"), READY, SITE),
    ("corner", Corner(), replace(READY, alerts=("paper-near-end",)), SITE),
    ("corner-tested", Corner(3), replace(READY, tested=Tried(3, is_good=True)), SITE),
    ("out-of-order", Start(), Desk(state="out-of-order"), SITE),
    ("full", Start(), replace(READY, intake="full", opens=MONDAY, elsewhere=NEARBY), SITE),
    ("full-for-services", Services(), replace(READY, intake="full", opens=MONDAY), SITE),
    ("closed", Start(), replace(READY, intake="closed", opens=MONDAY, elsewhere=NEARBY), SITE),
    ("closed-for-long", Start(), replace(READY, intake="closed"), SITE),
)
PAGES: dict[str, tuple[Flow, Desk, Site]] = {
    name: (replace(flow_of(site), page=page, has_voice=True), desk, site) for name, page, desk, site in _PAGES
}


def sheet(page: str, language: Language = "fr", look: Look | None = None) -> Sheet:
    """A page of `PAGES`, in a language and a look."""
    flow, desk, site = PAGES[page]
    return sheet_of(replace(flow, language=language, look=look or Look()), desk, site)
