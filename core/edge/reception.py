"""The `[reception]` and `[warning]` tables of the centre's file: what its kiosks ask, offer and show.

Rule: what is asked of a patient is off until the centre wants it; what the law or a doctor has to see is named here.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from core.edge.config import Settings
from core.edge.language import InLanguages

__all__ = ["ReceptionTable", "WarningTable"]


class ReceptionTable(Settings):
    """What a centre may set about its kiosks."""

    asks_name: bool = False
    """Whether patients may leave a first name and a year of birth; neither ever leaves the centre."""
    takes_cards: bool = True
    """Whether a carte mobilité inclusion can be declared (code de l'action sociale et des familles, art. L. 241-3)."""
    takes_courtesy: bool = True
    """Whether pregnancy or an infant can be declared: courtesy, in a private centre."""
    corner_code: Annotated[str, StringConstraints(pattern=r"^\d{4,8}$")] | None = None
    """Opens the technician's corner; without one there is none."""


class WarningTable(Settings):
    """The signs that call for help at once. Without this table the kiosk shows the usual ones, signed by nobody."""

    signs: Annotated[list[InLanguages], Field(min_length=1, max_length=6)]
    signed_by: Annotated[str, StringConstraints(min_length=3, max_length=80)]
    """The doctor of the centre who has read them, and when: `Dr Vallon, 12/11/2026`."""
