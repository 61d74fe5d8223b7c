"""What is known of a centre at one instant, as far as it bears on the waits; `core.forecast.live` reads it off a site.

Rule: times are minutes from that instant, the past negative; who is on duty comes from presence, never from the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.room.ids import ServiceId, TicketId

__all__ = ["NEWEST", "Away", "Busy", "Moment", "Place", "Seen", "Stretch"]

NEWEST = 60
"""Visits that say how today goes; the morning's say little of the evening."""


@dataclass(frozen=True, slots=True)
class Busy:
    """What keeps a practitioner from calling."""

    kind: str | None
    """Of the visit; None for a pause."""
    since_min: float
    """The call, or the beginning of the pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A practitioner's time on duty without leaving, now or to come."""

    practitioner: str
    begins_min: float
    """As planned; of somebody on duty, when they came."""
    ends_min: float | None
    """As planned, or said; None when nobody has said."""
    is_on: bool = False
    is_closing: bool = False
    """Whether this is the centre's last one of the day: it ends when everybody has been seen."""
    services: frozenset[ServiceId] | None = None
    """What the room offers; None for everything."""
    busy: Busy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somebody who waits."""

    ticket: TicketId
    service: ServiceId
    kind: str
    came_min: float
    key_min: float
    owner: str | None = None
    """The only practitioner who takes them, while on duty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Somebody who may come back and then goes before others: absent at a call, or gone for an exam."""

    since_min: float
    kind: str
    """Of the visit that they come back for."""
    service: ServiceId
    key_min: float | None
    """Their key if it is known already: that of the absent."""
    waited_min: float = 0.0
    """Before the call in vain."""
    head_start_min: float = 0.0
    """Otherwise counted from their coming back."""
    during: str | None = None
    """The kind of visit that they are in and come back from; None for an exam."""
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit of today that is over."""

    practitioner: str
    kind: str
    lasted_min: float
    crowd: float
    """People waiting per practitioner at the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A centre at one instant."""

    at_ms: int
    """UTC milliseconds since 1970."""
    minute: float
    """Since midnight, by the clock on the wall."""
    weekday: int
    """0 for Monday."""
    closes_min: float | None = None
    """None where no hours are known."""
    stretches: tuple[Stretch, ...] = ()
    waiting: tuple[Place, ...] = ()
    """By key: the order of passage."""
    away: tuple[Away, ...] = ()
    newcomers: Mapping[ServiceId, str] = field(default_factory=dict)
    """The services that somebody may come for now, and the kind of visit that each leads to."""
    came: int = 0
    """How many have come today."""
    seen: tuple[Seen, ...] = ()
    """Of today, the newest `NEWEST`."""
