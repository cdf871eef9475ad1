"""Sealing a report while it is told: the draft's case key, its records, its readers, and the case it becomes.

Bytes are made here and written by storage in the same transaction; if anything raises, nothing has happened (S6).
The roster is checked before each seal (S11).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from bot.core.case import Wish
from bot.core.effects import Cover, Deliver, Routing, Seal
from bot.core.errors import SealingError
from bot.core.roster import Roster
from bot.core.routing import choose_readers
from bot.core.triage import CLIMBING
from bot.core.voice import CONCERNS
from bot.core.writes import (
    AddToCase,
    CaseHead,
    EraseDraft,
    KeepDraft,
    KeepMailbox,
    KeepRecord,
    KeepSlot,
    OpenCase,
    Write,
)
from bot.sealing.chain import Head
from bot.sealing.context import Context, new_id
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.mailbox import case_mark
from bot.sealing.padding import as_bytes
from bot.sealing.record import record_hash, seal_record
from bot.sealing.slot import seal_slot, slot_context
from bot.sealing.slot_list import list_slots
from bot.sealing.today import DailyKeys
from bot.services.session import DraftKeys, NewMailbox

DAY_S = 86_400
HOUR_S = 3_600
DRAFT_HOURS = 24
_PURPOSE = "case-key"
GIST = ("who", "gender", "place-from", "place-to", "happening", "wish", "before")
"""The questions whose answers a queue row shows."""


class LivingRoster(Protocol):
    """The verified roster of now; raises `RosterRefused` when there is none (S11)."""

    def current(self, *, now: int) -> Roster: ...


@dataclass(frozen=True, slots=True)
class Sealer:
    """What sealing needs to know; one for the process.

    `climb_after_s`: urgency → seconds after which an unopened case climbs; urgencies not named never do.
    """

    keys: DailyKeys
    roster: LivingRoster
    climb_after_s: Mapping[str, int]

    def begin(self, now: int) -> tuple[DraftKeys, list[Write]]:
        """A fresh case key, its private half wrapped for the day."""
        case, seed = new_id(), new_seed()
        draft = DraftKeys(case, public_key(seed), self.keys.seal_for_today(_PURPOSE, seed, case, now=now))
        return draft, [KeepDraft(case, now // HOUR_S + DRAFT_HOURS)]

    def seal(
        self, draft: DraftKeys, kind: str, content: object, now: int, *, id: bytes | None = None
    ) -> tuple[DraftKeys, list[Write]]:
        """One more record of the draft: `content` as JSON, sealed to the case key.  `id`: if it was named already."""
        head = CaseHead(draft.case, draft.public, draft.head.count, draft.head.last)
        record = self._record(head, kind, content, now, id)
        return replace(draft, head=Head(record.seq + 1, record.digest)), [record]

    def seal_words(self, draft: DraftKeys, seal: Seal, now: int) -> tuple[DraftKeys, list[Write]]:
        content = {"ask": seal.ask, "text": seal.words.reveal(), "edited": seal.edited}
        return self.seal(draft, "words", content, now)

    def fix(self, draft: DraftKeys, routing: Routing, now: int) -> tuple[DraftKeys, list[Write]]:
        """Seal the case key to its readers and forget it: from now on we cannot read back (D11)."""
        roster = self.roster.current(now=now)
        readers = choose_readers(roster, routing, now)
        seed = self.keys.open_today(_PURPOSE, draft.wrapped, draft.case, now=now)
        case_key = key_id(draft.public)
        slots: dict[bytes, bytes] = {}
        for reader in readers.keys:
            context = slot_context(
                deployment=roster.deployment,
                roster_version=roster.version,
                case_id=draft.case,
                case_key=case_key,
                reader_key=reader.id,
            )
            slots[reader.id] = seal_slot(reader.public, context, seed)
        listed = list_slots(
            seed,
            deployment=roster.deployment,
            case_id=draft.case,
            version=1,
            roster_version=roster.version,
            slots=slots,
        )
        fixed = replace(draft, wrapped=b"", teams=readers.teams, slot_list=listed)
        return fixed, [KeepSlot(draft.case, key, slot, roster.version) for key, slot in slots.items()]

    def deliver(
        self, draft: DraftKeys, mailbox: NewMailbox | None, deliver: Deliver, channel: str, now: int
    ) -> list[Write]:
        """The answers and the cover are sealed, and the draft is a case; without a mailbox nobody can be answered."""
        if draft.wrapped or not draft.teams:
            raise SealingError("a report cannot be sent before its readers are fixed")
        draft, answers = self.seal(draft, "answers", {"answers": _plain(deliver.cover.answers)}, now)
        draft, cover = self.seal(draft, "cover", _cover(deliver.cover, deliver.urgency), now)
        limit = self.climb_after_s.get(deliver.urgency) if deliver.urgency in CLIMBING else None
        case = OpenCase(
            id=draft.case,
            handle=new_id().hex()[:12],
            public=draft.public,
            seq=draft.head.count,
            head=draft.head.last,
            slot_list=draft.slot_list,
            teams=draft.teams,
            language=deliver.language,
            region=deliver.region,
            concern=deliver.concern,
            urgency=deliver.urgency,
            channel=channel,
            day=now // DAY_S,
            hour=now // HOUR_S,
            climb_at=None if limit is None else now + limit,
            feedback=deliver.concern in CONCERNS,
        )
        boxes = [_keep_mailbox(mailbox, draft, now)] if mailbox else []
        return [*answers, *cover, case, *boxes]

    def write_back(self, head: CaseHead, text: str, now: int, *, ask: str = "") -> list[Write]:
        """Words of the reporter for a case that exists; needs nobody's private key.  `ask`: what they answer."""
        return self.add(head, "message", {"text": text, "ask": ask} if ask else {"text": text}, now)

    def tell_wish(self, head: CaseHead, wish: Wish, now: int) -> list[Write]:
        """The reporter takes the report back, or lets the helpers go on: sealed, and a mark in the queue."""
        return self.add(head, "message", {"wish": wish.name.lower()}, now, wish=wish)

    def add(
        self, head: CaseHead, kind: str, content: object, now: int, *, id: bytes | None = None, wish: Wish | None = None
    ) -> list[Write]:
        """One more record of a case that exists, which then waits for its officers."""
        record = self._record(head, kind, content, now, id)
        return [record, AddToCase(head.case, record.seq + 1, record.digest, now // HOUR_S, wish)]

    def _record(self, head: CaseHead, kind: str, content: object, now: int, id: bytes | None = None) -> KeepRecord:
        roster = self.roster.current(now=now)
        context = Context(
            deployment=roster.deployment,
            roster_version=roster.version,
            case_id=head.case,
            record_id=id or new_id(),
            kind=kind,
            seq=head.seq,
            recipient=key_id(head.public),
            previous=head.head,
        )
        text = as_bytes(json.dumps(content, ensure_ascii=False, separators=(",", ":")))
        envelope = seal_record(head.public, context, text)
        return KeepRecord(
            context.record_id, head.case, head.seq, kind, envelope, record_hash(envelope), roster.version, now // DAY_S
        )


def erase(draft: DraftKeys | None) -> list[Write]:
    return [EraseDraft(draft.case)] if draft else []


def _keep_mailbox(mailbox: NewMailbox, draft: DraftKeys, now: int) -> KeepMailbox:
    m, mark = mailbox, None
    if m.mark_key:
        mark = case_mark(m.mark_key, mailbox=m.id, case=draft.case, public=draft.public)
    return KeepMailbox(m.id, draft.case, m.locator, m.salt, m.auth, m.kem, m.cost, now // DAY_S, mark)


def _plain(answers: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {ask: list(keys) for ask, keys in answers.items()}


def _cover(cover: Cover, urgency: str) -> dict[str, object]:
    """What a queue row shows.  Buttons only: the gist holds no words (D11)."""
    gist = {k: list(cover.answers[k]) for k in GIST if k in cover.answers}
    return {
        "v": 1,
        "age": cover.age_band,
        "urgency": urgency,
        "reasons": list(cover.reasons),
        "concern": cover.concern,
        "gist": gist,
    }
