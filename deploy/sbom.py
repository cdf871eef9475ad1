#!/usr/bin/env python3
"""Writes the bill of materials of a release (CycloneDX 1.5, JSON) from the locks alone: the same bytes on every machine (S57).

    python3 deploy/sbom.py > deploy/sbom.cdx.json

What a running service installs (requirements.lock) and what the browser bundle contains (package-lock.json); Python's standard
library only.  Hashes of the wheels stand in the lock, one for each platform.
"""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(r"^([a-z0-9-]+)==([^\s;]+)", re.MULTILINE)


def bill() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": _component(project["name"], project["version"], project["license"], "application")},
        "components": [*_python(), *_bundled()],
    }


def _component(name: str, version: str, licence: str, type: str = "library", purl: str = "") -> dict[str, Any]:
    told = {"type": type, "name": name, "version": version, "licenses": [{"expression": licence}]}
    return {**told, "bom-ref": purl, "purl": purl} if purl else told


def _python() -> Iterator[dict[str, Any]]:
    with (ROOT / "deploy" / "licences.toml").open("rb") as file:
        licences = tomllib.load(file)["python"]
    for name, version in PIN.findall((ROOT / "requirements.lock").read_text("utf-8")):
        yield _component(name, version, licences[name], purl=f"pkg:pypi/{name}@{version}")


def _bundled() -> Iterator[dict[str, Any]]:
    lock = json.loads((ROOT / "bot" / "web" / "package-lock.json").read_text("utf-8"))
    for path, entry in sorted(lock["packages"].items()):
        if not path or entry.get("dev"):
            continue
        name = path.rpartition("node_modules/")[2]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{entry['version']}"
        digest = base64.b64decode(entry["integrity"].removeprefix("sha512-")).hex()
        hashes = [{"alg": "SHA-512", "content": digest}]
        yield {**_component(name, entry["version"], entry["license"], purl=purl), "hashes": hashes}


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
