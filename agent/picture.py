"""What the agent knows of one centre now, and how sure it is: which journal counts, how it looks, how old that is.

Rules:
- The birth on `up/link` names the journal that a site writes now. A will of another journal or an older boot is late
  and changes nothing; a birth that brings an earlier journal back is a second controller, and an alert.
- Of the folded events and the newest snapshot the one further on is shown, so that a page is right while a backlog
  still drains; an older state of a journal is never shown after a newer one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.store.store import SiteRow
from agent.stream import Stream
from agent.view import SiteView
from core.room.ids import SiteId
from core.room.state import SiteState, fingerprint
from core.wire.messages import LinkState, Snap

__all__ = ["Picture"]

_RETURN_ALERT_S = 600.0
"""Two controllers take the connection from each other every few seconds; ten quiet minutes mean that one is gone."""


@dataclass(slots=True, kw_only=True)
class Picture:
    """Owned by the ingest's thread."""

    site: SiteId
    epoch: str | None = None
    """The journal that the site writes now."""
    as_of_ms: int = 0
    """Until when what is known was true: UTC milliseconds."""
    fleet: str | None = None
    is_online: bool | None = None
    """What the link said last; None while the agent cannot know, being cut off or just started."""
    heard_s: float = float("-inf")
    """When the site was last heard: real monotonic seconds."""
    alerts: dict[str, str] = field(default_factory=dict)
    """Code to detail, for a person."""
    _boot: int = 0
    _snap: Snap | None = None
    _shown: tuple[str, int, SiteState] | None = None
    _left: set[str] = field(default_factory=set)
    """Journals that were current once."""
    _doubted_s: float = float("-inf")
    """When two controllers were last seen."""
    _compared: tuple[str, int] | None = None

    def row(self) -> SiteRow:
        return SiteRow(site=self.site, epoch=self.epoch, as_of_ms=self.as_of_ms, fleet=self.fleet)

    def linked(self, link: LinkState, *, now_ms: int, now_s: float) -> None:
        """Take in a birth or a will."""
        if link.epoch != self.epoch:
            if not link.online and self.epoch is not None:
                return
            if link.epoch in self._left:
                self._doubt(f"journal {link.epoch} is back after {self.epoch}", now_s)
            self._switch(link.epoch)
        elif link.boot < self._boot:
            return
        if link.online or self.is_online:
            self.as_of_ms = now_ms
        if link.online:
            self.heard_s = now_s
        self._boot, self.is_online = link.boot, link.online

    def cut(self, *, now_ms: int) -> None:
        """Note that the agent itself has lost the broker: from now on nobody knows whether the site is there."""
        if self.is_online:
            self.is_online, self.as_of_ms = None, now_ms

    def snapped(self, snap: Snap) -> None:
        """Take in a snapshot. One of another journal than the current one may be what a broker kept."""
        if self.epoch is None:
            self._switch(snap.epoch)
        known = self._snap
        if snap.epoch == self.epoch and (known is None or known.epoch != snap.epoch or known.seq <= snap.seq):
            self._snap = snap

    def logged(self, epoch: str, *, now_s: float) -> None:
        """Note whose entries have arrived."""
        if epoch == self.epoch:
            return
        if self.is_online:
            self._doubt(f"journals {self.epoch} and {epoch} both write", now_s)
        else:
            # The birth that says so is on its way: messages of unlike QoS may overtake each other.
            self._switch(epoch)

    def heard(self, *, now_ms: int, now_s: float, told_ms: int = 0) -> None:
        """Note a sign of life.

        Args:
            told_ms: the site's own clock in the message. It alone dates what was heard while the link is not known to
                be up, because a broker repeats what it has retained of a site that is long gone.
        """
        self.heard_s = now_s
        self.as_of_ms = now_ms if self.is_online else max(self.as_of_ms, min(told_ms, now_ms))
        if now_s - self._doubted_s > _RETURN_ALERT_S:
            self.alerts.pop("second-controller", None)

    def before(self, epoch: str, stored: Stream | None) -> Snap:
        """The newest state of a journal before this one, for a controller whose disk is empty; an empty one, if none.

        Args:
            stored: the newest other journal of the site that the database holds.
        """
        found = [self._snap] if self._snap is not None and self._snap.epoch != epoch else []
        if stored is not None and stored.state is not None:
            found.append(_snap_of(stored.epoch, stored.upto, stored.at_ms, stored.state))
        return max(found, key=lambda snap: snap.at_ms, default=_snap_of(epoch, 0, 0, SiteState()))

    def look(self, stream: Stream | None) -> SiteView | None:
        """What the pages show, given the current journal as far as it is stored; None while nothing is known.

        A journal of which only the name has arrived leaves the state of the one before it on the pages.
        """
        if stream is not None and stream.epoch == self.epoch:
            self._fold_is_sound(stream)
            self._advance(stream.epoch, stream.upto, stream.state)
        if self._snap is not None and self._snap.epoch == self.epoch:
            self._advance(self._snap.epoch, self._snap.seq, self._snap.state)
        if self._shown is None:
            return None
        epoch, seq, state = self._shown
        return SiteView(
            site=self.site,
            epoch=epoch,
            seq=seq,
            state=state,
            is_online=self.is_online,
            as_of_ms=self.as_of_ms,
            heard_s=self.heard_s,
        )

    def _advance(self, epoch: str, seq: int, state: SiteState | None) -> None:
        if state is not None and (self._shown is None or self._shown[0] != epoch or self._shown[1] < seq):
            self._shown = epoch, seq, state

    def _fold_is_sound(self, stream: Stream) -> None:
        """Raise an alert where the agent's picture is not the site's."""
        snap = self._snap
        if stream.state is None:
            if "history-incomplete" in self.alerts:
                return
            self.alerts["unfoldable"] = f"journal {stream.epoch} breaks the transition table at or before {stream.upto}"
        elif snap is not None and (snap.epoch, snap.seq) == (stream.epoch, stream.upto) != self._compared:
            self._compared = snap.epoch, snap.seq
            if fingerprint(stream.state) == snap.fingerprint:
                self.alerts.pop("state-differs", None)
            else:
                self.alerts["state-differs"] = f"journal {stream.epoch} at {stream.upto}"

    def _switch(self, epoch: str) -> None:
        if self.epoch is not None:
            self._left.add(self.epoch)
        self.epoch, self._boot = epoch, 0

    def _doubt(self, detail: str, now_s: float) -> None:
        self._doubted_s = now_s
        self.alerts["second-controller"] = detail


def _snap_of(epoch: str, seq: int, at_ms: int, state: SiteState) -> Snap:
    return Snap(epoch=epoch, seq=seq, fingerprint=fingerprint(state), at_ms=at_ms, state=state)
