"""What a kiosk takes while nobody stands before it, beside the least program that opens such a screen; and how soon a
touch is answered on the screen.

At rest after its first tickets: start page, no voice, linked to a controller that beats. Memory is what the kernel
counts as resident (VmRSS of proc_pid_status(5)), and the part of it that no file backs (RssAnon). In the kiosk's are
4 MB of the named fake's own: its copy of the frame, for those who look through the control socket.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.centre import Centre, wait_until
from benchmarks.desk import paper
from benchmarks.fair import Figure, Goal, Ratio, percentile
from benchmarks.screen import ScreenProcess, kiosk, places, plain
from firmware.kiosk.dialogue.targets import Begin, ChooseLanguage

__all__ = ["measure"]

_SIZE_PX = (1280, 800)
_TICKETS = 3
_TOUCHES = 20
"""In a round."""
_HEARS_S = 0.4
"""A page is deaf in its first 0.25 s."""
_HOME_S = 12.0
"""After a slip the start page comes back by itself within 10 s."""
_RESTS_S = 35.0
"""After its last touch the panel looks for the next one as it does at rest within 30 s."""
_REST_S = 60.0


def measure(folder: Path, rounds: int) -> Iterator[Figure]:
    """`rounds` times 20 touches, and one minute of rest, of both at the same time."""
    with (
        paper(folder) as (printer, hardware),
        tempfile.TemporaryDirectory(prefix="borne-") as sockets,
    ):
        control = Path(sockets) / "control"
        centre = Centre(folder, **hardware, control={"socket": str(control)})
        with (
            centre.site_broker(),
            centre.role("controller"),
            plain(folder / "processes.log") as (yardstick, _),
            kiosk(centre, control) as process,
        ):
            where = places(centre, _SIZE_PX)
            time.sleep(_HEARS_S)
            yield _touches([_touch(process, where[ChooseLanguage("en")]) for _ in range(_TOUCHES * rounds)])
            for _ in range(_TICKETS):
                process.touch(where[Begin()])
                printer.hear()
                time.sleep(_HOME_S)
            time.sleep(_RESTS_S)
            yield from _memory(process.pid, yardstick.pid)
            yield from _rest(process.pid, yardstick.pid)


def _touch(process: ScreenProcess, place: tuple[int, int]) -> float:
    """Seconds from a finger on another language to the first frame in it; the one after is the former again."""
    time.sleep(_HEARS_S)
    touched_s = process.touch(place)
    wait_until(lambda: process.shown_s()[-1] > touched_s, "the screen answers")
    return next(shown_s for shown_s in process.shown_s() if shown_s > touched_s) - touched_s


def _touches(taken: list[float]) -> Figure:
    return Figure(
        path="touch to first changed frame",
        figure=f"median {1000 * statistics.median(taken):.1f} ms, p99 {1000 * percentile(taken, 0.99):.1f},"
        f" of {len(taken)}; a look for touches every 16.7",
    )


def _memory(ours: int, theirs: int) -> Iterator[Figure]:
    for line, what, goal in (
        ("VmRSS", "resident", Goal(limit=1.6, is_floor=False)),
        ("RssAnon", "resident, backed by no file", None),
    ):
        mine, limit = _kb(ours, line), _kb(theirs, line)
        yield Figure(
            path=f"kiosk's memory at rest, {what}",
            figure=f"{mine / 1024:.1f} of {limit / 1024:.1f} MB, a line of text in pygame",
            ratio=_single(mine / limit),
            goal=goal,
        )


def _rest(ours: int, theirs: int) -> Iterator[Figure]:
    before = [(_cpu_ms(pid), _wakes(pid)) for pid in (ours, theirs)]
    time.sleep(_REST_S)
    (cpu, wakes), (their_cpu, their_wakes) = (
        (_cpu_ms(pid) - cpu_ms, _wakes(pid) - wakes)
        for pid, (cpu_ms, wakes) in zip((ours, theirs), before, strict=True)
    )
    yield Figure(
        path="kiosk's processor time per minute of rest",
        figure=f"{cpu:.0f} ms, woken {wakes} times; a line of text in pygame {their_cpu:.0f} ms, {their_wakes} times",
        ratio=_single(cpu / their_cpu),
    )


def _single(ratio: float) -> Ratio:
    return Ratio(median=ratio, low=ratio, high=ratio)


def _kb(pid: int, line: str) -> int:
    return next(int(one.split()[1]) for one in _status(Path(f"/proc/{pid}")) if one.startswith(f"{line}:"))


def _cpu_ms(pid: int) -> float:
    """Of all threads, to the nanosecond (proc(5), schedstat)."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in _tasks(pid)) / 1e6


def _wakes(pid: int) -> int:
    """How often its threads have slept."""
    lines = (line for task in _tasks(pid) for line in _status(task))
    return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches:"))


def _tasks(pid: int) -> Iterator[Path]:
    return Path(f"/proc/{pid}/task").iterdir()


def _status(folder: Path) -> list[str]:
    return (folder / "status").read_text().splitlines()
