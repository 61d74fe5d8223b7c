"""The LAN side that kiosks, room units and displays share: the link to the site broker, the screen, questions, health.

Rule: everything arrives on one inbox and is handled on the role's own thread; the link's thread only enqueues.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from core.edge.asking import Questions
from core.edge.crash import crash_point
from core.edge.device import DeviceFile
from core.edge.intake import Intake
from core.edge.link import Link
from core.edge.presence import count_boot, device_will, is_worth_telling
from core.room.commands import StaffAct
from core.room.ids import DeviceId, SiteId
from core.wire.coding import encode
from core.wire.identity import new_id
from core.wire.messages import Ack, Alert, Answer, Ask, DeviceState, Kept, LetterWanted, Named, Presented, Screen
from core.wire.topics import SiteTopics, parse
from firmware.inbox import Arrived, Inbox, LinkChanged

__all__ = ["STALE_S", "Arrived", "DayWanted", "LinkChanged", "News", "ScreenChanged", "Settled", "Station"]

STALE_S = 4.5
"""No new beat for this long: the controller does not live or is not reached. Beats come every two seconds, so one may
be lost; a lamp or a board that looks four times a second says so within 5 s."""


_COUNT_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class ScreenChanged:
    screen: Screen


@dataclass(frozen=True, slots=True)
class DayWanted:
    """A controller with an empty disk asks what we have kept of the day; answer with `Station.offer`."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A question has its outcome; without an answer its lifetime has passed."""

    ask: Ask
    answer: Answer | None


News = ScreenChanged | DayWanted | Settled | Ack | Named | LinkChanged


class Station:
    """Used from one thread, but for what it puts on the inbox."""

    def __init__(
        self,
        settings: DeviceFile,
        site: SiteId,
        *,
        leaves: Sequence[str],
        inbox: Inbox[Any],
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """
        Args:
            leaves: which of the device's own topics to read besides `screen`: `ack`, `answer`, `cmd`, `want`, `name`.
            inbox: the role's.
            wake: called from the link's thread after something was put there.
        """
        self.device = DeviceId(settings.device.id)
        self.topics = SiteTopics(site)
        self.boot = 0
        """This start, as counted on the disk; 0 while it is not."""
        self.disk_fault: OSError | None = None
        """Why this start is not counted."""
        self._data = settings.data
        self._count_again_s = float("-inf")
        self.intake = Intake()
        self._inbox = inbox
        self._wake = wake
        self.screen: Screen | None = None
        self._heard_s = float("-inf")
        self._told_s = float("-inf")
        self._questions = Questions(lambda ask: self.publish("ask", encode(ask)))
        self._state = DeviceState(
            boot=0, start=new_id(), role=settings.device.role, state="ready", version=version("borne")
        )
        self.link = Link(
            settings.link,
            client_id=self.device,
            filters=[self.topics.screen, *(self.topics.dev(self.device, leaf) for leaf in leaves)],
            on_message=lambda topic, payload: self._put(Arrived(topic, payload), topic),
            on_up=lambda: self._put(LinkChanged(is_up=True)),
            on_down=lambda: self._put(LinkChanged(is_up=False)),
        )
        self.count_start()

    def _put(self, item: Arrived | LinkChanged, sender: str | None = None) -> None:
        self._inbox.put(item, sender)
        self._wake()

    def count_start(self) -> None:
        """Count this start on the disk, if that is not done; a disk that refuses is asked again once a second."""
        if self.boot or time.monotonic() < self._count_again_s:
            return
        self._count_again_s = time.monotonic() + _COUNT_EVERY_S
        try:
            self.boot, self.disk_fault = count_boot(self._data), None
        except OSError as fault:
            self.disk_fault = fault
        counted = self._state.model_copy(update={"boot": self.boot})
        self.link.will = device_will(self.topics, self.device, counted)

    def start(self) -> None:
        self.link.start()

    def stop(self) -> None:
        """Leave in order, and say so: the broker drops the will of a device that says goodbye."""
        self._publish_state(self._state.model_copy(update={"state": "lost"}))
        self.link.stop()

    def handle(self, item: Arrived | LinkChanged) -> News | None:
        """Take in an item of the inbox; None when it was dropped or settles nothing."""
        if isinstance(item, LinkChanged):
            if item.is_up:
                # Not before: the will of the present connection names the start that was counted when it was made.
                self._state = self._state.model_copy(update={"boot": self.boot})
                self._publish_state(self._state)
            return item
        address = parse(item.topic)
        match address.leaf if address else None:
            case "screen":
                return self._take_screen(item)
            case "answer":
                answer = self.intake.read(Answer, item.topic, item.payload)
                settled = self._questions.answered(answer) if answer else None
                return Settled(settled, answer) if settled else None
            case "ack":
                return self.intake.read(Ack, item.topic, item.payload)
            case "name":
                return self.intake.read(Named, item.topic, item.payload)
            case _:
                self.intake.refuse(item.topic, "unknown topic")
                return None

    def _take_screen(self, item: Arrived) -> ScreenChanged | DayWanted | None:
        screen = self.intake.read(Screen, item.topic, item.payload)
        if screen is None:
            return None
        if screen.is_gathering:
            self._heard_s = float("-inf")
            return DayWanted()
        known = self.screen
        if known is not None and screen.epoch == known.epoch and screen.rev < known.rev:
            return None
        if known is not None and screen.beat != known.beat:
            # The first one may be what the broker kept of a controller that is gone; only a new beat shows life.
            self._heard_s = time.monotonic()
        self.screen = screen
        return ScreenChanged(screen)

    def screen_is_fresh(self) -> bool:
        """Whether the controller was heard within `STALE_S`."""
        return self.link.is_up and time.monotonic() - self._heard_s < STALE_S

    def ask(self, act: StaffAct | LetterWanted | Presented, ttl_s: float) -> str | None:
        """Ask the controller now; None when it cannot be reached."""
        if self.screen is None or not self.screen_is_fresh():
            return None
        question = self._questions.ask(act, beat=self.screen.beat, ttl_s=ttl_s, now_s=time.monotonic())
        crash_point("station.asked-not-answered")
        return question

    def offer(self, kept: Kept) -> None:
        """Give a controller that asks for the day what we have of it."""
        self.publish("kept", encode(kept))

    def late_questions(self) -> list[Settled]:
        """Questions whose lifetime has passed since the last call."""
        return [Settled(ask, None) for ask in self._questions.expired(time.monotonic())]

    def publish(self, leaf: str, payload: bytes) -> bool:
        return self.link.publish(self.topics.dev(self.device, leaf), payload)

    def tell(
        self,
        alerts: Sequence[Alert],
        shown_rev: int | None = None,
        rings_ms: int | None = None,
        slips_left: int | None = None,
    ) -> None:
        """Publish the device's health, if it has changed; a growing count of refusals alone once a second.

        Args:
            rings_ms: when the warning was raised that is let ring here, now.
        """
        state = self._state.model_copy(
            update={
                "state": "alert" if alerts else "ready",
                "alerts": list(alerts),
                "refused": dict(self.intake.refused + self._inbox.dropped),
                "shown_rev": shown_rev,
                "rings_ms": rings_ms,
                "slips_left": slips_left,
            }
        )
        if not is_worth_telling(state, self._state, since_s=time.monotonic() - self._told_s):
            return
        if self._publish_state(state):
            self._state, self._told_s = state, time.monotonic()

    def _publish_state(self, state: DeviceState) -> bool:
        """False when it was not taken: the link is down, or 1000 messages wait for a broker that does not answer."""
        return self.link.publish(self.topics.dev(self.device, "state"), encode(state), retain=True)
