"""The controller's composition root and loop: take what waits, decide, commit once, then tell.

Rule: a batch is whatever waits and never waits to grow; one commit makes all of it durable before any of it is told.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
import time
from collections import Counter
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from core.edge.asking import Beats
from core.edge.clock import Clock, make_clock
from core.edge.device import load_device
from core.edge.disk import disk_alert, make_folder
from core.edge.journal import CorruptJournal, Journal, JournalFault, set_aside
from core.edge.notify import notify_alive, notify_ready
from core.edge.presence import count_boot
from core.edge.site import Site
from core.room.ids import DeviceId, SiteId
from core.room.passage import Policy
from core.wire.messages import Alert, Answer
from firmware.controller.alerts import alerts_of
from firmware.controller.answering import NETWORK, Answering
from firmware.controller.forecasting import Forecasting
from firmware.controller.gather import Gather
from firmware.controller.kept import KeptMessage
from firmware.controller.lan import Lan
from firmware.controller.learning import Learning
from firmware.controller.names import Names
from firmware.controller.nametable import wipe
from firmware.controller.network import OtherCentres
from firmware.controller.outage import Outage
from firmware.controller.plan import Plan
from firmware.controller.rival import SecondController
from firmware.controller.sequencer import Sequencer
from firmware.controller.settings import ControllerFile
from firmware.controller.uplink import Uplink
from firmware.inbox import Arrived, Inbox, Work

__all__ = ["run"]

_log = logging.getLogger(__name__)

_TICK_S = 0.25
_AGAIN_S = 1.0
"""Between two looks at a disk that refuses."""


class Controller:
    """Wires a site's parts together and drives them from one thread."""

    def __init__(self, settings: ControllerFile, site: Site) -> None:
        """
        Raises:
            CorruptJournal: the journal is damaged and cannot be set aside.
            JournalFault: the disk cannot be written.
            OSError: as `JournalFault`.
        """
        make_folder(settings.data)
        if not site.reception.asks_name:
            wipe(settings.data)  # of a time when it did
        self._data = settings.data
        self._inbox: Inbox[Work] = Inbox()
        self._plan = Plan(settings.data, site)
        self._others = OtherCentres(settings.data, ZoneInfo(site.timezone))
        self._sequencer, self._aside = _open(
            settings.data / "site.journal", make_clock(settings.clock), ZoneInfo(site.timezone), self._plan.policy
        )
        journal = self._sequencer.journal
        with contextlib.ExitStack() as undo:
            undo.callback(journal.close)
            boot = count_boot(settings.data)
            undo.pop_all()
        self._gather = Gather(
            site,
            journal.epoch,
            is_needed=journal.last == 0,
            has_agent=settings.uplink is not None,
            limit_s=settings.gather_s,
        )
        self._names = None
        if site.reception.asks_name:
            self._names = Names(site, settings.data, lambda unit, named: self._lan.tell_name(unit, named))
        beats = Beats(boot)
        self._answering = Answering(site, self._sequencer, beats, self._answer)
        self._lan = Lan(
            settings,
            site,
            self._sequencer,
            boot=boot,
            beats=beats,
            answering=self._answering,
            gather=self._gather,
            others=self._others,
            inbox=self._inbox,
            names=self._names,
        )
        self._uplink = None
        if settings.uplink is not None:
            self._uplink = Uplink(
                settings.uplink,
                SiteId(site.id),
                self._sequencer,
                boot=boot,
                inbox=self._inbox,
                answering=self._answering,
                plan=self._plan,
                others=self._others,
                gather=self._gather,
            )
        self._learning = Learning(settings, self._sequencer, self._inbox)
        self._forecasting = Forecasting(settings, self._sequencer, self._inbox, self._learning)
        self._fault: JournalFault | None = None
        """Why the disk took nothing the last time; None when it did."""
        self._probe_s = float("-inf")
        self._program_fault: str | None = None

    def serve(self, stopping: threading.Event) -> None:
        """Work until told to stop.

        Raises:
            CorruptJournal: the journal turns out to be damaged.
            SecondController: another one has this identity and was here first.
        """
        self._lan.start()
        if self._uplink is not None:
            self._uplink.start()
        self._forecasting.start()
        notify_ready()
        try:
            while not stopping.is_set():
                self._turn()
                notify_alive()
        finally:
            self._learning.stop()
            self._forecasting.stop()
            if self._uplink is not None:
                self._uplink.stop()
            self._lan.stop()
            if self._names is not None:
                self._names.close()
            self._sequencer.journal.close()

    def _turn(self) -> None:
        """One turn of the loop: everything that waits, one commit, then everything that follows."""
        items = self._inbox.take(_TICK_S)
        now_s = time.monotonic()
        for work in items:
            self._handle(work, now_s)
        is_gathered = self._gather.is_over(now_s)
        if is_gathered:
            self._sequencer.restore(*self._gather.decide(*self._sequencer.true_day()))
        elif not self._gather.is_asking:
            self._sequencer.let_time_pass()
            self._forecasting.tell(now_s)
        self._fault = self._committed(now_s)
        if is_gathered and self._fault is None:
            self._gather.close()
        self._answering.settle("disk-fault" if self._fault else None)
        self._lan.settle()
        self._lan.show(now_s)
        if self._names is not None and not self._gather.is_asking:
            self._names.follow(self._sequencer.state, self._lan.fleet, is_closed=self._sequencer.is_closed)
        for kept in self._kept.values():
            kept.keep(now_s)
        self._lan.tell(self._alerts(now_s), self._refused(), now_s)
        self._lan.link.watch()
        if self._uplink is not None:
            self._uplink.know_fleet(self._lan.fleet)
            self._uplink.know_habits(self._learning.file.message)
            self._uplink.pump(now_s)
            self._fault = self._fault or self._uplink.fault
            self._uplink.link.watch()
        self._forecasting.ask(now_s)
        self._learning.learn()

    @property
    def _kept(self) -> dict[str, KeptMessage[Any]]:
        """What this controller goes by, by name."""
        return {"plan": self._plan.file, "others": self._others.file, "habits": self._learning.file}

    def _handle(self, work: Work, now_s: float) -> None:
        """No message stops a centre, not even one on which this program fails."""
        handle, item = work
        try:
            handle(item, now_s)
        except Exception as error:
            if self._program_fault is None:
                _log.exception("the program failed at %s", item.topic if isinstance(item, Arrived) else item)
            self._program_fault = f"{type(error).__name__}: {error}; see the log"

    def _answer(self, asker: DeviceId, answer: Answer) -> None:
        if asker != NETWORK:
            self._lan.answer(asker, answer)
        elif self._uplink is not None:
            self._uplink.answer(answer)

    def _refused(self) -> Counter[str]:
        """What was dropped since the start, by topic, or by sender where there was no room."""
        refused = self._lan.intake.refused + self._inbox.dropped
        return refused if self._uplink is None else refused + self._uplink.intake.refused

    def _committed(self, now_s: float) -> JournalFault | None:
        """Commit what is staged; why the disk did not take it, if so. After a fault it is asked again once a second."""
        is_well = self._fault is None
        try:
            if self._sequencer.commit():
                is_well = True
            elif not is_well and now_s >= self._probe_s:
                self._probe_s = now_s + _AGAIN_S
                self._sequencer.journal.probe()
                is_well = True
        except JournalFault as fault:
            if self._fault is None:
                _log.error("the journal takes nothing: %s", fault)
            return fault
        return None if is_well else self._fault

    def _alerts(self, now_s: float) -> list[Alert]:
        alerts = []
        if self._fault:
            alerts.append(disk_alert(self._fault, self._data))
        if self._names is not None and self._names.fault and not self._fault:
            alerts.append(disk_alert(self._names.fault, self._data))
        if self._program_fault:
            alerts.append(Alert(code="program-fault", detail=self._program_fault))
        if self._aside:
            alerts.append(Alert(code="journal-set-aside", detail=self._aside.name))
        for name, kept in self._kept.items():
            if kept.fault and not self._fault:
                alerts.append(disk_alert(kept.fault, self._data))
            if kept.aside:
                alerts.append(Alert(code=f"{name}-set-aside", detail=kept.aside.name))
        alerts += self._forecasting.alerts(now_s)
        sequencer = self._sequencer
        alerts += alerts_of(sequencer.state, sequencer.policy_now, sequencer.now_ms())
        if self._uplink is not None and self._uplink.outbox.refused:
            alerts.append(Alert(code="uplink-refused", detail=self._uplink.outbox.refused))
        return alerts


