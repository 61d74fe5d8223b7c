"""Event files of past releases, kept for ever: whatever a later release decides, it must read and fold them alike.

A release that adds a kind of event adds a file; a file that is here is never changed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from core.room.commands import AdmitTicket
from core.room.decide import decide
from core.room.events import Event, Priority, TicketIssued
from core.room.passage import Policy, order_of_passage
from core.room.state import fingerprint, fold
from core.wire.coding import decode_record, encode_record

_FOLDER = Path(__file__).parent / "histories"
_FINGERPRINTS = {
    "0.1.0": "1074497d2d0151e3",
    "0.2.0-clock": "6cf821e87f1a8f0e",
    "0.2.0-rebuilt": "1543066862d74228",
    "0.3.0-staff": "7900e40d7a83fd56",
    "0.4.0-waits": "f92ea3573e18a7fe",
}
_ANOTHER_POLICY = Policy(
    head_start_min=dict.fromkeys(Priority, 7), recall_window_s=1, grace_s=5, max_recalls=0, max_returns=0, return_min=1
)
_FOLD_WITHOUT_RULES = """
import sys

for rules in ("passage", "decide", "press", "staff", "presence", "intake", "undo"):
    sys.modules[f"core.room.{rules}"] = None  # importing it fails

from core.room.state import fingerprint, fold
from core.wire.coding import decode_record

print(fingerprint(fold(map(decode_record, sys.stdin.buffer))))
"""


def _lines(release: str) -> list[bytes]:
    return (_FOLDER / f"{release}.jsonl").read_bytes().splitlines()


@pytest.mark.parametrize(("release", "expected"), _FINGERPRINTS.items())
def test_an_old_history_folds_to_the_same_state_for_ever(release: str, expected: str) -> None:
    assert fingerprint(fold(map(decode_record, _lines(release)))) == expected


@pytest.mark.parametrize(("release", "expected"), _FINGERPRINTS.items())
def test_an_old_history_folds_to_the_same_state_where_no_rule_can_be_run(release: str, expected: str) -> None:
    history = (_FOLDER / f"{release}.jsonl").read_bytes()

    folded = subprocess.run(
        [sys.executable, "-c", _FOLD_WITHOUT_RULES], input=history, capture_output=True, check=True, timeout=60
    )

    assert folded.stdout.decode().strip() == expected


@pytest.mark.parametrize("release", ["0.1.0", "0.2.0-clock", "0.3.0-staff", "0.4.0-waits"])
def test_an_old_history_folds_alike_under_a_new_policy_that_would_have_decided_otherwise(release: str) -> None:
    """What a centre sets tomorrow changes what is decided tomorrow, and nothing that has happened."""
    records = list(map(decode_record, _lines(release)))
    before, event = next(
        (fold(records[:place]), record.event)
        for place, record in enumerate(records)
        if isinstance(record.event, TicketIssued)
    )
    told = AdmitTicket(
        **{name: getattr(event, name) for name in AdmitTicket.__dataclass_fields__ if hasattr(event, name)}
    )

    assert decide(before, told, records[-1].at_ms, Policy()) == [event]
    assert decide(before, told, records[-1].at_ms, _ANOTHER_POLICY) != [event]
    assert fingerprint(fold(records)) == _FINGERPRINTS[release]


def test_every_kept_file_is_proved() -> None:
    assert {path.stem for path in _FOLDER.iterdir()} == set(_FINGERPRINTS)


@pytest.mark.parametrize("release", _FINGERPRINTS)
def test_an_old_record_is_written_as_it_was(release: str) -> None:
    for line in _lines(release):
        assert encode_record(decode_record(line)) == line


def test_every_kind_of_event_occurs_in_a_kept_history() -> None:
    seen = {type(decode_record(line).event) for release in _FINGERPRINTS for line in _lines(release)}
    assert seen == set(get_args(Event))


def test_the_made_up_day_ends_as_it_was_told() -> None:
    state = fold(map(decode_record, _lines("0.1.0")))
    assert {one.number: one.state.value for one in state.tickets.values()} == {
        "A001": "called",
        "A002": "waiting",
        "A003": "done",
        "B001": "cancelled",
        "C001": "no-show",
        "C002": "called",
        "C003": "cancelled",
    }
    assert [one.number for one in order_of_passage(state)] == ["A002"]
    assert {grant.letter for grant in state.grants.values()} == {"A", "B", "C"}
    assert state.reported == {"disk-one": 7, "disk-two": 3, "disk-three": 3}
    assert state.refused == 1


def test_the_staffed_day_ends_as_it_was_told() -> None:
    state = fold(map(decode_record, _lines("0.3.0-staff")))
    assert {one.number: one.state.value for one in state.tickets.values()} == {
        **{f"A00{seen}": "done" for seen in (1, 2, 3, 4, 6, 7)},
        "A005": "cancelled",
        "A008": "cancelled",
        "A009": "cancelled",
        "A010": "called",
        "A011": "waiting",
    }
    assert {room: (duty.state.value, duty.practitioner) for room, duty in state.duties.items()} == {
        "room-1": ("on", "doctor-vidal"),
        "room-2": ("off", "at-room-2"),
        "care-room": ("off", "nurse-roux"),
    }
    assert state.intake.is_kept_open
    assert state.warning is None


def test_of_the_day_with_waits_is_left_what_those_were_told_who_go_on() -> None:
    state = fold(map(decode_record, _lines("0.4.0-waits")))
    assert {ticket: (told.at_ms, told.wait.p25_s, told.wait.p90_s) for ticket, told in state.told.items()} == {
        "ticket-a004": (1795422900000, 38 * 60, 70 * 60)
    }
    assert {service: wait.p90_s for service, wait in state.newcomers.items()} == {"consultation": 90 * 60}
