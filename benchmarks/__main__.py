"""`make bench`: every measurement, and one table of path, figure, ratio, goal, reached.

    make bench ARGS="--only backlog postgres --rounds 7"

Exits 1 when a figure is under the goal by more than `--gate` allows. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import (
    backlog,
    beside,
    chain,
    commits,
    kiosk_rest,
    kiosk_start,
    live,
    pi,
    postgres,
    press,
    restart,
    touch,
)
from benchmarks.fair import Figure, spin_ms

__all__ = ["main"]

_MEASURES: Mapping[str, Callable[[Path, int], Iterator[Figure]]] = {
    "backlog": backlog.measure,
    "postgres": postgres.measure,
    "press": press.measure,
    "beside": beside.measure,
    "live": live.measure,
    "touch": touch.measure,
    "kiosk-start": kiosk_start.measure,
    "kiosk-rest": kiosk_rest.measure,
    "restart": restart.measure,
    "commits": commits.measure,
    "pi": pi.measure,
    "chain": chain.measure,
    "restart-huge": restart.measure_huge,
}
_ON_REQUEST = {"restart-huge"}
"""Takes minutes and three gigabytes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=_MEASURES, default=[one for one in _MEASURES if one not in _ON_REQUEST]
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gate", type=float, default=0.0, help="share of each goal that must be reached: 0.8 in CI")
    args = parser.parse_args(arguments)
    print(f"yardstick {spin_ms():.1f} ms\n{_line('path', 'figure', 'ratio (low-high)', 'goal', 'reached')}", flush=True)
    figures: list[Figure] = []
    for name in args.only:
        # Not /tmp, which may be memory: a sync there costs nothing.
        with tempfile.TemporaryDirectory(prefix="borne-bench-", dir="/var/tmp") as folder:
            for figure in _MEASURES[name](Path(folder), args.rounds):
                figures.append(figure)
                print(_row(figure), flush=True)
    print(f"yardstick {spin_ms():.1f} ms")
    return int(args.gate > 0 and any(figure.is_reached(share=args.gate) is False for figure in figures))


def _row(figure: Figure) -> str:
    measured = figure.ratio or ("" if figure.value is None else f"{figure.value:.2f}")
    reached = {True: "yes", False: "NO", None: ""}[figure.is_reached()]
    return _line(figure.path, figure.figure, str(measured), str(figure.goal or ""), reached)


def _line(path: str, figure: str, ratio: str, goal: str, reached: str) -> str:
    return f"{path:<55}  {figure:<62}  {ratio:<18}  {goal:<7}  {reached}"


if __name__ == "__main__":
    raise SystemExit(main())