def _open(path: Path, clock: Clock, zone: tzinfo, policy: Policy) -> tuple[Sequencer, Path | None]:
    """The sequencer on its journal; a journal that fails its checks is set aside and a new epoch begins.

    Returns:
        The sequencer, and where a damaged journal went.
    """
    try:
        with contextlib.ExitStack() as undo:
            journal = undo.enter_context(Journal(path))
            sequencer = Sequencer(journal, clock, zone, policy)
            undo.pop_all()
    except CorruptJournal as error:
        aside = set_aside(path)
        _log.critical("%s; set aside as %s, a new epoch begins", error, aside.name)
        return Sequencer(Journal(path), clock, zone, policy), aside
    else:
        return sequencer, None


def _opened(settings: ControllerFile, site: Site, stopping: threading.Event) -> Controller | None:
    """The controller, as soon as its disk lets it work, and until then only its health; None when told to stop."""
    with contextlib.ExitStack() as stack:
        outage = None
        while not stopping.is_set():
            try:
                return Controller(settings, site)
            except (JournalFault, CorruptJournal, OSError) as fault:
                if outage is None:
                    _log.error("the disk does not let us work: %s", fault)
                    outage = Outage(settings, site)
                    outage.start()
                    stack.callback(outage.stop)
                    notify_ready()
                outage.tell(fault)
                outage.work_for(_AGAIN_S)
                notify_alive()
    return None


def run(config: Path) -> int:
    """Run until SIGTERM, with a disk or, as well as can be, without.

    Returns:
        0 when told to stop, 1 when another controller has this identity.

    Raises:
        ConfigError: a file is wrong.
    """
    settings, site = load_device(config, ControllerFile, "controller")
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    while (controller := _opened(settings, site, stopping)) is not None:
        try:
            controller.serve(stopping)
        except CorruptJournal as damage:
            _log.critical("%s", damage)  # set aside when it is opened again
        except SecondController as error:
            _log.critical("%s", error)
            return 1
    return 0
