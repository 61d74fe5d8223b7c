"""`borne roster`: files in and out of the plan, with the exit codes of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from borne.cli import run

TABLE = (
    "site,room,practitioner,name,begins,ends\n"
    "aubagne,room-1,dr-vallon,Dr Vallon,2026-11-23T09:00,2026-11-23T14:00\n"
    "aubagne,room-2,dr-mistral,Dr Mistral,2026-11-23T09:00,2026-11-23T22:00\n"
)

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "plan.csv"
    file.write_text(TABLE)
    return file


def roster(agent_file: Path, *arguments: str) -> int:
    return run(["roster", *arguments, "--config", str(agent_file)])


def test_what_is_imported_is_exported_the_same(agent_file: Path, table: Path, capsys: Captured) -> None:
    assert roster(agent_file, "import", str(table)) == 0
    assert "2 shifts taken in" in capsys.readouterr().out

    assert roster(agent_file, "export") == 0
    assert capsys.readouterr().out.splitlines() == TABLE.splitlines()
    assert roster(agent_file, "export", "--site", "aubagne", "--practitioner", "dr-vallon") == 0
    assert capsys.readouterr().out.count("BEGIN:VEVENT") == 1


def test_a_file_with_a_mistake_ends_with_1_and_changes_nothing(agent_file: Path, table: Path, capsys: Captured) -> None:
    table.write_text(TABLE.replace("room-2", "room-9"))

    assert roster(agent_file, "import", str(table)) == 1

    assert capsys.readouterr().err.endswith(
        "Line 3: no room “room-9” in this centre; choose one of: room-1, room-2.\nnothing was changed\n"
    )
    roster(agent_file, "export")
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_calendar_without_a_centre_is_taken_in_with_one(agent_file: Path, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "plan.ics"
    file.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//elsewhere//\nBEGIN:VEVENT\nUID:1\nSUMMARY:Dr Vallon\n"
        "LOCATION:Salle 1\nDTSTART:20200106T090000\nDURATION:PT5H\nRRULE:FREQ=WEEKLY\nEND:VEVENT\nEND:VCALENDAR\n"
    )

    assert roster(agent_file, "import", str(file)) == 1
    assert "import this calendar on a centre’s page or with --site" in capsys.readouterr().err
    assert roster(agent_file, "import", str(file), "--site", "aubagne") == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["import", "none.csv"], "none.csv: cannot be read (No such file or directory); give a CSV or iCalendar file"),
        (["export", "--site", "nowhere"], "no centre is called 'nowhere'; give one of aubagne"),
    ],
)
def test_wrong_usage_ends_with_2(agent_file: Path, capsys: Captured, arguments: list[str], why: str) -> None:
    assert roster(agent_file, *arguments) == 2
    assert why in capsys.readouterr().err


def test_a_database_that_cannot_be_used_ends_with_1(agent_file: Path, table: Path, capsys: Captured) -> None:
    (agent_file.parent / "agent.db").write_bytes(b"not a database, but long enough to be looked at" * 100)

    assert roster(agent_file, "import", str(table)) == 1
    assert "nothing was changed; try again once the database works" in capsys.readouterr().err
