"""From the touch to the printer's last byte, and what the slip's picture costs.

The kiosk's real back office, on a real disk and to a printer behind a real socket, which has its letter from the
controller. Limits: 8 KB written and synced on the same disk, and then a slip's bytes given to such a printer by a bare
socket, for the printer is a process as well and takes its time to wake; python-escpos's own `image()` of the same slip,
in CPU time.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from escpos.printer import Dummy

from benchmarks.centre import Centre, Child
from benchmarks.desk import MODEL, PAUSE_S, Desk, paper
from benchmarks.fair import Figure, Goal, interleaved, percentile
from borne.demo.ports import HOST
from firmware.drivers.printer.escpos import encode
from firmware.drivers.printer.profiles import profile
from firmware.drivers.printer.replies import PROCESSED
from firmware.kiosk.code import qr_code
from firmware.kiosk.desk.slip import Slip, draw

__all__ = ["measure"]

_TICKETS = 30
_PAGES = 8192


def measure(folder: Path, rounds: int) -> Iterator[Figure]:
    """Medians of `rounds` times 30 tickets."""
    with paper(folder) as (printer, hardware), paper(folder) as (bare_printer, bare_hardware):
        centre = Centre(folder, **hardware)
        with (
            centre.site_broker(),
            centre.role("controller"),
            contextlib.closing(Desk(centre, printer)) as desk,
            socket.create_connection((HOST, bare_hardware["printer"]["port"])) as line,
        ):
            slips = iter(_slip(count) for count in range(1, 1_000_000))
            job = encode(draw(next(slips), profile(MODEL)), profile(MODEL)) + PROCESSED
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            late: list[float] = []

            def touch() -> float:
                taken = [desk.one_ticket() for _ in range(_TICKETS)]
                late.extend(taken)
                return statistics.median(taken)

            taken = interleaved(
                {
                    "synced": lambda: statistics.median(_synced(folder) for _ in range(_TICKETS)),
                    "line": lambda: statistics.median(_given(line, bare_printer, job) for _ in range(_TICKETS)),
                    "touch": touch,
                    "drawing": lambda: statistics.median(_drawing(next(slips)) for _ in range(_TICKETS)),
                    "drawing cpu": lambda: statistics.median(_cpu(next(slips)) for _ in range(_TICKETS)),
                    "image": lambda: statistics.median(_image(next(slips)) for _ in range(_TICKETS)),
                },
                rounds,
            )
    bare = [touch - drawing for touch, drawing in zip(taken.arms["touch"], taken.arms["drawing"], strict=True)]
    limit = [synced + line for synced, line in zip(taken.arms["synced"], taken.arms["line"], strict=True)]
    taken = type(taken)({**taken.arms, "bare": bare, "limit": limit}, taken.noisy)
    yield Figure(
        path="touch to last printer byte, without drawing",
        figure=f"{1000 * taken.median('bare'):.2f} of {1000 * taken.median('synced'):.2f}"
        f" + {1000 * taken.median('line'):.2f} ms; with it {1000 * taken.median('touch'):.2f},"
        f" p99 {1000 * percentile(late, 0.99):.1f}",
        ratio=taken.ratio("bare", "limit"),
        goal=Goal(limit=2.0, is_floor=False),
    )
    yield Figure(
        path="drawing and encoding of a slip, CPU",
        figure=f"{1000 * taken.median('drawing cpu'):.2f} of {1000 * taken.median('image'):.2f} ms (python-escpos)",
        ratio=taken.ratio("drawing cpu", "image"),
        goal=Goal(limit=0.35, is_floor=False),
    )


def _synced(folder: Path) -> float:
    """Seconds of one bare write of 8 KB that has reached the disk."""
    time.sleep(PAUSE_S)
    fd = os.open(folder / "limit", os.O_CREAT | os.O_WRONLY)
    try:
        began_s = time.monotonic()
        os.pwrite(fd, os.urandom(_PAGES), 0)
        os.fdatasync(fd)
        return time.monotonic() - began_s
    finally:
        os.close(fd)


def _given(line: socket.socket, printer: Child, job: bytes) -> float:
    """Seconds from the first byte of a job given to a printer to its last one there."""
    time.sleep(PAUSE_S)
    began_s = time.monotonic()
    line.sendall(job)
    taken_s = float(printer.hear()) - began_s
    line.recv(1)
    return taken_s


def _slip(count: int) -> Slip:
    url = f"https://file.example/t/{count:016}"
    qr_code(url, profile(MODEL).width_dots)  # made while nobody waits, as the kiosk does
    return Slip(
        site_name="Centre de soins d'Aubagne",
        number=f"A{count % 1000:03}",
        service="Consultation",
        time_text=f"22/11/2026  18:{count % 60:02}",
        ahead=f"{count % 40} personnes avant vous",
        url=url,
        advice="Regardez l’écran, ou suivez votre tour sur votre téléphone avec ce code.",
    )


def _drawing(slip: Slip) -> float:
    time.sleep(PAUSE_S)
    began_s = time.monotonic()
    encode(draw(slip, profile(MODEL)), profile(MODEL))
    return time.monotonic() - began_s


def _cpu(slip: Slip) -> float:
    began_s = time.thread_time()
    encode(draw(slip, profile(MODEL)), profile(MODEL))
    return time.thread_time() - began_s


def _image(slip: Slip) -> float:
    picture = draw(slip, profile(MODEL))
    theirs = Dummy()
    with contextlib.redirect_stdout(io.StringIO()):  # it prints a warning for each picture
        began_s = time.thread_time()
        theirs.image(picture, impl="bitImageRaster")
        return time.thread_time() - began_s
