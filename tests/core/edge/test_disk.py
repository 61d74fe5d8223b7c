"""Small files on this device's own disk, and the words for what is wrong with it."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from core.edge.disk import can_be_read, disk_alert, make_folder, replace_file, sync_folder
from core.edge.journal import JournalFault


def test_a_folder_is_made_with_those_above_it_and_may_be_there_already(tmp_path: Path) -> None:
    for _ in range(2):
        make_folder(tmp_path / "site" / "data")

    assert (tmp_path / "site" / "data").is_dir()


def test_a_file_in_the_way_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")

    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "data")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    for content in (b"old and long", b"new"):
        replace_file(tmp_path / "boot", content)
        sync_folder(tmp_path)

    assert (tmp_path / "boot").read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["boot"]


def test_a_file_that_cannot_be_replaced_is_the_old_one(tmp_path: Path) -> None:
    replace_file(tmp_path / "boot", b"old")
    (tmp_path / "boot.new").mkdir()

    with pytest.raises(IsADirectoryError):
        replace_file(tmp_path / "boot", b"new")

    assert (tmp_path / "boot").read_bytes() == b"old"


def test_what_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")

    assert can_be_read(tmp_path / "file")
    assert not can_be_read(tmp_path / "absent")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EDQUOT, "disk-full"),
        (errno.EROFS, "disk-read-only"),
        (errno.EACCES, "disk-read-only"),
        (errno.EIO, "disk-fault"),
        (errno.ENOENT, "disk-fault"),
    ],
)
def test_the_systems_errors_have_one_set_of_words(tmp_path: Path, number: int, code: str) -> None:
    assert disk_alert(OSError(number, os.strerror(number)), tmp_path).code == code


def test_sqlites_errors_have_the_same_words(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "db", isolation_level=None)
    db.execute("CREATE TABLE entry (body BLOB)")
    db.execute("PRAGMA max_page_count=2")
    with pytest.raises(sqlite3.OperationalError) as full:
        db.execute("INSERT INTO entry VALUES (zeroblob(100000))")
    db.close()
    fault = JournalFault("the journal takes nothing: " + "because " * 100)
    fault.__cause__ = full.value

    alert = disk_alert(fault, tmp_path)

    assert alert.code == "disk-full"
    assert alert.detail.startswith("the journal takes nothing")
    assert len(alert.detail) == 200
