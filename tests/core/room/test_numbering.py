from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.room.numbering import LAST, count_of, free_letter, letter_of, number, number_after

_LETTERS = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@given(_LETTERS, st.integers(1, LAST))
def test_a_number_says_its_letter_and_its_count(letter: str, count: int) -> None:
    assert (letter_of(number(letter, count)), count_of(number(letter, count))) == (letter, count)
    assert len(number(letter, count)) == 4


@settings(deadline=None)
@given(st.lists(_LETTERS, max_size=60))
def test_no_number_is_given_twice_however_the_disks_take_turns(turns: list[str]) -> None:
    given_today: list[str] = []
    for letter in turns:
        given_today.append(number_after(letter, given_today))
    assert len(set(given_today)) == len(given_today)
    for letter in set(turns):
        counts = [count_of(one) for one in given_today if letter_of(one) == letter]
        assert counts == list(range(1, len(counts) + 1))


def test_a_disk_goes_on_after_its_highest_number_even_if_one_is_missing() -> None:
    assert number_after("A", ["A001", "A007", "B030", "A003"]) == "A008"


def test_a_disk_that_has_given_all_its_numbers_gives_none() -> None:
    assert number_after("A", ["A998"]) == "A999"
    assert number_after("A", ["A999"]) is None


def test_letters_are_given_in_order_and_those_read_as_figures_last() -> None:
    taken: list[str] = []
    while letter := free_letter(taken):
        taken.append(letter)
    assert "".join(taken) == "ABCDEFGHJKLMNPQRSTUVWXYZIO"
    assert free_letter(taken) is None
    assert free_letter({"A", "C"}) == "B"
