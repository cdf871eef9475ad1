"""The bench: a service, its server in a process of its own, the fake Telegram before it, and children who tell."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.content.loader import load_content
from bot.core.flow import Flow
from bot.wording.load import load_wording
from bot.wording.render import Wording
from tests import leak_scan
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.world import Clock
from tests.faults.oracle import Found, find
from tests.faults.server import Nursery, Server
from tests.faults.tellers import Marks, Teller
from tests.leak_scan import Leak
from tests.people import TEAMS
from tests.service import SECRET, Service
from tests.talking import real_flow

TOKEN = "7654321:canary-token-of-the-fault-bench-0123"
SECRETS = (TOKEN, TOKEN.partition(":")[2], SECRET)
OFFICES = tuple((team.id, team.name) for team in TEAMS)


@dataclass(slots=True)
class Bench:
    """`seed`: of all that is by chance here; printed, so that a run can be repeated."""

    service: Service
    telegram: FakeTelegram
    server: Server
    seed: int
    wording: Wording
    flow: Flow
    chance: Random
    marks: Marks
    tellers: list[Teller] = field(default_factory=list)
    _telling: list["asyncio.Task[None]"] = field(default_factory=list)
    _enough: bool = False

    def begin_telling(self, children: int, *, pause_s: float = 0.0) -> None:
        """Let so many children tell report after report, until `settle`, with a pause before each step."""
        for number in range(children):
            teller = Teller(self.telegram, self.wording, self.flow, 556_000_000 + number, self.marks)
            teller.pause_s = pause_s
            self.tellers.append(teller)
            self._telling.append(asyncio.create_task(teller.tells_until(lambda: self._enough)))

    def check_tellers(self) -> None:
        """A teller that gave up says so at once, not at the end."""
        for task in self._telling:
            if task.done() and task.exception() is not None:
                task.result()

    async def settle(self) -> Found:
        """Let everybody finish what they began, stop the server in order, and read everything with officers' keys."""
        self._enough = True
        await asyncio.wait_for(asyncio.gather(*self._telling), 600)
        assert 0 == await self.server.stop(), self.server.log.read_text()[-2000:]
        return await asyncio.to_thread(find, self.service.url, self.service.deployment, self.service.seeds)

    def leaks(self) -> list[Leak]:
        """Words, names, codes and secrets in any file of the service, its log and its temporary folder."""
        codes = self._codes()[:3]
        return leak_scan.Marks([*self.marks.roots, self.marks.names, *codes, *SECRETS]).leaks_in(self.service.folder)

    def leaks_beside(self, folders: Sequence[Path], *, every: int = 1) -> list[Leak]:
        """The same in a database server's own files; `every`: only each such script, since they are large."""
        words = [*self.marks.roots[::every], self.marks.names, *self._codes()[:1], TOKEN]
        return leak_scan.Marks(words).leaks_in(*folders)

    def _codes(self) -> list[str]:
        codes = sorted({code for teller in self.tellers for code in teller.codes})
        return [shown for code in codes for shown in (code, " ".join(code[at : at + 4] for at in range(0, 20, 4)))]

    def acknowledged(self) -> list[str]:
        return [word for teller in self.tellers for word in teller.acknowledged]

    def finished(self) -> int:
        return sum(teller.finished for teller in self.tellers)

    def check(self, found: Found) -> None:
        """Acknowledged is there exactly once; what was not acknowledged at most once; all is whole and nothing is strange."""
        counted = found.counted()
        acknowledged = self.acknowledged()
        lost = [word for word in acknowledged if counted[word] == 0]
        doubled = [word for word, times in counted.items() if times > 1]
        strange = [word for word in counted if word not in set(self.marks.given)]
        print(f"seed {self.seed}: {len(acknowledged)} words, {self.finished()} reports, {self.server.lives} lives")
        told = f"seed {self.seed}: lost {lost}, doubled {doubled}, strange {strange}, {found.faults}"
        drafts = len(found.rows["drafts"])
        told += f"; {len(found.cases)} cases, {drafts} drafts, {self.finished()} reports were finished"
        told += f"; with so many words: {sorted(Counter(len(case.words) for case in found.cases).items())}"
        assert ([], [], [], ()) == (lost, doubled, strange, found.faults), told
        assert self.finished() == len(found.cases), told


@asynccontextmanager
async def bench(service: Service, nursery: Nursery, *, mode: str = "webhook") -> AsyncIterator[Bench]:
    """FAULT_SEED=… in the environment chooses the seed."""
    named = os.environ.get("FAULT_SEED")
    seed = int(named) if named else int.from_bytes(os.urandom(4))
    content = load_content()
    wording = load_wording(content.texts, content.place_names)
    chance = Random(seed)
    (service.folder / "tmp").mkdir(exist_ok=True)
    async with FakeTelegram(token=TOKEN, clock=Clock()) as telegram:
        telegram.pusher.manners.gaps_s = (0.02, 0.05, 0.1)
        env = {
            "HAMRAH_TELEGRAM_TOKEN": TOKEN,
            "HAMRAH_TELEGRAM_API_URL": telegram.api_url,
            "HAMRAH_TELEGRAM_MODE": mode,
            "HAMRAH_WEBHOOK_SECRET": SECRET,
            "HAMRAH_LOG_LEVEL": "debug",
            "TMPDIR": str(service.folder / "tmp"),
        }
        server = Server(nursery, service, env)
        flow = real_flow(offices=OFFICES)
        made = Bench(service, telegram, server, seed, wording, flow, chance, Marks(chance))
        try:
            yield made
        finally:
            for task in made._telling:
                task.cancel()
            await asyncio.gather(*made._telling, return_exceptions=True)
            if server.pid and not server.ended():
                server.kill()
                await server.end()
