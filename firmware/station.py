"""The LAN side that kiosks, room units and displays share: the link to the site broker, the screen, questions, health.

Rule: everything arrives on one inbox and is handled on the role's own thread; the link's thread only enqueues.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from core.edge.asking import Questions
from core.edge.device import DeviceFile
from core.edge.intake import Intake
from core.edge.link import Link
from core.edge.presence import count_boot, device_will
from core.room.commands import StaffAct
from core.room.ids import DeviceId, SiteId
from core.wire.messages import (
    Ack,
    Alert,
    Answer,
    Ask,
    DeviceState,
    LetterWanted,
    Screen,
    encode,
)
from core.wire.topics import SiteTopics, parse
from firmware.inbox import Arrived, LinkChanged

__all__ = ["STALE_S", "Arrived", "LinkChanged", "News", "ScreenChanged", "Settled", "Station"]

STALE_S = 4.5
"""No new beat for this long: the controller does not live or is not reached. Beats come every two seconds, so one may
be lost; a lamp or a board that looks four times a second says so within 5 s."""


@dataclass(frozen=True, slots=True)
class ScreenChanged:
    screen: Screen


@dataclass(frozen=True, slots=True)
class Settled:
    """A question has its outcome; without an answer its lifetime has passed."""

    ask: Ask
    answer: Answer | None


News = ScreenChanged | Settled | Ack | LinkChanged


class Station:
    """Used from one thread, but for what it hands to `enqueue`."""

    def __init__(
        self,
        settings: DeviceFile,
        site: SiteId,
        *,
        leaves: Sequence[str],
        enqueue: Callable[[Arrived | LinkChanged], None],
    ) -> None:
        """
        Args:
            leaves: which of the device's own topics to read besides `screen`: `ack`, `answer`, `cmd`, `want`.
            enqueue: puts an item on the role's inbox and wakes its thread; called from the link's thread.
        """
        self.device = DeviceId(settings.device.id)
        self.topics = SiteTopics(site)
        self.boot = count_boot(settings.data)
        self.intake = Intake()
        self.screen: Screen | None = None
        self._heard_s = float("-inf")
        self._questions = Questions(lambda ask: self.publish("ask", encode(ask)))
        self._state = DeviceState(
            boot=self.boot, role=settings.device.role, state="ready", version=version("borne"), alerts=[]
        )
        self.link = Link(
            settings.link,
            client_id=self.device,
            filters=[self.topics.screen, *(self.topics.dev(self.device, leaf) for leaf in leaves)],
            on_message=lambda topic, payload: enqueue(Arrived(topic, payload)),
            on_up=lambda: enqueue(LinkChanged(is_up=True)),
            on_down=lambda: enqueue(LinkChanged(is_up=False)),
            will=device_will(self.topics, self.device, self._state),
        )

    def start(self) -> None:
        self.link.start()

    def stop(self) -> None:
        """Leave in order, and say so: the broker drops the will of a device that says goodbye."""
        self._state = self._state.model_copy(update={"state": "lost"})
        self._publish_state()
        self.link.stop()

    def handle(self, item: Arrived | LinkChanged) -> News | None:
        """Take in an item of the inbox; None when it was dropped or settles nothing."""
        if isinstance(item, LinkChanged):
            if item.is_up:
                self._publish_state()
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
            case _:
                self.intake.refuse(item.topic, "unknown topic")
                return None

    def _take_screen(self, item: Arrived) -> ScreenChanged | None:
        screen = self.intake.read(Screen, item.topic, item.payload)
        if screen is None:
            return None
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

    def ask(self, act: StaffAct | LetterWanted, ttl_s: float) -> str | None:
        """Ask the controller now; None when it cannot be reached."""
        if self.screen is None or not self.screen_is_fresh():
            return None
        return self._questions.ask(act, beat=self.screen.beat, ttl_s=ttl_s, now_s=time.monotonic())

    def late_questions(self) -> list[Settled]:
        """Questions whose lifetime has passed since the last call."""
        return [Settled(ask, None) for ask in self._questions.expired(time.monotonic())]

    def publish(self, leaf: str, payload: bytes) -> bool:
        return self.link.publish(self.topics.dev(self.device, leaf), payload)

    def tell(self, alerts: Sequence[Alert], shown_rev: int | None = None) -> None:
        """Publish the device's health, if it has changed."""
        state = self._state.model_copy(
            update={
                "state": "alert" if alerts else "ready",
                "alerts": list(alerts),
                "refused": dict(self.intake.refused),
                "shown_rev": shown_rev,
            }
        )
        if state != self._state:
            self._state = state
            self._publish_state()

    def _publish_state(self) -> None:
        self.link.publish(self.topics.dev(self.device, "state"), encode(self._state), retain=True)
