"""What is said of a wait: one set of words for kiosk, slip, board, phone page and public page.

p25 to p90, rounded out to five minutes: of the wordings that were tried on simulated days this one is exceeded least
for its width (7 % of waits are longer, 1 % by more than ten minutes). Its upper end is the promise.

Rule: pure, and never one number. Where nobody takes patients or nothing has been heard for long, no figure is said,
and what is known instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from core.room.ids import ServiceId
from core.room.outlook import Told, Wait
from core.room.phrases import Phrase

__all__ = [
    "Circumstances",
    "Expected",
    "Said",
    "has_moved",
    "longest",
    "newcomers_have_moved",
    "of_newcomer",
    "of_ticket",
    "promise_min",
]

_STEP_MIN = 5
_STEP_S = _STEP_MIN * 60
_SOON_S = 600
_OUTSIDE_S = 900
"""Nobody is sent outside for less."""
_SILENT_MS = 15 * 60_000
"""After this long without news a forecast is worth nothing: in a quarter of an hour a doctor has come or gone."""
_YES, _NO = 90, 50
"""Chances in a hundred from which "before closing" is a yes, and below which it is probably a no."""
_NOISE = 5
"""Chances in a hundred by which two forecasts of one state differ: 192 plays, two standard errors at 90."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Who comes next, by the plan."""

    who: str | Phrase
    at_ms: int
    """When they should come, or should have come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What bears on the words of every wait at a centre."""

    now_ms: int
    """On the clock by which a wait was told."""
    zone: tzinfo | None
    """Of the clock on the wall; None where the hour is not to be trusted, and then none is said."""
    is_on_duty: bool
    """Whether any practitioner is there, a break included."""
    expected: Expected | None = None
    heard_ms: int | None = None
    """Until when what is known was true; None for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The words of one wait."""

    kind: Literal["range", "soon", "nobody", "silent"]
    wait: Phrase
    """A sentence."""
    short: Phrase | None = None
    """Without the sentence around it, to stand beside a number; None where there is no figure."""
    advice: Phrase | None = None
    """Where to wait, for those who have a ticket."""
    in_time: Phrase | None = None
    """Whether it is before closing, where that can be asked at all."""

    @property
    def is_promise(self) -> bool:
        """Whether a wait was told that can be kept or not."""
        return self.kind in ("range", "soon")


def of_ticket(told: Told | None, around: Circumstances) -> Said | None:
    """What somebody who waits is told; None while no forecast was made for them."""
    said = _instead(around)
    if said is not None or told is None:
        return said
    left = _remaining(told, around.now_ms)
    if _is_soon(left):
        return replace(_soon("wait.soon", left), advice=Phrase("wait.be-there"))
    return replace(_range(left), advice=_outside(left, around))


def of_newcomer(wait: Wait | None, around: Circumstances) -> Said | None:
    """What somebody is told who would take a ticket now; None while no forecast is made."""
    said = _instead(around)
    if said is not None or wait is None:
        return said
    return _soon("wait.hardly-any", wait) if _is_soon(wait) else _range(wait)


def longest(newcomers: Mapping[ServiceId, Wait]) -> Wait | None:
    """The one to tell where nobody has said what they come for: who hears too much is not disappointed."""
    return max(newcomers.values(), key=lambda wait: wait.p90_s, default=None)


def promise_min(wait: Wait) -> int:
    """The longest wait that the words for it allow, in minutes: the upper end of the range, ten for "soon"."""
    return _SOON_S // 60 if _is_soon(wait) else _range_min(wait)[1]


def has_moved(told: Told | None, wait: Wait, now_ms: int) -> bool:
    """Whether a wait is so different from what is left of the one told last that it has to be told anew."""
    return told is None or _differs(_remaining(told, now_ms), wait)


def newcomers_have_moved(told: Mapping[ServiceId, Wait], waits: Mapping[ServiceId, Wait]) -> bool:
    """The same of newcomers, whose wait does not grow less by the clock: the next one begins later."""
    return told.keys() != waits.keys() or any(_differs(told[service], wait) for service, wait in waits.items())


def _remaining(told: Told, now_ms: int) -> Wait:
    """What is left of a wait that was told, at a later instant."""
    passed_s = max(0, now_ms - told.at_ms) // 1000
    wait = told.wait
    return replace(
        wait,
        p10_s=max(0, wait.p10_s - passed_s),
        p25_s=max(0, wait.p25_s - passed_s),
        p50_s=max(0, wait.p50_s - passed_s),
        p75_s=max(0, wait.p75_s - passed_s),
        p90_s=max(0, wait.p90_s - passed_s),
    )


