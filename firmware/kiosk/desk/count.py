"""Which number comes next, however much or little the kiosk has heard of its centre.

Rule: within a service day the count of a letter only grows. Where the kiosk cannot know whether a new day has begun it
counts on: a number too high confuses nobody, a number given twice puts two people in one place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from core.room.ids import DiskId, Letter, Number
from core.room.numbering import LAST, count_of, letter_of, number
from core.wire.messages import Screen

__all__ = ["Count", "Given", "ahead", "hear", "next_number", "roll_over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How far this kiosk's numbers have come."""

    day: str | None = None
    """ISO date of the service day; None before a controller was heard."""
    letter: Letter | None = None
    """What the controller has granted this disk; None until then, and no number is given."""
    last: int = 0
    """Highest count that is, or may be, on a slip of the day."""
    given_on: str | None = None
    """The service day in which this kiosk gave the last of them, by a clock that was set; None when it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Numbers that this disk still holds."""

    all: Collection[Number] = ()
    untold: Collection[Number] = ()
    """Those that the controller has not acknowledged: it takes them into the day in which it hears of them."""


def hear(count: Count, screen: Screen, disk: DiskId, given: Given) -> Count:
    """The count after a screen of the controller."""
    letter = screen.letters.get(disk, count.letter)
    is_new = _is_new_day(count, screen)
    day = screen.day if is_new else count.day
    if letter is None:
        return replace(count, day=day)
    # A screen of an earlier day than ours still bounds the count: that controller would refuse its numbers again.
    known = [screen.last_numbers.get(letter, 0), _highest(given.untold if is_new else given.all, letter)]
    if not is_new and letter == count.letter:
        known.append(count.last)
    return replace(count, day=day, letter=letter, last=max(known))


def roll_over(count: Count, today: str, *, given: Given) -> Count:
    """The count of a kiosk that hears no controller, on the day that its own clock says, which is set.

    An untold ticket could be taken into the new day, where its number would come again; so could a number that was
    given while the clock was not set, because nobody knows in which day that was.
    """
    if given.untold or count.day is None or today <= count.day:
        return count
    if count.last and (count.given_on is None or count.given_on >= today):
        return count
    return replace(count, day=today, last=0)


def next_number(count: Count) -> Number | None:
    """The number after the last; None without a letter or when all 999 are given."""
    return number(count.letter, count.last + 1) if count.letter and count.last < LAST else None


def ahead(screen: Screen, given: Given) -> int:
    """How many wait: those on the screen, and this kiosk's own tickets that the screen does not know yet."""
    return len(screen.waiting) + sum(count_of(one) > screen.last_numbers.get(letter_of(one), 0) for one in given.all)


def _is_new_day(count: Count, screen: Screen) -> bool:
    return screen.day is not None and (count.day is None or screen.day > count.day)


def _highest(numbers: Collection[Number], letter: Letter) -> int:
    return max((count_of(one) for one in numbers if letter_of(one) == letter), default=0)
