"""The technician's corner.

Rule: what it says of the kiosk is what the office has said; nothing is guessed here.
"""

from __future__ import annotations

from core.edge.site import Language
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.pages import Cleaning, Code, Corner, Grid
from firmware.kiosk.dialogue.targets import Back, Clean, Done, Erase, Key, TryPrinter, TrySpeaker, TryTouch
from firmware.kiosk.sheets.keyboard import DIGITS
from firmware.kiosk.sheets.parts import Button, Sheet, words

__all__ = ["corner_sheet"]


def corner_sheet(language: Language, page: Cleaning | Code | Corner | Grid, desk: Desk) -> Sheet:
    """Of one of its pages."""
    match page:
        case Cleaning(left_s):
            return Sheet(language=language, title=words(language, "cleaning", left_s))
        case Code(typed):
            keys = (*(Button(sign, Key(sign)) for sign in DIGITS), Button("⌫", Erase()))
            back = Button(words(language, "back"), Back(), "back")
            return Sheet(
                language=language,
                title="" if typed else words(language, "code"),
                number="•" * len(typed),
                keys=keys,
                way_out=back,
            )
        case Grid(cells):
            return Sheet(language=language, cells=cells)
        case Corner():
            return _corner(language, page, desk)


def _corner(language: Language, page: Corner, desk: Desk) -> Sheet:
    from importlib.metadata import version  # takes 20 ms, which the first frame has no need of

    faults = ", ".join(desk.alerts) or words(language, "no-faults")
    return Sheet(
        language=language,
        title=words(language, "corner"),
        wait=_outcome(language, page, desk),
        body=words(language, "is-linked" if desk.is_linked else "is-not-linked"),
        points=(faults, words(language, "version", version=version("borne"))),
        choices=(
            Button(words(language, "try-printer"), TryPrinter(), "printer"),
            Button(words(language, "try-speaker"), TrySpeaker(), "voice"),
            Button(words(language, "try-touch"), TryTouch(), "touch"),
            Button(words(language, "clean"), Clean(), "clean"),
            Button(words(language, "done"), Done(), "done"),
        ),
    )


def _outcome(language: Language, page: Corner, desk: Desk) -> str:
    """Of the test that was asked for last."""
    if page.asked is None:
        return ""
    if desk.tested is None or desk.tested.wish != page.asked:
        return words(language, "test-asked")
    if desk.tested.is_good:
        return words(language, "test-good")
    return words(language, "test-failed", fault=desk.tested.fault)
