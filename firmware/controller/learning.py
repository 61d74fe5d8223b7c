"""When the centre learns from its days, and what they have taught it. The learner is a process of its own (`learner`).

Rule: one learner at a time, as long as there are days to learn from and no longer than a limit. What goes wrong there
costs the news of a day, and the days behind are learnt from with the next one.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence

from core.forecast.habits import FIRST_DAY, VERSION, Habits
from core.wire.coding import decode
from core.wire.messages import Learnt
from firmware.controller.child import ENVIRONMENT
from firmware.controller.kept import KeptMessage
from firmware.controller.sequencer import Sequencer
from firmware.controller.settings import ControllerFile
from firmware.inbox import Arrived, Inbox, Work

__all__ = ["Learning"]

_log = logging.getLogger(__name__)

_NAME = "learner"
_LIMIT_S = 900.0
"""For all of it: a day takes a small Pi seconds, and a journal has six weeks at the most."""
_FOR_THE_KILLED_S = 2.0


class Learning:
    """Used from the thread that owns the sequencer."""

    def __init__(
        self,
        settings: ControllerFile,
        sequencer: Sequencer,
        inbox: Inbox[Work],
        *,
        command: Sequence[str] = (),
        limit_s: float = _LIMIT_S,
    ) -> None:
        """
        Args:
            command: another learner than our own.
        """
        self.file = KeptMessage(settings.data / "habits.json", Learnt)
        self._command = command or [
            *(sys.executable, "-m", "firmware.controller.learner"),
            *(str(settings.site), str(settings.data)),
        ]
        self._is_wanted = settings.forecasts
        self._sequencer = sequencer
        self._inbox = inbox
        self._limit_s = limit_s
        self._tried_seq = 0
        """Where the day began before which the newest learner was to learn everything."""
        self._is_stopping = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    @property
    def habits(self) -> Habits:
        """The newest; those of a first day where nothing was learnt yet."""
        learnt = self._learnt
        return FIRST_DAY if learnt is None else learnt.habits

    @property
    def is_under_way(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def learn(self) -> None:
        """Have the days learnt from that are over, if there are any; call it with each turn."""
        day_seq = self._sequencer.day_seq
        if not self._is_wanted or day_seq == self._tried_seq or self.is_under_way:
            return
        self._tried_seq = day_seq
        learnt = self._learnt
        behind = 0 if learnt is None or learnt.epoch != self._sequencer.journal.epoch else learnt.seq
        if behind < day_seq - 1:
            self._thread = threading.Thread(target=self._run, name=_NAME, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._is_stopping = True
        if self._process is not None:
            self._process.kill()
        if self._thread is not None:
            self._thread.join(_FOR_THE_KILLED_S)

    @property
    def _learnt(self) -> Learnt | None:
        learnt = self.file.message
        return learnt if learnt is not None and learnt.habits.version == VERSION else None

    def _run(self) -> None:
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                env={**os.environ, **ENVIRONMENT},
            )
        except OSError as error:
            _log.error("the learner cannot be started: %s", error)
            return
        self._process = process
        limit = threading.Timer(0 if self._is_stopping else self._limit_s, process.kill)
        limit.start()
        with process:
            said = process.stdout
            while said is not None and (line := said.readline(Learnt.max_bytes + 1)).endswith(b"\n"):
                self._say(line)
        limit.cancel()
        if process.returncode and not self._is_stopping:
            _log.error("the learner ended with %d: what is behind is learnt with the next day", process.returncode)

    def _say(self, line: bytes) -> None:
        self._inbox.put((lambda *_: self.file.take(decode(Learnt, line)), Arrived(_NAME, line)), _NAME)
