"""Names beside the journal: kept for as long as their ticket, told to one room, and gone without a trace."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from core.edge.site import Site
from core.room import events as e
from core.room.ids import DeviceId, TicketId
from core.room.state import SiteState, evolve
from core.wire.messages import DeviceState, Named
from firmware.controller.names import Names
from firmware.controller.nametable import FILE, NameTable, open_table, wipe
from provisioning.tree import Tree
from tests.conftest import make_site
from tests.core.room.given import KIOSK, NINE, a_morning, called, given, ticket
from tests.firmware.controller.test_controller import DISK, Centre, waiting
from tests.mosquitto import Mosquitto, wait_until
from tests.peer import Peer

_DAY = "2026-11-22"
_UNIT, _OTHER = DeviceId("aubagne-room-2"), DeviceId("aubagne-room-1")
_NAME, _YEAR = "Qvyntelle-Öznur", 1937


@pytest.fixture
def site_plan() -> Site:
    site = make_site("aubagne")
    return site.model_copy(update={"reception": site.reception.model_copy(update={"asks_name": True})})


def _named(number: str, first_name: str = _NAME, born: int | None = _YEAR) -> Named:
    return Named(ticket=ticket(number), first_name=first_name, born=born)


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def _after(state: SiteState, *events: e.Event) -> SiteState:
    for event in events:
        state = evolve(state, event, NINE)
    return state


class _Told:
    """Names, and what they tell the units."""

    def __init__(self, site: Site, folder: Path, state: SiteState) -> None:
        self.heard: list[tuple[DeviceId, str]] = []
        self.is_up = True
        self.fleet = {unit: _health(boot=1) for unit in (_UNIT, _OTHER)}
        self.names = Names(site, folder, self._hear)
        self.state = state

    def _hear(self, unit: DeviceId, named: Named) -> bool:
        self.heard += [(unit, named.first_name)] if self.is_up else []
        return self.is_up

    def follow(self, *, is_closed: bool = False) -> None:
        self.names.follow(self.state, self.fleet, is_closed=is_closed)

    def live_on(self, *events: e.Event) -> None:
        self.state = _after(self.state, *events)
        self.follow()


def _health(*, boot: int, state: str = "ready") -> DeviceState:
    return DeviceState(boot=boot, start=f"start-{boot}", role="room", state=state)


@pytest.fixture
def told(site_plan: Site, tmp_path: Path) -> Iterator[_Told]:
    one = _Told(site_plan, tmp_path, given(a_morning("A001", "A002")).state)
    one.follow()
    yield one
    one.names.close()


def test_only_the_unit_of_the_room_that_calls_hears_the_name(told: _Told) -> None:
    told.names.take(KIOSK, _named("A001"), told.state)
    told.follow()
    assert told.heard == []

    told.live_on(called("A001"))
    told.follow()

    assert told.heard == [(_UNIT, _NAME)], "and once"


def test_a_unit_that_starts_again_and_one_that_could_not_be_told_hear_it_again(told: _Told) -> None:
    told.names.take(KIOSK, _named("A001"), told.state)
    told.is_up = False
    told.live_on(called("A001"))
    told.is_up = True
    told.follow()
    assert told.heard == [(_UNIT, _NAME)]

    told.fleet[_UNIT] = _health(boot=1, state="lost")
    told.follow()
    told.fleet[_UNIT] = _health(boot=1)
    told.follow()
    told.fleet[_UNIT] = _health(boot=2)
    told.follow()

    assert told.heard == 3 * [(_UNIT, _NAME)]


def test_a_controller_that_starts_again_tells_it_again(told: _Told, site_plan: Site, tmp_path: Path) -> None:
    told.names.take(KIOSK, _named("A001"), told.state)
    told.live_on(called("A001"))
    told.names.close()

    again = _Told(site_plan, tmp_path, told.state)
    again.follow()

    assert again.heard == [(_UNIT, _NAME)]
    again.names.close()


@pytest.mark.parametrize(
    "end",
    [
        [called("A001"), e.TicketCompleted(ticket=ticket("A001"))],
        [e.TicketCancelled(ticket=ticket("A001"), reason="left")],
        [e.DayOpened(day="2026-11-23")],
        [e.DayOpened(day="2026-11-23", carried=(ticket("A001"), ticket("A002")))],
    ],
)
def test_with_its_ticket_and_with_the_day_a_name_is_gone_from_the_disk(
    told: _Told, tmp_path: Path, end: list[e.Event]
) -> None:
    told.names.take(KIOSK, _named("A001"), told.state)
    assert _NAME.encode() in _bytes(tmp_path)

    told.live_on(*end)

    assert _NAME.encode() not in _bytes(tmp_path)


def test_at_closing_all_names_are_gone_also_of_those_who_still_wait(told: _Told, tmp_path: Path) -> None:
    for number in ("A001", "A002"):
        told.names.take(KIOSK, _named(number), told.state)
    told.live_on(called("A001"))
    assert len(told.heard) == 1

    told.follow(is_closed=True)

    assert _NAME.encode() not in _bytes(tmp_path)
    told.fleet[_UNIT] = _health(boot=2)
    told.follow(is_closed=True)
    assert len(told.heard) == 1
    told.names.take(KIOSK, _named("A002"), told.state)
    told.follow(is_closed=True)
    assert _NAME.encode() not in _bytes(tmp_path)


def test_a_name_of_a_ticket_that_this_kiosk_has_not_given_or_that_is_over_is_not_kept(
    told: _Told, tmp_path: Path
) -> None:
    told.live_on(e.TicketCancelled(ticket=ticket("A002"), reason="left"))

    told.names.take(DeviceId("another-kiosk"), _named("A001"), told.state)
    told.names.take(KIOSK, _named("A002"), told.state)
    told.names.take(KIOSK, _named("A003"), told.state)

    assert _NAME.encode() not in _bytes(tmp_path)
    assert told.names.fault is None


def test_what_a_crash_has_left_is_erased_by_the_first_turn(told: _Told, site_plan: Site, tmp_path: Path) -> None:
    told.names.take(KIOSK, _named("A001"), told.state)
    told.names.close()
    over = _after(told.state, e.TicketCancelled(ticket=ticket("A001"), reason="left"))

    late = _Told(site_plan, tmp_path, over)
    late.follow()

    assert _NAME.encode() not in _bytes(tmp_path)
    late.names.close()


def test_what_the_disk_does_not_let_us_erase_is_shown_to_nobody_and_tried_again(told: _Told, tmp_path: Path) -> None:
    told.names.take(KIOSK, _named("A001"), told.state)
    told.live_on(called("A001"))
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM name").fetchone()  # a shared lock: nobody may write

        told.live_on(e.TicketCompleted(ticket=ticket("A001")))
        assert told.names.fault is not None
        told.fleet[_UNIT] = _health(boot=2)
        told.follow()
        assert len(told.heard) == 1
        reader.execute("COMMIT")

    told.follow()
    assert told.names.fault is None
    assert _NAME.encode() not in _bytes(tmp_path)


def test_a_damaged_table_is_overwritten_and_made_anew(tmp_path: Path) -> None:
    table = NameTable(tmp_path)
    for n in range(200):
        table.put(Named(ticket=TicketId(f"t{n}"), first_name=f"{_NAME}{n}"), _DAY)
    table.close()
    file = tmp_path / FILE
    damaged = bytearray(file.read_bytes())
    damaged[4096:4200] = b"\xff" * 104
    file.write_bytes(damaged)
    inode = os.open(file, os.O_RDONLY)

    table, names = open_table(tmp_path, _DAY)

    assert names == {}
    table.put(_named("A001"), _DAY)
    table.close()
    assert not os.pread(inode, 1 << 20, 0).strip(b"\0"), "the old one is zeros also for whoever still holds it"
    os.close(inode)


def test_a_table_that_is_damaged_while_it_is_used_is_overwritten_as_well(told: _Told, tmp_path: Path) -> None:
    told.names.take(KIOSK, _named("A001"), told.state)
    file = tmp_path / FILE
    content = file.read_bytes()
    file.write_bytes(b"\xff" * 100 + content[100:])
    assert _NAME.encode() in _bytes(tmp_path)

    told.live_on(e.TicketCancelled(ticket=ticket("A001"), reason="left"))
    told.follow()

    assert _NAME.encode() not in _bytes(tmp_path)
    told.names.take(KIOSK, _named("A002"), told.state)
    assert _NAME.encode() in _bytes(tmp_path)
    assert told.names.fault is None


def test_a_centre_that_asks_no_more_has_no_table(tmp_path: Path) -> None:
    wipe(tmp_path)
    with closing(NameTable(tmp_path)) as table:
        table.put(_named("A001"), _DAY)

    wipe(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_only_its_own_user_reads_the_table(tmp_path: Path) -> None:
    with closing(NameTable(tmp_path)):
        assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_no_byte_of_an_erased_name_is_left_in_any_file_however_they_come_and_go(tmp_path: Path) -> None:
    chance = random.Random(6)
    held: dict[TicketId, str] = {}
    gone: list[bytes] = []
    with closing(NameTable(tmp_path)) as table:
        for n in range(1200):
            if held and (chance.random() < 0.5 or len(held) > 150):
                some = chance.sample(sorted(held), k=min(len(held), chance.randint(1, 4)))
                table.erase(some)
                gone += [held.pop(one).encode() for one in some]
            else:
                one, name = TicketId(f"{chance.getrandbits(128):032x}"), f"Zq{n}wyvern" + "x" * chance.randint(0, 20)
                table.put(Named(ticket=one, first_name=name), _DAY)
                held[one] = name
            if n % 40 == 0:
                content = _bytes(tmp_path)
                assert not [name for name in gone if name in content]
        table.erase(held)
        assert b"wyvern" not in _bytes(tmp_path)


_DIES = """
import os, sys
from core.wire.messages import Named
from firmware.controller.nametable import NameTable
from pathlib import Path
table = NameTable(Path(sys.argv[1]))
for n in range(300):
    table.put(Named(ticket=f"t{n}", first_name=f"Zq{n}wyvern"), "2026-11-22")
