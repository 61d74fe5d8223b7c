"""What the public pages say of a wait.

Rule: the figure is the centre's own and counts down while the centre is silent, for a quarter of an hour; who is there
is not said of a silent centre, and since when it is silent the page says elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from agent.roster.plan import Plan
from agent.view import SiteView
from agent.web.places import Places
from core.edge.clock import Clock
from core.room.announce import Circumstances, Expected, Said, longest, of_newcomer, of_ticket
from core.room.phrases import Phrase
from core.room.roster import Roster, comes_next
from core.room.state import Ticket
from core.room.transitions import TicketState

__all__ = ["Waits"]


class Waits:
    """Put into phrases; keeps nothing."""

    def __init__(self, places: Places, clock: Clock, plan: Callable[[], Plan]) -> None:
        self._places = places
        self._clock = clock
        self._plan = plan

    def of_ticket(self, view: SiteView, ticket: Ticket) -> Said | None:
        """What somebody who waits is told. A time that the site's clock told in doubt cannot be counted down here."""
        if ticket.state is not TicketState.WAITING:
            return None
        told = None if ticket.is_doubtful else view.state.told.get(ticket.id)
        return _sayable(of_ticket(told, self._around(view)), view)

    def of_newcomer(self, view: SiteView) -> Said | None:
        """What somebody is told who would come now; None where kiosks give no more tickets."""
        if view.state.intake.is_stopped:
            return None
        return _sayable(of_newcomer(longest(view.state.newcomers), self._around(view)), view)

    def _around(self, view: SiteView) -> Circumstances:
        now_ms = self._clock.wall_ms()
        is_on_duty = bool(view.duties)
        return Circumstances(
            now_ms=now_ms,
            zone=self._places.zone(view.site),
            is_on_duty=is_on_duty,
            expected=None if is_on_duty else self._expected(view, now_ms),
            heard_ms=view.as_of(now_ms),
        )

    def _expected(self, view: SiteView, now_ms: int) -> Expected | None:
        plan = self._plan()
        shift = comes_next(view.state, Roster(shifts=plan.at(view.site), names=plan.names), now_ms)
        if shift is None:
            return None
        unnamed = Phrase("duty.unnamed", {"label": self._places.label(view.site, shift.room)})
        return Expected(who=plan.names.get(shift.practitioner, unnamed), at_ms=shift.begins_ms)


def _sayable(said: Said | None, view: SiteView) -> Said | None:
    if said is None or said.is_promise:
        return said
    return said if said.kind == "nobody" and view.is_fresh(time.monotonic()) else None
