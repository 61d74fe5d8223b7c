"""A message that this controller goes by, kept on its own disk so that the next start knows it.

Rule: nothing waits for the disk. One that refuses is told by `fault` and asked again; a file that cannot be read is set
aside, and the controller works without it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from core.edge.disk import replace_file, sync_folder
from core.wire.coding import WireError, decode, encode
from core.wire.messages import Message

__all__ = ["KeptMessage"]

_log = logging.getLogger(__name__)

_PAUSE_S = 1.0

MessageT = TypeVar("MessageT", bound=Message)


class KeptMessage(Generic[MessageT]):
    """One file, and the newest message."""

    def __init__(
        self,
        path: Path,
        model: type[MessageT],
        follow: Callable[[MessageT], None] = lambda _: None,
        *,
        every_s: float = _PAUSE_S,
    ) -> None:
        """
        Args:
            follow: goes by a message; a `ValueError` of it says that the message cannot be.
            every_s: how often a message is written at most; the first one is at once.
        """
        self._path = path
        self._follow = follow
        self._every_s = every_s
        self._tried_s = float("-inf")
        self.aside: Path | None = None
        """Where a damaged file was put."""
        self.fault: OSError | None = None
        """Why the disk does not give or take the message."""
        self.message: MessageT | None = None
        """The newest; None before the first."""
        try:
            self.take(decode(model, path.read_bytes()))
        except FileNotFoundError:
            pass
        except (WireError, ValueError) as error:
            self._set_aside(error)
        except OSError as error:
            _log.error("%s: cannot be read, the centre works without: %s", path, error)
            self.fault = error
        self._kept: MessageT | None = self.message

    def take(self, message: MessageT) -> None:
        """Go by a message from now on.

        Raises:
            ValueError: it cannot be; the one in use stays.
        """
        self._follow(message)
        self.message = message

    def keep(self, now_s: float) -> None:
        """Write the newest message, if the disk has another one; call it again and again.

        Args:
            now_s: monotonic seconds.
        """
        pause_s = self._every_s if self.fault is None else _PAUSE_S
        if self.message is None or self.message is self._kept or now_s - self._tried_s < pause_s:
            return
        self._tried_s = now_s
        try:
            replace_file(self._path, encode(self.message))
            sync_folder(self._path.parent)
        except OSError as error:
            if self.fault is None:
                _log.error("%s: cannot be kept: %s", self._path, error)
            self.fault = error
        else:
            self._kept, self.fault = self.message, None

    def _set_aside(self, error: Exception) -> None:
        aside = self._path.with_suffix(".damaged")
        _log.error("%s: %s; set aside as %s, the centre works without", self._path, error, aside.name)
        try:
            self._path.replace(aside)
        except OSError as fault:
            self.fault = fault
        else:
            self.aside = aside
