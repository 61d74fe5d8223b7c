"""Messages that come twice, late and in another order: every ticket once, each kiosk's order kept, every event once."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from borne.demo.watch import read_only
from tests.agent.conftest import AgentProcess
from tests.agent.site import Day, PlayedSite
from tests.firmware.controller.test_controller import ACK, DISK, EVT, Centre
from tests.mosquitto import wait_until

_TICKETS = 30
_SEEDS = (1, 2, 3)


def shuffled(some: list[Any], chance: random.Random) -> list[Any]:
    """Each up to three times, in any order: what a line that loses and repeats makes of a run."""
    repeated = [one for one in some for _ in range(chance.randrange(4))]
    chance.shuffle(repeated)
    return repeated


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_kiosks_reports_in_any_order_make_each_ticket_once(centre: Centre, seed: int) -> None:
    chance = random.Random(seed)
    at = [{"boot": 1, "mono_ms": 1000 * n, "wall_ms": 0, "is_synchronised": False} for n in range(_TICKETS + 1)]
    entries = [
        {
            "kind": "issued",
            "ticket": f"t{n}",
            "number": f"A{n:03d}",
            "token": f"{n:016d}",
            "service": "consultation",
            "language": "fr",
            "at": at[n],
        }
        for n in range(1, _TICKETS + 1)
    ]
    runs = [(first, chance.randrange(1, 8)) for first in range(1, _TICKETS + 1)]
    messages = [
        {"epoch": DISK, "first": first, "told": at[-1], "entries": entries[first - 1 : first - 1 + count]}
        for first, count in runs
    ]

    def is_taken() -> bool:
        return bool(centre.kiosk.last(ACK).get("upto") == _TICKETS)

    while not is_taken():
        batch = shuffled(messages, chance)
        answered = len(centre.kiosk.on(ACK)) + len(batch)
        for message in batch:
            centre.kiosk.say(EVT, message)
        wait_until(lambda n=answered: len(centre.kiosk.on(ACK)) == n, what="all are answered")  # type: ignore[misc]

    centre.wait_for(lambda screen: len(screen["waiting"]) == _TICKETS, "all wait")
    assert [one["number"] for one in centre.screen()["waiting"]] == [entry["number"] for entry in entries]
    upto = [ack["upto"] for ack in centre.kiosk.on(ACK)]
    assert upto == sorted(upto), "an acknowledgement never goes back"
    assert not any("refused" in ack for ack in centre.kiosk.on(ACK))


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_journal_in_any_order_is_stored_once_and_in_order(
    agent: AgentProcess, play: Callable[..., PlayedSite], seed: int
) -> None:
    chance, site = random.Random(seed), play()
    events = Day().busy(20)
    batches = [
        site.batch(first, *events[first - 1 : first - 1 + chance.randrange(1, 12)])
        for first in range(1, len(events) + 1)
    ]

    for _ in range(3):
        for batch in shuffled(batches, chance):
            site.say("log", batch)
    for batch in batches:
        site.say("log", batch)
    wait_until(lambda: bool(site.acks) and site.acks[-1].upto == len(events), what="all is acknowledged")

    upto = [ack.upto for ack in site.acks]
    assert upto == sorted(upto), "an acknowledgement never goes back"
    with closing(read_only(agent.folder / "agent.db")) as db:
        rows = db.execute("SELECT seq, body FROM event ORDER BY seq").fetchall()
    assert [seq for seq, _ in rows] == list(range(1, len(events) + 1))
    assert [json.loads(body)["event"]["kind"] for _, body in rows] == [event.kind for event in events]
