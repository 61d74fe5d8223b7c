"""What the controller and its forecaster say to each other: a question and its reply, each one line of JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from core.forecast.moment import Moment
from core.room.outlook import Outlook
from core.wire.coding import WireError
from core.wire.messages import Learnt

__all__ = ["QUESTION", "REPLY", "Question", "Reply"]

SaidT = TypeVar("SaidT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How long will everybody wait?"""

    day: str
    """The service day: a new one says that the one before is over."""
    moment: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """So long."""

    outlook: Outlook
    learnt: Learnt | None = None
    """What has been learnt since the reply before, if anything."""


class _Line(Generic[SaidT]):
    """One kind of line, there and back."""

    def __init__(self, adapter: TypeAdapter[SaidT]) -> None:
        self._adapter = adapter

    def write(self, said: SaidT) -> bytes:
        """Without its end."""
        return self._adapter.dump_json(said)

    def read(self, line: bytes) -> SaidT:
        """
        Raises:
            WireError: it is no such line.
        """
        try:
            return self._adapter.validate_json(line)
        except ValidationError as error:
            raise WireError(f"a forecaster's line: {error.errors(include_url=False)[0]['msg']}") from error


QUESTION = _Line(TypeAdapter(Question))
REPLY = _Line(TypeAdapter(Reply))
