"""The controller on a disk that refuses, as a process: it stays, says so, promises nothing, and goes on by itself."""

from __future__ import annotations

import contextlib
import errno
import itertools
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from core.edge.site import Site
from provisioning.tree import Tree
from tests.firmware.controller.test_controller import ACK, ANSWER, ASK, DISK, SCREEN, Centre, controller_process
from tests.mosquitto import Mosquitto, wait_until
from tests.peer import Peer
from tests.powercut.library import FaultyDisk

ILLNESSES = [
    pytest.param(errno.ENOSPC, "disk-full", id="full"),
    pytest.param(errno.EROFS, "disk-read-only", id="read-only"),
    pytest.param(errno.EIO, "disk-fault", id="broken"),
]
FLEET = "fq/1/aubagne/up/fleet"


@pytest.fixture
def centre(provisioned: Tree, site_broker: Mosquitto, site_plan: Site, faulty_disk: FaultyDisk) -> Iterator[Centre]:
    with ExitStack() as stack:
        centre = Centre(stack, provisioned, site_broker)
        faulty_disk.under(centre.folder / "data")
        yield centre


@pytest.fixture
def agent(provisioned: Tree, central_broker: Mosquitto) -> Iterator[Peer]:
    with Peer(provisioned.agent, central_broker.port, "agent", ["fq/1/+/up/#"], stem="agent") as agent:
        yield agent


def told(agent: Peer) -> set[str]:
    """Codes of the controller's alerts, as the network hears them."""
    device = agent.last(FLEET).get("devices", {}).get("aubagne-controller", {})
    return {alert["code"] for alert in device.get("alerts", ())}


def rejection(centre: Centre) -> dict[str, Any]:
    """The answer to a press; asked again until the controller listens."""
    press = {"id": "q0", "beat": "1.2", "ttl_s": 3, "act": {"kind": "press", "room": "room-1"}}
    for _ in range(10):
        centre.room.say(ASK, press)
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: centre.room.on(ANSWER) != [], what="an answer", deadline_s=1)
            break
    return centre.room.last(ANSWER)


@pytest.mark.parametrize(("code", "alert"), ILLNESSES)
def test_a_disk_that_refuses_from_the_start_is_told_and_tried_until_it_works(
    centre: Centre, agent: Peer, faulty_disk: FaultyDisk, code: int, alert: str
) -> None:
    faulty_disk.falls_ill(code)
    with controller_process(centre.folder) as process:
        wait_until(lambda: told(agent) == {alert}, what="the network hears what is wrong")
        assert rejection(centre) == {"v": 1, "id": "q0", "outcome": "rejected", "code": "disk-fault"}
        assert centre.room.on(SCREEN) == [], "nothing is shown that no disk has"
        assert process.poll() is None

        faulty_disk.recovers()

        wait_until(lambda: len(centre.room.on(SCREEN)) > 1, what="it works")
        assert centre.ask({"kind": "letter", "disk": DISK})["letter"] == "A"
        wait_until(lambda: told(agent) == set(), what="the network hears that all is well", deadline_s=15)


@pytest.mark.heavy
@pytest.mark.parametrize(("code", "alert"), ILLNESSES)
def test_a_disk_that_begins_to_refuse_loses_nothing_that_was_acknowledged(
    centre: Centre, agent: Peer, faulty_disk: FaultyDisk, code: int, alert: str
) -> None:
    centre.start()
    assert centre.ask({"kind": "letter", "disk": DISK})["letter"] == "A"
    centre.come_on_duty()
    centre.issue(1)
    wait_until(lambda: centre.kiosk.last(ACK).get("upto") == 1, what="A001 is acknowledged")
    faulty_disk.falls_ill(code)

    rejected = centre.ask({"kind": "press", "room": "room-1"}, question="q2")
    centre.issue(2)

    assert (rejected["outcome"], rejected["code"]) == ("rejected", "disk-fault")
    wait_until(lambda: len(centre.kiosk.on(ACK)) == 2, what="the second ticket is answered")
    assert centre.kiosk.last(ACK)["upto"] == 1
    beat = centre.screen()["beat"]
    centre.wait_for(lambda screen: screen["beat"] != beat, "the screen goes on")
    assert [one["number"] for one in centre.screen()["waiting"]] == ["A001"]
    wait_until(lambda: told(agent) == {alert}, what="the network hears what is wrong", deadline_s=15)

    faulty_disk.recovers()
    wait_until(lambda: told(agent) == set(), what="the network hears that all is well", deadline_s=15)
    assert centre.ask({"kind": "press", "room": "room-1"}, question="q3")["number"] == "A001"
    centre.issue(2)
    wait_until(lambda: centre.kiosk.last(ACK)["upto"] == 2, what="A002 is acknowledged")
    centre.kill()
    centre.start()
    centre.wait_for(lambda screen: screen["beat"].startswith("2."), "the second start beats")
    assert centre.screen()["rooms"][0]["number"] == "A001"
    assert [one["number"] for one in centre.screen()["waiting"]] == ["A002"]


def test_without_its_disk_it_gives_way_to_a_controller_that_has_one(
    centre: Centre, site_broker: Mosquitto, faulty_disk: FaultyDisk
) -> None:
    centre.start()
    other = centre.folder.with_name("other-card")
    other.mkdir()
    for file in centre.folder.iterdir():
        if file.is_file():
            (other / file.name).write_bytes(file.read_bytes())
    faulty_disk.under(other / "data")
    faulty_disk.falls_ill(errno.ENOSPC)

    with controller_process(other) as second:
        wait_until(lambda: births(site_broker) >= 3, what="the newcomer pushes the first one out, which comes back")
        wait_until(lambda: beats_steadily(centre, 10), what="and is heard no more", deadline_s=40)
        assert second.poll() is None
        second.send_signal(signal.SIGTERM)
        assert second.wait(10) == 0


def gaps_s(centre: Centre) -> list[float]:
    """Seconds between one beat that was heard and the next."""
    at_s = [float(screen["beat"].split(".", 1)[1]) for screen in centre.room.on(SCREEN)]
    return [after - before for before, after in itertools.pairwise(at_s)]


def births(broker: Mosquitto) -> int:
    """Connections under the controller's name so far, whoever made them."""
    return len(re.findall(r"New client connected .* as aubagne-controller ", broker.log))


def beats_steadily(centre: Centre, count: int) -> bool:
    newest = gaps_s(centre)[-count:]
    return len(newest) == count and all(gap_s < 1.5 for gap_s in newest)
