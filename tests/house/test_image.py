"""The image: its steps run in a clean folder, and what they make serves, from files it never changes.

No image is built here; the Dockerfile is read as text, and deploy/build-image.sh is run for real.
"""

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT

WHEELS = ROOT / ".venv" / "wheels"
START_LIMIT_S = 40


def _stages() -> list[str]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]


def _copied(stage: str) -> list[str]:
    """Sources of the stage's COPY lines that come from the project."""
    lines = re.findall(r"^COPY (?!--from)(.*)$", stage, re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def test_the_image_runs_as_a_fixed_user_without_rights_and_knows_its_health() -> None:
    *_, last = _stages()
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)
    assert re.search(r"^VOLUME /data$", last, re.MULTILINE)


def test_the_builder_gets_every_file_it_copies() -> None:
    sent = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    copied = {source.split("/")[0] for stage in _stages() for source in _copied(stage)}
    assert copied == set(sent)
    assert [source for stage in _stages() for source in _copied(stage) if not (ROOT / source).exists()] == []


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the image's steps make out of the copied files alone, from the kept wheels, without a network."""
    if not WHEELS.is_dir():
        pytest.skip("no kept wheels: `make test` keeps them, and the steps would need a network")
    source = tmp_path_factory.mktemp("source")
    for name in _copied(_stages()[0]):
        _copy(ROOT / name, source / name)
    target = tmp_path_factory.mktemp("image") / "hamrah"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHON": str(Path(sys.base_prefix) / "bin" / "python3"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(WHEELS),
        "PIP_CONFIG_FILE": os.devnull,
    }
    script = source / "deploy" / "build-image.sh"
    subprocess.run([script, source, target], env=environment, cwd="/", check=True, timeout=300)
    return target


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


@pytest.fixture
def serving(installed: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A trial served from the installed files; its environment."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        "PATH": f"{installed / 'bin'}:{os.environ['PATH']}",
        "HOME": "/nonexistent",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HAMRAH_LISTEN": f"127.0.0.1:{port}",
        "HAMRAH_DATA_DIR": str(tmp_path / "data"),
    }
    (tmp_path / "data").mkdir(mode=0o700)
    server = subprocess.Popen(
        [installed / "bin" / "hamrah", "trial"],
        env=environment,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield environment
    finally:
        server.send_signal(signal.SIGTERM)
        _, complaints = server.communicate(timeout=20)
    assert server.returncode == 0, complaints.decode()


@pytest.mark.slow
def test_the_package_carries_pages_wording_and_migrations_but_no_installer(installed: Path) -> None:
    (packages,) = (installed / "lib").glob("python3*/site-packages")
    for expected in ("bot/web/dist/manifest.json", "bot/_locales/languages.toml", "storage/migrations"):
        assert (packages / expected).exists(), expected
    assert not (packages / "bot" / "web" / "src").exists()
    assert not (installed / "bin" / "pip").exists()


@pytest.mark.slow
def test_what_the_steps_made_serves_and_changes_none_of_its_files(installed: Path, serving: dict[str, str]) -> None:
    before = _fingerprint(installed)
    assert _becomes_healthy(serving)
    assert _fingerprint(installed) == before


def _becomes_healthy(environment: dict[str, str]) -> bool:
    check: list[str | Path] = [sys.executable, ROOT / "deploy" / "healthcheck.py"]
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if subprocess.run(check, env=environment, check=False, capture_output=True).returncode == 0:
            return True
        time.sleep(0.2)
    return False


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path}{path.stat().st_mtime_ns}{path.stat().st_size}".encode())
    return digest.hexdigest()
