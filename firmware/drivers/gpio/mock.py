"""The GPIO's named fake: gpiozero's mock pins with the rules of real ones put back.

gpiozero's own MockFactory ignores the debounce time, runs callbacks in the caller's thread and lets their exceptions
out. Here, as with lgpio: a level counts once it has been stable for the debounce time, callbacks run on one thread of
the board and an exception kills it, and a pin that is held is busy. Cues come by the control socket, device `gpio`;
`pin` is the button's unless given:

    press, release    the level changes and stays
    tap               ms = how long it is pressed
    play              edges = [[is_pressed, ms], …]: each level and how long it stays, for bouncing contacts
    lamps             answers per pin: pattern, level, changes = [[monotonic seconds, level], …], the newest last
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from gpiozero import GPIOPinInUse
from gpiozero.pins.mock import MockFactory, MockPin

from firmware.drivers.control import ControlSocket
from firmware.drivers.gpio.device import Gpio

__all__ = ["MockBoard", "obey"]

_CHANGES_KEPT = 64
_held: set[str] = set()
"""Pins in use in this process, which stands for one Pi."""


class _BoardPin(MockPin):  # type: ignore[misc]  # gpiozero has no types
    """A pin that one part of the process may hold, and that remembers when its level changed."""

    def __init__(self, factory: MockBoard, info: Any) -> None:
        if info.name in _held:
            raise GPIOPinInUse(f"GPIO busy: {info.name}")
        _held.add(info.name)
        self.changes: deque[tuple[float, bool]] = deque(maxlen=_CHANGES_KEPT)
        super().__init__(factory, info)

    def close(self) -> None:
        super().close()
        _held.discard(self.info.name)

    def _change_state(self, value: bool) -> bool:  # noqa: FBT001 - gpiozero's signature
        is_changed = bool(super()._change_state(value))
        if is_changed:
            self.changes.append((time.monotonic(), bool(value)))
        return is_changed


class MockBoard(MockFactory):  # type: ignore[misc]  # gpiozero has no types
    """A Pi 3B whose input pins are driven by `play`."""

    def __init__(self) -> None:
        super().__init__(revision="a02082", pin_class=_BoardPin)
        self._moves: list[tuple[float, int, int, bool]] = []
        """A heap of (due, order, pin, level)."""
        self._order = itertools.count()
        self._raw: dict[int, tuple[bool, float]] = {}
        """Per pin the level at its contact and since when, until the pin has followed."""
        self._moved = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._serve, name="mock-gpio", daemon=True)
        self._thread.start()

    def play(self, pin: int, edges: Iterable[tuple[bool, float]]) -> None:
        """Put levels on a pin's contact: each is high or not, and how many seconds it stays."""
        due_s = time.monotonic()
        with self._moved:
            for level, seconds in edges:
                heapq.heappush(self._moves, (due_s, next(self._order), pin, level))
                due_s += seconds
            self._moved.notify()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        with self._moved:
            self._is_closed = True
            self._moved.notify()
        self._thread.join(2.0)
        super().close()

    def _serve(self) -> None:
        while True:
            with self._moved:
                if self._is_closed:
                    return
                now_s = time.monotonic()
                stable: list[tuple[int, bool]] = []
                while self._moves and self._moves[0][0] <= now_s:
                    due_s, _, number, level = heapq.heappop(self._moves)
                    stable += self._settled(number, due_s)
                    self._raw[number] = (level, due_s)
                for number in list(self._raw):
                    stable += self._settled(number, now_s)
                if not stable:
                    self._moved.wait(self._idle_s(now_s))
            for number, level in stable:
                pin = self.pin(number)
                (pin.drive_high if level else pin.drive_low)()

    def _settled(self, number: int, at_s: float) -> list[tuple[int, bool]]:
        """The level that a pin follows at that time, if its contact has been stable for long enough by then."""
        if number not in self._raw or self._due_s(number) > at_s:
            return []
        return [(number, self._raw.pop(number)[0])]

    def _idle_s(self, now_s: float) -> float | None:
        """How long nothing will happen by itself; None is for ever."""
        dues_s = [self._due_s(number) for number in self._raw] + [move[0] for move in self._moves[:1]]
        return max(0.0, min(dues_s) - now_s) if dues_s else None

    def _due_s(self, number: int) -> float:
        """When the level at a pin's contact will have been stable for the debounce time."""
        return self._raw[number][1] + float(self.pin(number).bounce or 0.0)


def obey(control: ControlSocket, board: MockBoard, gpio: Gpio, *, button_pin: int, lamp_pin: int) -> None:
    """Let the control socket press the button and see the lamp."""

    def on_cue(request: Mapping[str, Any]) -> Mapping[str, Any]:
        match request:
            case {"do": "press"}:
                edges = [(True, 0.0)]
            case {"do": "release"}:
                edges = [(False, 0.0)]
            case {"do": "tap"}:
                edges = [(True, float(request.get("ms", 120)) / 1000), (False, 0.0)]
            case {"do": "play", "edges": list(given)}:
                edges = [(bool(is_pressed), float(ms) / 1000) for is_pressed, ms in given]
            case {"do": "lamps"}:
                pin = board.pin(lamp_pin)
                lamp = {"pattern": gpio.lamp.pattern.name, "level": bool(pin.state), "changes": list(pin.changes)}
                return {str(lamp_pin): lamp}
            case _:
                raise ValueError("no such cue; see firmware/drivers/gpio/mock.py")
        if request.get("pin", button_pin) != button_pin:
            raise ValueError(f"no button is wired to pin {request['pin']}; it is on pin {button_pin}")
        board.play(button_pin, [(not is_pressed, seconds) for is_pressed, seconds in edges])  # pressed is to ground
        return {}

    control.register("gpio", on_cue)
