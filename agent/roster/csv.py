"""The plan as a table: one row per shift, times as the clock on the centre's wall shows them.

Rule: what is written is read back the same. Read are comma and semicolon, because spreadsheets write either by the
language of their user.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from agent.roster.people import practitioner_id, practitioner_name
from agent.roster.plan import (
    YEARS,
    Centres,
    Entry,
    Plan,
    PlanError,
    Planned,
    Problem,
    by_time,
    instant_ms,
    local,
    zone_of,
)
from core.room.ids import RoomId, SiteId
from core.room.phrases import Phrase
from core.room.roster import Shift

__all__ = ["COLUMNS", "read_csv", "write_csv"]

COLUMNS = ("site", "room", "practitioner", "name", "begins", "ends")
_ROWS = 20_000
"""More than a network of 40 centres plans for 13 weeks."""


def write_csv(plan: Plan, centres: Centres, site: SiteId | None = None) -> str:
    """The shifts of a centre, or of all."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in sorted(plan.shifts, key=lambda one: (one.site, *by_time(one.shift))):
        if site in (None, one.site):
            shift, zone = one.shift, zone_of(centres.get(one.site))
            times = [f"{local(at_ms, zone):%Y-%m-%dT%H:%M}" for at_ms in (shift.begins_ms, shift.ends_ms)]
            writer.writerow([one.site, shift.room, shift.practitioner, plan.names[shift.practitioner], *times])
    return out.getvalue()


def read_csv(data: bytes, centres: Centres) -> list[Entry]:
    """The rows of a table, each with its line.

    Raises:
        PlanError: it is no such table, or a row cannot be read; with every reason at once.
    """
    entries, problems = [], []
    for line, row in _rows(data):
        where = Phrase("roster.line", {"line": line})
        try:
            entries.append(_entry(where, row, centres))
        except PlanError as error:
            problems += [Problem(where, one.what) for one in error.problems]
    if problems:
        raise PlanError(*problems)
    return entries


def _rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError(Problem(None, Phrase("roster.not-utf-8"))) from error
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in head else ",", strict=True)
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise PlanError(Problem(None, Phrase("roster.no-column", {"column": ", ".join(missing)})))
        for row in rows:
            if rows.line_num > _ROWS:
                raise PlanError(Problem(None, Phrase("roster.too-large", {"limit": _ROWS})))
            if any(cell.strip() for cell in row):
                cells = [cell.strip() for cell in row] + [""] * (len(names) - len(row))
                yield rows.line_num, dict(zip(names, cells, strict=False))
    except csv.Error as error:
        where = Phrase("roster.line", {"line": rows.line_num})
        raise PlanError(Problem(where, Phrase("roster.no-table"))) from error


def _entry(where: Phrase, row: dict[str, str], centres: Centres) -> Entry:
    site = SiteId(row["site"])
    zone = zone_of(centres.get(site))
    shift = Shift(
        practitioner=practitioner_id(row["practitioner"]),
        room=RoomId(row["room"]),
        begins_ms=instant_ms(_reading("begins", row["begins"]), zone),
        ends_ms=instant_ms(_reading("ends", row["ends"]), zone),
    )
    return Entry(where=where, planned=Planned(site=site, shift=shift), name=practitioner_name(row["name"]))


def _reading(column: str, text: str) -> datetime:
    """A reading of the clock on the wall, to the minute.

    Raises:
        PlanError: it is none.
    """
    try:
        reading = datetime.fromisoformat(text)
    except ValueError:
        reading = None
    if (
        reading is None
        or reading.year not in YEARS
        or reading.tzinfo is not None
        or reading.second
        or reading.microsecond
        or len(text) < 16
    ):
        raise PlanError(Problem(None, Phrase("roster.no-time", {"column": column, "value": text})))
    return reading
