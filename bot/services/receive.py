"""A message: one event of a reporter becomes one durable turn, exactly once (reliability §2).

Load the session, let the core decide, seal, and hand everything to storage in one transaction; only when that is
committed does anybody hear about it.  What takes long (drawing a case code, opening a mailbox) is an errand: it runs after
the commit and comes back as an event of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, assert_never

import structlog

from bot.core.advance import advance
from bot.core.effects import (
    Count,
    Deliver,
    DropDraft,
    Effect,
    FetchVoice,
    FindMailbox,
    FixReaders,
    MakeCode,
    Say,
    Seal,
    Speak,
    Sweep,
    WriteBack,
)
from bot.core.errors import Damaged, NoReaders, SealingError
from bot.core.events import NO_LEADS, Event, Failed, Leads, Looked, Sent, Wrote
from bot.core.failpoints import reach
from bot.core.flow import Flow
from bot.core.months import month_of
from bot.core.state import Browsing, Entering, Reading, State, begin
from bot.core.writes import CaseHead, Decided, Knock, Loaded, Tally, Write
from bot.sealing.today import DailyKeys
from bot.services.errands import Errand, Found, MakeMailbox, OpenMailbox
from bot.services.outgoing import Contact, Outgoing, queue
from bot.services.report import Sealer, erase
from bot.services.session import DraftKeys, NewMailbox, Session, open_session, seal_session
from bot.services.voice_jobs import VoiceJob, VoicePace, queue_job

log = structlog.get_logger()


def no_leads(words: str) -> Leads:
    """For whoever looks for nothing."""
    return NO_LEADS


class Turns(Protocol):
    """The exactly-once turn of `storage`."""

    async def take(
        self, knock: Knock, wants: Callable[[bytes], bytes | None], decide: Callable[[Loaded], Decided]
    ) -> Decided | None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a committed turn.

    `keys`: names of the conversation, today's first.  `sweep`: delete what the channel allows.  `errand`: to run, then the
    talk answers again.  `speak`: recordings to play in `lang`; asked for, so never queued (reliability §5).
    """

    messages: tuple[Outgoing, ...]
    keys: tuple[bytes, ...]
    sweep: bool = False
    errand: Errand | None = None
    speak: Speak | None = None
    lang: str = ""


@dataclass(slots=True)
class _Work:
    """One turn in the making: the session as it becomes, what to keep, what to say."""

    session: Session
    key: bytes
    writes: list[Write] = field(default_factory=list)
    messages: list[Outgoing] = field(default_factory=list)
    sweep: bool = False
    errand: Errand | None = None
    speak: Speak | None = None


