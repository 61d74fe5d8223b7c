"""`borne forecast --jsonl`: waits forecast from a stream of events, so that anyone can score the forecast.

One JSON object a line on standard input; a line on standard output for each question. Minutes since midnight.

    {"op":"train","trace":PATH,"roster":PATH}                               days to learn from, as CSV
    {"op":"day","day":D,"roster":[[doctor,start,end,closing],..],"credit":{class:minutes}}
    {"op":"event","t":..,"event":..,"ticket":..,"cls":..,"doctor":..}
    {"op":"predict","id":N,"state":{"now":..,"me":{"id":..}}}               ->  {"id":N,"p10":..,"p50":..,"p90":..}

Events: `open close doc_on doc_off doc_pause doc_resume ticket call absent back start end exam_out cancel`. A ticket of
class `return` is that of the ticket before the last letter of its name, and goes to its doctor.

Rule: an answer rests on the lines before its question; a day is learnt from when the next one begins.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.forecast.day import DayHistory, Fact, Planned, What
from core.forecast.floor import Floor
from core.forecast.habits import FIRST_DAY
from core.forecast.learn import learn
from core.forecast.play import forecast
from core.room.ids import ServiceId, TicketId

__all__ = ["Answers", "add_arguments", "days_of", "run"]

_SERVICE = ServiceId("consultation")
_CREDIT = {"urgent": 600.0, "prio": 20.0, "return": 45.0}
"""Head starts in minutes, where a day says nothing else."""
_WHAT: Mapping[str, What] = {
    "ticket": "came",
    "call": "called",
    "absent": "absent",
    "back": "back",
    "end": "ended",
    "exam_out": "away",
    "cancel": "left",
    "doc_on": "on",
    "doc_off": "off",
    "doc_pause": "paused",
    "doc_resume": "resumed",
}
_NOBODY_S = 90 * 60
"""What is answered where a centre would say nothing: nobody on duty or planned takes the patient."""


class Answers:
    """What is known and learnt so far."""

    def __init__(self, seed: int = 0) -> None:
        self._seed, self._habits = seed, FIRST_DAY
        self._credit: Mapping[str, float] = _CREDIT
        self._today = DayHistory(day="", weekday=0)
        self._floor = Floor(self._today)
        self._facts: list[Fact] = []
        self._learnt = 0

    def train(self, days: Iterable[DayHistory]) -> None:
        """Learn from days that are over, in the order in which they are told: each trace counts its days anew."""
        numbered = [replace(day, day=f"{number:09}") for number, day in enumerate(days, self._learnt + 1)]
        self._learnt += len(numbered)
        self._habits = learn(numbered, self._habits)

    def begin(self, day: int, roster: Iterable[Iterable[Any]], credit: Mapping[str, float]) -> None:
        """Begin a day, and learn from the one before."""
        if self._facts:
            self.train([replace(self._today, facts=tuple(self._facts))])
        self._credit = {**_CREDIT, **credit}
        self._today, self._facts = _history(day, roster, self._credit), []
        self._floor = Floor(self._today)

    def take(self, event: Mapping[str, Any]) -> None:
        fact = _fact(event, self._credit)
        if fact is not None:
            self._facts.append(fact)
            self._floor.take(fact)

    def answer(self, now_min: float, ticket: str) -> dict[str, float]:
        """Quantiles of the wait of a ticket, in minutes."""
        outlook = forecast(self._floor.moment(now_min), self._habits, self._seed)
        wait = outlook.tickets.get(TicketId(ticket))
        seconds = (_NOBODY_S,) * 3 if wait is None else (wait.p10_s, wait.p50_s, wait.p90_s)
        return {name: value / 60 for name, value in zip(("p10", "p50", "p90"), seconds, strict=True)}


def days_of(trace: Path, roster: Path) -> list[DayHistory]:
    """The days of a trace, from two CSV tables; the first may be packed by gzip."""
    shifts: dict[int, list[list[Any]]] = {}
    for row in _rows(roster):
        shifts.setdefault(int(row["day"]), []).append([row["doctor"], row["start"], row["end"], row["closing"]])
    facts: dict[int, list[Fact]] = {}
    for row in _rows(trace):
        fact = _fact(row, _CREDIT)
        facts.setdefault(int(row["day"]), []).extend([] if fact is None else [fact])
    return [replace(_history(day, shifts.get(day, []), _CREDIT), facts=tuple(facts[day])) for day in sorted(facts)]


def _rows(path: Path) -> Iterable[dict[str, str]]:
    packed = path.read_bytes()
    table = gzip.decompress(packed) if path.suffix == ".gz" else packed
    return csv.DictReader(io.StringIO(table.decode()))


def _history(day: int, roster: Iterable[Iterable[Any]], credit: Mapping[str, float]) -> DayHistory:
    """A day of which nothing has happened. Traces number their days: weekdays go by the number."""
    return DayHistory(
        day=str(day),
        weekday=day % 7,
        plan=tuple(
            Planned(
                practitioner=doctor,
                begins_min=float(begins),
                ends_min=float(ends),
                is_closing=bool(int(closing)),
            )
            for doctor, begins, ends, closing in roster
        ),
        newcomers={_SERVICE: "std"},
        return_head_start_min=credit["return"],
    )


def _fact(event: Mapping[str, Any], credit: Mapping[str, float]) -> Fact | None:
    """An event as a fact; None for those that say nothing of the queue."""
    what = _WHAT.get(event["event"])
    if what is None:
        return None
    at_min, ticket, kind = float(event["t"]), event["ticket"], event["cls"]
    return Fact(
        at_min=at_min,
        what=what,
        ticket=ticket[:-1] if kind == "return" else ticket,
        practitioner=event["doctor"],
        kind=kind,
        key_min=at_min - credit.get(kind, 0.0),
        service=_SERVICE,
        is_back=kind == "return",
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `borne forecast`."""
    parser.add_argument("--jsonl", action="store_true", required=True, help="JSON lines in, JSON lines out")
    parser.add_argument("--seed", type=int, default=0, help="of chance; the same seed gives the same answers")


def run(args: argparse.Namespace) -> int:
    """Answer until standard input ends."""
    answers = Answers(args.seed)
    for line in sys.stdin:
        _obey(answers, json.loads(line))
    return 0


def _obey(answers: Answers, line: Mapping[str, Any]) -> None:
    match line["op"]:
        case "train":
            answers.train(days_of(Path(line["trace"]), Path(line["roster"])))
        case "day":
            answers.begin(line["day"], line["roster"], line["credit"])
        case "event":
            answers.take(line)
        case "predict":
            state = line["state"]
            said = answers.answer(state["now"], state["me"]["id"])
            print(json.dumps({"id": line["id"], **said}), flush=True)
