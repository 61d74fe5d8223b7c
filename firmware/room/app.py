"""The room unit: the button asks the controller, the lamp shows the outcome and whether somebody waits.

Rule: one thread works, on what one inbox brings; the threads of the button and of the link only enqueue.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from core.edge.device import load_device
from core.edge.disk import disk_alert
from core.edge.notify import notify_alive, notify_ready
from core.room.commands import Press
from core.room.ids import SiteId
from core.wire.messages import Alert, Kept
from firmware.drivers.control import ControlSocket
from firmware.drivers.errors import GpioFault
from firmware.drivers.gpio import Gpio, Pattern, make_gpio
from firmware.inbox import Arrived, Inbox, LinkChanged
from firmware.kept import KeptScreen
from firmware.room.gestures import ButtonState, Edge, Gesture, follow, is_stuck
from firmware.room.lamp import answer_to_press, lasting
from firmware.room.settings import RoomFile
from firmware.station import DayWanted, Settled, Station

__all__ = ["run"]

_log = logging.getLogger(__name__)

_TICK_S = 0.25
"""How late the lamp may notice what only time tells: silence of the controller, the end of a question's lifetime."""

_PRESS_TTL_S = 3.0
"""A doctor who sees no answer for so long has turned away; the press must not act behind their back."""

_Item = Edge | Arrived | LinkChanged | None
"""None ends the work."""


def run(config: Path) -> int:
    """Work until SIGTERM; returns 0.

    Raises:
        ConfigError: a file is wrong.
        ControlError: the control socket cannot be made.
    """
    settings, site = load_device(config, RoomFile, "room")
    inbox: Inbox[_Item] = Inbox()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: inbox.put(None))
    with ExitStack() as stack:
        control = ControlSocket(settings.control.socket) if settings.control else None
        if control:
            stack.callback(control.close)
        station = Station(settings, SiteId(site.id), leaves=["answer"], inbox=inbox)
        try:
            gpio = make_gpio(settings.gpio, control)
        except GpioFault as fault:
            _log.error("no button and no lamp: %s", fault)
            unit = _RoomUnit(settings, station, gpio=None, fault=str(fault))
        else:
            stack.callback(gpio.close)
            unit = _RoomUnit(settings, station, gpio=gpio)
            gpio.button.listen(lambda is_pressed, at_s: inbox.put(Edge(is_pressed, at_s)))
        unit.work(None)  # a lamp that has not heard the controller says so from the start
        station.start()
        stack.callback(station.stop)
        notify_ready()
        for item in _until_stopped(inbox):
            unit.work(item)
    return 0


def _until_stopped(inbox: Inbox[_Item]) -> Iterator[Edge | Arrived | LinkChanged | None]:
    """What comes, and None when nothing has come for a tick."""
    while True:
        items = inbox.take(_TICK_S)
        if None in items:
            return
        yield from items or [None]


class _RoomUnit:
    def __init__(self, settings: RoomFile, station: Station, *, gpio: Gpio | None, fault: str = "") -> None:
        """
        Args:
            fault: why there is no gpio.
        """
        self._room = settings.room
        self._station = station
        self._gpio = gpio
        self._fault = fault
        self._data = settings.data
        self._kept = KeptScreen(settings.data)
        is_down = gpio is not None and gpio.button.is_pressed
        self._button = ButtonState(time.monotonic() if is_down else None)

    def work(self, item: Edge | Arrived | LinkChanged | None) -> None:
        """Take in an item of the inbox, if one came, and bring lamp, health and disk up to date."""
        match item:
            case Edge():
                self._button, gesture = follow(self._button, item)
                if gesture is Gesture.PRESS:
                    self._press(item.at_s)
            case Arrived() | LinkChanged():
                news = self._station.handle(item)
                if isinstance(news, Settled):
                    self._show(answer_to_press(news.answer))
                elif isinstance(news, DayWanted):
                    self._station.offer(Kept(screen=self._station.screen or self._kept.screen))
        for late in self._station.late_questions():
            self._show(answer_to_press(late.answer))
        self._show(lasting(self._station.screen, is_fresh=self._station.screen_is_fresh()))
        self._station.link.watch()
        self._station.count_start()
        self._station.tell(self._alerts(), self._station.screen.rev if self._station.screen else None)
        self._kept.keep(self._station.screen, time.monotonic())
        if self._hears_presses():
            # Only a restart brings a dead GPIO back; until the watchdog sees to it, the health says what is wrong.
            notify_alive()

    def _press(self, at_s: float) -> None:
        ttl_s = at_s + _PRESS_TTL_S - time.monotonic()
        if ttl_s <= 0 or self._station.ask(Press(room=self._room), ttl_s) is None:
            self._show(answer_to_press(None))

    def _show(self, pattern: Pattern) -> None:
        if self._gpio is not None:
            self._gpio.lamp.show(pattern)

    def _hears_presses(self) -> bool:
        return self._gpio is not None and self._gpio.is_alive()

    def _alerts(self) -> list[Alert]:
        alerts = []
        if not self._hears_presses():
            alerts.append(Alert(code="gpio-dead", detail=self._fault[:200]))
        if is_stuck(self._button, time.monotonic()):
            alerts.append(Alert(code="button-stuck"))
        disk_fault = self._kept.fault or self._station.disk_fault
        if disk_fault:
            alerts.append(disk_alert(disk_fault, self._data))
        return alerts
