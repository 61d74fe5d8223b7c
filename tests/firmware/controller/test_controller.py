"""The controller as a process, between two real brokers, with kiosk, room and agent played by hand."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.edge.site import Site
from provisioning.tree import Tree
from tests.mosquitto import Mosquitto, wait_until
from tests.peer import Peer

EVT, ACK = "fq/1/aubagne/dev/aubagne-kiosk-1/evt", "fq/1/aubagne/dev/aubagne-kiosk-1/ack"
ASK, ANSWER = "fq/1/aubagne/dev/aubagne-room-1/ask", "fq/1/aubagne/dev/aubagne-room-1/answer"
SCREEN = "fq/1/aubagne/screen"
MINE = "fq/1/aubagne/dev/aubagne-controller/state"
DISK = "d" * 32
SET_CLOCK = '\n[clock]\ndriver = "scaled"\norigin_ms = 0\nstart_ms = 0\nspeed = 1\n'
"""As on a machine that a time server has set, which not every one is that runs the tests."""


@contextmanager
def controller_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "borne", "controller", "--config", folder / "device.toml"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


class Centre:
    """A running controller and the peers around it."""

    def __init__(self, stack: ExitStack, tree: Tree, site_broker: Mosquitto) -> None:
        self._stack, self._tree, self.port = stack, tree, site_broker.port
        self.folder = tree.device("aubagne", "aubagne-controller")
        file = self.folder / "device.toml"
        file.write_text("gather_s = 0\nforecasts = false\n" + file.read_text() + SET_CLOCK)
        self.process: subprocess.Popen[str] | None = None
        self.kiosk = self.peer("aubagne-kiosk-1", [ACK, SCREEN, "fq/1/aubagne/dev/aubagne-kiosk-1/answer"])
        self.room = self.peer("aubagne-room-1", [ANSWER, SCREEN])
        self.lost: dict[str, Any] = {}
        """The last screen before a controller was lost."""

    def peer(self, name: str, filters: list[str]) -> Peer:
        return self._stack.enter_context(Peer(self._tree.device("aubagne", name), self.port, name, filters))

    def start(self) -> None:
        heard = len(self.room.on(SCREEN))
        self.launch()
        wait_until(lambda: len(self.room.on(SCREEN)) > heard + 1, what="the controller shows a screen")

    def launch(self) -> None:
        self.process = self._stack.enter_context(controller_process(self.folder))

    def kill(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(5)

    def ask(self, act: dict[str, Any], *, question: str = "q1", beat: str | None = None) -> dict[str, Any]:
        is_kiosks = act["kind"] in ("letter", "present")
        peer, device = (self.kiosk, "aubagne-kiosk-1") if is_kiosks else (self.room, "aubagne-room-1")
        answers = f"fq/1/aubagne/dev/{device}/answer"
        known = len(peer.on(answers))
        peer.say(
            f"fq/1/aubagne/dev/{device}/ask",
            {"id": question, "beat": beat or self.room.last(SCREEN)["beat"], "ttl_s": 3, "act": act},
        )
        wait_until(lambda: len(peer.on(answers)) > known, what=f"an answer to {act}")
        return peer.last(answers)

    def come_on_duty(self) -> None:
        """As a first press does in the morning."""
        assert self.ask({"kind": "come-on-duty", "room": "room-1"}, question="morning")["outcome"] == "done"

    def issue(self, n: int, *, ticket: str | None = None, disk: str = DISK, seq: int | None = None) -> None:
        entry = self.entry(n, ticket)
        self.kiosk.say(EVT, {"epoch": disk, "first": seq or n, "told": entry["at"], "entries": [entry]})

    def entry(self, n: int, ticket: str | None = None) -> dict[str, Any]:
        """An entry of the kiosk's journal."""
        return {
            "kind": "issued",
            "ticket": ticket or f"t{n}",
            "number": f"A{n:03d}",
            "token": f"{n:016d}",
            "service": "consultation",
            "language": "fr",
            "at": {"boot": 1, "mono_ms": 1000 * n, "wall_ms": 0, "is_synchronised": False},
        }

    def screen(self) -> dict[str, Any]:
        return self.room.last(SCREEN)

    def wait_for(self, condition: Callable[[dict[str, Any]], bool], what: str) -> None:
        wait_until(lambda: condition(self.screen()), what=what)


