"""The pages with a keyboard: the number of a slip, a first name, a year of birth.

Rule: the keys stand in the same order in every language; names are typed in the letters of identity papers.
"""

from __future__ import annotations

from string import ascii_uppercase

from core.edge.site import Language
from firmware.kiosk.dialogue.pages import Birth, Name, Typing
from firmware.kiosk.dialogue.targets import Back, Confirm, Erase, Key, MoreKeys, NoSlip, Skip
from firmware.kiosk.sheets.parts import Button, Sheet, words

__all__ = ["DIGITS", "SIGNS", "birth_sheet", "name_sheet", "typing_sheet"]

_LETTERS = "ABCDEFGHJKLM"
"""Of a dozen disks in one day, in the order in which they are given (`core.room.numbering`)."""
DIGITS = "1234567890"
SIGNS = f"{ascii_uppercase}-ÉÈÊËÇÏÎÔ"
"""Of French first names: JEAN-NOËL, FRANÇOISE, ZOÉ."""
_ERASE = Button("⌫", Erase())


def typing_sheet(language: Language, page: Typing) -> Sheet:
    """The number of a slip."""
    typed = page.typed
    title = words(language, "result-slip" if page.with_result else "type-number")
    return Sheet(
        language=language,
        title="" if typed else title,
        number=f"{typed:_<4}" if typed else "",
        keys=_keys(DIGITS if typed else _LETTERS, can_erase=bool(typed)),
        ways=(Button(words(language, "no-slip"), NoSlip(), "other"),) if page.with_result else (),
        way_out=_back(language),
    )


def name_sheet(language: Language, page: Name) -> Sheet:
    """The first name, or none."""
    return Sheet(
        language=language,
        title="" if page.typed else words(language, "first-name"),
        eyebrow="" if page.typed else words(language, "name-erased"),
        number=page.typed,
        keys=_keys(SIGNS, can_erase=True),
        part=page.part,
        more=Button("", MoreKeys()),
        ways=(Button(words(language, "next"), Confirm(), "done") if page.typed else _skip(language),),
        way_out=_back(language),
    )


def birth_sheet(language: Language, page: Birth) -> Sheet:
    """The year of birth, or none."""
    typed = page.typed
    return Sheet(
        language=language,
        title="" if typed else words(language, "birth-year"),
        number=f"{typed:_<4}" if typed else "",
        keys=_keys(DIGITS, can_erase=bool(typed)),
        ways=(_skip(language),),
        way_out=_back(language),
    )


def _keys(signs: str, *, can_erase: bool) -> tuple[Button, ...]:
    return (*(Button(sign, Key(sign)) for sign in signs), *((_ERASE,) if can_erase else ()))


def _skip(language: Language) -> Button:
    return Button(words(language, "skip"), Skip())


def _back(language: Language) -> Button:
    return Button(words(language, "back"), Back(), "back")
