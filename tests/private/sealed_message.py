"""What the private page does to write back, in Python: checks the case's key, seals to it, and says what came up."""

import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from bot.sealing.case_code import CaseCode
from bot.sealing.chain import Head
from bot.sealing.chunks import file_hash, seal_file
from bot.sealing.context import Context, new_id
from bot.sealing.fields import base64_text, canonical
from bot.sealing.keys import key_id
from bot.sealing.mailbox import Mailbox, derive, is_the_cases_key
from bot.sealing.padding import as_bytes
from bot.sealing.record import seal_record
from bot.sealing.stretch import Cost
from tests.helpline import Helpline

PART_BYTES = 32_000
"""The real page's are 256 KiB."""

Sound = tuple[bytes, int]
"""A recording and its seconds."""


@dataclass
class SealedMessage:
    """One message on its way, sealed under what the server showed.  `shown`: the answer of the mailbox's door."""

    helpline: Helpline
    code: CaseCode
    box: Mailbox
    shown: Mapping[str, Any]
    submission: bytes = field(default_factory=new_id)
    revision: int = 0
    parts: list[bytes] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)

    def seals(
        self, *contents: Mapping[str, Any], sounds: Sequence[Sound] = (), wish: str = "", proved: bool = True
    ) -> "SealedMessage":
        """`contents`: of messages in words; `wish`: what the clear field says; `proved`: that the key is the case's own."""
        write = self.shown["write"]
        roster = self.helpline.roster.current(now=self.helpline.now)
        case, public = b64decode(self.shown["case"]), b64decode(write["public"])
        assert proved is is_the_cases_key(self.box, case=case, public=public, mark=b64decode(write["mark"]))
        head = Head(write["seq"], b64decode(write["head"]))

        def place(kind: str, at: Head) -> Context:
            return Context(
                deployment=roster.deployment,
                roster_version=roster.version,
                case_id=case,
                record_id=new_id(),
                kind=kind,
                seq=at.count,
                recipient=key_id(public),
                previous=at.last,
            )

        told: list[tuple[str, bytes, Mapping[str, Any]]] = [("message", new_id(), content) for content in contents]
        files: list[bytes] = []
        for sound, seconds in sounds:
            context = place("voice", Head())
            files.append(seal_file(public, context, sound))
            kept = {"roster": roster.version, "hash": file_hash(files[-1]).hex()}
            told.append(("voice", context.record_id, {"ask": "", "type": "audio/webm", "seconds": seconds, **kept}))
        envelopes = []
        for kind, id, content in told:
            context = replace(place(kind, head), record_id=id)
            envelopes.append(seal_record(public, context, as_bytes(json.dumps(content))))
            head = head.after(envelopes[-1])
        upload = b"".join([*envelopes, *files])
        self.parts = [upload[at : at + PART_BYTES] for at in range(0, len(upload), PART_BYTES)]
        named = list(zip(told, envelopes, strict=True))
        ids = [id for kind, id, _ in told if kind == "voice"]
        self.fields = {
            "format": "hamrah message 1",
            "asking": base64_text(self.code.locator.encode() + self.box.id + self.box.auth),
            "seq": write["seq"],
            "roster": roster.version,
            "records": [{"id": base64_text(id), "kind": kind, "size": len(e)} for (kind, id, _), e in named],
            "sounds": [{"id": base64_text(id), "size": len(f)} for id, f in zip(ids, files, strict=True)],
            "wish": wish,
        }
        return self

    def part(self, number: int) -> bytes:
        content = self.parts[number]
        place = self.revision.to_bytes(2, "big") + number.to_bytes(2, "big")
        return self.submission + place + sha256(content).digest() + content

    def message(self, **changed: Any) -> bytes:
        """The message that closes it; `changed`: fields that are not as the page would write them."""
        sent = {
            "submission": base64_text(self.submission),
            "revision": self.revision,
            "parts": [base64_text(sha256(part).digest()) for part in self.parts],
        }
        return canonical({**self.fields, **sent, **changed})


async def box_of(helpline: Helpline, code: CaseCode, cost: Cost) -> Mailbox:
    return derive(code, await helpline.errands.salt_of(code.locator), cost)
