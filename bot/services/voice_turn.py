"""The turn of a voice note that was fetched: its record joins the draft or the case, its sound lies beside, its job ends.

The draft it was sent into may have become a case meanwhile: then it is an addition, as words written back are.  What was
erased stays erased: the note goes with it and nothing is said.  Nobody's private key is needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.core import noting
from bot.core.advance import DRAFT_LIVES_S
from bot.core.effects import Say, Text
from bot.core.errors import Damaged
from bot.core.state import begin
from bot.core.writes import CaseHead, Decided, EndVoice, KeepVoice, Knock, Loaded, Wanted, Write
from bot.sealing.chunks import file_hash, seal_file
from bot.sealing.context import Context, new_id
from bot.sealing.keys import key_id
from bot.sealing.today import DailyKeys
from bot.services.outgoing import Outgoing, queue
from bot.services.receive import Answer, Turns
from bot.services.report import Sealer
from bot.services.session import Session, open_session, seal_session
from bot.services.voice_jobs import VoiceJob

KIND = "voice"
TYPE = "audio/ogg"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sound:
    """A sealed voice note.  `record`: id its record will have.  `roster`: version checked before sealing."""

    record: bytes
    envelope: bytes
    seconds: int
    roster: int

    def content(self, ask: str) -> dict[str, object]:
        """What the record in the chain says of it; the hash ties the sound to its place."""
        return {
            "ask": ask,
            "type": TYPE,
            "seconds": self.seconds,
            "roster": self.roster,
            "hash": file_hash(self.envelope).hex(),
        }


@dataclass(frozen=True, slots=True)
class Target:
    """What a note is for is still there.  `head`: of the case that it is; none while it is a draft."""

    head: CaseHead | None


@dataclass(frozen=True, slots=True)
class VoiceTurns:
    """What every such turn needs; one for the process."""

    turns: Turns
    keys: DailyKeys
    sealer: Sealer

    def seal(self, job: VoiceJob, content: bytes, seconds: int, now: int) -> Sound:
        """Chunk by chunk to the public half of the case key; touches nothing that other threads change."""
        roster, record = self.sealer.roster.current(now=now), new_id()
        context = Context(
            deployment=roster.deployment,
            roster_version=roster.version,
            case_id=job.case,
            record_id=record,
            kind=KIND,
            seq=0,
            recipient=key_id(job.public),
        )
        return Sound(record, seal_file(job.public, context, content), seconds, roster.version)

    def of(self, job: VoiceJob, target: Target, id: bytes, fence: int) -> "VoiceTurn":
        """`id`, `fence`: of the claimed job."""
        return VoiceTurn(self, job, target, id, fence)


@dataclass(frozen=True, slots=True)
class VoiceTurn:
    """The end of one job.  Both ways raise `StorageError` when it is no longer ours; then nothing was kept."""

    shared: VoiceTurns
    job: VoiceJob
    target: Target
    id: bytes
    fence: int

    async def keep(self, sound: Sound, now: int) -> Answer | None:
        """Commit it; none when there is nothing to say."""
        sealer, job, content = self.shared.sealer, self.job, sound.content(self.job.ask)
        file = KeepVoice(job.case, sound.record, sound.envelope)

        def decide(session: Session, head: CaseHead | None) -> _Outcome:
            if session.draft is not None and _is_in(session, job, now):
                draft, writes = sealer.seal(session.draft, KIND, content, now, id=sound.record)
                say = noting.kept(session.state, job.turn, sent=False)
                return _Outcome(replace(session, draft=draft), (*writes, file), say)
            if head is not None:
                added = sealer.add(head, KIND, content, now, id=sound.record)
                return _Outcome(session, (*added, file), noting.kept(session.state, job.turn, sent=True))
            return _Outcome(session)

        return await self._take(decide, EndVoice(self.id, self.fence), now)

    async def lose(self, why: Text, now: int, *, parked: bool = False) -> Answer | None:
        """It cannot be had: say so, unless what it was for is gone too."""
        job = self.job

        def decide(session: Session, head: CaseHead | None) -> _Outcome:
            say = noting.lost(session.state, job.turn, why)
            if _is_in(session, job, now):
                return _Outcome(replace(session, state=noting.uncounted(session.state)), say=say)
            return _Outcome(session, say=say if head is not None else None)

        return await self._take(decide, EndVoice(self.id, self.fence, parked), now)

    async def _take(
        self, choose: Callable[[Session, CaseHead | None], "_Outcome"], end: EndVoice, now: int
    ) -> Answer | None:
        own, job = self.shared.keys, self.job
        keys = own.conversation_keys(job.contact.channel, job.contact.who, now=now)
        said: list[Outgoing] = []

        def wants(sealed: bytes) -> Wanted | None:
            # Sent while the mailbox was open: it belongs to the case, even if the mailbox was closed since.
            return None if _is_in(_session(own, sealed, keys, now), job, now) else Wanted(job.case)

        def decide(loaded: Loaded) -> Decided:
            session = _session(own, loaded.session, keys, now)
            outcome = choose(session, self.target.head if loaded.session is None else loaded.head)
            said.clear()  # storage may ask again after a deadlock: only the last answer counts
            writes: list[Write] = [*outcome.writes, end]
            if outcome.say is not None:
                message, posts = queue(own, outcome.say, session.state.talk.lang, job.contact, keys[0], now)
                said.append(message)
                writes += posts
            stays = None if loaded.session is None else seal_session(own, outcome.session, keys[0], now)
            return Decided(stays, tuple(writes))

        await self.shared.turns.take(Knock("", None, keys, now), wants, decide)
        return Answer(tuple(said), keys) if said else None


@dataclass(frozen=True, slots=True)
class _Outcome:
    session: Session
    writes: tuple[Write, ...] = ()
    say: Say | None = None


def _session(keys: DailyKeys, sealed: bytes | None, names: Sequence[bytes], now: int) -> Session:
    """As every turn does: one that was damaged begins anew."""
    try:
        return open_session(keys, sealed, names, now)
    except Damaged:
        log.error("session_damaged")
        return Session(begin())


def _is_in(session: Session, job: VoiceJob, now: int) -> bool:
    """Whether the draft it was sent into is still being told; one whose day has passed is as good as erased."""
    draft = session.state.talk.draft
    alive = draft is not None and now - draft.began <= DRAFT_LIVES_S
    return alive and session.draft is not None and session.draft.case == job.case
