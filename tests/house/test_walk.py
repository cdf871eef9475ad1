"""The manual's way to one server, walked: its own commands and answers, in a clean folder, to a report that an officer opens.

Nothing is typed here that docs/hosting.md does not say; only what a reader would put in for themselves is put in: the address,
the port, the bot's token, where the Bot API is.
"""

import asyncio
import contextlib
import os
import pty
import re
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sealing.officer_keys import stretch_passphrase, unwrap
from bot.sealing.shards import Shards
from bot.sealing.stretch import Cost
from tests.browser.served import Served, free_port
from tests.fake_telegram import FakeTelegram
from tests.faults.oracle import judge, read_with
from tests.house.tree import ROOT
from tests.reporter import over

PAGE = ROOT / "docs" / "hosting.md"
WORDS = "they keep my papers and I sleep where I work"
TELLING = (
    "/start",
    *("[lang:en]", "[c:teen]", "[c:tell]", "[a:yes]", "[skip]", "[a:ok]", "[a:now]", "[p:PK-SD]", "[here]", "[a:no]"),
    *("[a:nobody]", "[a:me]", "[a:12-14]", "[a:girl]", "[a:work]", "[done]", WORDS, "[skip]", "[send]", "[code-saved]"),
)
READ_A_MINUTE, TYPED_A_MINUTE, MINUTES = 200, 40, 30


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: `kind` is what stands behind the fence."""

    kind: str
    text: str

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Of a sitting: (beginning of the question, what is typed)."""
        pairs = [line.partition("→") for line in self.text.splitlines()]
        return [(question.strip(), typed.strip()) for question, _, typed in pairs]


def section(heading: str) -> str:
    return PAGE.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]


def blocks(text: str) -> list[Block]:
    return [Block(kind.strip(), held) for kind, held in re.findall(r"^```([^\n]*)\n(.*?)^```$", text, re.M | re.S)]


def test_the_way_to_one_server_is_read_and_typed_in_less_than_half_an_hour(capsys: pytest.CaptureFixture[str]) -> None:
    """The whole manual is read, to the last table; the blocks of "One server" are typed."""
    typed = sum(
        len(line) / 5
        for block in blocks(section("One server"))
        for line in ([typed for _, typed in block.answers] if block.kind == "text walk" else block.text.splitlines())
    )
    read = len(PAGE.read_text("utf-8").split())
    minutes = read / READ_A_MINUTE + typed / TYPED_A_MINUTE
    with capsys.disabled():
        print(f"\nhosting.md: {read} words read, {typed:.0f} typed: {minutes:.1f} minutes")
    assert minutes < MINUTES


