"""Patients and doctors of a busy evening, as a pure play: who comes when, for what, for how long, who has gone.

Rule: one seed fixes every patient's arrival, choice, patience and visit before the first one comes, so that the same
people come whatever the processes around them do.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.room.duty import DutyState
from core.room.ids import RoomId, ServiceId, TicketId
from core.room.passage import Policy, next_for
from core.room.state import SiteState

__all__ = ["ABSENT_S", "BREAK_S", "EVENING_S", "REACTION_S", "Move", "Patient", "evening", "move_due"]

EVENING_S = 4 * 3600
"""17:00 to 21:00."""

_CURVE = ((0, 0.75), (1800, 1.0), (5400, 0.80), (9000, 0.50), (13_200, 0.25), (EVENING_S, 0.0))
"""Seconds after 17:00, and how many come compared with the peak at 17:30 (field notes: peaks at 16:30 to 18:30)."""

_MEAN_S = 15 * 60
_VARIATION = 0.33
"""A consultation is lognormal about its mean (research: walk-in visits of general practice)."""
_CARE_FACTOR = 1.4
"""Stitches and plasters hold a room longer (field notes)."""
_SHORTEST_S = 240
"""Longer than the grace time, within which a press would say that nobody came."""

_PATIENCE_S = 2 * 3600
_PATIENCE_VARIATION = 0.6
_FIRST_CHOICE = 0.8
"""Who wants the first service of the centre; the others share the rest."""

ABSENT_S = 75.0
"""How long a doctor looks into an empty corridor before pressing again: between recall and the end of the grace."""
REACTION_S = 15.0
"""A doctor who is free presses this long after somebody has begun to wait."""
BREAK_S = 600.0
"""A pause: a coffee, a telephone call."""
_BREAK_AFTER = 0.08
"""The share of visits after which the doctor takes one: about one in three hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One who comes this evening."""

    arrives_s: float
    """At the kiosk, in seconds after the evening's beginning."""
    service: ServiceId
    patience_s: float
    """Who is called later than this has gone home and does not show up."""
    visit_s: float
    """From the call to the end of the visit."""
    has_break: bool = False
    """Whether the doctor takes a break afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a doctor does next, and when."""

    at_ms: int
    """On the site clock."""
    does: Literal["press", "leave"] = "press"


def evening(seed: int, patients: int, services: Sequence[ServiceId]) -> list[Patient]:
    """Everybody of one evening, in the order in which they come."""
    chance = random.Random(seed)  # noqa: S311 - a play, no secret
    return [_patient(chance, arrives_s, services) for arrives_s in sorted(_arrival_s(chance) for _ in range(patients))]


def move_due(
    state: SiteState, room: RoomId, who: dict[TicketId, Patient], policy: Policy, *, began_ms: int
) -> Move | None:
    """What the doctor of a room does next; None while there is no reason to do anything.

    They come on duty at the beginning, and again after a break, whatever the centre has taken it for.

    Args:
        who: the patients behind the tickets; a stranger stays for a mean visit.
        began_ms: the beginning of the evening.
    """
    duty, ticket = state.duties.get(room), state.in_room(room)
    if duty is None:
        return Move(at_ms=began_ms)
    if duty.state is not DutyState.ON:
        return Move(at_ms=duty.since_ms + round(BREAK_S * 1000))
    if ticket is None:
        following = next_for(state, room, policy)
        return None if following is None else Move(at_ms=following.ordered_at_ms + round(REACTION_S * 1000))
    called_ms = ticket.called_at_ms or 0
    patient = who.get(ticket.id)
    if patient is None:
        return Move(at_ms=called_ms + _MEAN_S * 1000)
    if called_ms - ticket.ordered_at_ms > patient.patience_s * 1000:
        return Move(at_ms=called_ms + round(ABSENT_S * 1000))
    ends_ms = called_ms + round(patient.visit_s * 1000)
    return Move(at_ms=ends_ms, does="leave" if patient.has_break else "press")


def _patient(chance: random.Random, arrives_s: float, services: Sequence[ServiceId]) -> Patient:
    is_first = len(services) == 1 or chance.random() < _FIRST_CHOICE
    service = services[0] if is_first else chance.choice(services[1:])
    visit_s = _lognormal(chance, _MEAN_S if is_first else _MEAN_S * _CARE_FACTOR, _VARIATION)
    return Patient(
        arrives_s=arrives_s,
        service=service,
        patience_s=_lognormal(chance, _PATIENCE_S, _PATIENCE_VARIATION),
        visit_s=max(_SHORTEST_S, visit_s),
        has_break=chance.random() < _BREAK_AFTER,
    )


def _arrival_s(chance: random.Random) -> float:
    """One arrival, by thinning: given how many come, a Poisson crowd's arrivals are drawn one by one from its curve."""
    while True:
        at_s = chance.uniform(0, EVENING_S)
        if chance.random() < _intensity(at_s):
            return at_s


def _intensity(at_s: float) -> float:
    after = min(bisect_right(_CURVE, (at_s, math.inf)), len(_CURVE) - 1)
    (left_s, left), (right_s, right) = _CURVE[after - 1], _CURVE[after]
    return left + (right - left) * (at_s - left_s) / (right_s - left_s)


def _lognormal(chance: random.Random, mean: float, variation: float) -> float:
    """A lognormal draw of a mean and a coefficient of variation."""
    sigma_squared = math.log(1 + variation**2)
    return chance.lognormvariate(math.log(mean) - sigma_squared / 2, math.sqrt(sigma_squared))
