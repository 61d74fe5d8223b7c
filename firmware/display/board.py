"""What the board shows: who is called and where, who follows, and whether all that is still true.

Rule: nothing here reads a clock, draws, or puts anything into words. A call is told by its number and its room alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from core.room.announce import of_newcomer, of_ticket
from core.room.duty import DutyState
from core.room.ids import Number, RoomId
from core.room.phrases import Phrase
from core.wire.messages import Call, Screen
from firmware.around import around

__all__ = ["Board", "CallLine", "Capacity", "Sightings", "make_board", "next_change_s", "sight"]

NEW_S = 20.0
"""So long a call is set apart from the ones before it."""

BLINK_S = 10.0
"""So long it blinks: enough to draw an eye, too short to become a nuisance."""

_HALF_BLINK_S = 0.5
"""One blink a second; three would be the most that hurts nobody (WCAG 2.3.1)."""

_RECENT_MS = 60_000
"""An older call than this is no news to a board that was switched on or cut off meanwhile."""

_CallKey = tuple[Number, int, int]


@dataclass(frozen=True, slots=True)
class Sightings:
    """When this board first saw each recent call."""

    at_s: Mapping[_CallKey, float] = field(default_factory=dict)
    """Monotonic seconds; minus infinity for a call that is no news."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much fits on the panel."""

    calls: int
    following: int
    """Numbers alone …"""
    with_waits: int = 0
    """… or each beside its wait …"""
    with_notice: int = 0
    """… or above a notice."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call."""

    number: Number
    room: Phrase
    is_new: bool = False
    is_bright: bool = False
    """The blink of a new call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All that is drawn; two equal boards are one picture."""

    site: str
    time: str | None
    """`18:42`; None when the clock cannot be trusted."""
    calls: tuple[CallLine, ...]
    """Newest first."""
    following: tuple[Number, ...]
    """In order of passage, as many as fit."""
    more: int
    """How many wait beyond those."""
    waits: tuple[Phrase | None, ...] = ()
    """How long each of those who follow is likely to wait; empty where nobody says it."""
    notice: Phrase | None = None
    """That nobody is on duty, and who comes next."""
    waiting: Phrase
    """How many wait, or what they should know instead."""
    is_stale: bool
    """The controller is not heard: what is shown may no longer be so."""


def sight(known: Sightings, screen: Screen, now_s: float) -> Sightings:
    """Look at a screen: calls not seen before are seen now, those that have gone are forgotten.

    Args:
        now_s: monotonic seconds.
    """
    return Sightings(
        {
            _key(call): known.at_s.get(_key(call), now_s if screen.at_ms - call.at_ms <= _RECENT_MS else float("-inf"))
            for call in screen.calls
        }
    )


def next_change_s(sightings: Sightings, now_s: float) -> float | None:
    """Seconds until a blink changes the board by itself; None when nothing blinks."""
    ages = [now_s - at_s for at_s in sightings.at_s.values()]
    blinks = [_HALF_BLINK_S - age % _HALF_BLINK_S for age in ages if age < BLINK_S]
    ends = [NEW_S - age for age in ages if BLINK_S <= age < NEW_S]
    return min(blinks + ends, default=None)


def make_board(
    screen: Screen | None,
    *,
    is_fresh: bool,
    sightings: Sightings,
    now_s: float,
    now: datetime | None,
    site: str,
    labels: Mapping[RoomId, str],
    capacity: Capacity,
    zone: tzinfo | None = None,
) -> Board:
    """The board of a screen.

    Args:
        screen: the newest one known, perhaps of before a restart.
        is_fresh: whether the controller is heard now.
        now: local time, None when the clock cannot be trusted.
        labels: what stands on each room's door.
        zone: of the clock on the wall; None where the hour is not known.
    """
    waiting = [one.number for one in screen.waiting] if screen else []
    calls = screen.calls[: capacity.calls] if screen else []
    waits, notice = _waits(screen, labels, zone, capacity) if screen and is_fresh else ((), None)
    places = capacity.with_notice if notice else capacity.following
    # The last place says how many more there are, unless exactly one is left, who may as well have it.
    shown = len(waits) or (len(waiting) if len(waiting) <= places else max(0, places - 1))
    return Board(
        site=site,
        time=f"{now:%H:%M}" if now else None,
        calls=tuple(_line(call, sightings, now_s, labels) for call in calls),
        following=tuple(waiting[:shown]),
        more=len(waiting) - shown,
        waiting=_waiting(screen),
        is_stale=screen is None or not is_fresh,
        waits=waits,
        notice=notice,
    )


def _waits(
    screen: Screen, labels: Mapping[RoomId, str], zone: tzinfo | None, capacity: Capacity
) -> tuple[tuple[Phrase | None, ...], Phrase | None]:
    """The waits of those who follow, if any is told, or the notice that nobody is on duty to those whom it concerns."""
    here = around(screen, labels, zone)
    if not here.is_on_duty:
        said = of_newcomer(None, here) if screen.waiting or screen.intake == "open" else None
        return (), said.wait if said and capacity.with_notice else None
    first = [of_ticket(one.told, here) for one in screen.waiting[: capacity.with_waits]]
    return (tuple(said.short if said else None for said in first) if any(first) else ()), None


def _waiting(screen: Screen | None) -> Phrase:
    """Those who wait and see no call are told why; an empty waiting room, whether more may come."""
    if screen is None or not screen.waiting:
        intake = screen.intake if screen else "open"
        return Phrase("board.nobody-waits" if intake == "open" else f"board.{intake}")
    duties = {room.duty for room in screen.rooms}
    if DutyState.PAUSE in duties and DutyState.ON not in duties:
        return Phrase("board.pause")
    return Phrase("board.waiting", count=len(screen.waiting))


def _line(call: Call, sightings: Sightings, now_s: float, labels: Mapping[RoomId, str]) -> CallLine:
    age_s = now_s - sightings.at_s.get(_key(call), float("-inf"))
    return CallLine(
        number=call.number,
        room=Phrase("room.name", {"label": labels.get(call.room, call.room)}),
        is_new=age_s < NEW_S,
        is_bright=age_s < BLINK_S and int(age_s / _HALF_BLINK_S) % 2 == 1,
    )


def _key(call: Call) -> _CallKey:
    return call.number, call.calls, call.at_ms
