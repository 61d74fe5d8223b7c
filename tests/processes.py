"""What the kernel tells of processes and their children (proc(5))."""

from __future__ import annotations

import contextlib
from pathlib import Path

__all__ = ["children_of", "is_alive", "nice_of"]


def children_of(pid: int) -> list[int]:
    """Those that live, or have not been mourned yet.

    By thread, because the kernel takes the thread that made a child for its parent (proc_tid_children(5)).
    """
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, children.read_text().split())
    return [child for child in found if is_alive(child)]


def is_alive(pid: int) -> bool:
    """Whether a process runs or is stopped; one that is dead and only waits to be mourned (Z) does not."""
    with contextlib.suppress(OSError):
        return _fields(pid)[0] != "Z"
    return False


def nice_of(pid: int) -> int:
    return int(_fields(pid)[16])


def _fields(pid: int) -> list[str]:
    """Of `/proc/{pid}/stat`, from the state on: the name before it may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
