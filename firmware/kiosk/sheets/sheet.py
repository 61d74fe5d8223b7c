"""What stands on a page: its words in one language and what can be touched. Where and how large is the view's matter.

Rule: pure, and equal sheets look alike: nothing is drawn again while the sheet is the same.
"""

from __future__ import annotations

from dataclasses import replace

from core.edge.site import Language, Site
from core.edge.words import LANGUAGES
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.flow import Flow
from firmware.kiosk.dialogue.pages import (
    Birth,
    Calling,
    Checked,
    Checking,
    Cleaning,
    Code,
    Corner,
    Declaring,
    Grid,
    Idle,
    Languages,
    Name,
    NotPrinted,
    Printing,
    Reading,
    Services,
    Signs,
    Start,
    StillThere,
    Taken,
    Typing,
)
from firmware.kiosk.dialogue.targets import ChooseLanguage, OtherLanguages, Read, Toggle
from firmware.kiosk.sheets.corner import corner_sheet
from firmware.kiosk.sheets.help import calling_sheet, signs_sheet
from firmware.kiosk.sheets.keyboard import birth_sheet, name_sheet, typing_sheet
from firmware.kiosk.sheets.parts import Button, Sheet, words
from firmware.kiosk.sheets.person import declaring_sheet, idle_sheet, languages_sheet, reading_sheet, still_there_sheet
from firmware.kiosk.sheets.start import no_tickets_sheet, services_sheet, start_sheet
from firmware.kiosk.sheets.ticket import checked_sheet, not_printed_sheet, taken_sheet

__all__ = ["OWN_NAMES", "Button", "Sheet", "sheet_of"]

OWN_NAMES: dict[Language, str] = {"fr": "Français", "en": "English", "es": "Español", "ar": "العربية"}
"""Each language as those who speak it write it."""
_SHORT: dict[Language, str] = {"fr": "FR", "en": "EN", "es": "ES", "ar": "ع"}


def sheet_of(flow: Flow, desk: Desk, site: Site) -> Sheet:
    """The sheet of a page."""
    sheet = replace(_sheet_of(flow, desk, site), look=flow.look, focus=flow.focus)
    if isinstance(flow.page, Printing | Checking | Idle | Cleaning | Code | Corner | Grid):
        return sheet
    if flow.has_voice and not isinstance(flow.page, Reading):
        listen = Button(words(flow.language, "voice"), Toggle("voice"), "voice", is_chosen=flow.look.voice)
        sheet = replace(sheet, voice=listen)
    if isinstance(flow.page, Languages | StillThere):
        return sheet
    others = [one for one in LANGUAGES if one != flow.language]
    has_reading = not isinstance(flow.page, Reading | Signs | Calling | Name | Birth)
    return replace(
        sheet,
        languages=tuple(Button(OWN_NAMES[one], ChooseLanguage(one)) for one in others),
        globe=Button(" ".join(_SHORT[one] for one in others), OtherLanguages(), "globe"),
        reading=Button(words(flow.language, "reading"), Read(), "read") if has_reading else None,
    )


def _sheet_of(flow: Flow, desk: Desk, site: Site) -> Sheet:
    language = flow.language
    match flow.page:
        case Start() | Services() if not desk.gives_tickets:
            return no_tickets_sheet(language, desk, site)
        case Start():
            return start_sheet(language, desk, site, flow.claim)
        case Services():
            return services_sheet(language, site, flow.claim)
        case Declaring():
            return declaring_sheet(language, site, flow.claim)
        case Name() as page:
            return name_sheet(language, page)
        case Birth() as page:
            return birth_sheet(language, page)
        case Typing() as page:
            return typing_sheet(language, page)
        case Checking():
            return Sheet(language=language, title=words(language, "checking"))
        case Printing():
            return Sheet(language=language, title=words(language, "printing"))
        case Checked() as page:
            return checked_sheet(language, page)
        case Taken(number):
            return taken_sheet(language, number)
        case NotPrinted() as page:
            return not_printed_sheet(language, page, can_print_again=desk.can_print_again)
        case Signs():
            return signs_sheet(language, site)
        case Calling(_, team):
            return calling_sheet(language, team)
        case Reading():
            return reading_sheet(language, flow.look, has_voice=flow.has_voice)
        case Languages():
            return languages_sheet(language, OWN_NAMES)
        case StillThere():
            return still_there_sheet(language)
        case Idle():
            return idle_sheet(language, desk, site)
        case (Cleaning() | Code() | Corner() | Grid()) as page:
            return corner_sheet(language, page, desk)
