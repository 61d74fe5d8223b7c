"""A controller with an empty disk between two real brokers; those who kept something of the day are played by hand."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from core.room import events as e
from core.room.state import fingerprint, fold
from core.wire.coding import decode, encode
from core.wire.messages import Snap
from provisioning.tree import Tree
from tests.agent.site import EVENING_MS, Day, records
from tests.firmware.controller.test_controller import ACK, DISK, EVT, SCREEN, Centre, waiting
from tests.mosquitto import Mosquitto, wait_until
from tests.peer import Peer

GATHER_S = 3.0
_PATIENT_S = 20.0
"""Where an answer is to come in time however slow this machine is."""
KIOSK, ROOM, DISPLAY = (f"fq/1/aubagne/dev/aubagne-{name}/kept" for name in ("kiosk-1", "room-1", "display"))


@pytest.fixture
def centre(provisioned: Tree, site_broker: Mosquitto) -> Iterator[Centre]:
    """A centre in which A001 is called, A002 and A003 wait, and then kiosk-1's controller and broker die."""
    with ExitStack() as stack:
        centre = Centre(stack, provisioned, site_broker)
        set_key(centre, "origin_ms", time.time_ns() // 1_000_000)
        set_key(centre, "start_ms", EVENING_MS)
        centre.start()
        assert centre.ask({"kind": "letter", "disk": DISK})["letter"] == "A"
        centre.come_on_duty()
        for n in (1, 2, 3):
            centre.issue(n)
        centre.wait_for(waiting(3), "three wait")
        assert centre.ask({"kind": "call-next", "room": "room-1"})["number"] == "A001"
        centre.wait_for(waiting(2), "A001 is called")
        centre.lost = centre.screen()
        centre.kill()
        shutil.rmtree(centre.folder / "data")
        site_broker.restart()
        set_key(centre, "gather_s", GATHER_S)
        yield centre


def set_key(centre: Centre, key: str, value: float | str) -> None:
    """Change the controller's device file."""
    file = centre.folder / "device.toml"
    file.write_text(re.sub(rf"^{key} = .*", f"{key} = {value}", file.read_text(), flags=re.MULTILINE))


def start_and_hear_the_question(centre: Centre) -> None:
    centre.launch()
    wait_until(
        lambda: centre.screen().get("is_gathering", False) and centre.screen()["epoch"] != centre.lost["epoch"],
        what="the new disk asks",
    )


def numbers(screen: dict[str, Any]) -> list[str]:
    return [one["number"] for one in screen["waiting"]]


def is_open(screen: dict[str, Any]) -> bool:
    return not screen["is_gathering"]


def tell_again(centre: Centre, *, known: int, upto: int) -> None:
    """What the kiosk's journal holds, as its outbox sends it to a controller that has nothing of it."""
    at = {"boot": 1, "mono_ms": 9000, "wall_ms": 0, "is_synchronised": False}
    entries = [centre.entry(n) for n in range(1, upto + 1)]
    centre.kiosk.say(EVT, {"epoch": DISK, "first": 1, "oldest": 1, "known": known, "told": at, "entries": entries})
    wait_until(lambda: centre.kiosk.last(ACK).get("upto") == upto, what="the kiosk is acknowledged")


def test_one_room_that_kept_the_screen_brings_the_day_back(centre: Centre) -> None:
    start_and_hear_the_question(centre)
    centre.room.say(ROOM, {"screen": centre.lost})

    centre.wait_for(is_open, "the day is decided")

    screen = centre.screen()
    assert numbers(screen) == ["A002", "A003"]
    stand_in = screen["rooms"][0]["ticket"]
    assert screen["rooms"][0] == {**centre.lost["rooms"][0], "ticket": stand_in}
    assert (screen["day"], screen["letters"]) == (centre.lost["day"], centre.lost["letters"])
    tell_again(centre, known=3, upto=4)
    centre.wait_for(waiting(3), "A004, which nobody had been told of, waits too")
    assert numbers(centre.screen()) == ["A002", "A003", "A004"]
    assert centre.screen()["rooms"][0] == centre.lost["rooms"][0] | {"next": ["A002", "A003", "A004"], "waiting": 3}
    centre.ask({"kind": "complete", "room": "room-1"}, question="q2")
    assert centre.ask({"kind": "call-next", "room": "room-1"}, question="q3")["number"] == "A002"


def test_nobody_answers_and_the_centre_opens_all_the_same(centre: Centre) -> None:
    start_and_hear_the_question(centre)

    centre.wait_for(is_open, "the time is up")

    assert numbers(centre.screen()) == []
    assert centre.ask({"kind": "letter", "disk": "e" * 32}, question="q5")["letter"] == "A"


def test_a_kiosk_alone_keeps_its_letter_and_what_it_had_told_is_to_confirm(centre: Centre) -> None:
    start_and_hear_the_question(centre)
    centre.kiosk.say(KIOSK, {"disk": DISK, "letter": "A"})
    centre.wait_for(is_open, "the day is decided")

    tell_again(centre, known=3, upto=4)

    centre.wait_for(waiting(1), "only A004 is certain to wait")
    assert numbers(centre.screen()) == ["A004"]
    present = {"kind": "present", "slip": "A002", "service": "consultation", "language": "fr"}
    assert centre.ask(present, question="q4") == {"v": 1, "id": "q4", "outcome": "done", "number": "A002"}
    centre.wait_for(waiting(2), "A002 has shown the slip")
    assert numbers(centre.screen()) == ["A002", "A004"]


def test_while_it_asks_nobody_is_called_and_no_letter_is_given(centre: Centre) -> None:
    start_and_hear_the_question(centre)
    heard = len(centre.room.on(SCREEN))
    beat = centre.screen()["beat"]
    for peer, device, act in (
        (centre.room, "room-1", {"kind": "call-next", "room": "room-1"}),
        (centre.kiosk, "kiosk-1", {"kind": "letter", "disk": "e" * 32}),
    ):
        peer.say(f"fq/1/aubagne/dev/aubagne-{device}/ask", {"id": "early", "beat": beat, "ttl_s": 60, "act": act})

    centre.wait_for(is_open, "the time is up")

    assert len(centre.room.on(SCREEN)) > heard
    assert centre.screen()["letters"] == {}
    assert all(answer["id"] != "early" for _topic, answer in _answers(centre))


def _answers(centre: Centre) -> list[tuple[str, dict[str, Any]]]:
    return [(name, one) for name in ("room-1", "kiosk-1") for one in _heard_by(centre, name)]


def _heard_by(centre: Centre, name: str) -> list[dict[str, Any]]:
    peer = centre.room if name == "room-1" else centre.kiosk
    return peer.on(f"fq/1/aubagne/dev/aubagne-{name}/answer")


def test_the_agent_alone_brings_the_day_back_and_no_ticket_is_another_one(
    centre: Centre, provisioned: Tree, central_broker: Mosquitto
) -> None:
    day = Day()
    first, second = day.issue(), day.issue()
    state = fold(records(*day.opening, first, second, e.TicketCalled(ticket=first.ticket, room="room-2")))
    known = Snap(epoch="lost", seq=5, fingerprint=fingerprint(state), at_ms=EVENING_MS, state=state)
    link, log, snap = (f"fq/1/aubagne/up/{leaf}" for leaf in ("link", "log", "snap"))
    with Peer(provisioned.agent, central_broker.port, "agent", ["fq/1/+/up/#"], stem="agent") as agent:
        agent.say("fq/1/agent/state", {"boot": 1, "online": True}, retain=True)
        set_key(centre, "gather_s", 10)
        centre.launch()
        wait_until(lambda: agent.last(link).get("is_gathering", False), what="the agent is asked")
        assert agent.on(snap) == [], "an empty state would take the place of the one that is known"
        agent.say("fq/1/aubagne/down/snap", encode(known))

        wait_until(lambda: agent.on(log) != [], what="the day is told to the agent", deadline_s=_PATIENT_S)

        again = decode(Snap, encode(known)).state.tickets
        told = [one["event"] for one in agent.on(log)[0]["records"]]
        assert [one["ticket"] for one in told if one["kind"] == "ticket-restored"] == list(again)
        assert not any(one["kind"] == "ticket-issued" for one in told)
        wait_until(lambda: agent.on(snap) != [], what="the state follows")
        assert decode(Snap, agent.heard_last(snap)).state.tickets == again
        assert not agent.last(link)["is_gathering"]


def test_a_state_that_is_not_what_it_says_is_refused(
    centre: Centre, provisioned: Tree, central_broker: Mosquitto
) -> None:
    day = Day()
    state = fold(records(*day.opening, day.issue()))
    false = Snap(epoch="lost", seq=3, fingerprint="0" * 16, at_ms=EVENING_MS, state=state)
    link = "fq/1/aubagne/up/link"
    with Peer(provisioned.agent, central_broker.port, "agent", ["fq/1/+/up/#"], stem="agent") as agent:
        centre.launch()
        wait_until(lambda: agent.last(link).get("is_gathering", False), what="the agent is asked")
        agent.say("fq/1/aubagne/down/snap", encode(false))

        centre.wait_for(lambda screen: screen["epoch"] != centre.lost["epoch"] and is_open(screen), "it opens")

    assert numbers(centre.screen()) == []
