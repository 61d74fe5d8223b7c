from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.room.ordering import KioskTime, ordered_at
from tests.core.room.given import NINE

_HOUR_MS = 3_600_000


def _time(*, boot: int = 7, mono_ms: int = 0, wall_ms: int = NINE, synchronised: bool = True) -> KioskTime:
    return KioskTime(boot=boot, mono_ms=mono_ms, wall_ms=wall_ms, is_synchronised=synchronised)


def test_a_kiosk_that_has_not_restarted_is_believed_about_the_tickets_age_only() -> None:
    issued = _time(mono_ms=1_000, wall_ms=0, synchronised=False)
    told = _time(mono_ms=61_000, wall_ms=5 * NINE, synchronised=False)
    assert ordered_at(issued, told, NINE, None) == NINE - 60_000


def test_a_kiosk_that_has_restarted_is_believed_about_the_hour_if_a_time_server_had_set_it() -> None:
    issued = _time(boot=6, mono_ms=9_999_999, wall_ms=NINE - _HOUR_MS)
    assert ordered_at(issued, _time(boot=7), NINE, None) == NINE - _HOUR_MS


def test_no_ticket_was_given_in_the_future() -> None:
    assert ordered_at(_time(boot=6, wall_ms=NINE + _HOUR_MS), _time(boot=7), NINE, None) == NINE
    assert ordered_at(_time(mono_ms=5_000), _time(mono_ms=4_000), NINE, None) == NINE


def test_a_restarted_kiosk_without_the_hour_puts_the_ticket_behind_its_last_one() -> None:
    issued = _time(boot=6, wall_ms=0, synchronised=False)
    assert ordered_at(issued, _time(boot=7), NINE, NINE - _HOUR_MS) == NINE - _HOUR_MS + 1
    assert ordered_at(issued, _time(boot=7), NINE, None) == NINE


_TIMES = st.builds(
    KioskTime,
    boot=st.integers(1, 3),
    mono_ms=st.integers(0, 10**9),
    wall_ms=st.integers(0, 2 * NINE),
    is_synchronised=st.booleans(),
)


@given(st.lists(st.tuples(_TIMES, _TIMES, st.integers(0, 10_000)), max_size=12))
def test_a_kiosks_own_order_is_kept_whatever_its_clocks_say(tickets: list[tuple[KioskTime, KioskTime, int]]) -> None:
    now_ms, previous_ms = NINE, None
    for issued, told, passes_ms in tickets:
        now_ms += passes_ms
        at_ms = ordered_at(issued, told, now_ms, previous_ms)
        assert previous_ms is None or at_ms > previous_ms
        assert at_ms <= max(now_ms, (previous_ms or 0) + 1)
        previous_ms = at_ms
