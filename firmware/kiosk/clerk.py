"""Who works in the office: hears the controller, gives tickets, reports what is wrong.

Rule: used from one thread; no byte goes to the printer for a number that is not on the disk.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from zoneinfo import ZoneInfo

from core.edge.clock import Clock
from core.edge.crash import crash_point
from core.edge.disk import disk_alert
from core.edge.journal import CorruptJournal, JournalFault
from core.edge.outbox import Outbox
from core.edge.site import Site
from core.room.day import service_day
from core.room.events import PrintOutcome
from core.room.ids import SiteId, TicketId, Token
from core.room.ordering import KioskTime
from core.wire.coding import wrap_reports
from core.wire.identity import new_id, new_token
from core.wire.messages import Ack, Alert, IssuedReport, Kept, LetterWanted, Presented, Screen
from core.wire.messages import Answer as ControllersAnswer
from firmware.drivers.printer import Printer, print_job
from firmware.drivers.printer.escpos import encode
from firmware.inbox import Arrived, Inbox, LinkChanged
from firmware.kiosk.count import next_number
from firmware.kiosk.flow import Answer, Checked, Desk, NotPrinted, Present, Taken, Wish
from firmware.kiosk.health import PrinterHealth, alert
from firmware.kiosk.hours import opens
from firmware.kiosk.settings import KioskFile
from firmware.kiosk.slip import draw, qr_code
from firmware.kiosk.store import Store
from firmware.kiosk.waits import Waits
from firmware.kiosk.wording import Wording
from firmware.station import DayWanted, ScreenChanged, Settled, Station

__all__ = ["Clerk"]

_PRINT_S = 8.0
"""A slip takes one to three seconds; a printer that says nothing for this long will not."""
_LETTER_TTL_S = 5.0
_PRESENT_TTL_S = 3.0
_LETTER_AGAIN_S = 2.0


@dataclass(frozen=True, slots=True)
class _Blank:
    """What every ticket needs, made while nobody waits for one, and used once."""

    ticket: TicketId = field(default_factory=new_id)
    token: Token = field(default_factory=new_token)


class Clerk:
    """Works from its creation; the link begins with `start`."""

    def __init__(
        self,
        settings: KioskFile,
        site: Site,
        store: Store,
        *,
        clock: Clock,
        printer: Printer,
        inbox: Inbox[Arrived | LinkChanged | Wish | Present],
    ) -> None:
        """
        Args:
            inbox: the office's; the link puts there what it hears.

        Raises:
            OSError: this start cannot be counted on the disk, or a key cannot be read.
        """
        self._site = site
        self._zone = ZoneInfo(site.timezone)
        self._wording = Wording(site)
        self._waits = Waits(site)
        self._store = store
        self._clock = clock
        self._printer = printer
        self._printer_health = PrinterHealth(printer)
        self._station = Station(settings, SiteId(site.id), leaves=["ack", "answer"], inbox=inbox)
        if self._station.disk_fault:
            raise self._station.disk_fault
        self._outbox = Outbox(store.journal, self._send)
        self._epoch: str | None = None
        """The controller's journal that was heard last."""
        self._is_listed = False
        """Whether the controller, heard on this connection, knows this disk: otherwise it would refuse its tickets."""
        self._presents: Present | None = None
        self._answer: Answer | None = None
        self._is_asking = False
        self._ask_again_s = float("-inf")
        self._blank: _Blank | None = None

    def start(self) -> None:
        self._station.start()

    def stop(self) -> None:
        self._station.stop()
        self._store.journal.close()

    @property
    def desk(self) -> Desk:
        """What the screen may know."""
        heard = self._heard
        return Desk(
            state=self._state,
            intake=heard.intake if heard else "open",  # a kiosk that cannot ask gives tickets
            opens=opens(heard.opens_ms, heard.at_ms, self._zone) if heard and heard.opens_ms else None,
            waiting=self._waiting(),
            wait=self._waits.of_newcomer(heard),
            answer=self._answer,
        )

    def take(self, item: Arrived | LinkChanged | Wish | Present) -> None:
        """Take in an item of the inbox."""
        if isinstance(item, Wish):
            self._answer = self._give(item)
            return
        if isinstance(item, Present):
            self._present(item)
            return
        news = self._station.handle(item)
        match news:
            case ScreenChanged(screen):
                self._hear(screen)
            case DayWanted():
                self._is_listed = False
                count = self._store.count
                self._station.offer(
                    Kept(screen=self._station.screen, disk=self._store.disk, letter=count.letter, day=count.day)
                )
            case Ack():
                self._outbox.acknowledged(news.epoch, news.upto, time.monotonic(), news.refused)
            case LinkChanged(is_up=True):
                self._is_listed = False
                self._outbox.link_is_up()
            case Settled():
                self._settled(news)

    def tick(self, faults: Sequence[Alert], *, is_idle: bool) -> None:
        """What is due after each item, and once a second without any.

        Args:
            faults: of the office itself.
            is_idle: nothing waits in the inbox, so that something slow may be done.
        """
        self._station.link.watch()
        for late in self._station.late_questions():
            self._settled(late)
        if not self._station.screen_is_fresh():
            self._store.roll_over(self._day_of(self._now()))
        self._want_letter()
        self._store.save()
        self._pump()
        if is_idle:
            self._printer_health.look(time.monotonic())
            self._store.journal.tidy()
            self._blank = self._blank or _Blank()
            qr_code(self._wording.url(self._blank.token), self._printer.profile.width_dots)  # kept for the next slip
        self._station.tell([*faults, *self._alerts()])

    @property
    def _state(self) -> Literal["starting", "ready", "out-of-order"]:
        if self._store.fault or self._outbox.refused:
            return "out-of-order"
        if self._store.count.letter is None:
            return "starting"
        return "ready" if next_number(self._store.count) else "out-of-order"

    def _give(self, wish: Wish) -> Answer:
        number = next_number(self._store.count)
        if self._state != "ready" or number is None:
            return Answer(wish.id, None)
        self._printer.ask()  # its answers come while the number goes to the disk
        blank, self._blank = self._blank or _Blank(), None
        at = self._now()
        promise = self._waits.promise(self._heard, wish.service, is_hour_known=at.is_synchronised)
        report = IssuedReport(
            ticket=blank.ticket,
            number=number,
            token=blank.token,
            service=wish.service,
            language=wish.language,
            at=at,
            day=self._store.count.day,
            wait=promise.wait,
        )
        slip = self._wording.slip(report, wish.language, self._waiting(), promise.said)
        job = encode(draw(slip, self._printer.profile), self._printer.profile)
        try:
            self._store.issue(report, given_on=self._day_of(report.at))
        except JournalFault:
            return Answer(wish.id, None)
        crash_point("kiosk.given-not-printed")
        printed = print_job(self._printer, job, timeout_s=_PRINT_S, meanwhile=self._tell)
        crash_point("kiosk.printed-not-noted")
        self._store.note(report.ticket, PrintOutcome(printed.outcome))
        crash_point("kiosk.noted-not-told")
        self._printer_health.printed(printed)
        if printed.outcome == "printed":
            return Answer(wish.id, Taken(number))
        return Answer(wish.id, NotPrinted(number, self._wording.url(report.token), is_sure=printed.outcome == "failed"))

    def _hear(self, screen: Screen) -> None:
        """Take in a screen. A controller with another journal may lack what the one before it had acknowledged."""
        self._store.hear(screen)
        self._is_listed = self._store.disk in screen.letters
        if screen.epoch != self._epoch:
            self._epoch, self._outbox.refused = screen.epoch, None
            self._outbox.link_is_up()

    def _present(self, wish: Present) -> None:
        """Ask the controller for the place of a slip that was typed or scanned."""
        slip = Presented(slip=wish.slip, service=self._site.offered[0].id, language=wish.language)
        self._presents = wish
        if self._station.ask(slip, ttl_s=_PRESENT_TTL_S) is None:
            self._answer = Answer(wish.id, Checked("unsure"))

    @property
    def _heard(self) -> Screen | None:
        """The newest screen; None while the controller is not heard."""
        return self._station.screen if self._station.screen_is_fresh() else None

    def _waiting(self) -> int | None:
        """How many wait; None while nobody says it: no count is better than a wrong one."""
        return self._store.waiting(self._heard) if self._heard else None

    def _want_letter(self) -> None:
        screen = self._station.screen
        if screen is None or self._store.disk in screen.letters:
            return
        if not self._is_asking and time.monotonic() >= self._ask_again_s:
            wanted = LetterWanted(disk=self._store.disk, letter=self._store.count.letter)
            self._is_asking = self._station.ask(wanted, ttl_s=_LETTER_TTL_S) is not None

    def _settled(self, settled: Settled) -> None:
        """The letter, if it was granted, comes with the next screen, together with how far its numbers are."""
        if isinstance(settled.ask.act, Presented):
            if self._presents is not None and self._presents.slip == settled.ask.act.slip:
                checked = _checked(settled.answer)
                wait = self._waits.of_waiting(self._heard, checked.number)
                self._answer = Answer(self._presents.id, replace(checked, wait=wait))
            return
        self._is_asking = False
        self._ask_again_s = time.monotonic() + _LETTER_AGAIN_S

    def _alerts(self) -> list[Alert]:
        alerts = self._printer_health.alerts
        if self._store.fault:
            alerts.append(disk_alert(self._store.fault, self._store.journal.path.parent))
        if self._outbox.refused:
            alerts.append(
                alert("tickets-refused", f"the controller takes no ticket of this disk: {self._outbox.refused}")
            )
        if self._store.count.letter and not next_number(self._store.count):
            alerts.append(alert("numbers-exhausted", f"all numbers under {self._store.count.letter} are given"))
        return alerts

    def _pump(self) -> None:
        if not self._is_listed:
            return
        try:
            self._outbox.pump(time.monotonic())
        except JournalFault as fault:
            self._store.fault = fault

    def _tell(self) -> None:
        """Tell of the ticket while its slip is printed; that the journal is damaged is for after the slip."""
        with contextlib.suppress(CorruptJournal):
            self._pump()

    def _send(self, first: int, bodies: Sequence[bytes]) -> bool:
        return self._station.publish("evt", self._wrapped(first, bodies))

    def _wrapped(self, first: int, bodies: Sequence[bytes]) -> bytes:
        oldest, known = self._store.journal.first, self._outbox.known
        beat = self._station.screen.beat if self._station.screen else None
        return wrap_reports(self._store.disk, first, bodies, self._now(), oldest=oldest, known=known, beat=beat)

    def _day_of(self, at: KioskTime) -> str | None:
        """The service day; None while nobody has set the clock."""
        return service_day(at.wall_ms, self._zone) if at.is_synchronised else None

    def _now(self) -> KioskTime:
        return KioskTime(
            boot=self._station.boot,
            mono_ms=self._clock.mono_ms(),
            wall_ms=self._clock.wall_ms(),
            is_synchronised=self._clock.is_synchronised(),
        )


def _checked(answer: ControllersAnswer | None) -> Checked:
    """What the patient is told of a slip."""
    if answer is None or answer.outcome == "expired":
        return Checked("unsure")
    if answer.outcome == "done":
        return Checked("kept", answer.number)
    outcomes: dict[str | None, Literal["called", "over", "unknown"]] = {
        "already-called": "called",
        "ticket-over": "over",
        "unknown-slip": "unknown",
    }
    return Checked(outcomes.get(answer.code, "unsure"))
