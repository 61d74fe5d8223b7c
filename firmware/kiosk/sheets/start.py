"""The first two pages, and what stands there while no ticket is given.

Rule: what the law wants people to see stands where everybody passes: who has a carte mobilité inclusion goes first
(code de l'action sociale et des familles, art. L. 241-3).
"""

from __future__ import annotations

from collections.abc import Sequence

from core.edge.language import in_language
from core.edge.site import Language, Site
from core.edge.words import say
from core.room.announce import Said
from core.room.ids import ServiceId
from core.room.phrases import Phrase
from firmware.kiosk.dialogue.desk import Desk, Elsewhere, OnDuty
from firmware.kiosk.dialogue.targets import Back, Begin, Choose, Claim, Claims, FeelBad, HaveTicket, OpenCorner
from firmware.kiosk.sheets.parts import Button, Mark, Sheet, words

__all__ = ["no_tickets_sheet", "opening", "services_sheet", "start_sheet"]

_DOCTORS = 4
"""More names than that are no help to somebody who waits."""
_NIGHT_ENDS = "06:00"
"""Of two hours, one before it is the later one: a duty goes past midnight, none begins before dawn."""


def start_sheet(language: Language, desk: Desk, site: Site, claim: Claim | None) -> Sheet:
    """Of a centre that gives tickets."""
    said = desk.wait
    return Sheet(
        language=language,
        title=site.name,
        eyebrow=opening(language, desk),
        wait=say(said.wait, language) if said else "",
        body=_how_many(desk.waiting, language),
        note=_in_time(said, language),
        points=tuple(_doctor(one, language) for one in desk.doctors[:_DOCTORS]),
        gist=_doctors(desk.doctors, language),
        main=Button(words(language, "take-a-ticket"), Begin()),
        ways=(*_claims(language, site, claim), _have_ticket(language), _feel_bad(language)),
        held=OpenCorner(),
    )


def services_sheet(language: Language, site: Site, claim: Claim | None) -> Sheet:
    """What people come for."""
    return Sheet(
        language=language,
        title=words(language, "choose-service"),
        choices=tuple(
            Button(
                one.called(language),
                Choose(ServiceId(one.id)),
                one.pictogram,
                in_language(one.phrase, language) if one.phrase else "",
            )
            for one in site.offered
        ),
        ways=_claims(language, site, claim),
        way_out=Button(words(language, "back"), Back(), "back"),
    )


def no_tickets_sheet(language: Language, desk: Desk, site: Site) -> Sheet:
    """Why there is none, and what to do instead."""
    if desk.state != "ready":
        reason = words(language, "not-ready" if desk.state == "starting" else "out-of-order")
        ways = () if desk.state == "starting" else (_feel_bad(language),)
        return Sheet(language=language, title=site.name, body=reason, ways=ways, held=OpenCorner())
    advice = words(language, "full-advice") if desk.intake == "full" else ""
    opens = say(desk.opens, language) if desk.opens else ""
    return Sheet(
        language=language,
        eyebrow=site.name,
        title=words(language, desk.intake),
        body=" ".join(text for text in (advice, opens) if text),
        note=words(language, "other-care"),
        label=words(language, "elsewhere") if desk.elsewhere else "",
        points=tuple(_elsewhere(one, language) for one in desk.elsewhere),
        ways=(_have_ticket(language), *(() if desk.intake == "closed" else (_feel_bad(language),))),
        held=OpenCorner(),
    )


def opening(language: Language, desk: Desk) -> str:
    """Whether tickets are given, and until when; empty while nobody knows."""
    if desk.state != "ready":
        return ""
    if not desk.gives_tickets:
        return words(language, desk.intake)
    return words(language, "open-until", time=desk.closes) if desk.closes else words(language, "open")


def _claims(language: Language, site: Site, claim: Claim | None) -> tuple[Button, ...]:
    """The notice that the law wants, which is also the way to declare the card; or what has been declared."""
    reception = site.reception
    if not (reception.takes_cards or reception.takes_courtesy):
        return ()
    if claim is not None:
        mark: Mark = "card" if claim == "card" else "baby"
        return (Button(words(language, f"claimed-{claim}"), Claims(), mark, is_chosen=True),)
    if not reception.takes_cards:
        return (Button(words(language, "courtesy-first"), Claims(), "baby"),)
    phrase, short = words(language, "goes-first"), words(language, "card-short")
    return (Button(words(language, "card-first"), Claims(), "card", phrase, short),)


def _how_many(waiting: int | None, language: Language) -> str:
    if waiting is None:
        return ""
    return words(language, "waiting", waiting) if waiting else words(language, "nobody-waits")


def _have_ticket(language: Language) -> Button:
    return Button(words(language, "have-a-ticket"), HaveTicket(), "ticket")


def _feel_bad(language: Language) -> Button:
    return Button(words(language, "feel-bad"), FeelBad(), "help")


def _in_time(said: Said | None, language: Language) -> str:
    return say(said.in_time, language) if said and said.in_time else ""


def _doctor(one: OnDuty, language: Language) -> str:
    who = one.name or say(Phrase("duty.unnamed", {"label": one.room}), language)
    if one.until is None:
        return who
    return words(language, "on-duty", who=who, until=Phrase("duty.until", {"time": one.until}))


def _doctors(doctors: Sequence[OnDuty], language: Language) -> str:
    """How many there are, and until when at the latest."""
    if not doctors:
        return ""
    hours = [one.until for one in doctors if one.until]
    if len(hours) < len(doctors):
        return words(language, "doctors", len(doctors))
    latest = max(hours, key=lambda hour: (hour < _NIGHT_ENDS, hour))
    return words(language, "doctors-until", len(doctors), time=latest)


def _elsewhere(one: Elsewhere, language: Language) -> str:
    """Name, distance, closing, wait, and how old the news is."""
    parts = [one.name]
    if one.distance_m is not None:
        km = max(1, round(one.distance_m / 1000))
        parts = [words(language, "elsewhere-at", name=one.name, distance=km)]
    if one.closes:
        parts.append(words(language, "elsewhere-until", time=one.closes))
    if one.wait:
        parts.append(say(one.wait, language))
    comma = "، " if language == "ar" else ", "
    return f"{comma.join(parts)} ({words(language, 'elsewhere-age', one.age_min)})"
