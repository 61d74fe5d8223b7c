"""What the messages are made of."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

__all__ = ["Day", "Instant", "Message", "Millis", "Text"]

Text = Annotated[str, StringConstraints(max_length=200)]
Millis = Annotated[int, Field(ge=0, lt=2**53)]
"""2⁵³: the largest whole number that every JSON reader keeps exact (RFC 8259, section 6)."""

Instant = Annotated[int, Field(ge=0, lt=253_000_000_000_000)]
"""Milliseconds that somebody reads as a day and an hour: until 9987, so that the week after it is a date as well."""

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
"""ISO date."""


class Message(BaseModel):
    """What all messages share."""

    # Each is built when it is first read or written: nobody speaks of all of them, and a kiosk starts 20 ms sooner.
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    max_bytes: ClassVar[int] = 16 * 1024
    """A larger payload is refused unread."""

    v: int = 1
    """Raised when a field is added; a change of meaning is another topic prefix."""
