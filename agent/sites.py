"""What the agent knows of every centre: its picture, the journal that it writes, what the database has of both.

Rule: a database that refuses takes nothing from the pages, which show what is heard. A damaged one is set aside, and
nothing of it is held for true.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from agent.picture import Picture
from agent.store.engine import DamagedStore, StoreFault
from agent.store.keeper import Keeper
from agent.store.store import Changes
from agent.stream import Stream
from agent.view import SiteView
from core.room.ids import SiteId
from core.wire.messages import Snap

__all__ = ["Sites"]

_log = logging.getLogger(__name__)


class Sites:
    """Used from one thread."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._is_restored = False
        self._pictures: dict[SiteId, Picture] = {}
        self._streams: dict[SiteId, Stream] = {}
        self.fault: str | None = None
        """Why the database did not take or give what it was asked last."""

    @property
    def aside(self) -> str | None:
        """Name of a damaged database that a new one has replaced."""
        return self._keeper.aside

    def __iter__(self) -> Iterator[Picture]:
        yield from self._pictures.values()

    def restore(self) -> Iterator[SiteView]:
        """Every site as it was stored, once; none while the database refuses, so ask again.

        What has been heard of a site meanwhile is newer than what was stored, and stays.
        """
        if self._is_restored:
            return
        try:
            stored = self._keeper.store.load()
        except StoreFault as fault:
            self.suffer(fault)
            return
        self._is_restored = True
        for row, stream in stored:
            before = Picture(site=row.site, epoch=row.epoch, as_of_ms=row.as_of_ms, fleet=row.fleet)
            picture = self._pictures.setdefault(row.site, before)
            if stream is not None and stream.epoch == picture.epoch:
                self._streams[row.site] = stream
            view = picture.look(stream)
            if view is not None:
                yield view

    def picture(self, site: SiteId) -> Picture:
        known = self._pictures.get(site)
        if known is None:
            known = self._pictures[site] = Picture(site=site)
        return known

    def stream(self, site: SiteId, epoch: str) -> Stream:
        """A journal as stored. Only the one that the site writes now is kept at hand: epochs can be invented.

        Raises:
            StoreFault: it cannot be looked up.
        """
        known = self._streams.get(site)
        if known is None or known.epoch != epoch:
            known = self._keeper.store.stream(site, epoch) or Stream(site=site, epoch=epoch)
            self.advance(known)
        return known

    def advance(self, stream: Stream) -> None:
        """Note how far a journal is stored."""
        if stream.epoch == self.picture(stream.site).epoch:
            self._streams[stream.site] = stream

    def look(self, picture: Picture) -> SiteView | None:
        """What the pages show of a site; while the database refuses, from its newest snapshot alone."""
        stream = None
        if picture.epoch:
            with self._bearing():
                stream = self.stream(picture.site, picture.epoch)
        return picture.look(stream)

    def before(self, picture: Picture, epoch: str) -> Snap | None:
        """What is known of a site's day from its other journals; None while that cannot be looked up."""
        with self._bearing():
            return picture.before(epoch, self._keeper.store.newest_but(picture.site, epoch))
        return None

    def bodies(self, site: SiteId, epoch: str, *, first: int, last: int) -> dict[int, str]:
        """
        Raises:
            StoreFault: they cannot be looked up.
        """
        return self._keeper.store.bodies(site, epoch, first=first, last=last)

    def write(self, changes: Changes) -> None:
        """Store what has changed, if anything has.

        Raises:
            StoreFault: nothing was stored.
        """
        if self.fault is not None:
            # With what the failed transaction would have written, and to find out whether the disk has recovered.
            changes.sites.update({picture.site: picture.row() for picture in self})
        elif changes.is_empty():
            return
        self._keeper.store.write(changes)
        self.fault = None

    def suffer(self, fault: StoreFault) -> None:
        """Take note of what the database refuses; a damaged one is set aside."""
        if self.fault is None:
            _log.error("the database takes nothing: %s", fault)
        self.fault = str(fault)
        if isinstance(fault, DamagedStore):
            self._streams.clear()
            self._is_restored = False
            try:
                self._keeper.set_aside()
            except StoreFault as worse:
                self.fault = str(worse)

    def close(self) -> None:
        self._keeper.close()

    @contextmanager
    def _bearing(self) -> Iterator[None]:
        """What is looked up is left out while the database refuses; a damaged one ends the round."""
        try:
            yield
        except DamagedStore:
            raise
        except StoreFault as fault:
            self.suffer(fault)
