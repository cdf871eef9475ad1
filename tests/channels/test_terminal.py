"""`hamrah chat --script`: a real channel, through the server that holds the database or with the house opened here."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from bot.core.events import Chose
from tests.faults.oracle import find
from tests.service import Service
from tests.talking import Talk

ROOT = Path(__file__).parents[2]
WORDS = "they are seven, and I am one"


def report() -> str:
    """A whole report as a script, from the same flow that is served: place, words, code, and back with the code."""
    talk = Talk().opens("en")
    lines = ["# a report that can be kept as a scenario", "[c:skip]", "[c:tell]"]
    for event in talk.telling({"place-to": "PK-PB", "words-what": WORDS}):
        lines.append(f"[{event.key}]" if isinstance(event, Chose) else f'"{WORDS}')
        talk.hears(event)
    lines.remove("[!tell]")
    return "\n".join([*lines, "[send]", "[code-saved]", "[!mail]", "{code}"])


def hamrah(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The command as an operator runs it, with nothing in its environment but what is given."""
    return subprocess.run(
        command(*arguments), cwd=ROOT, env=clean(env), capture_output=True, text=True, timeout=60, check=False
    )


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments]


def clean(env: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAMRAH_")}
    return {**kept, "PYTHONPATH": str(ROOT), **(env or {})}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A trial as `make run` serves it; gives its address."""
    folder = tmp_path_factory.mktemp("trial")
    port = free_port()
    arguments = ("trial", "--data-dir", str(folder / "data"), "--listen", f"127.0.0.1:{port}")
    with (folder / "out").open("w") as out:
        server = subprocess.Popen(command(*arguments), cwd=ROOT, env=clean(), stdout=out, stderr=out)
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            assert 0 == server.wait(15), (folder / "out").read_text()


def wait_until_ready(address: str, server: "subprocess.Popen[bytes]", within_s: float = 40.0) -> None:
    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        assert server.poll() is None, "the server ended"
        try:
            with urlopen(f"{address}/health/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the server is not ready")


def script(folder: Path, text: str) -> str:
    file = folder / "talk.txt"
    file.write_text(text, "utf-8")
    return str(file)


def test_a_report_is_told_and_its_code_opened_through_a_served_trial(trial: str, tmp_path: Path) -> None:
    told = hamrah("chat", "--lang", "en", "--script", script(tmp_path, report()), "--server", trial)
    assert "" == told.stderr
    assert 0 == told.returncode
    assert "There is no answer from a helper yet." in told.stdout


def test_the_talk_is_the_same_in_urdu(trial: str, tmp_path: Path) -> None:
    told = hamrah("chat", "--lang", "ur", "--script", script(tmp_path, "[c:skip]\nمدد\n"), "--server", trial)
    assert "1121" in told.stdout
    assert not re.search("[\u2066-\u2069]", told.stdout)


def test_a_served_trial_says_that_it_is_one(trial: str) -> None:
    with urlopen(trial, timeout=5) as answer:
        assert "trial" in answer.read().decode().lower()


def test_a_button_that_is_not_there_ends_the_script_with_one_line(trial: str, tmp_path: Path) -> None:
    told = hamrah("chat", "--lang", "en", "--script", script(tmp_path, "[no such button]\n"), "--server", trial)
    assert 0 != told.returncode
    assert 1 == len(told.stderr.strip().splitlines())


def test_without_a_server_the_house_is_opened_here(service_today: Service, tmp_path: Path) -> None:
    service = service_today
    env = service.environment(listen=f"127.0.0.1:{free_port()}")
    told = hamrah("chat", "--lang", "en", "--script", script(tmp_path, report()), env=env)
    assert "" == told.stderr
    assert "There is no answer from a helper yet." in told.stdout
    found = find(service.url, service.deployment, service.seeds)
    assert () == found.faults
    assert ["web"] == [case.channel for case in found.cases]
    assert {WORDS: 1} == dict(found.counted())


def test_with_neither_it_says_what_to_do(tmp_path: Path) -> None:
    told = hamrah("chat", "--lang", "en", env={"HAMRAH_LISTEN": f"127.0.0.1:{free_port()}"})
    assert 2 == told.returncode
    assert "hamrah trial" in told.stderr
