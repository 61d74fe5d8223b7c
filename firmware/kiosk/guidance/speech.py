"""What is read aloud of a sheet, and how: words of a screen made words for the ear.

`A042` is read sign by sign, `09:30` as an hour, `23/11` as a day, `116 117` as two numbers: espeak-ng would say "a zero
quarante-deux", "neuf heures zéro zéro", "vingt-trois barre onze", "cent seize mille cent dix-sept" (tried).

Rule: pure, and nothing is read that does not stand on the screen. What patients type of themselves is never read: the
loudspeaker speaks to the whole room.
"""

from __future__ import annotations

import re

from core.edge.site import Language
from core.edge.words import say
from core.room.phrases import Phrase
from firmware.drivers.sound import Words
from firmware.kiosk.dialogue.pages import Birth, Code, Name, Page
from firmware.kiosk.dialogue.targets import ChooseLanguage, Erase, Key, Toggle
from firmware.kiosk.sheets.parts import Button, Sheet

__all__ = ["aloud", "spoken_of", "stops", "told"]

_PERSONAL = (Name, Birth, Code)
"""Pages of which nobody is to overhear what is typed."""
_NUMBER = re.compile(r"\b[A-Z]\d{1,3}\b")
"""Of a slip, also while it is being typed."""
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})\b")
_DAY = re.compile(r"\b(\d{2})/(\d{2})(?:/(\d{4}))?\b")
_APART = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d)")
_KILOMETRES = re.compile(r"(?<=\d)\s?(?:km|كم)\b")
_SIGNS = re.compile(r"[_…]")


def spoken_of(sheet: Sheet, page: Page) -> tuple[Words, ...]:
    """All that is to be heard of a page: what stands on it, then what can be chosen; keys are only heard one by one."""
    lines = (sheet.title, sheet.eyebrow, sheet.wait, sheet.body, sheet.label)
    said = [_words(text, sheet.language) for text in lines if text]
    if not isinstance(page, _PERSONAL):
        said += _number(sheet)
    said += [_words(text, sheet.language) for text in (*sheet.points, sheet.note) if text]
    return (*said, *(told(one, sheet.language) for one in sheet.controls if one not in sheet.keys))


def told(button: Button, language: Language) -> Words:
    """A choice in words, and whether it is made."""
    match button.target:
        case Erase():
            text = say(Phrase("speech.erase"), language)
        case Key("-"):
            text = say(Phrase("speech.hyphen"), language)
        case ChooseLanguage(other):
            return Words(button.text, other)
        case _:
            text = ", ".join(part for part in (button.text, button.phrase) if part)
    if button.is_chosen:
        text = say(Phrase("speech.yes", {"what": text}), language)
    elif isinstance(button.target, Toggle) and button.target.option != "volume":
        text = say(Phrase("speech.no", {"what": text}), language)
    return _words(text, language)


def stops(sheet: Sheet, page: Page) -> tuple[int, ...]:
    """The controls that the single key goes to, by their place: no keys that would spell a name to the whole room."""
    is_personal = isinstance(page, _PERSONAL)
    return tuple(at for at, one in enumerate(sheet.controls) if not (is_personal and one in sheet.keys))


def aloud(text: str, language: Language) -> str:
    """A text of the screen as it is to be read."""

    def time(found: re.Match[str]) -> str:
        values = {"hours": int(found[1]), "minutes": found[2]}
        return say(Phrase("speech.hour" if found[2] == "00" else "speech.time", values), language)

    def day(found: re.Match[str]) -> str:
        month = Phrase(f"speech.month-{int(found[2])}")
        said = say(Phrase("speech.day", {"day": int(found[1]), "month": month}), language)
        return f"{said} {found[3]}" if found[3] else said

    text = _SIGNS.sub(" ", text).replace("·", ",")
    text = _NUMBER.sub(lambda found: ", ".join(found[0]), text)
    text = _APART.sub(", ", text)
    text = _KILOMETRES.sub(" " + say(Phrase("speech.kilometres"), language), text)
    text = _DAY.sub(day, _TIME.sub(time, text))
    return " ".join(text.split())


def _number(sheet: Sheet) -> list[Words]:
    """That of a ticket twice and slowly: somebody has to remember it."""
    if not sheet.number:
        return []
    if len(sheet.number) == len("A042") and _NUMBER.fullmatch(sheet.number):
        return 2 * [Words(aloud(sheet.number, sheet.language), sheet.language, is_slow=True)]
    return [_words(sheet.number, sheet.language)]


def _words(text: str, language: Language) -> Words:
    return Words(aloud(text, language), language)