@pytest.fixture
def centre(provisioned: Tree, site_broker: Mosquitto, site_plan: Site) -> Iterator[Centre]:
    with ExitStack() as stack:
        centre = Centre(stack, provisioned, site_broker)
        centre.start()
        yield centre


@pytest.fixture
def open_centre(centre: Centre) -> Centre:
    assert centre.ask({"kind": "letter", "disk": DISK})["letter"] == "A"
    centre.come_on_duty()
    return centre


def waiting(n: int) -> Callable[[dict[str, Any]], bool]:
    return lambda screen: len(screen["waiting"]) == n


def test_a_ticket_goes_from_the_kiosk_to_the_room(open_centre: Centre) -> None:
    open_centre.issue(1)
    open_centre.wait_for(waiting(1), "A001 waits")
    wait_until(lambda: open_centre.kiosk.last(ACK).get("upto") == 1, what="the kiosk is acknowledged")

    answer = open_centre.ask({"kind": "press", "room": "room-1"})

    assert answer == {"v": 1, "id": "q1", "outcome": "done", "number": "A001"}
    open_centre.wait_for(waiting(0), "nobody waits")
    room = open_centre.screen()["rooms"][0]
    assert (room["room"], room["duty"], room["number"], room["is_in_service"]) == ("room-1", "on", "A001", False)
    assert open_centre.screen()["calls"][0]["number"] == "A001"


def test_the_same_question_twice_acts_once(open_centre: Centre) -> None:
    for n in (1, 2):
        open_centre.issue(n)
    open_centre.wait_for(waiting(2), "two wait")

    first = open_centre.ask({"kind": "call-next", "room": "room-1"}, question="once")
    again = open_centre.ask({"kind": "call-next", "room": "room-1"}, question="once")

    assert first == again == {"v": 1, "id": "once", "outcome": "done", "number": "A001"}
    assert len(open_centre.screen()["waiting"]) == 1


def test_a_question_of_an_unknown_beat_has_expired(open_centre: Centre) -> None:
    open_centre.issue(1)
    open_centre.wait_for(waiting(1), "A001 waits")

    answer = open_centre.ask({"kind": "press", "room": "room-1"}, beat="0.123")

    assert answer["outcome"] == "expired"
    assert len(open_centre.screen()["waiting"]) == 1


def test_a_controller_that_was_stopped_does_not_act_on_an_old_press(open_centre: Centre) -> None:
    open_centre.issue(1)
    open_centre.wait_for(waiting(1), "A001 waits")
    assert open_centre.process
    beat = open_centre.screen()["beat"]
    known = len(open_centre.room.on(ANSWER))
    open_centre.process.send_signal(signal.SIGSTOP)
    press = {"id": "late", "beat": beat, "ttl_s": 0.5, "act": {"kind": "press", "room": "room-1"}}
    open_centre.room.say(ASK, press)
    with pytest.raises(TimeoutError):
        wait_until(lambda: len(open_centre.room.on(ANSWER)) > known, what="a stopped process answers", deadline_s=1)

    open_centre.process.send_signal(signal.SIGCONT)

    wait_until(lambda: len(open_centre.room.on(ANSWER)) > known, what="it answers when it goes on")
    assert open_centre.room.last(ANSWER)["outcome"] == "expired"


def test_a_room_unit_asks_for_its_own_room_only(open_centre: Centre) -> None:
    open_centre.issue(1)
    open_centre.wait_for(waiting(1), "A001 waits")

    answer = open_centre.ask({"kind": "press", "room": "room-2"})

    assert (answer["outcome"], answer["code"]) == ("rejected", "not-yours")


def test_after_a_gap_the_kiosk_is_told_again_how_far_it_got(open_centre: Centre) -> None:
    open_centre.issue(1)
    open_centre.issue(3)
    wait_until(lambda: len(open_centre.kiosk.on(ACK)) == 2, what="both are answered")
    assert [ack["upto"] for ack in open_centre.kiosk.on(ACK)] == [1, 1]

    open_centre.issue(2)
    open_centre.issue(3)

    wait_until(lambda: open_centre.kiosk.last(ACK).get("upto") == 3, what="all three are taken in")
    open_centre.wait_for(
        lambda screen: [one["number"] for one in screen["waiting"]] == ["A001", "A002", "A003"], "all three are shown"
    )


