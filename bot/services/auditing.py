"""The log of what officers did, signed and looked over: whatever was taken out, changed, moved or cut shows (S37).

After two years its oldest entries end (S38): the log signs where it begins from then on, so that nobody else can say so.

A head is a signed state of the whole log.  The service keeps each; a witness outside the administrator's reach keeps
the newest, and then nobody can rewrite what lies before it unnoticed.  What came after the last head is not yet fixed.
"""

from asyncio import to_thread
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Protocol, TypeVar

from bot.sealing.audit import Frontier, entry_hash
from bot.sealing.checkpoint import Checkpoint, read_checkpoint, sign_checkpoint, signed_by_log
from bot.sealing.fields import Malformed
from bot.sealing.signing import signing_public

T = TypeVar("T")
Conn = Any
HOUR_S: Final = 3_600
KEEP_HOURS: Final = 2 * 365 * 24
LATE_HOURS: Final = 2
"""A head that is older is an alarm: nobody fixed the log meanwhile."""
_AT_ONCE: Final = 5_000
_HASH_BYTES: Final = 32


class Database(Protocol):
    async def read(self, work: Callable[[Conn], T]) -> T: ...

    async def write(self, work: Callable[[Conn], T]) -> T: ...


class Leaf(Protocol):
    @property
    def seq(self) -> int: ...
    @property
    def entry(self) -> bytes: ...


class Log(Protocol):
    """Entries by their place; `chain_new` gives places to those that have none yet."""

    def chain_new(self, conn: Conn) -> Sequence[Leaf]: ...

    def leaves(self, conn: Conn, first: int, limit: int) -> Sequence[Leaf]: ...

    def end(self, conn: Conn, before: int) -> int: ...


class Head(Protocol):
    @property
    def size(self) -> int: ...
    @property
    def hour(self) -> int: ...
    @property
    def note(self) -> str: ...
    @property
    def peaks(self) -> bytes: ...
    @property
    def ended(self) -> str | None: ...


class Heads(Protocol):
    def put(self, conn: Conn, size: int, hour: int, note: str, peaks: bytes) -> None: ...

    def newest(self, conn: Conn) -> Head | None: ...

    def all(self, conn: Conn) -> Sequence[Head]: ...

    def end(self, conn: Conn, size: int, ended: str) -> None: ...


class What(Enum):
    """How a log can be wrong; the values are printed and have texts of their own."""

    GAP = "gap"
    """A place is empty: an entry was taken out."""
    CHANGED = "changed"
    """The entries up to here are not those that were signed: one was changed, moved, taken out or put in."""
    CUT = "cut"
    """A signed state is longer than the log: its end was taken away."""
    UNSIGNED = "unsigned"
    """A state that this log did not sign."""
    FORK = "fork"
    """Two signed states of one length that differ: two logs were shown."""
    LATE = "late"
    """Nothing was signed for longer than two hours."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`at`: the place or the length at which it shows."""

    what: What
    at: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """`size`: entries there were; `root`: hash over all; `signed`: how many of them a sound head covers; `heads`: looked at.

    `ended`: how many of them, the oldest, are no longer there because their time was over.
    """

    size: int
    root: bytes
    signed: int
    heads: int
    faults: tuple[Fault, ...]
    ended: int = 0


