"""The hand on the kiosk's single key: its pin, and the gestures that come of it.

Rule: the driver's thread only enqueues and wakes the screen; gestures are made on the thread of the screen.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue

from firmware.drivers.control import ControlSocket
from firmware.drivers.errors import GpioFault
from firmware.drivers.gpio import Gpio, GpioSettings, make_gpio
from firmware.kiosk.guidance.key import Gesture, KeyState, follow, held

__all__ = ["Hand"]

_log = logging.getLogger(__name__)


class Hand:
    """Listens from its creation. A key that cannot be used is a fault, and no end: the screen can still be touched."""

    def __init__(self, settings: GpioSettings | None, control: ControlSocket | None, wake: Callable[[], None]) -> None:
        """
        Args:
            settings: its `call` button is the key; None where the kiosk has none.
            wake: called from the driver's thread when the key has moved.
        """
        self._edges: SimpleQueue[tuple[bool, float]] = SimpleQueue()
        self._wake = wake
        self._key = KeyState()
        self._gpio: Gpio | None = None
        self._fault: str | None = None
        if settings is None:
            return
        try:
            self._gpio = make_gpio(settings, control)
        except GpioFault as fault:
            _log.error("no key: %s", fault)
            self._fault = str(fault)
        else:
            self._gpio.buttons["call"].listen(self._hear)

    @property
    def fault(self) -> str | None:
        """What is wrong with it, for a technician."""
        if self._gpio is None:
            return self._fault
        if not self._gpio.is_alive():
            return "the thread of the key has ended; restart the kiosk"
        return "the key's wire is broken" if self._gpio.buttons["call"].is_wire_broken() else None

    def gestures(self, now_s: float) -> Iterator[Gesture]:
        """What the hand has said since the last call."""
        while True:
            try:
                is_pressed, at_s = self._edges.get_nowait()
            except Empty:
                break
            self._key, gesture = follow(self._key, at_s, is_pressed=is_pressed)
            if gesture is not None:
                yield gesture
        self._key, gesture = held(self._key, now_s)
        if gesture is not None:
            yield gesture

    def patience_s(self, now_s: float, at_most_s: float) -> float:
        """How long nothing will happen by itself."""
        return at_most_s if self._key.due_s is None else min(at_most_s, max(0.0, self._key.due_s - now_s))

    def close(self) -> None:
        if self._gpio is not None:
            self._gpio.close()

    def _hear(self, is_pressed: bool, at_s: float) -> None:  # noqa: FBT001 - `OnEdge`
        self._edges.put((is_pressed, at_s))
        self._wake()
