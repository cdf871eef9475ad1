"""Every flow through the real server at DEBUG while the network fails: nothing of it is in any file (S1, S44, S50)."""

import base64
import secrets
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from bot.backing_up import REQUEST
from bot.sealing.keys import new_seed, public_key
from tests.browser.served import free_port
from tests.channels.calling import until
from tests.fake_telegram import AcceptThenDrop, Flood, HalfAnswer, Late, Redirect, Reset, Status
from tests.faults.bench import Bench, bench
from tests.faults.server import Nursery, nursery
from tests.faults.tellers import Teller
from tests.service import Service

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

AGENT = "Canary-Browser/9.9 (Zqphone)"
TROUBLES = (Status(502), Reset(), AcceptThenDrop(), HalfAnswer(), Flood(1), Status(403), Late(0.1), Status(404))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


@pytest.mark.promise("S1", "S18", "S44", "S50", "R20")
async def test_nothing_of_any_flow_is_found_in_any_file(service_today: Service, servers: Nursery) -> None:
    """In a backup neither, nor in what a host may watch."""
    async with bench(service_today, servers) as line:
        watched, key = f"127.0.0.1:{free_port()}", service_today.folder / "backup.key.pub"
        key.write_text(public_key(new_seed()).hex(), "ascii")
        line.server.env = {**line.server.env, "HAMRAH_METRICS_LISTEN": watched, "HAMRAH_BACKUP_KEY": str(key)}
        await line.server.start()
        child = teller(line)
        await child.tells_once()
        await everything_else(line, child)
        await over_the_web(line)
        await while_the_network_fails(line, child)
        await leave_what_is_watched(f"http://{watched}/metrics", service_today)
        assert [] == line.leaks(), "while it is running"
        assert 1 == len(list((service_today.folder / "backups").glob("*.backup")))
        line.server.kill()
        await line.server.end()
        assert [] == line.leaks(), "as a kill leaves it"
        await line.server.start()
        await line.server.stop()
        assert [] == line.leaks(), "when it has stopped"
        assert AGENT.encode() not in b"".join(f.read_bytes() for f in line.service.folder.rglob("*") if f.is_file())


async def leave_what_is_watched(address: str, service: Service) -> None:
    """A second backup, with all that was told in it, and the page for Prometheus, among the files that are looked through."""
    for file in (service.folder / "backups").glob("*.backup"):
        file.unlink()
    (service.folder / REQUEST).touch()
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        (service.folder / "metrics").write_bytes(await answer.read())
    await until(lambda: bool(list((service.folder / "backups").glob("*.backup"))), 30)


def teller(line: Bench) -> Teller:
    made = Teller(line.telegram, line.wording, line.flow, 557_000_001, line.marks)
    line.tellers.append(made)
    return made


async def everything_else(line: Bench, child: Teller) -> None:
    """Whatever a person can do in a chat, with words of their own where there is room for them."""
    code = next(iter(child.codes))
    await child.writes("/mail")
    await child.writes(code)
    await child.pauses(0.8)
    await child.writes(line.marks.new())
    for wrong in (code[:19], code[::-1], "1234 5678 9012 3456 7890", line.marks.new()):
        await child.writes("/mail")
        await child.writes(wrong)
    await child.starts(line.marks.names)
    await child.sends_photo(caption=line.marks.new())
    for act in (child.sends_voice, child.sends_sticker, child.sends_contact, child.sends_location, child.sends_album):
        await act()
    await child.forwards(line.marks.new())
    await child.edits(line.marks.new())
    await child.presses_data(f"1:{line.marks.names}")
    group = await child.adds_to_group()
    await child.writes_in(group, line.marks.new())
    for body in (b'{"update_id": 9, "message": "%s"}', b"[%s", b'{"message": {"text": "%s"}}'):
        await posted(line, body % line.marks.new().encode())
    await child.blocks()
    await child.unblocks()
    await child.writes("/leave")


async def posted(line: Bench, body: bytes) -> None:
    """An update as no server should send it."""
    pending = line.telegram.world.offer_raw(body, 1)
    await line.telegram.world.announce()
    await pending.confirmed.wait()


async def over_the_web(line: Bench) -> None:
    headers = {"user-agent": AGENT, "accept-language": line.marks.names, "cookie": f"a={line.marks.names}"}
    session = base64.b64encode(secrets.token_bytes(32)).decode()
    async with aiohttp.ClientSession(line.server.address, headers=headers) as http:
        for event in (
            {"kind": "started", "hint": line.marks.names},
            {"kind": "wrote", "words": line.marks.new()},
            {"kind": "chose", "key": line.marks.names, "turn": 1},
            {"kind": "help"},
            {"kind": "fell", "words": line.marks.new()},
            {"kind": "left"},
        ):
            body = {"session": session, "number": secrets.randbelow(2**53), "event": event}
            async with http.post(f"/chat/turn?{line.marks.names}", json=body) as answer:
                await answer.read()
        for path in ("/", f"/{line.marks.names}", "/console", f"/console/case/{line.marks.names}", "/telegram/0"):
            async with http.get(path) as answer:
                await answer.read()


async def while_the_network_fails(line: Bench, child: Teller) -> None:
    """Errors of libraries like to print the address they failed at; ours holds the token."""
    for trouble in (*TROUBLES, Redirect(f"{line.server.address}/{line.marks.names}")):
        line.telegram.script.next("*", trouble)
        await child.writes(line.marks.new())
        await child.pauses(0.05)
    line.telegram.script.always("*", Reset())
    for _ in range(5):
        await child.writes("/help")
    await child.pauses(1.0)
    line.telegram.script.always("*", None)


@pytest.mark.promise("S50")
@pytest.mark.parametrize("mode", ["webhook", "poll"])
async def test_a_revoked_token_ends_the_server_and_is_not_told(
    service_today: Service, servers: Nursery, mode: str
) -> None:
    async with bench(service_today, servers) as line:
        line.telegram.token = "7654321:another-one-took-its-place"
        line.server.env = {**line.server.env, "HAMRAH_TELEGRAM_MODE": mode}
        await line.server.start(ready=False)
        assert 1 == await line.server.end(30)
        assert [] == line.leaks()
        assert "token" in line.server.log.read_text().lower()


@pytest.mark.promise("R25")
async def test_a_second_poller_is_named_and_ends_the_server(service_today: Service, servers: Nursery) -> None:
    """Two bots on one token would take updates from one another."""
    async with bench(service_today, servers) as line:
        line.telegram.world.webhook.url = "http://127.0.0.1:1/elsewhere"
        line.server.env = {**line.server.env, "HAMRAH_TELEGRAM_MODE": "poll"}
        await line.server.start(ready=False)
        assert 1 == await line.server.end(30)
        assert "webhook" in line.server.log.read_text().lower()
