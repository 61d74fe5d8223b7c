"""One centre as the pages see it: immutable, made by the ingest, read by the web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from core.room.duty import Duty
from core.room.ids import RoomId, SiteId, TicketId, Token
from core.room.passage import order_of_passage
from core.room.state import SiteState, Ticket
from core.room.transitions import IN_ROOM

__all__ = ["SiteView"]

_DOUBT_S = 60.0
"""How long a site that was just heard is believed to be there while its link cannot be known."""


@dataclass(frozen=True, kw_only=True)
class SiteView:
    """A state of a site, and how old it is."""

    site: SiteId
    epoch: str
    seq: int
    state: SiteState
    is_online: bool | None
    """What the site's link says; None while the agent cannot know."""
    as_of_ms: int
    """Until when the state is known to have been true: UTC milliseconds."""
    heard_s: float
    """When the site was last heard: real monotonic seconds; minus infinity when not since the agent's start."""

    def is_fresh(self, now_s: float) -> bool:
        """Whether the state is the present one.

        A link that is up is proof enough in a quiet hour: the broker tells of its loss within 1.5 keep-alives (MQTT 5,
        3.1.2.10).
        """
        return bool(self.is_online) or (self.is_online is None and now_s - self.heard_s < _DOUBT_S)

    def as_of(self, now_ms: int) -> int:
        """Until when the state was true, the present included: UTC milliseconds, 0 where nobody knows.

        Never later than now, whichever clock was put back since: an age is not negative.
        """
        return now_ms if self.is_online else min(self.as_of_ms, now_ms)

    @cached_property
    def places(self) -> Mapping[TicketId, int]:
        """How many go before each waiting ticket."""
        return {ticket.id: place for place, ticket in enumerate(order_of_passage(self.state))}

    @cached_property
    def tickets(self) -> Mapping[Token, Ticket]:
        """The day's tickets by the token on their slips."""
        return {ticket.token: ticket for ticket in self.state.tickets.values()}

    @cached_property
    def rooms(self) -> Mapping[RoomId, Ticket]:
        """Who is called to, or served in, each room that holds somebody."""
        return {
            ticket.room: ticket
            for ticket in self.state.tickets.values()
            if ticket.room is not None and ticket.state in IN_ROOM
        }

    @cached_property
    def duties(self) -> Mapping[RoomId, Duty]:
        """Who is on duty in each room that has somebody, on a break or not."""
        return {room: duty for room in self.state.duties if (duty := self.state.on_duty(room)) is not None}

    @property
    def waiting(self) -> int:
        return len(self.places)

    @property
    def with_doctor(self) -> int:
        return len(self.rooms)
