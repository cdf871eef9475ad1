"""Fetches voice notes after their turn, in memory, seals them and lets a turn of their own keep them (reliability §2, R21).

Whole or not at all: the sound, its record and the end of the job are one transaction, and only then is the child told.
A worker that dies leaves its lease to run out (R13); what cannot be fetched is tried eight times, then the child is asked again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.core import noting
from bot.core.errors import ChannelError, HelplineError, RetryAfter, SealingError, StorageError, TooLarge
from bot.core.note import MOST_SECONDS
from bot.sealing.today import DailyKeys
from bot.services.outgoing import Contact
from bot.services.receive import Answer
from bot.services.sound import NotVoice, seconds_of
from bot.services.voice_jobs import VoiceJob, open_job
from bot.services.voice_turn import Sound, Target, VoiceTurn, VoiceTurns

AT_ONCE = 2
"""Files in memory and in work at the same time (reliability §9)."""
LEASE_S = 30
RENEW_S = 10.0
LOOK_EVERY_S = 1.0
ATTEMPTS = 8
GAPS_S = (2, 6, 18, 54, 162, 486, 900)
"""After the first failure, the second …: Telegram keeps a file much longer than this half hour."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claim:
    id: bytes
    fence: int
    job: bytes
    attempts: int


class Jobs(Protocol):
    async def claim(self, limit: int, now: int, lease_s: int) -> Sequence[Claim]: ...

    async def put_back(self, claim: Claim, wait_s: int) -> bool: ...

    async def drop(self, claim: Claim) -> bool: ...

    async def target_of(self, case: bytes) -> Target | None: ...


Fetch = Callable[[str], Awaitable[bytes]]
"""The channel's name of a file → its bytes; raises `ChannelError`, `TooLarge` when it can never be fetched."""
Tell = Callable[[Contact, Answer], None]


class Hearing:
    """`tell`: sends what a committed turn says.  `lease_s`: shorter in tests only."""

    def __init__(
        self,
        jobs: Jobs,
        turns: VoiceTurns,
        keys: DailyKeys,
        fetch: Fetch,
        tell: Tell,
        now: Callable[[], int],
        *,
        lease_s: int = LEASE_S,
    ) -> None:
        self._jobs = jobs
        self._turns = turns
        self._keys = keys
        self._fetch = fetch
        self._tell = tell
        self._now = now
        self._lease_s = lease_s
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="voice")
        self._working: set[asyncio.Task[None]] = set()

    async def keep(self) -> None:
        """Look for notes every second, until cancelled; what is at work then is given up and its lease runs out."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            for task in self._working:
                task.cancel()
            await asyncio.gather(*self._working, return_exceptions=True)
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def round(self) -> int:
        """Take up what is due and finish it; returns how many notes it was."""
        taken = await self._look()
        while self._working:
            await asyncio.wait(set(self._working))
        return taken

    async def _look(self) -> int:
        free = AT_ONCE - len(self._working)
        try:
            claims = await self._jobs.claim(free, self._now(), self._lease_s) if free else ()
        except Exception as fault:  # a busy database must not end this work for good
            log.warning("voices_not_claimed", fault=type(fault).__name__)
            return 0
        for claim in claims:
            task = asyncio.create_task(self._under_lease(claim))
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        return len(claims)

    async def _under_lease(self, claim: Claim) -> None:
        """Work, and hold the lease meanwhile: a slow network is no dead worker."""
        work = asyncio.create_task(self._calmly(claim))
        try:
            while not (await asyncio.wait({work}, timeout=RENEW_S))[0]:
                try:
                    await self._jobs.put_back(claim, self._lease_s)
                except StorageError as fault:
                    log.warning("lease_not_renewed", fault=type(fault).__name__)
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def _calmly(self, claim: Claim) -> None:
        try:
            await self._one(claim)
        except Exception as fault:  # the lease runs out and it is tried again, at most as often as claims are counted
            log.warning("voice_not_kept", fault=type(fault).__name__)

    async def _one(self, claim: Claim) -> None:
        try:
            job = open_job(self._keys, claim.id, claim.job, self._now())
        except SealingError as fault:  # its day has passed, or the row was changed
            log.warning("voice_unreadable", fault=type(fault).__name__)
            await self._jobs.drop(claim)
            return
        target = await self._jobs.target_of(job.case)
        if target is None:  # erased since: nothing is fetched
            await self._jobs.drop(claim)
            return
        turn = self._turns.of(job, target, claim.id, claim.fence)
        if claim.attempts > ATTEMPTS:
            log.error("voice_parked")
            self._told(job, await turn.lose(noting.AGAIN, self._now(), parked=True))
        else:
            await self._try(claim, job, turn)

    async def _try(self, claim: Claim, job: VoiceJob, turn: VoiceTurn) -> None:
        try:
            content = await self._fetch(job.reference.reveal())
            self._told(job, await self._keep(job, turn, content))
        except TooLarge:
            self._told(job, await turn.lose(noting.TOO_LONG, self._now()))
        except NotVoice:
            self._told(job, await turn.lose(noting.NOT_VOICE, self._now()))
        except (ChannelError, SealingError) as fault:
            log.info("voice_later", fault=type(fault).__name__, count=claim.attempts)
            await self._jobs.put_back(claim, _gap_s(claim.attempts, fault))

    async def _keep(self, job: VoiceJob, turn: VoiceTurn, content: bytes) -> Answer | None:
        sound = await asyncio.get_running_loop().run_in_executor(self._pool, self._sealed, job, content)
        if sound is None:
            return await turn.lose(noting.TOO_LONG, self._now())
        return await turn.keep(sound, self._now())

    def _sealed(self, job: VoiceJob, content: bytes) -> Sound | None:
        """In a thread: looking through and sealing twenty megabytes takes too long for the event loop."""
        seconds = seconds_of(content)
        return None if seconds > MOST_SECONDS else self._turns.seal(job, content, seconds, self._now())

    def _told(self, job: VoiceJob, answer: Answer | None) -> None:
        if answer is not None and answer.messages:
            self._tell(job.contact, answer)


def _gap_s(attempts: int, fault: HelplineError) -> int:
    """Growing; as long as Telegram asks if that is longer; none before it is given up."""
    gap = GAPS_S[attempts - 1] if attempts <= len(GAPS_S) else 0
    return max(gap, int(fault.seconds) + 1) if isinstance(fault, RetryAfter) else gap
