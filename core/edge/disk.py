"""This device's own disk: small files that a power cut leaves whole, and one set of words for what is wrong with it.

Rule: a file's content is sure once the file is synced, its name once its folder is (fsync(2)).
"""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from core.edge.crash import crash_point
from core.wire.messages import Alert

__all__ = ["can_be_read", "disk_alert", "make_folder", "replace_file", "sync_folder"]

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_PIECE = 1 << 20


def make_folder(path: Path) -> None:
    """Have a folder, for good: also one that an earlier start made and did not live to sync.

    Raises:
        OSError: the disk refuses.
    """
    if not path.parent.is_dir():
        make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def replace_file(path: Path, content: bytes) -> None:
    """Write a small file: after a power cut it is the old one or the new one, never half of it.

    Only with `sync_folder` behind it is it sure to be the new one.

    Raises:
        OSError: the disk refuses, and the file is the old one.
    """
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    crash_point("disk.written-not-replaced")
    fresh.replace(path)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable.

    Raises:
        OSError: the disk refuses.
    """
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def can_be_read(path: Path) -> bool:
    """Whether every byte of a file can be read: SQLite calls a file damaged also when its disk gives an error.

    unixRead of SQLite 3.40 returns SQLITE_IOERR_CORRUPTFS for EIO, which sqlite3VdbeExec turns into SQLITE_CORRUPT.
    """
    try:
        with path.open("rb", buffering=0) as stream:
            while stream.read(_PIECE):
                pass
    except OSError:
        return False
    return True


def disk_alert(fault: Exception, folder: Path) -> Alert:
    """What every device says when its disk refuses: `disk-full`, `disk-read-only`, or `disk-fault` for all else.

    Args:
        fault: as it was caught; where it was raised from SQLite's or the system's own, that one is looked at.
        folder: where the refused file is.
    """
    return Alert(code=_code(fault.__cause__ or fault, folder), detail=str(fault))


def _code(cause: BaseException, folder: Path) -> str:
    match cause:
        case OSError():
            is_full, is_read_only = cause.errno in _FULL, cause.errno in _READ_ONLY
        case sqlite3.Error():
            # A disk that turned read-only under an open file, or is too full for SQLite's shared index, gives a mere
            # I/O error.
            is_full = getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or not _has_room(folder)
            is_read_only = os.access(folder, os.R_OK) and not os.access(folder, os.W_OK)
        case _:
            return "disk-fault"
    return "disk-full" if is_full else "disk-read-only" if is_read_only else "disk-fault"


def _has_room(folder: Path) -> bool:
    try:
        return os.statvfs(folder).f_bavail > 0
    except OSError:
        return True
