"""`borne check-config`: what a device's file comes to, with every default written out.

Rule: it reads as the role reads, and touches no hardware.
"""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from core.edge.config import Settings
from core.edge.device import DeviceFile, load_device
from core.edge.site import Role

__all__ = ["add_arguments", "run"]

_MODELS: dict[Role, tuple[str, str]] = {
    "controller": ("firmware.controller.settings", "ControllerFile"),
    "kiosk": ("firmware.kiosk.settings", "KioskFile"),
    "room": ("firmware.room.settings", "RoomFile"),
    "display": ("firmware.display.settings", "DisplayFile"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `borne check-config`."""
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="the device's file")
    parser.add_argument("--role", choices=[*_MODELS, "agent"], required=True, help="what the file is for")


def run(args: argparse.Namespace) -> int:
    """Print one line per key: `link.port = 8883`.

    Raises:
        ConfigError: the file, or the centre's file that it names, is wrong.
    """
    for key, value in _lines(_loaded(args.config, args.role).model_dump(mode="json", exclude_none=True)):
        print(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return 0


def _loaded(config: Path, role: str) -> Settings:
    if role == "agent":
        from agent.settings import load_agent

        return load_agent(config)
    device = cast("Role", role)
    module, name = _MODELS[device]
    model: type[DeviceFile] = getattr(importlib.import_module(module), name)
    settings, _ = load_device(config, model, device)
    return settings


def _lines(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
