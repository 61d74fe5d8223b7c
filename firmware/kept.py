"""The newest screen on this device's own disk: shown after a restart, and one of the copies a lost day is rebuilt from.

Rule: written when the revision changes and at most once a second, so that a busy evening does not wear the card.
"""

from __future__ import annotations

import logging
from pathlib import Path

from core.edge.disk import replace_file
from core.wire.coding import WireError, decode, encode
from core.wire.messages import Screen

__all__ = ["KeptScreen"]

_log = logging.getLogger(__name__)

_PAUSE_S = 1.0


class KeptScreen:
    """`screen.json` in the device's data folder."""

    def __init__(self, data: Path) -> None:
        self._path = data / "screen.json"
        self._tried_s = float("-inf")
        self.screen = _read(self._path)
        """What the disk holds."""
        self.fault: OSError | None = None
        """Why the newest screen could not be written."""

    def keep(self, screen: Screen | None, now_s: float) -> None:
        """Write the screen if it is newer than what the disk holds; call it again and again.

        A disk that refuses is told by `fault` and tried again: the board goes on without it.

        Args:
            now_s: monotonic seconds.
        """
        if screen is None or now_s - self._tried_s < _PAUSE_S or not _is_newer(screen, self.screen):
            return
        self._tried_s = now_s
        try:
            replace_file(self._path, encode(screen))
        except OSError as error:
            if self.fault is None:
                _log.error("%s: the screen cannot be kept: %s", self._path, error)
            self.fault = error
        else:
            self.screen, self.fault = screen, None


def _is_newer(screen: Screen, kept: Screen | None) -> bool:
    return kept is None or screen.epoch != kept.epoch or screen.rev > kept.rev


def _read(path: Path) -> Screen | None:
    try:
        return decode(Screen, path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, WireError) as error:
        _log.warning("%s: cannot be read, and will be written anew: %s", path, error)
        return None
