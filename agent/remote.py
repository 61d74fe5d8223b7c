"""Asks a site for an act, and waits for what became of it.

Rule: nothing is done late. A question names the newest beat of its site that the agent knows; the site answers one
under an old beat, or none, with `expired` and its newest, and the agent asks once more under that, as another question.
The outcome is always told, and "nobody knows" is one: a question may have arrived although its answer did not.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Literal

from core.edge.intake import Intake
from core.room.commands import StaffAct
from core.room.ids import SiteId
from core.wire.coding import encode
from core.wire.identity import new_id
from core.wire.messages import Answer, Ask
from core.wire.topics import SiteTopics, parse

__all__ = ["Outcome", "Remote"]

_TTL_S = 5.0
"""Two ways through a slow mobile line, and the time in which a person still means what they asked."""
_OPEN_AT_ONCE = 500
"""Questions in the air; further ones are not asked."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an act."""

    kind: Literal["done", "rejected", "expired", "not-asked", "unknown"]
    """`expired` and `not-asked`: it was not done. `unknown`: no answer came in time."""
    code: str | None = None
    """Why it was rejected."""


@dataclass(frozen=True, slots=True)
class _Open:
    site: SiteId
    answer: Future[Answer]


class Remote:
    """Asked from the web's event loop, answered from the link's thread."""

    def __init__(self, publish: Callable[[str, bytes], bool]) -> None:
        """
        Args:
            publish: hands a message to the link; False when the link is down.
        """
        self.intake = Intake()
        self._publish = publish
        self._lock = threading.Lock()
        self._open: dict[str, _Open] = {}
        self._beats: dict[SiteId, str] = {}

    async def ask(self, site: SiteId, act: StaffAct, *, limit_s: float = _TTL_S) -> Outcome:
        """Have an act done, once.

        Args:
            limit_s: how long an answer is waited for, of each of the two questions at most.
        """
        beat = self._beats.get(site, "")
        answer = await self._ask(site, act, beat, limit_s)
        if isinstance(answer, Answer) and answer.outcome == "expired" and answer.beat and answer.beat != beat:
            self._beats[site] = answer.beat
            answer = await self._ask(site, act, answer.beat, limit_s)
        return Outcome(answer.outcome, answer.code) if isinstance(answer, Answer) else answer

    def heard(self, topic: str, payload: bytes) -> None:
        """Take in an answer: of the site that was asked, and of no other."""
        address, answer = parse(topic), self.intake.read(Answer, topic, payload)
        if address is None or answer is None:
            return
        with self._lock:
            question = self._open.get(answer.id)
            if question is None or question.site != address.site:
                return  # too late, or somebody else's
            del self._open[answer.id]
        question.answer.set_result(answer)

    async def _ask(self, site: SiteId, act: StaffAct, beat: str, limit_s: float) -> Answer | Outcome:
        ask = Ask(id=new_id(), beat=beat, ttl_s=_TTL_S, act=act)
        question = _Open(site, Future())
        # So that giving up cannot cancel it under the hands of the thread that is about to answer it.
        question.answer.set_running_or_notify_cancel()
        with self._lock:
            if len(self._open) >= _OPEN_AT_ONCE:
                return Outcome("not-asked")
            self._open[ask.id] = question
        try:
            if not self._publish(SiteTopics(site).down("cmd"), encode(ask)):
                return Outcome("not-asked")
            async with asyncio.timeout(limit_s):
                return await asyncio.wrap_future(question.answer)
        except TimeoutError:
            return Outcome("unknown")
        finally:
            with self._lock:
                self._open.pop(ask.id, None)
