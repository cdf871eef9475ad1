"""The committed browser bundle is what its sources build, byte for byte (S26's first half)."""

import base64
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

WEB = ROOT / "bot" / "web"
DIST = WEB / "dist"
BUILD_FILES = ("build.mjs", "package.json", "package-lock.json", "tsconfig.json")
NOT_SERVED = {"manifest.json", "sources.sha256", "third-party.txt"}


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_the_bundle_was_built_from_these_sources() -> None:
    """If this fails, run `make build-web` and commit bot/web/dist."""
    sources = {name: (WEB / name).read_bytes() for name in BUILD_FILES}
    sources |= {f"src/{name}": content for name, content in _files(WEB / "src").items()}
    expected = "".join(f"{hashlib.sha256(sources[name]).hexdigest()}  {name}\n" for name in sorted(sources))
    assert (DIST / "sources.sha256").read_text(encoding="utf-8") == expected


@pytest.mark.promise("S26")
def test_the_manifest_names_every_served_file_with_its_hash() -> None:
    served = {name: content for name, content in _files(DIST).items() if name not in NOT_SERVED}
    expected = {
        name: {
            "sha256": hashlib.sha256(content).hexdigest(),
            "integrity": f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}",
        }
        for name, content in served.items()
    }
    assert json.loads((DIST / "manifest.json").read_text(encoding="utf-8")) == {"files": expected}


NEWER_STYLES = (":has(", "@container", "@layer", "@scope", "color-mix(", "oklch(", "light-dark(", "subgrid")
"""Of style sheets, what Chromium 100 does not know and would drop a whole rule for."""


def test_what_children_load_is_understood_by_a_chromium_of_2022() -> None:
    """Syntax by the bundler's target, built-in names by the types it is checked against, styles by their words."""
    assert 'target: ["es2020"]' in (WEB / "build.mjs").read_text("utf-8")
    assert ["ES2022", "DOM", "DOM.Iterable"] == json.loads((WEB / "tsconfig.json").read_text("utf-8"))[
        "compilerOptions"
    ]["lib"]
    for name in ("chat.css", "private.css"):
        style = (DIST / name).read_text("utf-8")
        assert [] == [word for word in NEWER_STYLES if word in style]
        assert style.count("100dvh") == style.count("height:100vh;height:100dvh"), "older ones have the line before it"


@pytest.mark.promise("S26")
def test_a_rebuild_gives_the_same_bytes(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; the bundle cannot be rebuilt here")
    if not (WEB / "node_modules" / "esbuild").is_dir():
        pytest.skip("the bundler is not installed; `make build-web` installs it")
    out = tmp_path / "dist"
    subprocess.run([node, "build.mjs", "--out", str(out)], cwd=WEB, check=True, timeout=120)
    assert _files(out) == _files(DIST)
