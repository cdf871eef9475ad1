"""A founded service: root key, officers with keys of their own, signed roster, migrated database; to serve here or elsewhere.

Everything is made by the code that `hamrah init`, `officer add` and `roster sign` run; only stretching is cheap.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot import clock
from bot.core.roster import Team
from bot.house import House
from bot.main import assemble, furnish
from bot.sealing.context import Context, new_id
from bot.sealing.keys import key_id
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.officer_keys import OfficerSecrets, stretch_passphrase, unwrap
from bot.sealing.passphrase import new_passphrase
from bot.sealing.record import record_hash
from bot.sealing.reply import seal_reply, sign_reply, write_reply
from bot.sealing.shards import Shards
from bot.sealing.stretch import Cost
from bot.services import founding
from bot.services.officers.account import Role
from bot.services.officers.enrol import Enrolled, enrol
from bot.settings import Settings
from storage import accounts, mailboxes, open_database, rosters
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.serving import loopback_socket, serving
from tests.faults.oracle import Found, Rows, judge, read_with
from tests.people import TEAMS

DAY_S = 86_400
SECRET = "tests-webhook-secret-0123456789-abcdefghijklm"
OFFICER = frozenset({Role.OFFICER})


@dataclass(frozen=True, slots=True)
class Service:
    """`officers`: what each of them unlocks with pass phrase and shard; the server never holds it in clear."""

    folder: Path
    url: str
    fingerprint: str
    deployment: bytes
    officers: Mapping[str, OfficerSecrets]

    @property
    def seeds(self) -> dict[str, bytes]:
        return {id: own.seed for id, own in self.officers.items()}

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    def settings(self, **more: Any) -> Settings:
        given = {
            "data_dir": self.folder,
            "keys_dir": self.keys,
            "database_url": self.url,
            "root_fingerprint": self.fingerprint,
        }
        return Settings.model_validate({**given, **more})

    def environment(self, **more: str) -> dict[str, str]:
        """The same for a process of its own; `more`: further settings by their short names."""
        given = {
            "data_dir": str(self.folder),
            "keys_dir": str(self.keys),
            "database_url": self.url,
            "root_fingerprint": self.fingerprint,
            **more,
        }
        return {"HAMRAH_" + name.upper(): value for name, value in given.items()}


async def found(folder: Path, url: str = "", *, teams: Sequence[Team] = TEAMS, now: int | None = None) -> Service:
    """Found a service in `folder`; `url`: a fresh database, by default a file in that folder."""
    now = clock.now() if now is None else now
    url = url or f"sqlite:///{folder / 'hamrah.db'}"
    folder.mkdir(mode=0o700, exist_ok=True)
    keys = KeysFolder(folder / "keys")
    keys.prepare()
    deployment = keys.find_or_make("deployment")[:16]
    root, trust = founding.new_root(deployment)
    hired = [_hire(folder / "keys", deployment, id, now) for id in sorted({id for t in teams for id in t.officers})]
    document = founding.sign(root, teams, [founding.card(one) for one, _ in hired], version=1, now=now)
    database = await open_database(url, migrate=True)
    for one, _ in hired:
        await database.write(lambda c, one=one: _keep(c, one, now))  # type: ignore[misc]
    await database.write(lambda c: rosters.put(c, 1, now // DAY_S, document))
    await database.close()
    return Service(folder, url, trust.as_text(), deployment, {one.account.id: own for one, own in hired})


def _hire(keys: Path, deployment: bytes, id: str, now: int) -> tuple[Enrolled, OfficerSecrets]:
    phrase, cost = new_passphrase(), Cost.for_tests()
    enrolled = enrol(
        id=id,
        login=id,
        name=f"Officer {id}",
        roles=OFFICER,
        passphrase=phrase,
        deployment=deployment,
        shards=Shards(keys),
        now=now,
        cost=cost,
    )
    assert enrolled.bundle is not None
    stretched = stretch_passphrase(phrase, enrolled.account.salt, cost)
    shard = Shards(keys).find_or_make(id, enrolled.bundle.key)
    return enrolled, unwrap(enrolled.bundle.wrapped, stretched, shard, officer=id, epoch_key=enrolled.bundle.key)


def _keep(conn: Any, enrolled: Enrolled, now: int) -> None:
    account: Any = enrolled.account  # storage takes anything of this shape
    bundle: Any = enrolled.bundle
    accounts.add(conn, account, now // DAY_S)
    accounts.add_bundle(conn, account.id, bundle)


async def answer(house: House, service: Service, case: bytes, words: str, officer: str) -> None:
    """What an officer's vault makes and the console stores: an answer, sealed to the mailbox and signed."""
    own, now = service.officers[officer], house.now()

    def write(conn: Connection) -> None:
        for mailbox, kem in mailboxes.of_case(conn, case):
            count, last = mailboxes.head_of(conn, mailbox)
            place = Context(
                deployment=service.deployment,
                roster_version=1,
                case_id=case,
                record_id=new_id(),
                kind="reply",
                seq=count,
                recipient=key_id(kem),
                previous=last,
            )
            payload = write_reply(place, officer, now // DAY_S, words)
            sealed = seal_reply(kem, place, sign_reply(own.signing_seed, payload))
            message = mailboxes.Message(
                place.record_id, place.seq, place.roster_version, sealed, record_hash(sealed), now // DAY_S
            )
            mailboxes.add_message(conn, mailbox, message)

    await house.database.write(write)


async def reads(house: House, service: Service) -> Found:
    """Everything the officers can read now, read without the program's own code."""

    def look(conn: Connection) -> Rows:
        return read_with(lambda sql: conn.exec_driver_sql(sql).fetchall())

    return judge(await house.database.read(look), service.deployment, service.seeds)


@asynccontextmanager
async def serving_here(
    service: Service,
    telegram: FakeTelegram | None = None,
    *,
    mode: str = "webhook",
    cost: Cost | None = None,
    now: Callable[[], int] = clock.now,
    pace_s: float = 0.0,
    **more: Any,
) -> AsyncIterator[tuple[House, str]]:
    """The whole program in this process on a loopback socket; gives the open house and its address.

    Two things differ from a service: a case code is stretched at the cost of tests, and a chat gets its messages without
    the pause that real chats need (`pace_s`).
    """
    listener = loopback_socket()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    if telegram is not None:
        more |= {
            "telegram_token": telegram.token,
            "telegram_api_url": telegram.api_url,
            "telegram_mode": mode,
            "webhook_secret": SECRET,
            "public_url": address,
        }
    settings = service.settings(listen=address.removeprefix("http://"), **more)
    database = await open_database(settings.database)
    house = await assemble(settings, database, cost=cost or Cost.for_tests(), now=now)
    house.chat_pace_s = pace_s
    furnish(house)
    assert house.site is not None
    async with serving(house.site, listener), house.site.router.lifespan_context(house.site):
        yield house, address
