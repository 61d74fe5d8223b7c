"""`borne demo`: the workbench, or with `--once` a whole evening played without a person."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from borne.demo.mosquitto import MosquittoMissing, find_mosquitto
from borne.demo.ports import HOST, free_port
from borne.demo.stage import Pace, Stage, build, children
from borne.demo.supervisor import NotStarted, Supervisor
from borne.demo.team import while_open_ms
from borne.demo.visitor import KioskStuck
from core.edge.config import ConfigError

__all__ = ["add_arguments", "run"]

_TOOLS = Path(__file__).resolve().parents[2] / ".tools"
_PORT = 8480
_OUT = Path("out/demo")
_BUSY_SINCE_MS = 75 * 60 * 1000
"""When the workbench opens, the light centres have had people for so long."""
_SET_UP_MS = 10_000
"""Real milliseconds that the processes have to connect to each other before the evening begins."""
_DONE, _CHECK_FAILED, _USAGE, _UNREACHABLE = 0, 1, 2, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `borne demo`."""
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--windows", action="store_true", help="open the kiosk and the big screen as real windows")
    kind.add_argument("--once", action="store_true", help="play an evening without a person, check it, and end")
    parser.add_argument("--patients", type=_count, default=60, metavar="N", help="of the evening (60)")
    parser.add_argument("--speed", type=_speed, metavar="X", help="of the clock (1; of an evening 60)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="fixes who comes (1)")
    parser.add_argument("--out", type=Path, default=_OUT, metavar="DIR", help=f"what is left behind ({_OUT})")
    parser.add_argument("--host", default=HOST, help=f"where the workbench listens ({HOST}; in a container 0.0.0.0)")
    parser.add_argument("--port", type=int, help=f"of the workbench ({_PORT}, or another one if that is taken)")


def run(args: argparse.Namespace) -> int:
    """Carry out `borne demo`; returns the exit code.

    Raises:
        ConfigError: `--out` holds something else, `--port` is taken, or there is no screen for `--windows`.
    """
    for name in ("httpx", "alembic"):
        # They tell of every page that the workbench passes on, of every table that is made.
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        mosquitto = find_mosquitto(_TOOLS)
        return _once(args, mosquitto) if args.once else _workbench(args, mosquitto)
    except (MosquittoMissing, NotStarted) as error:
        print(error, file=sys.stderr)
        return _USAGE
    except KioskStuck as error:
        print(f"{error}; see the logs in {args.out / 'run' / 'logs'}", file=sys.stderr)
        return _UNREACHABLE


def _workbench(args: argparse.Namespace, mosquitto: Path) -> int:
    from borne.demo.workbench import make_app

    if args.windows and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise ConfigError("--windows: there is no screen here; leave it out and use the workbench")
    port = _port(args.host, args.port)
    now_ms = time.time_ns() // 1_000_000
    start_ms = while_open_ms(now_ms)
    stage = build(
        args.out,
        Pace(origin_ms=now_ms, start_ms=start_ms, speed=args.speed or 1.0),
        has_windows=args.windows,
        is_equipped=True,
        public_url=f"http://{HOST}:{port}",
        seed=args.seed,
        opened_ms=start_ms - _BUSY_SINCE_MS,
    )
    with contextlib.suppress(KeyboardInterrupt), _running(stage, mosquitto):
        config = uvicorn.Config(
            make_app(stage),
            host=args.host,
            port=port,
            log_level="warning",
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        _Server(config, f"The workbench: http://{HOST}:{port}/bench   (Ctrl-C ends everything)").run()
    return _DONE


def _once(args: argparse.Namespace, mosquitto: Path) -> int:
    from borne.demo.evening import BUTTON, doctors_for, opening_ms, play

    pace = Pace(
        origin_ms=time.time_ns() // 1_000_000 + _SET_UP_MS,
        start_ms=opening_ms(),
        speed=args.speed or 60.0,
    )
    rooms = doctors_for(args.patients)
    stage = build(args.out, pace, rooms=rooms, is_equipped=True, button=BUTTON, seed=args.seed)
    with _running(stage, mosquitto) as processes:
        is_sound = play(stage, pace, processes, patients=args.patients)
    print((stage.out / "report.json").read_text(encoding="utf-8"), end="")
    return _DONE if is_sound else _CHECK_FAILED


@contextlib.contextmanager
def _running(stage: Stage, mosquitto: Path) -> Iterator[Supervisor]:
    """The stage's processes; SIGTERM ends them in good order as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Supervisor(children(stage, mosquitto), stage.logs) as processes:
            yield processes
    finally:
        shutil.rmtree(stage.sockets, ignore_errors=True)
        signal.signal(signal.SIGTERM, before)


class _Server(uvicorn.Server):
    """Says where it is once a browser can open it."""

    def __init__(self, config: uvicorn.Config, greeting: str) -> None:
        super().__init__(config)
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._greeting, flush=True)


def _port(host: str, wanted: int | None) -> int:
    if _is_free(host, wanted or _PORT):
        return wanted or _PORT
    if wanted:
        raise ConfigError(f"--port {wanted}: another program listens there; give another one, or none")
    return free_port()


def _is_free(host: str, port: int) -> bool:
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError):
        return False
    return True


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 500:
        raise argparse.ArgumentTypeError("1 to 500 patients")
    return count


def _speed(text: str) -> float:
    speed = float(text)
    if not 1 <= speed <= 600:
        raise argparse.ArgumentTypeError("1 to 600 times as fast")
    return speed
