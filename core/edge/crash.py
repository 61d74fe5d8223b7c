"""Named instants at which a process dies, for the test that must see what comes back.

The environment variable `BORNE_CRASH_POINTS` names a folder. A file in it, called like a crash point, arms that point:
the process that passes it next renames the file to `….hit` and kills itself. The rename happens once, so the process
that comes back lives. Without the variable a point costs one comparison.

Rule: a point stands between two effects, and says in its name which one has happened and which one has not.
"""

from __future__ import annotations

import os
import signal

__all__ = ["CRASH_POINTS", "crash_point"]

CRASH_POINTS = "BORNE_CRASH_POINTS"

_folder = os.environ.get(CRASH_POINTS)


def crash_point(name: str) -> None:
    """Die here without a word, if this point is armed."""
    if _folder is None:
        return
    try:
        os.rename(f"{_folder}/{name}", f"{_folder}/{name}.hit")  # noqa: PTH104 - no path object where nothing is armed
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
