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
from bot.core.case import Wish
from bot.core.effects import (
    AskNotice,
    CloseMailbox,
    Count,
    Deliver,
    DropDraft,
    Effect,
    EmptyMailbox,
    EndNotice,
    Fade,
    Feedback,
    FetchVoice,
    FindMailbox,
    FixReaders,
    ForgetNotices,
    MakeCode,
    Say,
    Seal,
    Speak,
    Sweep,
    TellWish,
    WriteBack,
)
from bot.core.errors import Damaged, NoReaders, SealingError
from bot.core.events import NO_LEADS, Event, Failed, Leads, Looked, MailboxOpened, Sent, Wrote
from bot.core.failpoints import reach
from bot.core.flow import Flow
from bot.core.months import month_of
from bot.core.state import Browsing, Reading, State, Voicing, begin
from bot.core.vanishing import words_live_s
from bot.core.writes import CaseHead, Decided, ForgetAnswers, ForgetMailbox, Knock, Loaded, Tally, Vanish, Wanted, Write
from bot.sealing.today import DailyKeys
from bot.services.errands import Errand, Found, LookBehind, MakeMailbox
from bot.services.feedback import seal_feedback
from bot.services.noticing import SealChat, ask_notice, end_notice, forget_notices, read_notice
from bot.services.outgoing import SEND_WITHIN_S, Contact, Outgoing, queue
from bot.services.report import Sealer, erase
from bot.services.session import DraftKeys, NewMailbox, OpenMailbox, Session, open_session, seal_session
from bot.services.voice_jobs import VoiceJob, VoicePace, queue_job

log = structlog.get_logger()

_ERASING = (ForgetAnswers, ForgetMailbox)


def no_leads(words: str) -> Leads:
    """For whoever looks for nothing."""
    return NO_LEADS


class Turns(Protocol):
    """The exactly-once turn of `storage`."""

    async def take(
        self, knock: Knock, wants: Callable[[bytes], Wanted | None], decide: Callable[[Loaded], Decided]
    ) -> Decided | None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a committed turn.

    `keys`: names of the conversation, today's first.  `sweep`: delete what the channel allows, the talk was left; `tidy`:
    the same before the messages, and the talk goes on; `fade`: the same of what would vanish by itself.  `vanish`: seconds
    after which the reporter's own message is deleted, 0: it stays.  `errand`: to run, then the talk answers again.
    `speak`: recordings to play in `lang`; asked for, so never queued (reliability §5).
    """

    messages: tuple[Outgoing, ...]
    keys: tuple[bytes, ...]
    sweep: bool = False
    errand: Errand | None = None
    speak: Speak | None = None
    lang: str = ""
    tidy: bool = False
    fade: bool = False
    vanish: int = 0


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
    tidy: bool = False
    fade: bool = False


class Receive:
    """`flow`: the content pinned for this turn (it may be replaced between turns).  `seek`: words → where they lead.

    `erased`: called after a commit in which a reporter deleted something, so that no trace of it stays (S45).
    `seal_chat`: to the notifier alone; none where nobody is told of answers.
    """

    def __init__(
        self,
        turns: Turns,
        keys: DailyKeys,
        sealer: Sealer,
        flow: Callable[[], Flow],
        seek: Callable[[str], Leads] = no_leads,
        erased: Callable[[], None] = lambda: None,
        seal_chat: SealChat | None = None,
    ) -> None:
        self._turns = turns
        self._keys = keys
        self._sealer = sealer
        self._flow = flow
        self._seek = seek
        self._erased = erased
        self._seal_chat = seal_chat
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
            taken = await self._turns.take(Knock(source, number, keys, now), lambda s: opening(s).wanted, decide)
        except NoReaders:
            # Sent again it would fail again, and hold up every later word of this chat: say it, keep the step undone.
            log.error("no_readers")
            return await self.turn(contact, Failed(now), source=source, number=number)
        if taken is None:
            return None
        work = works[-1]
        if any(isinstance(write, _ERASING) for write in taken.writes):
            self._erased()
        lang = work.session.state.talk.lang
        lives_s = words_live_s(work.session.state)
        return Answer(
            tuple(work.messages), keys, work.sweep, work.errand, work.speak, lang, work.tidy, work.fade, lives_s
        )

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
        gone = isinstance(state, Reading) and loaded.head is None and found is None
        if isinstance(event, MailboxOpened):
            event = replace(event, reachable=contact.address is not None and self._seal_chat is not None)
        turn = advance(flow, state, self._led(state, event), mailbox_gone=gone)
        match found:
            case NewMailbox():
                work.session = replace(work.session, mailbox=found)
            case OpenMailbox():
                work.session = replace(work.session, reading=found)
                if isinstance(event, MailboxOpened) and event.noticed:
                    work.writes.append(read_notice(found))
        work.session = replace(work.session, state=turn.state)
        for effect in turn.effects:
            self._perform(work, effect, contact, loaded, event.at)
        work.session = work.session.settled()

    def _led(self, state: State, event: Event) -> Event:
        """Words are looked at only where the answer shows what was found: while looking around, never in a report (D18)."""
        if isinstance(event, Wrote | Sent | Looked) and event.words and isinstance(state, Browsing | Voicing):
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
                work.errand = LookBehind(code)
            case WriteBack(words, ask):
                assert loaded.head is not None
                work.writes += self._sealer.write_back(loaded.head, words.reveal(), now, ask=ask)
            case FetchVoice():
                self._fetch_later(work, effect, contact, loaded, now)
            case TellWish(stop):
                assert loaded.head is not None
                work.writes += self._sealer.tell_wish(loaded.head, Wish.STOP if stop else Wish.NONE, now)
            case EmptyMailbox():
                box = _open_mailbox(work)
                work.writes.append(ForgetAnswers(box.id, box.head.count, box.head.last, box.mark))
            case CloseMailbox():
                work.writes.append(ForgetMailbox(_open_mailbox(work).id))
            case AskNotice():
                lang = work.session.state.talk.lang
                work.writes += ask_notice(self._seal_chat, _open_mailbox(work), contact, lang, now)
            case EndNotice():
                work.writes.append(end_notice(_open_mailbox(work)))
            case ForgetNotices():
                work.writes += forget_notices(self._seal_chat, contact, now)
            case Sweep(all):
                work.sweep, work.tidy = work.sweep or all, work.tidy or not all
                self._vanish(work, contact, now, fading=False)
            case Fade():
                work.fade = True
                self._vanish(work, contact, now, fading=True)
            case Count(kind, item, alone):
                talk = work.session.state.talk
                spoken, by = ("", "") if alone else (talk.lang, talk.audience)
                work.writes.append(Tally(kind, item, spoken, by, month_of(now)))
            case Feedback():
                work.writes += seal_feedback(self._sealer, effect, contact.channel, now)
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

    def _vanish(self, work: _Work, contact: Contact, now: int, *, fading: bool) -> None:
        """The net under deleting: whoever committed this turn deletes at once, and a row says so should it die before."""
        if contact.address is not None:
            names = self._keys.conversation_keys(contact.channel, contact.who, now=now)
            ticket = self._keys.seal_for_today("ticket", contact.address, now=now)
            work.writes.append(Vanish(names, ticket, now + SEND_WITHIN_S, fading))

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


def _open_mailbox(work: _Work) -> OpenMailbox:
    assert work.session.reading is not None
    return work.session.reading
