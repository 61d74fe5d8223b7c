"""Reading what peers send: what cannot be read is counted per reason, logged once, dropped, and changes nothing."""

from __future__ import annotations

import logging
from collections import Counter

from core.wire.coding import MessageT, WireError, decode

__all__ = ["Intake"]

_log = logging.getLogger(__name__)

_REASONS_KEPT = 50
"""A hostile peer can invent topics; it must not fill the memory or the log."""


class Intake:
    """One per link."""

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()
        """Messages dropped since start, by topic."""

    def read(self, model: type[MessageT], topic: str, payload: bytes) -> MessageT | None:
        """The message, or None when it has been counted and dropped."""
        try:
            return decode(model, payload)
        except WireError as error:
            self.refuse(topic, str(error))
            return None

    def refuse(self, topic: str, why: str) -> None:
        """Count a message that cannot be used; log the first from each topic."""
        if topic not in self.refused and len(self.refused) >= _REASONS_KEPT:
            topic = "other"
        self.refused[topic] += 1
        if self.refused[topic] == 1:
            _log.warning("dropped a message on %s: %s", topic, why)
