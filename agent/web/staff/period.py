"""Some weeks of a centre's promises, as its page shows them: measures in words, two plots, a table of days. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agent.scores import FEW, DayScore, Tally, total
from agent.web.staff.plot import Plot, Series, plotted
from agent.web.staff.words import NARROW, NOTHING

__all__ = ["LENGTHS", "DayRow", "Measure", "Period", "amount", "period_of", "ratio"]

LENGTHS = {14: "2 semaines", 28: "4 semaines", 91: "3 mois"}
"""By days, as the page offers them."""

_HONEST = (75.0, 85.0)
"""Per cent of calls that fall between p10 and p90 where the forecast is neither too sure nor too vague."""
_TOPS_MIN = (4, 8, 12, 20, 40, 60, 120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A line of the summary."""

    name: str
    meaning: str
    first: str
    all: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """A line of the table."""

    day: date
    first: Tally
    told: int
    """Promises scored, the first ones included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What the page shows."""

    first: date
    last: date
    score: DayScore
    measures: Sequence[Measure]
    errors: Plot
    shares: Plot
    rows: Sequence[DayRow]
    """The newest first."""


def period_of(scores: Mapping[date, DayScore], last: date, length: int) -> Period:
    """
    Args:
        length: days, the last one included.
    """
    days = [last - timedelta(days=back) for back in range(length - 1, -1, -1)]
    tallies = [scores.get(day, DayScore()).first for day in days]
    score = total(scores)
    return Period(
        first=days[0],
        last=last,
        score=score,
        measures=_measures(score.first, score.all),
        errors=_errors(days, tallies),
        shares=_shares(days, tallies),
        rows=[
            DayRow(day=day, first=scores[day].first, told=scores[day].all.told)
            for day in reversed(days)
            if day in scores
        ],
    )


def amount(tally: Tally) -> str:
    """The mean error, in minutes."""
    error = _error(tally)
    return NOTHING if error is None else f"{error:.1f}{NARROW}min".replace(".", ",")


def ratio(part: int, tally: Tally) -> str:
    """A part of the promises that came to a call."""
    share = _share(part, tally)
    return NOTHING if share is None else f"{share:.0f}{NARROW}%"


def _measures(first: Tally, every: Tally) -> list[Measure]:
    def measure(name: str, meaning: str, figure: Callable[[Tally], str]) -> Measure:
        return Measure(name=name, meaning=meaning, first=figure(first), all=figure(every))

    return [
        measure(
            "Appelés dans le temps annoncé",
            "Au plus tard à la fin de la fourchette lue : « entre 35 et 55 minutes » est tenu jusqu’à 55.",
            lambda tally: ratio(tally.kept, tally),
        ),
        measure(
            "Plus de 10 minutes après le temps annoncé",
            "Les promesses manquées pour de bon.",
            lambda tally: ratio(tally.late, tally),
        ),
        measure(
            "Erreur moyenne",
            "Entre l’attente la plus probable et l’attente vraie, dans un sens ou dans l’autre.",
            amount,
        ),
        measure(
            "Annoncé trop peu de plus de 10 minutes",
            "Appelés plus de 10 minutes après l’attente la plus probable.",
            lambda tally: ratio(tally.under, tally),
        ),
        measure(
            "Dans l’intervalle calculé",
            "Le calcul donne à chacun un intervalle fait pour contenir 8 attentes sur 10. "
            "Entre 75 et 85 %, il dit vrai ; au-dessus il est trop prudent, au-dessous trop sûr de lui.",
            lambda tally: ratio(tally.covered, tally),
        ),
    ]


def _errors(days: Sequence[date], tallies: Sequence[Tally]) -> Plot:
    errors = [_error(tally) for tally in tallies]
    highest = max((error for error in errors if error is not None), default=0)
    top = next((one for one in _TOPS_MIN if one >= highest), _TOPS_MIN[-1])
    series = _series("Erreur moyenne", "error", tallies, _error, amount)
    return plotted(days, [series], top=top, unit=f"{NARROW}min")


def _shares(days: Sequence[date], tallies: Sequence[Tally]) -> Plot:
    kept = _series(
        "Appelés dans le temps annoncé",
        "kept",
        tallies,
        lambda tally: _share(tally.kept, tally),
        lambda tally: ratio(tally.kept, tally),
    )
    covered = _series(
        "Dans l’intervalle calculé",
        "covered",
        tallies,
        lambda tally: _share(tally.covered, tally),
        lambda tally: ratio(tally.covered, tally),
    )
    return plotted(days, [kept, covered], top=100, unit=f"{NARROW}%", band=_HONEST)


def _series(
    name: str,
    style: str,
    tallies: Sequence[Tally],
    value: Callable[[Tally], float | None],
    words: Callable[[Tally], str],
) -> Series:
    return Series(
        name=name,
        style=style,
        values=[value(tally) for tally in tallies],
        titles=[f"{name} : {words(tally)}, {tally.told} personnes" for tally in tallies],
        is_sure=[tally.told >= FEW for tally in tallies],
    )


def _error(tally: Tally) -> float | None:
    return tally.error_s / tally.told / 60 if tally.told else None


def _share(part: int, tally: Tally) -> float | None:
    return 100 * part / tally.told if tally.told else None
