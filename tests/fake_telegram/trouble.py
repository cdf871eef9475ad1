"""Scripted misfortune for outgoing calls: once each in order, or always, for one method or for all."""

from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flood:
    """429: wait this long."""

    retry_after: int


@dataclass(frozen=True, slots=True)
class Status:
    """Any status instead of doing the work; 5xx come as a page of the web server in front, not as JSON."""

    code: int
    description: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    to: str


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is torn down before the work is done."""


@dataclass(frozen=True, slots=True)
class AcceptThenDrop:
    """The work is done, the answer never comes."""


@dataclass(frozen=True, slots=True)
class HalfAnswer:
    """The work is done, half of the answer comes."""


@dataclass(frozen=True, slots=True)
class Late:
    """The work is done after this long; goes together with what follows it in the script."""

    seconds: float


Trouble = Flood | Status | Redirect | Reset | AcceptThenDrop | HalfAnswer | Late


class Script:
    """`method`: a method's name, or "*" for whichever comes."""

    def __init__(self) -> None:
        self._once: defaultdict[str, deque[Trouble]] = defaultdict(deque)
        self._always: dict[str, Trouble] = {}

    def next(self, method: str, *troubles: Trouble) -> None:
        """The coming calls of `method` meet these, one each."""
        self._once[method].extend(troubles)

    def always(self, method: str, trouble: Trouble | None) -> None:
        """Every call of `method` meets this from now on; None ends it."""
        if trouble is None:
            self._always.pop(method, None)
        else:
            self._always[method] = trouble

    def take(self, method: str) -> tuple[Trouble, ...]:
        """What this call meets: a standing trouble first, then its own."""
        standing = [self._always[key] for key in (method, "*") if key in self._always]
        for key in (method, "*"):
            if self._once[key]:
                return (*standing, self._once[key].popleft())
        return tuple(standing)

    def left(self) -> int:
        """How many scripted troubles nobody has met yet."""
        return sum(len(waiting) for waiting in self._once.values())
