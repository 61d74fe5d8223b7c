"""How long a wait is likely to be, and what has been told of it.

Rule: what was told is kept as it was told. It is scored against what happened, so nothing here is ever made better
afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.room.ids import ServiceId, TicketId

__all__ = ["Outlook", "Told", "Wait"]

_LONGEST_S = 7 * 86_400
"""Of a wait that anybody could be told; what is longer was never a forecast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Quantiles of the time until the first call, in seconds."""

    p10_s: int
    p25_s: int
    p50_s: int
    p75_s: int
    p90_s: int
    in_time: int | None = None
    """Chances in a hundred to be called before closing; None where no hours are known, and after them."""

    def __post_init__(self) -> None:
        if not 0 <= self.p10_s <= self.p25_s <= self.p50_s <= self.p75_s <= self.p90_s <= _LONGEST_S:
            raise ValueError(f"quantiles grow, from 0 to {_LONGEST_S} s")
        if self.in_time is not None and not 0 <= self.in_time <= 100:
            raise ValueError(f"{self.in_time} are no chances in a hundred")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A wait, and when it was told: on the site clock, UTC milliseconds since 1970."""

    at_ms: int
    wait: Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a forecast says of one moment."""

    at_ms: int
    tickets: Mapping[TicketId, Wait] = field(default_factory=dict)
    """Of everybody who waits."""
    newcomers: Mapping[ServiceId, Wait] = field(default_factory=dict)
    """Of somebody who would take a ticket now."""
