"""Which number comes next: examples first, then any order of giving, hearing, losing and restarting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from core.room.ids import DiskId, Letter, Number
from core.room.numbering import count_of
from core.wire.messages import Screen, Waiting
from firmware.kiosk.desk.count import Count, Given, ahead, hear, next_number, roll_over

DISK = DiskId("disk-1")
EVENING = Count(day="2026-11-22", letter=Letter("A"), last=86, given_on="2026-11-22")


def screen(
    day: str | None, *, last: int | None = None, letter: str | None = "A", waiting: tuple[str, ...] = ()
) -> Screen:
    return Screen(
        epoch="e",
        rev=1,
        beat="1",
        at_ms=0,
        day=day,
        rooms=[],
        calls=[],
        waiting=[Waiting(number=number, service="consultation") for number in waiting],
        last_numbers={} if last is None else {Letter("A"): last},
        letters={DISK: Letter(letter)} if letter else {},
    )


def test_without_a_letter_there_is_no_number() -> None:
    assert next_number(hear(Count(), screen("2026-11-22", letter=None), DISK, Given())) is None


def test_the_first_number_under_a_letter_is_one() -> None:
    assert next_number(hear(Count(), screen("2026-11-22"), DISK, Given())) == "A001"


def test_after_999_there_is_no_number() -> None:
    assert next_number(replace(EVENING, last=998)) == "A999"
    assert next_number(replace(EVENING, last=999)) is None


def test_a_new_day_begins_at_one() -> None:
    heard = hear(EVENING, screen("2026-11-23"), DISK, Given(all=["A085", "A086"]))

    assert next_number(heard) == "A001"


def test_a_new_day_begins_after_the_numbers_that_it_has_taken_in() -> None:
    heard = hear(EVENING, screen("2026-11-23", last=4), DISK, Given(all=["A086"]))

    assert next_number(heard) == "A005"


def test_a_new_day_begins_after_the_tickets_that_it_will_take_in() -> None:
    heard = hear(EVENING, screen("2026-11-23"), DISK, Given(all=["A085", "A086"], untold=["A086"]))

    assert next_number(heard) == "A087"


def test_an_earlier_day_of_a_controller_does_not_turn_back_the_count() -> None:
    assert hear(EVENING, screen("2026-11-21", last=120), DISK, Given()) == replace(EVENING, last=120)


def test_another_letter_counts_from_its_own_numbers() -> None:
    heard = hear(EVENING, screen("2026-11-22", letter="B"), DISK, Given(all=["A086"]))

    assert next_number(heard) == "B001"


def test_a_letter_that_the_controller_no_longer_names_is_kept() -> None:
    assert hear(EVENING, screen("2026-11-22", letter=None), DISK, Given()) == EVENING


def test_a_kiosk_cut_off_begins_a_day_by_a_clock_that_is_set() -> None:
    assert next_number(roll_over(EVENING, "2026-11-23", given=Given())) == "A001"


def test_a_kiosk_cut_off_counts_on_where_it_cannot_be_sure() -> None:
    untold = Given(all=["A086"], untold=["A086"])

    assert roll_over(EVENING, "2026-11-23", given=untold) == EVENING
    assert roll_over(EVENING, "2026-11-21", given=Given()) == EVENING


@pytest.mark.parametrize("given_on", [None, "2026-11-23"])
def test_a_kiosk_cut_off_counts_on_after_a_number_that_may_be_of_the_new_day(given_on: str | None) -> None:
    """It was given while the clock was not set, or while the controller did not know of the day yet."""
    doubtful = replace(EVENING, given_on=given_on)

    assert roll_over(doubtful, "2026-11-23", given=Given()) == doubtful


def test_own_tickets_that_the_screen_does_not_know_yet_are_ahead_too() -> None:
    heard = screen("2026-11-22", last=6, waiting=("B003", "A006"))

    assert ahead(heard, Given(all=["A005", "A006", "A007", "A008"])) == 4


class _Centre(RuleBasedStateMachine):
    """A kiosk and a controller with an unreliable line between them.

    What the controller says arrives in order or, when the line is lost, not at all; after that the newest screen, which
    the broker keeps, comes first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.count = hear(Count(), screen("2026-11-01"), DISK, Given())
        self.given: list[Number] = []  # the whole journal
        self.acked = self.forgotten = 0
        self.on_disk = (self.count, self.acked)
        self.day = 1
        self.taken = 0
        self.of_the_day: list[Number] = []
        self.says: list[Screen | int] = []

    @rule()
    def give(self) -> None:
        number = next_number(self.count)
        assert number
        self.given.append(number)
        self.count = replace(self.count, last=count_of(number), given_on=self._date())
        self.save()

    @rule()
    def save(self) -> None:
        """The journal writes the count and the acknowledgement in one transaction."""
        self.on_disk = (self.count, self.acked)

    @rule(many=st.integers(1, 5))
    def report(self, many: int) -> None:
        for number in self.given[self.taken : self.taken + many]:
            assert number not in self.of_the_day, "one number in two hands"
            self.of_the_day.append(number)
            self.taken += 1
        self.says += [self.taken, self._screen()]

    @rule()
    def open_a_day(self) -> None:
        self.day += 1
        self.of_the_day = []
        self.says.append(self._screen())

    @rule(many=st.integers(1, 5))
    def arrive(self, many: int) -> None:
        arrived, self.says = self.says[:many], self.says[many:]
        for said in arrived:
            if isinstance(said, Screen):
                self._go_on_with(hear(self.count, said, DISK, self._given()))
            else:
                self.acked = max(self.acked, said)

    @rule()
    def lose_the_line(self) -> None:
        self.says = [self._screen()]

    @rule()
    def restart_the_kiosk(self) -> None:
        self.count, self.acked = self.on_disk[0], max(self.on_disk[1], self.forgotten)
        self.says = [self._screen()]

    @rule()
    def roll_over_alone(self) -> None:
        """The clock of the kiosk agrees with the controller's, which has opened its day."""
        self._go_on_with(roll_over(self.count, self._date(), given=self._given()))
        self.says = [self._screen()]

    def _go_on_with(self, count: Count) -> None:
        if count.day != self.count.day:
            self.forgotten = self.acked
        self.count = count

    def _screen(self) -> Screen:
        last = max((count_of(number) for number in self.of_the_day), default=0)
        return screen(self._date(), last=last)

    def _given(self) -> Given:
        return Given(all=self.given[self.forgotten :], untold=self.given[self.acked :])

    def _date(self) -> str:
        return str(date(2026, 11, 1) + timedelta(days=self.day))


class TestNoNumberIsInTwoHands(_Centre.TestCase):
    settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
