"""What happened, in the order in which it was seen: one line of JSON per observation, never changed afterwards.

Rule: whoever writes on the tape has seen it from outside: paper, lamp, screen, page, or what a person or the storm did.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Entry", "Tape", "read_tape"]


@dataclass(frozen=True)
class Entry:
    """One observation."""

    at_s: float
    """Seconds since the run began."""
    kind: str
    what: dict[str, Any]


class Tape:
    """Written from several threads."""

    def __init__(self, path: Path) -> None:
        self._began_s = time.monotonic()
        self._file = path.open("w", encoding="utf-8")
        self._lock = threading.Lock()

    @property
    def now_s(self) -> float:
        return time.monotonic() - self._began_s

    def note(self, kind: str, **what: Any) -> None:
        with self._lock:
            self._file.write(json.dumps({"at_s": round(self.now_s, 3), "kind": kind, **what}) + "\n")

    def close(self) -> None:
        with self._lock:
            self._file.close()


def read_tape(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            what = json.loads(line)
            yield Entry(at_s=what.pop("at_s"), kind=what.pop("kind"), what=what)
