"""Five light centres in one process: real journals, real rules, real uplinks; only patients and devices are played.

What should have happened before this process started has happened, each at its own time: a demo opened at noon finds
waiting rooms as they are after an hour of crowd, and a restart goes on from the journal.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from borne.demo.crowd import EVENING_S, Patient, evening, move_due
from core.edge.clock import Clock, make_clock
from core.edge.config import ConfigError
from core.edge.device import load_device
from core.edge.journal import Journal
from core.edge.presence import count_boot
from core.forecast.habits import FIRST_DAY
from core.forecast.live import moment_of
from core.forecast.play import forecast
from core.room.commands import AdmitTicket, GrantLetter, Leave, Press, ReportPrint
from core.room.events import PrintOutcome
from core.room.ids import DeviceId, DiskId, RoomId, ServiceId, SiteId, TicketId
from core.room.numbering import number_after
from core.room.passage import Policy
from core.wire.identity import new_id, new_token
from firmware.controller.forecasting import is_attended, news_for
from firmware.controller.sequencer import Sequencer
from firmware.controller.settings import ControllerFile
from firmware.controller.uplink import Uplink
from firmware.inbox import Inbox, Work

__all__ = ["Play", "main"]

_TICK_S = 0.25
_FORETELLS_EVERY_MS = 60_000
_PATIENTS_PER_ROOM = 15
"""In an evening of four hours: a doctor who is kept busy and not buried."""


class _PlayClock:
    """Site time as the play has it: exactly the instant of what happens now."""

    def __init__(self, at_ms: int) -> None:
        self.at_ms = at_ms

    def wall_ms(self) -> int:
        return self.at_ms

    def mono_ms(self) -> int:
        return self.at_ms

    def is_synchronised(self) -> bool:
        return True


class Play:
    """One centre's evening on its own journal, without devices or network."""

    def __init__(
        self,
        journal: Journal,
        *,
        rooms: list[RoomId],
        services: list[ServiceId],
        zone: ZoneInfo,
        kiosk: DeviceId,
        seed: int,
        opened_ms: int,
    ) -> None:
        """
        Args:
            opened_ms: when the first evening began; another one follows on each.

        Raises:
            CorruptJournal: the journal cannot be folded.
        """
        self._clock = _PlayClock(opened_ms)
        self.sequencer = Sequencer(journal, self._clock, zone, Policy())
        self._rooms = rooms
        self._opened_ms = opened_ms
        self._kiosk = kiosk
        self._who: dict[TicketId, Patient] = {}
        self._foretold_ms = 0
        self._clock.at_ms = self.sequencer.now_ms()
        crowd = _crowd(seed, _PATIENTS_PER_ROOM * len(rooms), services, opened_ms)
        self._crowd = itertools.dropwhile(lambda one: one[0] <= self._clock.at_ms, crowd)
        self._next_ms, self._next = next(self._crowd)

    def until(self, now_ms: int) -> None:
        """Let happen what happens until now, each thing at its time, in one commit."""
        while (due := self._due()) is not None and due[0] <= now_ms:
            self._clock.at_ms = max(self._clock.at_ms, due[0])
            before = self.sequencer.state
            self.sequencer.let_time_pass()
            if self.sequencer.state is before:  # otherwise a day has begun, perhaps, and nobody waits any more
                due[1]()
        self._clock.at_ms = max(self._clock.at_ms, now_ms)
        self.sequencer.let_time_pass()
        self.sequencer.commit()

    def foretell(self) -> None:
        """Tell everybody their wait, once a minute, as if a forecaster had been asked."""
        state, now_ms = self.sequencer.state, self._clock.at_ms
        if not is_attended(state) or now_ms - self._foretold_ms < _FORETELLS_EVERY_MS:
            return
        self._foretold_ms = now_ms
        news = news_for(state, forecast(moment_of(state, Policy(), now_ms), FIRST_DAY, seed=1), now_ms)
        if news is not None:
            self.sequencer.tell(news)
            self.sequencer.commit()

    def _due(self) -> tuple[int, Callable[[], object]] | None:
        """What happens next, and when."""
        due: list[tuple[int, Callable[[], object]]] = [(self._next_ms, self._arrive)]
        for room in self._rooms:
            move = move_due(self.sequencer.state, room, self._who, Policy(), began_ms=self._opened_ms)
            if move is not None:
                act = Press(room=room) if move.does == "press" else Leave(room=room)
                due.append((move.at_ms, partial(self.sequencer.submit, act)))
        return min(due, key=lambda one: one[0])

    def _arrive(self) -> None:
        """A patient comes and takes a ticket, whose slip is printed at once."""
        patient = self._next
        self._next_ms, self._next = next(self._crowd)
        disk = self._disk()
        state = self.sequencer.state
        given = number_after(state.grants[disk].letter, [one.number for one in state.tickets.values()])
        if given is None:
            return
        ticket, told = new_id(), state.reported.get(disk, 0)
        self.sequencer.submit_report(
            AdmitTicket(
                ticket=ticket,
                number=given,
                token=new_token(),
                service=patient.service,
                language="fr",
                kiosk=self._kiosk,
                disk=disk,
                disk_seq=told + 1,
                ordered_at_ms=self._clock.at_ms,
                wait=state.newcomers.get(patient.service),
            )
        )
        self.sequencer.submit_report(
            ReportPrint(ticket=ticket, outcome=PrintOutcome.PRINTED, kiosk=self._kiosk, disk=disk, disk_seq=told + 2)
        )
        self._who[ticket] = patient

    def _disk(self) -> DiskId:
        """The disk that the imagined kiosk numbers under."""
        for disk in self.sequencer.state.grants:
            return disk
        disk = DiskId(new_id())
        self.sequencer.submit(GrantLetter(disk=disk, kiosk=self._kiosk))
        return disk


