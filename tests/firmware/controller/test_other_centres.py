"""What a centre shows of the others while it gives no tickets: its own disk, then real processes and brokers."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.roster.changes import with_day
from agent.settings import load_agent
from agent.store.plans import PlanStore
from core.edge.link import LinkSettings
from core.edge.opening import OpeningTable
from core.edge.place import Place
from core.edge.site import Site
from core.room import events as e
from core.room.ids import PractitionerId, RoomId, ServiceId, SiteId
from core.room.opening import Hours
from core.room.outlook import Wait
from core.wire.messages import Elsewhere, Network
from firmware.controller.network import OtherCentres
from provisioning.provision import provision
from provisioning.tree import Tree
from tests.agent.conftest import AgentProcess
from tests.agent.site import EVENING_MS, Day, PlayedSite
from tests.conftest import make_plan, make_site
from tests.firmware.controller.test_controller import Centre
from tests.firmware.controller.test_rebuild import set_key
from tests.mosquitto import Mosquitto, wait_until
from tests.peer import Peer

PARIS = ZoneInfo("Europe/Paris")
HOUR_MS = 3_600_000
CLOSING_MS = EVENING_MS + 4 * HOUR_MS
NET = "fq/1/aubagne/down/net"
WAIT = Wait(p10_s=900, p25_s=1140, p50_s=1500, p75_s=1920, p90_s=2280, in_time=100)


def open_until(closes_ms: int | None, *, heard_ms: int = EVENING_MS, name: str = "Centre de Trets") -> Elsewhere:
    return Elsewhere(name=name, distance_m=19_569, closes_ms=closes_ms, waiting=4, wait=WAIT, heard_ms=heard_ms)


def kept(folder: Path, *centres: Elsewhere) -> OtherCentres:
    others = OtherCentres(folder, PARIS)
    others.file.take(Network(at_ms=EVENING_MS, centres=list(centres)))
    return others


def test_what_was_heard_is_there_after_a_restart(tmp_path: Path) -> None:
    kept(tmp_path, open_until(CLOSING_MS)).file.keep(0.0)

    again = OtherCentres(tmp_path, PARIS)

    assert again.open_at(EVENING_MS + HOUR_MS) == [open_until(CLOSING_MS)]


def test_before_the_first_news_and_after_damage_no_centre_is_named(tmp_path: Path) -> None:
    assert OtherCentres(tmp_path, PARIS).open_at(EVENING_MS) == []
    (tmp_path / "others.json").write_bytes(b'{"centres": 7}')

    damaged = OtherCentres(tmp_path, PARIS)

    assert damaged.open_at(EVENING_MS) == []
    assert damaged.file.aside == tmp_path / "others.damaged"


@pytest.mark.parametrize(
    ("after_h", "is_named"),
    [(0, True), (3.9, True), (4, False), (24, False)],
    ids=["now", "late", "closed", "next day"],
)
def test_a_centre_is_named_until_it_closes(tmp_path: Path, after_h: float, is_named: bool) -> None:
    others = kept(tmp_path, open_until(CLOSING_MS))

    assert bool(others.open_at(EVENING_MS + int(after_h * HOUR_MS))) is is_named


def test_what_was_true_on_another_service_day_is_not_said(tmp_path: Path) -> None:
    """A night that runs past midnight is still the evening's; a new day begins at 4:00."""
    others = kept(tmp_path, open_until(None))

    assert others.open_at(EVENING_MS + 9 * HOUR_MS) == [open_until(None)]
    assert others.open_at(EVENING_MS + 10 * HOUR_MS) == []


def test_news_is_written_down_at_once_and_then_every_five_minutes_at_most(tmp_path: Path) -> None:
    others = kept(tmp_path, open_until(CLOSING_MS))
    others.file.keep(0.0)
    others.file.take(Network(at_ms=EVENING_MS + 1, centres=[]))

    others.file.keep(299.0)
    assert OtherCentres(tmp_path, PARIS).open_at(EVENING_MS) != []
    others.file.keep(301.0)
    assert OtherCentres(tmp_path, PARIS).open_at(EVENING_MS) == []


@pytest.fixture
def site_plan() -> Site:
    """Open from 9:00 to 22:00."""
    return _placed(make_site("aubagne"), 43.2927, 5.5703)


@pytest.fixture
def provisioned(tmp_path: Path, site_plan: Site, _key_material: Path) -> Tree:
    """Aubagne and Trets, whose agent lives in the evening."""
    out = tmp_path / "provisioned"
    shutil.copytree(_key_material, out)
    tree = provision(make_plan(site_plan, _placed(make_site("trets"), 43.4478, 5.6847)), out, now=datetime.now(tz=UTC))
    with (tree.agent / "agent.toml").open("a") as file:
        file.write(f'\n[clock]\ndriver = "scaled"\norigin_ms = {_now_ms()}\nstart_ms = {EVENING_MS}\nspeed = 1\n')
    return tree


def _placed(site: Site, latitude: float, longitude: float) -> Site:
    place, opening = Place(latitude=latitude, longitude=longitude), OpeningTable(every_day="09:00-22:00")
    return site.model_copy(update={"place": place, "opening": opening})


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def at(provisioned: Tree, site_broker: Mosquitto, central_broker: Mosquitto) -> Iterator[Callable[[int], Centre]]:
    """Starts the centre of Aubagne at an instant, again if it is there already."""
    with ExitStack() as stack:
        centre = Centre(stack, provisioned, site_broker)

        def start(at_ms: int) -> Centre:
            if centre.process is not None:
                centre.kill()
            set_key(centre, "origin_ms", _now_ms())
            set_key(centre, "start_ms", at_ms)
            centre.start()
            return centre

        yield start


