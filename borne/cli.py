"""The command line: one subcommand per role, and those that make, check and show a centre.

exit code   meaning
0           done
1           a check failed
2           wrong usage or configuration; standard error says what to correct
3           the device cannot be reached
130         interrupted before it was done

Rule: a role is imported when it is asked for, and nothing of the others with it: imports decide how soon a kiosk shows
its first frame.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

from core.edge.errors import ConfigError, ControlError
from core.edge.loading import loading
from firmware.drivers.errors import DriverFault

__all__ = ["run"]

_USAGE, _UNREACHABLE, _INTERRUPTED = 2, 3, 130

_ROLES = {
    "controller": ("the site's journal and sequencer: who is next", "firmware.controller.app"),
    "kiosk": ("the touch screen and the printer by the door", "firmware.kiosk.main"),
    "room": ("a room's button and lamp", "firmware.room.app"),
    "display": ("the big screen of the waiting room", "firmware.display.app"),
    "agent": ("the network's side: store, pages, API", "agent.app"),
}
_COMMANDS = {
    "provision": ("make the folders, certificates and access lists of some centres", "provisioning.cli"),
    "roster": ("the plan of who is where when, in and out of files", "borne.roster"),
    "forecast": ("answer how long patients will wait, from a stream of events", "borne.forecast"),
    "check-config": ("print what a device's file comes to", "borne.check_config"),
    "demo": ("a centre, its network and a workbench on this machine", "borne.demo.command"),
}


class _Command(Protocol):
    """What the module of a command offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


class _Role(Protocol):
    """What the module of a role offers."""

    def run(self, config: Path) -> int: ...


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; returns the exit code."""
    args = _parser(arguments[0] if arguments else "").parse_args(arguments)
    logging.basicConfig(
        stream=sys.stderr,
        level=args.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    try:
        if args.command in _ROLES:
            return _role(args.command).run(args.config)
        return _command(args.command).run(args)
    except (ConfigError, ControlError) as error:
        print(error, file=sys.stderr)
        return _USAGE
    except DriverFault as error:
        print(error, file=sys.stderr)
        return _UNREACHABLE
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parser(chosen: str) -> argparse.ArgumentParser:
    """The parser; of the commands only the chosen one is described, and imported."""
    commands = {**_ROLES, **_COMMANDS}
    parser = argparse.ArgumentParser(
        prog="borne",
        description="A ticket, a call, a place in the queue.",
        epilog="\n".join(["commands:", *(f"  {name:<14}{purpose}" for name, (purpose, _) in commands.items())]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(
        prog="borne",  # argparse would lay out the usage to find it, and load shutil for that
        dest="command",
        metavar="COMMAND",
        required=True,
        help="one of the commands below; COMMAND --help says more",
    )
    for name in [chosen] if chosen in commands else commands:
        purpose, _ = commands[name]
        sub = subparsers.add_parser(name, description=f"{purpose[0].upper()}{purpose[1:]}.")
        sub.add_argument("--log-level", choices=["debug", "info", "warning", "error"], default="info")
        if name in _ROLES:
            sub.add_argument("--config", type=Path, required=True, metavar="FILE", help="the device's file")
        elif name == chosen:
            _command(name).add_arguments(sub)
    return parser


def _role(name: str) -> _Role:
    with loading():
        return cast("_Role", importlib.import_module(_ROLES[name][1]))


def _command(name: str) -> _Command:
    return cast("_Command", importlib.import_module(_COMMANDS[name][1]))
