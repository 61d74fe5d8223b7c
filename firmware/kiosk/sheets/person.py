"""The pages about the person in front of the screen: a priority, the language, how to read, whether anybody is there.

Rule: whatever is chosen can be taken back on the same page.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.edge.site import Language, Site
from core.edge.words import say
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.look import VOLUMES, Look
from firmware.kiosk.dialogue.targets import Back, ChooseLanguage, Claim, Declare, Done, Option, Stay, Toggle, Wake
from firmware.kiosk.sheets.parts import Button, Mark, Sheet, words
from firmware.kiosk.sheets.start import opening

__all__ = ["declaring_sheet", "idle_sheet", "languages_sheet", "reading_sheet", "still_there_sheet"]


def declaring_sheet(language: Language, site: Site, claim: Claim | None) -> Sheet:
    """What lets somebody pass before others."""
    reception = site.reception
    offers: list[tuple[Claim, Mark]] = []
    if reception.takes_cards:
        offers.append(("card", "card"))
    if reception.takes_courtesy:
        offers.append(("courtesy", "baby"))
    return Sheet(
        language=language,
        title=words(language, "claims-title"),
        eyebrow=words(language, "claims-who") if reception.takes_cards else "",
        body=words(language, "claims-law") if reception.takes_cards else "",
        choices=tuple(
            Button(
                words(language, one),
                Declare(None if claim == one else one),
                mark,
                words(language, f"for-{one}"),
                is_chosen=claim == one,
            )
            for one, mark in offers
        ),
        ways=(Button(words(language, "no-claim"), Declare(None)),) if claim else (),
        way_out=_back(language),
    )


def reading_sheet(language: Language, look: Look, *, has_voice: bool) -> Sheet:
    """How a page looks and sounds."""
    options: tuple[tuple[Option, Mark, bool], ...] = (
        ("contrast", "contrast", look.contrast),
        ("larger", "larger", look.larger),
        ("low", "low", look.low),
        ("voice", "voice", look.voice),
    )
    choices = [
        Button(words(language, name), Toggle(name), mark, is_chosen=is_chosen)
        for name, mark, is_chosen in options
        if has_voice or name != "voice"
    ]
    if look.voice and has_voice:
        step = words(language, "volume", step=look.volume + 1, steps=VOLUMES)
        choices.append(Button(step, Toggle("volume"), "voice"))
    return Sheet(language=language, title=words(language, "reading"), choices=tuple(choices), way_out=_back(language))


def languages_sheet(language: Language, names: Mapping[Language, str]) -> Sheet:
    """Every language by its own name; the present one is chosen."""
    return Sheet(
        language=language,
        title=words(language, "choose-language"),
        choices=tuple(Button(name, ChooseLanguage(one), is_chosen=one == language) for one, name in names.items()),
        way_out=_back(language),
    )


def still_there_sheet(language: Language) -> Sheet:
    """Before what was begun is forgotten."""
    return Sheet(
        language=language,
        title=words(language, "still-there"),
        body=words(language, "still-there-advice"),
        main=Button(words(language, "stay"), Stay()),
        way_out=Button(words(language, "done"), Done(), "done"),
    )


def idle_sheet(language: Language, desk: Desk, site: Site) -> Sheet:
    """Nobody is there; the whole screen is the way in."""
    body = say(desk.opens, language) if desk.opens else ""
    if desk.gives_tickets:
        body = words(language, "card-notice") if site.reception.takes_cards else ""
    return Sheet(
        language=language,
        title=site.name,
        eyebrow=opening(language, desk),
        body=body,
        note=words(language, "touch-me"),
        anywhere=Wake(),
        is_dark=True,
    )


def _back(language: Language) -> Button:
    return Button(words(language, "back"), Back(), "back")
