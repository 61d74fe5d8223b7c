"""What waits between the link's thread and the ingest's: bounded, and the newest state goes ahead of old events.

Rule: whoever puts never waits. A journal's entries may be dropped when too many wait, because their site sends them
again; a state replaces the one before it on its topic; presence is never dropped and never reordered.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from core.wire.topics import parse

__all__ = ["Inbox", "Taken"]

_HELD_BYTES = 64 * 1024 * 1024
_TAKEN_BYTES = 512 * 1024
"""Of entries at once: about 1,600. More per commit gains under a tenth and keeps live states waiting for longer."""
_PRESENCES_HELD = 10_000


@dataclass(slots=True)
class Taken:
    """What had arrived, in the order in which it is to be looked at."""

    presences: list[tuple[str, bytes] | bool] = field(default_factory=list)
    """Births and wills of sites and, among them, whether the agent's own connection came up or was lost."""
    states: dict[str, bytes] = field(default_factory=dict)
    """The newest payload of each topic."""
    logs: list[tuple[str, bytes]] = field(default_factory=list)


class Inbox:
    """Safe between threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._urgent = Taken()
        self._logs: deque[tuple[str, bytes]] = deque()
        self._held_bytes = 0
        self._is_closed = False
        self.dropped = 0
        """Messages that found no room."""

    def put(self, topic: str, payload: bytes) -> None:
        address = parse(topic)
        leaf = address.leaf if address else None
        with self._changed:
            if leaf == "log":
                if self._held_bytes + len(payload) > _HELD_BYTES:
                    self.dropped += 1
                    return
                self._logs.append((topic, payload))
                self._held_bytes += len(payload)
            elif leaf == "link":
                if len(self._urgent.presences) >= _PRESENCES_HELD:
                    self.dropped += 1
                    return
                self._urgent.presences.append((topic, payload))
            else:
                self._urgent.states[topic] = payload
            self._changed.notify()

    def put_link(self, *, is_up: bool) -> None:
        with self._changed:
            self._urgent.presences.append(is_up)
            self._changed.notify()

    def close(self) -> None:
        """Wake whoever takes."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def take(self, timeout_s: float) -> Taken:
        """All states that wait and as many entries as one transaction should hold; empty after a silence."""
        with self._changed:
            self._changed.wait_for(self._has_something, timeout_s)
            taken, self._urgent = self._urgent, Taken()
            size = 0
            while self._logs and size < _TAKEN_BYTES:
                one = self._logs.popleft()
                taken.logs.append(one)
                size += len(one[1])
            self._held_bytes -= size
            return taken

    def _has_something(self) -> bool:
        urgent = self._urgent
        return bool(self._is_closed or self._logs or urgent.presences or urgent.states)