def test_killed_and_started_again_it_knows_everything_it_acknowledged(open_centre: Centre) -> None:
    for n in range(1, 4):
        open_centre.issue(n)
    wait_until(lambda: open_centre.kiosk.last(ACK).get("upto") == 3, what="three are acknowledged")
    open_centre.wait_for(waiting(3), "three wait")
    before = open_centre.screen()

    open_centre.kill()
    open_centre.start()

    open_centre.wait_for(lambda screen: screen["beat"].startswith("2."), "the second start beats")
    after = open_centre.screen()
    assert (after["epoch"], after["waiting"], after["letters"]) == (
        before["epoch"],
        before["waiting"],
        before["letters"],
    )


def test_a_copy_of_a_kiosks_card_is_refused(open_centre: Centre) -> None:
    open_centre.issue(1)
    wait_until(lambda: open_centre.kiosk.on(ACK) != [], what="A001 is taken in")

    open_centre.issue(1, ticket="another")

    wait_until(lambda: "refused" in open_centre.kiosk.last(ACK), what="the copy is refused")
    assert open_centre.kiosk.last(ACK)["refused"] == "number-taken"


def test_a_kiosk_under_a_letter_it_does_not_hold_is_refused(open_centre: Centre) -> None:
    open_centre.issue(1, disk="e" * 32)

    wait_until(lambda: open_centre.kiosk.on(ACK) != [], what="it is answered")
    assert open_centre.kiosk.last(ACK) == {"v": 1, "epoch": "e" * 32, "upto": 1, "refused": "letter-not-held"}
    assert open_centre.screen()["waiting"] == []


def test_malformed_messages_change_nothing(open_centre: Centre) -> None:
    for payload in (b"", b"{", b"[]", b'{"id":"x"}', b"\xff" * 100, b"[" * 100_000):
        open_centre.kiosk.say(EVT, payload)
        open_centre.room.say(ASK, payload)
    open_centre.room.say("fq/1/aubagne/dev/aubagne-room-1/res", b"{}")

    open_centre.issue(1)

    open_centre.wait_for(waiting(1), "the next good message is taken")


def test_a_second_controller_with_the_same_identity_gives_way(open_centre: Centre, tmp_path: Path) -> None:
    other = tmp_path / "other-card"
    other.mkdir()
    for file in open_centre.folder.iterdir():
        if file.is_file():
            (other / file.name).write_bytes(file.read_bytes())

    with controller_process(other) as second:
        _out, errors = second.communicate(timeout=20)

    assert second.returncode == 1
    assert "another controller is connected as aubagne-controller" in errors
    beat = open_centre.screen()["beat"]
    open_centre.wait_for(lambda screen: screen["beat"] != beat, "the first one is back")
    open_centre.issue(1)
    open_centre.wait_for(waiting(1), "the first one works on")


def test_a_wrong_device_file_stops_it_with_a_sentence(centre: Centre) -> None:
    file = centre.folder / "device.toml"
    file.write_text(file.read_text().replace("[uplink]", "[upink]"))

    with controller_process(centre.folder) as process:
        _out, errors = process.communicate(timeout=20)

    assert process.returncode == 2
    assert "upink" in errors
    assert "did you mean 'uplink'?" in errors


def test_its_journal_reaches_the_network_and_is_sent_again_until_acknowledged(
    open_centre: Centre, provisioned: Tree, central_broker: Mosquitto
) -> None:
    with Peer(provisioned.agent, central_broker.port, "agent", ["fq/1/+/up/#"], stem="agent") as agent:
        log, snap = "fq/1/aubagne/up/log", "fq/1/aubagne/up/snap"
        agent.say("fq/1/agent/state", {"boot": 1, "online": True}, retain=True)
        wait_until(lambda: agent.on(log) != [] and agent.on(snap) != [], what="the backlog arrives")
        assert agent.last("fq/1/aubagne/up/link")["online"] is True
        first = agent.on(log)[0]
        assert [record["event"]["kind"] for record in first["records"]] == [
            "day-opened",
            "letter-granted",
            "duty-began",
        ]

        wait_until(lambda: len(agent.on(log)) > 1, what="it is sent again")
        agent.say("fq/1/aubagne/down/ack", {"epoch": first["epoch"], "upto": 3})
        open_centre.issue(1)

        wait_until(lambda: agent.last(log)["first"] == 4, what="only what is new follows")
        wait_until(lambda: agent.last(snap)["seq"] == 4, what="the newest state follows")
        assert json.dumps(agent.last(snap)).count("A001") == 1
