"""A past service day, as learning reads it: who was planned, and what happened in order.

A journal (`core.forecast.history`) and a trace kept elsewhere are turned into the same few facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.room.ids import ServiceId

__all__ = ["DayHistory", "Fact", "Planned", "What"]

ANY_SERVICE = ServiceId("")

What = Literal["came", "moved", "called", "absent", "back", "ended", "away", "left", "on", "off", "paused", "resumed"]
"""Of a ticket: waits from now on; waits at another place; is called; is not there; waits again as before; the visit is
over; is gone for an exam; will not be called any more. Of a practitioner: is on duty, or says until when; has left;
takes a pause; is back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A shift of the plan; minutes since midnight."""

    practitioner: str
    begins_min: float
    ends_min: float
    is_closing: bool = False
    services: frozenset[ServiceId] | None = None
    """What the room offers; None for everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened."""

    at_min: float
    """Since midnight, by the clock on the wall."""
    what: What
    ticket: str = ""
    practitioner: str = ""
    """Who called, or whose duty; of a ticket that came, the only one who takes it."""
    kind: str = ""
    """Of the visit that a ticket waits for."""
    key_min: float = 0.0
    """Of a ticket that came."""
    service: ServiceId = ANY_SERVICE
    """What a ticket waits for."""
    is_back: bool = False
    """Of a ticket that came: whether it has been with a practitioner already today."""
    planned: Planned | None = None
    """Of a practitioner who comes on duty, if this is not the plan's: until when, and what the room offers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHistory:
    """A day that is over."""

    day: str
    """ISO date."""
    weekday: int
    """0 for Monday."""
    plan: tuple[Planned, ...] = ()
    facts: tuple[Fact, ...] = ()
    closes_min: float | None = None
    newcomers: Mapping[ServiceId, str] = field(default_factory=dict)
    """The services that people come for, and the kind of visit that each leads to."""
    return_head_start_min: float = 45.0
    """Of those who come back from an exam."""
