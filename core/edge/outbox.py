"""Sending a journal until the other side has it, over a pipe that may lose, repeat or delay.

Rule: exactly once comes from identity and sequence, not from QoS. Nothing is sent for good until an acknowledgement of
this epoch says that the contiguous prefix is durably stored; after a silence everything behind it is sent again. An
acknowledgement of less than before means that the other side has lost its store: it is told again from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.edge.crash import crash_point
from core.edge.journal import Journal

__all__ = ["Outbox", "fresh"]

_KNOWN = "known"
_READ = 1000
"""Entries read from the disk at once: about 300 kB, and one question to SQLite for several messages."""

Send = Callable[[int, Sequence[bytes]], bool]
"""Hands a run of bodies, beginning at a `seq`, to the link; False when the link is down."""


class Outbox:
    """One direction of one journal. Driven from the thread that owns the journal."""

    def __init__(
        self, journal: Journal, send: Send, *, batch: int = 200, window: int = 4000, silence_s: float = 3.0
    ) -> None:
        """
        Args:
            batch: entries to a message at most; whatever waits goes, nothing waits for a batch to fill.
            window: entries sent ahead of the acknowledgement at most.
            silence_s: real seconds without progress after which everything unacknowledged is sent again.
        """
        self._journal = journal
        self._send = send
        self._batch = batch
        self._window = window
        self._silence_s = silence_s
        self._sent = journal.acked
        self._progress_s = 0.0
        self._must_ask = True
        self.refused: str | None = None
        """Why the other side will take nothing more of this epoch."""

    @property
    def waiting(self) -> int:
        """Entries not yet acknowledged."""
        return self._journal.last - self._journal.acked

    @property
    def known(self) -> int:
        """How far anybody at the other side has ever acknowledged."""
        return max(int(self._journal.recall(_KNOWN) or 0), self._journal.acked)

    def link_is_up(self) -> None:
        """Somebody, or somebody new, is at the other end: what was swallowed before is sent again.

        When nothing waits, the newest entry is: the acknowledgement shows whether the other side still has it all.
        """
        self._sent = self._journal.acked
        self._must_ask = True

    def acknowledged(self, epoch: str, upto: int, now_s: float, refused: str | None = None) -> None:
        """Take in an acknowledgement; one of another epoch or out of range is not ours and changes nothing."""
        if epoch != self._journal.epoch or upto > self._journal.last:
            return
        upto = max(upto, self._journal.first - 1)  # what is forgotten cannot be told again
        if upto > self._journal.acked:
            self._sent = max(self._sent, upto)
        elif upto < self._journal.acked:
            self._journal.remember(_KNOWN, self.known)
            self._sent = upto
        if upto != self._journal.acked:
            self._journal.acknowledge(upto)
            self._progress_s = now_s
        self.refused = refused

    def pump(self, now_s: float) -> None:
        """Send what may be sent now.

        Args:
            now_s: real monotonic seconds.
        """
        if self.refused:
            return
        if self._must_ask and not self._ask():
            return
        if self._sent == self._journal.acked:
            self._progress_s = now_s
        elif now_s - self._progress_s > self._silence_s:
            self._sent, self._progress_s = self._journal.acked, now_s
        while (ahead := min(self._journal.last, self._journal.acked + self._window) - self._sent) > 0:
            bodies = self._journal.read(self._sent, min(ahead, _READ))
            for first in range(0, len(bodies), self._batch):
                run = bodies[first : first + self._batch]
                if not self._send(self._sent + 1, run):
                    return
                crash_point("outbox.sent-not-marked")
                self._sent += len(run)

    def _ask(self) -> bool:
        """Send the newest entry once more if nothing else is to be sent; False when the link does not take it."""
        acked = self._journal.acked
        if self._journal.first <= acked == self._journal.last and not self._send(
            acked, self._journal.read(acked - 1, 1)
        ):
            return False
        self._must_ask = False
        return True


def fresh(upto: int, first: int, count: int, oldest: int = 1) -> range | None:
    """Which of `count` entries beginning at `first` follow on from `upto`, as indexes; None when there is a gap.

    What is known already is left out, so a repetition changes nothing; after a gap the receiver repeats how far it is.
    Before the `oldest` entry that its sender still holds a gap is for ever: what comes is taken, and the receiver says
    that its history is incomplete.
    """
    if first <= upto + 1:
        return range(upto + 1 - first, count)
    return range(count) if first == oldest else None
