"""What the private page does, in Python: seals a report, cuts it into parts, and says how to close it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from bot.core.effects import Routing
from bot.core.roster import ReaderKey, Roster
from bot.core.routing import choose_readers
from bot.sealing.case_code import CaseCode, new_code
from bot.sealing.chain import Head
from bot.sealing.context import Context, new_id
from bot.sealing.fields import base64_text, canonical
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.mailbox import auth_hash, case_mark, case_mark_key, derive
from bot.sealing.padding import as_bytes
from bot.sealing.record import seal_record
from bot.sealing.slot import seal_slot, slot_context
from bot.sealing.slot_list import list_slots
from bot.sealing.stretch import Cost
from tests.helpline import Helpline

LAHORE = Routing(("PK-PB",), "work")


@dataclass
class SealedPage:
    """One report on its way.  `part_bytes`: how large its parts are; the real page's are 256 KiB.

    `cost`: of stretching the code.  The server cannot see whether what it is told was paid, so only a test in which
    somebody enters the code pays the real one.
    """

    helpline: Helpline
    words: Sequence[str] = ("they lock the door",)
    routing: Routing = LAHORE
    part_bytes: int = 4_000
    code: CaseCode = field(default_factory=new_code)
    cost: Cost = field(default_factory=Cost.for_tests)
    submission: bytes = field(default_factory=new_id)
    revision: int = 0
    parts: list[bytes] = field(default_factory=list)
    closing: dict[str, Any] = field(default_factory=dict)

    async def seals(self, roster: Roster | None = None, keys: Sequence[ReaderKey] | None = None) -> "SealedPage":
        """Seal to the readers of `roster` (the living one), or to exactly these `keys`."""
        h = self.helpline
        roster = roster or h.roster.current(now=h.now)
        keys = keys or choose_readers(roster, self.routing, h.now).keys
        seed, case = new_seed(), new_id()
        public, head = public_key(seed), Head()
        records, envelopes = [], []
        for kind, content in self._contents():
            context = Context(
                deployment=roster.deployment,
                roster_version=roster.version,
                case_id=case,
                record_id=new_id(),
                kind=kind,
                seq=head.count,
                recipient=key_id(public),
                previous=head.last,
            )
            envelopes.append(seal_record(public, context, as_bytes(json.dumps(content))))
            records.append({"id": base64_text(context.record_id), "kind": kind, "size": len(envelopes[-1])})
            head = head.after(envelopes[-1])
        slots = {}
        for key in keys:
            place = slot_context(
                deployment=roster.deployment,
                roster_version=roster.version,
                case_id=case,
                case_key=key_id(public),
                reader_key=key.id,
            )
            slots[key.id] = seal_slot(key.public, place, seed)
        listed = list_slots(
            seed, deployment=roster.deployment, case_id=case, version=1, roster_version=roster.version, slots=slots
        )
        upload = b"".join([*envelopes, *slots.values(), listed])
        self.parts = [upload[at : at + self.part_bytes] for at in range(0, len(upload), self.part_bytes)]
        self.closing = {
            "format": "hamrah submission 1",
            "case": base64_text(case),
            "public": base64_text(public),
            "roster": roster.version,
            "records": records,
            "readers": [base64_text(reader) for reader in slots],
            "listed": len(listed),
            "mailbox": await self._mailbox(case, public),
            "routing": {
                "places": list(self.routing.places),
                "concern": self.routing.concern,
                "avoid": list(self.routing.avoid_offices),
                "pair": self.routing.pair_only,
            },
            "language": "en",
            "urgency": "U1",
        }
        return self

    def part(self, number: int) -> bytes:
        content = self.parts[number]
        place = self.revision.to_bytes(2, "big") + number.to_bytes(2, "big")
        return self.submission + place + sha256(content).digest() + content

    def close(self, **changed: Any) -> bytes:
        """The closing message; `changed`: fields that are not as the page would write them."""
        sent = {
            "submission": base64_text(self.submission),
            "revision": self.revision,
            "parts": [base64_text(sha256(part).digest()) for part in self.parts],
        }
        return canonical({**self.closing, **sent, **changed})

    def again(self, **changed: Any) -> "SealedPage":
        return replace(self, **changed)

    def _contents(self) -> list[tuple[str, Mapping[str, Any]]]:
        answers = {"danger": ["soon"], "concern": [self.routing.concern]}
        words = [("words", {"ask": "words-what", "text": text, "edited": False}) for text in self.words]
        cover = {"v": 1, "age": "12-14", "urgency": "U1", "reasons": [], "concern": self.routing.concern, "gist": {}}
        return [*words, ("answers", {"answers": answers}), ("cover", cover)]

    async def _mailbox(self, case: bytes, public: bytes) -> dict[str, str]:
        salt = await self.helpline.errands.salt_of(self.code.locator)
        box = derive(self.code, salt, self.cost)
        mark = case_mark(case_mark_key(box.kem_private), mailbox=box.id, case=case, public=public)
        return {
            "id": base64_text(box.id),
            "auth": base64_text(auth_hash(box.auth)),
            "kem": base64_text(box.kem_public),
            "locator": self.code.locator,
            "cost": Cost().as_text(),
            "mark": base64_text(mark),
        }
