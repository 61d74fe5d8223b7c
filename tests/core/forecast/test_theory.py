"""The forecast against published formulas, and both against queues that a peer's simulator (ciw) has played.

n people before me, s practitioners, m minutes a visit, c its coefficient of variation. Sources: Whitt 1999
(doi 10.1287/mnsc.45.6.870); Cobham 1954 (doi 10.1287/opre.2.1.70).
"""

from __future__ import annotations

from dataclasses import replace
from math import factorial, sqrt

import ciw
import numpy as np
import pytest

from core.forecast.chance import chance_of
from core.forecast.moment import Moment
from core.forecast.play import forecast, played
from tests.core.forecast.given import SERVICE, doctor, moment, pace, plain, waiting

M_MIN = 15.0


def _lognormal(variation: float) -> ciw.dists.Distribution:
    visit = pace(M_MIN, variation)
    return ciw.dists.Lognormal(visit.log_mean, visit.spread)


def _simulated(servers: int, load: float, visit: ciw.dists.Distribution, minutes: float) -> list[ciw.data_record]:
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(load * servers / M_MIN)],
        service_distributions=[visit],
        number_of_servers=[servers],
    )
    ciw.seed(5)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(minutes)
    return sorted(simulation.get_all_records(), key=lambda record: record.arrival_date)


def _arrivals(records: list[ciw.data_record], servers: int, every: int) -> list[tuple[Moment, float]]:
    """What an arrival who must wait finds, and how long the wait was."""
    found = []
    for number in range(500, len(records), every):
        me = records[number]
        now = me.arrival_date
        before = records[max(0, number - 400) : number]
        inside = [one.service_start_date for one in before if one.service_start_date <= now < one.service_end_date]
        if len(inside) == servers:
            ahead = sum(one.service_start_date > now for one in before)
            doctors = tuple(doctor(str(room), since_min=now - since) for room, since in enumerate(inside))
            found.append((moment(doctors, waiting(ahead)), me.waiting_time))
    return found


def _simulated_with_urgent(
    servers: int, load: float, urgent: float, visit: ciw.dists.Distribution, minutes: float
) -> list[ciw.data_record]:
    """As `_simulated`; an urgent share of the arrivals goes before the others."""
    rate = load * servers / M_MIN
    shares = {"urgent": urgent, "other": 1 - urgent}
    network = ciw.create_network(
        arrival_distributions={kind: [ciw.dists.Exponential(share * rate)] for kind, share in shares.items()},
        service_distributions={kind: [visit] for kind in shares},
        priority_classes={"urgent": 0, "other": 1},
        number_of_servers=[servers],
    )
    ciw.seed(7)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(minutes)
    return list(simulation.get_all_records())


def _arrivals_behind_urgent(records: list[ciw.data_record], every: int) -> list[tuple[Moment, float]]:
    """What somebody who is not urgent and must wait finds at one practitioner's, and how long the wait was."""
    found = []
    for number in range(500, len(records), every):
        me = records[number]
        now = me.arrival_date
        before = records[max(0, number - 400) : number]
        since = next((one.service_start_date for one in before if one.service_start_date <= now < one.exit_date), None)
        if me.customer_class == "urgent" or since is None:
            continue
        queue = sorted(
            (one.arrival_date - now - (600 if one.customer_class == "urgent" else 0), number)
            for number, one in enumerate(before)
            if one.service_start_date > now
        )
        places = tuple(replace(place, key_min=key) for place, (key, _) in zip(waiting(len(queue)), queue, strict=True))
        found.append((moment((doctor("0", since_min=now - since),), places), me.waiting_time))
    return found


def _mean_forecast(at: Moment, variation: float, **habits: float) -> float:
    calls = played(at, plain(M_MIN, variation, **habits), chance_of(0))
    return float(calls[:, -1].mean())


def _erlang_c(servers: int, load: float) -> float:
    offered = servers * load
    terms = [offered**k / factorial(k) for k in range(servers)]
    last = offered**servers / factorial(servers) / (1 - load)
    return last / (sum(terms) + last)


@pytest.mark.parametrize(("servers", "ahead"), [(1, 3), (3, 8), (3, 20)])
@pytest.mark.parametrize("variation", [0.3, 0.42])
def test_forecast_has_the_mean_and_spread_of_visits_that_are_not_exponential(
    servers: int, ahead: int, variation: float
) -> None:
    """All busy since just now: n further ends of visits are awaited, and one end of the visits that go on."""
    doctors = tuple(doctor(str(number), since_min=0.0) for number in range(servers))

    calls = played(moment(doctors, waiting(ahead)), plain(M_MIN, variation), chance_of(0))[:, -1]

    assert calls.mean() == pytest.approx(_renewal_mean(servers, ahead, variation), rel=0.03)
    if servers == 1:
        assert calls.std() == pytest.approx(variation * sqrt(ahead + 1) * M_MIN, rel=0.08)


def _renewal_mean(servers: int, ahead: int, variation: float) -> float:
    """The mean time of the (n+1)-th end of visits, by plain drawing."""
    visit = pace(M_MIN, variation)
    generator = np.random.default_rng(1)
    free = np.zeros((4000, servers))
    rows = np.arange(len(free))
    for _ in range(servers + ahead):
        first = free.argmin(1)
        free[rows, first] += np.exp(generator.normal(visit.log_mean, visit.spread, len(free)))
    return float(free.min(1).mean())


