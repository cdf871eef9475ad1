"""Founding, people, recovery and audit by command line, the way docs/keys.md says it."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from storage import accounts, open_database
from tests.storage.making import keeping, knock, new_id, nobody, report

TEAMS = """
[[team]]
id = "duty"
name = "Duty"
places = ["PK"]
officers = ["amna", "bilal"]
duty = true
"""


class House:
    """A service in a folder, worked by commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = {"HAMRAH_DATA_DIR": str(folder / "data")}

    def runs(self, *words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], env=self.settings)

    def says(self, *words: object) -> str:
        result = self.runs(*words)
        assert 0 == result.exit_code, result.output
        return result.output

    def at(self, name: str) -> Path:
        return self.folder / name


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    said = made.says("init", "--root-key", made.at("root.key"))
    found = re.search(r"HAMRAH_ROOT_FINGERPRINT=([0-9a-f]{64})", said)
    assert found
    made.settings["HAMRAH_ROOT_FINGERPRINT"] = found[1]
    for login in ("amna", "bilal"):
        made.says("officer", "add", login, "--name", login.title(), "--card", made.at(f"{login}.json"))
    made.at("teams.toml").write_text(TEAMS)
    sign(made, 1)
    return made


def sign(house: House, version: int, *more: object) -> str:
    said = sign_only(house, version, *more)
    house.says("roster", "publish", house.at("roster.json"))
    return said


def sign_only(house: House, version: int, *more: object) -> str:
    cards = [house.at("amna.json"), house.at("bilal.json")]
    out = house.at("roster.json")
    return house.says(
        *("roster", "sign", "--root-key", house.at("root.key"), "--teams", house.at("teams.toml")),
        *("--version", version, "--out", out, *more, *cards),
    )


@pytest.mark.promise("S37")
def test_the_log_is_verified_and_its_head_kept_by_a_witness(house: House) -> None:
    house.says("officer", "leave", "bilal", "--even-if-lost")
    head = house.at("witness")
    house.says("audit", "head", "--out", head)

    said = house.says("audit", "verify", "--witness", head)
    assert "1 entries are fixed by a signed head" in said
    name, key = house.says("audit", "key").split()
    assert name in head.read_text()
    assert key
    head.write_text(head.read_text().replace("\n1\n", "\n9\n"))
    forged = house.runs("audit", "verify", "--witness", head)
    assert (1, True) == (forged.exit_code, "WRONG" in forged.output)
    assert 1 == house.runs("audit", "head", "--out", head).exit_code


@pytest.mark.promise("S14")
def test_whoever_is_invited_waits_for_the_signature_and_whoever_leaves_cannot_read(house: House) -> None:
    said = house.says("officer", "invite", "zoya", "--name", "Zoya")
    assert re.search(r"/console/join#[\w-]{43}\n", said)
    assert "nobody is waiting" in house.says("roster", "cards", "--out", house.at("cards"))
    assert 1 == house.runs("officer", "invite", "amna", "--name", "Amna").exit_code
    assert 2 == house.runs("officer", "invite", "two words", "--name", "X").exit_code
    assert 2 == house.runs("officer", "leave", "nobody").exit_code
    assert "amna, bilal" in house.says("roster", "show")

    assert "signed out" in house.says("officer", "leave", "bilal")
    assert "duty (duty): amna;" in house.says("roster", "show")


@pytest.mark.promise("S14")
def test_a_recovery_key_is_made_in_three_shares_and_signed_into_the_roster(house: House) -> None:
    shares = [house.at(f"share-{n}") for n in range(3)]
    options = [word for path in shares for word in ("--share", path)]
    house.says("recovery", "make", "--public", house.at("recovery.json"), *options)
    assert {0o600} == {path.stat().st_mode & 0o777 for path in shares}
    assert 2 == house.runs("recovery", "make", "--public", house.at("recovery.json"), *options).exit_code
    signs = sign(house, 2, "--recovery", house.at("recovery.json"))

    assert 2 == len(re.findall(r"^  \w+  (?:[0-9a-f]{4} ?){8}$", signs, re.MULTILINE))
    file, out = house.at("cases.json"), house.at("slots.json")
    assert "0 cases" in house.says("recovery", "export", "--out", file)
    root = house.settings["HAMRAH_ROOT_FINGERPRINT"]
    opening = ("recovery", "open", "--roster", house.at("roster.json"), "--root", root, "--to", "amna", "--out", out)
    assert "0 cases sealed" in house.says(*opening, "--share", shares[0], "--share", shares[2], file)
    assert 1 == house.runs(*opening, "--share", shares[0], file).exit_code
    house.says("recovery", "import", out)
    assert [] == json.loads(out.read_text())["cases"]


@pytest.mark.promise("R27")
def test_a_list_that_would_leave_a_case_without_reader_is_refused_and_the_cases_are_counted(house: House) -> None:
    asyncio.run(put_a_case(house, "duty", "amna"))
    house.at("teams.toml").write_text(TEAMS.replace('id = "duty"', 'id = "watch"'))
    sign_only(house, 2)
    refused = house.runs("roster", "publish", house.at("roster.json"))
    assert 1 == refused.exit_code
    assert "Nothing was published: with this list 1 cases" in refused.output
    assert "roster 1," in house.says("roster", "show")

    said = house.says("roster", "publish", house.at("roster.json"), "--even-if-lost")
    assert "roster 2 is in force" in said
    assert "1 cases can be opened with the recovery key only" in said
    red = [one for one in json.loads(house.runs("doctor", "--json").output) if one["check"] == "readers"]
    assert [
        (False, "1 cases; 1 that no officer can open, 0 of them by the recovery key: `hamrah recovery export`")
    ] == [(one["ok"], one["told"]) for one in red]


async def put_a_case(house: House, team: str, officer: str) -> None:
    """A case that this officer's key has a slot for; what it holds nobody opens here."""
    database = await open_database(f"sqlite:///{house.folder / 'data' / 'hamrah.db'}")
    try:
        key = (await database.read(lambda c: accounts.bundles(c, officer)))[0].key
        await database.take(knock(None), nobody, keeping(b"s", *report(new_id(), key, teams=(team,))))
    finally:
        await database.close()
