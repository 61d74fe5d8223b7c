"""`python -m tests.chaos`: one seed, an hour of them, or the proof that planted bugs are found.

exit code   meaning
0           every invariant held; every planted bug was found
1           an invariant was broken, and the tapes are kept; a planted bug was not found; the centre did not come up
2           wrong usage, or mosquitto is missing
"""

from __future__ import annotations

import argparse
import itertools
import logging
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from borne.demo.mosquitto import MosquittoMissing, find_mosquitto
from borne.demo.supervisor import NotStarted
from borne.demo.visitor import KioskStuck
from tests.chaos.invariants import INVARIANTS
from tests.chaos.planted import BUGS
from tests.chaos.run import LONG, SHORT, Length, Verdict, run, told

_ROOT = Path(__file__).resolve().parents[2]
_SEEDS = 20
"""Within so many a planted bug has to be found."""
_TOLD = 5
"""Ways in which one invariant was broken that are printed."""


def main(arguments: Sequence[str]) -> int:
    args = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.ERROR)
    try:
        mosquitto = find_mosquitto(_ROOT / ".tools")
    except MosquittoMissing as error:
        print(error, file=sys.stderr)
        return 2
    try:
        match args.command:
            case "seed":
                return 0 if _one(args.seed, args.out, mosquitto, LONG if args.long else SHORT, args.bug) else 1
            case "soak":
                return _soak(args.minutes, args.first, args.out, mosquitto)
            case _:
                return _planted(args.bug, args.out, mosquitto)
    except (NotStarted, KioskStuck) as error:
        print(f"the storm did not begin: {error}; the logs are under {args.out}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="A centre under a seeded storm.")
    parser.add_argument("--out", type=Path, default=Path("out/chaos"), help="where tapes are kept (out/chaos)")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("seed", help="one storm")
    one.add_argument("seed", type=int)
    one.add_argument("--long", action="store_true", help="as long as one of the soak")
    one.add_argument("--bug", choices=BUGS, help="with a planted bug")
    soak = commands.add_parser("soak", help="one storm after the other")
    soak.add_argument("--minutes", type=float, default=60)
    soak.add_argument("--first", type=int, default=1, help="seed to begin with (1)")
    planted = commands.add_parser("planted", help="find each planted bug within 20 seeds")
    planted.add_argument("bug", nargs="*", help=f"{', '.join(BUGS)}; all without one")
    return parser


def _one(seed: int, out: Path, mosquitto: Path, length: Length, bug: str | None = None) -> bool:
    """One storm, told; its tapes are kept if an invariant was broken."""
    verdict = _run(seed, out, mosquitto, length, bug)
    print(verdict, flush=True)
    if verdict.broken:
        _tell(verdict, out / f"seed-{seed}", length, bug)
    return not verdict.broken


def _soak(minutes: float, first: int, out: Path, mosquitto: Path) -> int:
    began_s = time.monotonic()
    total, broken = Counter[str](), 0
    for seed in itertools.count(first):
        verdict = _run(seed, out, mosquitto, LONG, None)
        print(verdict, flush=True)
        total += verdict.counts
        if verdict.broken:
            broken += 1
            _tell(verdict, out / f"seed-{seed}", LONG, None)
        if time.monotonic() - began_s > 60 * minutes:
            break
    end = f"{broken} storms broke an invariant" if broken else "every invariant held"
    print(f"{seed - first + 1} storms in {(time.monotonic() - began_s) / 60:.0f} minutes: {told(total)}; {end}")
    return 1 if broken else 0


def _planted(bugs: Sequence[str], out: Path, mosquitto: Path) -> int:
    """For each bug the first seed that finds it."""
    is_missed = False
    for bug in bugs or BUGS:
        for seed in range(1, _SEEDS + 1):
            verdict = _run(seed, out / bug, mosquitto, SHORT, bug)
            if verdict.broken:
                number, how = verdict.broken[0]
                print(f"{bug}: found at seed {seed} by invariant {number} ({INVARIANTS[number][0]}): {how}", flush=True)
                break
        else:
            is_missed = True
            print(f"{bug}: NOT FOUND within {_SEEDS} seeds", flush=True)
    return 1 if is_missed else 0


def _run(seed: int, out: Path, mosquitto: Path, length: Length, bug: str | None) -> Verdict:
    folder = out / f"seed-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    verdict = run(seed, folder, mosquitto, length=length, bug=bug)
    if not verdict.broken or bug is not None:
        shutil.rmtree(folder)
    return verdict


def _tell(verdict: Verdict, tapes: Path, length: Length, bug: str | None) -> None:
    counted = Counter[int]()
    for number, how in verdict.broken:
        counted[number] += 1
        if counted[number] <= _TOLD:
            print(f"  invariant {number} ({INVARIANTS[number][0]}): {how}")
    options = f"{' --long' if length == LONG else ''}{f' --bug {bug}' if bug else ''}"
    print(f"  tapes: {tapes}\n  again: python -m tests.chaos seed {verdict.seed}{options}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