@pytest.mark.parametrize(("servers", "variation"), [(1, 0.42), (3, 0.42), (3, 1.0)])
def test_in_a_simulated_queue_forecast_formula_and_waits_agree(servers: int, variation: float) -> None:
    """M/G/s: the mean wait is (n + (1 + c²)/2) m/s; 0.5 % in the lab, 4 % with what is simulated here."""
    records = _simulated(servers, 0.9, _lognormal(variation), 60_000)
    found = _arrivals(records, servers, every=7)

    formula = np.array([(len(at.waiting) + (1 + variation**2) / 2) * M_MIN / servers for at, _ in found])
    waits = np.array([wait for _, wait in found])
    means = np.array([_mean_forecast(at, variation) for at, _ in found])

    assert waits.mean() == pytest.approx(formula.mean(), rel=0.04)
    assert means.mean() == pytest.approx(formula.mean(), rel=0.04)
    assert abs(waits - means).mean() <= 1.01 * abs(waits - formula).mean()


def test_in_a_simulated_queue_eight_waits_in_ten_lie_between_the_quantiles() -> None:
    records = _simulated(3, 0.9, _lognormal(0.42), 60_000)
    found = _arrivals(records, 3, every=7)

    said = [forecast(at, plain(M_MIN, 0.42), 0).newcomers[SERVICE] for at, _ in found]
    inside = [wait.p10_s <= 60 * real <= wait.p90_s for wait, (_, real) in zip(said, found, strict=True)]
    shorter = [60 * real < wait.p50_s for wait, (_, real) in zip(said, found, strict=True)]

    assert np.mean(inside) == pytest.approx(0.8, abs=0.03)
    assert np.mean(shorter) == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(("ahead", "urgent_a_minute"), [(5, 0.02), (10, 0.04)])
def test_urgent_arrivals_to_come_lengthen_the_wait_of_the_others_as_the_formula_says(
    ahead: int, urgent_a_minute: float
) -> None:
    """Mean (n + 1) / (s/m - λ) when visits are exponential; c = 1 here, and visits just begun count as whole ones."""
    doctors = tuple(doctor(str(number), since_min=0.0) for number in range(3))
    at = moment(doctors, waiting(ahead))
    without = _mean_forecast(at, 0.4)

    as_usual = replace(at, came=round(2 * urgent_a_minute * at.minute))
    with_urgent = _mean_forecast(as_usual, 0.4, urgent_share=0.5, a_minute=2 * urgent_a_minute)

    by_formula = (3 / M_MIN) / (3 / M_MIN - urgent_a_minute)
    assert with_urgent / without == pytest.approx(by_formula, rel=0.05)


def test_the_simulator_has_the_waits_of_strict_priority() -> None:
    """Cobham: W1 = W0 / (1 - ρ1), W2 = W0 / ((1 - ρ1)(1 - ρ)), W0 = C(s, a) m/s; 1.3 % in the lab."""
    servers, load, urgent = 3, 0.8, 0.2
    waits: dict[str, list[float]] = {"urgent": [], "other": []}
    for record in _simulated_with_urgent(servers, load, urgent, ciw.dists.Exponential(1 / M_MIN), 400_000):
        waits[record.customer_class].append(record.waiting_time)

    alone = _erlang_c(servers, load) * M_MIN / servers
    assert np.mean(waits["urgent"]) == pytest.approx(alone / (1 - urgent * load), rel=0.06)
    assert np.mean(waits["other"]) == pytest.approx(alone / ((1 - urgent * load) * (1 - load)), rel=0.1)


def test_whoever_others_go_before_is_forecast_the_wait_that_strict_priority_has() -> None:
    """Cobham, one practitioner, any visits: W2 = W0 / ((1 - ρ1)(1 - ρ)), W0 = λ E[S²] / 2; an arrival waits with
    probability ρ. The newest state alone is known, as at a centre: who waits at which key, and since when the visit
    goes on.
    """
    load, urgent, variation = 0.7, 0.25, 0.42
    rate = load / M_MIN
    records = _simulated_with_urgent(1, load, urgent, _lognormal(variation), 600_000)
    found = _arrivals_behind_urgent(sorted(records, key=lambda record: record.arrival_date), every=19)
    usual = [replace(at, came=round(rate * at.minute)) for at, _ in found]

    waits = np.mean([wait for _, wait in found])
    means = np.mean([_mean_forecast(at, variation, urgent_share=urgent, a_minute=rate) for at in usual])

    alone = rate * M_MIN**2 * (1 + variation**2) / 2
    formula = alone / ((1 - urgent * load) * (1 - load)) / load
    assert waits == pytest.approx(formula, rel=0.06)
    assert means == pytest.approx(formula, rel=0.06)


def test_a_free_practitioner_calls_at_once() -> None:
    said = forecast(moment((doctor(),)), plain(), 0).newcomers[SERVICE]

    assert (said.p10_s, said.p50_s, said.p90_s) == (0, 0, 0)


def test_nothing_is_said_while_nobody_is_there_or_planned() -> None:
    assert not forecast(moment((), waiting(3)), plain(), 0).tickets


def test_the_same_moment_and_seed_give_the_same_answer() -> None:
    at = moment((doctor(since_min=3.0),), waiting(6), closes_min=60.0)

    assert forecast(at, plain(), 3) == forecast(at, plain(), 3)
    assert forecast(at, plain(), 3) != forecast(replace(at, waiting=waiting(5)), plain(), 3)