table.erase([f"t{n}" for n in range(150)])
table._db.execute("PRAGMA cache_size = 1")
table._db.execute("BEGIN")
table._db.execute("DELETE FROM name")
os.kill(os.getpid(), 9)
"""


def test_killed_while_it_erases_it_leaves_nothing_beside_the_table_and_the_next_start_erases_the_rest(
    tmp_path: Path,
) -> None:
    died = subprocess.run([sys.executable, "-c", _DIES, tmp_path], check=False, timeout=30)
    assert died.returncode == -signal.SIGKILL

    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    content = _bytes(tmp_path)
    assert not [n for n in range(150) if f"Zq{n}wyvern".encode() in content]
    open_table(tmp_path, "2026-11-23")[0].close()
    assert b"wyvern" not in _bytes(tmp_path)


@pytest.fixture
def open_centre(provisioned: Tree, site_broker: Mosquitto) -> Iterator[Centre]:
    with ExitStack() as stack:
        centre = Centre(stack, provisioned, site_broker)
        centre.start()
        assert centre.ask({"kind": "letter", "disk": DISK})["letter"] == "A"
        centre.come_on_duty()
        yield centre


def _hears(centre: Centre, device: str) -> Peer:
    """The unit of a room, newly started."""
    peer = centre.peer(device, [f"fq/1/aubagne/dev/{device}/name"])
    _lives(peer, device, boot=1)
    return peer


def _lives(peer: Peer, device: str, *, boot: int) -> None:
    state = {"boot": boot, "start": f"start-{boot}", "role": "room", "state": "ready"}
    peer.say(f"fq/1/aubagne/dev/{device}/state", state, retain=True)


def test_between_real_processes_a_name_comes_to_the_room_and_again_after_each_restart(open_centre: Centre) -> None:
    centre, topic = open_centre, "fq/1/aubagne/dev/aubagne-room-2/name"
    unit = _hears(centre, "aubagne-room-2")
    curious = centre.peer("aubagne-kiosk-2", ["fq/1/aubagne/dev/+/name"])
    centre.issue(1)
    centre.kiosk.say("fq/1/aubagne/dev/aubagne-kiosk-1/name", {"ticket": "t1", "first_name": _NAME, "born": _YEAR})
    centre.wait_for(waiting(1), "A001 waits")
    on_duty = {"kind": "come-on-duty", "room": "room-2"}
    ask = {"beat": centre.screen()["beat"], "ttl_s": 9}
    unit.say("fq/1/aubagne/dev/aubagne-room-2/ask", ask | {"id": "on", "act": on_duty})
    unit.say(
        "fq/1/aubagne/dev/aubagne-room-2/ask", ask | {"id": "call", "act": {"kind": "call-next", "room": "room-2"}}
    )

    wait_until(lambda: len(unit.on(topic)) == 1, what="the unit hears the name")
    assert unit.last(topic) == {"v": 1, "ticket": "t1", "first_name": _NAME, "born": _YEAR}
    _lives(unit, "aubagne-room-2", boot=2)
    wait_until(lambda: len(unit.on(topic)) == 2, what="after it has started again, it hears it again")
    centre.kill()
    centre.start()
    wait_until(lambda: len(unit.on(topic)) == 3, what="after the controller has, likewise")

    assert curious.heard == []
    late = centre.peer("aubagne-display", ["#"])
    wait_until(lambda: late.last("fq/1/aubagne/screen") != {}, what="what is retained is read")
    assert _NAME.encode() not in b"".join(payload for _, payload in late.heard)
    data = centre.folder / "data"
    assert _holders(data) == [FILE]
    unit.say(
        "fq/1/aubagne/dev/aubagne-room-2/ask",
        {"beat": centre.screen()["beat"], "ttl_s": 9, "id": "end", "act": {"kind": "complete", "room": "room-2"}},
    )
    wait_until(lambda: _holders(data) == [], what="the visit is over, and the name is gone")


def _holders(data: Path) -> list[str]:
    return [path.name for path in data.iterdir() if path.is_file() and _NAME.encode() in path.read_bytes()]
