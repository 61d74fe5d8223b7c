"""The controller's composition root and loop: take what waits, decide, commit once, then tell.

Rule: a batch is whatever waits and never waits to grow; one commit makes all of it durable before any of it is told.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import signal
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from core.edge.clock import Clock, make_clock
from core.edge.device import load_device
from core.edge.journal import CorruptJournal, Journal, JournalFault, set_aside
from core.edge.notify import notify_alive, notify_ready
from core.edge.presence import count_boot
from core.edge.site import Site
from core.room.ids import SiteId
from core.room.passage import Policy
from core.wire.messages import Alert
from firmware.controller.lan import Lan, SecondController
from firmware.controller.sequencer import Sequencer
from firmware.controller.settings import ControllerFile
from firmware.controller.uplink import Uplink
from firmware.inbox import Arrived, LinkChanged

__all__ = ["run"]

_log = logging.getLogger(__name__)

_TICK_S = 0.25
_BATCH = 500
"""Items taken in before a commit at most, so that an answer never waits for a flood to end."""


class Controller:
    """Wires a site's parts together and drives them from one thread."""

    def __init__(self, settings: ControllerFile, site: Site) -> None:
        """
        Raises:
            JournalFault: the disk cannot be written.
        """
        boot = count_boot(settings.data)
        self._inbox: queue.SimpleQueue[tuple[_Handler, Arrived | LinkChanged]] = queue.SimpleQueue()
        self._sequencer, self._aside = _open(settings.data / "site.journal", make_clock(settings.clock), site)
        self._lan = Lan(
            settings,
            site,
            self._sequencer,
            boot=boot,
            enqueue=lambda item: self._inbox.put((self._lan.take, item)),
        )
        self._uplink = None
        if settings.uplink is not None:
            self._uplink = uplink = Uplink(
                settings.uplink,
                SiteId(site.id),
                self._sequencer,
                boot=boot,
                enqueue=lambda item: self._inbox.put((uplink.handle, item)),
            )
        self._stopping = False
        self._fault: str | None = None

    def serve(self) -> None:
        """Work until `stop`.

        Raises:
            SecondController: another one has this identity and was here first.
        """
        self._lan.start()
        if self._uplink is not None:
            self._uplink.start()
        notify_ready()
        try:
            while not self._stopping:
                self._turn()
                notify_alive()
        finally:
            if self._uplink is not None:
                self._uplink.stop()
            self._lan.stop()
            self._sequencer.journal.close()

    def stop(self) -> None:
        self._stopping = True

    def _turn(self) -> None:
        """One turn of the loop: everything that waits, one commit, then everything that follows."""
        items = self._waiting_items()
        now_s = time.monotonic()
        for handle, item in items:
            handle(item, now_s)
        self._sequencer.let_time_pass()
        self._fault = self._committed()
        self._lan.settle("disk-fault" if self._fault else None)
        self._lan.show(now_s)
        self._lan.tell(self._alerts())
        self._lan.link.watch()
        if self._uplink is not None:
            self._uplink.know_fleet(self._lan.fleet)
            self._uplink.pump(now_s)
            self._uplink.link.watch()

    def _waiting_items(self) -> list[tuple[_Handler, Arrived | LinkChanged]]:
        items: list[tuple[_Handler, Arrived | LinkChanged]] = []
        with contextlib.suppress(queue.Empty):
            items.append(self._inbox.get(timeout=_TICK_S))
            while len(items) < _BATCH:
                items.append(self._inbox.get_nowait())
        return items

    def _committed(self) -> str | None:
        """Commit what is staged; what the disk did not take, in words, if so."""
        try:
            self._sequencer.commit()
        except JournalFault as fault:
            if self._fault is None:
                _log.error("the journal takes nothing: %s", fault)
            return str(fault)
        return None

    def _alerts(self) -> list[Alert]:
        alerts = []
        if self._fault:
            alerts.append(Alert(code="disk-fault", detail=self._fault[:200]))
        if self._aside:
            alerts.append(Alert(code="journal-set-aside", detail=self._aside.name))
        if self._lan.has_rival:
            alerts.append(Alert(code="second-controller", detail="another device connects with this identity"))
        if self._sequencer.state.refused:
            alerts.append(Alert(code="report-refused", detail=f"{self._sequencer.state.refused} today"))
        if self._uplink is not None and self._uplink.outbox.refused:
            alerts.append(Alert(code="uplink-refused", detail=self._uplink.outbox.refused))
        return alerts


_Handler = Callable[[Arrived | LinkChanged, float], None]


def _open(path: Path, clock: Clock, site: Site) -> tuple[Sequencer, Path | None]:
    """The sequencer on its journal; a journal that fails its checks is set aside and a new epoch begins.

    Returns:
        The sequencer, and where a damaged journal went.
    """
    zone = ZoneInfo(site.timezone)
    try:
        return Sequencer(Journal(path), clock, zone, Policy()), None
    except CorruptJournal as error:
        aside = set_aside(path)
        _log.critical("%s; set aside as %s, a new epoch begins", error, aside.name)
        return Sequencer(Journal(path), clock, zone, Policy()), aside


def run(config: Path) -> int:
    """Run until SIGTERM.

    Returns:
        0 when told to stop, 1 when another controller has this identity or the disk cannot be written.

    Raises:
        ConfigError: a file is wrong.
    """
    settings, site = load_device(config, ControllerFile, "controller")
    try:
        controller = Controller(settings, site)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: controller.stop())
        controller.serve()
    except (JournalFault, SecondController) as error:
        _log.critical("%s", error)
        return 1
    return 0
