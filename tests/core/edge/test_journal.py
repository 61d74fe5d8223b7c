"""The journal on a real file: gapless, durable, and never guessed at when it is damaged."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.edge.journal import CorruptJournal, Journal, JournalFault, open_journal
from tests.powercut.library import FaultyDisk


def _filled(path: Path, count: int) -> str:
    with Journal(path) as journal:
        journal.append([b"entry %d" % seq for seq in range(1, count + 1)])
        return journal.epoch


def _change(path: Path, statement: str) -> None:
    database = sqlite3.connect(path)
    database.execute(statement)
    database.commit()
    database.close()


def _as_a_crash_leaves_it(journal: Journal, to: Path) -> Path:
    """A copy of the files while the journal is open: what a kill at this moment would leave."""
    to.mkdir()
    for part in journal.path.parent.glob(f"{journal.path.name}*"):
        shutil.copy(part, to / part.name)
    return to / journal.path.name


def test_entries_are_numbered_without_gaps_over_restarts(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        assert (journal.first, journal.last, journal.acked) == (1, 0, 0)
        assert journal.append([b"one"]) == 1
        assert journal.append([b"two", b"three"]) == 3
        assert journal.append([]) == 3
    with Journal(tmp_path / "journal") as journal:
        assert journal.append([b"four"]) == 4
        assert journal.read(0) == [b"one", b"two", b"three", b"four"]
        assert journal.read(1, 2) == [b"two", b"three"]
        assert journal.read(4) == []


def test_an_epoch_lives_as_long_as_its_file(tmp_path: Path) -> None:
    epoch = _filled(tmp_path / "journal", 1)
    with Journal(tmp_path / "journal") as again, Journal(tmp_path / "other") as other:
        assert again.epoch == epoch
        assert other.epoch != epoch


def test_an_acknowledgement_reaches_the_disk_with_the_next_append_and_not_before(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        journal.append([b"one", b"two"])
        journal.acknowledge(2)
        with Journal(_as_a_crash_leaves_it(journal, tmp_path / "before")) as crashed:
            assert crashed.acked == 0
        journal.append([b"three"])
        with Journal(_as_a_crash_leaves_it(journal, tmp_path / "after")) as crashed:
            assert (crashed.acked, crashed.last) == (2, 3)


def test_a_fact_reaches_the_disk_with_the_next_append(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        journal.remember("letter", "A")
        assert journal.recall("letter") == "A"
        with Journal(_as_a_crash_leaves_it(journal, tmp_path / "before")) as crashed:
            assert crashed.recall("letter") is None
        journal.append([b"one"])
    with Journal(tmp_path / "journal") as journal:
        assert journal.recall("letter") == "A"


@pytest.mark.parametrize("upto", [0, 4, 99])
def test_an_acknowledgement_of_what_is_forgotten_or_absent_is_a_mistake_of_the_program(
    tmp_path: Path, upto: int
) -> None:
    with Journal(tmp_path / "journal") as journal:
        journal.append([b"one", b"two", b"three"])
        journal.acknowledge(2)
        journal.prune(1)
        with pytest.raises(ValueError, match=f"acknowledged {upto}, between 1 and 3 expected"):
            journal.acknowledge(upto)


def test_an_acknowledgement_can_go_back_as_far_as_the_journal_reaches(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        journal.append([b"one", b"two", b"three"])
        journal.acknowledge(3)
        journal.prune(1)

        journal.acknowledge(1)

        assert journal.read(journal.acked) == [b"two", b"three"]


def test_nothing_unacknowledged_is_ever_pruned(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        journal.append([b"one", b"two", b"three"])
        journal.prune(3)
        assert journal.read(0) == [b"one", b"two", b"three"]
        journal.acknowledge(2)
        journal.prune(3)
        assert (journal.first, journal.last) == (3, 3)
        assert journal.read(0) == [b"three"]


def test_a_pruned_journal_goes_on_counting(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        journal.append([b"one", b"two"])
        journal.acknowledge(2)
        journal.prune(2)
    with Journal(tmp_path / "journal") as journal:
        assert (journal.first, journal.last, journal.acked) == (3, 2, 2)
        assert journal.append([b"three"]) == 3


_acts = st.lists(
    st.tuples(st.sampled_from(["append", "acknowledge", "prune", "reopen"]), st.integers(0, 5)), max_size=25
)


@settings(max_examples=25, deadline=None)
@given(acts=_acts)
def test_whatever_is_done_what_was_appended_and_not_pruned_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal"
    journal = Journal(path)
    entries, pruned, acked = [], 0, 0
    for act, count in acts:
        match act:
            case "append":
                bodies = [b"%d" % seq for seq in range(len(entries) + 1, len(entries) + count + 1)]
                entries += bodies
                assert journal.append(bodies) == len(entries)
            case "acknowledge":
                acked = min(acked + count, len(entries))
                journal.acknowledge(acked)
            case "prune":
                pruned = max(pruned, min(pruned + count, acked))
                journal.prune(pruned)
            case _:
                journal.append([])
                journal.close()
                journal = Journal(path)
        assert (journal.first, journal.last, journal.acked) == (pruned + 1, len(entries), acked)
        assert journal.read(0) == entries[pruned:]
    journal.close()


@pytest.mark.parametrize(
    ("damage", "because"),
    [
        ("DELETE FROM entry WHERE seq = 20", "entries 1 to 50, but 49 of them"),
        ("DELETE FROM entry WHERE seq = 1", "entries 2 to 50, but 49 of them"),
        ("DELETE FROM fact WHERE name = 'epoch'", "epoch"),
        ("UPDATE fact SET value = 'x' WHERE name = 'acked'", "'x'"),
        ("UPDATE fact SET value = 51 WHERE name = 'acked'", "acknowledged 51, of entries 1 to 50"),
        ("PRAGMA user_version = 2", "schema 2, this release reads 1"),
    ],
)
def test_a_journal_that_fails_its_checks_is_refused_with_the_reason(tmp_path: Path, damage: str, because: str) -> None:
    _filled(tmp_path / "journal", 50)
    _change(tmp_path / "journal", damage)
    with pytest.raises(CorruptJournal, match=because):
        Journal(tmp_path / "journal")


def test_a_damaged_journal_is_set_aside_unharmed_and_a_new_epoch_begins(tmp_path: Path) -> None:
    path = tmp_path / "site" / "journal"
    path.parent.mkdir()
    epochs = set()
    for turn in (1, 2):
        epochs.add(_filled(path, 50))
        _change(path, "DELETE FROM entry WHERE seq = 20")
        damaged = path.read_bytes()

        journal, aside = open_journal(path)

        assert aside == path.with_name(f"journal.corrupt-{turn}")
        assert aside.read_bytes() == damaged
        assert (journal.first, journal.last) == (1, 0)
        epochs.add(journal.epoch)
        journal.close()
        path.unlink()
        assert len(list(path.parent.iterdir())) == turn
    assert len(epochs) == 4


def test_what_follows_a_damaged_journal_survives_a_crash(tmp_path: Path) -> None:
    _filled(tmp_path / "journal", 50)
    _change(tmp_path / "journal", "DELETE FROM entry WHERE seq = 20")
    journal, _ = open_journal(tmp_path / "journal")
    journal.append([b"one"])
    with Journal(_as_a_crash_leaves_it(journal, tmp_path / "crashed")) as crashed:
        assert crashed.epoch == journal.epoch
        assert crashed.read(0) == [b"one"]
    journal.close()


def test_an_append_returns_only_after_the_disk_has_it(tmp_path: Path) -> None:
    """A kill cannot show it, only a power cut can; so ask SQLite itself (2 is FULL)."""
    with Journal(tmp_path / "journal") as journal:
        assert journal._db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_journal_that_is_sound_is_opened_as_it_is_and_its_folder_made(tmp_path: Path) -> None:
    made, aside = open_journal(tmp_path / "new" / "folder" / "journal")
    made.append([b"one"])
    made.close()
    assert aside is None
    again, aside = open_journal(tmp_path / "new" / "folder" / "journal")
    assert (again.last, aside) == (1, None)
    again.close()


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6, 0.9])
def test_a_truncated_journal_is_set_aside(tmp_path: Path, kept: float) -> None:
    path = tmp_path / "journal"
    epoch = _filled(path, 2000)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])

    journal, aside = open_journal(path)

    assert aside is not None
    assert journal.epoch != epoch
    journal.close()


@pytest.mark.parametrize("seed", range(20))
def test_a_scribbled_journal_is_set_aside_or_still_has_every_entry(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "journal"
    epoch = _filled(path, 500)
    chance = random.Random(seed)
    scribbled = bytearray(path.read_bytes())
    start = 0 if seed == 0 else chance.randrange(len(scribbled) - 200)
    scribbled[start : start + 200] = chance.randbytes(200)
    path.write_bytes(scribbled)

    journal, aside = open_journal(path)

    if aside is None:
        assert journal.epoch == epoch
        assert len(journal.read(0)) == journal.last == 500
    else:
        assert journal.epoch != epoch
        assert journal.append([b"one"]) == 1
    journal.close()


def test_a_folder_that_cannot_be_written_is_a_fault_of_the_disk_and_not_of_the_journal(tmp_path: Path) -> None:
    with pytest.raises(JournalFault, match="unable to open database file"):
        Journal(tmp_path / "absent" / "journal")


_FILLS_THE_DISK = """
import resource, sys
from core.edge.journal import Journal, JournalFault
journal = Journal(sys.argv[1])
journal.append([b"kept"])
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
stored, faults = 1, 0
while faults < 3:
    try:
        journal.append([b"x" * 5000])
        stored += 1
    except JournalFault:
        faults += 1
        assert journal.last == stored
