"""Configuration files: read once, at start, into frozen models; the first thing wrong stops the device.

Rule: a file refuses what it does not know (on the wire it is the opposite). A refusal names the file, the key, the
value and the nearest name that would be right: whoever reads it stands in front of a device that does not start.
"""

from __future__ import annotations

import contextlib
import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from core.edge.errors import ConfigError

__all__ = ["ConfigError", "Settings", "load"]


class Settings(BaseModel):
    """A table of a configuration file: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


SettingsT = TypeVar("SettingsT", bound=BaseModel)


def load(path: Path, model: type[SettingsT]) -> SettingsT:
    """Read a TOML file into its model.

    Raises:
        ConfigError: the file is absent, is not TOML, or holds a wrong key or value.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); give the device's file with --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    try:
        return model.model_validate(table)
    except ValidationError as error:
        names = sorted(set(_names(model)))
        lines = [_sentence(path, _key(table, dict(problem)), dict(problem), names) for problem in error.errors()]
        raise ConfigError("\n".join(lines)) from error


def _sentence(path: Path, key: str, problem: Mapping[str, Any], names: list[str]) -> str:
    match problem["type"]:
        case "missing":
            return f"{path}: {key} is missing; add it"
        case "extra_forbidden":
            return f"{path}: {key} = {problem['input']!r}: no such key{_nearest(str(problem['loc'][-1]), names)}"
        case "literal_error" | "union_tag_invalid" | "enum":
            context = problem["ctx"]
            allowed = re.findall(r"'([^']*)'", str(context.get("expected") or context.get("expected_tags")))
            given = str(context.get("tag", problem["input"]))
            return f"{path}: {key} = {given!r}: must be one of {', '.join(allowed)}{_nearest(given, allowed)}"
        case "union_tag_not_found":
            return f"{path}: {key}.{problem['ctx']['discriminator'].strip(chr(39))} is missing; add it"
        case "value_error" if not key:
            return f"{path}: {problem['ctx']['error']}"
        case _:
            return f"{path}: {key} = {problem['input']!r}: {problem['msg'].removeprefix('Value error, ')}"


def _key(table: Any, problem: Mapping[str, Any]) -> str:
    """The key as it stands in the file: between the parts pydantic names which form of a union it has tried."""
    parts = []
    for part in problem["loc"]:
        with contextlib.suppress(KeyError, IndexError, TypeError):
            table = table[part]
            parts.append(str(part))
    if problem["type"] == "missing":
        parts.append(problem["loc"][-1])
    return ".".join(parts)


def _nearest(given: str, allowed: list[str]) -> str:
    near = difflib.get_close_matches(given, allowed, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


def _names(annotation: Any) -> Iterator[str]:
    """Every key that the file of a model may hold, at any depth."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield name
            yield from _names(field.annotation)
    for inner in get_args(annotation):
        yield from _names(inner)
