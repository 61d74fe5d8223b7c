"""Devices that do not behave as one: that send more than can be taken, share a name, say nothing, or tell half a day.

Rule: what is wrong with a single message is the intake's; what shows only over several is here, as alerts for a person.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping

from core.room.ids import DeviceId
from core.wire.messages import Alert, DeviceState

__all__ = ["Floods", "Gaps", "Silences", "Twins"]

_MUTED_S = 10.0
"""What a flooding device had to say comes again afterwards: a kiosk's outbox repeats it, a press is made anew."""
_REMEMBERED_S = 600.0
"""An alert stays this long after its cause was last seen, so that one who looks later still finds it."""
_STARTS_KEPT = 8
_SILENT_S = 60.0
"""A device that starts again, or finds its broker again, is back well within this time."""


class Floods:
    """Who floods, and is not heard for a while: the broker, told so, keeps the flood from everybody's way.

    Safe between threads: muting cannot wait for a turn of the loop, because the others' presses stand behind
    every message of the flood that the broker still sends on the same connection.
    """

    def __init__(self, mute: Callable[[DeviceId], object], unmute: Callable[[DeviceId], bool]) -> None:
        """
        Args:
            unmute: False when it cannot be done now.
        """
        self._mute = mute
        self._unmute = unmute
        self._lock = threading.Lock()
        self._until_s: dict[DeviceId, float] = {}
        self._seen_s: dict[DeviceId, float] = {}

    def begins(self, device: DeviceId, now_s: float) -> None:
        """A device has sent more than waits for us at most.

        Args:
            now_s: real monotonic seconds.
        """
        with self._lock:
            self._seen_s[device] = now_s
            if device not in self._until_s:
                self._until_s[device] = now_s + _MUTED_S
                self._mute(device)

    def look(self, now_s: float) -> None:
        """Hear again whose time is over."""
        with self._lock:
            for device in [one for one, until_s in self._until_s.items() if now_s >= until_s and self._unmute(one)]:
                del self._until_s[device]

    def alerts(self, now_s: float) -> list[Alert]:
        with self._lock:
            loud = _recent(self._seen_s, now_s)
        return [
            Alert(code="device-floods", detail=f"{one} sends more than can be taken; look at it or unplug it")
            for one in loud
        ]


class Twins:
    """Whether two devices live under one name, as after a card or a certificate was copied.

    The broker lets the newer one push the older one out, and both come back for ever. Each names its own start; a start
    that another one had replaced and that speaks again is alive beside it.
    """

    def __init__(self) -> None:
        self._starts: dict[DeviceId, deque[str]] = {}
        """Newest last."""
        self._seen_s: dict[DeviceId, float] = {}

    def hear(self, device: DeviceId, state: DeviceState, now_s: float) -> None:
        """Take note of a birth or of health; a will is the broker's word, not the device's."""
        if state.start is None or state.state == "lost":
            return
        starts = self._starts.setdefault(device, deque(maxlen=_STARTS_KEPT))
        if starts and state.start == starts[-1]:
            return
        if state.start in starts:
            self._seen_s[device] = now_s
            starts.remove(state.start)
        starts.append(state.start)

    def alerts(self, now_s: float) -> list[Alert]:
        return [
            Alert(code="second-device", detail=f"two devices live as {device}; provision one of them anew")
            for device in _recent(self._seen_s, now_s)
        ]


class Silences:
    """Which devices of the centre are not there: a dead room unit must not be found out by its doctor."""

    def __init__(self, devices: Iterable[DeviceId]) -> None:
        self._devices = list(devices)
        self._since_s: dict[DeviceId, float] = {}

    def begin(self, now_s: float) -> None:
        """From now on whoever is there can be heard.

        Args:
            now_s: real monotonic seconds.
        """
        for device in self._devices:
            self._since_s.setdefault(device, now_s)

    def hear(self, device: DeviceId, state: DeviceState, now_s: float) -> None:
        """Take note of what is known of a device now, be it its will."""
        if state.state != "lost":
            self._since_s[device] = float("inf")
        elif self._since_s.get(device) == float("inf"):
            self._since_s[device] = now_s

    def alerts(self, now_s: float) -> list[Alert]:
        lost = [device for device, since_s in self._since_s.items() if now_s - since_s >= _SILENT_S]
        if not lost:
            return []
        return [Alert(code="device-lost", detail=f"look at power and cable of {', '.join(lost)}")]


class Gaps:
    """Kiosks whose earlier entries nobody here holds any more."""

    def __init__(self) -> None:
        self._first: dict[DeviceId, int] = {}

    def note(self, kiosk: DeviceId, first: int) -> None:
        """A kiosk begins with an entry, and the ones before it are gone."""
        self._first[kiosk] = first

    def alerts(self, _now_s: float) -> list[Alert]:
        return [
            Alert(
                code="history-incomplete",
                detail=f"{kiosk} tells from entry {first} on; what was before is known to the agent only",
            )
            for kiosk, first in self._first.items()
        ]


def _recent(seen_s: Mapping[DeviceId, float], now_s: float) -> list[DeviceId]:
    return [device for device, at_s in seen_s.items() if now_s - at_s < _REMEMBERED_S]