class Receive:
    """`flow`: the content pinned for this turn (it may be replaced between turns).  `seek`: words → where they lead."""

    def __init__(
        self,
        turns: Turns,
        keys: DailyKeys,
        sealer: Sealer,
        flow: Callable[[], Flow],
        seek: Callable[[str], Leads] = no_leads,
    ) -> None:
        self._turns = turns
        self._keys = keys
        self._sealer = sealer
        self._flow = flow
        self._seek = seek
        self._pace = VoicePace()

    async def turn(
        self,
        contact: Contact,
        event: Event,
        *,
        source: str = "",
        number: int | None = None,
        found: Found | None = None,
    ) -> Answer | None:
        """Take one event.  None: this update (`source`, `number`) was already taken.

        Raises `SealingError` or `StorageError`; then nothing happened, and whoever sent the update will repeat it.
        """
        now, flow = event.at, self._flow()
        keys = self._keys.conversation_keys(contact.channel, contact.who, now=now)
        opened: dict[bytes | None, Session] = {}
        works: list[_Work] = []

        def opening(sealed: bytes | None) -> Session:
            if sealed not in opened:
                opened[sealed] = self._session(sealed, keys, now)
            return opened[sealed]

        def decide(loaded: Loaded) -> Decided:
            work = _Work(opening(loaded.session), keys[0])
            self._decide(work, flow, contact, event, loaded, found)
            reach("F4")
            works[:] = [work]  # storage may ask again after a deadlock: only the last answer counts
            return Decided(seal_session(self._keys, work.session, keys[0], now), tuple(work.writes))

        try:
            taken = await self._turns.take(Knock(source, number, keys, now), lambda s: opening(s).reading, decide)
        except NoReaders:
            # Sent again it would fail again, and hold up every later word of this chat: say it, keep the step undone.
            log.error("no_readers")
            return await self.turn(contact, Failed(now), source=source, number=number)
        if taken is None:
            return None
        work = works[-1]
        return Answer(tuple(work.messages), keys, work.sweep, work.errand, work.speak, work.session.state.talk.lang)

    def _session(self, sealed: bytes | None, names: tuple[bytes, ...], now: int) -> Session:
        """A session that does not open begins anew: whoever changed it must not silence the chat (R5, R29)."""
        try:
            return open_session(self._keys, sealed, names, now)
        except Damaged:
            log.error("session_damaged")
            return Session(begin())

    def _decide(
        self, work: _Work, flow: Flow, contact: Contact, event: Event, loaded: Loaded, found: Found | None
    ) -> None:
        state = work.session.state
        if isinstance(state, Reading) and loaded.head is None:  # its case was deleted since: nothing to write back to
            state = Entering(state.talk)
        turn = advance(flow, state, self._led(state, event))
        if isinstance(found, NewMailbox):
            work.session = replace(work.session, mailbox=found)
        elif found is not None:
            work.session = replace(work.session, reading=found)
        work.session = replace(work.session, state=turn.state)
        for effect in turn.effects:
            self._perform(work, effect, contact, loaded, event.at)
        work.session = work.session.settled()

    def _led(self, state: State, event: Event) -> Event:
        """Words are looked at only where the answer shows what was found: while looking around, never in a report (D18)."""
        if isinstance(event, Wrote | Sent | Looked) and event.words and isinstance(state, Browsing):
            try:
                return replace(event, leads=self._seek(event.words.reveal()))
            except Exception as fault:  # a page less is no harm; a word lost would be, and its text must not be logged
                log.error("seeking_failed", fault=type(fault).__name__)
        return event

    def _perform(self, work: _Work, effect: Effect, contact: Contact, loaded: Loaded, now: int) -> None:
        match effect:
            case Say():
                self._say(work, effect, contact, now)
            case Seal():
                self._advance_draft(work, *self._sealer.seal_words(self._draft(work, now), effect, now))
            case FixReaders(routing):
                self._advance_draft(work, *self._sealer.fix(self._draft(work, now), routing, now))
            case Deliver():
                self._deliver(work, effect, contact, now)
            case DropDraft():
                work.writes += erase(work.session.draft)
                work.session = replace(work.session, draft=None)
            case MakeCode():
                work.errand = MakeMailbox()
            case FindMailbox(code):
                work.errand = OpenMailbox(code)
            case WriteBack(words):
                assert loaded.head is not None
                work.writes += self._sealer.write_back(loaded.head, words.reveal(), now)
            case FetchVoice():
                self._fetch_later(work, effect, contact, loaded, now)
            case Sweep():
                work.sweep = True
            case Count(kind, item):
                talk = work.session.state.talk
                work.writes.append(Tally(kind, item, talk.lang, talk.audience, month_of(now)))
            case Speak():
                work.speak = effect
            case _ as unreachable:
                assert_never(unreachable)

    def _draft(self, work: _Work, now: int) -> DraftKeys:
        if work.session.draft is None:
            self._advance_draft(work, *self._sealer.begin(now))
        assert work.session.draft is not None
        return work.session.draft

    def _advance_draft(self, work: _Work, draft: DraftKeys, writes: list[Write]) -> None:
        work.session = replace(work.session, draft=draft)
        work.writes += writes

    def _fetch_later(self, work: _Work, fetch: FetchVoice, contact: Contact, loaded: Loaded, now: int) -> None:
        """Nothing is fetched here: what is needed for it is sealed to the queue key (reliability §2)."""
        into: CaseHead | DraftKeys | None = loaded.head if fetch.back else self._draft(work, now)
        assert into is not None
        job = VoiceJob(contact, fetch.voice.reference, into.case, into.public, fetch.ask, fetch.turn)
        work.writes.append(queue_job(self._keys, job, due=now + self._pace.wait_s(work.key, now), now=now))

    def _deliver(self, work: _Work, deliver: Deliver, contact: Contact, now: int) -> None:
        draft, mailbox = work.session.draft, work.session.mailbox
        if draft is None or mailbox is None:
            raise SealingError("a report cannot be sent without readers and a case code")
        work.writes += self._sealer.deliver(draft, mailbox, deliver, contact.channel, now)
        work.session = replace(work.session, draft=None)

    def _say(self, work: _Work, say: Say, contact: Contact, now: int) -> None:
        message, posts = queue(self._keys, say, work.session.state.talk.lang, contact, work.key, now)
        work.writes += posts
        work.messages.append(message)
