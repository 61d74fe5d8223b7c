"""What the controller and its forecaster say to each other: a question and an outlook, each one line.

A line is a pickle, because what reads JSON into dataclasses is pydantic, and that takes 14 MB of a Pi that has 512. A
pickle can make its reader do anything; here a process speaks with its own child, by a socket that no one else has.
"""

from __future__ import annotations

import pickle
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TypeVar

from core.forecast.habits import Habits
from core.forecast.moment import Moment

__all__ = ["Question", "read", "write"]

SaidT = TypeVar("SaidT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How long will everybody wait?"""

    moment: Moment
    habits: Habits


def write(said: object) -> bytes:
    """A line, without its end."""
    return b64encode(pickle.dumps(said))


def read(kind: type[SaidT], line: bytes) -> SaidT:
    """
    Raises:
        ValueError: it is no such line; what is no pickle at all may raise anything.
    """
    said = pickle.loads(b64decode(line))  # noqa: S301 - see above
    if not isinstance(said, kind):
        raise ValueError(f"a forecaster's line: {kind.__name__} expected, not {type(said).__name__}")  # noqa: TRY004
    return said
