"""The layer itself: it sees what a process does, keeps what was synced, and loses what was not."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.powercut.cuts import record_life
from tests.powercut.model import Disk, Record

CREATED, SYNCED = Record("C", "file", 0, b""), Record("S", "file", 0, b"")
FOLDER_SYNCED = Record("S", "", 0, b"")


def wrote(data: bytes, offset: int = 0) -> Record:
    return Record("W", "file", offset, data)


def after_cuts(tmp_path: Path, *records: Record) -> set[bytes | None]:
    """What fifty power cuts leave of a file; None where it is not there."""
    base = tmp_path / "base"
    base.mkdir()
    left: set[bytes | None] = set()
    for seed in range(50):
        folder = Disk(base).play(records).without_power(tmp_path / f"cut-{seed}", random.Random(seed))
        left.add((folder / "file").read_bytes() if (folder / "file").exists() else None)
    return left


def contents(folder: Path) -> dict[str, bytes]:
    """Every file by its name; of SQLite's shared index, which is mapped, only the name."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): b"" if path.name.endswith("-shm") else path.read_bytes() for path in files}


@pytest.mark.parametrize("writer", ["kiosk", "site", "agent", "room"])
def test_what_was_recorded_is_what_the_process_did(writer: str, tmp_path: Path, disk_library: Path) -> None:
    live, base = tmp_path / "live", tmp_path / "base"
    live.mkdir()
    shutil.copytree(live, base)

    records = record_life(writer, live, disk_library, "1")

    assert contents(Disk(base).play(records).with_power(tmp_path / "replayed")) == contents(live) != {}


def test_what_is_synced_survives_every_cut(tmp_path: Path) -> None:
    content = random.Random(1).randbytes(10_000)

    assert after_cuts(tmp_path, CREATED, wrote(content), SYNCED, FOLDER_SYNCED) == {content}


def test_a_file_whose_folder_was_not_synced_may_be_gone(tmp_path: Path) -> None:
    assert after_cuts(tmp_path, CREATED, wrote(b"content"), SYNCED) == {None, b"content"}


def test_what_was_not_synced_may_be_there_be_gone_or_be_torn_at_a_sector(tmp_path: Path) -> None:
    left = after_cuts(tmp_path, CREATED, SYNCED, FOLDER_SYNCED, wrote(b"\1" * 1024))

    assert left == {b"", b"\1" * 1024, b"\1" * 512, b"\0" * 512 + b"\1" * 512}


def test_a_later_write_may_arrive_without_the_one_before(tmp_path: Path) -> None:
    left = after_cuts(tmp_path, CREATED, SYNCED, FOLDER_SYNCED, wrote(b"one"), wrote(b"two", 3))

    assert left == {b"", b"one", b"\0\0\0two", b"onetwo"}


def test_a_truncation_may_not_have_arrived(tmp_path: Path) -> None:
    truncated = Record("T", "file", 2, b"")

    assert after_cuts(tmp_path, CREATED, wrote(b"1234"), SYNCED, FOLDER_SYNCED, truncated) == {b"12", b"1234"}


def test_a_rename_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    fresh = [Record("C", "fresh", 0, b""), Record("W", "fresh", 0, b"new"), Record("S", "fresh", 0, b"")]
    renamed = Record("R", "fresh", 0, b"file")

    assert after_cuts(tmp_path, CREATED, wrote(b"old"), SYNCED, FOLDER_SYNCED, *fresh, renamed) == {b"old", b"new"}


def test_a_file_in_a_folder_that_was_not_made_for_good_may_be_gone(tmp_path: Path) -> None:
    made = [Record("D", "data", 0, b""), Record("C", "data/file", 0, b""), Record("S", "data", 0, b"")]
    base = tmp_path / "base"
    base.mkdir()

    left = {
        (Disk(base).play(made).without_power(tmp_path / f"{seed}", random.Random(seed)) / "data" / "file").exists()
        for seed in range(50)
    }

    assert left == {False, True}
