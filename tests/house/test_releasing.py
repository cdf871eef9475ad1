"""The recipe of a release, run as docs/releasing.md says it; the bill of materials; and the licences (S26, S57)."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

import pytest

from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "releasing.md"
COPIED = ("deploy", "bot/web/dist", "bot/web/package-lock.json", "requirements.lock", "pyproject.toml")


def licences() -> dict[str, Any]:
    return tomllib.loads((ROOT / "deploy" / "licences.toml").read_text("utf-8"))


def pinned(lock: str = "requirements.lock") -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE))


# --- pinned, licensed ---


@pytest.mark.promise("S57")
@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-build.lock", "requirements-dev.lock"])
def test_every_package_is_pinned_by_version_and_hash(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", (ROOT / lock).read_text("utf-8"), flags=re.MULTILINE))
    loose = [
        entry.split()[0]
        for entry in entries
        if not re.match(r"[a-z0-9-]+==\S+(?: ;[^\n]*)? \\\n    --hash=sha256:", entry)
    ]
    assert [] == loose


@pytest.mark.promise("S57")
def test_every_package_of_the_browser_bundle_is_pinned_by_hash_and_runs_no_script_of_its_own() -> None:
    lock = json.loads((ROOT / "bot/web/package-lock.json").read_text("utf-8"))
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert [] == [path for path, entry in packages.items() if not entry["integrity"].startswith("sha512-")]
    assert "ignore-scripts=true" in (ROOT / "bot/web/.npmrc").read_text("utf-8").splitlines()
    allowed = set(licences()["allowed"])
    assert [] == [path for path, entry in packages.items() if not entry.get("dev") and entry["license"] not in allowed]


@pytest.mark.promise("S57")
def test_every_package_of_a_running_service_has_a_licence_that_may_be_used() -> None:
    told = licences()
    assert set(pinned()) == set(told["python"]), "deploy/licences.toml names other packages than requirements.lock"
    terms = {name: set(re.split(r" (?:AND|OR) ", licence)) for name, licence in told["python"].items()}
    assert {} == {name: named for name, named in terms.items() if not named <= set(told["allowed"])}


@pytest.mark.promise("S57")
def test_the_licences_are_those_that_the_packages_themselves_state() -> None:
    told, different = licences()["python"], {}
    for name in pinned():
        try:
            stated = metadata(name).json.get("license_expression")
        except PackageNotFoundError:  # for another system
            continue
        if stated and stated != told[name]:
            different[name] = stated
    assert {} == different


@pytest.mark.promise("S57")
def test_the_bill_of_materials_is_that_of_the_locks_and_the_same_each_time(tmp_path: Path) -> None:
    """If this fails, run `python3 deploy/sbom.py > deploy/sbom.cdx.json`."""
    script = [sys.executable, "-I", "-S", str(ROOT / "deploy" / "sbom.py")]
    made = [subprocess.run(script, cwd=tmp_path, capture_output=True, check=True).stdout for _ in range(2)]
    assert made[0] == made[1] == (ROOT / "deploy" / "sbom.cdx.json").read_bytes()
    bill = json.loads(made[0])
    listed = {entry["name"]: entry["version"] for entry in bill["components"] if entry["purl"].startswith("pkg:pypi/")}
    assert ("CycloneDX", pinned()) == (bill["bomFormat"], listed)
    bundled = {entry["name"] for entry in bill["components"] if entry["purl"].startswith("pkg:npm/")}
    named = re.findall(
        r"^(\S+) \d[\w.]* \([\w. -]+\)$", (ROOT / "bot/web/dist/third-party.txt").read_text("utf-8"), re.MULTILINE
    )
    assert set(named) <= bundled, "the bundle holds what the bill does not name"


# --- signed ---


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """A small repository of what a release is made of."""
    if shutil.which("ssh-keygen") is None or shutil.which("git") is None:
        pytest.skip("ssh-keygen and git are needed to sign")
    for name in COPIED:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, target)
    shell(tmp_path, "git init -q . && git add . && git commit -qm 'release: prepare'")
    return tmp_path


def shell(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in WHO.items()}
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_GLOBAL": os.devnull, **who}
    return subprocess.run(
        ["bash", "-euc", script], cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False
    )


WHO = {"NAME": "Somebody", "EMAIL": "somebody@example.org"}


def blocks() -> list[str]:
    """The recipe; only the pass phrase that it tells to choose is left empty."""
    found = re.findall(r"^```sh release\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [text.replace("ssh-keygen -q -t", "ssh-keygen -N '' -q -t") for text in found]


@pytest.mark.promise("S26", "S57")
def test_the_recipe_signs_a_release_and_any_change_of_it_is_noticed(recipe: Path) -> None:
    once, each, verify, tag = blocks()
    for step in (once, each, verify, tag):
        done = shell(recipe, step)
        assert 0 == done.returncode, f"{step}\n{done.stderr}"
    for name in ("manifest.json", "sbom.cdx.json", "hamrah-0.1.0.tar.gz", "SHA256SUMS"):
        good = (recipe / name).read_bytes()
        (recipe / name).write_bytes(good[:-2] + bytes([good[-2] ^ 1]) + good[-1:])
        assert 0 != shell(recipe, verify).returncode, f"{name} was changed and nobody noticed"
        (recipe / name).write_bytes(good)
    assert 0 == shell(recipe, verify).returncode
    shell(recipe, "ssh-keygen -N '' -q -t ed25519 -f other.key && rm SHA256SUMS.sig")
    shell(recipe, "ssh-keygen -q -Y sign -f other.key -n hamrah SHA256SUMS")
    assert 0 != shell(recipe, verify).returncode, "signed by somebody else"


@pytest.mark.promise("S26")
def test_the_signed_manifest_is_the_one_of_the_bundle_that_is_served(recipe: Path) -> None:
    once, each, *_ = blocks()
    shell(recipe, once)
    assert 0 == shell(recipe, each).returncode
    assert (ROOT / "bot/web/dist/manifest.json").read_bytes() == (recipe / "manifest.json").read_bytes()
    assert "manifest.json" in (recipe / "SHA256SUMS").read_text()
