"""A lamp or a buzzer that plays rhythms on a thread of its own."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from firmware.drivers.gpio.patterns import OFF, Pattern

if TYPE_CHECKING:
    from gpiozero import DigitalOutputDevice

__all__ = ["Player"]

_GAP_MS = 150
"""What is lit goes dark for so long before something is played once, or nobody would see it begin."""


class Player:
    """Connect a lamp or an active buzzer through its resistor or transistor to the pin and to ground: on while it is
    high."""

    def __init__(self, output: DigitalOutputDevice, name: str) -> None:
        """
        Args:
            name: of its thread.
        """
        self._output = output
        self._lasting = OFF
        self._once: Pattern | None = None
        self._turn = 0
        """Counts the reasons to break off what is being played."""
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._play, name=name, daemon=True)
        self._thread.start()

    @property
    def pattern(self) -> Pattern:
        """What is being played."""
        with self._changed:
            return self._once or self._lasting

    def show(self, pattern: Pattern) -> None:
        """Play a rhythm from now on; showing again what lasts does not break its rhythm.

        A lasting one waits for the end of one that is played once.
        """
        with self._changed:
            if pattern.is_once:
                self._once = pattern
                self._turn += 1
            elif pattern != self._lasting:
                self._lasting = pattern
                self._turn += self._once is None
            self._changed.notify()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        """Leave it off."""
        with self._changed:
            self._is_closed = True
            self._turn += 1
            self._changed.notify()
        self._thread.join(2.0)
        self._output.close()

    def _play(self) -> None:
        while True:
            with self._changed:
                if self._is_closed:
                    return
                turn, pattern = self._turn, self._once or self._lasting
            gap = ((0, _GAP_MS),) if pattern.is_once and self._output.value else ()
            is_whole = all(
                self._hold(level, ms / 1000, turn)
                for step in (*gap, *pattern.steps)
                for level, ms in zip((True, False), step, strict=True)
                if ms
            )
            with self._changed:
                if is_whole and self._turn == turn:
                    self._once = None

    def _hold(self, level: bool, seconds: float, turn: int) -> bool:  # noqa: FBT001 - a level is what it is
        """Keep it on or off for a time; False when something else is to be played."""
        deadline = time.monotonic() + seconds
        self._output.value = level
        with self._changed:
            while self._turn == turn and (left_s := deadline - time.monotonic()) > 0:
                self._changed.wait(left_s)
            return self._turn == turn
