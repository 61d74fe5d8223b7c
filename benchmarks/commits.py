"""How often a ticket and a press make a disk sync its journal, counted by strace on the real processes.

SQLite in WAL mode syncs its log once for a commit (sqlite.org, "Write-Ahead Logging"); with `synchronous=FULL` never
less. Fewer syncs than commits are no good figure but a lost ticket, and fail the run.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.centre import TOOLS, wait_until
from benchmarks.fair import Figure, Goal
from borne.demo.mosquitto import find_mosquitto
from borne.demo.stage import SITE, Pace, Stage, build, children
from borne.demo.supervisor import Supervisor
from borne.demo.visitor import Visitor
from borne.demo.watch import Watch
from core.room.events import PrintOutcome
from core.room.ids import ServiceId
from firmware.drivers.control import ControlClient

__all__ = ["measure"]

_TRACED = ("kiosk", "controller")
_TIMES = 10
_ROOMS = 2
"""Five presses in a row each write something: on duty, a call and three recalls."""
_AT_A_TICKET = 2
"""Before it is printed, and what became of the slip."""
_OPEN_S = 60.0
_TAP_MS = 80


def measure(folder: Path, _rounds: int) -> Iterator[Figure]:
    """Ten tickets, then ten presses, one after the other."""
    now_ms = time.time_ns() // 1_000_000
    stage = build(folder, Pace(origin_ms=now_ms, start_ms=now_ms), has_towns=False)
    # What is told of waits comes between presses, in batches of its own: ADR 15 counts them.
    file = stage.tree.device(SITE, f"{SITE}-controller") / "device.toml"
    file.write_text("forecasts = false\n" + file.read_text())
    processes = [
        replace(child, command=(*_strace(folder / child.name), *child.command)) if child.name in _TRACED else child
        for child in children(stage, find_mosquitto(TOOLS))
    ]
    try:
        with Supervisor(processes, stage.logs):
            yield from _counted(folder, stage)
    finally:
        shutil.rmtree(stage.sockets, ignore_errors=True)


def _counted(folder: Path, stage: Stage) -> Iterator[Figure]:
    service = ServiceId(stage.site.services[0].id)
    hands = iter([ControlClient(stage.control(room)) for room in stage.rooms[:_ROOMS] for _ in range(_TIMES // _ROOMS)])
    visitor = Visitor(stage.site, ControlClient(stage.control("kiosk")), size_px=stage.kiosk_px)
    wait_until(visitor.is_open, "the kiosk opens", deadline_s=_OPEN_S)
    with contextlib.closing(Watch(stage.journal)) as site:

        def take_a_ticket() -> None:
            given = _printed(site)
            visitor.take_ticket(service)
            wait_until(lambda: _printed(site) > given, "the controller knows the slip")

        def press() -> None:
            seq = _seq(site)
            next(hands).call("gpio", "tap", ms=_TAP_MS)
            wait_until(lambda: _seq(site) > seq, "the press is in the journal")
            time.sleep(2 * _TAP_MS / 1000)  # the finger leaves the button

        take_a_ticket()  # the first commit of a file syncs its log's head as well
        kiosk, admitted = _syncs_of(take_a_ticket, folder / "kiosk", folder / "controller")
        (pressed,) = _syncs_of(press, folder / "controller")
    if kiosk < _AT_A_TICKET or pressed < 1:
        raise AssertionError(f"{kiosk} syncs for a ticket, {pressed} for a press: something was promised too early")
    yield Figure(
        path="commits at the kiosk, a ticket",
        figure=f"syncs of its journal, of {_TIMES}; {admitted:.1f} at the controller",
        value=kiosk,
        goal=Goal(limit=_AT_A_TICKET, is_floor=False),
    )
    yield Figure(
        path="commits at the controller, a batch",
        figure=f"syncs of its journal for a press, of {_TIMES}",
        value=pressed,
        goal=Goal(limit=1, is_floor=False),
    )


def _syncs_of(act: Callable[[], None], *traces: Path) -> list[float]:
    """Syncs of each trace's journal for one act, as a mean of ten."""
    before = [_syncs(trace) for trace in traces]
    for _ in range(_TIMES):
        act()
    return [(_syncs(trace) - count) / _TIMES for trace, count in zip(traces, before, strict=True)]


def _syncs(trace: Path) -> int:
    return sum("-wal>" in line for line in trace.read_text().splitlines())


def _strace(trace: Path) -> list[str]:
    """Stands before a command, which keeps the number that its process has (strace(1), -D)."""
    return ["strace", "-D", "-f", "-y", "-e", "trace=fdatasync,fsync", "-o", str(trace)]


def _seq(site: Watch) -> int:
    site.look()
    return site.seq


def _printed(site: Watch) -> int:
    site.look()
    return sum(ticket.slip is PrintOutcome.PRINTED for ticket in site.state.tickets.values())
