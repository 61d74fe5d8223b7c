"""A controller played by hand: it says what a test lets it say, over the real broker, under the real certificate."""

from __future__ import annotations

import threading
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal

from core.edge.link import Link, LinkSettings
from core.room.commands import RaiseWarning
from core.room.ids import ServiceId, SiteId
from core.room.numbering import count_of, letter_of
from core.room.outlook import Told, Wait
from core.wire.coding import decode, decode_report, encode
from core.wire.messages import (
    Ack,
    Answer,
    Ask,
    BoardRoom,
    DeviceState,
    Elsewhere,
    IssuedReport,
    Kept,
    LetterWanted,
    Named,
    Presented,
    Report,
    Reports,
    Ringing,
    Screen,
    Waiting,
)
from core.wire.topics import SiteTopics, parse

__all__ = ["HandController"]


@dataclass
class HandController:
    """Grants `A` to whoever asks, takes every report in, and beats five times a second while entered."""

    folder: Path
    site: str
    day: str = "2026-11-22"
    waiting: list[str] = field(default_factory=list)
    """Numbers of others who wait."""
    refuses: str | None = None
    reports: dict[int, Report] = field(default_factory=dict)
    """By their place in the kiosk's journal."""
    states: list[DeviceState] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    epoch: str = "by-hand"
    is_gathering: bool = False
    intake: Literal["open", "full", "closed"] = "open"
    opens_ms: int | None = None
    closes_ms: int | None = None
    elsewhere: list[Elsewhere] = field(default_factory=list)
    at_ms: int | None = None
    """What it says the time is; None for the machine's own."""
    rooms: list[BoardRoom] = field(default_factory=list)
    newcomers: dict[ServiceId, Wait] = field(default_factory=dict)
    """What they are told."""
    told: Told | None = None
    """What each of those who wait was told."""
    is_silent: bool = False
    """Whether it hangs: connected, and without a beat."""
    kept: list[Kept] = field(default_factory=list)
    known: int = 0
    """How far the kiosk says that somebody had its entries."""
    warning: Ringing | None = None
    warns: bool = True
    """Whether it takes a call for help, and lets it ring from then on."""
    names: list[Named] = field(default_factory=list)
    results: list[bool] = field(default_factory=list)
    """Of each slip that was shown, whether it came with a result."""
    presented: Answer | None = None
    """What is answered to a slip that is shown, under the question's own id."""

    def __post_init__(self) -> None:
        link = tomllib.loads((self.folder / "device.toml").read_text())["link"]
        self._topics = SiteTopics(SiteId(self.site))
        self._stopping = threading.Event()
        self._beats = 0
        self._link = Link(
            LinkSettings(**link).beside(self.folder),
            client_id=self.folder.name,
            filters=[self._topics.dev("+", leaf) for leaf in ("evt", "ask", "state", "kept", "name")],
            on_message=self._heard,
            on_up=self._say,
            on_down=lambda: None,
        )
        self._thread = threading.Thread(target=self._beat, name="hand-controller", daemon=True)

    @property
    def issued(self) -> list[IssuedReport]:
        return [report for report in self.reports.values() if isinstance(report, IssuedReport)]

    @property
    def outcomes(self) -> list[str]:
        return [report.outcome for report in self.reports.values() if not isinstance(report, IssuedReport)]

    @property
    def alerts(self) -> set[str]:
        """Codes in the newest state of the kiosk."""
        return {alert.code for alert in self.states[-1].alerts} if self.states else set()

    def __enter__(self) -> HandController:
        self._link.start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join(5)
        self._link.stop()

    def _beat(self) -> None:
        while not self._stopping.wait(0.2):
            self._say()

    def _say(self) -> None:
        if self.is_silent:
            return
        self._beats += 1
        screen = Screen(
            epoch=self.epoch,
            rev=1,
            beat=f"1.{self._beats}",
            at_ms=time.time_ns() // 1_000_000 if self.at_ms is None else self.at_ms,
            day=self.day,
            rooms=self.rooms,
            newcomers=self.newcomers,
            calls=[],
            waiting=[Waiting(number=number, service="consultation", told=self.told) for number in self._waiting()],
            last_numbers=self._last_numbers(),
            letters=self.letters,
            is_gathering=self.is_gathering,
            intake=self.intake,
            opens_ms=self.opens_ms,
            closes_ms=self.closes_ms,
            elsewhere=self.elsewhere,
            warning=self.warning,
        )
        self._link.publish(self._topics.screen, encode(screen), retain=True)

    def _waiting(self) -> list[str]:
        return [*self.waiting, *(report.number for report in self.issued)]

    def _last_numbers(self) -> Mapping[str, int]:
        last: dict[str, int] = {}
        for number in sorted(self._waiting()):
            last[letter_of(number)] = count_of(number)
        return last

    def _heard(self, topic: str, payload: bytes) -> None:
        address = parse(topic)
        assert address
        assert address.device
        match address.leaf:
            case "state":
                self.states.append(decode(DeviceState, payload))
            case "ask":
                ask = decode(Ask, payload)
                if isinstance(ask.act, Presented):
                    self.results.append(ask.act.with_result)
                    if self.presented is not None:
                        answer = self.presented.model_copy(update={"id": ask.id})
                        self._link.publish(self._topics.dev(address.device, "answer"), encode(answer))
                    return
                if isinstance(ask.act, RaiseWarning):
                    if self.warns:
                        self.warning = Ringing(device=address.device, at_ms=1)
                        self._link.publish(
                            self._topics.dev(address.device, "answer"), encode(Answer(id=ask.id, outcome="done"))
                        )
                    return
                assert isinstance(ask.act, LetterWanted)
                self.letters[ask.act.disk] = "A"
                answer = Answer(id=ask.id, outcome="done", letter="A")
                self._link.publish(self._topics.dev(address.device, "answer"), encode(answer))
            case "name":
                self.names.append(decode(Named, payload))
            case "kept":
                self.kept.append(decode(Kept, payload))
            case "evt":
                told = decode(Reports, payload)
                for place, entry in enumerate(told.entries, told.first):
                    self.reports.setdefault(place, decode_report(entry))
                self.known = told.known
                upto = told.oldest - 1
                while upto + 1 in self.reports:
                    upto += 1
                ack = Ack(epoch=told.epoch, upto=upto, refused=self.refuses)
                self._link.publish(self._topics.dev(address.device, "ack"), encode(ack))
