"""The ingest over a real broker and a real database: each event once, in order, whatever the line does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from agent.store.store import Store
from core.room import events as e
from core.room.ids import SiteId
from core.wire.coding import decode_record
from core.wire.messages import Ack, Fleet
from tests.agent.conftest import RunningIngest
from tests.agent.site import Day, PlayedSite
from tests.mosquitto import wait_until

OpenIngest = Callable[[], RunningIngest]
Play = Callable[..., PlayedSite]


def test_events_are_stored_once_and_in_order_and_acknowledged(open_ingest: OpenIngest, play: Play) -> None:
    agent, site = open_ingest(), play()
    events = Day().busy(patients=120)
    site.write(*events)

    wait_until(lambda: site.acked == len(events), what="all is acknowledged")

    stored = agent.store.bodies(SiteId("aubagne"), site.epoch, first=1, last=len(events) + 10)
    assert [decode_record(body.encode()).event for body in stored.values()] == events
    assert list(stored) == list(range(1, len(events) + 1))


def test_the_folded_state_is_that_of_the_site(open_ingest: OpenIngest, play: Play) -> None:
    agent, site = open_ingest(), play()
    day = Day()
    site.write(*day.opening, day.issue(), day.issue("ar"))

    wait_until(lambda: (view := agent.view()) is not None and view.state == site.state, what="the state is shown")


def test_an_agent_that_starts_again_goes_on_where_it_was(open_ingest: OpenIngest, play: Play) -> None:
    first, site = open_ingest(), play()
    day = Day()
    site.write(*day.opening, day.issue())
    wait_until(lambda: site.acked == 3, what="the first events are acknowledged")
    first.close()
    site.write(day.issue())

    second = open_ingest()

    assert second.views[0].waiting == 1, "shown from the database, before anything is heard"
    wait_until(lambda: site.acked == 4, what="the event of the gap is acknowledged")
    wait_until(lambda: (view := second.view()) is not None and view.waiting == 2, what="both are shown")


def test_a_gap_is_refused_and_the_answer_says_how_far_it_is(open_ingest: OpenIngest, play: Play) -> None:
    agent, site = open_ingest(), play()
    day = Day()

    site.say("log", site.batch(3, day.issue()))

    wait_until(lambda: site.acks == [Ack(epoch=site.epoch, upto=0)], what="the answer")
    assert agent.store.bodies(SiteId("aubagne"), site.epoch, first=1, last=10) == {}


def test_what_comes_twice_is_stored_once(open_ingest: OpenIngest, play: Play) -> None:
    agent, site = open_ingest(), play()
    day = Day()
    first, second = day.issue(), day.issue()
    site.write(*day.opening, first)
    wait_until(lambda: site.acked == 3, what="the first events are acknowledged")

    site.say("log", site.batch(1, *day.opening, first, second))

    wait_until(lambda: site.acks[-1].upto == 4, what="the new one of the batch is acknowledged")
    assert len(agent.store.bodies(SiteId("aubagne"), site.epoch, first=1, last=10)) == 4
    assert agent.alerts() == set()


def test_another_event_under_a_known_number_is_an_alert_and_the_first_is_kept(
    open_ingest: OpenIngest, play: Play
) -> None:
    agent, site = open_ingest(), play()
    day = Day()
    first, other = day.issue(), day.issue()
    site.write(*day.opening, first)
    wait_until(lambda: site.acked == 3, what="the first events are acknowledged")

    site.say("log", site.batch(3, other))

    wait_until(lambda: agent.alerts() == {"conflict"}, what="the alert")
    assert agent.ingest.health.refused["aubagne conflict"] == 1
    kept = agent.store.bodies(SiteId("aubagne"), site.epoch, first=3, last=3)[3]
    assert decode_record(kept.encode()).event == first


def test_a_field_of_a_later_release_is_kept(open_ingest: OpenIngest, play: Play) -> None:
    agent, site = open_ingest(), play()
    batch = site.batch(1, e.DayOpened(day="2026-11-22")).replace(b'"day":', b'"mood":"calm","day":')

    site.say("log", batch)

    wait_until(lambda: bool(site.acks) and site.acks[-1].upto == 1, what="the acknowledgement")
    assert '"mood":"calm"' in agent.store.bodies(SiteId("aubagne"), site.epoch, first=1, last=1)[1]


def test_messages_that_cannot_be_read_are_counted_and_stop_nothing(open_ingest: OpenIngest, play: Play) -> None:
    agent, site = open_ingest(), play()
    for leaf in ("log", "snap", "link", "fleet"):
        site.say(leaf, b'{"v":1,"epoch":"../..","first":-1}')
        site.say(leaf, b"\xff\x00 no JSON")
    site.say("link", site.birth)
    wait_until(lambda: agent.alerts() == {"unreadable-log"}, what="the alert")

    site.write(*Day().opening)

    wait_until(lambda: site.acked == 2, what="the next events are acknowledged")
    wait_until(lambda: agent.alerts() == set(), what="the alert has gone")
    refused = agent.ingest.health.refused
    assert set(refused) == {f"fq/1/aubagne/up/{leaf}" for leaf in ("log", "snap", "link", "fleet")}
    assert refused["fq/1/aubagne/up/log"] == 2


def test_events_that_break_the_table_are_stored_and_the_snapshot_is_shown(open_ingest: OpenIngest, play: Play) -> None:
    agent, site = open_ingest(), play()
    day = Day()
    ticket = day.issue()
    impossible = e.ServiceStarted(ticket=ticket.ticket)

    site.say("log", site.batch(1, *day.opening, ticket, impossible))
    wait_until(lambda: bool(site.acks) and site.acks[-1].upto == 4, what="the acknowledgement")
    wait_until(lambda: agent.alerts() == {"unfoldable"}, what="the alert")
    state = replace(site.state, day="2026-11-22")
    site.say("snap", site.snap(state, seq=4))

    wait_until(lambda: (view := agent.view()) is not None and view.state == state, what="the snapshot is shown")


def test_a_state_that_differs_from_the_fold_is_an_alert_until_it_agrees(open_ingest: OpenIngest, play: Play) -> None:
    agent, site = open_ingest(), play()
    day = Day()
    site.write(*day.opening)
    wait_until(lambda: site.acked == 2, what="the events are acknowledged")

    site.say("snap", site.snap(mark="0123456789abcdef"))
    wait_until(lambda: agent.alerts() == {"state-differs"}, what="the alert")

    site.write(day.issue())
    wait_until(lambda: site.acked == 3, what="the event is acknowledged")
    site.say("snap", site.snap())
    wait_until(lambda: agent.alerts() == set(), what="the alert has gone")


def test_the_newest_snapshot_is_shown_before_the_events_behind_it(open_ingest: OpenIngest, play: Play) -> None:
    agent, site = open_ingest(), play()
    day = Day()
    folded = [*day.opening, day.issue()]
    site.write(*folded)
    wait_until(lambda: site.acked == 3, what="the events are acknowledged")
    ahead = replace(site.state, tickets={})

    site.say("snap", site.snap(ahead, seq=500))
    wait_until(lambda: (view := agent.view()) is not None and view.seq == 500, what="the snapshot is shown")
    site.write(day.issue())
    wait_until(lambda: site.acked == 4, what="an older event is acknowledged")

    assert agent.view().seq == 500, "an older state is never shown after a newer one"  # type: ignore[union-attr]


def test_birth_and_will_of_a_site_are_shown(open_ingest: OpenIngest, play: Play) -> None:
    agent, site = open_ingest(), play(boot=7)
    site.write(*Day().opening)
    wait_until(lambda: (view := agent.view()) is not None and view.is_online is True, what="the site is there")

    site.say("link", site.will.model_copy(update={"boot": 6}))
    site.say("fleet", Fleet(devices={}))
    wait_until(lambda: agent.ingest.health.alerts == {}, what="a round of the ingest")
    assert agent.view().is_online is True, "the will of an older boot is late"  # type: ignore[union-attr]

    site.say("link", site.will)
    wait_until(lambda: agent.view().is_online is False, what="the site is gone")  # type: ignore[union-attr]


def test_two_controllers_of_one_site_are_an_alert_and_both_journals_are_kept(
    open_ingest: OpenIngest, play: Play
) -> None:
    agent, first = open_ingest(), play("card-1")
    first.write(*Day().opening)
    wait_until(lambda: first.acked == 2, what="the first is acknowledged")

    second = play("card-2")
    second.write(*Day().opening)

    wait_until(lambda: agent.alerts() == {"second-controller"}, what="the alert")
    wait_until(lambda: second.acked == 2, what="the second is acknowledged")


def test_a_site_is_not_believed_to_be_there_while_the_agent_is_cut_off(
    open_ingest: OpenIngest, play: Play, central_broker: object
) -> None:
    agent, site = open_ingest(), play()
    site.write(*Day().opening)
    wait_until(lambda: (view := agent.view()) is not None and view.is_online is True, what="the site is there")

    central_broker.kill()  # type: ignore[attr-defined]
    wait_until(lambda: agent.view().is_online is None, what="nobody knows")  # type: ignore[union-attr]

    central_broker.start()  # type: ignore[attr-defined]
    wait_until(lambda: agent.view().is_online is True, what="the site is there again")  # type: ignore[union-attr]


def test_a_full_disk_loses_nothing_and_is_told(open_ingest: OpenIngest, play: Play) -> None:
    agent, site = open_ingest(), play()
    with agent.store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    _limit_pages(agent.store, pages)
    events = Day().busy(patients=40)
    site.write(*events)
    wait_until(lambda: agent.ingest.health.store_fault is not None, what="the fault is told")

    _limit_pages(agent.store, 1_000_000)

    wait_until(lambda: site.acked == len(events), what="all is acknowledged")
    wait_until(lambda: agent.ingest.health.store_fault is None, what="the fault has gone")
    stored = agent.store.bodies(SiteId("aubagne"), site.epoch, first=1, last=len(events))
    assert list(stored) == list(range(1, len(events) + 1))


def _limit_pages(store: Store, pages: int) -> None:
    """Every later connection of the pool finds this limit; SQLite then says that the disk is full."""
    from sqlalchemy import event

    store._engine.dispose()
    event.listen(
        store._engine, "connect", lambda connection, _record: connection.execute(f"PRAGMA max_page_count={pages}")
    )
