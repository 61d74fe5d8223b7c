"""An evening from 17:00 to 21:00 played without a person, through the same processes that the workbench shows.

Patients touch the kiosk's panel and doctors press the rooms' buttons; nobody knows more than what is known in the
centre. When the last patient has left, the network's picture is held against the centre.
"""

from __future__ import annotations

import base64
import json
import logging
import threading
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from borne.demo.audit import audit, figures, is_drained
from borne.demo.crowd import Patient, evening, move_due
from borne.demo.stage import Pace, Stage
from borne.demo.supervisor import Supervisor
from borne.demo.visitor import KioskStuck, TurnedAway, Visitor
from borne.demo.watch import Watch
from core.edge.clock import Clock, ScaledClock
from core.room.ids import RoomId, ServiceId, TicketId
from core.room.state import SiteState
from firmware.controller.plan import policy_of
from firmware.drivers.control import ControlClient, ControlError

__all__ = ["BUTTON", "doctors_for", "opening_ms", "play"]

_log = logging.getLogger(__name__)

_ZONE = ZoneInfo("Europe/Paris")
_OPENING = datetime(2026, 1, 12, 17, 0, tzinfo=_ZONE)
"""A Monday in January, the busiest evening of a week. Fixed, so that a seed fixes the times on the slips as well."""
_UNTIL_CLOSING_MS = 5 * 60 * 60 * 1000
"""Nobody comes after 21:00; the doctors see who is left until the centre closes at 22:00 (field notes)."""
_PER_DOCTOR = 15
"""Patients of an evening whom one doctor sees without a queue that only grows."""

_LOOK_S = 0.02
_AGAIN_S = 2.0
"""A press that changed nothing is tried again after so many real seconds."""
_TAP_MS = 80
BUTTON = {"undo_ms": 300, "leave_ms": 700, "stuck_ms": 2000}
"""The `[button]` table for the hands of an evening, where a second is a minute."""
_HOLD_MS = {"press": _TAP_MS, "undo": 450, "leave": 900}
"""On buttons with that table."""
_PICTURE_EVERY_MS = 30 * 60 * 1000
_OPEN_S = 60.0
_DRAIN_S = 30.0
_HOME_S = 20.0


def doctors_for(patients: int) -> int:
    """How many are on duty: two to four, as the crowd asks (field notes)."""
    return min(4, max(2, round(patients / _PER_DOCTOR)))


def opening_ms() -> int:
    """17:00 of the evening, as UTC milliseconds."""
    return round(_OPENING.timestamp() * 1000)


def play(stage: Stage, pace: Pace, processes: Supervisor, *, patients: int) -> bool:
    """Play the evening of a stage whose processes run, and leave `screens/` and `report.json`.

    Returns:
        Whether every promise was held.

    Raises:
        KioskStuck: the centre does not come up.
    """
    clock = ScaledClock(origin_ms=pace.origin_ms, start_ms=pace.start_ms, speed=pace.speed)
    site = Watch(stage.journal)
    crowd = _Crowd(stage, patients, clock, pace)
    doctors = _Doctors(stage, pace.start_ms)
    pictures = _Pictures(stage)
    crowd.wait_for_the_kiosk()
    crowd.start()
    while clock.wall_ms() < pace.start_ms + _UNTIL_CLOSING_MS:
        site.look()
        doctors.work(site.state, crowd.who(site.state), clock.wall_ms())
        pictures.take(clock.wall_ms())
        if not crowd.is_coming and figures(site.state).issued >= crowd.served and _is_empty(site.state):
            break
        time.sleep(_LOOK_S)
    crowd.stop()
    deadline_s = time.monotonic() + _HOME_S
    while not doctors.have_left(site.state) and time.monotonic() < deadline_s:
        doctors.leave(site.state)
        time.sleep(_LOOK_S)
        site.look()
    deadline_s = time.monotonic() + _DRAIN_S
    while not is_drained(stage, site) and time.monotonic() < deadline_s:
        time.sleep(0.2)
    promises = audit(stage, site, patients=patients - crowd.turned_away)
    report = {
        "seed": stage.seed,
        "patients": patients,
        "turned_away": crowd.turned_away,
        "speed": pace.speed,
        "rooms": len(stage.rooms),
        "until": _text(clock.wall_ms()),
        **asdict(figures(site.state, site.records)),
        "restarts": processes.restarts,
        "invariants": promises,
    }
    site.close()
    (stage.out / "report.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return set(promises.values()) == {"held"}


def _is_empty(state: SiteState) -> bool:
    """Whether nobody waits and nobody is with a doctor."""
    return all(ticket.ended_at_ms or ticket.state == "no-show" for ticket in state.tickets.values())


def _text(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, _ZONE).strftime("%H:%M")


class _Crowd:
    """The patients on their way, one after the other at the kiosk, on a thread of their own."""

    def __init__(self, stage: Stage, patients: int, clock: Clock, pace: Pace) -> None:
        services = [ServiceId(service.id) for service in stage.site.offered if not service.is_result]
        self._patients = evening(stage.seed, patients, services)
        self._with_ticket: list[Patient] = []
        self.turned_away = 0
        """How many found the evening full."""
        self._clock = clock
        self._pace = pace
        self._visitor = Visitor(stage.site, ControlClient(stage.control("kiosk")), size_px=stage.kiosk_px)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._come, name="crowd", daemon=True)

    def wait_for_the_kiosk(self) -> None:
        """Until it is open and the evening has begun.

        Raises:
            KioskStuck: it does not open.
        """
        deadline_s = time.monotonic() + _OPEN_S
        while not self._visitor.is_open() or self._clock.wall_ms() < self._pace.start_ms:
            if time.monotonic() > deadline_s:
                raise KioskStuck(f"the kiosk has not opened within {_OPEN_S:g} s")
            time.sleep(_LOOK_S)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    @property
    def is_coming(self) -> bool:
        return self._thread.is_alive()

    @property
    def served(self) -> int:
        """How many have a ticket."""
        return len(self._with_ticket)

    def who(self, state: SiteState) -> dict[TicketId, Patient]:
        """The patients behind the tickets: one kiosk gives them in the order in which people stand before it."""
        return dict(zip(state.tickets, self._with_ticket, strict=False))

    def _come(self) -> None:
        for patient in self._patients:
            due_ms = self._pace.start_ms + round(1000 * patient.arrives_s)
            if self._stopping.wait(max(0.0, (due_ms - self._clock.wall_ms()) / 1000 / self._pace.speed)):
                return
            try:
                self._visitor.take_ticket(patient.service)
            except TurnedAway:
                self.turned_away += 1
            except (KioskStuck, ControlError) as error:
                _log.error("a patient left without a ticket: %s", error)
            else:
                self._with_ticket.append(patient)


