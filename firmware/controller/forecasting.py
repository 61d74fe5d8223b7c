"""When a forecast is asked for, and what of it is told. The forecaster is a process of its own (`forecaster`).

Rule: nobody waits for a forecast. It is asked for of the newest state only, at most once a second and at least once a
minute; what nobody would hear as news is not told, and where no forecast comes or no doctor is on duty nothing is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

from core.forecast.live import moment_of
from core.room.announce import has_moved, newcomers_have_moved
from core.room.duty import DutyState
from core.room.events import WaitsForgotten, WaitsTold
from core.room.ids import TicketId
from core.room.outlook import Outlook, Wait
from core.room.state import SiteState
from core.room.transitions import TicketState
from core.wire.messages import Alert
from firmware.controller.child import ENVIRONMENT
from firmware.controller.companion import Companion
from firmware.controller.learning import Learning
from firmware.controller.lines import Question, read, write
from firmware.controller.sequencer import Sequencer
from firmware.controller.settings import ControllerFile
from firmware.inbox import Arrived, Inbox, Work

__all__ = ["Forecasting", "is_attended", "news_for"]

_NAME = "forecaster"
_AT_MOST_EVERY_S = 1.0
_AT_LEAST_EVERY_MS = 60_000
"""On the site clock, because waits grow shorter by it."""
_RIDES_MS = 60_000
"""On the site clock: a ticket's wait that has moved is told with the next commit, or after this time by one of its own.
On a played evening waits take 1.35 commits a ticket so, and 1.78 where all are told at once."""
_SILENT_S = 180.0
"""Without a forecast for so long, what was told is forgotten."""


class Forecasting:
    """Used from the thread that owns the sequencer."""

    def __init__(
        self,
        settings: ControllerFile,
        sequencer: Sequencer,
        inbox: Inbox[Work],
        learning: Learning,
        companion: Callable[..., Companion] = Companion,
    ) -> None:
        self._inbox = inbox
        self._learning = learning
        self._is_wanted = settings.forecasts
        self._sequencer = sequencer
        self._asked: tuple[object, ...] | None = None
        """What the newest question was about."""
        self._asked_s, self._asked_ms = float("-inf"), 0
        self._is_answered = True
        """Whether that question was; a companion that is free without an answer was lost over it."""
        self._heard_s: float | None = None
        """When the newest forecast came, or since when one can be made; None while none can."""
        self._news: WaitsTold | None = None
        """What of the newest forecast is still to be told …"""
        self._due_ms = 0
        """… and when, at the latest."""
        self._companion = companion(
            _NAME,
            [sys.executable, "-m", "firmware.controller.forecaster"],
            on_answer=self._heard,
            environment=ENVIRONMENT,
        )

    def start(self) -> None:
        self._companion.start()

    def stop(self) -> None:
        self._companion.stop()

    def alerts(self, now_s: float) -> list[Alert]:
        if not self._is_silent(now_s):
            return []
        return [Alert(code="no-forecast", detail="no wait is told; the controller's log says why")]

    def _heard(self, line: bytes) -> None:
        """Called from the companion's thread."""
        self._inbox.put((lambda _, now_s: self._take(line, now_s), Arrived(_NAME, line)), _NAME)

    def _take(self, line: bytes, now_s: float) -> None:
        self._is_answered = True
        outlook = read(Outlook, line)
        if self._heard_s is None:
            return
        self._heard_s = now_s
        state, now_ms = self._sequencer.state, self._sequencer.now_ms()
        before, self._news = self._news, news_for(state, outlook, now_ms)
        if self._news is not None and _is_urgent(self._news, state):
            self._due_ms = now_ms
        elif before is None:
            self._due_ms = now_ms + _RIDES_MS

    def tell(self, now_s: float) -> None:
        """Stage what is new to patients, or that nothing is told any more; call it with each turn, before the commit.

        Args:
            now_s: real monotonic seconds.
        """
        if self._sequencer.is_in_doubt or not self._is_wanted:
            self._heard_s = None
        elif self._heard_s is None:
            self._heard_s = now_s
        state = self._sequencer.state
        if self._heard_s is None or self._is_silent(now_s) or not is_attended(state):
            self._news = None
            if state.told or state.newcomers:
                self._sequencer.tell(WaitsForgotten())
        elif self._news is not None and (self._sequencer.has_staged or self._sequencer.now_ms() >= self._due_ms):
            news, self._news = _still_waiting(self._news, state), None
            if news.tickets or news.newcomers != state.newcomers:
                self._sequencer.tell(news)

    def ask(self, now_s: float) -> None:
        """Have the newest state forecast, if that is due; call it with each turn, once everything else is done."""
        state = self._sequencer.state
        if self._heard_s is None or state.day is None or now_s - self._asked_s < _AT_MOST_EVERY_S:
            return
        habits = self._learning.habits
        about = (state.day, state.tickets, state.duties, state.intake, self._sequencer.policy, habits)
        now_ms = self._sequencer.now_ms()
        is_old = about != self._asked or now_ms - self._asked_ms >= _AT_LEAST_EVERY_MS
        if (self._is_answered and not is_old) or not self._companion.is_free:
            return
        moment = moment_of(state, self._sequencer.policy_today, now_ms)
        self._companion.ask(write(Question(moment=moment, habits=habits)))
        self._asked, self._asked_s, self._asked_ms, self._is_answered = about, now_s, now_ms, False

    def _is_silent(self, now_s: float) -> bool:
        return self._heard_s is not None and now_s - self._heard_s >= _SILENT_S


def is_attended(state: SiteState) -> bool:
    """Whether any practitioner is on duty, a break included; no wait is told where none is."""
    return any(duty.state is not DutyState.OFF for duty in state.duties.values())


def _is_urgent(news: WaitsTold, state: SiteState) -> bool:
    """Whether it is for somebody who knows nothing yet, or of whom nobody can say any more, or for whoever comes next:
    what they are promised is printed, and is the promise that is scored.
    """
    is_first = not news.tickets.keys() <= state.told.keys()
    return is_first or None in news.tickets.values() or news.newcomers != state.newcomers


def _still_waiting(news: WaitsTold, state: SiteState) -> WaitsTold:
    tickets = {
        ticket: wait
        for ticket, wait in news.tickets.items()
        if ticket in state.tickets and state.tickets[ticket].state is TicketState.WAITING
    }
    return replace(news, tickets=tickets)


def news_for(state: SiteState, outlook: Outlook, now_ms: int) -> WaitsTold | None:
    """What of a forecast is new to those who wait, or who would take a ticket; None when nothing is."""
    waiting = [ticket.id for ticket in state.tickets.values() if ticket.state is TicketState.WAITING]
    tickets: dict[TicketId, Wait | None] = {
        ticket: outlook.tickets[ticket]
        for ticket in waiting
        if ticket in outlook.tickets and has_moved(state.told.get(ticket), outlook.tickets[ticket], now_ms)
    }
    tickets |= {
        ticket: None
        for ticket in waiting
        if ticket not in outlook.tickets and ticket in state.told and state.told[ticket].at_ms < outlook.at_ms
    }
    have_moved = newcomers_have_moved(state.newcomers, outlook.newcomers)
    if not tickets and not have_moved:
        return None
    # What has not moved stays, word for word.
    return WaitsTold(tickets=tickets, newcomers=outlook.newcomers if have_moved else state.newcomers)