class _Town:
    """A play, shown to the network."""

    def __init__(self, file: Path, seed: int, opened_ms: int) -> None:
        settings, site = load_device(file, ControllerFile, "controller")
        if settings.uplink is None:
            raise ConfigError(f"{file}: uplink is missing; add it")
        boot = count_boot(settings.data)
        self.clock: Clock = make_clock(settings.clock)
        self.play = Play(
            Journal(settings.data / "site.journal"),
            rooms=[RoomId(room.id) for room in site.rooms],
            services=[ServiceId(service.id) for service in site.offered],
            zone=ZoneInfo(site.timezone),
            kiosk=DeviceId(f"{site.id}-kiosk"),
            seed=seed,
            opened_ms=opened_ms,
        )
        self._inbox: Inbox[Work] = Inbox()
        self.uplink = Uplink(settings.uplink, SiteId(site.id), self.play.sequencer, boot=boot, inbox=self._inbox)

    def turn(self) -> None:
        now_s = time.monotonic()
        for handle, item in self._inbox.take(0):
            handle(item, now_s)
        self.play.until(self.clock.wall_ms())
        self.play.foretell()
        self.uplink.pump(now_s)
        self.uplink.link.watch()


def main(arguments: list[str]) -> int:
    """Play the centres of some controllers' files until told to stop; returns the exit code."""
    parser = argparse.ArgumentParser(prog="borne.demo.towns")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--opened-ms", type=int, required=True)
    args = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    towns = [_Town(file, args.seed + place, args.opened_ms) for place, file in enumerate(args.files, 1)]
    for town in towns:
        town.turn()
        town.uplink.start()
    while not stopping.wait(_TICK_S):
        for town in towns:
            town.turn()
    for town in towns:
        town.uplink.stop()
    return 0


def _crowd(seed: int, patients: int, services: list[ServiceId], opened_ms: int) -> Iterator[tuple[int, Patient]]:
    """One evening after the other, for ever."""
    for turn in itertools.count():
        for patient in evening(seed + 1000 * turn, patients, services):
            yield opened_ms + round(1000 * (turn * EVENING_S + patient.arrives_s)), patient


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
