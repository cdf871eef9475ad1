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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house.tree import ROOT

WHEELS = ROOT / ".venv" / "wheels"
START_LIMIT_S = 90  # a busy machine; alone it takes two


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


@contextmanager
def _trial(installed: Path, data: Path) -> Iterator[Callable[[], bool]]:
    """A trial served from the installed files; gives the image's own question whether it is alive."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        "PATH": f"{installed / 'bin'}:{os.environ['PATH']}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HAMRAH_LISTEN": f"127.0.0.1:{port}",
    }
    listen = f"127.0.0.1:{port}"
    command: list[str | Path] = [installed / "bin" / "hamrah", "trial", "--data-dir", data, "--listen", listen]
    with (data.parent / "log").open("w+") as log:
        server = subprocess.Popen(command, env=environment, cwd="/", stdout=log, stderr=log)

        def alive() -> bool:
            assert server.poll() is None, (data.parent / "log").read_text()
            asked = [sys.executable, str(ROOT / "deploy" / "healthcheck.py")]
            return subprocess.run(asked, env=environment, check=False, capture_output=True).returncode == 0

        try:
            yield alive
        finally:
            server.send_signal(signal.SIGTERM)
            status = server.wait(timeout=20)
    assert status == 0, (data.parent / "log").read_text()


@pytest.mark.slow
def test_the_package_carries_pages_wording_and_migrations_but_no_installer(installed: Path) -> None:
    (packages,) = (installed / "lib").glob("python3*/site-packages")
    for expected in ("bot/web/dist/manifest.json", "bot/_locales/languages.toml", "storage/migrations"):
        assert (packages / expected).exists(), expected
    assert not (packages / "bot" / "web" / "src").exists()
    assert not (installed / "bin" / "pip").exists()


@pytest.mark.slow
def test_what_the_steps_made_serves_and_changes_none_of_its_files(installed: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    before = _fingerprint(installed)
    with _trial(installed, data) as alive:
        deadline = time.monotonic() + START_LIMIT_S
        while not alive():
            assert time.monotonic() < deadline, "not alive in time"
            time.sleep(0.2)
    assert _fingerprint(installed) == before


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path}{path.stat().st_mtime_ns}{path.stat().st_size}".encode())
    return digest.hexdigest()
