"""The page that explains what a centre has learnt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import log

import pytest

from agent.roster.changes import replaced
from agent.store.plans import PlanStore
from agent.web.staff.habits import by_hour, by_weekday, tables_of
from core.forecast.habits import FIRST_DAY, VERSION, Calibration, Habits, Mean, Pace
from core.room.ids import PractitionerId, SiteId
from core.wire.messages import Learnt
from tests.agent.conftest import RunningIngest
from tests.agent.roster.given import CENTRES, entry, planned
from tests.agent.site import EVENING_MS, PlayedSite
from tests.agent.test_figures import TOKEN, open_page, text
from tests.agent.test_pages import Pages
from tests.mosquitto import wait_until

_AUBAGNE = SiteId("aubagne")
_LEARNT = replace(
    FIRST_DAY,
    upto="2026-11-21",
    level=Mean(value=0.0, weight=400.0),
    visits={**FIRST_DAY.visits, "consultation": Pace(log_mean=log(15), spread=0.4, weight=1234.0)},
    practitioners={"dr-vallon": Mean(value=log(1.25), weight=1e9), "at-room-2": Mean(value=0.0, weight=40.0)},
    calibration=Calibration(below=(1.0, 1.0, 1.0, 0.8), above=(1.25, 1.0, 1.0, 1.0)),
)


def cells(habits: Habits, title: str, name: str, names: dict[PractitionerId, str] | None = None) -> list[str]:
    """The figures of one line of one table, with plain spaces."""
    (table,) = (table for table in tables_of(habits, names or {}) if table.title == title)
    (row,) = (row for row in table.rows if row[0].replace("\u202f", " ") == name)
    return [cell.replace("\u202f", " ") for cell in row[1:]]


def test_a_visit_is_told_by_its_median_and_what_eight_in_ten_last() -> None:
    assert cells(_LEARNT, "Durée des visites", "Consultation") == ["15 min", "9 à 25 min", "1 234"]


def test_the_last_days_lengthen_every_visit() -> None:
    slow = replace(_LEARNT, level=Mean(value=log(2), weight=20.0))

    assert cells(slow, "Durée des visites", "Consultation")[0] == "30 min"


def test_practitioners_are_named_by_the_plan_and_compared_with_the_others() -> None:
    names = {PractitionerId("dr-vallon"): "Dr Vallon"}

    assert cells(_LEARNT, "Rythme de chacun", "Dr Vallon", names) == ["25 % de plus", "1 000 000 000"]
    assert cells(_LEARNT, "Rythme de chacun", "at-room-2", names) == ["autant", "40"]


def test_absences_are_told_by_the_time_waited() -> None:
    assert cells(_LEARNT, "Absents et départs", "0 à 30 min") == ["3 %", "20", "0 %", "20"]
    assert cells(_LEARNT, "Absents et départs", "plus de 150 min") == ["25 %", "20", "15 %", "20"]


def test_coming_late_is_told_in_four_classes_that_hold_everybody() -> None:
    late = replace(_LEARNT, coming=(0.0,) * 4 + (1.0, 1.0, 1.0, 2.0, 3.0) + (0.0,) * 5 + (2.0,))

    assert cells(late, "Médecins et planning", "Arrivée") == ["0 %", "30 %", "50 %", "20 %", "10"]


def test_a_correction_of_one_corrects_nothing() -> None:
    assert cells(_LEARNT, "Correction de l’intervalle", "moins de 10 min") == ["× 1", "× 1,25"]
    assert cells(_LEARNT, "Correction de l’intervalle", "plus de 40 min") == ["× 0,8", "× 1"]


def test_arrivals_are_bars_from_the_first_hour_to_the_last() -> None:
    hours, days = by_hour(_LEARNT), by_weekday(_LEARNT)

    assert [(bar.name, bar.words) for bar in hours.bars][:2] == [("9\u202fh", "12"), ("10\u202fh", "9")]
    assert (hours.bars[-1].name, hours.bars[-1].words) == ("21\u202fh", "3")
    assert [(bar.name, bar.words) for bar in days.bars][::6] == [("lundi", "112"), ("dimanche", "112")]
    assert max(bar.height for bar in hours.bars) == hours.bars[8].height


@pytest.mark.parametrize("habits", [FIRST_DAY, replace(FIRST_DAY, arrivals=(Mean(value=0.0, weight=0.0),) * 48)])
def test_a_centre_without_a_past_has_a_page_too(habits: Habits) -> None:
    assert by_hour(habits).bars
    assert [table.title for table in tables_of(habits, {}) if not table.rows] == ["Rythme de chacun"]


def test_the_page_says_what_was_learnt_and_until_when(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('agent') / 'agent.db'}"
    plans = PlanStore(url)
    shift = entry(planned("vallon", "2026-11-23 09:00", "14:00"))
    plans.change(lambda plan: replaced(plan, [], [shift], CENTRES), now_ms=EVENING_MS)
    plans.close()
    pages = Pages(url=url, staff=TOKEN)
    assert "Rien à montrer encore" in text(open_page(pages, "/staff/habits/aubagne"))

    pages.health = replace(pages.health, habits={_AUBAGNE: _LEARNT})
    said = text(open_page(pages, "/staff/habits/aubagne"))
    assert "jusqu’au samedi 21 novembre 2026" in said
    assert "Dr Vallon 25 % de plus" in said
    assert "Salle 2, sans nom autant 40" in said

    pages.health = replace(pages.health, habits={_AUBAGNE: replace(_LEARNT, upto=None)})
    assert "pas encore de journée passée" in text(open_page(pages, "/staff/habits/aubagne"))

    pages.health = replace(pages.health, habits={_AUBAGNE: replace(_LEARNT, version=VERSION + 1)})
    assert "Rien à montrer encore" in text(open_page(pages, "/staff/habits/aubagne"))


def test_what_a_site_has_learnt_reaches_an_agent_that_starts_later(
    open_ingest: Callable[[], RunningIngest], play: Callable[..., PlayedSite]
) -> None:
    site = play()
    site.say("habits", Learnt(epoch=site.epoch, seq=7, habits=_LEARNT))
    first = open_ingest()
    wait_until(lambda: first.ingest.health.habits == {_AUBAGNE: _LEARNT}, what="the habits are heard")
    first.close()

    second = open_ingest()

    wait_until(lambda: second.ingest.health.habits == {_AUBAGNE: _LEARNT}, what="the broker has kept them")


def test_habits_that_cannot_be_read_are_counted(
    open_ingest: Callable[[], RunningIngest], play: Callable[..., PlayedSite]
) -> None:
    agent, site = open_ingest(), play()

    site.say("habits", b'{"v":1,"habits":{}}')

    wait_until(lambda: set(agent.ingest.health.refused) == {"fq/1/aubagne/up/habits"}, what="it is counted")
    assert agent.ingest.health.habits == {}
