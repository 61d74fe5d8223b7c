"""What is said of a wait, in the words that patients read."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.edge.site import Language
from core.edge.words import LANGUAGES, say
from core.room.announce import (
    Circumstances,
    Expected,
    Said,
    has_moved,
    longest,
    newcomers_have_moved,
    of_newcomer,
    of_ticket,
    promise_min,
)
from core.room.ids import ServiceId
from core.room.outlook import Told, Wait
from core.room.phrases import Phrase
from tests.core.room.given import CONSULTATION, NINE, SMALL_WOUND

HERE = Circumstances(now_ms=NINE, zone=ZoneInfo("Europe/Paris"), is_on_duty=True)
VALLON = Expected(who="Dr Vallon", at_ms=NINE + 5 * 3_600_000)


def minutes(p10: float, p25: float, p50: float, p75: float, p90: float, in_time: int | None = None) -> Wait:
    return Wait(
        p10_s=round(p10 * 60),
        p25_s=round(p25 * 60),
        p50_s=round(p50 * 60),
        p75_s=round(p75 * 60),
        p90_s=round(p90 * 60),
        in_time=in_time,
    )


def between(p25: float, p90: float, *, in_time: int | None = None) -> Wait:
    return minutes(p25, p25, (p25 + p90) / 2, p90, p90, in_time)


LONG = minutes(31, 38, 44, 48, 53)


def later(min_: float, around: Circumstances = HERE) -> Circumstances:
    return replace(around, now_ms=around.now_ms + round(min_ * 60_000))


def ticket(wait: Wait, around: Circumstances = HERE) -> Said:
    said = of_ticket(Told(at_ms=NINE, wait=wait), around)
    assert said is not None
    return said


def newcomer(wait: Wait | None, around: Circumstances = HERE) -> Said:
    said = of_newcomer(wait, around)
    assert said is not None
    return said


def words(phrase: Phrase, language: Language) -> str:
    """As it is read: where a line may not end is the view's matter."""
    return say(phrase, language).replace("\N{NO-BREAK SPACE}", " ")


def french(phrase: Phrase | None) -> str | None:
    return None if phrase is None else words(phrase, "fr")


@pytest.mark.parametrize(
    ("p25", "p90", "said"),
    [
        (38, 53, "entre 35 et 55 minutes"),
        (35, 55, "entre 35 et 55 minutes"),
        (34.9, 55.1, "entre 30 et 60 minutes"),
        (5, 10, "entre 5 et 10 minutes"),
        (30, 30, "entre 25 et 30 minutes"),
        (4, 19, "moins de 20 minutes"),
        (2, 65, "moins de 1 heure 5"),
        (45, 62, "entre 45 minutes et 1 heure 5"),
        (58, 60, "entre 55 et 60 minutes"),
        (117, 138, "entre 1 heure 55 et 2 heures 20"),
        (120, 180, "entre 2 heures et 3 heures"),
    ],
)
def test_a_wait_is_a_range_rounded_out_to_five_minutes(p25: float, p90: float, said: str) -> None:
    assert french(ticket(between(p25, p90)).short) == said
    assert french(newcomer(between(p25, p90)).wait) == f"Attente prévue : {said}"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "between 45 minutes and 1 hour 10"),
        ("es", "entre 45 minutos y 1 hora 10"),
        ("ar", "من 45 دقيقة إلى ساعة و10 دقائق"),
    ],
)
def test_every_language_says_it_its_own_way(language: Language, expected: str) -> None:
    said = ticket(between(45, 70))
    assert said.short is not None
    assert words(said.short, language) == expected


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_the_words_never_allow_less_than_the_forecast(p25_s: int, more_s: int) -> None:
    p90_s = p25_s + more_s
    wait = Wait(p10_s=p25_s, p25_s=p25_s, p50_s=p25_s, p75_s=p90_s, p90_s=p90_s)

    assert promise_min(wait) % 5 == 0
    assert p90_s <= promise_min(wait) * 60 < max(600, p90_s) + 300
    said = ticket(wait)
    assert said.is_promise
    for language in LANGUAGES:
        assert say(said.wait, language)
        assert said.short is not None
        assert say(said.short, language)


