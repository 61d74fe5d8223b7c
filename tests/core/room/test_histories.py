"""Event files of past releases, kept for ever: whatever a later release decides, it must read and fold them alike.

A release that adds a kind of event adds a file; a file that is here is never changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from core.room.events import Event
from core.room.passage import order_of_passage
from core.room.state import fingerprint, fold
from core.wire.coding import decode_record, encode_record

_FOLDER = Path(__file__).parent / "histories"
_FINGERPRINTS = {"0.1.0": "1074497d2d0151e3", "0.2.0-clock": "6cf821e87f1a8f0e", "0.2.0-rebuilt": "1543066862d74228"}


def _lines(release: str) -> list[bytes]:
    return (_FOLDER / f"{release}.jsonl").read_bytes().splitlines()


@pytest.mark.parametrize(("release", "expected"), _FINGERPRINTS.items())
def test_an_old_history_folds_to_the_same_state_for_ever(release: str, expected: str) -> None:
    assert fingerprint(fold(map(decode_record, _lines(release)))) == expected


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
