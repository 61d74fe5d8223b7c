"""From a press to the big screen and to the page of the one who is called, with 5,000 other pages open and idle.

The press leaves the real station of a room unit, without the 20 ms over which its contact settles; the big screen is
the real station of a display, without its drawing. Controller, agent and both brokers are the real processes.

Limit: the same hops and commits between bare clients (`benchmarks.bare`), through brokers of their own.
"""

from __future__ import annotations

import contextlib
import queue
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from agent.store.store import Changes, SiteRow, Store
from agent.stream import Stream
from benchmarks.bare import ASKER, SIZES, client, subscribe
from benchmarks.centre import SITE, Centre, resident_kb, wait_until
from benchmarks.fair import Figure, Goal, interleaved, percentile
from benchmarks.history import evening
from benchmarks.phones import Phone
from benchmarks.room import EVENING_MS, PressedRoom, evening_clock, lay
from core.room.ids import SiteId
from core.room.state import fold
from core.wire.identity import new_id
from core.wire.topics import SiteTopics

__all__ = ["measure"]

_PRESSES = 40
"""In a round; five rounds make 200."""
_WARM_UP = 10
_WAITING = 40
_SITES = 50
_PAGES_EACH = 100
_PAGES = f"{_SITES * _PAGES_EACH:,}"
_PAUSES_S = 0.05, 0.15
_LATE_S = 10.0


def measure(folder: Path, rounds: int) -> Iterator[Figure]:
    """Both ways at once."""
    centre = Centre(folder / "product", clock=evening_clock())
    first = lay(centre, evening(_WAITING, EVENING_MS))
    tokens = _network(centre)
    with contextlib.ExitStack() as stack:
        stack.enter_context(centre.central_broker())
        agent = stack.enter_context(centre.agent())
        stack.enter_context(centre.site_broker())
        stack.enter_context(centre.role("controller"))
        room = stack.enter_context(contextlib.closing(PressedRoom(centre, first)))
        wait_until(lambda: first.number in centre.page(f"/t/{first.token}"), "the agent knows the ticket")
        phone = stack.enter_context(Phone(centre.web_port, first.token))
        bare = stack.enter_context(_bare(Centre(folder / "bare")))
        before_kb = resident_kb(agent.pid)
        stack.enter_context(
            centre.child(sys.executable, "-m", "benchmarks.phones", str(centre.web_port), tokens)
        ).hear()
        idle_kb = (resident_kb(agent.pid) - before_kb) / (_SITES * _PAGES_EACH)
        ours, theirs = _Presses(lambda: _press(room, phone)), _Presses(bare)
        taken = interleaved(
            {
                "bare board": theirs.board,
                "bare page": theirs.page,
                "board": ours.board,
                "page": ours.page,
            },
            rounds,
        )
    for arm, path in (
        ("board", "press to big screen"),
        ("page", f"press to phone page, {_PAGES} others idle"),
    ):
        times = ours.seen[arm]
        late_s = percentile(times, 0.99)
        yield Figure(
            path=path,
            figure=f"{1000 * taken.median(arm):.2f} of {1000 * taken.median(f'bare {arm}'):.2f} ms",
            ratio=taken.ratio(arm, f"bare {arm}"),
            goal=Goal(limit=1.5, is_floor=False),
        )
        yield Figure(
            path=f"{path}, p99 to median",
            figure=f"p99 {1000 * late_s:.1f} ms of {len(times)}; bare {1000 * percentile(theirs.seen[arm], 0.99):.1f}",
            value=late_s / statistics.median(times),
            goal=Goal(limit=5, is_floor=False),
        )
    yield Figure(
        path=f"memory of an idle page, of {_PAGES}",
        figure="KB of the agent's resident memory",
        value=idle_kb,
        goal=Goal(limit=15, is_floor=False),
    )


class _Presses:
    """Both figures of a press, taken together."""

    def __init__(self, press: Callable[[], tuple[float, float]]) -> None:
        """
        Args:
            press: returns seconds until the big screen, and until the page.
        """
        self.seen: dict[str, list[float]] = {"board": [], "page": []}
        self._press = press
        for _ in range(_WARM_UP):
            press()

    def board(self) -> float:
        """Press through a round; its median to the big screen."""
        for _ in range(_PRESSES):
            time.sleep(random.uniform(*_PAUSES_S))
            for times, took_s in zip(self.seen.values(), self._press(), strict=True):
                times.append(took_s)
        return statistics.median(self.seen["board"][-_PRESSES:])

    def page(self) -> float:
        """The same round's median to the page."""
        return statistics.median(self.seen["page"][-_PRESSES:])


def _press(room: PressedRoom, phone: Phone) -> tuple[float, float]:
    """Seconds until the big screen, and until the page of the one who is called."""
    phone.look_away()
    pressed_s, board_s = room.press()
    page_s = phone.when(b"Salle 1")
    room.put_back()
    return board_s - pressed_s, page_s - pressed_s


@contextlib.contextmanager
def _bare(centre: Centre) -> Iterator[Callable[[], tuple[float, float]]]:
    """A press between bare clients."""
    topics = SiteTopics(SiteId(SITE))
    shown: queue.SimpleQueue[float] = queue.SimpleQueue()
    command = [sys.executable, "-m", "benchmarks.bare"]
    central, site = str(centre.central_port), str(centre.site_port)
    with contextlib.ExitStack() as stack:
        for broker in (centre.site_broker(), centre.central_broker()):
            stack.enter_context(broker)
        agent = stack.enter_context(centre.child(*command, "agent", centre.tree.agent, central))
        controller = stack.enter_context(
            centre.child(*command, "controller", centre.device("controller"), central, site)
        )
        for process in (agent, controller):
            process.hear()
        room, display = (client(centre.device(name), "device", centre.site_port) for name in ("room-1", "display"))
        for one in (room, display):
            stack.callback(one.loop_stop)
            stack.callback(one.disconnect)
        display.on_message = lambda *_: shown.put(time.monotonic())
        subscribe(display, topics.screen, lambda: shown.put(0.0))
        shown.get(timeout=_LATE_S)

        def press() -> tuple[float, float]:
            pressed_s = time.monotonic()
            room.publish(topics.dev(ASKER, "ask"), b"x" * SIZES["ask"])
            board_s = shown.get(timeout=_LATE_S)
            return board_s - pressed_s, float(agent.hear()) - pressed_s

        yield press


def _network(centre: Centre) -> Path:
    """Fifty other centres in the agent's store, and their tickets' tokens in a file."""
    tokens = []
    with Store(f"sqlite:///{centre.tree.agent / 'agent.db'}") as store:
        for number in range(_SITES):
            site, epoch, state = SiteId(f"site-{number}"), new_id(), fold(evening(_PAGES_EACH, EVENING_MS))
            tokens += [ticket.token for ticket in state.tickets.values()]
            stream = Stream(site=site, epoch=epoch, upto=_PAGES_EACH, at_ms=EVENING_MS, state=state)
            row = SiteRow(site=site, epoch=epoch, as_of_ms=EVENING_MS)
            store.write(Changes(streams={(site, epoch): stream}, sites={site: row}))
    path = centre.folder / "tokens.txt"
    path.write_text("\n".join(tokens))
    return path