class _Doctors:
    """A finger on each room's button. Each takes the first call of the evening back, and makes it again."""

    def __init__(self, stage: Stage, began_ms: int) -> None:
        self._buttons = {room: ControlClient(stage.control(room)) for room in stage.rooms}
        self._policy = policy_of(stage.site)
        self._began_ms = began_ms
        self._has_undone: set[RoomId] = set()
        self._held: dict[RoomId, tuple[object, float]] = {}
        """On which sight of the room, and when on the machine's monotonic clock."""

    def work(self, state: SiteState, who: dict[TicketId, Patient], now_ms: int) -> None:
        """Do what it is time for."""
        for room in self._buttons:
            if room not in self._has_undone and state.in_room(room) is not None:
                if self._hold(room, state, "undo"):
                    self._has_undone.add(room)
                continue
            move = move_due(state, room, who, self._policy, began_ms=self._began_ms)
            if move is not None and move.at_ms <= now_ms:
                self._hold(room, state, move.does)

    def leave(self, state: SiteState) -> None:
        """Go home; before the end of the shift it takes a second time, during the pause that the first is taken for."""
        for room in self._buttons:
            if state.on_duty(room) is not None:
                self._hold(room, state, "leave")

    def have_left(self, state: SiteState) -> bool:
        return all(state.on_duty(room) is None for room in self._buttons)

    def _hold(self, room: RoomId, state: SiteState, gesture: Literal["press", "undo", "leave"]) -> bool:
        """Once for each thing that happens in the room, and again when nothing follows; False while it is too early."""
        sight, now_s = (state.in_room(room), state.duties.get(room)), time.monotonic()
        seen, at_s = self._held.get(room, (None, float("-inf")))
        if seen == sight and now_s - at_s < _AGAIN_S:
            return False
        self._held[room] = sight, now_s
        try:
            self._buttons[room].call("gpio", "hold", ms=_HOLD_MS[gesture])
        except ControlError as error:
            _log.warning("%s: the button does not answer: %s", room, error)
        return True


class _Pictures:
    """What the screens showed, every half hour of the evening."""

    def __init__(self, stage: Stage) -> None:
        self._panels = {name: ControlClient(stage.control(name)) for name in ("kiosk", "display")}
        self._folder: Path = stage.out / "screens"
        self._folder.mkdir(exist_ok=True)
        self._due_ms = 0

    def take(self, now_ms: int) -> None:
        if now_ms < self._due_ms:
            return
        self._due_ms = now_ms - now_ms % _PICTURE_EVERY_MS + _PICTURE_EVERY_MS
        for name, panel in self._panels.items():
            try:
                png = base64.b64decode(panel.call("panel", "frame")["png"])
            except ControlError as error:
                _log.warning("no picture of %s: %s", name, error)
            else:
                (self._folder / f"{_text(now_ms).replace(':', '')}-{name}.png").write_bytes(png)
