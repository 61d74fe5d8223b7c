"""`borne forecast --jsonl`, spoken to as a scorer does: lines in, an answer for each question."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from borne.cli import run
from core.forecast.day import DayHistory
from tests.core.forecast.centre import Centre, days

_EVENTS = {"came": "ticket", "called": "call", "absent": "absent", "ended": "end", "on": "doc_on", "off": "doc_off"}
ROSTER = [["a", 540.0, 780.0, 0]]


def _asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *lines: Any) -> list[dict[str, float]]:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(json.dumps(line) + "\n" for line in lines)))
    assert run(["forecast", "--jsonl"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _event(minute: float, event: str, ticket: str = "", cls: str = "", doctor: str = "") -> dict[str, Any]:
    return {"op": "event", "t": minute, "event": event, "ticket": ticket, "cls": cls, "doctor": doctor}


def _question(number: int, minute: float, ticket: str) -> dict[str, Any]:
    return {"op": "predict", "id": number, "state": {"now": minute, "me": {"id": ticket}}}


DAY = {"op": "day", "day": 3, "roster": ROSTER, "credit": {"prio": 20.0}}
MORNING = [
    _event(540, "doc_on", doctor="a"),
    _event(541, "ticket", "T001", "std"),
    _event(541, "call", "T001", "std", "a"),
    _event(542, "ticket", "T002", "std"),
    _event(543, "ticket", "T003", "std"),
]


def test_each_question_is_answered_by_its_number_in_the_order_of_passage(monkeypatch, capsys):
    second, third = _asked(monkeypatch, capsys, DAY, *MORNING, _question(1, 543, "T002"), _question(2, 543, "T003"))

    assert (second["id"], third["id"]) == (1, 2)
    assert second["p10"] < second["p50"] < second["p90"]
    assert second["p50"] + 5 < third["p50"]


def test_a_head_start_is_that_of_the_day(monkeypatch, capsys):
    prio = _event(544, "ticket", "T004", "prio")

    first, last = _asked(monkeypatch, capsys, DAY, *MORNING, prio, _question(1, 544, "T004"), _question(2, 544, "T002"))

    assert first["p50"] < last["p50"]


def test_a_day_without_doctors_gets_an_answer_all_the_same(monkeypatch, capsys):
    nobody = {**DAY, "roster": []}

    [answer] = _asked(monkeypatch, capsys, nobody, _event(541, "ticket", "T001", "std"), _question(7, 541, "T001"))

    assert answer == {"id": 7, "p10": 90.0, "p50": 90.0, "p90": 90.0}


def test_what_a_trace_teaches_changes_the_answers(monkeypatch, capsys, tmp_path):
    trace, roster = _written(days(Centre(visit_min=6.0), 6, seed=9), tmp_path)
    train = {"op": "train", "trace": str(trace), "roster": str(roster)}

    [before] = _asked(monkeypatch, capsys, DAY, *MORNING, _question(1, 543, "T003"))
    [after] = _asked(monkeypatch, capsys, train, DAY, *MORNING, _question(1, 543, "T003"))

    assert after["p50"] < 0.7 * before["p50"]


def _written(played: list[DayHistory], folder: Path) -> tuple[Path, Path]:
    """Days as the two tables of a trace."""
    rows, shifts = ["day,t,event,ticket,cls,doctor"], ["day,doctor,start,end,closing"]
    for number, day in enumerate(played):
        kinds = {fact.ticket: "std" if fact.kind == "consultation" else fact.kind for fact in day.facts if fact.kind}
        rows += [
            f"{number},{fact.at_min:.2f},{_EVENTS[fact.what]},{fact.ticket},{kinds.get(fact.ticket, '')},"
            f"{fact.practitioner}"
            for fact in day.facts
        ]
        shifts += [
            f"{number},{one.practitioner},{one.begins_min},{one.ends_min},{int(one.is_closing)}" for one in day.plan
        ]
    trace, roster = folder / "trace.csv.gz", folder / "trace.roster.csv"
    trace.write_bytes(gzip.compress("\n".join(rows).encode()))
    roster.write_text("\n".join(shifts))
    return trace, roster