def test_below_ten_minutes_it_is_soon() -> None:
    soon = minutes(0, 1, 4, 7, 9.9)

    assert french(ticket(soon).wait) == "C’est bientôt à vous"
    assert french(ticket(soon).short) == "bientôt"
    assert french(ticket(soon).advice) == "Soyez dans la salle d’attente."
    assert french(newcomer(soon).wait) == "Presque pas d’attente"
    assert promise_min(soon) == promise_min(minutes(0, 1, 4, 7, 10)) == 10


def test_what_was_told_counts_down() -> None:
    assert french(ticket(LONG, later(20)).short) == "entre 15 et 35 minutes"
    assert french(ticket(LONG, later(36)).short) == "moins de 20 minutes"
    assert ticket(LONG, later(44)).kind == "soon"
    assert ticket(LONG, later(600)).kind == "soon"
    assert ticket(LONG, later(-5)).short == ticket(LONG).short, "a clock put back makes no wait longer"


def test_a_newcomers_wait_does_not_count_down() -> None:
    assert newcomer(LONG, later(20)) == newcomer(LONG)


def test_who_waits_outside_is_told_when_to_be_back() -> None:
    back = "Vous pouvez attendre dehors. Revenez vers {} : on peut vous appeler à partir de cette heure."

    assert french(ticket(LONG).advice) == back.format("09:30")
    assert french(ticket(LONG, later(10)).advice) == back.format("09:30"), "the same hour, ten minutes later"
    assert ticket(LONG, later(17)).advice is None, "too short to go"
    assert newcomer(LONG).advice is None


def test_where_the_hour_is_not_known_no_time_of_day_is_said() -> None:
    blind = replace(HERE, zone=None)

    assert ticket(LONG, blind).advice is None
    assert ticket(LONG, blind).wait == ticket(LONG).wait
    assert newcomer(LONG, replace(blind, is_on_duty=False, expected=VALLON)).wait == Phrase("duty.nobody")


@pytest.mark.parametrize(
    ("chances", "said"),
    [
        (None, None),
        (100, None),
        (99, "Le médecin vous verra avant la fermeture."),
        (90, "Le médecin vous verra avant la fermeture."),
        (89, "Il n’est pas sûr que le médecin puisse vous voir avant la fermeture."),
        (50, "Il n’est pas sûr que le médecin puisse vous voir avant la fermeture."),
        (49, "Le médecin ne pourra sans doute pas vous voir avant la fermeture."),
        (0, "Le médecin ne pourra sans doute pas vous voir avant la fermeture."),
    ],
)
def test_whether_it_is_before_closing_is_said_where_it_can_be_asked(chances: int | None, said: str | None) -> None:
    wait = replace(LONG, in_time=chances)

    assert french(ticket(wait).in_time) == said
    assert french(newcomer(wait).in_time) == said


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        (None, "Aucun médecin sur place pour l’instant"),
        (VALLON, "Aucun médecin pour l’instant. Prochain médecin : Dr Vallon, à 14:00."),
        (
            replace(VALLON, at_ms=NINE + 24 * 3_600_000),
            "Aucun médecin pour l’instant. Prochain médecin : Dr Vallon, demain à 09:00.",
        ),
        (
            replace(VALLON, at_ms=NINE + 48 * 3_600_000),
            "Aucun médecin pour l’instant. Prochain médecin : Dr Vallon, le 24/11 à 09:00.",
        ),
        (
            replace(VALLON, at_ms=NINE - 1_200_000),
            "Aucun médecin pour l’instant. On attend Dr Vallon depuis 08:40.",
        ),
        (
            replace(VALLON, who=Phrase("duty.unnamed", {"label": "2"})),
            "Aucun médecin pour l’instant. Prochain médecin : Docteur, salle 2, à 14:00.",
        ),
    ],
)
def test_while_nobody_is_on_duty_no_figure_is_said_but_who_comes_next(expected: Expected | None, sentence: str) -> None:
    empty = replace(HERE, is_on_duty=False, expected=expected)

    for said in (ticket(LONG, empty), newcomer(LONG, empty), newcomer(None, empty)):
        assert french(said.wait) == sentence
        assert not said.is_promise
        assert (said.short, said.advice, said.in_time) == (None, None, None)


