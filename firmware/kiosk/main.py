"""The kiosk's way in: the picture of its first page at once, then the kiosk, loaded behind it."""

from __future__ import annotations

import contextlib
import signal
from pathlib import Path

from core.edge.loading import loading
from firmware.kiosk.opening import reopened

__all__ = ["run"]


def run(config: Path) -> int:
    """Be the kiosk of a device file until the service manager says stop; returns 0.

    Raises:
        ConfigError: a file is wrong.
        ControlError: the control socket cannot be made.
        PanelAbsent: there is no screen.
    """
    stop = _Stop()
    with contextlib.ExitStack() as stack:
        panel = reopened(config)
        if panel is not None:
            stack.callback(panel.close)
        with loading():
            from firmware.kiosk.app import serve
        serve(config, panel, is_stopped=lambda: stop.is_asked, stack=stack)
    return 0


class _Stop:
    """Whether the service manager, or a person at a terminal, has asked us to end."""

    def __init__(self) -> None:
        self.is_asked = False
        # Before SDL is set up: it takes over signals that nobody handles.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: object) -> None:
        self.is_asked = True
