"""Every run-time dependency has its reason on the decision page, and every reason its dependency."""

import re
import tomllib

from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "decisions" / "0005-dependencies.md"
NAME = re.compile(r"^[A-Za-z0-9-]+")


def _project() -> dict[str, list[str]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        told = tomllib.load(file)
    return {"run": told["project"]["dependencies"], "build": told["build-system"]["requires"]}


def _names(requirements: list[str]) -> set[str]:
    return {match.group().lower() for text in requirements if (match := NAME.match(text))}


def test_every_dependency_has_its_reason() -> None:
    run_time = PAGE.read_text(encoding="utf-8").split("## At run time")[1].split("\n## ")[0]
    reasons = set(re.findall(r"^\| `([a-z0-9-]+)` \|", run_time, re.MULTILINE))
    assert reasons == _names(_project()["run"])


def test_the_build_backend_is_the_locked_one() -> None:
    (requirement,) = _project()["build"]
    assert f"\n{requirement} " in (ROOT / "requirements-build.lock").read_text(encoding="utf-8")


def test_the_locks_agree_on_every_version() -> None:
    """What the suite tests is what is installed in service."""
    pins = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
    run, dev = (dict(pins.findall((ROOT / f"requirements{kind}.lock").read_text())) for kind in ("", "-dev"))
    assert {name: dev.get(name) for name in run} == run
