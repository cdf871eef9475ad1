"""What a host may watch says how the service is, and nothing of anybody in it (R20)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.core.errors import ConfigError, StorageError
from bot.health import WELL
from bot.house import House
from bot.logs import EVENTS
from bot.main import watching_of
from bot.metrics import SURFACES, Metrics, Timed
from tests.browser.served import free_port
from tests.channels.calling import Line, until
from tests.fake_telegram import FakeTelegram
from tests.house.tree import ROOT
from tests.service import found, serving_here

MONITORING = ROOT / "deploy" / "monitoring"
WORDS = "they took my papers, zulfiqar street 17"


async def scraped(address: str) -> dict[str, list[tuple[dict[str, str], float]]]:
    async with aiohttp.ClientSession() as http, http.get(f"http://{address}/metrics") as answer:
        text = await answer.text()
    assert WORDS not in text
    told: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            told.setdefault(sample.name, []).append((dict(sample.labels), sample.value))
    return told


@pytest.mark.slow
@pytest.mark.promise("R20", "S44")
async def test_a_report_shows_as_counts_and_times_and_as_nothing_else(tmp_path: Path) -> None:
    service, address = await found(tmp_path / "service"), f"127.0.0.1:{free_port()}"
    async with (
        FakeTelegram() as telegram,
        serving_here(service, telegram, metrics_listen=address) as (house, site),
    ):
        child = Line(service, house, telegram, site).phone()
        await child.opens("en")
        await child.tells({"words-what": WORDS})
        await child.chooses("send", "code-saved")
        house.metrics.count_event("update_failed")
        house.metrics.count_event(WORDS)
        told = await scraped(address)

    assert [({}, 1.0)] == told["hamrah_ready"]
    assert told["hamrah_roster_days"][0][1] > 0 < told["hamrah_fewest_living_keys"][0][1]
    assert [0.0, 0.0, -1.0] == [
        told[f"hamrah_{name}"][0][1] for name in ("cases_without_reader", "cases_asleep", "recovery_days")
    ]
    assert 85 < told["hamrah_team_keys_days"][0][1] <= 90
    assert 10 < sum(
        n for labels, n in told["hamrah_answers_total"] if labels == {"surface": "telegram", "status": "2xx"}
    )
    assert [({"event": "other"}, 1.0), ({"event": "update_failed"}, 1.0)] == sorted(
        told["hamrah_events_total"], key=str
    )
    allowed = {
        "surface": {*SURFACES},
        "status": {f"{n}xx" for n in range(1, 6)},
        "event": {*EVENTS, "other"},
        "check": {*WELL},
    }
    for samples in told.values():
        for labels, _ in samples:
            assert labels.keys() <= {*allowed, "le"}
            assert all(labels[name] in allowed[name] for name in labels.keys() & allowed.keys())


@pytest.mark.promise("R20")
async def test_a_database_that_does_not_answer_shows_and_the_rest_is_still_told(tmp_path: Path) -> None:
    service = await found(tmp_path / "service")
    async with serving_here(service, metrics_listen="127.0.0.1:1") as (house, _):
        watching = watching_of(house)

        async def away(_: object) -> object:
            raise StorageError("away")

        await watching.look()
        assert 1 == value(house, "ready")
        house.database.read = away  # type: ignore[method-assign, assignment]
        await watching.look()
        assert 0 == value(house, "ready")
        assert 0 < value(house, "disk_free_ratio")
        del house.database.read


def value(house: House, name: str) -> float:
    return next(iter(house.metrics.gauges[name].collect())).samples[0].value


async def test_a_taken_address_ends_the_service_with_a_reason(tmp_path: Path) -> None:
    service, address = await found(tmp_path / "service"), f"127.0.0.1:{free_port()}"
    async with serving_here(service, metrics_listen=address) as (house, _):
        await until(lambda: _answers(address))
        with pytest.raises(ConfigError, match="metrics"):
            await watching_of(house).keep()


async def _answers(address: str) -> bool:
    try:
        return bool(await scraped(address))
    except aiohttp.ClientError:
        return False


async def test_an_address_says_only_which_part_of_us_it_is_for() -> None:
    """Whatever is asked for, there is no label that was not foreseen."""
    metrics = Metrics()

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=404)(scope, receive, send)

    async def nothing() -> dict[str, str]:
        return {"type": "http.request"}

    async def taken(_: object) -> None:
        return None

    for path in ("/", "/telegram/secret-path", "/console/case/00ff", "/sara", "//", "/report?x"):
        await Timed(site, metrics)({"type": "http", "path": path, "method": "GET"}, nothing, taken)
    seen = {s.labels["surface"] for f in metrics.answers.collect() for s in f.samples}
    assert {"chat", "telegram", "console"} == seen


def test_only_events_of_the_list_are_logged() -> None:
    named = set(re.findall(r'log\.(?:debug|info|warning|error)\(\s*"([^"]+)"', "\n".join(_sources())))
    named |= set(re.findall(r'_alarm\("([^"]+)"\)', "\n".join(_sources())))
    assert named == EVENTS


def _sources() -> Iterator[str]:
    for folder in ("bot", "storage"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.read_text("utf-8")


def test_dashboard_and_alarms_ask_only_for_what_there_is() -> None:
    rules = yaml.safe_load((MONITORING / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
    panels = json.loads((MONITORING / "grafana.json").read_text("utf-8"))["panels"]
    asked = " ".join([rule["expr"] for rule in rules] + [t["expr"] for panel in panels for t in panel["targets"]])
    metrics = Metrics()
    metrics.answers.labels("chat", "2xx")
    metrics.seconds.labels("chat")
    metrics.events.labels("other")
    metrics.well.labels("disk")
    told = {s.name for family in metrics.registry.collect() for s in family.samples}
    assert set(re.findall(r"hamrah_[a-z_]+", asked)) <= told
    events = {name for names in re.findall(r'event=~"([^"]+)"', asked) for name in names.split("|")}
    assert events
    assert events <= EVENTS
    assert all(rule["annotations"]["summary"] and rule["labels"]["severity"] in ("now", "today") for rule in rules)
    assert len({panel["id"] for panel in panels}) == len(panels)
