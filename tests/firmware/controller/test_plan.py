"""The plan of the network, on the controller's own disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.edge.opening import OpeningTable
from core.edge.site import Room, Service, Site
from core.edge.times import TimesTable
from core.room.ids import PractitionerId, RoomId
from core.room.opening import Hours
from core.room.passage import Policy, offers
from core.room.roster import Shift as PlannedShift
from core.wire.messages import DayHours, Shift, SiteConfig
from firmware.controller.plan import Plan, policy_of

VALLON = PractitionerId("dr-vallon")
BEGINS_MS, ENDS_MS = 1_795_334_400_000, 1_795_377_600_000


def config(rev: int, name: str = "Dr Vallon", **days: DayHours) -> SiteConfig:
    shift = Shift(practitioner=VALLON, room=RoomId("room-1"), begins_ms=BEGINS_MS, ends_ms=ENDS_MS)
    return SiteConfig(rev=rev, practitioners={VALLON: name}, shifts=[shift], days=days)


def named(plan: Plan) -> str | None:
    return plan.policy.roster.names.get(VALLON)


def test_a_plan_holds_at_once_and_after_a_restart(tmp_path: Path, site_plan: Site) -> None:
    plan = Plan(tmp_path, site_plan)
    assert plan.take(config(3))
    plan.file.keep(0.0)

    again = Plan(tmp_path, site_plan)

    assert again.config == plan.config
    assert again.policy == plan.policy
    assert again.policy.roster.shifts == [
        PlannedShift(practitioner=VALLON, room=RoomId("room-1"), begins_ms=BEGINS_MS, ends_ms=ENDS_MS)
    ]
    assert again.file.fault is None


@pytest.mark.parametrize("rev", [2, 3])
def test_an_older_plan_never_replaces_a_newer_one(tmp_path: Path, site_plan: Site, rev: int) -> None:
    plan = Plan(tmp_path, site_plan)
    plan.take(config(3))

    assert not plan.take(config(rev, "Dr Arnaud"))

    assert named(plan) == "Dr Vallon"


def test_the_first_plan_may_have_any_revision(tmp_path: Path, site_plan: Site) -> None:
    assert Plan(tmp_path, site_plan).take(config(0))


def test_a_plan_with_hours_that_cannot_be_is_refused_and_the_one_in_use_stays(tmp_path: Path, site_plan: Site) -> None:
    site = site_plan.model_copy(update={"opening": OpeningTable(every_day="09:00-22:00")})
    plan = Plan(tmp_path, site)
    plan.take(config(3))

    for hours in (DayHours(opens_min=600, closes_min=540), DayHours(opens_min=600), DayHours(closes_min=600)):
        with pytest.raises(ValueError, match="opening"):
            plan.take(config(4, "Dr Arnaud", **{"2026-12-24": hours}))

    assert (plan.config, named(plan)) == (config(3), "Dr Vallon")


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"rev": -1}', b"\xff", b'{"rev": 1, "days": {"2026-12-24": {"opens_min": 5}}}']
)
def test_a_damaged_plan_is_set_aside_and_the_centre_works_without(
    tmp_path: Path, site_plan: Site, content: bytes
) -> None:
    (tmp_path / "plan.json").write_bytes(content)

    plan = Plan(tmp_path, site_plan)

    assert (plan.config, plan.policy) == (None, policy_of(site_plan))
    assert plan.file.aside is not None
    assert plan.file.aside.read_bytes() == content
    assert plan.take(config(1))
    plan.file.keep(0.0)
    assert Plan(tmp_path, site_plan).config == config(1)


def test_a_disk_that_refuses_the_plan_does_not_stop_it_and_is_asked_again(tmp_path: Path, site_plan: Site) -> None:
    plan = Plan(tmp_path, site_plan)
    plan.take(config(3))
    obstacle = tmp_path / "plan.new"
    obstacle.mkdir()

    plan.file.keep(0.0)
    assert plan.file.fault is not None
    assert named(plan) == "Dr Vallon"

    obstacle.rmdir()
    plan.file.keep(0.5)
    assert plan.file.fault is not None, "not asked more than once a second"
    plan.file.keep(1.0)
    assert plan.file.fault is None
    assert Plan(tmp_path, site_plan).config == config(3)


def test_a_day_of_the_plan_changes_the_hours_of_the_centre(site_plan: Site) -> None:
    site = site_plan.model_copy(update={"opening": OpeningTable(every_day="09:00-22:00")})
    days = {"2026-12-24": DayHours(opens_min=540, closes_min=1020), "2026-12-25": DayHours()}

    opening = policy_of(site, config(1, **days)).opening

    assert opening
    assert opening.hours_on("2026-12-24") == Hours(opens_min=540, closes_min=1020)
    assert opening.hours_on("2026-12-25") is None
    assert opening.hours_on("2026-12-26") == Hours(opens_min=540, closes_min=1320)


def test_a_centre_goes_by_its_own_times_and_by_the_usual_ones_for_the_rest(site_plan: Site) -> None:
    times = TimesTable(grace_s=120, visit_min=15)

    policy = policy_of(site_plan.model_copy(update={"times": times}))

    assert policy == replace(policy_of(site_plan), grace_s=120, visit_min=15)
    numbers = {name for name in Policy.__dataclass_fields__ if type(getattr(Policy(), name)) in (int, float)}
    assert set(TimesTable.model_fields) == numbers


def test_without_an_opening_table_no_hours_are_known_whatever_the_plan_says(site_plan: Site) -> None:
    assert policy_of(site_plan, config(1, **{"2026-12-25": DayHours()})).opening is None


def test_a_room_serves_what_the_centres_file_says(site_plan: Site) -> None:
    assert offers(RoomId("room-1"), "of-yesterdays-file", policy_of(site_plan)), "nobody waits in vain"
    care = Service(id="care", name={"fr": "Soins"}, is_care=True)
    site = site_plan.model_copy(
        update={
            "services": [*site_plan.services, care],
            "rooms": [*site_plan.rooms, Room(id="room-3", label="3", services=["care"])],
        }
    )

    policy = policy_of(site)

    assert policy.care == {"care"}
    assert policy.offered == {service.id for service in site_plan.services}
    served = {
        room: [one for one in ("consultation", "care") if offers(RoomId(room), one, policy)]
        for room in ("room-1", "room-2", "room-3")
    }
    assert served == {"room-1": ["consultation"], "room-2": ["consultation"], "room-3": ["care"]}
