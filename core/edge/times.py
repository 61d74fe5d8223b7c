"""The `[times]` table of the centre's file: where a centre sets other times than the usual ones.

Rule: the usual ones, and what each is for, stand with the rules that go by them (`core.room.passage.Policy`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from core.edge.config import Settings
from core.room.passage import Policy

__all__ = ["TimesTable"]

_USUAL = Policy()

_Minutes = Annotated[int, Field(ge=1, le=24 * 60)]


class TimesTable(Settings):
    """Each is named as in the policy, and in `docs/order-of-passage.md`."""

    recall_window_s: Annotated[int, Field(ge=0, le=300)] = _USUAL.recall_window_s
    max_recalls: Annotated[int, Field(ge=0, le=20)] = _USUAL.max_recalls
    grace_s: Annotated[int, Field(ge=10, le=1800)] = _USUAL.grace_s
    return_min: _Minutes = _USUAL.return_min
    max_returns: Annotated[int, Field(ge=0, le=20)] = _USUAL.max_returns
    undo_s: Annotated[int, Field(ge=0, le=600)] = _USUAL.undo_s
    leave_min: _Minutes = _USUAL.leave_min
    late_min: _Minutes = _USUAL.late_min
    silent_min: _Minutes = _USUAL.silent_min
    own_min: _Minutes = _USUAL.own_min
    visit_min: Annotated[float, Field(ge=1, le=240)] = _USUAL.visit_min
    longest_visit_min: _Minutes = _USUAL.longest_visit_min

    @model_validator(mode="after")
    def _are_in_order(self) -> TimesTable:
        if self.recall_window_s >= self.grace_s:
            raise ValueError(
                f"a press within {self.recall_window_s} s recalls, and one within {self.grace_s} s says that nobody "
                "came; give grace_s the longer time"
            )
        return self