class Host:
    """Somebody with the manual open, at two machines: the server, and one that is never online."""

    def __init__(self, folder: Path, telegram: FakeTelegram) -> None:
        self.server, self.laptop = folder / "server", folder / "laptop"
        for machine in (self.server, self.laptop):
            machine.mkdir(mode=0o700)
        self.port, self.telegram = free_port(), telegram
        self.address = f"http://localhost:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HAMRAH_")}
        tools = f"{Path(sys.executable).parent}:{kept['PATH']}"
        self.env = {**kept, "PATH": tools, "PYTHONPATH": str(ROOT), "PWD": str(self.server)}

    def put_in(self, question: str, typed: str) -> str:
        """What a reader types of their own."""
        own = {
            "HOST:PORT": f"127.0.0.1:{self.port}",
            "Public address": self.address,
            "Bot API": self.telegram.api_url,
            "Token": self.telegram.token,
        }
        return own.get(question, typed)

    async def types(self, block: Block, sitting: Block | None) -> str:
        """Run a block in the shell, answering its questions as the manual does; return what was shown."""
        if "offline" in block.kind:
            shutil.copytree(self.server / "carry", self.laptop / "carry", dirs_exist_ok=True)
            shown = await self._shell(block, sitting, {**self.env, "HOME": str(self.laptop)}, self.laptop)
            shutil.copytree(self.laptop / "carry", self.server / "carry", dirs_exist_ok=True)
            return shown
        return await self._shell(block, sitting, self.env, self.server)

    async def _shell(self, block: Block, sitting: Block | None, env: dict[str, str], folder: Path) -> str:
        script = f"set -eu\n{block.text}\nenv -0 > {folder}/.env-after\n"
        ours, theirs = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            "bash",
            "-c",
            script,
            cwd=folder,
            env=env,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        shown = await asyncio.wait_for(self._talk(ours, list(sitting.answers) if sitting else []), 120)
        os.close(ours)
        assert 0 == await process.wait(), f"{block.text}\n{shown}"
        if folder == self.server:
            self._remember(folder / ".env-after")
        return shown

    async def _talk(self, terminal: int, open_questions: list[tuple[str, str]]) -> str:
        """Answer each question when it stands at the end of the screen; the manual has each of them, and no other."""
        shown, seen = "", 0
        loop = asyncio.get_running_loop()
        while True:
            try:
                piece = await loop.run_in_executor(None, os.read, terminal, 65_536)
            except OSError:  # the other end was closed
                piece = b""
            if not piece:
                assert [] == open_questions, f"the manual answers what nobody asks: {open_questions}\n{shown}"
                return shown
            shown += piece.decode("utf-8", "replace").replace("\r", "")
            last = shown[seen:].rpartition("\n")[2]
            if open_questions and last.startswith(open_questions[0][0]) and last.endswith((": ", "]: ")):
                question, typed = open_questions.pop(0)
                seen = len(shown)
                os.write(terminal, (self.put_in(question, typed) + "\n").encode())

    def _remember(self, after: Path) -> None:
        self.env = dict(pair.split("=", 1) for pair in after.read_text("utf-8").split("\0") if "=" in pair)
        after.unlink()

    @contextlib.asynccontextmanager
    async def serves(self, block: Block) -> AsyncIterator[Served]:
        process = await asyncio.create_subprocess_exec(*block.text.split(), cwd=self.server, env=self.env)
        served = Served(self.address, "", bytearray())
        try:
            await self._until_ready(process)
            yield served
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()

    async def _until_ready(self, process: asyncio.subprocess.Process) -> None:
        async with aiohttp.ClientSession() as http, asyncio.timeout(60):
            while process.returncode is None:
                with contextlib.suppress(aiohttp.ClientError):
                    async with http.get(f"{self.address}/health/ready") as response:
                        if response.status == 200:
                            return
                await asyncio.sleep(0.1)
        raise AssertionError(f"hamrah serve ended with status {process.returncode}")

    def opened(self, login: str, phrase: str) -> Any:
        """What this officer reads, with the six words and what the server keeps, as a browser does it."""
        rows = sqlite3.connect(f"file:{self.server}/data/hamrah.db?mode=ro", uri=True)
        with contextlib.closing(rows):
            salt, cost = rows.execute("select salt, cost from accounts where id = ?", (login,)).fetchone()
            key, wrapped = rows.execute(
                "select key_id, wrapped from key_bundles where account = ?", (login,)
            ).fetchone()
            shard = Shards(self.server / "data" / "keys").find(login, key)
            assert shard is not None
            stretched = stretch_passphrase(phrase, salt, Cost.from_text(cost))
            own = unwrap(wrapped, stretched, shard, officer=login, epoch_key=key)
            deployment = (self.server / "data" / "keys" / "deployment").read_bytes()[:16]
            return judge(read_with(lambda sql: rows.execute(sql).fetchall()), deployment, {login: own.seed})


def walked(text: str) -> Sequence[tuple[Block, Block | None]]:
    """The blocks that are typed, each with its sitting."""
    found = blocks(text)
    steps = []
    for block, after in zip(found, [*found[1:], Block("", "")], strict=True):
        if block.kind.startswith("sh walk"):
            steps.append((block, after if after.kind == "text walk" else None))
    return steps


@pytest.mark.slow
@pytest.mark.promise("R24", "S59")
async def test_whoever_follows_the_manual_serves_a_report_that_an_officer_opens(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        host = Host(tmp_path, telegram)
        *steps, (last, _) = walked(section("One server"))
        shown = [await host.types(block, sitting) for block, sitting in steps]
        (words,) = re.findall(r"amber signs in with these six words.*?\n\n  ((?:[a-z]+ ){5}[a-z]+)\n", shown[0], re.S)
        assert "RED" not in shown[-1]
        assert "sh walk serve" == last.kind
        async with host.serves(last) as served, aiohttp.ClientSession() as http:
            said = await over(http, served).plays(*TELLING)
            assert re.search(r"(?:\d{4}[ -]?){5}", said), said
        found = host.opened("amber", words)
    assert (1, [WORDS]) == (len(found.cases), [words for case in found.cases for words in case.words])
    assert () == found.faults
