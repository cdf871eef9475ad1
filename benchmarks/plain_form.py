"""A whole report through Hamrah beside the same answers through a minimal durable Flask + SQLite form: common ground.

The form stores in clear, in one request, and has no code to come back with; Hamrah takes a talk of twenty turns, seals for
three readers and stretches the case code (Argon2id, 64 MiB).  What that costs is the figure.  Hamrah's is taken at its
services, without HTTP (`whole-path` says what a turn costs with it); the form's with Flask's own server.
"""

import http.client
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import uvloop

from benchmarks.crowd import cpu_seconds
from benchmarks.figures import Figure, middle
from benchmarks.reports import reports
from benchmarks.whole_path import HERE, free_port

FORMS = 400
TOGETHER = 4
START_S = 30.0
ANSWERS = urlencode(
    {
        "who": "me", "age": "15-17", "gender": "girl", "place": "PK-PB", "kind": "work", "still": "yes",
        "what": "They took my papers and say that I cannot leave before the debt is paid.",
        "more": "It is the brick kiln behind the railway line, there are other children.",
    }
)  # fmt: skip
PEER = "Flask 3.1 + SQLite, in clear, one request"


def measure(rounds: int) -> list[Figure]:
    """Pairs of one round: processor seconds and seconds for one report, ours and the form's."""
    pairs = [(uvloop.run(reports("")), _forms()) for _ in range(rounds)]
    return [
        Figure("a report, Hamrah without HTTP: processor time", middle([a[0] for a, _ in pairs]) * 1000, "ms/report"),
        Figure("a report, plain form: processor time", middle([b[0] for _, b in pairs]) * 1000, "ms/report", peer=PEER),
        Figure("a report, plain form: seen on this machine", middle([1 / b[1] for _, b in pairs]), "/s", peer=PEER),
        Figure("a report, Hamrah beside plain form: cost", middle([a[0] / b[0] for a, b in pairs]), "×", peer=PEER),
    ]


def _forms() -> tuple[float, float]:
    """As `reports`, of the form: every one is in its file afterwards, or the figure means nothing."""
    python, port = os.environ.get("PEERS_PYTHON", ".venv-bench/bin/python"), free_port()
    with tempfile.TemporaryDirectory(prefix="hamrah-bench-") as folder, open(os.devnull, "wb") as nowhere:
        file = Path(folder) / "plain.db"
        command = (python, str(HERE / "peer_flask.py"), str(file), str(port))
        running = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
        try:
            _wait_for(port, running)
            before, began = cpu_seconds(running.pid), time.perf_counter()
            with ThreadPoolExecutor(TOGETHER) as children:
                told = list(children.map(lambda _: _send(port), range(FORMS)))
            after, took = cpu_seconds(running.pid), time.perf_counter() - began
        finally:
            running.kill()
            running.wait()
        with sqlite3.connect(file) as rows:
            (kept,) = rows.execute("SELECT count(*) FROM reports").fetchone()
    if told != [201] * FORMS or kept != FORMS or before is None or after is None:
        sys.exit(f"the form kept {kept} of {FORMS}: the figure would mean nothing")
    return (after - before) / FORMS, took / FORMS


def _send(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/report", ANSWERS, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def _wait_for(port: int, running: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and running.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.connect()
            return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    sys.exit("the form does not listen")
