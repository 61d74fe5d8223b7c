"""The queue played forward, all plays at once.

Each step gives the practitioner who is free first to the first of those whom they may take, in every play. What the
step costs hardly depends on the number of plays, so there are many, and the whole waiting room is one run.

Rule: who goes next is `core.room.passage`'s order, the smallest key first; what people do is by habit.
"""

from __future__ import annotations

from math import exp

import numpy as np
from numpy.typing import NDArray

from core.forecast.chance import PLAYS, Array, Chance, chance_of
from core.forecast.habits import Habits
from core.forecast.moment import Moment
from core.forecast.paces import crowding, paces_of
from core.forecast.queue import Queue, queue_of
from core.forecast.said import waits_of
from core.forecast.team import Team, on_duty, team_of
from core.room.outlook import Outlook

__all__ = ["forecast", "played"]

Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

_ROWS = np.arange(PLAYS)
_STEPS = 4
"""Steps for each person, at most: a call each, and the times that a room finds nobody to call."""
_VISIT_MIN = 15.0
"""A visit, to guess how far ahead the play goes."""
_EPSILON_MIN = 0.05


def forecast(moment: Moment, habits: Habits, seed: int) -> Outlook:
    """How long everybody who waits, and somebody who comes now, is likely to wait.

    Whoever is not called in most plays, because nobody on duty or planned takes them, is left out.
    """
    calls = played(moment, habits, chance_of(seed))
    waits = waits_of(calls, moment.closes_min, habits.calibration)
    asked = len(moment.waiting)
    return Outlook(
        at_ms=moment.at_ms,
        tickets={
            place.ticket: wait for place, wait in zip(moment.waiting, waits[:asked], strict=True) if wait is not None
        },
        newcomers={
            service: wait for service, wait in zip(moment.newcomers, waits[asked:], strict=True) if wait is not None
        },
    )


def played(moment: Moment, habits: Habits, chance: Chance) -> Array:
    """When each one is called first, in minutes from now.

    A row per play; a column for each of those who wait, then one for each newcomer; infinite for never.
    """
    paces = paces_of(moment.seen, habits)
    team = team_of(moment, habits, paces, chance)
    present = max(1, on_duty(team, 0.0))
    horizon_min = _VISIT_MIN * (len(moment.waiting) / present + 2)
    queue = queue_of(moment, habits, chance, horizon_min)
    called = np.full(queue.keys.shape, np.inf)
    if team.stretches:
        _play(team, queue, called, len(moment.waiting), habits.crowd.value)
    return called[:, : queue.targets]


def _play(team: Team, queue: Queue, called: Array, waiting: int, crowd: float) -> None:
    """Fill in who is called when. Keys and free times are used up.

    Cells are taken by their place in memory: by row and column each taking cost three times as much.
    """
    keys, free, comes = queue.keys, team.free, queue.comes
    allowed, owners = _allowed(team, queue), _owners(team, queue)
    is_shared = bool(owners) or allowed is not None
    width = keys.shape[1]
    rows = _ROWS * width
    # Who waits can be called from the start, and those before `passed` have been in every play.
    passed, ready = 0, np.where(comes == -np.inf, keys, np.inf)
    later, coming = keys[:, queue.targets :], comes[:, queue.targets :]
    to_call = PLAYS * queue.targets
    for step in range(_STEPS * width):
        who = free.argmin(0)
        desk = who * PLAYS + _ROWS
        now = free.take(desk)
        ready[:, queue.targets :] = np.where(coming <= now[:, None], later, np.inf)
        candidates = ready.copy() if is_shared else ready
        if allowed is not None:
            candidates[~allowed[who]] = np.inf
        for column, owner in owners:
            candidates[(who != owner) & (free[owner] < np.inf), column] = np.inf
        first = candidates[:, passed:].argmin(1) + passed
        is_called = (candidates.take(rows + first) < np.inf) & (now < np.inf)
        if not is_called.all():
            idle = np.flatnonzero(~is_called)
            if is_shared:
                free.put(desk[idle], _until_somebody(team, queue, desk[idle], idle))
            else:
                first[idle], now[idle] = _next_to_come(queue, idle, now[idle])
                is_called[idle] = now[idle] < team.ends.take(desk[idle])
                free.put(desk[idle], np.inf)
            some = np.flatnonzero(is_called)
            if not len(some):
                if not (free < np.inf).any():
                    return
                continue
            place = rows[some] + first[some]
            desk, now, first = desk[some], now[some], first[some]
        else:
            place = rows + first
        called.put(place, now)
        keys.put(place, np.inf)
        ready.put(place, np.inf)
        while passed < waiting and ready[:, passed].min() == np.inf:
            passed += 1
        mean_now = float(now.sum()) / len(now)
        people = max(0.0, waiting - step - 1) + queue.rate * mean_now
        faster = exp(crowd * crowding(people, on_duty(team, mean_now)))
        busy = np.where(
            now < queue.gone.take(place),
            queue.visit.take(place) * team.slowness.take(desk) * faster,
            queue.absence.take(place),
        )
        again = now + busy
        free.put(desk, np.where(again < team.ends.take(desk), again, np.inf))
        to_call -= int(np.count_nonzero(first < queue.targets))
        if to_call <= 0:
            return


def _next_to_come(queue: Queue, idle: Places, now: Array) -> tuple[Places, Array]:
    """The column of whoever comes next in these plays, and when they are called; infinite where nobody does."""
    comes = np.where(queue.keys[idle, queue.targets :] < np.inf, queue.comes[idle, queue.targets :], np.inf)
    if not comes.shape[1]:
        return np.zeros_like(idle), np.full(len(idle), np.inf)
    column = comes.argmin(1)
    return column + queue.targets, np.maximum(now, comes[np.arange(len(idle)), column])


def _until_somebody(team: Team, queue: Queue, desk: Places, idle: Places) -> Array:
    """Until when those can call nobody who are free, where a patient may be a colleague's: the next coming, or the time
    when a colleague is free.
    """
    since = team.free.take(desk)[:, None]
    comes, others = queue.comes[idle], team.free[:, idle].T
    until = np.where((comes > since) & (queue.keys[idle] < np.inf), comes, np.inf).min(1)
    until = np.minimum(until, np.where(others > since, others, np.inf).min(1) + _EPSILON_MIN)
    return np.where(until < team.ends.take(desk), until, np.inf)


def _allowed(team: Team, queue: Queue) -> Flags | None:
    """Which stretch may take whom, by what its room offers; None where everything is offered everywhere."""
    if all(stretch.services is None for stretch in team.stretches):
        return None
    return np.array(
        [
            [stretch.services is None or service in stretch.services for service in queue.services]
            for stretch in team.stretches
        ]
    )


def _owners(team: Team, queue: Queue) -> list[tuple[int, int]]:
    """Columns of those who wait for one practitioner, and that practitioner's stretch, if they are on duty."""
    present = {stretch.practitioner: row for row, stretch in enumerate(team.stretches) if stretch.is_on}
    return [
        (column, present[owner]) for column, owner in enumerate(queue.owners) if owner is not None and owner in present
    ]
