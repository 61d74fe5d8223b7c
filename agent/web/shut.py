"""What the page of a centre says while its kiosks give no tickets: that they do not, until when, and who does.

Rule: the same words as on the centre's own kiosk, and none that sends a patient where nobody is open.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.live import Hub
from agent.nearby.nearby import Brief, Nearby, Neighbour
from agent.web.places import Places
from core.edge.clock import Clock
from core.room.ids import SiteId
from core.room.phrases import Phrase
from core.room.standing import Standing, opens

__all__ = ["OpenCentre", "Shut", "Shutters"]

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCentre:
    """Another centre, as the page names it."""

    site: SiteId
    name: str
    km: int | None
    """As the crow flies, one at least; None where nobody has said where it is."""
    until: str | None
    """Its closing, on the clock of its wall."""
    waiting: int
    wait: Phrase | None
    time: str
    """As of when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """A centre that gives no tickets."""

    headline: Phrase
    opens: Phrase | None
    """When it does again, if that is known."""
    others: list[OpenCentre]


class Shutters:
    """Put into phrases; keeps nothing."""

    def __init__(self, places: Places, clock: Clock, nearby: Nearby) -> None:
        self._places = places
        self._clock = clock
        self._nearby = nearby

    def headline(self, hub: Hub, site: SiteId) -> Phrase | None:
        """That a centre gives no tickets, in a few words; None where it does, or nobody knows."""
        return _headline(self._nearby.standing(site, hub.view(site), self._clock.wall_ms()))

    def of(self, hub: Hub, site: SiteId) -> Shut | None:
        """None of a centre that gives tickets, or of which nobody knows."""
        now_ms = self._clock.wall_ms()

        def brief_of(other: SiteId) -> Brief | None:
            view = hub.view(other)
            return None if view is None else self._nearby.brief(view, now_ms)

        standing = self._nearby.standing(site, hub.view(site), now_ms)
        headline = _headline(standing)
        if headline is None:
            return None
        again = None if standing.opens_ms is None else opens(standing.opens_ms, now_ms, self._places.zone(site))
        return Shut(
            headline=headline,
            opens=again,
            others=[self._other(one, now_ms) for one in self._nearby.around(site, brief_of)[:_SHOWN]],
        )

    def _other(self, found: Neighbour, now_ms: int) -> OpenCentre:
        centre, said = found.brief.elsewhere, found.brief.said
        return OpenCentre(
            site=found.site,
            name=centre.name,
            km=None if found.distance_m is None else max(1, round(found.distance_m / 1000)),
            until=None if centre.closes_ms is None else f"{self._places.wall(found.site, centre.closes_ms):%H:%M}",
            waiting=centre.waiting or 0,
            wait=said.wait if said is not None else None,
            time=self._places.clock_time(found.site, centre.heard_ms, now_ms),
        )


def _headline(standing: Standing) -> Phrase | None:
    return None if standing.intake == "open" else Phrase(f"board.{standing.intake}")
