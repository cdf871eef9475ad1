"""A case leaves the service by two officers in two browsers, and fits the schemas of whoever receives it."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.core.errors import NotMine
from bot.sealing.export import open_export
from tests.browser.console_page import Floor, floor
from tests.console.officer import Officer
from tests.console.schema import faults
from tests.console.world import SeededCase

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
CODES = [
    *("SX1", "SX2", "SX3", "SX4", "SX5", "SX6", "LB1", "LB2", "LB3", "LB4", "LB5", "MR1", "MR2", "SL1", "SL2"),
    *("CR1", "AR1", "SP1", "OR1", "OT1", "RK1", "RK2", "RK3", "RK4", "RK5", "RK6", "OC1", "OC2", "OC3", "OC4"),
    *("OC5", "NI0"),
]
SERVICES = ("shelter", "health", "psychologist", "social", "legal", "school", "tracing", "cash", "return")


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / name).read_text("utf-8"))
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("exporting"), chromium_path) as made:
        yield made


async def notes(house: Floor, case: SeededCase, **said: dict[str, Any]) -> None:
    """Story and plan as officers sealed them."""
    async with Officer(house.world) as colleague:
        await colleague.signs_in("supervisor")
        for what, value in said.items():
            opened = await colleague.opens(case.id)
            await colleague.posts(f"case/{case.id.hex()}/note/add", colleague.note(opened, json.dumps(value), what))


async def exported(house: Floor, case: SeededCase, *, access: bool = False, seat: str = "sindh") -> dict[str, Any]:
    """Asked, agreed and taken in two browsers; opened with the words of both."""
    async with house.visitor() as first, house.visitor() as second:
        await first.at_the_queue(seat)
        await first.opens(case.id)
        await first.page.click("#export-card summary")
        await first.page.fill("#export-why", "The child protection bureau takes over.")
        await first.page.check("#export-card input[name=export-consent][value=given]")
        if access:
            assert [] == await first.faults_of_access()
        await first.page.click("#export-card button[type=submit]")
        await first.page.wait_for_selector("#export-card [data-part=waiting] li")
        assert 0 == await first.page.locator("#export-card [data-stage]").count()
        await second.at_the_queue("supervisor")
        await second.opens(case.id)
        await second.page.click("#export-card [data-stage=agree]")
        await second.page.wait_for_selector("#export-card [data-part=words]:not(:empty)")
        last = (await second.text("#export-card [data-part=words]")).split(": ")[1].split(".")[0]
        await first.page.evaluate("location.hash = ''")
        await first.opens(case.id)
        async with first.page.expect_download() as download:
            await first.page.click("#export-card [data-stage=take]")
        await first.page.wait_for_selector("#export-card [data-part=words]:not(:empty)")
        begin = (await first.text("#export-card [data-part=words]")).split(": ")[1].split(".")[0]
        file = Path(str(await (await download.value).path())).read_bytes()
        await first.calm()
        await second.calm()
    with pytest.raises(NotMine):
        open_export(file, f"{begin} {begin}")
    found: dict[str, Any] = json.loads(open_export(file, f"{begin} {last}"))
    return found


@pytest.mark.promise("S35")
@pytest.mark.promise("S39")
async def test_two_officers_take_out_a_case_that_others_can_read_in(house: Floor) -> None:
    case = await house.world.case(
        answers={"who": ("friend",), "gender": ("girl",), "place-from": ("PK-KP",), "place-to": ("PK-SD",)}
    )
    await notes(
        house,
        case,
        story={"forms": ["LB3", "SX5", "CR1"], "status": "told", "transit": "Multan"},
        plan={"words": "I want to learn.", "goal-1": "A safe bed", "service-shelter": "none", "service-legal": "given"},
    )
    found = await exported(house, case, access=True)
    row, data = found["htcds"]["row"], found["primero"]["data"]

    assert [] == list(faults(schema("htcds-row.json"), found["htcds"]))
    assert [] == list(faults(schema("primero-case.json"), found["primero"]))
    assert ("Feminine", "female") == (row["prs_Gender"], data["sex"])
    assert ["ForcedLabour", "SexualExploitation", "Other"] == row["vic_TypeOfExploitation"]
    assert ("PossibleVictimOfTrafficking", True) == (row["vic_TraffickingStatus"], row["con_Consent"])
    assert [("Recruitment", "PK-KP"), ("Transit", None), ("Exploitation", "PK-SD")] == [
        (event["hte_Type"], event.get("hte_State")) for event in found["htcds"]["events"]
    ]
    assert {"safehouse_service": "not_implemented", "legal_assistance_service": "implemented"} == {
        one["service_type"]: one["service_implemented"] for one in data["services_section"]
    }
    assert ("true", "high") == (data["urgent_protection_concern"], data["risk_level"])


@pytest.mark.promise("S35")
async def test_what_a_spreadsheet_would_run_leaves_as_text(house: Floor) -> None:
    """Words that officers took over from a report stand in the file behind an apostrophe, in full-width forms too."""
    case = await house.world.case()
    hostile = {"transit": "@SUM(A1)", "origin": " \t=cmd|' /C calc'!A0", "destination": "\uff1dHYPERLINK(1)"}
    plan = {"words": "=HYPERLINK(1)", "goal-1": "+1+1", "goal-2": "=2"}
    await notes(house, case, story={"forms": ["LB3"], "status": "told", **hostile}, plan=plan)
    found = await exported(house, case)
    told = [event["hte_Description"] for event in found["htcds"]["events"]]

    assert {f"'{one}" for one in hostile.values()} == set(told)
    assert ["'=HYPERLINK(1)", "'"] == [
        found["htcds"]["row"]["spl_Objectives"],
        found["htcds"]["row"]["spl_ActionPlan"][0],
    ]
    assert [] == [one for one in _texts(found) if one.lstrip()[:1] in {*"=+-@", "\uff1d", "\uff0b", "\uff0d", "\uff20"}]
    assert [] == list(faults(schema("htcds-row.json"), found["htcds"]))


@pytest.mark.promise("S35")
async def test_nothing_is_asked_for_without_a_reason(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        await officer.page.click("#export-card summary")
        await officer.page.fill("#export-why", "   ")
        await officer.page.check("#export-card input[name=export-consent][value=given]")
        await officer.page.click("#export-card button[type=submit]")
        await officer.page.wait_for_selector("#export-card .error:not(:empty)")
        assert 0 == await officer.page.locator("#export-card [data-part=waiting] li").count()
        await officer.calm()


@pytest.mark.parametrize("gender", ["girl", "boy", "another", "unsaid"])
async def test_every_code_fits_the_schemas(house: Floor, gender: str) -> None:
    """Each part of the scheme at once; and of what nobody told, nothing."""
    urgency = {"girl": "U1", "boy": "U2", "another": "U3", "unsaid": "U4"}[gender]
    case = await house.world.case(place="PK-KP", answers={"gender": (gender,)}, urgency=urgency, language="ur-Latn")
    states = ("asked", "given", "none")
    if gender != "unsaid":
        plan = {f"service-{kind}": states[n % 3] for n, kind in enumerate(SERVICES)}
        await notes(house, case, story={"forms": CODES, "status": "identified"}, plan=plan)
    found = await exported(house, case, seat="kp")

    assert [] == list(faults(schema("htcds-row.json"), found["htcds"]))
    assert [] == list(faults(schema("primero-case.json"), found["primero"]))
    assert ("vic_TypeOfExploitation" in found["htcds"]["row"]) == (gender != "unsaid")


def _texts(value: Any) -> Iterator[str]:
    """Each text of a file, however deep."""
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from _texts(one)
        case list():
            for one in value:
                yield from _texts(one)
