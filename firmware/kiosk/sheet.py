"""What stands on a page: its words in one language and what can be touched. Where and how large is the view's matter.

Rule: pure, and equal sheets look alike: nothing is drawn again while the sheet is the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.edge.site import Language, Site
from core.edge.words import LANGUAGES, RIGHT_TO_LEFT, say
from core.room.ids import ServiceId
from core.room.phrases import Phrase
from firmware.kiosk.flow import (
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
    Printing,
    Services,
    Start,
    Taken,
    Target,
    Typing,
)

__all__ = ["Button", "Sheet", "sheet_of"]

_LETTERS = "ABCDEFGHJKLM"
"""Of a dozen disks in one day, in the order in which they are given (`core.room.numbering`)."""
_DIGITS = "1234567890"
_OWN_NAME: dict[Language, str] = {"fr": "Français", "en": "English", "es": "Español", "ar": "العربية"}


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    target: Target
    icon: str = ""
    """What stands for the text where there is no room for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page, from top to bottom."""

    language: Language
    eyebrow: str = ""
    """A small line that a small panel leaves out."""
    title: str = ""
    label: str = ""
    """A small line above the number, which a small panel leaves out."""
    number: str = ""
    """As large as the page allows."""
    code: str = ""
    """The address in a QR code to photograph."""
    body: str = ""
    wait: str = ""
    """How long it takes; a small panel leaves out what stands above it instead."""
    note: str = ""
    """What a small panel has room for in any case."""
    buttons: tuple[Button, ...] = ()
    keys: tuple[Button, ...] = ()
    """Signs to type, in the order of a keypad in every language."""
    way_out: Button | None = None
    languages: tuple[Button, ...] = ()
    """The other languages, each by its own name."""


def sheet_of(flow: Flow, desk: Desk, site: Site) -> Sheet:
    """The sheet of a page."""
    language = flow.language
    others = tuple(Button(_OWN_NAME[one], ChooseLanguage(one)) for one in LANGUAGES if one != language)

    def words(name: str, count: int | None = None) -> str:
        return say(Phrase(f"kiosk.{name}", count=count), language)

    def said(phrase: Phrase | None) -> str:
        return "" if phrase is None else say(phrase, language)

    done = Button(words("done"), Done(), "✓")
    have_ticket = Button(words("have-a-ticket"), HaveTicket(), "✎")
    match flow.page:
        case Start() | Services() if desk.state != "ready":
            reason = words("not-ready" if desk.state == "starting" else "out-of-order")
            return Sheet(language=language, title=site.name, body=reason, languages=others)
        case Start() | Services() if desk.intake != "open":
            opens = [say(desk.opens, language)] if desk.opens else []
            advice = words("full-advice") if desk.intake == "full" else say(Phrase("page.emergency"), language)
            return Sheet(
                language=language,
                eyebrow=site.name,
                title=words(desk.intake),
                body=" ".join([advice, *opens] if desk.intake == "full" else [*opens, advice]),
                way_out=have_ticket,
                languages=others,
            )
        case Start():
            waiting = desk.waiting
            return Sheet(
                language=language,
                eyebrow=words("welcome"),
                title=site.name,
                body="" if waiting is None else words("waiting", waiting) if waiting else words("nobody-waits"),
                wait=said(desk.wait.wait if desk.wait else None),
                note=said(desk.wait.in_time if desk.wait else None),
                buttons=(Button(words("take-a-ticket"), Begin()),),
                way_out=have_ticket,
                languages=others,
            )
        case Services():
            return Sheet(
                language=language,
                title=words("choose-service"),
                buttons=tuple(Button(one.called(language), Choose(ServiceId(one.id))) for one in site.offered),
                way_out=Button(words("back"), Back(), "→" if language in RIGHT_TO_LEFT else "←"),
                languages=others,
            )
        case Typing(typed):
            return Sheet(
                language=language,
                title="" if typed else words("type-number"),
                number=f"{typed:_<4}" if typed else "",
                keys=tuple(Button(sign, Key(sign)) for sign in (_DIGITS if typed else _LETTERS))
                + ((Button("⌫", Erase()),) if typed else ()),
                way_out=Button(words("back"), Back(), "→" if language in RIGHT_TO_LEFT else "←"),
                languages=others,
            )
        case Checking():
            return Sheet(language=language, title=words("checking"))
        case Checked(outcome, number, wait):
            return Sheet(
                language=language,
                title=words("place-kept" if outcome == "kept" else f"slip-{outcome}"),
                number=number or "",
                wait=said(wait.wait if wait else None),
                note=said(wait.in_time if wait else None),
                way_out=done,
                languages=others,
            )
        case Printing():
            return Sheet(language=language, title=words("printing"))
        case Taken(number):
            return Sheet(
                language=language,
                title=words("take-your-ticket"),
                label=words("your-number"),
                number=number,
                way_out=done,
                languages=others,
            )
        case NotPrinted(number, url, is_sure):
            return Sheet(
                language=language,
                label=words("place-kept"),
                number=number,
                code=url,
                body=words("not-printed" if is_sure else "print-unknown"),
                way_out=done,
                languages=others,
            )
