"""The kiosk, put together: started in order, stopped in reverse. This thread is the screen's; the office has its own.

Rule: the first frame comes before anything that it does not need.
"""

from __future__ import annotations

import contextlib
import faulthandler
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.edge.clock import make_clock
from core.edge.errors import ConfigError
from core.edge.notify import notify_alive, notify_ready
from firmware.drivers.control import ControlSocket
from firmware.drivers.panel import Held, Panel, Scan, make_panel
from firmware.drivers.printer import make_printer
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.errands import Errand, SoundTest
from firmware.kiosk.dialogue.flow import flow_of, shown
from firmware.kiosk.dialogue.pages import Idle
from firmware.kiosk.dialogue.patience import elapsed
from firmware.kiosk.dialogue.touch import scanned, touched
from firmware.kiosk.guidance.focus import keyed
from firmware.kiosk.opening import keep
from firmware.kiosk.settings import load_kiosk
from firmware.kiosk.sheets.sheet import sheet_of

__all__ = ["serve"]

_FRAME_S = 0.5
"""Longest sleep of the screen: time-outs and the service manager's signal are seen this late."""


def serve(config: Path, opened: Panel | None, *, is_stopped: Callable[[], bool], stack: contextlib.ExitStack) -> None:
    """Be the kiosk of a device file until it is stopped.

    Args:
        opened: the panel, where it shows the picture of the first page already.
        stack: closes what is opened here.

    Raises:
        ConfigError: a file is wrong.
        ControlError: the control socket cannot be made.
        PanelAbsent: there is no screen.
    """
    settings, site = load_kiosk(config)
    faulthandler.enable()  # the service manager aborts a kiosk that hangs: the log then says where each thread stood
    control = None
    if settings.control is not None:
        control = ControlSocket(settings.control.socket)
        stack.callback(control.close)
    panel = opened or make_panel(settings.panel)
    if opened is None:
        stack.callback(panel.close)
    if control is not None:
        panel.obey(control)

    from firmware.kiosk.drawing.view import View  # needs pygame, which the panel has set up

    view = View(panel)
    if len(site.offered) > view.services_at_most:
        raise ConfigError(
            f"{settings.site}: services: {len(site.offered)} do not fit a panel of {settings.panel.width_mm:g} mm,"
            f" which has room for {view.services_at_most} of 20 mm; offer fewer or mount a larger panel"
        )
    # Whoever has started it stands before it.
    flow = replace(flow_of(site), has_voice=settings.sound is not None, touched_s=time.monotonic())
    sheet = sheet_of(flow, Desk(), site)
    if opened is None:
        view.show(sheet)
    else:
        view.take_as_shown(sheet)

    # Pillow, SQLite, the link, the sound and the pins are not needed for the first frame.
    from firmware.kiosk.desk.office import Office
    from firmware.kiosk.drawing.proof import Proof
    from firmware.kiosk.guidance.guide import Guide

    printer = make_printer(settings.printer, control)
    stack.callback(printer.close)
    office = Office(settings, site, clock=make_clock(settings.clock), printer=printer, wake=panel.wake)
    office.start()
    stack.callback(office.stop)
    guide = Guide(settings, control, flow, sheet, panel.wake)
    stack.callback(guide.close)
    proof = Proof(flow, site, view.sizes)
    if opened is None:
        keep(config, settings.site, settings.panel.model_dump(), panel)
    notify_ready()

    def do(errand: Errand | None) -> None:
        if isinstance(errand, SoundTest):
            guide.try_sound(errand, flow)
        elif errand is not None:
            office.give(errand)

    appeared_s = flow.appeared_s
    while not (is_stopped() or panel.is_closed):
        now_s = time.monotonic()
        desk = guide.with_test(office.desk)
        flow = elapsed(flow, desk, now_s)
        sheet = sheet_of(flow, desk, site)
        view.show(sheet)
        if flow.appeared_s != appeared_s:
            flow = shown(flow, time.monotonic())
            appeared_s = flow.appeared_s
        guide.follow(flow, sheet)
        if isinstance(flow.page, Idle):
            proof.go_on()
        office.beside = (*guide.alerts, *proof.alerts)
        if office.is_alive:
            notify_alive()
        for given in panel.touches(guide.patience_s(now_s, _FRAME_S)):
            errand: Errand | None = None
            if isinstance(given, Scan):
                flow, errand = scanned(flow, given.text, time.monotonic())
            else:
                at = view.held_at if isinstance(given, Held) else view.target_at
                if (target := at(given.x, given.y)) is not None:
                    flow, errand = touched(flow, target, office.desk, time.monotonic())
            do(errand)
        for gesture in guide.gestures(time.monotonic()):
            flow, errand = keyed(flow, gesture, sheet_of(flow, desk, site), desk, time.monotonic())
            do(errand)
