"""The room unit, put together: started in order, stopped in reverse.

Rule: one thread works, on what one inbox and the touch screen bring; the threads of the buttons and of the link only
enqueue.
"""

from __future__ import annotations

import logging
import signal
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from core.edge.device import load_device
from core.edge.notify import notify_ready
from core.edge.site import Site
from core.room.commands import StaffAct
from core.room.ids import SiteId
from core.wire.messages import Alert, Answer, Named
from firmware.drivers.control import ControlSocket
from firmware.drivers.errors import DriverFault, GpioFault, PanelAbsent
from firmware.drivers.gpio import ButtonName, Gpio, make_gpio
from firmware.drivers.panel import Panel, make_panel
from firmware.inbox import Arrived, Inbox, LinkChanged
from firmware.room.gestures import Edge
from firmware.room.settings import RoomFile
from firmware.room.touch import TouchScreen
from firmware.room.unit import RoomUnit
from firmware.station import Station

__all__ = ["run"]

_log = logging.getLogger(__name__)

_Item = Edge | Arrived | LinkChanged | None
"""None ends the work."""


def run(config: Path) -> int:
    """Work until SIGTERM; returns 0.

    Raises:
        ConfigError: a file is wrong.
        ControlError: the control socket cannot be made.
    """
    settings, site = load_device(config, RoomFile, "room")
    with ExitStack() as stack:
        _serve(settings, site, stack)
    return 0


def _serve(settings: RoomFile, site: Site, stack: ExitStack) -> None:
    inbox: Inbox[_Item] = Inbox()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Before SDL is set up: it takes over signals that nobody handles.
        signal.signal(number, lambda *_: inbox.put(None))
    control = ControlSocket(settings.control.socket) if settings.control else None
    if control:
        stack.callback(control.close)
    faults: list[Alert] = []
    gpio = _gpio(settings, control, faults)
    if gpio is not None:
        stack.callback(gpio.close)
    panel = _panel(settings, control, faults)
    if panel is not None:
        stack.callback(panel.close)

    def wake() -> None:
        if panel is not None:
            panel.wake()

    def hear(name: ButtonName, is_pressed: bool, at_s: float) -> None:  # noqa: FBT001 - `OnEdge`
        inbox.put(Edge(name, is_pressed, at_s))
        wake()

    touch = TouchScreen(panel, settings, site) if panel is not None else None
    # Without a screen that can show it, no name comes here.
    names = ["name"] if touch is not None and site.reception.asks_name else []
    station = Station(settings, SiteId(site.id), leaves=["answer", *names], inbox=inbox, wake=wake)

    def on_settled(act: StaffAct, answer: Answer | None) -> None:
        if touch is not None:
            touch.settle(act, answer)

    def on_named(named: Named) -> None:
        if touch is not None:
            touch.hear(named)

    unit = RoomUnit(
        settings,
        station,
        gpio,
        alerts=faults,
        on_settled=on_settled,
        on_named=on_named,
        shown_warning_ms=lambda: touch.warning_ms if touch is not None else None,
    )
    for name, button in (gpio.buttons if gpio else {}).items():
        button.listen(partial(hear, name))
    unit.work(None)  # a lamp that has not heard the controller says so from the start
    station.start()
    stack.callback(station.stop)
    notify_ready()
    while True:
        patience_s = unit.patience_s()
        if touch is not None:
            touch.show(station.screen, is_fresh=station.screen_is_fresh())
            for act in touch.wait(patience_s):
                unit.ask(act, time.monotonic())
            if touch.is_closed:
                return
            patience_s = 0.0
        items = inbox.take(patience_s)
        if None in items:
            return
        for item in items or [None]:
            unit.work(item)


def _gpio(settings: RoomFile, control: ControlSocket | None, faults: list[Alert]) -> Gpio | None:
    try:
        return make_gpio(settings.gpio, control)
    except GpioFault as fault:
        _log.error("no button and no lamp: %s", fault)
        faults.append(_alert("gpio-dead", fault))
        return None


def _panel(settings: RoomFile, control: ControlSocket | None, faults: list[Alert]) -> Panel | None:
    if settings.panel is None:
        return None
    try:
        return make_panel(settings.panel, control)
    except PanelAbsent as fault:
        _log.error("no touch screen, the buttons go on: %s", fault)
        faults.append(_alert("panel-absent", fault))
        return None


def _alert(code: str, fault: DriverFault) -> Alert:
    return Alert(code=code, detail=str(fault))
