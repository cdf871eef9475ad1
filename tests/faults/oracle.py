"""Reads a service's database without the program: plain SQL, the format as docs/sealing.md tells it, officers' keys.

Shares no code with `bot` or `storage`, so that what they get wrong together is seen here.
"""

import asyncio
import json
import shutil
import sqlite3
import struct
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256, shake_256
from pathlib import Path
from typing import Any

import asyncpg
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

Rows = Mapping[str, list[tuple[Any, ...]]]
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_WRAPPED = 1120 + 32 + 16
TABLES: Mapping[str, str] = {
    "updates": "source, number",
    "drafts": "case_id",
    "records": "case_id, seq, id, kind, roster, digest, envelope",
    "slots": "case_id, key_id, roster, slot",
    "cases": "id, language, region, urgency, channel, status",
    "case_heads": "case_id, seq, head, public",
    "case_teams": "case_id, team",
    "mailboxes": "id, case_id, locator, auth",
    "mailbox_messages": "mailbox_id, seq",
    "locator_salts": "locator, salt",
    "outbox": "id, kind, attempts, fence",
    "conversations": "key, session",
}
"""Table → the columns that are read."""


@dataclass(frozen=True, slots=True)
class Told:
    """One opened record: `kind` and what is in it."""

    kind: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """`readers`: ids of the officers whose key opens it; `told`: its records in order."""

    id: bytes
    urgency: str
    channel: str
    teams: frozenset[str]
    readers: frozenset[str]
    told: tuple[Told, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(t.content["text"] for t in self.told if t.kind in ("words", "message"))


@dataclass(frozen=True, slots=True)
class Found:
    """Everything a database holds, and what does not hold together."""

    cases: tuple[Case, ...]
    rows: Rows
    faults: tuple[str, ...]

    def counted(self) -> Counter[str]:
        """How often each text lies in a case."""
        return Counter(words for case in self.cases for words in case.words)

    def case_of(self, words: str) -> Case:
        return next(case for case in self.cases if words in case.words)


def find(url: str, deployment: bytes, keys: Mapping[str, bytes]) -> Found:
    """Read what a service left behind; `keys`: officer id → private seed.  Changes nothing there."""
    return judge(read(url), deployment, keys)


def judge(rows: Rows, deployment: bytes, keys: Mapping[str, bytes]) -> Found:
    reader = _Reader(rows, deployment, keys)
    faults: list[str] = []
    cases: list[Case] = []
    for row in rows["cases"]:
        try:
            cases.append(reader.case(row))
        except Exception as error:  # whatever it is, the case is not whole
            faults.append(f"case {row[0].hex()[:8]}: {error!r}")
    ids, drafts = {row[0] for row in rows["cases"]}, {row[0] for row in rows["drafts"]}
    return Found(tuple(cases), rows, (*faults, *_orphans(rows, ids, drafts)))


# --- reading ---


def read(url: str) -> Rows:
    return _read_sqlite(Path(url.removeprefix("sqlite:///"))) if url.startswith("sqlite") else _read_postgres(url)


def read_with(select: Callable[[str], Sequence[Any]]) -> Rows:
    """The rows through somebody else's connection, while that one holds the file."""
    return {table: [tuple(row) for row in select(f"SELECT {names} FROM {table}")] for table, names in TABLES.items()}


def _read_sqlite(path: Path) -> Rows:
    """A copy with its journal, as a crash left it, so that looking does not repair it."""
    with tempfile.TemporaryDirectory() as folder:
        for file in path.parent.glob(path.name + "*"):
            if not file.name.endswith("-shm") and file.is_file():
                shutil.copy(file, folder)
        connection = sqlite3.connect(Path(folder) / path.name)
        try:
            return read_with(lambda sql: connection.execute(sql).fetchall())
        finally:
            connection.close()


def _read_postgres(url: str) -> Rows:
    async def all_rows() -> Rows:
        connection = await asyncpg.connect(url)
        try:
            return {
                table: [tuple(row) for row in await connection.fetch(f"SELECT {names} FROM {table}")]
                for table, names in TABLES.items()
            }
        finally:
            await connection.close()

    return asyncio.run(all_rows())


# --- opening ---


class _Reader:
    """Opens cases one after the other."""

    def __init__(self, rows: Rows, deployment: bytes, keys: Mapping[str, bytes]) -> None:
        self._deployment = deployment
        self._keys = {key_id(public_key(seed)): (id, seed) for id, seed in keys.items()}
        self._records, self._slots = _by_case(rows["records"]), _by_case(rows["slots"])
        self._heads, self._teams = _by_case(rows["case_heads"]), _by_case(rows["case_teams"])

    def case(self, row: Sequence[Any]) -> Case:
        """Open a case with every key that has a slot.  Raises whatever shows that it is not whole."""
        id, _, _, urgency, channel, _ = row
        records = sorted(self._records[id], key=lambda record: record[1])
        ((_, count, last, public),) = self._heads[id]
        readers, seed = self._unlock(id, key_id(public))
        told = tuple(_open_chain(records, seed, self._deployment, key_id(public)))
        kinds = [one.kind for one in told]
        if (count, last) != (len(records), records[-1][5]):
            raise ValueError(f"{len(records)} records, the head says {count}")
        if kinds.count("cover") != 1 or kinds.count("answers") != 1:
            raise ValueError(f"records are {kinds}")
        if not self._teams[id]:
            raise ValueError("in no queue")
        return Case(id, urgency, channel, frozenset(team for _, team in self._teams[id]), readers, told)

    def _unlock(self, case: bytes, case_key: bytes) -> tuple[frozenset[str], bytes]:
        """Who can open it, and the one key that all slots hold."""
        mine = [(slot, *self._keys[slot[1]]) for slot in self._slots[case] if slot[1] in self._keys]
        (seed,) = {_open_slot(case, slot, own, self._deployment, case_key) for slot, _, own in mine}
        if key_id(public_key(seed)) != case_key:
            raise ValueError("slots hold another key")
        return frozenset(who for _, who, _ in mine), seed


def _by_case(rows: Iterable[tuple[Any, ...]]) -> defaultdict[bytes, list[tuple[Any, ...]]]:
    sorted_in: defaultdict[bytes, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        sorted_in[row[0]].append(row)
    return sorted_in


def _open_slot(case: bytes, row: Sequence[Any], seed: bytes, deployment: bytes, case_key: bytes) -> bytes:
    _, key, roster, slot = row
    bound = _bound(2, deployment, roster, case, case_key, "slot", 0, key, bytes(32))
    return bytes(_SUITE.decrypt(slot[12:], _private(seed), bound))


def _open_chain(records: Sequence[Sequence[Any]], seed: bytes, deployment: bytes, case_key: bytes) -> Iterable[Told]:
    previous = bytes(32)
    for place, (case, seq, id, kind, roster, digest, envelope) in enumerate(records):
        if seq != place:
            raise ValueError(f"record {seq} in place {place}")
        bound = _bound(1, deployment, roster, case, id, kind, seq, case_key, previous)
        data_key = _SUITE.decrypt(envelope[12 : 12 + _WRAPPED], _private(seed), bound)
        body = envelope[12 + _WRAPPED :]
        padded = AESGCM(data_key).decrypt(body[:12], body[12:], bound)
        text = padded[2 : 2 + int.from_bytes(padded[:2])]
        previous = sha256(b"hamrah record\n" + envelope).digest()
        if previous != digest:
            raise ValueError(f"digest of record {seq}")
        yield Told(kind, json.loads(text) if kind not in ("reply", "note") else {"text": ""})


def _bound(form: int, *fields: Any) -> bytes:
    """Header, then the ten fields of the context."""
    deployment, roster, case, record, kind, seq, recipient, previous = fields
    number = struct.Struct(">Q").pack
    listed = (b"hamrah context", number(1), deployment, number(roster), case, record, kind.encode(), number(seq))
    context = b"".join(len(f).to_bytes(2) + f for f in (*listed, recipient, previous))
    return b"HMRH\x01" + bytes([form]) + b"\x64\x7a\x00\x01\x00\x02" + context


def _private(seed: bytes) -> MLKEM768X25519PrivateKey:
    mlkem, x25519 = _halves(seed)
    return MLKEM768X25519PrivateKey(mlkem, x25519)


def _halves(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    stretched = shake_256(seed).digest(96)
    return MLKEM768PrivateKey.from_seed_bytes(stretched[:64]), X25519PrivateKey.from_private_bytes(stretched[64:])


def public_key(seed: bytes) -> bytes:
    mlkem, x25519 = _halves(seed)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def key_id(public: bytes) -> bytes:
    return sha256(public).digest()[:16]


# --- what belongs to nobody ---


def _orphans(rows: Rows, cases: set[bytes], drafts: set[bytes]) -> Iterable[str]:
    known = cases | drafts
    for table in ("records", "slots", "case_heads", "case_teams"):
        strangers = {row[0] for row in rows[table]} - (known if table in ("records", "slots") else cases)
        if strangers:
            yield f"{len(strangers)} strangers in {table}"
    if {row[1] for row in rows["mailboxes"]} - cases:
        yield "a mailbox without a case"
    if {row[0] for row in rows["mailbox_messages"]} - {row[0] for row in rows["mailboxes"]}:
        yield "an answer without a mailbox"
    if {row[2] for row in rows["mailboxes"]} - {row[0] for row in rows["locator_salts"]}:
        yield "a mailbox without its salt"
    if cases & drafts:
        yield "a case that is still a draft"
    if any(row[2] > 8 for row in rows["outbox"]):
        yield "a message tried more than eight times"
