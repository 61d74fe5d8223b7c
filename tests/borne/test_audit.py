"""The audit of an evening: silent while all is well, each broken promise found by the check that is named for it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.store.store import Changes, Store
from agent.stream import Stream, bodies_of, follow
from borne.demo.audit import audit, figures, is_drained
from borne.demo.stage import SITE, Pace, Stage, build
from borne.demo.watch import Watch
from core.edge.clock import ManualClock
from core.edge.journal import Journal
from core.room.commands import AdmitTicket, GrantLetter, Press, ReportPrint, Undo
from core.room.events import PrintOutcome
from core.room.ids import DeviceId, DiskId, ServiceId, SiteId, TicketId
from core.room.numbering import Letter, number
from core.room.passage import Policy
from core.wire.coding import decode, wrap_log
from core.wire.identity import new_id, new_token
from core.wire.messages import LogBatch
from firmware.controller.sequencer import Sequencer
from firmware.drivers.printer import FilePrinterSettings, make_printer
from firmware.drivers.printer.escpos import encode
from firmware.kiosk.desk.slip import Slip, draw

PATIENTS = 3
KIOSK = DeviceId(f"{SITE}-kiosk")
_OF_KIND = "WHERE json_extract(CAST(body AS TEXT), '$.event.kind') ="


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage on which three patients came, two were called, one of them after a call taken back, and all was told."""
    built = build(tmp_path / "demo", Pace(origin_ms=0, start_ms=0))
    kiosk_data = built.tree.device(SITE, KIOSK) / "data"
    for folder in (kiosk_data, built.journal.parent):
        folder.mkdir()
    with Journal(kiosk_data / "tickets.db") as kiosk, Journal(built.journal) as site:
        kiosk.append([b"{}"] * 2 * PATIENTS)
        _play(built, site, DiskId(kiosk.epoch))
        _tell(built, site)
    yield built
    shutil.rmtree(built.sockets)


def _play(stage: Stage, journal: Journal, disk: DiskId) -> None:
    clock = ManualClock()
    sequencer = Sequencer(journal, clock, ZoneInfo("Europe/Paris"), Policy())
    printer = make_printer(FilePrinterSettings(driver="file", folder=stage.slips))
    sequencer.let_time_pass()
    sequencer.submit(GrantLetter(disk=disk, kiosk=KIOSK))
    for count in range(1, PATIENTS + 1):
        clock.advance(60)
        ticket, token = TicketId(new_id()), new_token()
        sequencer.submit_report(
            AdmitTicket(
                ticket=ticket,
                number=number(Letter("A"), count),
                token=token,
                service=ServiceId("consultation"),
                language="fr",
                kiosk=KIOSK,
                disk=disk,
                disk_seq=2 * count - 1,
                ordered_at_ms=clock.wall_ms(),
            )
        )
        sequencer.submit_report(
            ReportPrint(ticket=ticket, outcome=PrintOutcome.PRINTED, kiosk=KIOSK, disk=disk, disk_seq=2 * count)
        )
        slip = Slip(
            site_name="Aubagne",
            number=f"A00{count}",
            service="Consultation",
            time_text=None,
            ahead=None,
            url=f"http://127.0.0.1:8480/t/{token}",
            advice="Gardez ce ticket.",
        )
        printer.send(encode(draw(slip, printer.profile), printer.profile), timeout_s=5.0)
    clock.advance(60)
    one, other = stage.rooms
    come = [Press(room=one), Press(room=other)]
    for act in [*come, Press(room=one), Undo(room=one), Press(room=one), Press(room=other)]:
        sequencer.submit_act(act, cause=new_id(), room=act.room)
    sequencer.commit()


def _tell(stage: Stage, journal: Journal) -> None:
    """What the ingest does with the whole journal in one batch."""
    payload = wrap_log(journal.epoch, 1, journal.read(0))
    followed = follow(Stream(site=SiteId(SITE), epoch=journal.epoch), decode(LogBatch, payload), bodies_of(payload))
    assert followed is not None
    key = SiteId(SITE), journal.epoch
    with Store(f"sqlite:///{stage.tree.agent / 'agent.db'}") as store:
        store.write(Changes(entries={key: followed.entries}, streams={key: followed.stream}))


