"""The pages of a ticket that was given, and of a slip that was looked up.

Rule: a number stands on the page as long as somebody may need it.
"""

from __future__ import annotations

from core.edge.site import Language
from core.edge.words import say
from core.room.ids import Number
from firmware.kiosk.dialogue.pages import Checked, NotPrinted
from firmware.kiosk.dialogue.targets import Done, PrintNow
from firmware.kiosk.sheets.parts import Button, Sheet, words

__all__ = ["checked_sheet", "not_printed_sheet", "taken_sheet"]


def taken_sheet(language: Language, number: Number) -> Sheet:
    """The slip is out."""
    return Sheet(
        language=language,
        title=words(language, "take-your-ticket"),
        label=words(language, "your-number"),
        number=number,
        way_out=_done(language),
    )


def not_printed_sheet(language: Language, page: NotPrinted, *, can_print_again: bool) -> Sheet:
    """The ticket counts, the slip may be missing."""
    return Sheet(
        language=language,
        label=words(language, "place-kept"),
        number=page.number,
        code=page.url,
        body=words(language, "not-printed" if page.is_sure else "print-unknown"),
        ways=(Button(words(language, "print-now"), PrintNow(), "printer"),) if can_print_again else (),
        way_out=_done(language),
    )


def checked_sheet(language: Language, page: Checked) -> Sheet:
    """What the controller says of a slip."""
    said = page.wait
    return Sheet(
        language=language,
        title=words(language, "place-kept" if page.outcome == "kept" else f"slip-{page.outcome}"),
        number=page.number or "",
        wait=say(said.wait, language) if said else "",
        note=say(said.in_time, language) if said and said.in_time else "",
        way_out=_done(language),
    )


def _done(language: Language) -> Button:
    return Button(words(language, "done"), Done(), "done")
