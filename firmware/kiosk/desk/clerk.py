"""Who works in the office: hears the controller, gives tickets, reports what is wrong.

Rule: used from one thread; no byte goes to the printer for a number that is not on the disk.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from core.edge.clock import Clock
from core.edge.crash import crash_point
from core.edge.disk import disk_alert
from core.edge.journal import CorruptJournal, JournalFault
from core.edge.site import Site
from core.room.commands import RaiseWarning
from core.room.day import service_day
from core.room.events import Priority
from core.room.ids import SiteId, TicketId, Token
from core.room.ordering import KioskTime
from core.room.standing import opens
from core.wire.coding import encode
from core.wire.identity import new_id, new_token
from core.wire.messages import Ack, Alert, IssuedReport, Named, Presented, Screen
from firmware.drivers.printer import Printer
from firmware.inbox import Arrived, Inbox, LinkChanged
from firmware.kiosk.desk.count import next_number
from firmware.kiosk.desk.presenting import Presenting
from firmware.kiosk.desk.reporting import Reporting
from firmware.kiosk.desk.slips import Slips
from firmware.kiosk.desk.store import Store
from firmware.kiosk.desk.team import Helpline
from firmware.kiosk.desk.told import Told
from firmware.kiosk.desk.waits import Waits
from firmware.kiosk.desk.wording import Wording
from firmware.kiosk.dialogue.desk import Answer, Desk, Tried
from firmware.kiosk.dialogue.errands import CallTeam, Errand, Present, PrintAgain, PrintTest, Wish
from firmware.kiosk.settings import KioskFile
from firmware.station import DayWanted, ScreenChanged, Settled, Station

__all__ = ["Clerk"]


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
        inbox: Inbox[Arrived | LinkChanged | Errand],
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
        self._told = Told(site)
        self._store = store
        self._clock = clock
        self._slips = Slips(printer, store.journal)
        if store.was_cut_off:
            self._slips.suspect()
        self._station = Station(settings, SiteId(site.id), leaves=["ack", "answer"], inbox=inbox)
        if self._station.disk_fault:
            raise self._station.disk_fault
        self._helpline = Helpline(self._station)
        self._presenting = Presenting(self._station, site, self._waits)
        self._reporting = Reporting(self._station, store, self._now)
        self._answer: Answer | None = None
        self._tested: Tried | None = None
        self._wrong: tuple[str, ...] = ()
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
            closes=self._told.closes(heard),
            doctors=self._told.doctors(heard),
            elsewhere=self._told.elsewhere(heard),
            team=self._helpline.state,
            is_linked=heard is not None,
            alerts=self._wrong,
            answer=self._answer,
            can_print_again=self._slips.can_give_again,
            tested=self._tested,
        )

    def take(self, item: Arrived | LinkChanged | Errand) -> None:
        """Take in an item of the inbox."""
        match item:
            case Wish():
                self._answer = self._give(item)
            case PrintAgain():
                self._answer = self._give_again(item)
            case Present():
                self._answer = self._presenting.ask(item) or self._answer
            case CallTeam():
                self._helpline.call()
            case PrintTest():
                report = self._slips.try_printer(self._wording.specimen(self._slips.model))
                self._tested = Tried(item.id, report.fault is None, str(report.fault or ""))
            case Arrived() | LinkChanged():
                self._hear(item)

    def attend(self, items: Sequence[Arrived | LinkChanged | CallTeam]) -> None:
        """Go on with what waits for no printer; that the journal is damaged is for after the slip."""
        with contextlib.suppress(CorruptJournal):
            for item in items:
                self.take(item)
            for late in self._station.late_questions():
                self._settled(late)
            self._helpline.look()
            self._reporting.pump()

    def _hear(self, item: Arrived | LinkChanged) -> None:
        match news := self._station.handle(item):
            case ScreenChanged(screen):
                self._store.hear(screen)
                self._reporting.see(screen)
            case DayWanted():
                self._reporting.offer_the_day()
            case Ack():
                self._reporting.acknowledged(news)
            case LinkChanged(is_up=True):
                self._reporting.link_is_up()
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
        self._helpline.look()
        self._reporting.want_letter()
        self._store.save()
        self._reporting.pump()
        if is_idle:
            self._slips.health.look(self._clock.mono_ms() / 1000)
            self._store.journal.tidy()
            self._blank = self._blank or _Blank()
            self._slips.get_ready(self._wording.url(self._blank.token))
        alerts = [*faults, *self._alerts()]
        self._wrong = tuple(f"{one.code}: {one.detail}" for one in alerts)
        self._station.tell(alerts, slips_left=self._slips.health.slips_left)

    @property
    def _state(self) -> Literal["starting", "ready", "out-of-order"]:
        if self._store.fault or self._reporting.is_refused:
            return "out-of-order"
        if self._store.count.letter is None:
            return "starting"
        return "ready" if next_number(self._store.count) else "out-of-order"

    def _give(self, wish: Wish) -> Answer:
        number = next_number(self._store.count)
        if self._state != "ready" or number is None:
            return Answer(wish.id, None)
        self._slips.ask()
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
            claim=None if wish.claim is None else Priority(wish.claim),
        )
        slip = self._wording.slip(report, wish.language, self._waiting(), promise.said)
        drawn = self._slips.draw(slip)
        try:
            self._store.issue(report, given_on=self._day_of(report.at))
        except JournalFault:
            return Answer(wish.id, None)
        crash_point("kiosk.given-not-printed")
        given = self._slips.give(report.ticket, drawn)
        crash_point("kiosk.printed-not-noted")
        self._store.note(given.ticket, given.outcome)
        crash_point("kiosk.noted-not-told")
        self._name(report.ticket, wish)
        return Answer(wish.id, given.page)

    def _name(self, ticket: TicketId, wish: Wish) -> None:
        """Tell whose ticket it is, behind the ticket, once; what is lost on the way is missed by nobody."""
        if not self._site.reception.asks_name or not (wish.first_name or wish.born):
            return
        self._reporting.pump()
        with contextlib.suppress(ValidationError):
            named = Named(ticket=ticket, first_name=wish.first_name, born=wish.born)
            self._station.publish("name", encode(named))

    def _give_again(self, errand: PrintAgain) -> Answer:
        given = self._slips.give_again(errand.number)
        if given is None:
            return Answer(errand.id, None)
        self._store.note(given.ticket, given.outcome)
        return Answer(errand.id, given.page)

    @property
    def _heard(self) -> Screen | None:
        """The newest screen; None while the controller is not heard."""
        return self._station.screen if self._station.screen_is_fresh() else None

    def _waiting(self) -> int | None:
        """How many wait; None while nobody says it: no count is better than a wrong one."""
        return self._store.waiting(self._heard) if self._heard else None

    def _settled(self, settled: Settled) -> None:
        """The letter, if it was granted, comes with the next screen, together with how far its numbers are."""
        match settled.ask.act:
            case Presented():
                self._answer = self._presenting.settle(settled, self._heard) or self._answer
            case RaiseWarning():
                self._helpline.settle()
            case _:
                self._reporting.letter_settled()

    def _alerts(self) -> list[Alert]:
        alerts = [*self._slips.health.alerts, *self._helpline.alerts, *self._reporting.alerts]
        if self._store.fault:
            alerts.append(disk_alert(self._store.fault, self._store.journal.path.parent))
        if self._store.count.letter and not next_number(self._store.count):
            used_up = f"all numbers under {self._store.count.letter} are given"
            alerts.append(Alert(code="numbers-exhausted", detail=used_up))
        return alerts

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
