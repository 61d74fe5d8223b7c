"""The paper on the roll, counted from the slips since it was put in.

Rule: pure, and what nobody has counted is None, never "enough": the roll that was in when the kiosk came, one that was
changed while it was off.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Roll", "recalled", "seen", "slips_left"]


@dataclass(frozen=True, slots=True)
class Roll:
    """What has been torn off the roll that is in, or was."""

    used_mm: int = 0
    slips: int = 0
    is_out: bool = False
    """It has ended, or was taken out: the next paper that is seen is a new roll."""

    def less(self, mm: float) -> Roll:
        """The roll after a slip."""
        return Roll(self.used_mm + round(mm), self.slips + 1, self.is_out)

    @property
    def fact(self) -> str:
        """As the disk keeps it."""
        return f"{self.used_mm} {self.slips} {'out' if self.is_out else 'in'}"


def recalled(fact: str | int | None) -> Roll | None:
    """The roll of a fact on the disk; None where there is none."""
    if not isinstance(fact, str):
        return None
    used_mm, slips, place = fact.split()
    return Roll(int(used_mm), int(slips), place == "out")


def seen(roll: Roll | None, *, has_paper: bool) -> Roll | None:
    """The roll after the printer has said whether it has paper."""
    if not has_paper:
        return Roll(is_out=True)
    return Roll() if roll is not None and roll.is_out else roll


def slips_left(roll: Roll | None, roll_m: float) -> int | None:
    """About how many slips of the usual length are left, in tens; None while nobody can know.

    A roll on which more was printed than it held was changed unseen.

    Args:
        roll_m: paper on a new roll.
    """
    if roll is None:
        return None
    if roll.is_out:
        return 0
    if roll.slips == 0:
        return None
    left = int((roll_m * 1000 - roll.used_mm) * roll.slips / roll.used_mm)
    if left < 0:
        return None
    return left if left < 10 else left // 10 * 10
