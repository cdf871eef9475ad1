"""An officer without a browser: what the page does, done in Python through the same door."""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from types import TracebackType
from typing import Any
from uuid import uuid4

import httpx

from bot.sealing.context import NOTHING_BEFORE, Context, new_id
from bot.sealing.keys import key_id
from bot.sealing.note import Note, seal_note, sign_note, verify_note, write_note
from bot.sealing.officer_keys import OfficerSecrets, login_proof, stretch_passphrase, unwrap
from bot.sealing.padding import REPLY
from bot.sealing.record import open_record, record_hash, seal_record
from bot.sealing.reply import seal_reply, sign_reply, write_reply
from bot.sealing.slot import open_slot, slot_context
from bot.sealing.stretch import Cost
from tests.console.world import World

ORIGIN = "https://console.example"
SAME_SITE = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


class Officer:
    """Use as a context manager; `session` is what signing in answered."""

    def __init__(self, world: World) -> None:
        self.world = world
        transport = httpx.ASGITransport(world.site, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url=f"{ORIGIN}/console")
        self.session: dict[str, Any] = {}
        self.secrets: OfficerSecrets | None = None

    async def __aenter__(self) -> "Officer":
        return self

    async def __aexit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.http.aclose()

    async def signs_in(self, login: str, phrase: str | None = None) -> httpx.Response:
        start = (await self.posts("sign-in/start", {"login": login})).json()
        cost = Cost.from_text(start["cost"], tests_allowed=True)
        stretched = stretch_passphrase(phrase or self.world.phrase(login), b64decode(start["salt"]), cost)
        answer = await self.posts("sign-in", {"login": login, "proof": text(login_proof(stretched))})
        if answer.status_code == 200:
            self.session = answer.json()
            self._unlock(login, stretched)
        return answer

    def _unlock(self, login: str, stretched: bytes) -> None:
        if bundle := self.session["bundle"]:
            self.secrets = unwrap(
                b64decode(bundle["wrapped"]),
                stretched,
                b64decode(bundle["shard"]),
                officer=login,
                epoch_key=bytes.fromhex(bundle["key"]),
            )

    async def posts(self, path: str, body: object, key: str | None = None, **headers: str) -> httpx.Response:
        told = {**SAME_SITE, "x-token": self.session.get("token", ""), "idempotency-key": key or str(uuid4())}
        return await self.http.post(path, json=body, headers={**told, **headers})

    async def gets(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def queue(self, view: str = "todo") -> list[dict[str, Any]]:
        answer = await self.posts("queue", {"view": view, "after": None, "limit": 25})
        rows: list[dict[str, Any]] = answer.json()["rows"]
        return rows

    async def glances(self, view: str = "todo", shown: Sequence[bytes] = ()) -> dict[str, Any]:
        """What a page that shows a list asks by itself."""
        body = {"view": view, "limit": 25, "shown": [one.hex() for one in shown]}
        seen: dict[str, Any] = (await self.posts("queue/glance", body)).json()
        return seen

    async def opens(self, case: bytes) -> dict[str, Any]:
        opened: dict[str, Any] = (await self.posts(f"case/{case.hex()}/open", {})).json()
        return opened

    async def does(self, deed: str, opened: dict[str, Any], key: str | None = None, **more: Any) -> httpx.Response:
        return await self.posts(f"case/{opened['id']}/{deed}", {"version": opened["version"], **more}, key)

    def answer(self, opened: dict[str, Any], words: str, *, after: tuple[int, bytes] | None = None) -> dict[str, Any]:
        """An answer sealed the way the page seals it.  `after`: how far the answers went, where the child deleted some."""
        assert self.secrets is not None
        public = b64decode(opened["mailbox"]["public"])
        messages = opened["mailbox"]["messages"]
        newest = (len(messages), bytes.fromhex(messages[-1]["digest"])) if messages else (0, NOTHING_BEFORE)
        count, previous = after or newest
        place = Context(
            deployment=bytes.fromhex(self.session["deployment"]),
            roster_version=self.world.living.current(now=self.world.clock()).version,
            case_id=bytes.fromhex(opened["id"]),
            record_id=new_id(),
            kind="reply",
            seq=count,
            recipient=key_id(public),
            previous=previous,
        )
        payload = write_reply(place, self.session["officer"]["id"], self.world.clock() // 86_400, words)
        signed = sign_reply(self.secrets.signing_seed, payload)
        data_key = secrets.token_bytes(32)
        message = seal_reply(public, place, signed, data_key)
        case_public = b64decode(opened["public"])
        inside = Context(
            deployment=place.deployment,
            roster_version=place.roster_version,
            case_id=place.case_id,
            record_id=new_id(),
            kind="reply",
            seq=opened["seq"],
            recipient=key_id(case_public),
            previous=bytes.fromhex(opened["head"]),
        )
        record = seal_record(case_public, inside, record_hash(message) + signed, REPLY)
        return {
            **({"shown": text(data_key)} if count == 0 else {}),
            "roster": place.roster_version,
            "message": {"id": place.record_id.hex(), "seq": place.seq, "envelope": text(message)},
            "record": {"id": inside.record_id.hex(), "seq": inside.seq, "envelope": text(record)},
        }

    def note(self, opened: dict[str, Any], words: str, what: str = "note") -> dict[str, Any]:
        """A note sealed the way the page seals it."""
        assert self.secrets is not None
        public = b64decode(opened["public"])
        place = Context(
            deployment=bytes.fromhex(self.session["deployment"]),
            roster_version=self.world.living.current(now=self.world.clock()).version,
            case_id=bytes.fromhex(opened["id"]),
            record_id=new_id(),
            kind="note",
            seq=opened["seq"],
            recipient=key_id(public),
            previous=bytes.fromhex(opened["head"]),
        )
        payload = write_note(place, self.session["officer"]["id"], self.world.clock() // 86_400, what, words)
        envelope = seal_note(public, place, sign_note(self.secrets.signing_seed, payload))
        record = {"id": place.record_id.hex(), "seq": place.seq, "envelope": text(envelope)}
        return {"roster": place.roster_version, "record": record}

    def seed(self, opened: dict[str, Any]) -> bytes:
        """The private key of an opened case, out of this officer's own slot."""
        assert self.secrets is not None
        mine = next(slot for slot in opened["slots"] if slot["key"] == self.session["bundle"]["key"])
        place = slot_context(
            deployment=bytes.fromhex(self.session["deployment"]),
            roster_version=mine["roster"],
            case_id=bytes.fromhex(opened["id"]),
            case_key=bytes.fromhex(opened["key"]),
            reader_key=bytes.fromhex(mine["key"]),
        )
        return open_slot(self.secrets.seed, place, b64decode(mine["slot"]))

    def notes_in(self, opened: dict[str, Any]) -> list[tuple[str, str, str]]:
        """(what, officer, words) of every verified note of an opened case."""
        seed, found = self.seed(opened), []
        roster = self.world.living.current(now=self.world.clock())
        for record in opened["records"]:
            if record["kind"] != "note":
                continue
            place = Context(
                deployment=bytes.fromhex(self.session["deployment"]),
                roster_version=record["roster"],
                case_id=bytes.fromhex(opened["id"]),
                record_id=bytes.fromhex(record["id"]),
                kind="note",
                seq=record["seq"],
                recipient=bytes.fromhex(opened["key"]),
                previous=bytes.fromhex(record["previous"]),
            )
            note = verify_note(place, open_record(seed, place, b64decode(record["envelope"])), roster)
            assert isinstance(note, Note)
            found.append((note.what, note.officer, note.text.reveal()))
        return found


def text(value: bytes) -> str:
    return b64encode(value).decode("ascii")
