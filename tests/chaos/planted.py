"""Five bugs that a chaos test must find, or is not worth trusting: each is planted into a process as it starts.

`python -m tests.chaos.planted BUG ROLE --config FILE` is `borne ROLE --config FILE` with the bug, where it has a place
in that role. None of this is in the product.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace

from borne.__main__ import main
from core.room.ids import Letter
from core.room.state import SiteState
from core.wire.coding import encode
from core.wire.messages import Ack, Reports

__all__ = ["BUGS"]

_CARD_S = 0.03
"""What an SD card takes to sync (design, section 9). On a fast disk what is told too early would not have left the
process when it dies at the commit."""


def _acknowledge_the_highest() -> None:
    """The controller acknowledges the highest entry it has seen of a kiosk: what lies before it is never sent again."""
    from firmware.controller import lan

    contiguous = lan.acknowledgement

    def careless(state: SiteState, reports: Reports, refused: str | None) -> Ack:
        ack = contiguous(state, reports, refused)
        return ack.model_copy(update={"upto": max(ack.upto, reports.first - 1 + len(reports.entries))})

    lan.acknowledgement = careless


def _tell_before_commit() -> None:
    """The controller answers and shows what it has decided, and writes it down afterwards."""
    from firmware.controller.app import Controller

    commit = Controller._committed

    def late(controller: Controller, *args: object) -> str | None:
        lan = controller._lan
        reported, lan._reported = lan._reported, []
        controller._answering.settle(None)
        lan.settle()
        lan._reported = reported
        lan._shown = (-1, float("-inf"))
        lan.show(time.monotonic())
        time.sleep(_CARD_S)
        return commit(controller, *args)

    Controller._committed = late


def _no_unique_number() -> None:
    """The controller looks neither for a letter that is free nor for a number that is taken."""
    from core.room import decide

    decide.free_letter = lambda _taken: Letter("A")
    SiteState.with_number = lambda _state, _number: None


def _day_of_the_clock() -> None:
    """The kiosk begins its numbers again when its own clock says that it is another day."""
    from core.room.day import service_day
    from firmware.kiosk.desk.clerk import Clerk
    from firmware.kiosk.desk.store import Store

    tick = Clerk.tick

    def hear(store: Store, screen) -> None:
        store.count = replace(store.count, letter=screen.letters.get(store.disk, store.count.letter))

    def by_the_clock(clerk: Clerk, *args, **kwargs) -> None:
        day = service_day(clerk._clock.wall_ms(), clerk._zone)
        if day != clerk._store.count.day:
            clerk._store.count = replace(clerk._store.count, day=day, last=0)
        tick(clerk, *args, **kwargs)

    Store.hear = hear
    Store.roll_over = lambda *_args, **_kwargs: None
    Clerk.tick = by_the_clock


def _acknowledge_before_commit() -> None:
    """The agent acknowledges what it has read, and stores it afterwards."""
    from agent.ingest import Ingest
    from core.wire.topics import SiteTopics

    commit = Ingest._commit

    def late(ingest: Ingest, drain) -> None:
        for (site, epoch), known in drain.streams.items():
            ingest._link.publish(SiteTopics(site).down("ack"), encode(Ack(epoch=epoch, upto=known.upto)))
        time.sleep(_CARD_S)
        commit(ingest, drain)

    Ingest._commit = late


BUGS: dict[str, tuple[str, Callable[[], None]]] = {
    "acknowledge-the-highest": ("controller", _acknowledge_the_highest),
    "tell-before-commit": ("controller", _tell_before_commit),
    "no-unique-number": ("controller", _no_unique_number),
    "day-of-the-clock": ("kiosk", _day_of_the_clock),
    "acknowledge-before-commit": ("agent", _acknowledge_before_commit),
}
"""By name: the role that has it, and what plants it."""


if __name__ == "__main__":
    role, plant = BUGS[sys.argv.pop(1)]
    if sys.argv[1] == role:
        plant()
    main()