def _broken(stage: Stage) -> set[str]:
    promises = audit(stage, Watch(stage.journal), patients=PATIENTS)
    return {name for name, verdict in promises.items() if verdict != "held"}


def _agent_says(stage: Stage, statement: str) -> None:
    _change(stage.tree.agent / "agent.db", statement)


def _site_says(stage: Stage, statement: str) -> None:
    _change(stage.journal, statement)


def _change(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as db:
        db.execute(statement)
    db.close()


def test_an_evening_on_which_all_is_well_keeps_every_promise(stage: Stage) -> None:
    assert _broken(stage) == set()
    assert is_drained(stage, Watch(stage.journal))


def test_the_figures_are_those_of_the_day(stage: Stage) -> None:
    watch = Watch(stage.journal)
    watch.look()

    day = figures(watch.state, watch.records)

    assert (day.issued, day.printed, day.called, day.completed, day.no_show, day.taken_back) == (3, 3, 2, 0, 0, 1)
    assert day.mean_wait_min == 2.5


@pytest.mark.parametrize(
    ("harm", "promises"),
    [
        (lambda stage: (stage.slips / "0002.bin").unlink(), {"every patient has a slip"}),
        (lambda stage: (stage.slips / "0002.bin").write_bytes(b"\x1bZ"), {"every patient has a slip"}),
        (
            lambda stage: _agent_says(stage, "DELETE FROM event WHERE kind = 'ticket-issued' AND seq < 4"),
            {
                "every slip is in the agent's store exactly once",
                "the agent's store is the site's journal",
                "sequences have no gap",
            },
        ),
        (
            lambda stage: _agent_says(stage, "UPDATE stream SET state = replace(state, 'called', 'waiting')"),
            {"the agent's fold is the site's state"},
        ),
        (
            lambda stage: _agent_says(stage, "UPDATE event SET body = replace(body, 'room-1', 'room-2')"),
            {"the agent's store is the site's journal"},
        ),
        (lambda stage: _agent_says(stage, "UPDATE stream SET upto = upto - 1"), {"outboxes are empty"}),
        (
            lambda stage: _site_says(stage, "UPDATE entry SET body = replace(body, 'room-2', 'room-1')"),
            {
                "no room holds two tickets",
                "the agent's fold is the site's state",
                "the agent's store is the site's journal",
            },
        ),
        (
            lambda stage: _site_says(stage, "UPDATE entry SET body = replace(body, 'A002', 'A001')"),
            {
                "no number is given twice",
                "the agent's fold is the site's state",
                "the agent's store is the site's journal",
            },
        ),
        (
            lambda stage: _site_says(
                stage, f"UPDATE entry SET body = replace(body, 'room-2', 'room-9') {_OF_KIND} 'duty-began'"
            ),
            {
                "a room where nobody is on duty calls nobody",
                "the agent's fold is the site's state",
                "the agent's store is the site's journal",
            },
        ),
        (
            lambda stage: _site_says(
                stage, f"UPDATE entry SET body = replace(body, 'ordinary', 'urgent') {_OF_KIND} 'act-undone'"
            ),
            {
                "what is taken back is as it was",
                "the agent's fold is the site's state",
                "the agent's store is the site's journal",
            },
        ),
    ],
    ids=[
        "slip lost",
        "slip unreadable",
        "event lost",
        "state differs",
        "event differs",
        "not all told",
        "two in one room",
        "one number twice",
        "a call from a room off duty",
        "taken back to what never was",
    ],
)
def test_a_broken_promise_is_named(stage: Stage, harm: Callable[[Stage], object], promises: set[str]) -> None:
    harm(stage)

    assert _broken(stage) == promises


def test_a_slip_that_the_centre_does_not_know_is_found(stage: Stage) -> None:
    """As if the journal had lost its last ticket with what followed."""
    _site_says(stage, "DELETE FROM entry WHERE seq >= 7")

    assert "every slip is in the site's journal exactly once" in _broken(stage)


def test_a_kiosk_that_has_not_told_all_is_not_drained(stage: Stage) -> None:
    with Journal(stage.tree.device(SITE, KIOSK) / "data" / "tickets.db") as kiosk:
        kiosk.append([b"{}"])

    assert not is_drained(stage, Watch(stage.journal))
    assert _broken(stage) == {"outboxes are empty"}