journal.acknowledge(stored)
try:
    journal.prune(stored)
except JournalFault:
    assert journal.first == 1
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert journal.append([b"after"]) == stored + 1
print(stored + 1)
"""


def test_a_full_disk_takes_nothing_loses_nothing_and_works_again_once_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    ran = subprocess.run(
        [sys.executable, "-c", _FILLS_THE_DISK, path], capture_output=True, text=True, timeout=30, check=False
    )
    assert ran.returncode == 0, ran.stderr
    with Journal(path) as journal:
        assert journal.last == int(ran.stdout) > 10
        assert journal.read(journal.last - 1) == [b"after"]


_APPENDS_FOR_EVER = """
import os, sys
from core.edge.journal import Journal
journal = Journal(sys.argv[1])
while True:
    last = journal.append([b"%d" % (journal.last + 1), b"%d" % (journal.last + 2)])
    os.write(1, b"%d\\n" % last)
"""


@pytest.mark.parametrize("lines", [1, 7, 60])
def test_a_killed_writer_loses_nothing_that_it_was_told_is_stored(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "journal"
    for _ in range(2):
        with subprocess.Popen([sys.executable, "-c", _APPENDS_FOR_EVER, path], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            told = [int(writer.stdout.readline()) for _ in range(lines)]
            writer.send_signal(signal.SIGKILL)
            told += [int(line) for line in writer.stdout.read().split(b"\n")[:-1]]
        with Journal(path) as journal:
            assert journal.last >= told[-1]
            assert journal.last % 2 == 0, "half of an append"
            assert journal.read(0, 10**6) == [b"%d" % seq for seq in range(1, journal.last + 1)]


def test_a_journal_that_is_damaged_while_it_is_open_is_no_fault_of_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    _filled(path, 2000)
    with Journal(path) as journal:
        journal._db.execute("PRAGMA cache_size=0")
        damaged = path.read_bytes()
        path.write_bytes(damaged[:8192] + b"x" * (len(damaged) - 8192))

        with pytest.raises(CorruptJournal):
            journal.read(0, 10_000)
        with pytest.raises(CorruptJournal):
            journal.append([b"more"])


_OPENS = """
import errno, sys
from pathlib import Path
from core.edge.disk import disk_alert
from core.edge.journal import Journal, JournalFault
path = Path(sys.argv[1])
journal = Journal(path)
journal._db.execute("PRAGMA cache_size=0")
Path(sys.argv[2]).write_text(str(errno.EIO))
for refused in (journal.probe, lambda: journal.read(0), lambda: Journal(path)):
    try:
        refused()
    except JournalFault as fault:
        print(disk_alert(fault, path.parent).code)
