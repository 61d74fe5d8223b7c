"""What two contacts say together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.gpio.contacts import ODD_S, Contacts, is_broken, moved

REST = Contacts()
HALF_WAY = moved(REST, 1.0, nc=False)
PRESSED = moved(HALF_WAY, 1.004, no=True)

pauses = st.sampled_from([0.0, 0.001, 0.02, ODD_S / 2, ODD_S, ODD_S + 0.1, 30.0])
moves = st.lists(st.tuples(pauses, st.sampled_from(["no", "nc"]), st.booleans()))


def test_a_plunger_on_its_way_says_nothing_new() -> None:
    assert not HALF_WAY.is_pressed
    assert PRESSED.is_pressed
    assert moved(PRESSED, 1.2, no=False).is_pressed


def test_back_at_rest_the_button_is_up() -> None:
    assert not moved(moved(PRESSED, 1.2, no=False), 1.204, nc=True).is_pressed


def test_a_plunger_held_half_way_is_a_broken_wire_only_after_a_while() -> None:
    assert not is_broken(HALF_WAY, 1.0 + ODD_S)
    assert is_broken(HALF_WAY, 1.1 + ODD_S)


def test_after_a_broken_wire_only_a_button_at_rest_is_believed_again() -> None:
    late = moved(HALF_WAY, 5.0, no=True)

    assert not late.is_pressed
    assert is_broken(late, 5.0)
    assert not is_broken(moved(moved(late, 6.0, no=False), 6.004, nc=True), 6.004)


@given(moves)
def test_whatever_the_contacts_do_a_press_is_only_what_both_have_said(
    given_moves: list[tuple[float, str, bool]],
) -> None:
    contacts, now_s = REST, 0.0
    has_rested = True
    for pause_s, contact, is_closed in given_moves:
        now_s += pause_s
        before = contacts
        contacts = moved(contacts, now_s, **{contact: is_closed})
        has_rested |= not contacts.no_is_closed and contacts.nc_is_closed

        if contacts.is_pressed and not before.is_pressed:
            assert (contacts.no_is_closed, contacts.nc_is_closed) == (True, False)
            assert has_rested
        if (contacts.no_is_closed, contacts.nc_is_closed) == (False, True):
            assert not contacts.is_pressed
            assert not is_broken(contacts, now_s)
        if is_broken(contacts, now_s):
            has_rested = False


@given(moves)
def test_contacts_that_agree_in_time_are_never_called_broken(given_moves: list[tuple[float, str, bool]]) -> None:
    contacts, now_s = REST, 0.0
    for pause_s, contact, is_closed in given_moves:
        now_s += min(pause_s, ODD_S / 2)
        contacts = moved(contacts, now_s, **{contact: is_closed})
        if contacts.no_is_closed == contacts.nc_is_closed:
            now_s += ODD_S / 4
            contacts = moved(contacts, now_s, no=not contacts.nc_is_closed)
        assert not is_broken(contacts, now_s)
