"""How soon a kiosk is there after its process began, beside the least program that opens such a screen.

The first frame says that the kiosk starts. The first printable ticket is there once the page with the way in is shown,
so that the kiosk has its number, and the printer has answered. Files lie in the kernel's cache, for both; the kiosk has
its letter on its disk from the start before, as after a night.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.centre import Centre, Child
from benchmarks.cgroup import slowed
from benchmarks.desk import paper
from benchmarks.fair import Figure, Goal, interleaved
from benchmarks.screen import kiosk, plain

__all__ = ["measure"]

_QUOTA = 0.125
"""Of one processor: about what a Pi's is to a desktop's."""
_FRAME = Goal(limit=1.3, is_floor=False)
_TICKET = Goal(limit=2.0, is_floor=False)

Start = Callable[[], float]


def measure(folder: Path, rounds: int) -> Iterator[Figure]:
    """Starts with all the processor's time, and with an eighth of it."""
    with (
        paper(folder, "asked") as (printer, hardware),
        tempfile.TemporaryDirectory(prefix="borne-") as sockets,
    ):
        control = Path(sockets) / "control"
        centre = Centre(folder, **hardware, control={"socket": str(control)})
        with centre.site_broker(), centre.role("controller"):
            starts = _Starts(centre, control, printer)
            starts.kiosk()  # fetches the letter
            yield from _figures(starts, rounds, "")
            with slowed(_QUOTA) as put:
                if put is None:
                    yield Figure(path=f"kiosk's start, {_QUOTA:.1%} quota", figure="not measured: run as root")
                    return
                starts.put = put
                yield from _figures(starts, rounds, f", {_QUOTA:.1%} quota")


class _Starts:
    """What is started, again and again."""

    def __init__(self, centre: Centre, control: Path, printer: Child) -> None:
        self.put: Callable[[int], object] = lambda _pid: None
        self.ticket_s = 0.0
        """Of the newest start of the kiosk."""
        self._centre = centre
        self._control = control
        self._printer = printer

    def plain(self) -> float:
        with plain(self._centre.folder / "processes.log", self.put) as (_, frame_s):
            return frame_s

    def kiosk(self) -> float:
        """Seconds to the first frame."""
        with kiosk(self._centre, self._control, self.put) as process:
            first_s, ready_s, *_ = process.shown_s()
            answered_s = float(self._printer.hear())
            while answered_s < process.began_s:  # to the kiosk before
                answered_s = float(self._printer.hear())
        self.ticket_s = max(ready_s, answered_s) - process.began_s
        return first_s - process.began_s


def _figures(starts: _Starts, rounds: int, where: str) -> Iterator[Figure]:
    taken = interleaved({"plain": starts.plain, "frame": starts.kiosk, "ticket": lambda: starts.ticket_s}, rounds)
    for arm, path, goal in (("frame", "first frame", _FRAME), ("ticket", "first printable ticket", _TICKET)):
        yield Figure(
            path=f"kiosk's start to {path}{where}",
            figure=f"{1000 * taken.median(arm):.0f} of {1000 * taken.median('plain'):.0f} ms, a line of text in pygame",
            ratio=taken.ratio(arm, "plain"),
            goal=goal,
        )
