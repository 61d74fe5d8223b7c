"""What a centre feels of its own backlog: press to big screen and touch to printer, while 20,000 events drain.

The backlog drains from the very controller that is pressed, to an agent that begins with an empty store: it
acknowledges nothing, so everything is told again. Without a backlog the same agent has everything.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.centre import Centre, wait_until
from benchmarks.desk import Desk, paper
from benchmarks.fair import Figure, Goal, interleaved, percentile
from benchmarks.history import evening, records
from benchmarks.room import EVENING_MS, PressedRoom, evening_clock, lay
from borne.demo.watch import read_only

__all__ = ["measure"]

_EVENTS = 20_000
_WAITING = 40
_PAUSE_S = 0.01
_SAMPLES = 40
"""In a round, with a backlog and without."""
_DRAIN_S = 120.0


def measure(folder: Path, rounds: int) -> Iterator[Figure]:
    """The tails of both, with every sample of all rounds."""
    with paper(folder) as (printer, hardware):
        centre = Centre(folder, clock=evening_clock(), **hardware)
        first = lay(centre, [*records(_EVENTS), *evening(_WAITING, EVENING_MS)])
        with (
            centre.central_broker(),
            centre.site_broker(),
            centre.role("controller"),
            contextlib.closing(PressedRoom(centre, first)) as room,
            contextlib.closing(Desk(centre, printer)) as desk,
        ):

            def press() -> float:
                time.sleep(_PAUSE_S)
                pressed_s, seen_s = room.press()
                room.put_back()
                return seen_s - pressed_s

            yield _tails(centre, "press to big screen", press, rounds)
            yield _tails(centre, "touch to last printer byte", desk.one_ticket, rounds)


def _tails(centre: Centre, path: str, once: Callable[[], float], rounds: int) -> Figure:
    pooled: dict[str, list[float]] = {"with": [], "without": []}

    def take(arm: str, samples: list[float]) -> float:
        pooled[arm].extend(samples)
        return percentile(samples, 0.99)

    interleaved(
        {
            "with": lambda: take("with", _draining(centre, once)),
            "without": lambda: take("without", _quiet(centre, once)),
        },
        rounds,
    )
    late = {arm: percentile(samples, 0.99) for arm, samples in pooled.items()}
    return Figure(
        path=f"{path} while a backlog drains, p99",
        figure=f"{1000 * late['with']:.1f} of {1000 * late['without']:.1f} ms without"
        f" ({len(pooled['with'])} and {len(pooled['without'])})",
        value=late["with"] / late["without"],
        goal=Goal(limit=3, is_floor=False),
    )


def _quiet(centre: Centre, once: Callable[[], float]) -> list[float]:
    with centre.agent():
        wait_until(lambda: _stored(centre) >= _EVENTS, "the backlog is drained", deadline_s=_DRAIN_S)
        return [once() for _ in range(_SAMPLES)]


def _draining(centre: Centre, once: Callable[[], float]) -> list[float]:
    """As many samples as fit between the first event of a drain and its last, over as many drains as it takes."""
    samples: list[float] = []
    while len(samples) < _SAMPLES:
        for left in centre.tree.agent.glob("agent.db*"):
            left.unlink()
        with centre.agent():
            wait_until(lambda: _stored(centre) > 0, "the backlog begins to drain", poll_s=0.001)
            while True:
                sample = once()
                if _stored(centre) >= _EVENTS:
                    break
                samples.append(sample)
    return samples


def _stored(centre: Centre) -> int:
    """How far the agent has it; 0 before it has made its tables."""
    try:
        with contextlib.closing(read_only(centre.tree.agent / "agent.db")) as db:
            return int(db.execute("SELECT max(upto) FROM stream").fetchone()[0] or 0)
    except sqlite3.OperationalError:
        return 0
