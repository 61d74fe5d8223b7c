"""What is to be said, never how: a phrase has an id and values; `core.edge.words` puts it into a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Phrase"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence to say in the listener's language."""

    id: str
    values: Mapping[str, str | int | Phrase] = field(default_factory=dict)
    """A phrase among them is said in the same language."""
    count: int | None = None
    """What the plural agrees with, where there is one (Arabic has six forms)."""
