"""A centre played by hand: a real journal, a real outbox and a real link, whose events the tests choose."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from core.edge.journal import Journal
from core.edge.link import Link, LinkSettings
from core.edge.outbox import Outbox
from core.room import events as e
from core.room.ids import DeviceId, DiskId, Letter, Number, RoomId, ServiceId, SiteId, TicketId
from core.room.state import SiteState, fingerprint, fold
from core.wire.coding import decode, encode, encode_record, wrap_log
from core.wire.identity import new_id, new_token
from core.wire.messages import Ack, Answer, Ask, LinkState, Message, SiteConfig, Snap
from core.wire.topics import AGENT_STATE, SiteTopics, parse

__all__ = ["EVENING_MS", "Day", "PlayedSite", "records"]

EVENING_MS = 1_795_366_800_000
"""A Sunday, 22 November 2026, 18:00 in Aubagne."""
_KIOSK = DeviceId("aubagne-kiosk-1")
_DISK = DiskId("disk-a")


def records(*events: e.Event, at_ms: int = EVENING_MS) -> list[e.Record[e.Event]]:
    return [e.Record(at_ms=at_ms, event=event) for event in events]


class Day:
    """Makes the events of a service day, in an order that a centre could have written."""

    def __init__(self, day: str = "2026-11-22") -> None:
        self.opening: list[e.Event] = [
            e.DayOpened(day=day),
            e.LetterGranted(disk=_DISK, kiosk=_KIOSK, letter=Letter("A")),
        ]
        self._count = 0

    def issue(self, language: str = "fr") -> e.TicketIssued:
        self._count += 1
        return e.TicketIssued(
            ticket=new_id(),
            number=Number(f"A{self._count:03d}"),
            token=new_token(),
            service=ServiceId("consultation"),
            language=language,
            kiosk=_KIOSK,
            disk=_DISK,
            disk_seq=self._count,
            ordered_at_ms=EVENING_MS + self._count,
            priority=e.Priority.ORDINARY,
            key_ms=EVENING_MS + self._count,
        )

    def busy(self, patients: int) -> list[e.Event]:
        """A whole day: each patient is issued a ticket, called, seen and done."""
        events = list(self.opening)
        for _ in range(patients):
            ticket = self.issue()
            events += [ticket, *visit(ticket.ticket)]
        return events


def visit(ticket: TicketId, room: str = "room-2") -> list[e.Event]:
    return [
        e.TicketCalled(ticket=ticket, room=RoomId(room)),
        e.ServiceStarted(ticket=ticket),
        e.TicketCompleted(ticket=ticket),
    ]


class PlayedSite:
    """The uplink of a controller without the controller, on a thread of its own inside `with`."""

    def __init__(self, folder: Path, link: LinkSettings, *, site: str = "aubagne", boot: int = 1) -> None:
        """
        Args:
            folder: where the journal is; one that is there goes on.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "site.journal"
        with Journal(self._path) as journal:
            self.epoch, self.last, self.acked = journal.epoch, journal.last, journal.acked
        self.acks: list[Ack] = []
        self.configs: list[SiteConfig] = []
        self.asks: list[Ask] = []
        self.answer: Callable[[Ask], Answer | None] = lambda _ask: None
        """What becomes of a question; without an answer the asker waits."""
        self.state = SiteState()
        self.birth = LinkState(boot=boot, epoch=self.epoch, online=True)
        self.will = self.birth.model_copy(update={"online": False})
        self._topics = SiteTopics(SiteId(site))
        self._work: list[Callable[[Journal, Outbox], None]] = []
        self._wake = threading.Condition()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name=f"played-{site}", daemon=True)
        self._link = Link(
            link,
            client_id=site,
            filters=[*(self._topics.down(leaf) for leaf in ("ack", "cfg", "cmd")), AGENT_STATE],
            on_message=self._received,
            on_up=self._introduce,
            on_down=lambda: None,
        )

    def write(self, *events: e.Event, at_ms: int = EVENING_MS) -> None:
        """Append to the journal; the outbox does the rest."""
        self.write_records(records(*events, at_ms=at_ms))

    def write_records(self, written: list[e.Record[e.Event]]) -> None:
        """The same of records with times of their own."""
        self.state = fold(written, self.state)
        self.last += len(written)
        bodies = [encode_record(record) for record in written]
        self._do(lambda journal, _outbox: _append(journal, bodies))

    def say(self, leaf: str, message: Message | bytes) -> None:
        """Publish on `up/{leaf}`; states are retained."""
        payload = message if isinstance(message, bytes) else encode(message)
        topic = self._topics.up(leaf)
        self._do(lambda _journal, _outbox: _publish(self._link, topic, payload, retain=leaf != "log"))

    def snap(self, state: SiteState | None = None, *, seq: int | None = None, mark: str | None = None) -> Snap:
        """A snapshot of what has been written, or of something else."""
        state = state or self.state
        seq = self.last if seq is None else seq
        return Snap(epoch=self.epoch, seq=seq, fingerprint=mark or fingerprint(state), at_ms=EVENING_MS, state=state)

    def batch(self, first: int, *events: e.Event) -> bytes:
        """A `LogBatch` that the outbox would not have sent."""
        return wrap_log(self.epoch, first, [encode_record(record) for record in records(*events)])

    def __enter__(self) -> Self:
        self._thread.start()
        self._link.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_stopping = True
        self._do(lambda _journal, _outbox: None)
        self._thread.join(5)
        self._link.stop()

    def _introduce(self) -> None:
        self._link.publish(self._topics.up("link"), encode(self.birth), retain=True)
        self._do(lambda _journal, outbox: outbox.link_is_up())

    def _received(self, topic: str, payload: bytes) -> None:
        if topic == AGENT_STATE:
            self._introduce()
            return
        address = parse(topic)
        match address.leaf if address else None:
            case "cfg":
                self.configs.append(decode(SiteConfig, payload))
            case "cmd":
                self._asked(decode(Ask, payload))
            case _:
                ack = decode(Ack, payload)
                self.acks.append(ack)
                self._do(lambda _journal, outbox: outbox.acknowledged(ack.epoch, ack.upto, time.monotonic()))

    def _asked(self, ask: Ask) -> None:
        self.asks.append(ask)
        answer = self.answer(ask)
        if answer is not None:
            self._link.publish(self._topics.up("res"), encode(answer))

    def _do(self, work: Callable[[Journal, Outbox], None]) -> None:
        with self._wake:
            self._work.append(work)
            self._wake.notify()

    def _run(self) -> None:
        with Journal(self._path) as journal:
            topic = self._topics.up("log")
            outbox = Outbox(
                journal,
                lambda first, bodies: self._link.publish(topic, wrap_log(self.epoch, first, bodies)),
                silence_s=0.5,
            )
            while not self._is_stopping:
                with self._wake:
                    self._wake.wait_for(lambda: bool(self._work), 0.1)
                    work, self._work = self._work, []
                for one in work:
                    one(journal, outbox)
                if self._link.is_up:
                    outbox.pump(time.monotonic())
                self.acked = journal.acked


def _append(journal: Journal, bodies: list[bytes]) -> None:
    journal.append(bodies)


def _publish(link: Link, topic: str, payload: bytes, *, retain: bool) -> None:
    while not link.publish(topic, payload, retain=retain):
        time.sleep(0.005)
