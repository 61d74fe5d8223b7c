"""Nothing that was told is lost to a power cut, and a program that forgets to sync is found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.powercut.cuts import BrokenPromise, cut_power

WRITERS = ["kiosk", "site", "agent", "room"]


@pytest.mark.parametrize("writer", WRITERS)
def test_ten_power_cuts_lose_nothing_that_was_told(writer: str, tmp_path: Path, disk_library: Path) -> None:
    assert cut_power(writer, tmp_path, disk_library, lives=2, cuts=5, seed=1).cuts == 10


@pytest.mark.heavy
@pytest.mark.parametrize("writer", WRITERS)
def test_two_hundred_power_cuts_lose_nothing_that_was_told(writer: str, tmp_path: Path, disk_library: Path) -> None:
    tally = cut_power(writer, tmp_path, disk_library, lives=10, cuts=20, seed=2)

    print(f"{writer}: {tally.cuts} cuts, {tally.told} entries told, found again {tally.held} times, none lost")
    assert tally.cuts == 200
    assert tally.told > 300 or writer == "room"


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
@pytest.mark.parametrize("writer", ["kiosk", "site", "agent"])
def test_a_database_that_does_not_wait_for_the_disk_is_found_out(
    writer: str, synchronous: str, tmp_path: Path, disk_library: Path
) -> None:
    with pytest.raises(BrokenPromise):
        cut_power(writer, tmp_path, disk_library, lives=1, cuts=20, seed=1, synchronous=synchronous)


@pytest.mark.parametrize(
    ("writer", "forgotten", "promise"),
    [
        ("room", "boot.new", "the boot counter goes from"),
        ("room", "data", "the boot counter goes from"),
        ("kiosk", "boot.new", "the boot counter goes from"),
        ("room", "screen.new", "half a screen was kept"),
    ],
)
def test_a_forgotten_sync_is_found_out(
    writer: str, forgotten: str, promise: str, tmp_path: Path, disk_library: Path
) -> None:
    with pytest.raises(BrokenPromise, match=promise):
        cut_power(writer, tmp_path, disk_library, lives=2, cuts=20, seed=1, forgotten=forgotten)
