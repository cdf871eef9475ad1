"""What a running service lets out: no dump of its memory when it dies, and no call to anybody but the messenger."""

import asyncio
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.private_memory import swap_fault
from tests.browser.served import Served, free_port
from tests.fake_telegram import Child, FakeTelegram
from tests.house.tree import ROOT
from tests.reporter import over
from tests.service import Service

WORDS = "qzxv the man with the white car qzxv"
TELLING = (
    "/start",
    *("[lang:en]", "[c:teen]", "[c:tell]", "[a:yes]", "[skip]", "[a:ok]", "[a:now]", "[p:PK-SD]", "[here]", "[a:no]"),
    *("[a:nobody]", "[a:me]", "[a:12-14]", "[a:girl]", "[a:work]", "[done]", WORDS),
)
SENDING = ("[skip]", "[send]", "[code-saved]")


@asynccontextmanager
async def served(
    service: Service, telegram: FakeTelegram, folder: Path, watch: Sequence[str] = ()
) -> AsyncIterator[tuple[Served, asyncio.subprocess.Process]]:
    """`hamrah serve` by polling, with core dumps allowed by whoever starts it; what it says goes to files in `folder`."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAMRAH_")}
    more = {"listen": f"127.0.0.1:{port}", "telegram_token": telegram.token, "telegram_api_url": telegram.api_url}
    env = {**kept, **service.environment(**more), "PYTHONPATH": str(ROOT)}
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = await asyncio.create_subprocess_exec(
            *watch, *(sys.executable, "-m", "bot", "serve"),
            cwd=folder, env=env, stdout=out, stderr=err, start_new_session=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)),
        )  # fmt: skip
    try:
        await _ready(f"http://127.0.0.1:{port}", process)
        yield Served(f"http://127.0.0.1:{port}", "", bytearray()), process
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 20)


hard = resource.getrlimit(resource.RLIMIT_CORE)[1]


async def _ready(address: str, process: asyncio.subprocess.Process) -> None:
    async with aiohttp.ClientSession() as http, asyncio.timeout(60):
        while process.returncode is None:
            try:
                async with http.get(f"{address}/health/ready") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise AssertionError(f"ended with status {process.returncode}")


@pytest.mark.slow
@pytest.mark.promise("S7")
@pytest.mark.parametrize("end", [signal.SIGSEGV, signal.SIGABRT, signal.SIGQUIT], ids=lambda end: end.name)
async def test_whoever_kills_the_service_in_the_middle_of_a_word_finds_it_nowhere(
    service_today: Service, tmp_path: Path, end: signal.Signals
) -> None:
    async with FakeTelegram() as telegram, served(service_today, telegram, tmp_path) as (server, process):
        async with aiohttp.ClientSession() as http:
            await over(http, server).plays(*TELLING)
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        assert re.search(r"Max core file size +0 +0 ", limits)
        process.send_signal(end)
        await process.wait()
    held = {
        path: path.read_bytes() for path in (*tmp_path.rglob("*"), *service_today.folder.rglob("*")) if path.is_file()
    }
    assert [] == [path.name for path, text in held.items() if b"white car" in text]
    assert [] == [path.name for path in held if path.name.startswith("core")]


@pytest.mark.promise("S7")
def test_the_kernel_is_told_to_hand_our_memory_to_nobody() -> None:
    """`core_pattern` may name a program, which gets a dump whatever the limit says: only `dumpable` stops that."""
    code = (
        "import ctypes; from bot.private_memory import keep_memory_private as keep; keep();"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "0" == done.stdout.strip()


@pytest.mark.promise("S7")
def test_swap_on_a_disk_is_told_with_the_remedy(tmp_path: Path) -> None:
    proc, groups = tmp_path / "proc", tmp_path / "groups"
    (proc / "self").mkdir(parents=True)
    (groups / "ours" / "inner").mkdir(parents=True)
    (proc / "self" / "cgroup").write_text("0::/ours/inner\n")
    (proc / "swaps").write_text("Filename Type Size Used Priority\n")
    assert "" == swap_fault(proc, groups)
    (proc / "swaps").write_text("Filename Type Size Used Priority\n/dev/sda2 partition 100 0 -2\n")
    assert "swapoff" in swap_fault(proc, groups)
    (groups / "ours" / "memory.swap.max").write_text("0\n")
    assert "" == swap_fault(proc, groups)
    (groups / "ours" / "memory.swap.max").write_text("max\n")
    (proc / "swaps").write_text("Filename Type Size Used Priority\n/dev/dm-1 partition 100 0 -2\n")
    assert "" == swap_fault(proc, groups), "on an encrypted disk"


CALLED = re.compile(r"connect\(\d+.*?sa_family=AF_(INET6?), .*?port=htons\((\d+)\).*?\"([^\"]+)\"")


@pytest.mark.slow
@pytest.mark.promise("S55")
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: it shows whom a process calls")
async def test_the_server_calls_the_messengers_host_and_no_other(service_today: Service, tmp_path: Path) -> None:
    """A whole report in the web chat, a talk and a voice note in Telegram: every address that the process connected to."""
    trace = tmp_path / "calls"
    watch = ("strace", "-f", "-qq", "-e", "trace=connect", "-o", str(trace))
    async with FakeTelegram() as telegram:
        async with served(service_today, telegram, tmp_path, watch) as (server, _), aiohttp.ClientSession() as http:
            child = Child(telegram)
            await child.starts()
            await child.sees(buttons=["English"], within_s=20)
            await child.sends_voice()
            await over(http, server).plays(*TELLING, *SENDING)
        called = {(host, int(port)) for _, port, host in CALLED.findall(trace.read_text("utf-8", "replace"))}
    host, _, port = telegram.api_url.removeprefix("http://").partition(":")
    assert {(host, int(port))} == called