class Auditing:
    """`seed`: the log's signing key, from the secret store; `origin`: the name of the log, without spaces."""

    def __init__(self, database: Database, *, log: Log, heads: Heads, seed: bytes, origin: str) -> None:
        self._database = database
        self._log = log
        self._heads = heads
        self._seed = seed
        self.origin = origin

    @property
    def public(self) -> bytes:
        """What a witness checks heads with, 32 bytes."""
        return signing_public(self._seed)

    async def head(self, *, now: int) -> str:
        """Sign the log as it is now; returns the note."""
        while await self._database.write(self._log.chain_new):
            pass
        while True:
            whole, note = await self._database.write(lambda conn: self._go_on(conn, now // HOUR_S))
            if whole:
                return note

    async def newest(self) -> tuple[int, int] | None:
        """Size and hour of the newest head."""
        head = await self._database.read(self._heads.newest)
        return None if head is None else (head.size, head.hour)

    async def verify(self, *, now: int, notes: Sequence[str] = ()) -> Verdict:
        """Count the whole log anew against each head that was kept here, and the `notes` that a witness kept."""
        heads = await self._database.read(self._heads.all)
        walk = _Walk({}, self.public, self.origin)
        walk.begin_at(next((head for head in reversed(heads) if head.ended is not None), None))
        for note in (*(head.note for head in heads), *notes):
            walk.expect(note)
        await self._database.read(lambda conn: walk.through(self._pages(conn, walk.size)))
        late = heads and walk.size and now // HOUR_S - max(head.hour for head in heads) > LATE_HOURS
        if late or (walk.size and not heads):
            walk.faults.append(Fault(What.LATE, walk.size))
        return await to_thread(walk.verdict)

    async def end(self, *, now: int) -> int:
        """End what is older than two years, up to a signed state; returns how many entries went.  The clock is the caller's care.

        The newest state stays out of it: the log keeps its last entries, and its places go on counting.
        """
        size = await self._database.write(lambda conn: self._ends_at(conn, now // HOUR_S - KEEP_HOURS))
        gone = 0
        while size and (some := await self._database.write(lambda conn: self._log.end(conn, size))):
            gone += some
        return gone

    def _ends_at(self, conn: Conn, before: int) -> int:
        """The place at which the log begins from now on; 0 where nothing ever ended."""
        known = self._heads.all(conn)
        begins = max((head.size for head in known if head.ended is not None), default=0)
        old = [head for head in known[:-1] if head.hour < before and head.size > begins]
        if not old:
            return begins
        last = old[-1]
        root = Frontier(last.size, _split(last.peaks)).root()
        self._heads.end(conn, last.size, sign_checkpoint(self._seed, Checkpoint(_ended(self.origin), last.size, root)))
        return last.size

    def _go_on(self, conn: Conn, hour: int) -> tuple[bool, str]:
        """One piece further from the newest head; true when the log's end was reached."""
        last = self._heads.newest(conn)
        frontier = Frontier(last.size, _split(last.peaks)) if last else Frontier()
        leaves = self._log.leaves(conn, frontier.size, _AT_ONCE)
        for leaf in leaves:
            frontier = frontier.append(entry_hash(leaf.entry))
        note = sign_checkpoint(self._seed, Checkpoint(self.origin, frontier.size, frontier.root()))
        self._heads.put(conn, frontier.size, hour, note, b"".join(frontier.peaks))
        return len(leaves) < _AT_ONCE, note

    def _pages(self, conn: Conn, first: int) -> Iterator[Leaf]:
        """Every entry from `first` on, in one transaction: what a colleague does meanwhile is not a fault."""
        while page := self._log.leaves(conn, first, _AT_ONCE):
            yield from page
            first = page[-1].seq + 1


@dataclass(slots=True)
class _Walk:
    """`expected`: size → root, as signed."""

    expected: dict[int, bytes]
    public: bytes
    origin: str
    faults: list[Fault] = field(default_factory=list)
    signed: int = 0
    looked_at: int = 0
    began_at: int = 0
    _frontier: Frontier = field(default_factory=Frontier)

    @property
    def size(self) -> int:
        return self._frontier.size

    def begin_at(self, head: Head | None) -> None:
        """Go on from where the log itself signed that it begins; a word it did not sign is not believed."""
        if head is None or head.ended is None:
            return
        frontier = Frontier(head.size, _split(head.peaks))
        said = self._signed(head.ended)
        if said == Checkpoint(_ended(self.origin), head.size, frontier.root()):
            self._frontier, self.began_at = frontier, head.size
        else:
            self.faults.append(Fault(What.UNSIGNED, head.size))

    def expect(self, note: str) -> None:
        """A state the log must have passed through."""
        self.looked_at += 1
        said = self._signed(note)
        if said is None or said.origin != self.origin:
            self.faults.append(Fault(What.UNSIGNED, said.size if said else 0))
        elif self.expected.setdefault(said.size, said.root) != said.root:
            self.faults.append(Fault(What.FORK, said.size))

    def through(self, leaves: Iterator[Leaf]) -> None:
        next_place = self.began_at
        self._compare()
        for leaf in leaves:
            if leaf.seq != next_place:
                self.faults.append(Fault(What.GAP, next_place))
            next_place = leaf.seq + 1
            self._frontier = self._frontier.append(entry_hash(leaf.entry))
            self._compare()
        self.faults.extend(Fault(What.CUT, size) for size in sorted(self.expected) if size > self.size)

    def verdict(self) -> Verdict:
        return Verdict(self.size, self._frontier.root(), self.signed, self.looked_at, tuple(self.faults), self.began_at)

    def _signed(self, note: str) -> Checkpoint | None:
        with suppress(Malformed):
            return read_checkpoint(note) if signed_by_log(note, self.public) else None
        return None

    def _compare(self) -> None:
        root = self.expected.get(self.size)
        if root is None:
            return
        if root == self._frontier.root():
            self.signed = self.size
        else:
            self.faults.append(Fault(What.CHANGED, self.size))


def _ended(origin: str) -> str:
    """The name under which the log signs where it begins: a state of it can never be taken for that."""
    return f"{origin}/ended"


def _split(peaks: bytes) -> tuple[bytes, ...]:
    return tuple(peaks[at : at + _HASH_BYTES] for at in range(0, len(peaks), _HASH_BYTES))
