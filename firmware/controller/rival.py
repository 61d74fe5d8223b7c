"""Whether this controller may speak, and who else may live under its name.

Rule: who has spoken stays, who has not gives way (docs/adr/0004). Before its first word a controller listens.
"""

from __future__ import annotations

from core.room.ids import DeviceId
from core.wire.messages import Alert, DeviceState

__all__ = ["Rival", "SecondController"]

_LISTEN_S = 0.5
"""After connecting: time for the broker's retained states to arrive before the first word."""
_PROBATION_S = 8.0
"""A controller that finds traces of another one under its own name stays silent this long. The other, if it lives,
reconnects within a second, pushes the newcomer out (MQTT 5, 3.1.4) and leaves a newer trace. mosquitto 2.0.11 does not
say to the one pushed out why."""


class SecondController(Exception):
    """Another controller with this identity lives: this one has not spoken and gives way."""


class Rival:
    """What is known of another controller under this one's name. Instants are real monotonic seconds."""

    def __init__(self, me: DeviceId, own: DeviceState) -> None:
        """
        Args:
            own: this controller's state at its start.
        """
        self.has_spoken = False
        """Whether this one has."""
        self._me = me
        self._own = own
        self._speaks_from_s: float | None = None
        self._newest: DeviceState | None = None
        """Its newest trace."""
        self._lives = False

    @property
    def alerts(self) -> list[Alert]:
        if self._newest is None:
            return []
        return [Alert(code="second-controller", detail="another device connects with this identity")]

    def listen(self, now_s: float) -> None:
        """From now on its traces can be heard."""
        self._speaks_from_s = self._speaks_from_s or now_s + _LISTEN_S

    def meet(self, state: DeviceState, now_s: float) -> None:
        """Take note of a controller's state under this name, unless this very disk has left it."""
        if self._is_own(state):
            return
        if self._newest is None and not self.has_spoken:
            self._speaks_from_s = now_s + _PROBATION_S
        self._lives = self._lives or state.state != "lost" or self._newest not in (None, state)
        self._newest = state

    def lets_speak(self, now_s: float) -> bool:
        """Whether this controller may say its first word now.

        Raises:
            SecondController: another one has pushed it out before.
        """
        if self._lives:
            raise SecondController(
                f"another controller is connected as {self._me}; this one gives way. "
                "Take it off the network, or give it an identity of its own."
            )
        return self._speaks_from_s is not None and now_s >= self._speaks_from_s

    def _is_own(self, state: DeviceState) -> bool:
        """Whether it comes from this very disk, now or at an earlier start."""
        own_now = state.boot == self._own.boot and self.has_spoken
        return state.epoch == self._own.epoch and (own_now or state.boot < self._own.boot)
