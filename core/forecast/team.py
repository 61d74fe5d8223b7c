"""Who can call patients, and when, in every play: those on duty and those still to come."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.forecast.chance import COLUMNS, PLAYS, Array, Chance, from_classes, from_later_classes, lasting, remaining
from core.forecast.habits import Habits
from core.forecast.moment import Busy, Moment, Stretch
from core.forecast.paces import Paces, pace_of

__all__ = ["Team", "on_duty", "team_of"]


@dataclass(frozen=True, slots=True)
class Team:
    """One row per stretch, one column per play; minutes from now."""

    stretches: tuple[Stretch, ...]
    free: Array
    """From when they call the next patient; infinite when they never do. Changed by the play."""
    ends: Array
    """Until when they call patients."""
    slowness: Array
    """What their visits are multiplied by."""


def team_of(moment: Moment, habits: Habits, paces: Paces, chance: Chance) -> Team:
    """The team as the plan and habit have it."""
    stretches = moment.stretches
    count = len(stretches)
    free, ends = np.empty((count, PLAYS)), np.full((count, PLAYS), np.inf)
    uniform = chance.uniform("team", count)
    stays = _stays(habits.leaving, chance)
    slowness = _slowness(stretches, paces, chance)
    for row, stretch in enumerate(stretches):
        free[row] = (
            _until_free(stretch.busy, slowness[row], habits, row, chance)
            if stretch.is_on
            else _comes(stretch, habits, uniform[:, row])
        )
        if stretch.ends_min is not None and not stretch.is_closing:
            ends[row] = stretch.ends_min + stays[:, row % COLUMNS]
    free[free >= ends] = np.inf
    return Team(stretches, free, ends, np.exp(slowness))


def on_duty(team: Team, at_min: float) -> int:
    """How many are planned to be there."""
    return sum(
        stretch.begins_min <= at_min and (stretch.ends_min is None or at_min < stretch.ends_min or stretch.is_closing)
        for stretch in team.stretches
    )


def _slowness(stretches: tuple[Stretch, ...], paces: Paces, chance: Chance) -> Array:
    """What each one's visits add to the logarithm of the usual, and what is not known of it."""
    who = list({stretch.practitioner: None for stretch in stretches})
    normal = chance.normal("pace", len(who) + 1).T
    own = {name: paces.of(name) + paces.doubt_of(name) * column for name, column in zip(who, normal[1:], strict=True)}
    slowness = np.array([own[stretch.practitioner] for stretch in stretches]).reshape(-1, PLAYS)
    return np.asarray(slowness + paces.doubt * normal[0])


def _comes(stretch: Stretch, habits: Habits, uniform: Array) -> Array:
    return stretch.begins_min + from_later_classes(habits.coming, uniform, -stretch.begins_min, habits.missing.value)


@lru_cache(maxsize=4)
def _stays(leaving: tuple[float, ...], chance: Chance) -> Array:
    """How long after the plan they go on calling; a column for each stretch."""
    return from_classes(leaving, chance.uniform("leaving", COLUMNS))


def _until_free(busy: Busy | None, slowness: Array, habits: Habits, row: int, chance: Chance) -> Array | float:
    """What is left of a visit or a pause that has begun; a visit may be followed by a pause."""
    if busy is None:
        return 0.0
    exponential = chance.exponential("team", row + 1)[:, row]
    if busy.kind is None:
        return remaining(habits.pause.log_mean, habits.pause.spread, -busy.since_min, exponential)
    pace = pace_of(busy.kind, habits)
    rest = remaining(pace.log_mean + slowness, pace.spread, -busy.since_min, exponential)
    has_pause = chance.uniform("busy", row + 1)[:, row] < habits.pauses.value
    return rest + np.where(has_pause, lasting(habits.pause, chance.normal("busy", row + 1)[:, row]), 0.0)