@pytest.fixture
def trets(provisioned: Tree, central_broker: Mosquitto, tmp_path: Path) -> Iterator[PlayedSite]:
    """One doctor, two who wait, and a wait that was told."""
    link = LinkSettings(
        host="127.0.0.1",
        port=central_broker.port,
        ca=Path("uplink-ca.crt"),
        certificate=Path("uplink.crt"),
        key=Path("uplink.key"),
    ).beside(provisioned.device("trets", "trets-controller"))
    with PlayedSite(tmp_path / "trets", link, site="trets") as site:
        day, room = Day(), RoomId("room-1")
        began = e.DutyBegan(room=room, practitioner=PractitionerId("at-room-1"), until_ms=None)
        told = e.WaitsTold(tickets={}, newcomers={ServiceId("consultation"): WAIT})
        site.write(*day.opening, began, day.issue(), day.issue(), told)
        site.say("snap", site.snap())
        yield site


@pytest.fixture
def agent(provisioned: Tree, trets: PlayedSite) -> Iterator[AgentProcess]:
    process = AgentProcess(provisioned.agent)
    process.start()
    yield process
    process.kill()


def others_of(centre: Centre) -> list[Elsewhere]:
    return [Elsewhere.model_validate(one) for one in centre.screen()["elsewhere"]]


def test_a_centre_that_closes_names_the_next_one_within_seconds(
    at: Callable[[int], Centre], agent: AgentProcess, provisioned: Tree
) -> None:
    centre = at(EVENING_MS)
    wait_until(
        (centre.folder / "data" / "others.json").exists, what="the centre has heard of the others", deadline_s=20
    )
    assert centre.screen()["intake"] == "open"
    assert others_of(centre) == []
    plans = PlanStore(load_agent(provisioned.agent / "agent.toml").store.url)
    until_five = Hours(opens_min=540, closes_min=1020)
    began_s = time.monotonic()

    plans.change(lambda plan: with_day(plan, SiteId("aubagne"), date(2026, 11, 22), until_five), now_ms=EVENING_MS)
    plans.close()
    centre.wait_for(lambda screen: screen["intake"] == "closed", "it was open until 17:00")

    assert time.monotonic() - began_s < 5
    (trets,) = others_of(centre)
    assert trets == open_until(CLOSING_MS, name="Centre de Trets", heard_ms=trets.heard_ms).model_copy(
        update={"waiting": 2}
    )
    assert 0 <= trets.heard_ms - EVENING_MS < 60_000


def test_without_network_and_after_a_restart_it_names_the_one_it_knew_with_its_age(
    at: Callable[[int], Centre], agent: AgentProcess, central_broker: Mosquitto
) -> None:
    centre = at(EVENING_MS)
    wait_until(
        (centre.folder / "data" / "others.json").exists, what="the centre has heard of the others", deadline_s=20
    )
    agent.kill()
    central_broker.stop()

    at(EVENING_MS + 3 * HOUR_MS)
    assert others_of(centre) == [], "at 21:00 it is open itself"
    plan = '{"rev": 1, "days": {"2026-11-22": {"opens_min": 540, "closes_min": 1200}}}'
    (centre.folder / "data" / "plan.json").write_text(plan)
    at(EVENING_MS + 3 * HOUR_MS)

    centre.wait_for(lambda screen: screen["intake"] == "closed", "it has closed at 20:00")
    (trets,) = others_of(centre)
    assert (trets.name, trets.waiting, trets.wait) == ("Centre de Trets", 2, WAIT)
    assert 0 <= trets.heard_ms - EVENING_MS < 60_000, "that was at 18:00"
    at(CLOSING_MS)
    centre.wait_for(lambda screen: screen["intake"] == "closed", "it is night")
    assert others_of(centre) == []


def test_three_are_shown_and_garbage_takes_none_of_them(
    at: Callable[[int], Centre], provisioned: Tree, central_broker: Mosquitto
) -> None:
    centre = at(CLOSING_MS + HOUR_MS)
    centres = [open_until(None, name=f"Centre {n}", heard_ms=CLOSING_MS) for n in range(10)]
    fleet = "fq/1/aubagne/up/fleet"
    with Peer(provisioned.agent, central_broker.port, "agent", [fleet], stem="agent") as agent:
        wait_until(lambda: agent.on(fleet) != [], what="the centre is linked", deadline_s=20)
        agent.say(NET, Network(at_ms=CLOSING_MS, centres=centres).model_dump(mode="json", exclude_none=True))
        centre.wait_for(lambda screen: screen["elsewhere"] != [], "it names others")
        for payload in (b"{", b"\xff" * 100, b"[" * 100_000, b'{"at_ms": 1e18}', b'{"at_ms": 1, "centres": [{}]}'):
            agent.say(NET, payload)

        def refused() -> dict[str, int]:
            devices = agent.last(fleet)["devices"]
            return dict(devices["aubagne-controller"]["refused"])

        wait_until(lambda: refused().get(NET) == 5, what="what cannot be read is counted", deadline_s=20)
    assert others_of(centre) == centres[:3]
