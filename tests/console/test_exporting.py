"""A case is taken out by two persons or not at all; the file opens with words that each of them knows half of."""

import json
from base64 import b64encode
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from bot.core.errors import Damaged, NotMine
from bot.sealing.context import new_id
from bot.sealing.export import FORMAT, open_export
from bot.sealing.passphrase import new_passphrase
from tests.console.officer import Officer
from tests.console.schema import faults
from tests.console.world import SeededCase, World

DAY_S = 86_400


async def goes(officer: Officer, case: SeededCase, export: bytes, stage: str) -> httpx.Response:
    opened = await officer.opens(case.id)
    body = {"id": export.hex(), "stage": stage, **officer.note(opened, "{}", "export")}
    return await officer.posts(f"case/{case.id.hex()}/export/go", body)


@pytest.mark.promise("S35")
@pytest.mark.promise("S39")
async def test_two_persons_take_a_case_out_once(world: World, sindh: Officer) -> None:
    case, export = await world.case(), new_id()
    async with Officer(world) as supervisor:
        await supervisor.signs_in("supervisor")
        asked = await goes(sindh, case, export, "ask")
        agreed = await goes(supervisor, case, export, "agree")
        taken = await goes(sindh, case, export, "take")
        again = await goes(sindh, case, export, "take")

    assert [200, 200, 200, 409] == [one.status_code for one in (asked, agreed, taken, again)]
    acts = [entry["act"] for entry in await world.trail()]
    assert ["export_agree", "export_ask", "export_take"] == sorted(act for act in acts if act.startswith("export"))


@pytest.mark.promise("S39")
@pytest.mark.parametrize(
    "stages",
    [
        (("sindh", "take"),),
        (("sindh", "ask"), ("sindh", "take")),
        (("sindh", "ask"), ("sindh", "agree"), ("sindh", "take")),
        (("sindh", "agree"), ("sindh", "take")),
        (("sindh", "ask"), ("supervisor", "take")),
        (("sindh", "ask"), ("supervisor", "agree"), ("supervisor", "take")),
    ],
    ids=lambda stages: " ".join(f"{who}-{stage}" for who, stage in stages),
)
async def test_one_person_alone_takes_nothing_out(
    world: World, sindh: Officer, stages: tuple[tuple[str, str], ...]
) -> None:
    case, export = await world.case(), new_id()
    async with Officer(world) as supervisor:
        await supervisor.signs_in("supervisor")
        people = {"sindh": sindh, "supervisor": supervisor}
        last = None
        for who, stage in stages:
            last = await goes(people[who], case, export, stage)

    assert last is not None
    assert (409, "not_two") == (last.status_code, last.json()["error"])
    assert "export_take" not in [entry["act"] for entry in await world.trail()]


@pytest.mark.promise("S39")
async def test_an_agreement_ends_after_two_days_and_holds_for_its_case_alone(world: World, sindh: Officer) -> None:
    case, other, export = await world.case(), await world.case(), new_id()
    async with Officer(world) as supervisor:
        await supervisor.signs_in("supervisor")
        await goes(sindh, case, export, "ask")
        elsewhere = await goes(supervisor, other, export, "agree")
        await goes(supervisor, case, export, "agree")
    world.clock.now += 3 * DAY_S
    async with Officer(world) as later:
        await later.signs_in("sindh")
        late = await goes(later, case, export, "take")

    assert ["not_two"] * 2 == [elsewhere.json()["error"], late.json()["error"]]


@pytest.mark.promise("S23")
async def test_only_readers_of_a_case_ask_or_agree(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    body = {"id": new_id().hex(), "stage": "ask", **sindh.note(opened, "{}", "export")}
    async with Officer(world) as punjab:
        await punjab.signs_in("punjab")
        refused = await punjab.posts(f"case/{case.id.hex()}/export/go", body)

    assert 404 == refused.status_code


def sealed(words: str, content: bytes, iterations: int = 600_000) -> bytes:
    salt, nonce = bytes(range(16)), bytes(range(12))
    key = PBKDF2HMAC(SHA256(), 32, salt, iterations).derive(words.encode())
    body = AESGCM(key).encrypt(nonce, content, FORMAT.encode())
    texts = {name: b64encode(value).decode() for name, value in (("salt", salt), ("nonce", nonce), ("sealed", body))}
    return json.dumps({"format": FORMAT, "iterations": iterations, **texts}).encode()


@pytest.mark.promise("S35")
@pytest.mark.promise("S39")
def test_the_file_opens_with_all_six_words_only() -> None:
    words = new_passphrase()
    file = sealed(words, b'{"a": 1}')
    half = " ".join([*words.split()[:3], *new_passphrase().split()[:3]])

    assert b'{"a": 1}' == open_export(file, words.upper())
    for wrong in (half, new_passphrase(), words[:14], ""):
        with pytest.raises(NotMine):
            open_export(file, wrong)
    with pytest.raises(Damaged):
        open_export(sealed(words, b"{}", 1000), words)


def test_the_check_of_schemas_itself_finds_faults() -> None:
    form = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "htcds-row.json").read_text("utf-8"))
    row: dict[str, object] = {
        "prs_Gender": "Feminine",
        "cas_Status": "Active",
        "con_Consent": True,
        "x_Urgency": "U0",
    }
    bad = {"row": {**row, "prs_Gender": "girl", "name": "x"}, "events": [{"hte_Country": "Pakistan"}]}

    assert [] == list(faults(form, {"row": row, "events": []}))
    assert 4 == len(list(faults(form, bad)))
