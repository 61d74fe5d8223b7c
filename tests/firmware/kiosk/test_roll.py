"""How many slips a roll is good for, and when nobody can know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.kiosk.desk.roll import Roll, recalled, seen, slips_left

rolls = st.builds(Roll, st.integers(0, 500_000), st.integers(0, 5_000), st.booleans())


def torn_off(slips: int, mm: float) -> Roll:
    roll = Roll()
    for _ in range(slips):
        roll = roll.less(mm)
    return roll


@pytest.mark.parametrize(
    ("slips", "left"), [(1, 490), (100, 400), (380, 120), (455, 40), (495, 5), (500, 0)], ids=lambda value: str(value)
)
def test_a_roll_of_75_m_is_good_for_500_slips_of_15_cm(slips: int, left: int) -> None:
    assert slips_left(torn_off(slips, 150), roll_m=75) == left


def test_longer_slips_make_it_last_less_long() -> None:
    assert slips_left(torn_off(100, 300), roll_m=75) == 150


@pytest.mark.parametrize("roll", [None, Roll()], ids=["it was in before", "nothing printed yet"])
def test_of_a_roll_of_which_nothing_was_counted_nobody_can_know(roll: Roll | None) -> None:
    assert slips_left(roll, roll_m=75) is None


def test_a_roll_that_gave_more_than_it_held_was_changed_unseen() -> None:
    assert slips_left(torn_off(501, 150), roll_m=75) is None


def test_only_paper_after_none_is_a_new_roll() -> None:
    used = torn_off(100, 150)

    assert seen(used, has_paper=True) == used
    assert seen(None, has_paper=True) is None
    out = seen(used, has_paper=False)
    assert slips_left(out, roll_m=75) == 0
    assert seen(out, has_paper=True) == Roll()


@given(rolls)
def test_a_roll_is_recalled_as_it_was(roll: Roll) -> None:
    assert recalled(roll.fact) == roll


def test_a_disk_that_has_counted_no_roll_recalls_none() -> None:
    assert recalled(None) is None
