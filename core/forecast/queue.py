"""Who is to be called, in every play: those who wait, those who may come back, those who will go before others.

Whoever comes now, one for each service, stands last, and costs nobody any time.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt

import numpy as np

from core.forecast.chance import COLUMNS, PLAYS, Array, Chance, lasting, remaining, survival
from core.forecast.habits import GONE_AFTER_MIN, SLOT_MIN, Habits, Mean
from core.forecast.moment import Away, Moment, Place
from core.forecast.paces import pace_of
from core.room.ids import ServiceId

__all__ = ["Queue", "queue_of"]

_LONGEST_MIN = 180.0
"""No further ahead does anybody come who goes before those who wait now."""
_CLASS_MIN = 30.0
"""Width of a class of `GONE_AFTER_MIN`."""
_RARE = 0.02
"""Comings that are rarer than this within the time in question are left out."""
_WIDEST = 20
_PSEUDO_CAME = 80.0
"""People who must have come before half of what their number says of the day is believed: days differ by a tenth."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One row per play, one column per person: those who wait, newcomers, those who come later. Minutes from now."""

    targets: int
    """How many columns are asked about: they are the first ones."""
    keys: Array
    """Infinite once they are out of the way. Changed by the play."""
    comes: Array
    gone: Array
    """From when on they are not there when called."""
    visit: Array
    """How long they keep an average practitioner, without a crowd."""
    absence: Array
    """How long they keep one if they are gone."""
    services: tuple[ServiceId, ...]
    owners: tuple[str | None, ...]
    rate: float
    """People who come each minute."""


def queue_of(moment: Moment, habits: Habits, chance: Chance, horizon_min: float) -> Queue:
    """The queue as habit has it."""
    waiting, away = moment.waiting, moment.away
    rate = _rate(moment, habits)
    coming = list(_crossings(habits, rate, min(horizon_min, _LONGEST_MIN), chance))
    targets = len(waiting) + len(moment.newcomers)
    kinds = [
        *(place.kind for place in waiting),
        *moment.newcomers.values(),
        *(one.kind for one in away),
        *(kind for kind, _, _ in coming),
    ]
    width = len(kinds)
    visit = _visits(kinds, habits, chance)
    keys = np.zeros((PLAYS, width))
    comes = np.full((PLAYS, width), -np.inf)
    gone = np.full((PLAYS, width), np.inf)
    absence = np.zeros((PLAYS, width))
    keys[:, : len(waiting)] = [place.key_min for place in waiting]
    if waiting:
        gone[:, : len(waiting)], absence[:, : len(waiting)] = _gone(waiting, habits, visit, chance)
    visit[:, len(waiting) : targets] = 0.0
    for column, one in enumerate(away, targets):
        comes[:, column] = _back(one, habits, chance, column)
        keys[:, column] = comes[:, column] - one.head_start_min if one.key_min is None else one.key_min
    for column, (_, at, head_start) in enumerate(coming, targets + len(away)):
        comes[:, column] = at
        keys[:, column] = at - head_start
    anywhere = next(iter(moment.newcomers), ServiceId(""))
    services = [
        *(place.service for place in waiting),
        *moment.newcomers,
        *(one.service for one in away),
        *(anywhere for _ in coming),
    ]
    owners = [*(place.owner for place in waiting), *(None for _ in moment.newcomers), *(one.owner for one in away)]
    owners += [None] * (width - len(owners))
    return Queue(targets, keys, comes, gone, visit, absence, tuple(services), tuple(owners), rate)


def _rate(moment: Moment, habits: Habits) -> float:
    """Arrivals a minute over the next hour: as is usual, corrected by how many have come today."""
    slot, part = divmod(moment.minute / SLOT_MIN, 1)
    usual = [one.value for one in habits.arrivals]
    so_far = sum(usual[: int(slot)]) + part * usual[int(slot)]
    next_hour = sum(usual[(int(slot) + ahead) % len(usual)] for ahead in range(2))
    weekday = habits.weekdays[moment.weekday].value
    today = (moment.came + _PSEUDO_CAME) / (weekday * so_far + _PSEUDO_CAME)
    return weekday * today * next_hour / (2 * SLOT_MIN)


