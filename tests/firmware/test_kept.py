"""The newest screen on a device's disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware.kept import KeptScreen
from tests.firmware.stage import make_screen


def test_a_kept_screen_is_there_after_a_restart(tmp_path: Path) -> None:
    screen = make_screen(7, calls=(("A042", "room-2"),), waiting=("A043",))
    KeptScreen(tmp_path).keep(screen, 100.0)

    assert KeptScreen(tmp_path).screen == screen


def test_a_new_disk_holds_no_screen(tmp_path: Path) -> None:
    assert KeptScreen(tmp_path).screen is None


def test_a_beat_alone_is_not_written(tmp_path: Path) -> None:
    kept = KeptScreen(tmp_path)
    kept.keep(make_screen(7), 100.0)

    kept.keep(make_screen(7).model_copy(update={"beat": "1.2"}), 200.0)

    assert KeptScreen(tmp_path).screen == make_screen(7)


def test_the_disk_is_written_once_a_second_at_most_and_the_newest_is_written_in_the_end(tmp_path: Path) -> None:
    kept = KeptScreen(tmp_path)
    for rev, now_s in ((1, 100.0), (2, 100.3), (3, 100.9)):
        kept.keep(make_screen(rev), now_s)
    assert KeptScreen(tmp_path).screen == make_screen(1)

    kept.keep(make_screen(3), 101.0)

    assert KeptScreen(tmp_path).screen == make_screen(3)


def test_an_older_screen_of_the_same_journal_never_replaces_a_newer_one(tmp_path: Path) -> None:
    kept = KeptScreen(tmp_path)
    kept.keep(make_screen(7), 100.0)

    kept.keep(make_screen(6), 200.0)

    assert KeptScreen(tmp_path).screen == make_screen(7)


def test_a_screen_of_another_journal_replaces_any(tmp_path: Path) -> None:
    kept = KeptScreen(tmp_path)
    kept.keep(make_screen(7), 100.0)
    other = make_screen(1).model_copy(update={"epoch": "epoch-2"})

    kept.keep(other, 200.0)

    assert KeptScreen(tmp_path).screen == other


@pytest.mark.parametrize("content", [b"", b'{"epoch": "e', b"\x00" * 300])
def test_a_damaged_file_is_passed_over_and_written_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "screen.json").write_bytes(content)
    kept = KeptScreen(tmp_path)
    assert kept.screen is None

    kept.keep(make_screen(1), 100.0)

    assert KeptScreen(tmp_path).screen == make_screen(1)


def test_a_disk_that_refuses_is_told_and_tried_again(tmp_path: Path) -> None:
    in_the_way = tmp_path / "screen.new"
    in_the_way.mkdir()
    kept = KeptScreen(tmp_path)
    kept.keep(make_screen(1), 100.0)
    assert isinstance(kept.fault, IsADirectoryError)

    in_the_way.rmdir()
    kept.keep(make_screen(1), 101.0)

    assert kept.fault is None
    assert KeptScreen(tmp_path).screen == make_screen(1)
