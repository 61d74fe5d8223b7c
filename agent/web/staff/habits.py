"""What a centre has learnt from its own days, in words and shapes that its doctors can check. Pure.

Rule: every figure is the very one by which waits are forecast, and says how much it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp

from agent.web.staff.plot import Bars, barred
from agent.web.staff.words import NARROW, number, percent
from core.forecast.habits import (
    CARE,
    CONSULTATION,
    GONE_AFTER_MIN,
    HORIZONS_MIN,
    OFFSETS_MIN,
    RETURN,
    SLOT_MIN,
    URGENT,
    Habits,
    Pace,
)
from core.forecast.paces import of_practitioner
from core.room.ids import PractitionerId

__all__ = ["Table", "by_hour", "by_weekday", "tables_of"]

_KINDS = {
    CONSULTATION: "Consultation",
    RETURN: "Retour d’un examen",
    CARE: "Passage en soins",
    URGENT: "Urgence",
    "short": "Visite courte",
    "tech": "Acte technique",
    "courtesy": "Courtoisie (grossesse, nourrisson)",
    "card": "Carte de priorité",
    "soon": "Avancé par l’équipe",
    "prio": "Priorité",
}
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_P90 = 1.2816
"""Standard deviations from the median of a normal distribution."""
_PUNCTUAL_MIN = (-5, 5, 15)
"""Where the classes of coming and leaving are put together; each is one of `OFFSETS_MIN`."""
_HARDLY_ANY = 0.05
_HARDLY_ANY_MORE = 0.005
_IN_HOURS = 3
_SLOTS_AN_HOUR = 60 // SLOT_MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Habits of one kind."""

    title: str
    meaning: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def tables_of(habits: Habits, names: Mapping[PractitionerId, str]) -> list[Table]:
    """
    Args:
        names: of practitioners, as staff know them.
    """
    return [
        _visits(habits),
        _practitioners(habits, names),
        _crossings(habits),
        _departures(habits),
        _presence(habits),
        _between(habits),
        _calibration(habits),
    ]


def by_hour(habits: Habits) -> Bars:
    """How many come in each hour of a mean day, from the first to the last in which anybody does."""
    slots = [slot.value for slot in habits.arrivals]
    hours = [sum(slots[first : first + _SLOTS_AN_HOUR]) for first in range(0, len(slots), _SLOTS_AN_HOUR)]
    some = [hour for hour, come in enumerate(hours) if come >= _HARDLY_ANY] or [0]
    shown = range(some[0], some[-1] + 1)
    return barred([f"{hour}{NARROW}h" for hour in shown], [hours[hour] for hour in shown])


def by_weekday(habits: Habits) -> Bars:
    """How many come on each day of the week."""
    mean = sum(slot.value for slot in habits.arrivals)
    return barred(_WEEKDAYS, [mean * day.value for day in habits.weekdays])


def _visits(habits: Habits) -> Table:
    crowd, rests_on = _more(habits.crowd.value), number(habits.crowd.weight)
    return Table(
        title="Durée des visites",
        meaning="De l’appel du patient à la fin de sa visite, ces derniers jours. Quand un patient de plus attend, "
        f"par médecin, les visites durent : {crowd} (d’après {rests_on} visites).",
        heads=("", "Une sur deux dure moins de", "Huit sur dix durent", "D’après (visites)"),
        rows=[
            (_KINDS.get(kind, kind), *_lasts(pace, habits.level.value), number(pace.weight))
            for kind, pace in habits.visits.items()
        ],
    )


def _practitioners(habits: Habits, names: Mapping[PractitionerId, str]) -> Table:
    people = sorted((names.get(PractitionerId(who), who), who, own) for who, own in habits.practitioners.items())
    return Table(
        title="Rythme de chacun",
        meaning="Comparé aux autres, à visites égales. Avec peu de visites, on suppose que chacun fait comme les "
        "autres. C’est un rythme, pas un jugement.",
        heads=("", "Ses visites durent", "D’après (visites)"),
        rows=[(name, _more(of_practitioner(who, habits)), number(own.weight)) for name, who, own in people],
    )


def _crossings(habits: Habits) -> Table:
    return Table(
        title="Qui passe avant",
        meaning="Ceux qui arrivent après vous et passent avant vous, comme s’ils étaient venus plus tôt.",
        heads=("", "Sur 100 arrivées", "Comme venus plus tôt de", "D’après (arrivées)"),
        rows=[
            (
                _KINDS.get(kind, kind),
                number(100 * one.share.value, 1),
                _minutes(one.head_start_min),
                number(one.share.weight),
            )
            for kind, one in habits.crossings.items()
        ],
    )


