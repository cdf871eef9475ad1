"""A report that the private page sealed: its parts are kept, and its closing message makes it a case (reliability §4b).

The server reads nothing of it.  It checks what can be checked from outside (S12): the slots are those of the readers that
roster and routing name now, sizes and algorithms are ours, the clear fields are from closed lists.  It adds no slot.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from bot.core.answering import CONCERN
from bot.core.effects import Routing
from bot.core.errors import Damaged, PicturesOff, ReadersChanged
from bot.core.flow import Flow
from bot.core.roster import Roster
from bot.core.routing import bucket, choose_readers
from bot.core.triage import CLIMBING, URGENCIES
from bot.core.writes import KeepMailbox, KeepRecord, KeepSlot, KeepVoice, OpenCase, Write
from bot.sealing.chain import Head
from bot.sealing.context import new_id
from bot.sealing.record import record_hash
from bot.sealing.stretch import Cost
from bot.sealing.submission import PICTURE, Closing, Part, Sealed, read_closing, read_part, unpack
from bot.services.report import DAY_S, HOUR_S, LivingRoster

CHANNEL = "page"


class Uploads(Protocol):
    """Storage of parts."""

    async def put(self, part: Part, now: int) -> None:
        """Keep a part once; when too much waits, others make room.  Raises `Conflict` for another content."""

    async def close(self, closing: Closing, become: Callable[[bytes], Sequence[Write]], now: int) -> None:
        """Make a case of the parts, once.  Raises `PartsMissing` or `Conflict`."""


class Salts(Protocol):
    async def salt_of(self, locator: str) -> bytes: ...


class Submitting:
    """`climb_after_s`: urgency → seconds after which an unopened case climbs."""

    def __init__(
        self,
        uploads: Uploads,
        salts: Salts,
        roster: LivingRoster,
        flow: Callable[[], Flow],
        climb_after_s: Mapping[str, int],
    ) -> None:
        self._uploads = uploads
        self._salts = salts
        self._roster = roster
        self._flow = flow
        self._climb_after_s = climb_after_s

    async def part(self, body: bytes, now: int) -> None:
        """Keep one part.  Raises `Damaged` for one that is not whole, `Conflict` for another in its place."""
        await self._uploads.put(read_part(body), now)

    async def close(self, body: bytes, now: int) -> Closing:
        """Make the upload a case; sent again it is the same case.

        Raises `ReadersChanged` when the page has to seal anew, `PicturesOff`, `PartsMissing`, `Conflict`, or `Damaged`.
        """
        closing = read_closing(body)
        _check(closing, self._flow())
        salt = await self._salts.salt_of(closing.mailbox.locator)
        await self._uploads.close(closing, lambda upload: self._become(closing, upload, salt, now), now)
        return closing

    def _become(self, closing: Closing, upload: bytes, salt: bytes, now: int) -> list[Write]:
        sealed = unpack(closing, upload)
        roster = self._roster.current(now=now)
        teams = _teams(closing, roster, now)
        records = list(_records(closing, sealed, now))
        slots = [KeepSlot(closing.case, reader, slot, roster.version) for reader, slot in sealed.slots.items()]
        named = zip(closing.sounds, sealed.sounds, strict=True)
        sounds = [KeepVoice(closing.case, sound.record, envelope) for sound, envelope in named]
        case = self._case(closing, sealed, teams, records[-1], now)
        return [*records, *slots, *sounds, case, _mailbox(closing, salt, now)]

    def _case(self, closing: Closing, sealed: Sealed, teams: tuple[str, ...], last: KeepRecord, now: int) -> OpenCase:
        limit = self._climb_after_s.get(closing.urgency) if closing.urgency in CLIMBING else None
        return OpenCase(
            id=closing.case,
            handle=new_id().hex()[:12],
            public=closing.public,
            seq=last.seq + 1,
            head=last.digest,
            slot_list=sealed.slot_list,
            teams=teams,
            language=closing.language,
            region=region_of(closing.routing),
            concern=closing.routing.concern,
            urgency=closing.urgency,
            channel=CHANNEL,
            day=now // DAY_S,
            hour=now // HOUR_S,
            climb_at=None if limit is None else now + limit,
        )


def region_of(routing: Routing) -> str:
    return routing.places[0] if routing.places else ""


def _check(closing: Closing, flow: Flow) -> None:
    """Clear fields come from closed lists: nothing else can be written into them."""
    routing = closing.routing
    concerns = {""} | ({choice.key for choice in flow.ask(CONCERN).choices} if flow.has_ask(CONCERN) else set())
    offices = {id for id, _ in flow.offices}
    cost = Cost.from_text(closing.mailbox.cost)
    known = (
        flow.speaks(closing.language),
        closing.urgency in URGENCIES,
        routing.concern in concerns,
        all(place and bucket(flow.places, place) == place for place in routing.places),
        len(set(routing.places)) == len(routing.places) <= len(flow.asks),
        set(routing.avoid_offices) < offices or not routing.avoid_offices,
        cost.for_production(),
    )
    if not all(known):
        raise Damaged("a clear field is not from its list")
    if not flow.pictures and any(piece.kind == PICTURE for piece in closing.records):
        raise PicturesOff


def _teams(closing: Closing, roster: Roster, now: int) -> tuple[str, ...]:
    """The teams whose queues show it, if exactly their readers have a slot (S12)."""
    readers = choose_readers(roster, closing.routing, now)
    if closing.roster != roster.version or set(closing.readers) != {key.id for key in readers.keys}:
        raise ReadersChanged(f"{len(closing.readers)} slots under roster {closing.roster}, now {roster.version}")
    return readers.teams


def _records(closing: Closing, sealed: Sealed, now: int) -> Iterator[KeepRecord]:
    head = Head()
    for piece, envelope in zip(closing.records, sealed.records, strict=True):
        yield KeepRecord(
            piece.id,
            closing.case,
            head.count,
            piece.kind,
            envelope,
            record_hash(envelope),
            closing.roster,
            now // DAY_S,
        )
        head = head.after(envelope)


def _mailbox(closing: Closing, salt: bytes, now: int) -> KeepMailbox:
    box = closing.mailbox
    return KeepMailbox(box.id, closing.case, box.locator, salt, box.auth, box.kem, box.cost, now // DAY_S, box.mark)
