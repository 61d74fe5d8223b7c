"""Which centres a patient may go to in place of one that gives no tickets: those that do now, nearest first.

Rule: says of a centre what its public page says, counts and waits, and names it only where a patient who sets out finds
a doctor: it is open and not full, somebody is on duty, and all that was true lately.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from agent.nearby.distance import distance_m
from agent.roster.plan import Centres, Plan, zone_of
from agent.view import SiteView
from core.edge.opening import opening_of
from core.room.announce import Circumstances, Said, longest, of_newcomer
from core.room.ids import SiteId
from core.room.opening import Opening
from core.room.standing import Standing, standing_of
from core.wire.messages import Elsewhere

__all__ = ["Brief", "Nearby", "Neighbour"]

_MOST = 10
_REACH_M = 100_000
"""An hour and a half on the road: nobody with a fever goes farther, whatever is open there."""
_LATELY_MS = 15 * 60_000
"""As long as a wait is worth telling (`core.room.announce`)."""
_STEP = 5
"""Of those who wait: three or four is one piece of news, three or ten are two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A centre that gives tickets, as every other one hears of it."""

    elsewhere: Elsewhere
    """Without a distance."""
    steps: int
    """Of those who wait, none apart from some."""
    said: Said | None
    """The words of the wait."""

    @property
    def read(self) -> tuple[object, ...]:
        """What of it a patient would see change."""
        return self.elsewhere.name, self.elsewhere.closes_ms, self.steps, self.said


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A centre that gives tickets, as one other hears of it."""

    site: SiteId
    distance_m: int | None
    brief: Brief

    def elsewhere(self) -> Elsewhere:
        return self.brief.elsewhere.model_copy(update={"distance_m": self.distance_m})


class Nearby:
    """The centres of the agent's file, and their hours by file and plan. Used from one thread."""

    def __init__(self, centres: Centres, plan: Callable[[], Plan]) -> None:
        """
        Args:
            plan: what is planned, as it is now.
        """
        self._centres = centres
        self._plan = plan
        self._planned: Plan | None = None
        """By which the openings at hand were made."""
        self._openings: dict[SiteId, Opening | None] = {}
        self._unplaced = [site for site, centre in centres.items() if centre.place is None]
        self._near: dict[SiteId, list[tuple[SiteId, int]]] = {}

    def standing(self, site: SiteId, view: SiteView | None, now_ms: int) -> Standing:
        """Whether a centre gives tickets now; of one that nobody has heard, by its hours alone."""
        is_stopped = view is not None and view.state.intake.is_stopped
        return standing_of(self._opening(site), now_ms, is_stopped=is_stopped)

    def brief(self, view: SiteView, now_ms: int) -> Brief | None:
        """A centre in brief; None where no patient is to be sent."""
        centre = self._centres.get(view.site)
        heard_ms = view.as_of(now_ms)
        if centre is None or now_ms - heard_ms > _LATELY_MS or not view.duties:
            return None
        standing = self.standing(view.site, view, now_ms)
        if standing.intake != "open":
            return None
        wait = longest(view.state.newcomers)
        return Brief(
            elsewhere=Elsewhere(
                name=centre.name,
                closes_ms=standing.closes_ms,
                waiting=view.waiting,
                wait=wait,
                heard_ms=heard_ms,
            ),
            steps=-(-view.waiting // _STEP),
            said=of_newcomer(wait, Circumstances(now_ms=now_ms, zone=None, is_on_duty=True)),
        )

    def around(self, site: SiteId, brief_of: Callable[[SiteId], Brief | None]) -> list[Neighbour]:
        """The other centres that give tickets: nearest first, then those of which nobody has said where they are."""
        found = (
            Neighbour(other, distance, brief)
            for other, distance in self._others(site)
            if (brief := brief_of(other)) is not None
        )
        return list(islice(found, _MOST))

    def _others(self, site: SiteId) -> Iterator[tuple[SiteId, int | None]]:
        centre = self._centres.get(site)
        if centre is None or centre.place is None:
            yield from ((other, None) for other in self._centres if other != site)
            return
        if site not in self._near:
            self._near[site] = self._placed(site)
        yield from self._near[site]
        yield from ((other, None) for other in self._unplaced)

    def _placed(self, site: SiteId) -> list[tuple[SiteId, int]]:
        here = self._centres[site].place
        if here is None:
            return []
        distances = [
            (other, distance_m(here, centre.place))
            for other, centre in self._centres.items()
            if centre.place is not None and other != site
        ]
        return sorted((one for one in distances if one[1] <= _REACH_M), key=lambda one: one[1])

    def _opening(self, site: SiteId) -> Opening | None:
        plan = self._plan()
        if plan is not self._planned:
            self._openings.clear()
            self._planned = plan
        if site not in self._openings:
            centre = self._centres.get(site)
            table = None if centre is None else centre.opening
            self._openings[site] = None if table is None else opening_of(table, zone_of(centre), plan.days_at(site))
        return self._openings[site]
