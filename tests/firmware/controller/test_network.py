"""What comes down from the network, the plan and acts decided elsewhere: two real brokers, the agent played by hand."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from core.edge.opening import OpeningTable
from core.edge.site import Site
from provisioning.tree import Tree
from tests.agent.site import EVENING_MS
from tests.conftest import make_site
from tests.firmware.controller.test_controller import DISK, Centre, waiting
from tests.firmware.controller.test_rebuild import set_key
from tests.mosquitto import Mosquitto, wait_until
from tests.peer import Peer

CFG, CMD = "fq/1/aubagne/down/cfg", "fq/1/aubagne/down/cmd"
RES, FLEET = "fq/1/aubagne/up/res", "fq/1/aubagne/up/fleet"
HOUR_MS = 3_600_000


@pytest.fixture
def site_plan() -> Site:
    """Open from 9:00 to 22:00."""
    return make_site("aubagne").model_copy(update={"opening": OpeningTable(every_day="09:00-22:00")})


@pytest.fixture
def centre(provisioned: Tree, site_broker: Mosquitto, central_broker: Mosquitto) -> Iterator[Centre]:
    """At 18:00, with a kiosk that has its letter; nobody is on duty."""
    with ExitStack() as stack:
        centre = Centre(stack, provisioned, site_broker)
        set_key(centre, "origin_ms", time.time_ns() // 1_000_000)
        set_key(centre, "start_ms", EVENING_MS)
        centre.start()
        assert centre.ask({"kind": "letter", "disk": DISK}, question="letter")["letter"] == "A"
        yield centre


@pytest.fixture
def agent(provisioned: Tree, central_broker: Mosquitto, centre: Centre) -> Iterator[Peer]:
    with Peer(provisioned.agent, central_broker.port, "agent", ["fq/1/+/up/#"], stem="agent") as agent:
        wait_until(lambda: agent.last("fq/1/aubagne/up/link").get("online", False), what="the centre is linked")
        yield agent


def plan(rev: int, name: str = "Dr Vallon", **more: Any) -> dict[str, Any]:
    """One doctor from 16:00 to 22:00 in room 1."""
    shift = {
        "practitioner": "dr-vallon",
        "room": "room-1",
        "begins_ms": EVENING_MS - 2 * HOUR_MS,
        "ends_ms": EVENING_MS + 4 * HOUR_MS,
    }
    return {"rev": rev, "practitioners": {"dr-vallon": name}, "shifts": [shift], **more}


def missing(centre: Centre) -> list[str]:
    """Names of the doctors who are planned and not there."""
    return [one["practitioner"] for one in centre.screen()["doubts"] if one["kind"] == "missing"]


def ask(agent: Peer, act: dict[str, Any], *, beat: str, question: str) -> dict[str, Any]:
    agent.say(CMD, {"id": question, "beat": beat, "ttl_s": 5, "act": act})
    wait_until(lambda: any(one["id"] == question for one in agent.on(RES)), what=f"an answer to {act}")
    return agent.last(RES)


def ask_twice(agent: Peer, act: dict[str, Any], question: str) -> dict[str, Any]:
    """As the agent does: under no beat, and then under the one that the controller names."""
    expired = ask(agent, act, beat="", question=f"{question}-first")
    assert expired["outcome"] == "expired"
    return ask(agent, act, beat=expired["beat"], question=question)


def refused(agent: Peer) -> dict[str, int]:
    return dict(agent.last(FLEET).get("devices", {}).get("aubagne-controller", {}).get("refused", {}))


def test_whoever_presses_is_the_doctor_whom_the_plan_names(centre: Centre, agent: Peer) -> None:
    agent.say(CFG, plan(3), retain=True)
    wait_until(lambda: missing(centre) == ["Dr Vallon"], what="the doctor is missed")

    centre.ask({"kind": "press", "room": "room-1"})

    centre.wait_for(lambda screen: screen["doubts"] == [], "the doctor is there")
    room = centre.screen()["rooms"][0]
    assert (room["duty"], room["practitioner"], room["until_ms"]) == ("on", "Dr Vallon", EVENING_MS + 4 * HOUR_MS)


def test_the_network_is_alerted_to_a_doctor_who_has_not_come(centre: Centre, agent: Peer) -> None:
    agent.say(CFG, plan(3), retain=True)

    def alerts() -> dict[str, str]:
        device = agent.last(FLEET).get("devices", {}).get("aubagne-controller", {})
        return {one["code"]: one["detail"] for one in device.get("alerts", ())}

    wait_until(lambda: "Dr Vallon in room-1" in alerts().get("doctor-missing", ""), what="an alert", deadline_s=20)


def test_the_plan_is_kept_without_the_network_and_an_older_one_never_replaces_it(
    centre: Centre, agent: Peer, central_broker: Mosquitto
) -> None:
    agent.say(CFG, plan(3))
    wait_until(lambda: missing(centre) == ["Dr Vallon"], what="the plan holds")
    agent.say(CFG, plan(2, "Dr Arnaud"))
    agent.say(CFG, plan(4, "Dr Vallon-Roux", days={"2026-11-22": {"opens_min": 600}}))
    wait_until(lambda: refused(agent).get(CFG) == 1, what="the one that cannot be is counted", deadline_s=20)
    wait_until((centre.folder / "data" / "plan.json").exists, what="it is on the disk")
    central_broker.stop()
    centre.kill()

    centre.start()

    centre.wait_for(lambda screen: screen["beat"].startswith("2."), "the second start beats")
    wait_until(lambda: missing(centre) == ["Dr Vallon"], what="the plan holds as it was")


def test_a_plan_that_changes_todays_hours_closes_the_kiosks_at_once(centre: Centre, agent: Peer) -> None:
    assert (centre.screen()["intake"], centre.screen()["closes_ms"]) == ("open", EVENING_MS + 4 * HOUR_MS)

    agent.say(CFG, plan(1, days={"2026-11-22": {"opens_min": 540, "closes_min": 1020}}))

    centre.wait_for(lambda screen: screen["intake"] == "closed", "it was open until 17:00")
    assert centre.screen()["opens_ms"] == EVENING_MS + 15 * HOUR_MS


def test_an_act_decided_elsewhere_is_asked_again_under_the_beat_that_the_centre_names_and_done_once(
    centre: Centre, agent: Peer
) -> None:
    for n in (1, 2):
        centre.issue(n)
    centre.wait_for(waiting(2), "two wait")
    urgent = {"kind": "set-priority", "ticket": "t2", "priority": "urgent"}

    answer = ask_twice(agent, urgent, "raise")

    assert answer["outcome"] == "done"
    centre.wait_for(lambda screen: screen["waiting"][0]["number"] == "A002", "A002 is first")
    leaves = {"kind": "cancel", "ticket": "t2", "reason": "left"}
    assert ask(agent, leaves, beat=centre.screen()["beat"], question="raise") == answer, "it was answered before"
    assert len(centre.screen()["waiting"]) == 2
    assert ask_twice(agent, leaves, "leave")["outcome"] == "done"
    centre.wait_for(waiting(1), "who has left is gone")


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ({"kind": "press", "room": "room-1"}, "not-yours"),
        ({"kind": "undo", "room": "room-1"}, "not-yours"),
        ({"kind": "go-off-duty", "room": "room-1"}, "not-yours"),
        ({"kind": "letter", "disk": "e" * 32}, "not-yours"),
        ({"kind": "raise-warning"}, "not-yours"),
        ({"kind": "transfer", "ticket": "t1", "service": "dentist"}, "unknown-service"),
        ({"kind": "set-priority", "ticket": "nobody", "priority": "urgent"}, "unknown-ticket"),
        ({"kind": "stay-until", "room": "room-9", "until_ms": EVENING_MS + HOUR_MS}, "not-on-duty"),
    ],
)
def test_what_the_network_may_not_have_is_rejected_by_the_same_rules(
    centre: Centre, agent: Peer, act: dict[str, Any], code: str
) -> None:
    centre.issue(1)
    centre.wait_for(waiting(1), "A001 waits")

    answer = ask_twice(agent, act, "q")

    assert (answer["outcome"], answer["code"]) == ("rejected", code)
    assert len(centre.screen()["waiting"]) == 1


def test_a_controller_that_was_stopped_does_not_act_on_what_the_network_had_asked(centre: Centre, agent: Peer) -> None:
    centre.issue(1)
    centre.wait_for(waiting(1), "A001 waits")
    assert centre.process
    beat = centre.screen()["beat"]
    centre.process.send_signal(signal.SIGSTOP)
    leaves = {"id": "late", "beat": beat, "ttl_s": 0.5, "act": {"kind": "cancel", "ticket": "t1", "reason": "left"}}
    agent.say(CMD, leaves)
    with pytest.raises(TimeoutError):
        wait_until(lambda: agent.on(RES) != [], what="a stopped process answers", deadline_s=1)

    centre.process.send_signal(signal.SIGCONT)

    wait_until(lambda: agent.on(RES) != [], what="it answers when it goes on")
    assert agent.last(RES)["outcome"] == "expired"
    assert len(centre.screen()["waiting"]) == 1


def test_rubbish_and_a_flood_from_the_network_stop_nobody_in_the_centre(centre: Centre, agent: Peer) -> None:
    for payload in (b"", b"{", b"[]", b"\xff" * 100, b"[" * 100_000, b'{"rev": -1}', b'{"id": "x"}'):
        agent.say(CFG, payload)
        agent.say(CMD, payload)
    for n in range(2000):
        agent.say(CMD, {"id": f"flood-{n}", "beat": "", "ttl_s": 5, "act": {"kind": "go-off-duty", "room": "room-1"}})

    began_s = time.monotonic()
    assert centre.ask({"kind": "press", "room": "room-1"}, question="press")["outcome"] == "done"

    assert time.monotonic() - began_s < 2
    wait_until(lambda: refused(agent).get(CFG) == 7, what="what came on cfg is counted", deadline_s=20)
    wait_until(lambda: refused(agent).get(CMD, 0) > 7, what="and what found no room", deadline_s=20)
    stay = {"kind": "stay-until", "room": "room-1", "until_ms": EVENING_MS + HOUR_MS}
    assert ask_twice(agent, stay, "stay")["outcome"] == "done"


def test_a_kiosk_calls_the_team_and_the_next_press_of_a_room_only_acknowledges_it(centre: Centre) -> None:
    centre.come_on_duty()
    centre.issue(1)
    centre.wait_for(waiting(1), "A001 waits")
    kiosk = "fq/1/aubagne/dev/aubagne-kiosk-1/ask"
    beat = centre.screen()["beat"]

    centre.kiosk.say(kiosk, {"id": "help", "beat": beat, "ttl_s": 3, "act": {"kind": "raise-warning"}})

    centre.wait_for(lambda screen: "warning" in screen, "it rings")
    assert centre.screen()["warning"]["device"] == "aubagne-kiosk-1"
    centre.ask({"kind": "press", "room": "room-1"}, question="heard")
    centre.wait_for(lambda screen: "warning" not in screen, "it is acknowledged")
    assert len(centre.screen()["waiting"]) == 1


def test_a_room_takes_its_press_back(centre: Centre) -> None:
    centre.come_on_duty()
    centre.issue(1)
    centre.wait_for(waiting(1), "A001 waits")
    assert centre.ask({"kind": "press", "room": "room-1"}, question="press")["number"] == "A001"

    undone = centre.ask({"kind": "undo", "room": "room-1"}, question="undo")

    assert undone == {"v": 1, "id": "undo", "outcome": "done"}
    centre.wait_for(waiting(1), "A001 waits again")
    again = centre.ask({"kind": "undo", "room": "room-1"}, question="undo-2")
    assert (again["outcome"], again["code"]) == ("rejected", "nothing-to-undo")
