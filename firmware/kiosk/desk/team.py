"""The call for help from this kiosk, from the touch until somebody comes.

    asked     nobody has confirmed it yet
    heard     a unit says that it rings, in a room where somebody is on duty
    unheard   nobody has for 3 s, or the controller cannot be asked: 15, 112 and 114 are the patient's way
    coming    a room has acknowledged it

A unit in an empty room rings as well, and warns nobody. While the controller does not take the call it is made again,
for as long as the person may still be there: a warning that comes late is better than none, and rings until it is
answered.

A call that was unheard for however short a time is an alert until a room acknowledges one of this kiosk. One that the
controller never took rings nowhere and ends with the next that is acknowledged: somebody has then seen the path work.

Rule: "heard" and "coming" are what the newest screen says, never what we hope. Instants are real monotonic seconds.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from core.room.commands import RaiseWarning
from core.room.duty import DutyState
from core.room.ids import DeviceId
from core.wire.messages import Alert, Ringing, Screen
from firmware.kiosk.dialogue.errands import Team
from firmware.station import Station

__all__ = ["Call", "Helpline", "called", "is_due", "seen", "state_of"]

UNHEARD_S = 3.0
_STAYS_S = 60.0
"""How long "somebody is coming" is said."""
_TRIES_S = 120.0
"""How long the team is asked for again after the last touch."""
_AGAIN_S = 1.0
_TTL_S = 3.0
_UNHEARD = (
    "somebody called for help here and no room on duty heard it within 3 s; look who it was and what the room units"
    " say, then call from this kiosk once more and acknowledge it in a room"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is known of it."""

    touched_s: float | None = None
    rings_in: tuple[str, str | None] | None = None
    """The journal and the day in which it rings; when it is gone from these, somebody has acknowledged it."""
    is_reached: bool = False
    """Whether the controller is heard."""
    is_heard: bool = False
    since_s: float = float("-inf")
    """When it began, or was last confirmed."""
    came_s: float | None = None
    was_unheard: bool = False
    """Since the last time that somebody acknowledged one."""


def called(call: Call, now_s: float) -> Call:
    """After a touch; one more while it rings changes nothing."""
    return replace(call, touched_s=now_s, since_s=now_s if call.rings_in is None else call.since_s, came_s=None)


def seen(call: Call, screen: Screen | None, kiosk: DeviceId, now_s: float) -> Call:
    """After a look at the newest screen.

    Args:
        screen: None while the controller is not heard.
    """
    after = _compared(call, screen, kiosk, now_s)
    return replace(after, was_unheard=after.was_unheard or state_of(after, now_s) == "unheard")


def _compared(call: Call, screen: Screen | None, kiosk: DeviceId, now_s: float) -> Call:
    if screen is None:
        return replace(call, is_reached=False, is_heard=False)
    warning, rings_in = screen.warning, (screen.epoch, screen.day)
    if warning is not None and kiosk in (warning.device, *warning.behind):
        is_heard = warning.device == kiosk and _reaches_somebody(screen, warning)
        is_new = call.rings_in is None and call.touched_s is None
        since_s = now_s if is_heard or is_new else call.since_s
        return replace(call, rings_in=rings_in, is_reached=True, is_heard=is_heard, since_s=since_s)
    if call.rings_in == rings_in:
        return Call(is_reached=True, came_s=now_s)
    return replace(call, rings_in=None, is_reached=True, is_heard=False)


def state_of(call: Call, now_s: float) -> Team | None:
    """What the screen may say; None while no call is under way."""
    if call.came_s is not None:
        return "coming" if now_s - call.came_s < _STAYS_S else None
    if call.rings_in is None and not _is_wanted(call, now_s):
        return None
    if call.is_heard:
        return "heard"
    return "asked" if call.is_reached and now_s - call.since_s < UNHEARD_S else "unheard"


def is_due(call: Call, now_s: float) -> bool:
    """Whether the controller is to be asked for it."""
    return call.rings_in is None and _is_wanted(call, now_s)


def _is_wanted(call: Call, now_s: float) -> bool:
    return call.touched_s is not None and now_s - call.touched_s < _TRIES_S


def _reaches_somebody(screen: Screen, warning: Ringing) -> bool:
    return any(screen.room(room).duty is DutyState.ON for room in warning.heard)


class Helpline:
    """The call over a station; used from the thread that owns it."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._call = Call()
        self._is_asking = False
        self._ask_again_s = float("-inf")

    @property
    def state(self) -> Team | None:
        return state_of(self._call, time.monotonic())

    @property
    def alerts(self) -> list[Alert]:
        return [Alert(code="help-unheard", detail=_UNHEARD)] if self._call.was_unheard else []

    def call(self) -> None:
        """Somebody has touched the large button."""
        self._call = called(self._call, time.monotonic())
        self.look()

    def look(self) -> None:
        """Look at the newest screen, and ask if that is due; call it whenever something has come, and once a second."""
        now_s = time.monotonic()
        screen = self._station.screen if self._station.screen_is_fresh() else None
        self._call = seen(self._call, screen, self._station.device, now_s)
        if is_due(self._call, now_s) and not self._is_asking and now_s >= self._ask_again_s:
            self._ask_again_s = now_s + _AGAIN_S
            self._is_asking = self._station.ask(RaiseWarning(), ttl_s=_TTL_S) is not None

    def settle(self) -> None:
        """The question has its end; what became of it the screen says."""
        self._is_asking = False
