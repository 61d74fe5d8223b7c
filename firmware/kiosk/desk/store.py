"""The kiosk's disk: what it has given and what became of the slips, as the reports that the controller will read.

Rule: a number is on the disk before the first byte goes to the printer. Two commits a ticket: given, then printed or
not.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from pathlib import Path

from core.edge.journal import CorruptJournal, Journal, JournalFault, open_journal, set_aside
from core.room.events import PrintOutcome
from core.room.ids import DiskId, Letter, Number, TicketId
from core.room.numbering import count_of
from core.wire.coding import WireError, decode_report, encode_report
from core.wire.messages import IssuedReport, PrintedReport, Report, Screen
from firmware.kiosk.desk.count import Count, Given, ahead, hear, roll_over

__all__ = ["Store", "open_store"]


class Store:
    """Used from the one thread that owns the journal."""

    def __init__(self, journal: Journal) -> None:
        """Read the disk. A slip whose outcome a crash hid becomes `unknown`: it is not printed again.

        Raises:
            CorruptJournal: an entry is no report.
            JournalFault: the disk does not take the outcomes.
        """
        self.journal = journal
        self.fault: JournalFault | None = None
        """Why the disk took nothing the last time; None when it did."""
        self._numbers: dict[int, Number] = {}
        """Of the tickets on the disk, by their place in the journal."""
        self._outcomes: list[PrintedReport] = []
        """Not yet on the disk."""
        without_outcome = self._replay()
        self.was_cut_off = bool(without_outcome)
        """Whether the kiosk before this one ended between a ticket and the outcome of its slip."""
        day, letter = journal.recall("day"), journal.recall("letter")
        self.count = self._on_disk = Count(
            day=str(day) if day else None,
            letter=Letter(str(letter)) if letter else None,
            last=int(journal.recall("last") or 0),
            given_on=str(journal.recall("given_on") or "") or None,
        )
        self._outcomes.extend(PrintedReport(ticket=one, outcome=PrintOutcome.UNKNOWN) for one in without_outcome)
        if self._outcomes:
            self._commit()

    @property
    def disk(self) -> DiskId:
        return DiskId(self.journal.epoch)

    @property
    def given(self) -> Given:
        acked = self.journal.acked
        return Given(
            all=list(self._numbers.values()),
            untold=[number for place, number in self._numbers.items() if place > acked],
        )

    def waiting(self, screen: Screen) -> int:
        """How many wait, this disk's newest tickets included."""
        return ahead(screen, self.given)

    def hear(self, screen: Screen) -> None:
        """Take in the day, the letter and how far the numbers are."""
        self._go_on_with(hear(self.count, screen, self.disk, self.given))

    def roll_over(self, today: str | None) -> None:
        """Begin a day that no controller has announced, where that is safe.

        Args:
            today: None while the clock is not set.
        """
        if today is not None:
            self._go_on_with(roll_over(self.count, today, given=self.given))

    def issue(self, report: IssuedReport, *, given_on: str | None = None) -> None:
        """Give a ticket: durable when this returns.

        Args:
            given_on: the service day now, None while the clock is not set.

        Raises:
            JournalFault: it is not given.
        """
        before, self.count = self.count, replace(self.count, last=count_of(report.number), given_on=given_on)
        try:
            place = self._commit(report)
        except JournalFault:
            self.count = before
            raise
        self._numbers[place] = report.number

    def note(self, ticket: TicketId, outcome: PrintOutcome) -> None:
        """Keep what became of a slip; on a disk that does not take it now, with the next entry that it takes."""
        self._outcomes.append(PrintedReport(ticket=ticket, outcome=outcome))
        self.save()

    def save(self) -> None:
        """Write what waits to be written; after a fault, find out whether the disk has recovered."""
        if self._outcomes or self.fault or self.count != self._on_disk:
            with contextlib.suppress(JournalFault):  # kept in `fault`
                self._commit()

    def _go_on_with(self, count: Count) -> None:
        if count.day != self.count.day:
            self._forget_days_before()
        self.count = count

    def _forget_days_before(self) -> None:
        """What is acknowledged when a day begins was taken into an earlier one.

        Before the new day is on the disk: after a crash in between it is heard of once more.
        """
        try:
            self.journal.prune(self.journal.acked)
        except JournalFault as fault:
            self.fault = fault
        self._numbers = {place: number for place, number in self._numbers.items() if place >= self.journal.first}

    def _commit(self, *issued: IssuedReport) -> int:
        reports: list[Report] = [*self._outcomes, *issued]
        self.journal.remember("day", self.count.day or "")
        self.journal.remember("letter", self.count.letter or "")
        self.journal.remember("last", self.count.last)
        self.journal.remember("given_on", self.count.given_on or "")
        try:
            place = self.journal.append([encode_report(report) for report in reports])
        except JournalFault as fault:
            self.fault = fault
            raise
        self.fault = None
        self._outcomes.clear()
        self._on_disk = self.count
        return place

    def _replay(self) -> list[TicketId]:
        """Fold the entries on the disk; the tickets whose slip has no outcome."""
        without_outcome: dict[TicketId, None] = {}
        place = self.journal.first - 1
        while bodies := self.journal.read(place):
            for body in bodies:
                place += 1
                report = self._read(body)
                if isinstance(report, IssuedReport):
                    self._numbers[place] = report.number
                    without_outcome[report.ticket] = None
                else:
                    without_outcome.pop(report.ticket, None)
        return list(without_outcome)

    def _read(self, body: bytes) -> Report:
        try:
            return decode_report(json.loads(body))
        except (ValueError, WireError) as error:
            raise CorruptJournal(f"{self.journal.path}: {error}") from error


def open_store(path: Path) -> tuple[Store, Path | None]:
    """Open the disk; a damaged journal is set aside, and a new disk, which asks for a new letter, takes its place.

    Returns:
        The store, and where the damaged file went.

    Raises:
        JournalFault: the disk cannot be written.
    """
    journal, aside = open_journal(path)
    try:
        return Store(journal), aside
    except CorruptJournal:
        journal.close()
        aside = set_aside(path)
        return Store(Journal(path)), aside
    except JournalFault:
        journal.close()
        raise
