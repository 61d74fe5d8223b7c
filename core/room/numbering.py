"""Numbers: a letter for the kiosk's disk, then 001 to 999, none twice in a service day.

A kiosk numbers alone, so uniqueness rests on two facts only: no two disks share a letter, and a disk counts upwards.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable

from core.room.ids import Letter, Number

__all__ = ["LAST", "count_of", "free_letter", "letter_of", "number", "number_after"]

LAST = 999


def number(letter: Letter, count: int) -> Number:
    return Number(f"{letter}{count:03d}")


def letter_of(given: Number) -> Letter:
    return Letter(given[0])


def count_of(given: Number) -> int:
    return int(given[1:])


def number_after(letter: Letter, given_today: Iterable[Number]) -> Number | None:
    """The next number of a disk, or None when it has given all 999 and needs another letter."""
    count = max((count_of(one) for one in given_today if letter_of(one) == letter), default=0) + 1
    return number(letter, count) if count <= LAST else None


def free_letter(taken: Collection[Letter]) -> Letter | None:
    """The first letter that no disk holds, or None when all 26 are taken.

    I and O are given last: on paper they are read as 1 and 0.
    """
    for one in string.ascii_uppercase.replace("I", "").replace("O", "") + "IO":
        if one not in taken:
            return Letter(one)
    return None
