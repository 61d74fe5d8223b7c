"""The store as far as its disk gives it: opened as soon as that is possible, and set aside when it is damaged.

Rule: what is set aside is never guessed at. A new database takes its place, and the sites, whose journals keep
everything, tell it all again.
"""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import make_url

from agent.store.engine import StoreFault
from agent.store.store import Store
from core.edge.disk import can_be_read
from core.edge.journal import set_aside

__all__ = ["Keeper"]

_log = logging.getLogger(__name__)


class Keeper:
    """Used from one thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._store: Store | None = None
        self.aside: str | None = None
        """Name of the damaged file that a new one has replaced since the start."""

    @property
    def store(self) -> Store:
        """
        Raises:
            StoreFault: it cannot be opened now; ask again.
        """
        if self._store is None:
            self._store = Store(self._url)
        return self._store

    def set_aside(self) -> None:
        """Move a damaged SQLite file to a free name beside it. A PostgreSQL database is its administrator's.

        Raises:
            StoreFault: the disk does not let us.
        """
        url = make_url(self._url)
        if url.get_backend_name() != "sqlite" or not url.database:
            return
        self.close()
        path = Path(url.database)
        if not can_be_read(path):
            raise StoreFault(f"{self._url}: the disk does not give what is on it")
        try:
            aside = set_aside(path)
        except OSError as error:
            raise StoreFault(f"{self._url}: damaged, and cannot be set aside: {error}") from error
        self.aside = aside.name
        _log.critical("the database was damaged; it is kept as %s, and the sites tell a new one everything", aside)

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
