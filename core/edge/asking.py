"""Questions with an id and a lifetime: done at most once, the outcome always shown, never delivered late.

Rule: clocks need not agree. Who answers publishes beats; who asks names the newest beat that it has heard;
the age of that beat, on the answerer's own clock, is the most the question can be old. A process that was stopped for
a minute wakes up, finds the question, finds the beat a minute old, and answers `expired`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from core.room.commands import StaffAct
from core.room.ids import DeviceId
from core.wire.identity import new_id
from core.wire.messages import Answer, Ask, LetterWanted, Presented

__all__ = ["Answers", "Beats", "Questions"]

_BEATS_KEPT = 200
_ANSWERS_KEPT = 200
"""Of one asker, so that none can make us forget what another one asked."""


class Beats:
    """The answerer's heartbeat. A beat of an earlier start is unknown, so what was asked of it has expired."""

    def __init__(self, boot: int) -> None:
        self._boot = boot
        self._given_s: OrderedDict[str, float] = OrderedDict()

    def next(self, now_s: float) -> str:
        """A new beat to publish.

        Args:
            now_s: real monotonic seconds.
        """
        beat = f"{self._boot}.{now_s:.3f}"
        self._given_s[beat] = now_s
        while len(self._given_s) > _BEATS_KEPT:
            self._given_s.popitem(last=False)
        return beat

    @property
    def newest(self) -> str | None:
        """The last beat that was published; None before the first."""
        return next(reversed(self._given_s), None)

    def age_s(self, beat: str, now_s: float) -> float | None:
        """Seconds since a beat was published; None when it is not one of ours."""
        given_s = self._given_s.get(beat)
        return None if given_s is None else now_s - given_s


class Answers:
    """The answerer's memory of outcomes: the same question again gets the same answer and no second act."""

    def __init__(self) -> None:
        self._given: dict[DeviceId, OrderedDict[str, Answer]] = {}

    def to(self, asker: DeviceId, question: str) -> Answer | None:
        given = self._given.get(asker)
        return given.get(question) if given else None

    def keep(self, asker: DeviceId, answer: Answer) -> None:
        given = self._given.setdefault(asker, OrderedDict())
        given[answer.id] = answer
        while len(given) > _ANSWERS_KEPT:
            given.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Open:
    ask: Ask
    until_s: float


class Questions:
    """The asker's open questions."""

    def __init__(self, send: Callable[[Ask], bool]) -> None:
        """
        Args:
            send: hands the question to the link; False when the link is down.
        """
        self._send = send
        self._open: dict[str, _Open] = {}

    def ask(self, act: StaffAct | LetterWanted | Presented, *, beat: str, ttl_s: float, now_s: float) -> str | None:
        """Ask now, once.

        Returns:
            The question's id, or None when the link is down: the outcome is already known, and it is no.
        """
        question = Ask(id=new_id(), beat=beat, ttl_s=ttl_s, act=act)
        if not self._send(question):
            return None
        self._open[question.id] = _Open(question, now_s + ttl_s)
        return question.id

    def answered(self, answer: Answer) -> Ask | None:
        """The question that an answer settles; None when it is not open here, or no more."""
        settled = self._open.pop(answer.id, None)
        return settled.ask if settled else None

    def expired(self, now_s: float) -> list[Ask]:
        """Questions whose lifetime has passed without an answer; they are closed."""
        late = [one.ask for one in self._open.values() if now_s >= one.until_s]
        for ask in late:
            del self._open[ask.id]
        return late
