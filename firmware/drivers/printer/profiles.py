"""Printer models as data: `profiles.toml` beside this file, one table per model."""

from __future__ import annotations

import difflib
import functools
import tomllib
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field

from core.edge.config import Settings

__all__ = ["Profile", "profile", "profile_names"]

_TO_THE_BLADE_MM = 15.0
"""About; fed with each cut by the models whose cut command does it by itself."""


class Profile(Settings):
    """What the slip and the encoder must know of a model."""

    name: str
    width_dots: Annotated[int, Field(ge=384, le=832, multiple_of=8)]
    """Dots of one printed row."""
    dpi: Literal[180, 203]
    cut: Literal["feed-partial", "feed-full", "total", "none"]
    """How a slip is parted from the roll; `none` is a tear bar."""
    tail_dots: Annotated[int, Field(ge=0, le=255)] = 0
    """Rows to feed before the cut where the cut command does not feed by itself."""
    present_steps: Annotated[int, Field(ge=1, le=255)] | None = None
    """How far a presenter pushes the cut slip out; None where it falls or stands free."""
    ejects: bool = False
    """Has to be told to push out what nobody took, before the next slip."""
    answers: Literal["processed", "realtime"]
    """`processed`: also confirms the end of a job (GS r); `realtime`: only its state (DLE EOT)."""
    answers_together: bool = False
    """Takes all four questions of a status at once, so that they cost one round trip; only where it is known to."""
    mm_per_s: Annotated[int, Field(ge=20, le=500)] = 100
    """Speed of the paper at its slowest; only asked of a model that cannot forget, which is given no more than that."""
    clears: bool = False
    """Knows the real-time command that forgets what it has swallowed (DLE DC4, fn 8)."""
    roll_m: Annotated[float, Field(gt=0, le=1000)]
    """Paper on a new roll."""

    @property
    def width_mm(self) -> float:
        return self.width_dots * 25.4 / self.dpi

    def slip_mm(self, rows: int) -> float:
        """The paper that a slip of so many rows takes, with what is fed to the blade or the tear bar."""
        return rows * 25.4 / self.dpi + (self.tail_dots * 25.4 / self.dpi or _TO_THE_BLADE_MM)


@functools.cache
def _profiles() -> dict[str, Profile]:
    text = resources.files(__package__).joinpath("profiles.toml").read_text(encoding="utf-8")
    return {name: Profile(name=name, **table) for name, table in tomllib.loads(text).items()}


def profile_names() -> list[str]:
    return sorted(_profiles())


def profile(name: str) -> Profile:
    """The model called `name` in a device file.

    Raises:
        ValueError: there is none; the message names the nearest.
    """
    try:
        return _profiles()[name]
    except KeyError:
        near = difflib.get_close_matches(name, profile_names(), n=1, cutoff=0)
        known = ", ".join(profile_names())
        raise ValueError(f"no printer profile is called so; did you mean {near[0]!r}? (of {known})") from None