def _visits(kinds: list[str], habits: Habits, chance: Chance) -> Array:
    paces = [pace_of(kind, habits) for kind in kinds]
    normal = chance.normal("visit", len(kinds))
    visit = np.exp(normal * [pace.spread for pace in paces] + [pace.log_mean for pace in paces])
    pause = lasting(habits.pause, chance.normal("pause", len(kinds)))
    return np.asarray(visit + np.where(chance.uniform("pause", len(kinds)) < habits.pauses.value, pause, 0.0))


def _gone(waiting: tuple[Place, ...], habits: Habits, visit: Array, chance: Chance) -> tuple[Array, Array]:
    """From when on those who wait are not there, and how long each keeps the room that calls in vain.

    Who has said so costs nothing; who left silently costs the time until the room calls the next one. Who would be
    absent after any wait is only away for a while: many of them come back, and are seen soon.
    """
    count = len(waiting)
    came = np.array([place.came_min for place in waiting])
    silent = came + _patience(habits.absent, chance)[:, np.arange(count) % COLUMNS]
    hours = np.diff([*GONE_AFTER_MIN, GONE_AFTER_MIN[-1] + 120]) / 60
    left = np.concatenate([[0.0], np.cumsum(hours * [one.value for one in habits.left])])
    edges = np.array([*GONE_AFTER_MIN, GONE_AFTER_MIN[-1] + 120.0])
    so_far = np.interp(-came, edges, left)
    said = came + np.interp(so_far + chance.exponential("left", count), left, edges, right=np.inf)
    grace = np.exp(habits.grace.log_mean)
    is_back = (silent == -np.inf) & (chance.uniform("back", count) < habits.back.value)
    return np.minimum(silent, said), np.where(said < silent, 0.0, grace + np.where(is_back, visit[:, :count], 0.0))


@lru_cache(maxsize=4)
def _patience(absent: tuple[Mean, ...], chance: Chance) -> Array:
    """After what wait somebody has left silently; before any wait those who would be absent after any."""
    waits = [0.0, *(edge + _CLASS_MIN / 2 for edge in GONE_AFTER_MIN)]
    shares = np.maximum.accumulate([absent[0].value, *(share.value for share in absent)])
    return np.interp(chance.uniform("absent", COLUMNS), shares, waits, left=-np.inf, right=np.inf)


def _back(one: Away, habits: Habits, chance: Chance, column: int) -> Array:
    """When somebody who is away comes back, if at all."""
    exponential = chance.exponential("back", column + 1)[:, column]
    if one.key_min is None:
        pace = habits.exam if one.during is None else pace_of(one.during, habits)
        return remaining(pace.log_mean, pace.spread, -one.since_min, exponential)
    after, share = habits.back_after, habits.back.value * _only_away(one.waited_min, habits)
    # The longer they have stayed away, the less likely they are to come.
    staying = share * survival(after.log_mean, after.spread, -one.since_min)
    is_back = chance.uniform("left", column + 1)[:, column] < staying / (staying + 1 - share)
    return np.where(is_back, remaining(after.log_mean, after.spread, -one.since_min, exponential), np.inf)


def _only_away(waited_min: float, habits: Habits) -> float:
    """The share of those absent after such a wait who would have been absent after any."""
    usual, now = habits.absent[0].value, habits.absent[bisect(GONE_AFTER_MIN, waited_min) - 1].value
    return usual / now if now > usual else 1.0


def _crossings(habits: Habits, rate: float, horizon_min: float, chance: Chance) -> list[tuple[str, Array, float]]:
    """Kind, times of coming and head start of those who will go before somebody who waits now."""
    coming: list[tuple[str, Array, float]] = []
    times = chance.exponential("crossing", _WIDEST)
    for kind, crossing in habits.crossings.items():
        window = min(crossing.head_start_min, horizon_min)
        mean = rate * crossing.share.value * window
        if mean < _RARE:
            continue
        columns = min(ceil(mean + 2 * sqrt(mean)), _WIDEST - len(coming))
        at = np.cumsum(times[:, len(coming) : len(coming) + columns], axis=1) * (window / mean)
        coming += [(kind, np.where(one <= window, one, np.inf), crossing.head_start_min) for one in at.T]
    return coming
