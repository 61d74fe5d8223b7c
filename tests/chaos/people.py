"""Patients and doctors of a busy evening: fingers on screens and buttons, who know nothing of the storm."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence

from borne.demo.crowd import evening
from borne.demo.stage import Stage
from borne.demo.visitor import KioskStuck, TurnedAway, Visitor
from core.room.ids import ServiceId
from firmware.drivers.control import ControlClient, ControlError
from tests.chaos.tape import Tape

__all__ = ["People"]

_OPEN_S = 60.0
_GIVES_UP_S = 40.0
_AGAIN_S = 0.2
_PRESS_EVERY_S = (1.5, 6.0)
"""At 60 times the pace a visit of five minutes is five seconds; short ones make more to get wrong."""
_TAP_MS = 80
_TOGETHER_S = 2.0
"""Now and then all doctors press at the same moment: at the next whole multiple of this."""
_HOLDS_MS = {"undo": 450, "leave": 900}
"""How long a hand stays on a button that has the table of `borne.demo.evening`."""


class People:
    """Come when started, leave when stopped."""

    def __init__(self, stage: Stage, tape: Tape, *, seed: int, seconds: float, patients: int) -> None:
        """
        Args:
            seconds: in which the evening's patients come; others follow at the same pace until `stop`.
        """
        self._tape = tape
        self._stopping = threading.Event()
        services = [ServiceId(service.id) for service in stage.site.offered]
        crowd = evening(seed, patients, services)
        pace = seconds / crowd[-1].arrives_s
        come = [(round(one.arrives_s * pace, 3), one.service) for one in crowd]
        come += [(round(seconds + n * seconds / patients, 3), services[0]) for n in range(1, patients)]
        # Panels can only be made from the main thread.
        self._visitors = {
            kiosk: Visitor(stage.site, ControlClient(stage.control(kiosk), timeout_s=2.0), size_px=stage.kiosk_px)
            for kiosk in stage.kiosks
        }
        self._threads = [
            *(
                threading.Thread(
                    target=self._queue, args=(kiosk, come[place :: len(stage.kiosks)]), name=kiosk, daemon=True
                )
                for place, kiosk in enumerate(stage.kiosks)
            ),
            *(
                threading.Thread(
                    target=self._doctor,
                    args=(room, ControlClient(stage.control(room), timeout_s=2.0), random.Random(f"{seed} {room}")),
                    name=room,
                    daemon=True,
                )
                for room in stage.rooms
            ),
        ]

    def wait_until_open(self) -> None:
        """
        Raises:
            KioskStuck: a kiosk does not open.
        """
        deadline_s = time.monotonic() + _OPEN_S
        for kiosk, visitor in self._visitors.items():
            while not visitor.is_open():
                if time.monotonic() > deadline_s:
                    raise KioskStuck(f"{kiosk} has not opened within {_OPEN_S:g} s")
                time.sleep(_AGAIN_S)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Nobody comes and nobody presses any more; who stands before a kiosk is served."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(_GIVES_UP_S + 35.0)

    def _queue(self, kiosk: str, come: Sequence[tuple[float, ServiceId]]) -> None:
        began_s = time.monotonic()
        for due_s, service in come:
            if self._stopping.wait(max(0.0, began_s + due_s - time.monotonic())):
                return
            self._tape.note("touch", kiosk=kiosk, service=service)
            served = self._stand_before(self._visitors[kiosk], service)
            self._tape.note("served" if served else "turned-away", kiosk=kiosk)

    def _stand_before(self, visitor: Visitor, service: ServiceId) -> bool:
        """Try until there is a ticket, or patience is over."""
        deadline_s = time.monotonic() + _GIVES_UP_S
        while time.monotonic() < deadline_s:
            try:
                visitor.take_ticket(service)
            except (ControlError, TurnedAway):
                time.sleep(_AGAIN_S)
            except KioskStuck:
                return False
            else:
                return True
        return False

    def _doctor(self, room: str, button: ControlClient, chance: random.Random) -> None:
        while not self._stopping.wait(self._pause_s(chance)):
            edges = _edges(chance)
            self._tape.note("press", room=room, times=len(edges) // 2 + 1)
            try:
                button.call("gpio", "play", edges=[*edges, [False, 0]])
            except ControlError:
                self._tape.note("no-button", room=room)

    @staticmethod
    def _pause_s(chance: random.Random) -> float:
        if chance.random() < 0.2:
            return _TOGETHER_S - time.monotonic() % _TOGETHER_S
        return chance.uniform(*_PRESS_EVERY_S)


def _edges(chance: random.Random) -> list[list[object]]:
    """What a hand does: mostly a tap, at times two, an act taken back, a pause; the first one comes on duty."""
    what = chance.random()
    if what < 0.15:
        return [[True, _TAP_MS], [False, 170], [True, _TAP_MS]]
    if what < 0.21:
        return [[True, _HOLDS_MS["undo"]]]
    if what < 0.27:
        return [[True, _HOLDS_MS["leave"]]]
    return [[True, _TAP_MS]]
