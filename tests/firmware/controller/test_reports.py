"""What becomes of a kiosk's report in the site's journal."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from core.edge.clock import ManualClock
from core.edge.journal import Journal
from core.room.commands import GrantLetter
from core.room.ids import DeviceId, DiskId, Number, ServiceId, TicketId, Token
from core.room.ordering import KioskTime
from core.room.outlook import Told, Wait
from core.room.passage import Policy
from core.wire.messages import IssuedReport, Reports
from firmware.controller.reports import take_reports
from firmware.controller.sequencer import Sequencer

DISK, KIOSK = DiskId("disk-1"), DeviceId("kiosk-1")
NOW = KioskTime(boot=1, mono_ms=60_000, wall_ms=1_795_366_800_000, is_synchronised=True)
WAIT = Wait(p10_s=600, p25_s=900, p50_s=1200, p75_s=1500, p90_s=1800, in_time=98)


def issued(number: str, wait: Wait | None) -> IssuedReport:
    return IssuedReport(
        ticket=TicketId(f"ticket-{number.lower()}"),
        number=Number(number),
        token=Token(f"token-{number:->10}"),
        service=ServiceId("consultation"),
        language="fr",
        at=NOW,
        wait=wait,
    )


def test_what_a_slip_said_of_the_wait_is_what_its_patient_was_told(tmp_path: Path) -> None:
    clock = ManualClock(NOW.wall_ms)
    sequencer = Sequencer(Journal(tmp_path / "site.journal"), clock, ZoneInfo("Europe/Paris"), Policy())
    sequencer.let_time_pass()
    sequencer.submit(GrantLetter(disk=DISK, kiosk=KIOSK))
    slips = [issued("A001", WAIT), issued("A002", None)]
    told = Reports(epoch=DISK, first=1, told=NOW, entries=[one.model_dump(mode="json") for one in slips])

    assert take_reports(sequencer, KIOSK, told) is None
    sequencer.commit()

    assert sequencer.state.told == {"ticket-a001": Told(at_ms=NOW.wall_ms, wait=WAIT)}
