"""What a slip says, in the patient's language."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.edge.site import Language, Site
from core.edge.words import say
from core.room.announce import Said
from core.room.ids import Token
from core.room.phrases import Phrase
from core.wire.messages import IssuedReport
from firmware.kiosk.desk.slip import Slip

__all__ = ["Wording"]


class Wording:
    """Of one centre."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._zone = ZoneInfo(site.timezone)
        self._services = {service.id: service for service in site.services}

    def slip(self, report: IssuedReport, language: Language, waiting: int | None, said: Said | None = None) -> Slip:
        """
        Args:
            waiting: how many are before this one; None while the kiosk cannot know.
            said: of the wait; None when nothing is.
        """
        before = Phrase("slip.before", count=waiting) if waiting else Phrase("slip.nobody-before")
        local = datetime.fromtimestamp(report.at.wall_ms / 1000, UTC).astimezone(self._zone)
        return Slip(
            site_name=self._site.name,
            number=report.number,
            service=self._services[report.service].called(language),
            time_text=f"{local:%d/%m/%Y  %H:%M}" if report.at.is_synchronised else None,
            ahead=None if waiting is None else say(before, language),
            url=self.url(report.token),
            advice=say(Phrase("slip.advice"), language),
            wait=say(said.wait, language) if said else None,
            notes=tuple(say(one, language) for one in (said.advice, said.in_time) if one) if said else (),
            claim=say(Phrase(f"slip.claim-{report.claim}"), language) if report.claim else None,
        )

    def specimen(self, model: str) -> Slip:
        """What a technician prints to see paper, head and blade: no ticket, and it says so.

        Args:
            model: the printer's profile, which is to be seen on the paper.
        """
        return Slip(
            site_name=self._site.name,
            number="TEST",
            service=say(Phrase("slip.test"), "fr"),
            time_text=None,
            ahead=None,
            url=self._site.public_url,
            advice=model,
        )

    def url(self, token: Token) -> str:
        """A ticket's page."""
        return f"{self._site.public_url}/t/{token}"