def _departures(habits: Habits) -> Table:
    stretches = [
        f"{begins} à {ends}{NARROW}min" if ends else f"plus de {begins}{NARROW}min"
        for begins, ends in zip(GONE_AFTER_MIN, (*GONE_AFTER_MIN[1:], None), strict=True)
    ]
    return Table(
        title="Absents et départs",
        meaning="Selon le temps déjà attendu. Plus on attend, plus on s’en va, souvent sans le dire.",
        heads=(
            "Déjà attendu",
            "Absents à l’appel",
            "D’après (appels)",
            "Disent qu’ils partent, par heure",
            "D’après (h)",
        ),
        rows=[
            (stretch, percent(absent.value), number(absent.weight), percent(left.value), number(left.weight))
            for stretch, absent, left in zip(stretches, habits.absent, habits.left, strict=True)
        ],
    )


def _presence(habits: Habits) -> Table:
    def row(name: str, classes: Sequence[float]) -> tuple[str, ...]:
        cuts = [0, *(OFFSETS_MIN.index(cut) + 1 for cut in _PUNCTUAL_MIN), len(classes)]
        parts = [sum(classes[first:last]) for first, last in pairwise(cuts)]
        return name, *(percent(part / sum(classes)) for part in parts), number(sum(classes))

    missing = habits.missing
    return Table(
        title="Médecins et planning",
        meaning="Comparé à l’heure prévue. Prévus et jamais venus : "
        f"{percent(missing.value)} (d’après {number(missing.weight)} présences prévues).",
        heads=("", "Plus tôt", "À 5 min près", "5 à 15 min plus tard", "Plus tard encore", "D’après (présences)"),
        rows=[row("Arrivée", habits.coming), row("Dernier appel avant de partir", habits.leaving)],
    )


def _between(habits: Habits) -> Table:
    def row(name: str, share: str, pace: Pace, rests_on: float) -> tuple[str, ...]:
        return name, share, *_lasts(pace), number(rests_on)

    exams, pauses, back = habits.exams, habits.pauses, habits.back
    return Table(
        title="Ce qui s’intercale",
        meaning="Ce qui retarde ceux qui attendent, sans qu’ils le voient.",
        heads=("", "Arrive à", "Une fois sur deux, moins de", "Huit fois sur dix", "D’après"),
        rows=[
            row("Part pour un examen et revient", f"{percent(exams.value)} des visites", habits.exam, exams.weight),
            row("Pause ou interruption", f"{percent(pauses.value)} des visites", habits.pause, pauses.weight),
            row("Absent qui revient", f"{percent(back.value)} des absents", habits.back_after, back.weight),
            row("Attente d’un absent, avant le suivant", "chaque absent", habits.grace, habits.grace.weight),
        ],
    )


def _calibration(habits: Habits) -> Table:
    bounds = [f"moins de {HORIZONS_MIN[0]}{NARROW}min"]
    bounds += [f"{low} à {high}{NARROW}min" for low, high in pairwise(HORIZONS_MIN)]
    bounds.append(f"plus de {HORIZONS_MIN[-1]}{NARROW}min")
    corrections = zip(bounds, habits.calibration.below, habits.calibration.above, strict=True)
    return Table(
        title="Correction de l’intervalle",
        meaning="Chaque nuit, les annonces du jour sont refaites et comparées : 8 attentes sur 10 doivent tomber dans "
        "l’intervalle. Au-dessus de 1 il est élargi, au-dessous il est resserré.",
        heads=("Attente", "Vers le court", "Vers le long"),
        rows=[(bound, f"× {number(below, 2)}", f"× {number(above, 2)}") for bound, below, above in corrections],
    )


def _lasts(pace: Pace, longer: float = 0.0) -> tuple[str, str]:
    """The median, and from p10 to p90."""
    middle = pace.log_mean + longer
    low, high = (exp(middle + side * _P90 * pace.spread) for side in (-1, 1))
    return _minutes(exp(middle)), f"{number(low)} à {_minutes(high)}"


def _minutes(minutes: float) -> str:
    hours = minutes / 60
    return f"{number(hours)}{NARROW}h" if hours >= _IN_HOURS else f"{number(minutes)}{NARROW}min"


def _more(log_factor: float) -> str:
    share = exp(log_factor) - 1
    if abs(share) < _HARDLY_ANY_MORE:
        return "autant"
    return f"{percent(abs(share))} {'de plus' if share > 0 else 'de moins'}"
