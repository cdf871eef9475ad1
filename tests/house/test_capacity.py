"""The page about capacity says what the simulation says, and the simulation agrees with what theory knows exactly."""

import re
from math import factorial

import pytest

from benchmarks.capacity import BEGIN, END, PAGE, Costs, Use, limits, lines, queue_waits, simulate

NUMBER = re.compile(r"\d[\d,]*\.?\d*")
CLOSE = 0.1
"""Figures are taken again now and then; a page a tenth away from them is still true."""


def mean_wait(rate_s: float, servers: int, mean_s: float) -> float:
    """Erlang's C formula: the mean wait with Poisson arrivals, exponential service and `servers` servers."""
    offered = rate_s * mean_s
    busy = offered / servers
    last = offered**servers / factorial(servers) / (1 - busy)
    waiting = last / (sum(offered**k / factorial(k) for k in range(servers)) + last)
    return waiting * mean_s / (servers * (1 - busy))


@pytest.mark.parametrize(("rate_s", "servers"), [(5.0, 1), (8.0, 1), (16.0, 2), (40.0, 5)])
def test_the_simulated_wait_is_that_of_queueing_theory(rate_s: float, servers: int) -> None:
    seen = queue_waits(rate_s, servers, 0.1, customers=60_000)

    assert mean_wait(rate_s, servers, 0.1) == pytest.approx(seen, rel=0.12)


def test_a_station_is_busy_for_as_long_as_what_comes_takes() -> None:
    use, costs = Use(), Costs(0.01, 0.0, 0.0)
    seen = simulate(10.0, 1, 4, costs, use, seconds=600)

    assert 0.1 == pytest.approx(seen.core, rel=0.1)
    assert 10 / use.commits_s == pytest.approx(seen.commits, rel=0.1)
    assert 10 * use.messages_an_update / use.telegram_messages_s / 4 == pytest.approx(seen.telegram, rel=0.1)


def test_one_bot_is_narrow_for_ten_million_people_however_many_replicas() -> None:
    use, costs = Use(), Costs.read()

    assert {"Telegram"} == {min(found, key=found.__getitem__) for n in (1, 100) if (found := limits(n, 1, costs, use))}
    assert limits(1, 1, costs, use)["Telegram"] < use.updates_s < limits(1, 1, costs, use)["cores"]


@pytest.mark.slow
def test_the_page_says_what_the_simulation_gives_with_the_committed_results() -> None:
    told = PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    made = "\n".join(lines(Costs.read(), Use()))

    assert NUMBER.sub("#", made).split() == NUMBER.sub("#", told).split(), "python -m benchmarks.capacity --write"
    pairs = list(zip(_numbers(made), _numbers(told), strict=True))
    assert len(pairs) > 50
    assert [pair for pair in pairs if abs(pair[0] - pair[1]) > max(CLOSE * abs(pair[0]), CLOSE)] == []


def _numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]
