"""Lives of a writer on a disk whose power is cut, and what must hold after every cut.

A life is one process. Its recording is cut at chosen instants; each cut is a disk that is opened and held against all
that was told before it, by this process and those before it. The last cut of a life is the disk of the next one.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.store.store import Store
from core.edge.clock import ManualClock
from core.edge.journal import Journal
from core.edge.presence import count_boot
from core.room.passage import Policy
from core.room.state import fingerprint, fold
from core.wire.coding import decode_record
from firmware.controller.sequencer import Sequencer
from firmware.kept import KeptScreen
from firmware.kiosk.desk.count import next_number
from firmware.kiosk.desk.store import open_store
from tests.powercut.library import remembering
from tests.powercut.model import Disk, Record, read_recording
from tests.powercut.writers import EPOCH, SITE

__all__ = ["BrokenPromise", "Tally", "Told", "cut_power", "record_life"]

_LIFE_S = 60


class BrokenPromise(AssertionError):
    """A disk does not hold what was told before its power was cut."""


@dataclass
class Told:
    """What the outside has heard, over all lives."""

    boot: int = 0
    disk: str | None = None
    entries: dict[int, str] = field(default_factory=dict)
    taken: int = 0
    """How far the other side has said that it has the journal."""
    given: set[tuple[str, str]] = field(default_factory=set)
    """Day and number of each ticket."""

    def hear(self, records: Sequence[Record]) -> Told:
        for line in b"".join(record.data for record in records if record.act == "A").splitlines():
            self._take(json.loads(line))
        return self

    def _take(self, said: dict[str, object]) -> None:
        match said:
            case {"boot": int(boot)}:
                self.boot = max(self.boot, boot)
            case {"disk": str(disk), "aside": aside}:
                _hold(not aside, "a journal was set aside")
                _hold(self.disk in (None, disk), "a new epoch began")
                self.disk = disk
            case {"seq": int(seq), "body": str(body)}:
                _hold(self.entries.get(seq, body) == body, f"entry {seq} is told anew, and another one")
                self.entries[seq] = body
            case {"given": str(number), "day": str(day)}:
                _hold((day, number) not in self.given, f"{number} is given twice on {day}")
                self.given.add((day, number))
            case {"taken": int(taken)}:
                self.taken = max(self.taken, taken)

    def copy(self) -> Told:
        return Told(self.boot, self.disk, dict(self.entries), self.taken, set(self.given))


@dataclass
class Tally:
    """What a run has done."""

    cuts: int = 0
    held: int = 0
    """Told entries found again, summed over all cuts."""
    told: int = 0
    """Entries told over all lives."""


def record_life(writer: str, folder: Path, library: Path, seed: str, *, synchronous: str | None = None) -> list[Record]:
    """Let a writer work in `folder`, and return what it did."""
    log = folder.with_name(f"{folder.name}.recording")
    subprocess.run(
        [sys.executable, "-m", "tests.powercut.writers", writer, folder / "data", seed, synchronous or ""],
        env=os.environ | remembering(library, folder, log),
        cwd=Path(__file__).parents[2],
        stdout=subprocess.DEVNULL,
        timeout=_LIFE_S,
        check=True,
    )
    records = read_recording(log)
    log.unlink()
    return records


def cut_power(
    writer: str,
    folder: Path,
    library: Path,
    *,
    lives: int,
    cuts: int,
    seed: int,
    synchronous: str | None = None,
    forgotten: str | None = None,
) -> Tally:
    """Cut a writer's power many times, and hold each disk against what was told.

    Args:
        cuts: of each life.
        synchronous: SQLite's pragma, in place of the product's own.
        forgotten: the end of a name whose syncs the program is taken to have forgotten.

    Raises:
        BrokenPromise: a disk does not hold what was told.
    """
    chance, told, tally = random.Random(seed), Told(), Tally()
    before = folder / "life-0"
    before.mkdir()
    for life in range(1, lives + 1):
        live = folder / "live"
        shutil.copytree(before, live)
        records = [
            record
            for record in record_life(writer, live, library, f"{seed}-{life}", synchronous=synchronous)
            if not (forgotten and record.act == "S" and record.path.endswith(forgotten))
        ]
        shutil.rmtree(live)
        instants = [chance.randrange(len(records) + 1) for _ in range(cuts)]
        for number, instant in enumerate(instants, 1):
            heard = told.copy().hear(records[:instant])
            after = Disk(before).play(records[:instant]).without_power(folder / f"life-{life}", chance)
            kept = folder / "kept"
            shutil.copytree(after, kept)
            try:
                _CHECKS[writer](kept / "data", heard)
            except Exception as error:
                where = f"{writer}, seed {seed}, life {life}, cut {number} before act {instant} of {len(records)}"
                raise BrokenPromise(f"{where}: {error!r}") from error
            shutil.rmtree(kept)
            tally.cuts += 1
            tally.held += len(heard.entries)
            if number < cuts:
                shutil.rmtree(after)
        shutil.rmtree(before)
        before, told = after, heard
    tally.told = len(told.entries)
    return tally


def _check_kiosk(data: Path, told: Told) -> None:
    _check_boot(data, told)
    store, aside = open_store(data / "tickets.db")
    with store.journal as journal:
        _hold(aside is None, "the journal was set aside")
        _check_journal(journal, told)
        number = next_number(store.count)
        _hold((store.count.day, number) not in told.given, f"{number} would be given twice on {store.count.day}")


def _check_site(data: Path, told: Told) -> None:
    _check_boot(data, told)
    with Journal(data / "site.journal") as journal:
        _check_journal(journal, told)
        state = Sequencer(journal, ManualClock(), ZoneInfo("Europe/Paris"), Policy()).state
        history = fold(decode_record(body) for body in journal.read(0, 1_000_000))
        _hold(fingerprint(state) == fingerprint(history), "the remembered start is not the history's")


def _check_agent(data: Path, told: Told) -> None:
    _check_boot(data, told)
    with Store(f"sqlite:///{data / 'agent.db'}") as store:
        stream = store.stream(SITE, EPOCH)
        upto = stream.upto if stream else 0
        bodies = store.bodies(SITE, EPOCH, first=1, last=1_000_000)
        _hold(list(bodies) == list(range(1, upto + 1)), f"entries {list(bodies)} under a state of {upto}")
        _check_entries({seq: body.encode() for seq, body in bodies.items()}, 1, told)


def _check_room(data: Path, told: Told) -> None:
    _check_boot(data, told)
    is_there = (data / "screen.json").exists()
    _hold(is_there == (KeptScreen(data).screen is not None), "half a screen was kept")


def _check_boot(data: Path, told: Told) -> None:
    boot = count_boot(data)
    _hold(boot > told.boot, f"the boot counter goes from {told.boot} to {boot}")


def _check_journal(journal: Journal, told: Told) -> None:
    _hold(told.disk in (None, journal.epoch), "a new epoch began")
    _hold(journal.first - 1 <= journal.acked <= told.taken, f"{told.taken} taken, {journal.acked} acknowledged")
    _check_entries(dict(enumerate(journal.read(0, 1_000_000), journal.first)), journal.first, told)


def _check_entries(found: dict[int, bytes], first: int, told: Told) -> None:
    for seq, body in told.entries.items():
        _hold(seq < first or found.get(seq) == body.encode(), f"entry {seq} was told and is lost")


def _hold(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise BrokenPromise(otherwise)


_CHECKS: dict[str, Callable[[Path, Told], None]] = {
    "kiosk": _check_kiosk,
    "site": _check_site,
    "agent": _check_agent,
    "room": _check_room,
}
