"""Parts of a report that a private page uploads, and the one transaction in which they become a case (reliability §4b).

A part is kept once, whatever is repeated; officers see nothing until the closing message came.  What never closes is an
orphan and goes after a day.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, func, select, tuple_
from sqlalchemy.exc import IntegrityError

from bot.core.errors import CaseMoved, Conflict, PartsMissing
from bot.core.writes import CaseHead, Write
from storage.schema import submissions, upload_parts
from storage.statements import Insertion, run
from storage.turns import steps

MOST_OPEN_BYTES = 256 * 1024 * 1024
"""Reports that nobody closed yet: forty of the largest, thousands of words alone; not enough to fill a disk (S47)."""
MOST_OPEN_PARTS = 4_000
"""However small they are: so many are weighed in a third of a millisecond."""

PART = Insertion(upload_parts, lambda statement: statement.on_conflict_do_nothing())
SUBMISSION = Insertion(submissions, lambda statement: statement.on_conflict_do_nothing())

_DRAWN_AT_ONCE = 32
_WEIGHT = func.length(upload_parts.c.content)


def put(
    conn: Connection, submission: bytes, revision: int, number: int, *, digest: bytes, content: bytes, hour: int
) -> None:
    """Keep a part once.  A higher revision takes the place of a lower one, of which nothing stays.

    When too much is open, other uploads make room (`_make_room`): a flood delays, and refuses nobody.
    Raises `Conflict` when another content has this place, or a newer revision came.
    """
    if _is_closed(conn, submission):
        return  # a late repeat: everything is in the case
    mine = upload_parts.c.submission == submission
    conn.execute(delete(upload_parts).where(mine, upload_parts.c.revision < revision))
    _make_room(conn, submission, len(content))
    row = {"submission": submission, "part": number, "revision": revision, "digest": digest, "content": content}
    run(conn, PART, {**row, "hour": hour})
    kept = select(upload_parts.c.digest, upload_parts.c.revision).where(mine, upload_parts.c.part == number)
    r = conn.execute(kept).one()
    newest = conn.execute(select(func.max(upload_parts.c.revision)).where(mine)).scalar_one()
    if bytes(r.digest) != digest or newest != revision:
        raise Conflict("another part has this place")


def close(
    conn: Connection,
    submission: bytes,
    *,
    revision: int,
    digest: bytes,
    parts: Sequence[bytes],
    now: int,
    become: Callable[[bytes], Sequence[Write]],
    head: CaseHead | None = None,
) -> None:
    """Turn an upload into what `become` makes of it, once, all or nothing.  `digest`: of the closing message.

    `head`: of the case that it is added to, as it was seen; none where it becomes a case.
    Raises `PartsMissing`; `CaseMoved` when that case has grown since; `Conflict` when another message closed it; whatever
    `become` raises.  Then nothing changed.
    """
    # First, so that of two replicas that close the same submission the second waits here, and then finds it closed.
    fresh = run(conn, SUBMISSION, {"submission": submission, "digest": digest, "hour": now // 3600}).rowcount == 1
    if not fresh:
        kept = select(submissions.c.digest).where(submissions.c.submission == submission)
        if bytes(conn.execute(kept).scalar_one()) != digest:
            raise Conflict("another message has closed this submission")
        return
    mine = upload_parts.c.submission == submission
    rows = conn.execute(select(upload_parts).where(mine, upload_parts.c.revision == revision))
    held = {r.part: (bytes(r.digest), bytes(r.content)) for r in rows}
    missing = [at for at, wanted in enumerate(parts) if held.get(at, (b"",))[0] != wanted]
    if missing:
        raise PartsMissing(missing)
    writes = become(b"".join(held[at][1] for at in range(len(parts))))
    try:
        for step in steps(writes, now, head):
            for row in step.rows:
                if run(conn, step.statement, row).rowcount != 1 and step.must_match:
                    raise CaseMoved("the case has grown since, or is gone")
    except IntegrityError as error:
        raise Conflict("a case or a mailbox has this id already") from error
    conn.execute(delete(upload_parts).where(mine))


def _make_room(conn: Connection, submission: bytes, size: int) -> None:
    """Until `size` bytes more fit, let parts go of uploads that nobody has closed yet, not of this one: of the oldest hour,
    drawn by chance.

    Whoever floods this door chooses the numbers, the sizes and the times, so none of them may decide.  A page that loses
    parts this way hears which are missing when it closes, and sends them again: a child waits, a flood wipes out itself.
    """
    others = select(upload_parts.c.submission, upload_parts.c.part, _WEIGHT).where(
        upload_parts.c.submission != submission
    )
    drawn = others.order_by(upload_parts.c.hour, func.random()).limit(_DRAWN_AT_ONCE).with_for_update(skip_locked=True)
    held = select(func.count(), func.coalesce(func.sum(_WEIGHT), 0)).select_from(upload_parts)
    while True:
        number, weight = conn.execute(held).one()
        number_over, bytes_over = number + 1 - MOST_OPEN_PARTS, weight + size - MOST_OPEN_BYTES
        leaving = list[tuple[bytes, int]]()
        if number_over > 0 or bytes_over > 0:
            for name, part, freed in conn.execute(drawn):
                if len(leaving) < number_over or bytes_over > 0:
                    leaving.append((name, part))
                    bytes_over -= freed
        if not leaving:
            return
        these = tuple_(upload_parts.c.submission, upload_parts.c.part).in_(leaving)
        conn.execute(delete(upload_parts).where(these))  # only what is locked: two that make room never wait crosswise


def _is_closed(conn: Connection, submission: bytes) -> bool:
    return conn.execute(select(submissions.c.hour).where(submissions.c.submission == submission)).first() is not None
