"""Kiosks' journals taken into the site's: each entry once, in order, however often it is told."""

from __future__ import annotations

from typing import Any

from core.edge.outbox import fresh
from core.room.commands import AdmitTicket, RefuseReport, ReportPrint
from core.room.events import Priority, ReportRefused
from core.room.ids import DeviceId
from core.room.ordering import ordered_at
from core.room.rebuild import UNKNOWN_KIOSK
from core.room.state import SiteState
from core.wire.coding import WireError, decode_report
from core.wire.messages import Ack, IssuedReport, Report, Reports
from firmware.controller.sequencer import Sequencer

__all__ = ["acknowledgement", "begins_late", "take_reports"]

_DISKS_KNOWN = 100
"""Kiosks' disks of a site's life, and more: beyond that a kiosk makes them up, and no more of them is kept."""
_STOPS_THE_KIOSK = frozenset({"letter-not-held", "number-taken"})
"""Refusals after which every further slip would be wrong as well."""


def take_reports(sequencer: Sequencer, kiosk: DeviceId, reports: Reports) -> str | None:
    """Stage the entries that follow on; what is known is passed over, and after a gap nothing is taken.

    Returns:
        Why nothing more of this disk may be taken, if so: the code of a refusal.
    """
    sequencer.hear_time(reports.told)
    state = sequencer.state
    grant = state.grants.get(reports.epoch)
    if grant is not None and grant.kiosk not in (kiosk, UNKNOWN_KIOSK):
        return "not-your-disk"
    if grant is None and reports.epoch not in state.reported and len(state.reported) >= _DISKS_KNOWN:
        return "letter-not-held"
    if _contradicts(state, reports):
        return "number-taken"
    following = fresh(state.reported.get(reports.epoch, 0), reports.first, len(reports.entries), reports.oldest)
    for index in following or ():
        command = _command(sequencer, kiosk, reports, index)
        for event in sequencer.submit_report(command):
            if isinstance(event, ReportRefused) and event.code in _STOPS_THE_KIOSK:
                return event.code
    return None


def begins_late(state: SiteState, reports: Reports) -> bool:
    """Whether what a disk told before is missing here for good: it has forgotten that itself."""
    return state.reported.get(reports.epoch, 0) + 1 < reports.first == reports.oldest


def acknowledgement(state: SiteState, reports: Reports, refused: str | None) -> Ack:
    """How far the disk that sent these is durably taken in."""
    return Ack(epoch=reports.epoch, upto=state.reported.get(reports.epoch, 0), refused=refused)


def _command(
    sequencer: Sequencer, kiosk: DeviceId, reports: Reports, index: int
) -> AdmitTicket | ReportPrint | RefuseReport:
    disk, disk_seq = reports.epoch, reports.first + index
    report = _read(reports.entries[index])
    if report is None:
        return RefuseReport(kiosk=kiosk, disk=disk, disk_seq=disk_seq, code="unreadable")
    if not isinstance(report, IssuedReport):
        return ReportPrint(ticket=report.ticket, outcome=report.outcome, kiosk=kiosk, disk=disk, disk_seq=disk_seq)
    if report.day is not None:
        sequencer.hear_day(report.day.isoformat())
    return AdmitTicket(
        ticket=report.ticket,
        number=report.number,
        token=report.token,
        service=report.service,
        language=report.language,
        kiosk=kiosk,
        disk=disk,
        disk_seq=disk_seq,
        claim=report.claim or Priority.ORDINARY,
        was_told=disk_seq <= reports.known,
        is_doubtful=sequencer.is_in_doubt,
        wait=report.wait,
        ordered_at_ms=ordered_at(
            report.at,
            reports.told,
            sequencer.now_ms(),
            _previous_ms(sequencer.state, kiosk),
            is_in_doubt=sequencer.is_in_doubt,
        ),
    )


def _read(entry: dict[str, Any]) -> Report | None:
    try:
        return decode_report(entry)
    except WireError:
        return None


def _previous_ms(state: SiteState, kiosk: DeviceId) -> int | None:
    times = (ticket.ordered_at_ms for ticket in state.tickets.values() if ticket.kiosk == kiosk)
    return max(times, default=None)


def _contradicts(state: SiteState, reports: Reports) -> bool:
    """Whether a disk tells another story than before: two kiosks live on copies of one card."""
    known = state.reported.get(reports.epoch, 0)
    for index in range(max(0, min(len(reports.entries), known + 1 - reports.first))):
        report = _read(reports.entries[index])
        if isinstance(report, IssuedReport):
            holder = state.with_number(report.number)
            if holder is not None and holder.id != report.ticket:
                return True
    return False