def test_after_a_quarter_of_an_hour_without_news_only_that_is_said() -> None:
    heard = replace(HERE, heard_ms=NINE)

    assert ticket(LONG, later(15, heard)).is_promise
    silent = ticket(LONG, later(15.1, heard))
    assert french(silent.wait) == "Sans nouvelles du centre depuis 09:00. Au centre, rien ne change."
    assert not silent.is_promise
    assert newcomer(None, later(24 * 60, heard)).wait == Phrase("page.stale", {"time": "22/11 09:00"})


def test_where_nothing_was_forecast_nothing_is_said() -> None:
    assert of_ticket(None, HERE) is None
    assert of_newcomer(None, HERE) is None


def test_who_has_not_said_what_they_come_for_is_told_the_longest_wait() -> None:
    assert longest({}) is None
    assert longest({CONSULTATION: between(10, 20), SMALL_WOUND: between(5, 30)}) == between(5, 30)


def test_a_wait_is_told_anew_when_it_has_moved_by_five_minutes() -> None:
    told = Told(at_ms=NINE, wait=LONG)

    assert has_moved(None, LONG, NINE)
    assert not has_moved(told, LONG, NINE)
    for moved_s in (300, -300):
        assert has_moved(told, replace(LONG, p90_s=LONG.p90_s + moved_s), NINE)
        assert not has_moved(told, replace(LONG, p90_s=LONG.p90_s + moved_s // 2), NINE)
    for end in ("p10_s", "p25_s"):
        assert has_moved(told, replace(LONG, **dict.fromkeys(("p10_s", end), getattr(LONG, end) - 300)), NINE)


def test_a_wait_that_grows_less_with_the_clock_has_not_moved() -> None:
    told = Told(at_ms=NINE, wait=LONG)

    assert not has_moved(told, minutes(11, 18, 24, 28, 33), NINE + 20 * 60_000)
    assert has_moved(told, LONG, NINE + 20 * 60_000)
    assert not has_moved(told, minutes(0, 0, 1, 2, 4.9), NINE + 90 * 60_000)
    assert has_moved(told, minutes(0, 0, 5, 10, 15), NINE + 90 * 60_000)


@pytest.mark.parametrize(
    ("said", "found", "moved"),
    [
        (None, None, False),
        (None, 95, True),
        (100, None, True),
        (91, 89, False),
        (92, 87, True),
        (99, 91, False),
        (100, 96, False),
        (100, 95, True),
        (52, 47, True),
        (80, 60, False),
    ],
)
def test_another_answer_about_closing_is_told_unless_it_is_noise(
    said: int | None, found: int | None, moved: bool
) -> None:
    told = Told(at_ms=NINE, wait=replace(LONG, in_time=said))

    assert has_moved(told, replace(LONG, in_time=found), NINE) is moved


def test_newcomers_are_told_anew_by_the_same_measure() -> None:
    told = {CONSULTATION: LONG}

    assert not newcomers_have_moved(told, {CONSULTATION: replace(LONG, p90_s=LONG.p90_s + 299)})
    assert newcomers_have_moved(told, {CONSULTATION: replace(LONG, p90_s=LONG.p90_s + 300)})
    assert newcomers_have_moved(told, {})
    assert newcomers_have_moved({}, told)
    assert newcomers_have_moved(told, {ServiceId("child"): LONG})


@pytest.mark.parametrize(
    "wrong",
    [{"p10_s": -1}, {"p25_s": 0}, {"p90_s": 60}, {"p90_s": 7 * 86_400 + 1}, {"in_time": -1}, {"in_time": 101}],
)
def test_a_wait_that_cannot_be_is_none(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"quantiles grow|chances in a hundred"):
        replace(LONG, **wrong)
