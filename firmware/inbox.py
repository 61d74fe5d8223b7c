"""What a link's thread puts on a role's inbox; everything is handled on the role's own thread."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Arrived", "LinkChanged"]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A payload, as it came."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The link came up or went down."""

    is_up: bool
