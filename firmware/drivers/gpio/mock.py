"""The GPIO's named fake: gpiozero's mock pins with the rules of real ones put back.

gpiozero's own MockFactory ignores the debounce time, runs callbacks in the caller's thread and lets their exceptions
out. Here, as with lgpio: a level counts once it has been stable for the debounce time, callbacks run on one thread of
the board and an exception kills it, and a pin that is held is busy. Cues come by the control socket, device `gpio`;
`button` is `call` unless given:

    press, release    the finger goes down, or up, and stays
    tap, hold         ms = how long the finger stays down (120, 2000)
    play              edges = [[is_pressed, ms], …]: each level and how long it stays, for bouncing contacts
    wire              contact = "no" or "nc", state = "ok", "broken" or "shorted"
    lamps             answers per pin: pattern, level, changes = [[monotonic seconds, level], …], the newest last
    buzzer            the same of the buzzer
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from gpiozero import GPIOPinInUse
from gpiozero.pins.mock import MockFactory, MockPin

from firmware.drivers.control import ControlSocket
from firmware.drivers.gpio.device import ButtonName, Gpio
from firmware.drivers.gpio.player import Player

__all__ = ["Hand", "MockBoard", "obey"]

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
        self._contacts: dict[int, bool] = {}
        """Per pin the level that its contact would give by a whole wire."""
        self._faults: dict[int, bool] = {}
        """Per pin the level that a broken or shorted wire gives it."""
        self._moved = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._serve, name="mock-gpio", daemon=True)
        self._thread.start()

    def lay(self, pin: int, *, level: bool) -> None:
        """Put a level on a pin's contact at once, before anybody listens to it."""
        self._contacts[pin] = level
        (self.pin(pin).drive_high if level else self.pin(pin).drive_low)()

    def play(self, pin: int, edges: Iterable[tuple[bool, float]]) -> None:
        """Put levels on a pin's contact: each is high or not, and how many seconds it stays."""
        due_s = time.monotonic()
        with self._moved:
            for level, seconds in edges:
                heapq.heappush(self._moves, (due_s, next(self._order), pin, level))
                due_s += seconds
            self._moved.notify()

    def wire(self, pin: int, state: Literal["ok", "broken", "shorted"]) -> None:
        """Let a wire be broken, so that the pin is pulled up, or shorted to ground."""
        with self._moved:
            contact = self._contacts.get(pin, True)
            if state == "ok":
                self._faults.pop(pin, None)
            else:
                self._faults[pin] = state == "broken"
        self.play(pin, [(contact, 0.0)])

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
                    self._contacts[number] = level
                    self._raw[number] = (self._faults.get(number, level), due_s)
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


class Hand:
    """A finger on one button of the board; it rests beside it."""

    def __init__(self, board: MockBoard, pin: int, nc_pin: int | None) -> None:
        self._board = board
        self._pins = {"no": pin} if nc_pin is None else {"no": pin, "nc": nc_pin}
        for contact, one in self._pins.items():
            board.lay(one, level=contact == "no")

    def play(self, edges: Iterable[tuple[bool, float]]) -> None:
        """Put the button down or up: each with how many seconds it stays."""
        moves = list(edges)
        for contact, pin in self._pins.items():
            # A contact that is closed takes its pin to ground.
            self._board.play(pin, [(is_down == (contact == "nc"), seconds) for is_down, seconds in moves])

    def wire(self, contact: str, state: Literal["ok", "broken", "shorted"]) -> None:
        """
        Raises:
            ValueError: the button has no such contact.
        """
        if contact not in self._pins:
            raise ValueError(f"this button has no contact {contact!r}; it has: {', '.join(self._pins)}")
        self._board.wire(self._pins[contact], state)


def obey(
    control: ControlSocket,
    board: MockBoard,
    gpio: Gpio,
    hands: Mapping[ButtonName, Hand],
    *,
    lamp_pin: int,
    buzzer_pin: int | None,
) -> None:
    """Let the control socket move the buttons, see the lamp and hear the buzzer."""

    def seen(player: Player, pin: int) -> Mapping[str, Any]:
        output = board.pin(pin)
        return {"pattern": player.pattern.name, "level": bool(output.state), "changes": list(output.changes)}

    def on_cue(request: Mapping[str, Any]) -> Mapping[str, Any]:
        hand = hands.get(request.get("button", "call"))
        if hand is None:
            raise ValueError(f"no button is called {request['button']!r}; here are: {', '.join(hands)}")
        match request:
            case {"do": "press"}:
                hand.play([(True, 0.0)])
            case {"do": "release"}:
                hand.play([(False, 0.0)])
            case {"do": "tap"}:
                hand.play([(True, float(request.get("ms", 120)) / 1000), (False, 0.0)])
            case {"do": "hold"}:
                hand.play([(True, float(request.get("ms", 2000)) / 1000), (False, 0.0)])
            case {"do": "play", "edges": list(given)}:
                hand.play([(bool(is_pressed), float(ms) / 1000) for is_pressed, ms in given])
            case {"do": "wire", "contact": str(contact), "state": "ok" | "broken" | "shorted" as state}:
                hand.wire(contact, state)
            case {"do": "lamps"}:
                return {str(lamp_pin): seen(gpio.lamp, lamp_pin)}
            case {"do": "buzzer"} if gpio.buzzer is not None and buzzer_pin is not None:
                return seen(gpio.buzzer, buzzer_pin)
            case {"do": "buzzer"}:
                raise ValueError("no buzzer is wired; give the [gpio] table a buzzer_pin")
            case _:
                raise ValueError("no such cue; see firmware/drivers/gpio/mock.py")
        return {}

    control.register("gpio", on_cue)
