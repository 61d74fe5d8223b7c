"""The plan as a table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.roster.changes import imported
from agent.roster.csv import read_csv, write_csv
from agent.roster.plan import Plan, PlanError, Planned
from core.room.roster import Shift
from tests.agent.roster.given import AUBAGNE, CENTRES, TRETS, at, plan, planned, said

HEAD = "site,room,practitioner,name,begins,ends\n"
ROW = "aubagne,room-1,dr-vallon,Dr Vallon,2026-11-23T09:00,2026-11-23T14:00\n"
VALLON = planned("vallon", "2026-11-23 09:00", "14:00")


def refused(text: str) -> list[str]:
    with pytest.raises(PlanError) as error:
        read_csv(text.encode(), CENTRES)
    return said(error.value)


def test_a_row_is_a_shift_by_the_clock_on_the_wall() -> None:
    (read,) = read_csv((HEAD + ROW).encode(), CENTRES)

    assert (read.planned, read.name) == (VALLON, "Dr Vallon")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEAD + ROW,
        (HEAD + ROW).replace(",", ";"),
        (HEAD + ROW + "\n,,,,,\n").replace("\n", "\r\n"),
        "note," + HEAD + "x," + ROW,
    ],
    ids=["mark", "semicolons", "empty-rows", "another-column"],
)
def test_what_spreadsheets_make_of_it_is_read(text: str) -> None:
    assert [read.planned for read in read_csv(text.encode(), CENTRES)] == [VALLON]


def test_every_row_that_cannot_be_read_is_named_by_its_line() -> None:
    rows = [
        ROW,
        ROW.replace("dr-vallon", "Dr Vallon"),
        ROW.replace("2026-11-23T14:00", "22h"),
        ROW.replace("2026-11-23T09:00", "2026-11-23T09:00+01:00"),
        ROW.replace("2026", "0001"),
        ROW.replace(",Dr Vallon", ",=cmd()"),
    ]

    assert [problem.partition(":")[0] for problem in refused(HEAD + "".join(rows))] == [
        "Line 3",
        "Line 4",
        "Line 5",
        "Line 6",
        "Line 7",
    ]
    assert refused(HEAD + rows[2]) == ["Line 2: ends = “22h” is no local time; write it like 2026-11-22T09:00."]


def test_a_row_that_is_wrong_is_named_by_its_line_when_it_is_planned() -> None:
    entries = read_csv((HEAD + ROW + ROW.replace("room-1", "room-7")).encode(), CENTRES)

    with pytest.raises(PlanError, match=r"^Line 3: no room “room-7” in this centre; choose one of: room-1, room-2\.$"):
        imported(Plan(), entries, CENTRES)


def test_what_is_no_such_table_is_refused_with_what_to_do() -> None:
    assert refused("")[0].startswith("the first line lacks site, room, practitioner, name, begins, ends; it must be:")
    assert refused(HEAD.replace("room", "salle"))[0].startswith("the first line lacks room;")
    assert refused(HEAD + 'aubagne,"room-1\n') == ["Line 2: this line is not CSV; check its quotation marks."]
    with pytest.raises(PlanError, match="save it as “CSV UTF-8”"):
        read_csv((HEAD + ROW).replace("Vallon", "Hélène").encode("latin-1"), CENTRES)


def test_a_centre_s_export_holds_that_centre_alone() -> None:
    both = plan(VALLON, planned("mistral", "2026-11-23 09:00", "14:00", site=TRETS))

    assert write_csv(both, CENTRES, AUBAGNE).splitlines() == (HEAD + ROW).splitlines()


QUARTER_MS = 15 * 60_000
OCTOBER_MS = at("2026-10-12 09:00")
quarters = st.integers(min_value=0, max_value=60 * 96)


@given(st.lists(st.tuples(quarters, st.integers(1, 40))))
def test_what_is_written_is_read_back_the_same(drawn: list[tuple[int, int]]) -> None:
    """Over 60 days, the night when the clock is put back among them; a table cannot tell its doubled hour."""
    shifts = [
        replace(VALLON.shift, begins_ms=begins_ms, ends_ms=begins_ms + length * QUARTER_MS)
        for quarter, length in drawn
        if (begins_ms := OCTOBER_MS + quarter * QUARTER_MS)
    ]
    before = plan(*(Planned(site=AUBAGNE, shift=one) for one in shifts if not _is_in_the_doubled_hour(one)))

    read = read_csv(write_csv(before, CENTRES).encode(), CENTRES)

    assert {one.planned for one in read} == before.shifts


def _is_in_the_doubled_hour(shift: Shift) -> bool:
    again_ms = at("2026-10-25 02:00") + 3_600_000
    return any(again_ms <= at_ms < again_ms + 3_600_000 for at_ms in (shift.begins_ms, shift.ends_ms))
