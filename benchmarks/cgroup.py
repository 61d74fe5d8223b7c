"""Limits of memory or time that the kernel enforces on a few processes together (cgroups(7), version 1 or 2)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["MemoryLimit", "limited", "slowed"]

_ROOT = Path("/sys/fs/cgroup")
_PERIOD_US = 100_000


@dataclass(frozen=True, slots=True)
class _Version:
    """How the files of a version are called."""

    root: Path
    limit: str
    peak: str
    kills: str
    swap: str
    """Swap, and memory with swap in version 1."""


_ONE = _Version(
    _ROOT / "memory",
    "memory.limit_in_bytes",
    "memory.max_usage_in_bytes",
    "memory.oom_control",
    "memory.memsw.limit_in_bytes",
)
_TWO = _Version(_ROOT, "memory.max", "memory.peak", "memory.events", "memory.swap.max")


class MemoryLimit:
    """A group of processes, and what became of them."""

    def __init__(self, folder: Path, version: _Version) -> None:
        self._folder = folder
        self._version = version

    @property
    def entry(self) -> tuple[str, ...]:
        """Stands before a command, and puts it into the group before it runs."""
        return ("sh", "-c", f'echo $$ > {self._folder / "cgroup.procs"} && exec "$@"', "sh")

    @property
    def peak_bytes(self) -> int:
        """The most that was held at once, files in the kernel's cache included."""
        return int((self._folder / self._version.peak).read_text())

    @property
    def killed(self) -> int:
        """Processes that the kernel killed for want of memory."""
        counts = dict(line.split() for line in (self._folder / self._version.kills).read_text().splitlines())
        return int(counts["oom_kill"])


@contextlib.contextmanager
def limited(limit_bytes: int) -> Iterator[MemoryLimit | None]:
    """A new group under a limit, without swap; None where this user may not make one.

    Its processes must have ended before it does.
    """
    version = _TWO if (_ROOT / "cgroup.controllers").exists() else _ONE
    folder = version.root / f"borne-bench-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError:
        yield None
        return
    try:
        (folder / version.limit).write_text(str(limit_bytes))
        with contextlib.suppress(FileNotFoundError):  # where the kernel does not count swap
            (folder / version.swap).write_text(str(limit_bytes if version is _ONE else 0))
        yield MemoryLimit(folder, version)
    finally:
        folder.rmdir()


@contextlib.contextmanager
def slowed(share: float) -> Iterator[Callable[[int], object] | None]:
    """A new group that gets this share of one processor; takes processes by their number. None as in `limited`.

    Its processes must have ended before it does.
    """
    is_two = (_ROOT / "cgroup.controllers").exists()
    folder = (_ROOT if is_two else _ROOT / "cpu") / f"borne-bench-{os.getpid()}"
    quota_us = round(share * _PERIOD_US)
    try:
        folder.mkdir()
    except OSError:
        yield None
        return
    try:
        if is_two:
            (folder / "cpu.max").write_text(f"{quota_us} {_PERIOD_US}")
        else:
            (folder / "cpu.cfs_quota_us").write_text(str(quota_us))
        yield lambda pid: (folder / "cgroup.procs").write_text(str(pid))
    finally:
        folder.rmdir()
