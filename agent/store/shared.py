"""The database for those beside the ingest, from any thread: opened at the first use, each use guarded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, NullPool
from sqlalchemy.exc import SQLAlchemyError

from agent.store.engine import fault_of, open_engine

__all__ = ["SharedStore"]


class SharedStore:
    """Safe between threads. An SQLite file is opened anew for each use: one that was set aside is not held on to."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine: Engine | None = None
        self._opening = threading.Lock()

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()

    @contextmanager
    def _opened(self) -> Iterator[Engine]:
        """
        Raises:
            StoreFault: the database cannot be used.
        """
        try:
            yield self._open()
        except SQLAlchemyError as error:
            raise fault_of(error) from error

    def _open(self) -> Engine:
        with self._opening:
            if self._engine is None:
                self._engine = open_engine(self._url, pool=NullPool if self._url.startswith("sqlite") else None)
            return self._engine