"""


def test_a_disk_that_gives_errors_is_not_taken_for_a_damaged_journal(tmp_path: Path, faulty_disk: FaultyDisk) -> None:
    """SQLite itself makes no difference: to a read that fails with EIO it says that the file is malformed."""
    path = tmp_path / "disk" / "journal"
    path.parent.mkdir()
    _filled(path, 2000)
    faulty_disk.under(path.parent)

    ran = subprocess.run(
        [sys.executable, "-c", _OPENS, path, tmp_path / "ill"], capture_output=True, text=True, timeout=30, check=False
    )

    assert ran.stdout.split() == ["disk-fault"] * 3, ran.stderr


def test_a_journal_that_is_tidied_has_a_log_that_does_not_grow(tmp_path: Path) -> None:
    with Journal(tmp_path / "tidied") as tidied, Journal(tmp_path / "left") as left:
        for _ in range(200):
            tidied.append([b"x" * 350])
            tidied.tidy()
            left.append([b"x" * 350])

        assert (tmp_path / "tidied-wal").stat().st_size * 3 < (tmp_path / "left-wal").stat().st_size
        with Journal(_as_a_crash_leaves_it(tidied, tmp_path / "crashed")) as crashed:
            assert crashed.read(0) == [b"x" * 350] * 200


def test_a_probe_writes_and_changes_nothing(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        journal.append([b"one"])
        before = (tmp_path / "journal-wal").stat().st_size

        journal.probe()

        assert (tmp_path / "journal-wal").stat().st_size > before
        assert (journal.last, journal.acked, journal.read(0)) == (1, 0, [b"one"])
