"""Which centres a site is told of, when, and how often."""

from __future__ import annotations

import pytest

from agent.nearby.teller import Teller
from agent.roster.plan import Plan, by_id
from agent.settings import SiteSettings
from agent.view import SiteView
from core.edge.clock import ManualClock
from core.room.ids import SiteId
from core.room.opening import Hours
from core.wire.coding import decode
from core.wire.messages import Elsewhere, Network
from tests.agent.nearby.given import CLOSING_MS, MINUTE_MS, centre, evening, view, wait
from tests.agent.site import EVENING_MS

AUBAGNE = centre("aubagne", 43.2927, 5.5703)
TRETS = centre("trets", 43.4478, 5.6847)
LA_CIOTAT = centre("la-ciotat", 43.1748, 5.6045)


class Around:
    """A teller without a thread, and what the sites have read."""

    def __init__(self, *centres: SiteSettings) -> None:
        self.clock = ManualClock(EVENING_MS)
        self.is_up = True
        self.read: list[tuple[str, Network]] = []
        self.teller = Teller(by_id(centres), self.clock, self._publish)

    def _publish(self, topic: str, payload: bytes) -> bool:
        if self.is_up:
            self.read.append((topic, decode(Network, payload)))
        return self.is_up

    def show(self, *views: SiteView) -> None:
        for one in views:
            self.teller.show(one)

    def after(self, minutes: float) -> list[Elsewhere] | None:
        """What Aubagne is told then; None for nothing."""
        self.clock.advance(60 * minutes)
        self.read.clear()
        self.teller.tell()
        return next((one.centres for topic, one in self.read if topic == "fq/1/aubagne/down/net"), None)

    def names(self) -> list[str]:
        return [one.name for one in self.after(0) or []]


def test_a_site_is_told_who_gives_tickets_nearest_first_with_counts_and_waits() -> None:
    network = Around(AUBAGNE, TRETS, LA_CIOTAT)
    network.show(view("trets", evening(4)), view("la-ciotat", evening(0, wait_min=5)), view("aubagne", evening(2)))

    assert network.after(0) == [
        Elsewhere(
            name="Centre de La-Ciotat",
            distance_m=13_399,
            closes_ms=CLOSING_MS,
            waiting=0,
            wait=wait(5),
            heard_ms=EVENING_MS,
        ),
        Elsewhere(
            name="Centre de Trets",
            distance_m=19_569,
            closes_ms=CLOSING_MS,
            waiting=4,
            wait=wait(30),
            heard_ms=EVENING_MS,
        ),
    ]


@pytest.mark.parametrize(
    "unfit",
    [
        view("trets", evening(is_full=True)),
        view("trets", evening(is_attended=False)),
        view("trets", evening(), is_online=False, as_of_ms=EVENING_MS - 16 * MINUTE_MS),
    ],
    ids=["full", "nobody on duty", "silent for a quarter of an hour"],
)
def test_a_centre_is_named_only_where_a_patient_who_sets_out_finds_a_doctor(unfit: SiteView) -> None:
    network = Around(AUBAGNE, TRETS)
    network.show(unfit)
    assert network.names() == []

    network.clock.advance(60)
    network.show(view("trets", evening(), as_of_ms=EVENING_MS))

    assert network.names() == ["Centre de Trets"]


def test_a_centre_that_has_closed_by_its_hours_or_by_the_plan_is_not_named() -> None:
    network = Around(AUBAGNE, TRETS, centre("early", 43.3, 5.58, hours="09:00-18:00"))
    network.show(view("trets", evening()), view("early", evening()))
    assert network.names() == ["Centre de Trets"], "early closed at this very instant"

    network.teller.show_plan(Plan(days={(SiteId("trets"), "2026-11-22"): Hours(opens_min=540, closes_min=1020)}))

    assert network.after(1) == []


def test_a_centre_whose_hours_nobody_knows_is_open_while_somebody_is_on_duty() -> None:
    network = Around(AUBAGNE, centre("trets", 43.4478, 5.6847, hours=None))
    network.show(view("trets", evening(1)))

    (trets,) = network.after(0) or []

    assert trets.closes_ms is None


def test_centres_of_which_nobody_has_said_where_they_are_come_last_in_the_order_of_the_file() -> None:
    lost = [centre(f"lost-{n}", None) for n in (2, 1)]
    network = Around(lost[0], AUBAGNE, TRETS, lost[1])
    network.show(*(view(site, evening()) for site in ("lost-1", "lost-2", "trets")))

    assert network.names() == ["Centre de Trets", "Centre de Lost-2", "Centre de Lost-1"]
    assert [one.distance_m is None for one in network.after(6) or []] == [False, True, True]


def test_a_centre_that_is_not_on_the_map_is_told_of_all_in_the_order_of_the_file() -> None:
    network = Around(TRETS, centre("aubagne", None), LA_CIOTAT)
    network.show(view("la-ciotat", evening()), view("trets", evening()))

    assert network.names() == ["Centre de Trets", "Centre de La-Ciotat"]


def test_nobody_is_sent_to_the_other_end_of_the_country_nor_told_of_more_than_ten() -> None:
    near = [centre(f"near-{n}", 43.3 + n / 100) for n in range(12)]
    network = Around(AUBAGNE, centre("vannes", 47.6582, -2.7608), *near)
    network.show(view("vannes", evening()), *(view(one.id, evening()) for one in near))

    assert network.names() == [f"Centre de Near-{n}" for n in range(10)]


def test_a_site_that_the_file_does_not_name_is_told_nothing_and_named_to_nobody() -> None:
    network = Around(AUBAGNE, TRETS)
    network.show(view("stranger", evening(1)), view("trets", evening(1)))

    assert network.names() == ["Centre de Trets"]
    assert {topic for topic, _ in network.read} == {"fq/1/aubagne/down/net", "fq/1/trets/down/net"}


def test_what_nobody_would_read_otherwise_is_not_told_again_until_it_is_old() -> None:
    network = Around(AUBAGNE, TRETS)
    network.show(view("trets", evening(3, wait_min=30)))
    network.after(0)

    network.show(view("trets", evening(4, wait_min=31)))
    assert network.after(2) is None, "four wait for three, and the words of the wait are the same"

    (again,) = network.after(3) or []
    assert (again.waiting, again.heard_ms) == (4, EVENING_MS + 5 * MINUTE_MS), "for five minutes nobody had said so"


@pytest.mark.parametrize(
    "changed",
    [view("trets", evening(3, wait_min=50)), view("trets", evening(7)), view("trets", evening(0))],
    ids=["another wait", "many more wait", "nobody waits"],
)
def test_what_a_patient_would_read_otherwise_is_told_but_once_a_minute(changed: SiteView) -> None:
    network = Around(AUBAGNE, TRETS)
    network.show(view("trets", evening(3)))
    network.after(0)
    network.show(changed)

    assert network.after(0.9) is None
    assert network.after(0.1) is not None
    assert network.after(0.9) is None


def test_a_new_connection_tells_all_again_and_what_was_not_taken_is_told_again() -> None:
    network = Around(AUBAGNE, TRETS)
    network.show(view("trets", evening(3)))
    network.is_up = False
    assert network.after(0) is None

    network.is_up = True
    assert network.after(0) is not None
    assert network.after(0) is None
    network.teller.link_is_up()

    assert network.after(0) is not None
