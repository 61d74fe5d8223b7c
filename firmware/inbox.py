"""What waits for a role's own thread: bounded, and taken in turn from each who sent something.

Rule: whoever puts never waits. Who sends more than is taken loses its own oldest items and nobody else's; what comes
from a part of this very process (a link that came up, an edge of the button, a wish) is never dropped.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Arrived", "Inbox", "LinkChanged", "Work"]

_HELD = 100
"""Items of one sender. A kiosk sends at most 20 messages ahead of an acknowledgement (`Outbox`), a room unit its
presses one by one. 100 of the largest are 26 MB."""
_IN_TURN = 10
"""Items of one sender between two commits: about 3 ms of a controller's work, so that a press beside a flood is
answered with the next commit."""

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A payload, as it came."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The link came up or went down."""

    is_up: bool


Work = tuple[Callable[[Arrived | LinkChanged, float], None], Arrived | LinkChanged]
"""An item with who handles it, given the real monotonic second: where two links share one inbox."""


class Inbox(Generic[ItemT]):
    """Safe between threads."""

    def __init__(self, *, held: int = _HELD, in_turn: int = _IN_TURN) -> None:
        """
        Args:
            held: items of one sender that wait at most; the newest are kept.
            in_turn: items of one sender that `take` gives out at most.
        """
        self.dropped: Counter[str] = Counter()
        """Items that found no room since the start, by sender."""
        self._in_turn = in_turn
        self._held = held
        self._changed = threading.Condition()
        self._own: deque[tuple[int, ItemT]] = deque()
        self._sent: dict[str, deque[tuple[int, ItemT]]] = {}
        self._count = 0

    def put(self, item: ItemT, sender: str | None = None) -> None:
        """
        Args:
            sender: one of the few whom we listen to; None for a part of this process.
        """
        with self._changed:
            self._count += 1
            if sender is None:
                self._own.append((self._count, item))
            else:
                waiting = self._sent.setdefault(sender, deque())
                if len(waiting) == self._held:
                    waiting.popleft()
                    self.dropped[sender] += 1
                waiting.append((self._count, item))
            self._changed.notify()

    def take(self, timeout_s: float) -> list[ItemT]:
        """What waits, in the order in which it came, but only so much of each sender; empty after a silence."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_empty(), timeout_s)
            taken = [self._own.popleft() for _ in range(len(self._own))]
            for waiting in self._sent.values():
                taken += [waiting.popleft() for _ in range(min(self._in_turn, len(waiting)))]
        return [item for _, item in sorted(taken, key=lambda one: one[0])]

    @property
    def is_empty(self) -> bool:
        with self._changed:
            return self._is_empty()

    def _is_empty(self) -> bool:
        return not (self._own or any(self._sent.values()))
