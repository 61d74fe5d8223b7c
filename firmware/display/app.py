"""The display: the newest screen, on the waiting room's panel.

Rule: one thread works and draws, woken by one inbox; the link's thread only enqueues. A picture is drawn only when it
differs from the one that is shown.
"""

from __future__ import annotations

import logging
import signal
import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.edge.clock import make_clock
from core.edge.device import load_device
from core.edge.disk import disk_alert
from core.edge.notify import notify_alive, notify_ready
from core.edge.site import Site
from core.room.ids import RoomId, SiteId
from core.wire.messages import Kept
from firmware.display.board import Board, Sightings, make_board, next_change_s, sight
from firmware.display.settings import DisplayFile
from firmware.drivers.control import ControlSocket
from firmware.drivers.panel import Panel, make_panel
from firmware.inbox import Arrived, Inbox, LinkChanged
from firmware.kept import KeptScreen
from firmware.station import DayWanted, Station

__all__ = ["run"]

_log = logging.getLogger(__name__)

_TICK_S = 0.25
"""How late the board may notice what only time tells: silence of the controller, another minute."""


def run(config: Path) -> int:
    """Work until SIGTERM, or until the window is closed; returns 0.

    Raises:
        ConfigError: a file is wrong.
        ControlError: the control socket cannot be made.
        PanelAbsent: there is no screen.
    """
    settings, site = load_device(config, DisplayFile, "display")
    with ExitStack() as stack:
        control = ControlSocket(settings.control.socket) if settings.control else None
        if control:
            stack.callback(control.close)
        panel = make_panel(settings.panel, control)
        stack.callback(panel.close)
        display = _Display(settings, site, panel)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: display.stop())
        display.serve()
    return 0


class _Display:
    def __init__(self, settings: DisplayFile, site: Site, panel: Panel) -> None:
        # Imported behind `make_panel`, which sets what SDL reads when pygame is imported.
        from firmware.display.view import View

        self._site = site
        self._labels = {RoomId(room.id): room.label for room in site.rooms}
        self._zone = ZoneInfo(site.timezone)
        self._clock = make_clock(settings.clock)
        self._panel = panel
        self._view = View(panel.surface, settings.language)
        self._shown: Board | None = None
        self._sightings = Sightings()
        self._data = settings.data
        self._kept = KeptScreen(settings.data)
        self._inbox: Inbox[Arrived | LinkChanged] = Inbox()
        self._station = Station(settings, SiteId(site.id), leaves=[], inbox=self._inbox, wake=panel.wake)
        self._is_stopping = False

    def serve(self) -> None:
        """Show boards until told to stop; the first one is what the disk kept."""
        self._turn()
        self._station.start()
        try:
            notify_ready()
            while not (self._is_stopping or self._panel.is_closed):
                self._panel.touches(self._idle_s())
                self._turn()
        finally:
            self._station.stop()

    def stop(self) -> None:
        self._is_stopping = True

    def _turn(self) -> None:
        """Take in what waits, and bring panel, health and disk up to date."""
        for item in self._inbox.take(0):
            if isinstance(self._station.handle(item), DayWanted):
                self._station.offer(Kept(screen=self._station.screen or self._kept.screen))
        screen = self._station.screen or self._kept.screen
        is_fresh = self._station.screen_is_fresh()
        now_s = time.monotonic()
        if screen is not None and is_fresh:  # what is not fresh is no news, be it from the disk or from the broker
            self._sightings = sight(self._sightings, screen, now_s)
        self._show(
            make_board(
                screen,
                is_fresh=is_fresh,
                sightings=self._sightings,
                now_s=now_s,
                now=self._local_time(),
                site=self._site.name,
                labels=self._labels,
                capacity=self._view.layout.capacity,
                zone=self._zone,
            )
        )
        notify_alive()
        self._station.link.watch()
        self._kept.keep(self._station.screen, now_s)
        self._station.count_start()
        disk_fault = self._kept.fault or self._station.disk_fault
        alerts = [disk_alert(disk_fault, self._data)] if disk_fault else []
        self._station.tell(alerts, shown_rev=screen.rev if screen else None)

    def _show(self, board: Board) -> None:
        if board != self._shown:
            self._view.draw(board)
            self._panel.show()
            self._shown = board

    def _idle_s(self) -> float:
        change_s = next_change_s(self._sightings, time.monotonic())
        return _TICK_S if change_s is None else min(_TICK_S, change_s)

    def _local_time(self) -> datetime | None:
        if not self._clock.is_synchronised():
            return None
        return datetime.fromtimestamp(self._clock.wall_ms() / 1000, tz=self._zone)
