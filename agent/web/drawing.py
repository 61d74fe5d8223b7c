"""Pages drawn from views: the changing part, which also goes over the live stream, and the whole around it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from agent.live import CentrePage, Drawing, Hub, NetworkPage, Page, TicketPage
from agent.nearby.nearby import Nearby
from agent.roster.plan import Plan
from agent.view import SiteView
from agent.web.doctors import Doctors
from agent.web.places import Places
from agent.web.sentences import Sentence, Stage, may_leave, sentence_for, words_of
from agent.web.shut import Shutters
from agent.web.waits import Waits
from core.edge.clock import Clock
from core.edge.site import Language
from core.edge.words import LANGUAGES, direction, say
from core.room.announce import Said
from core.room.ids import RoomId, SiteId
from core.room.phrases import Phrase

__all__ = ["Artist", "address"]

_TITLE = Phrase("network.title")
_UNKNOWN = Sentence("wait", Phrase("ticket.unknown"), Phrase("ticket.unknown-advice"))


class Artist:
    """Draws; keeps nothing."""

    def __init__(
        self,
        places: Places,
        clock: Clock,
        assets: Mapping[str, str],
        plan: Callable[[], Plan],
        kept: Callable[[SiteId], int | None],
        nearby: Nearby,
    ) -> None:
        """
        Args:
            assets: addresses of the style sheet and the script, by file name.
            plan: what is planned, as it is now.
            kept: how many in ten of last week's waits were within what was told.
            nearby: which centres give tickets.
        """
        self._places = places
        self._clock = clock
        self._kept = kept
        self._doctors = Doctors(places, clock, plan)
        self._waits = Waits(places, clock, plan)
        self._shutters = Shutters(places, clock, nearby)
        self._templates = Environment(
            loader=PackageLoader("agent.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(assets=assets, LANGUAGES=LANGUAGES, say=say, Phrase=Phrase)

    def draw(self, hub: Hub, page: Page, language: Language) -> Drawing:
        """The changing part of a page."""
        match page:
            case NetworkPage():
                return self._network(hub, language)
            case CentrePage():
                return self._centre(hub, page.site, language)
            case TicketPage():
                return self._ticket(hub, page, language)

    def whole(self, hub: Hub, page: Page, language: Language) -> str:
        """A page as a document."""
        drawing = self.draw(hub, page, language)
        return self._template("page.html", language, title=drawing.title, drawing=drawing, path=address(page))

    def not_found(self, language: Language) -> str:
        return self._template("not_found.html", language, title=say(Phrase("page.not-found"), language), path="")

    def leaving(self, page: TicketPage, number: str, stage: Stage, language: Language) -> str:
        """The page on which a patient says that they go, at one of its stages."""
        headline, advice = words_of(stage, number)
        back = address(page)
        return self._template(
            "leave.html",
            language,
            title=say(headline, language),
            advice=say(advice, language),
            stage=stage,
            path=f"{back}/leave",
            back=back,
        )

    def _network(self, hub: Hub, language: Language) -> Drawing:
        sites = {*self._places, *(view.site for view in hub.views())}
        by_name = sorted(sites, key=self._places.name)
        seen = [(site, hub.view(site)) for site in by_name]
        rows = [
            (site, self._places.name(site), self._counts(view), self._said(view), self._shutters.headline(hub, site))
            for site, view in seen
        ]
        views = sorted(hub.views(), key=lambda view: view.site)
        journals = hashlib.sha256("".join(view.epoch for view in views).encode()).hexdigest()[:16]
        version = f"{journals}-{sum(view.seq for view in views)}"
        return Drawing(version, say(_TITLE, language), self._template("network.html", language, rows=rows))

    def _centre(self, hub: Hub, site: SiteId, language: Language) -> Drawing:
        view = hub.view(site)
        rooms = [] if view is None else self._doctors.rooms(view, language)
        days = self._doctors.days(site, language)
        name = self._places.name(site)
        shut = self._shutters.of(hub, site)
        html = self._template(
            "centre.html",
            language,
            centre=name,
            shut=shut,
            counts=self._counts(view),
            said=self._said(view) if shut is None else None,
            rooms=rooms,
            days=days,
            kept=self._kept(site),
        )
        return Drawing(_version(view), name, html)

    def _ticket(self, hub: Hub, page: TicketPage, language: Language) -> Drawing:
        found = hub.find(page.token, self._clock.wall_ms())
        if found is None:
            view, ticket, site, room, sentence, doctors, said = None, None, None, "", _UNKNOWN, [], None
        else:
            view, ticket = found
            doctors = self._doctors.on_duty(view, language)
            room = self._room(view.site, ticket.room, language) if ticket.room else ""
            said = self._waits.of_ticket(view, ticket)
            sentence = sentence_for(ticket, view.places.get(ticket.id, 0), room, said)
            site = view.site, self._places.name(view.site)
        html = self._template(
            "ticket.html",
            language,
            ticket=ticket,
            site=site,
            room=room,
            sentence=sentence,
            said=said,
            counts=self._counts(view),
            doctors=doctors,
            leave=f"{address(page)}/leave" if ticket is not None and may_leave(ticket) else None,
        )
        return Drawing(_version(view), say(sentence.headline, language), html)

    def _counts(self, view: SiteView | None) -> dict[str, Any] | None:
        """What is said of a centre in numbers, and how old it is."""
        now_ms = self._clock.wall_ms()
        as_of_ms = view.as_of(now_ms) if view is not None else 0
        if view is None or not as_of_ms:
            return None
        return {
            "waiting": view.waiting,
            "with_doctor": view.with_doctor,
            "is_fresh": view.is_fresh(time.monotonic()),
            "time": self._places.clock_time(view.site, as_of_ms, now_ms),
        }

    def _said(self, view: SiteView | None) -> Said | None:
        """What somebody is told who would come now."""
        return None if view is None else self._waits.of_newcomer(view)

    def _room(self, site: SiteId, room: RoomId, language: Language) -> str:
        return say(Phrase("room.name", {"label": self._places.label(site, room)}), language)

    def _template(self, template: str, language: Language, **values: object) -> str:
        return self._templates.get_template(template).render(
            language=language, direction=direction(language), t=_translator(language), **values
        )


def address(page: Page) -> str:
    """The path of a page."""
    match page:
        case NetworkPage():
            return "/"
        case CentrePage():
            return f"/c/{quote(page.site)}"
        case TicketPage():
            return f"/t/{quote(page.token)}"


def _version(view: SiteView | None) -> str:
    return "0-0" if view is None else f"{view.epoch}-{view.seq}"


def _translator(language: Language) -> Callable[..., str]:
    def translate(phrase: str | Phrase, *, count: int | None = None, **values: str) -> str:
        return say(phrase if isinstance(phrase, Phrase) else Phrase(phrase, values, count), language)

    return translate
