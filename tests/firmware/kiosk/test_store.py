"""The kiosk's disk: the real file, read by a second connection or by the next start."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.edge.journal import Journal, JournalFault
from core.room.events import PrintOutcome
from core.room.ids import Letter, Number
from core.room.ordering import KioskTime
from core.wire.identity import new_id, new_token
from core.wire.messages import IssuedReport, Screen
from firmware.kiosk.desk.count import next_number
from firmware.kiosk.desk.store import Store, open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tickets.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store, _ = open_store(path)
    store.hear(screen(store, "2026-11-22"))
    yield store
    store.journal.close()


def screen(store: Store, day: str, **last: int) -> Screen:
    return Screen(
        epoch="e",
        rev=1,
        beat="1",
        at_ms=0,
        day=day,
        rooms=[],
        calls=[],
        waiting=[],
        last_numbers={Letter(letter): count for letter, count in last.items()},
        letters={store.disk: Letter("A")},
    )


def give(store: Store) -> IssuedReport:
    number = next_number(store.count)
    assert number
    report = IssuedReport(
        ticket=new_id(),
        number=number,
        token=new_token(),
        service="consultation",
        language="fr",
        at=KioskTime(boot=1, mono_ms=1, wall_ms=1, is_synchronised=False),
    )
    store.issue(report)
    return report


def print_slip(store: Store) -> IssuedReport:
    report = give(store)
    store.note(report.ticket, PrintOutcome.PRINTED)
    return report


def entries(path: Path) -> list[str]:
    """What another process finds on the disk: numbers and outcomes, in order."""
    with sqlite3.connect(path) as db:
        bodies = [json.loads(body) for (body,) in db.execute("SELECT body FROM entry ORDER BY seq")]
    db.close()
    return [body.get("number") or body["outcome"] for body in bodies]


def test_a_number_is_on_the_disk_when_it_is_given(store: Store, path: Path) -> None:
    give(store)

    assert entries(path) == ["A001"]


def test_a_ticket_costs_two_commits(store: Store, path: Path) -> None:
    commits: list[str] = []
    store.save()
    store.journal._db.set_trace_callback(lambda sql: commits.append(sql) if sql.startswith("COMMIT") else None)

    for _ in range(3):
        print_slip(store)
        store.save()

    assert len(commits) == 6


def test_a_slip_whose_outcome_a_crash_hid_is_unknown_once(store: Store, path: Path) -> None:
    print_slip(store)
    give(store)
    store.journal.close()

    for _ in range(2):
        again, _ = open_store(path)
        again.journal.close()

    assert entries(path) == ["A001", "printed", "A002", "unknown"]


def test_numbers_go_on_after_a_restart_without_a_controller(store: Store, path: Path) -> None:
    print_slip(store)
    store.journal.close()

    again, _ = open_store(path)

    assert give(again).number == "A002"
    again.journal.close()


def test_a_letter_is_kept_before_the_first_ticket(store: Store, path: Path) -> None:
    store.save()
    store.journal.close()

    again, _ = open_store(path)

    assert next_number(again.count) == "A001"
    again.journal.close()


def test_the_day_is_kept_and_earlier_days_are_forgotten_once_acknowledged(store: Store, path: Path) -> None:
    for _ in range(3):
        print_slip(store)
    store.journal.acknowledge(4)

    store.hear(screen(store, "2026-11-23"))

    assert entries(path) == ["A003", "printed"]
    assert give(store).number == "A004"
    store.journal.acknowledge(7)
    store.hear(screen(store, "2026-11-23", A=4))
    assert entries(path) == ["A003", "printed", "A004"]


def test_a_number_that_the_disk_refuses_is_not_given(store: Store, path: Path) -> None:
    print_slip(store)
    store.journal._db.execute("PRAGMA query_only=1")

    with pytest.raises(JournalFault):
        give(store)

    assert store.fault
    assert entries(path) == ["A001", "printed"]
    assert next_number(store.count) == "A002"


def test_an_outcome_that_the_disk_refused_is_written_when_it_recovers(store: Store, path: Path) -> None:
    report = give(store)
    store.journal._db.execute("PRAGMA query_only=1")
    store.note(report.ticket, PrintOutcome.PRINTED)
    assert store.fault

    store.journal._db.execute("PRAGMA query_only=0")
    store.save()

    assert not store.fault
    assert entries(path) == ["A001", "printed"]


def test_an_entry_that_is_no_report_sets_the_journal_aside(path: Path) -> None:
    with Journal(path) as journal:
        journal.append([b'{"kind":"riddle"}'])

    store, aside = open_store(path)

    assert aside
    assert aside.exists()
    assert entries(path) == []
    assert next_number(store.count) is None
    store.journal.close()


def test_own_tickets_wait_before_the_controller_knows_them(store: Store) -> None:
    give(store)

    assert store.waiting(screen(store, "2026-11-22")) == 1
    assert store.waiting(screen(store, "2026-11-22", A=1)) == 0


def test_numbers_of_another_disk_under_our_letter_are_passed_over(store: Store) -> None:
    store.hear(screen(store, "2026-11-22", A=41))

    assert give(store).number == Number("A042")
