"""What a forecaster beside the controller costs a press, from the button to the big screen.

Two centres in which sixty wait: one forecasts, by a forecaster that has an eighth of a processor as on a small Pi, and
one does not. Each press changes the day, so that a forecast is due every second.

Limit: the same press where nothing is forecast.
"""

from __future__ import annotations

import contextlib
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.centre import Centre, wait_until
from benchmarks.cgroup import slowed
from benchmarks.fair import Figure, Goal, interleaved, percentile
from benchmarks.history import evening
from benchmarks.room import EVENING_MS, PressedRoom, evening_clock, lay
from borne.demo.watch import Watch
from core.room.events import WaitsTold

__all__ = ["measure"]

_WAITING = 60
_SHARE = 0.125
_PRESSES = 60
"""In a round: some six seconds, and as many forecasts."""
_PAUSES_S = 0.05, 0.15


def measure(folder: Path, rounds: int) -> Iterator[Figure]:
    """Both centres at once, pressed in turn."""
    path = f"press while forecasting, forecaster at {_SHARE:.1%}"
    with contextlib.ExitStack() as stack:
        slow = stack.enter_context(slowed(_SHARE))
        if slow is None:
            yield Figure(path=path, figure="not measured: this user may not limit time; run as root")
            return
        alone = stack.enter_context(_pressed(Centre(folder / "alone", clock=evening_clock()), forecasts=False))
        beside = stack.enter_context(_pressed(Centre(folder / "beside", clock=evening_clock()), forecasts=True))
        slow(beside.forecaster())
        taken = interleaved({"alone": alone.round, "beside": beside.round}, rounds)
        told = beside.tellings()
    yield Figure(
        path=path,
        figure=f"{1000 * taken.median('beside'):.2f} of {1000 * taken.median('alone'):.2f} ms; waits told {told} times",
        ratio=taken.ratio("beside", "alone"),
        goal=Goal(limit=1.1, is_floor=False),
    )
    late_s, limit_s = percentile(beside.seen, 0.99), percentile(alone.seen, 0.99)
    yield Figure(
        path="press while forecasting, p99",
        figure=f"{1000 * late_s:.1f} of {1000 * limit_s:.1f} ms, of {len(beside.seen)} presses each",
        value=late_s / limit_s,
    )


class _Pressed:
    """A centre whose controller runs, and a hand on the button of a room."""

    def __init__(self, centre: Centre, controller: int, room: PressedRoom) -> None:
        self.seen: list[float] = []
        """Seconds of each press until the big screen."""
        self._centre, self._controller, self._room = centre, controller, room

    def round(self) -> float:
        """Press through a round; its median."""
        for _ in range(_PRESSES):
            time.sleep(random.uniform(*_PAUSES_S))
            pressed_s, board_s = self._room.press()
            self._room.put_back()
            self.seen.append(board_s - pressed_s)
        return statistics.median(self.seen[-_PRESSES:])

    def forecaster(self) -> int:
        """The controller's child."""
        lists = [*Path(f"/proc/{self._controller}/task").glob("*/children")]
        wait_until(lambda: any(one.read_text() for one in lists), "there is a forecaster")
        return next(int(child) for one in lists for child in one.read_text().split())

    def tellings(self) -> int:
        with contextlib.closing(Watch(self._centre.device("controller") / "data" / "site.journal")) as site:
            site.look()
            return sum(isinstance(record.event, WaitsTold) for record in site.records)


@contextlib.contextmanager
def _pressed(centre: Centre, *, forecasts: bool) -> Iterator[_Pressed]:
    file = centre.device("controller") / "device.toml"
    file.write_text(f"forecasts = {str(forecasts).lower()}\n" + file.read_text())
    first = lay(centre, evening(_WAITING, EVENING_MS))
    with (
        centre.site_broker(),
        centre.role("controller") as controller,
        contextlib.closing(PressedRoom(centre, first)) as room,
    ):
        yield _Pressed(centre, controller.pid, room)