def _differs(said: Wait, found: Wait) -> bool:
    ends = ((said.p10_s, found.p10_s), (said.p25_s, found.p25_s), (said.p90_s, found.p90_s))
    if any(abs(one - other) >= _STEP_S for one, other in ends):
        return True
    if said.in_time is None or found.in_time is None:
        return said.in_time is not found.in_time
    return _in_time(said) != _in_time(found) and abs(said.in_time - found.in_time) >= _NOISE


def _instead(around: Circumstances) -> Said | None:
    """What is said in place of a figure; None when there is no need."""
    if around.heard_ms is not None and around.now_ms - around.heard_ms > _SILENT_MS:
        return Said(kind="silent", wait=Phrase("page.stale", {"time": _clock(around.heard_ms, around)}))
    if not around.is_on_duty:
        return Said(kind="nobody", wait=_nobody(around))
    return None


def _nobody(around: Circumstances) -> Phrase:
    expected, zone = around.expected, around.zone
    if expected is None or zone is None:
        return Phrase("duty.nobody")
    at, now = _wall(expected.at_ms, zone), _wall(around.now_ms, zone)
    values: dict[str, str | int | Phrase] = {"who": expected.who, "time": f"{at:%H:%M}"}
    if at <= now:
        return Phrase("wait.nobody-yet", values)
    if at.date() == now.date():
        return Phrase("wait.nobody-until", values)
    if at.date() - now.date() == timedelta(days=1):
        return Phrase("wait.nobody-until-tomorrow", values)
    return Phrase("wait.nobody-until-day", {**values, "day": f"{at:%d/%m}"})


def _is_soon(wait: Wait) -> bool:
    return wait.p90_s < _SOON_S


def _soon(sentence: str, wait: Wait) -> Said:
    return Said(kind="soon", wait=Phrase(sentence), short=Phrase("wait.shortly"), in_time=_in_time(wait))


def _range(wait: Wait) -> Said:
    between = _between(*_range_min(wait))
    return Said(kind="range", wait=Phrase("wait.is", {"wait": between}), short=between, in_time=_in_time(wait))


def _range_min(wait: Wait) -> tuple[int, int]:
    """p25 to p90, rounded out; never empty."""
    high = -(-wait.p90_s // _STEP_S) * _STEP_MIN
    return max(0, min(wait.p25_s // _STEP_S * _STEP_MIN, high - _STEP_MIN)), high


def _between(low: int, high: int) -> Phrase:
    if not low:
        return Phrase("wait.under", {"high": _duration(high)})
    if high <= 60:
        return Phrase("wait.between", {"low": low}, high)
    return Phrase("wait.between-long", {"low": _duration(low), "high": _duration(high)})


def _duration(minutes: int) -> Phrase:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return Phrase("wait.minutes", count=rest)
    whole = Phrase("wait.hours", count=hours)
    return Phrase("wait.hours-and", {"hours": whole}, rest) if rest else whole


def _outside(wait: Wait, around: Circumstances) -> Phrase | None:
    """Until when somebody may wait elsewhere; None where it is too short to go, or nobody knows the hour."""
    if around.zone is None or wait.p10_s < _OUTSIDE_S:
        return None
    back_s = (around.now_ms // 1000 + wait.p10_s) // _STEP_S * _STEP_S
    return Phrase("wait.come-back", {"time": f"{_wall(back_s * 1000, around.zone):%H:%M}"})


def _in_time(wait: Wait) -> Phrase | None:
    """None when the answer is not known, and when nobody would ask: in every play it was before closing."""
    if wait.in_time is None or wait.in_time >= 100:
        return None
    if wait.in_time >= _YES:
        return Phrase("wait.in-time")
    return Phrase("wait.perhaps-in-time" if wait.in_time >= _NO else "wait.not-in-time")


def _wall(at_ms: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)


def _clock(at_ms: int, around: Circumstances) -> str:
    """The clock on the wall at an instant, with the date if it was not today."""
    zone = around.zone or UTC
    at, now = _wall(at_ms, zone), _wall(around.now_ms, zone)
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%d/%m %H:%M}"
