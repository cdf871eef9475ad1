"""The statements of a turn, built from the schema and compiled once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from bot.core.case import Status, heard
from storage.columns import BYTES, NUMBER, TEXT
from storage.schema import (
    case_counts,
    case_heads,
    case_holdings,
    case_teams,
    cases,
    conversations,
    drafts,
    emptied_mailboxes,
    locator_salts,
    mailbox_messages,
    mailboxes,
    notice_ends,
    notices,
    outbox,
    records,
    sent,
    slots,
    snoozes,
    tallies,
    updates,
    voice_files,
    voice_jobs,
    wishes,
)
from storage.statements import Hot, Insertion, Upsert


def _bytes(name: str) -> ColumnElement[bytes]:
    return bindparam(name, type_=BYTES)


def _number(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=NUMBER)


_CASE = _bytes("case_id")
_MAILBOX = _bytes("mailbox_id")
_ONE: ColumnElement[int] = literal_column("1", NUMBER)

# --- the conversation ---


def _loading() -> Select[Any]:
    """One row a hit, or one empty row; its first column says whether this update was done before."""
    seen = (
        select(_ONE)
        .where(updates.c.source == bindparam("source", type_=TEXT), updates.c.number == _number("number"))
        .scalar_subquery()
    )
    door = select(_ONE).subquery()
    hit = conversations.c.key.in_((_bytes("today"), _bytes("yesterday")))
    return select(seen, conversations.c.key, conversations.c.session, conversations.c.hour).select_from(
        door.outerjoin(conversations, hit)
    )


LOAD = Hot(lambda insert, pg: _loading())
"""For PostgreSQL: one round trip.  On SQLite the two questions apart are faster, and yesterday's key is seldom asked."""
SEEN = Hot(
    lambda insert, pg: select(_ONE).where(
        updates.c.source == bindparam("source", type_=TEXT), updates.c.number == _number("number")
    )
)
FIND = Hot(
    lambda insert, pg: select(conversations.c.session, conversations.c.hour).where(conversations.c.key == _bytes("at"))
)
HEAD_OF = Hot(
    lambda insert, pg: select(case_heads.c.public, case_heads.c.seq, case_heads.c.head).where(
        case_heads.c.case_id == _CASE,
        or_(
            func.length(_MAILBOX) == literal_column("0"),
            exists().where(mailboxes.c.id == _MAILBOX, mailboxes.c.case_id == case_heads.c.case_id),
        ),
    )
)
"""Of a case whose mailbox is open, and only while there still is one."""
UPDATE_SEEN = Insertion(updates, foldable=True)
NEWCOMER = Insertion(conversations)
STAYS = Hot(
    lambda insert, pg: (
        update(conversations).where(conversations.c.key == _bytes("at")).values(session=_bytes("session"))
    )
)
STAYS_LATER = Hot(
    lambda insert, pg: (
        update(conversations)
        .where(conversations.c.key == _bytes("at"))
        .values(session=_bytes("session"), hour=_number("hour"))
    )
)
LEAVES = Hot(lambda insert, pg: delete(conversations).where(conversations.c.key == _bytes("at")))
SENT_FOLLOW = Hot(
    lambda insert, pg: update(sent).where(sent.c.conversation == _bytes("at")).values(conversation=_bytes("key"))
)

# --- what a turn keeps ---


def _replacing(*columns: str) -> Any:
    """On conflict with `columns[0]`, take over the new row's other columns."""

    def ends(statement: Upsert) -> Upsert:
        new = {name: statement.excluded[name] for name in columns[1:]}
        return statement.on_conflict_do_update(index_elements=[columns[0]], set_=new)

    return ends


POST = Insertion(
    outbox,
    _replacing("collapse", *(c.name for c in outbox.columns if c.name != "collapse")),
    clocked=("since", "due_at"),
    left_out=("serial",),
    foldable=True,
)
RECORD = Insertion(records, foldable=True)
SLOT = Insertion(slots, foldable=True)
DRAFT = Insertion(drafts, _replacing("case_id", "expires"), foldable=True)
MAILBOX = Insertion(mailboxes)
TALLY = Insertion(
    tallies,
    lambda statement: statement.on_conflict_do_update(
        index_elements=["kind", "item", "lang", "audience", "month"],
        set_={"n": tallies.c.n + statement.excluded.n},
    ),
    foldable=True,
)
VOICE_JOB = Insertion(voice_jobs, clocked=("since", "due_at"), foldable=True)
VOICE_FILE = Insertion(voice_files)
"""Of its own step: twenty megabytes are no part of a statement that may be repeated for a deadlock."""
_OURS = (voice_jobs.c.id == _bytes("id"), voice_jobs.c.fence == _number("fence"))
VOICE_DONE = Hot(lambda insert, pg: delete(voice_jobs).where(*_OURS))
VOICE_PARKED = Hot(lambda insert, pg: update(voice_jobs).where(*_OURS).values(attempts=_number("given_up")))
SALT = Insertion(locator_salts, lambda statement: statement.on_conflict_do_nothing())
"""The salt that is there already stays: codes of its bucket were derived with it."""

# --- what a reporter does with a mailbox ---

FORGET_ANSWERS = Hot(
    lambda insert, pg: delete(mailbox_messages).where(
        mailbox_messages.c.mailbox_id == _MAILBOX, mailbox_messages.c.seq < _number("count")
    )
)


def _emptied(insert: Any, pg: bool) -> Any:
    """If there still is a mailbox; another phone that saw less moves nothing back."""
    row = select(mailboxes.c.id, _number("count"), _bytes("last"), _bytes("mark")).where(mailboxes.c.id == _MAILBOX)
    row = row.with_for_update(key_share=True, read=True)  # if it is being closed in this moment, that goes first
    made = insert(emptied_mailboxes).from_select(["mailbox_id", "count", "last", "mark"], row)
    new = {name: made.excluded[name] for name in ("count", "last", "mark")}
    return made.on_conflict_do_update(
        index_elements=["mailbox_id"], set_=new, where=emptied_mailboxes.c["count"] < made.excluded["count"]
    )


EMPTIED = Hot(_emptied)
FORGET_MAILBOX = Hot(lambda insert, pg: delete(mailboxes).where(mailboxes.c.id == _MAILBOX))
NOTICE = Insertion(notices, _replacing("mailbox_id", "chat", "told", "until_hour", "due_at"))
NOTICE_READ = Hot(
    lambda insert, pg: (
        update(notices)
        .where(notices.c.mailbox_id == _MAILBOX, notices.c.told <= _number("count"))
        .values(told=_number("count"), due_at=None)
    )
)
NO_NOTICE = Hot(lambda insert, pg: delete(notices).where(notices.c.mailbox_id == _MAILBOX))
NOTICE_END = Insertion(notice_ends, foldable=True)
_CHAT_SHOWS = sent.c.conversation == _bytes("of_chat")
_IS_GOING: Mapping[str, Any] = {"ticket": _bytes("chat_ticket"), "vanish_at": _number("from_second")}
VANISH = Hot(lambda insert, pg: update(sent).where(_CHAT_SHOWS).values(_IS_GOING))
FADE = Hot(lambda insert, pg: update(sent).where(_CHAT_SHOWS, sent.c.vanish_at.is_not(None)).values(_IS_GOING))
WISH = Insertion(wishes, _replacing("case_id", "wish"))
NO_WISH = Hot(lambda insert, pg: delete(wishes).where(wishes.c.case_id == _CASE))

_IS_DRAFT = exists().where(drafts.c.case_id == _CASE)
ERASE_DRAFT = (
    Hot(lambda insert, pg: delete(records).where(records.c.case_id == _CASE, _IS_DRAFT)),
    Hot(lambda insert, pg: delete(voice_files).where(voice_files.c.case_id == _CASE, _IS_DRAFT)),
    Hot(lambda insert, pg: delete(slots).where(slots.c.case_id == _CASE, _IS_DRAFT)),
    Hot(lambda insert, pg: delete(mailboxes).where(mailboxes.c.case_id == _CASE, _IS_DRAFT)),
    Hot(lambda insert, pg: delete(drafts).where(drafts.c.case_id == _CASE)),
)
DRAFT_SENT = ERASE_DRAFT[-1]

# --- a case and its queue rows ---

CASE = Insertion(cases)
HEAD = Insertion(case_heads)
TEAM = Insertion(case_teams)
GROW = Hot(
    lambda insert, pg: (
        update(case_heads)
        .where(case_heads.c.case_id == _CASE, case_heads.c.seq == _number("was"))
        .values(seq=_number("seq"), head=_bytes("head"))
    )
)
WAITING = Hot(
    lambda insert, pg: (
        update(cases)
        .where(cases.c.id == _CASE)
        .values(
            status=case({was.value: heard(was).value for was in Status}, value=cases.c.status),
            closed_day=None,
            hour=case((cases.c.waiting == 1, cases.c.hour), else_=_number("at")),
            waiting=1,
            version=cases.c.version + 1,
        )
    )
)
SNOOZE = Insertion(snoozes, _replacing("case_id", "until", "quiet"))
HOLD = Insertion(case_holdings, _replacing("case_id", "since"))
NO_HOLD = Hot(lambda insert, pg: delete(case_holdings).where(case_holdings.c.case_id == _CASE))
WAKES = Hot(lambda insert, pg: delete(snoozes).where(snoozes.c.case_id == _CASE))
ONLY_ASLEEP, QUIET, STIRRED = 0, 1, 2
"""`snoozes.quiet`: the reporter's words bring it back; they wait, too; and some came."""
ROUSES = Hot(lambda insert, pg: delete(snoozes).where(snoozes.c.case_id == _CASE, snoozes.c.quiet == ONLY_ASLEEP))
"""The reporter wrote: what is only put off comes back, what is quiet does not yet."""
STIRS = Hot(
    lambda insert, pg: update(snoozes).where(snoozes.c.case_id == _CASE, snoozes.c.quiet == QUIET).values(quiet=STIRRED)
)
"""But whoever looks there sees that there is more."""
LOCK_HEAD = Hot(lambda insert, pg: select(case_heads.c.case_id).where(case_heads.c.case_id == _CASE).with_for_update())
"""Whoever counts a case out and in without a version to compare waits here, as the reporter's own words do at `GROW`."""
REPORTS, ABOUT_US, ASLEEP = 0, 1, 2
"""In which lists of a team a row stands: `case_teams.feedback`."""


def _following(insert: Any, pg: bool) -> Any:
    """A case of one team lies in one list: among the reports, or among those that sleep."""
    sleeps = exists().where(snoozes.c.case_id == _CASE)
    place = case((case_teams.c.feedback == ABOUT_US, ABOUT_US), (sleeps, ASLEEP), else_=REPORTS)
    statement = update(case_teams).where(case_teams.c.case_id == _CASE, cases.c.id == case_teams.c.case_id)
    return statement.values(status=cases.c.status, hour=cases.c.hour, officer=cases.c.officer, feedback=place)


TEAMS_FOLLOW = Hot(_following)


def _taken() -> ColumnElement[int]:
    return case((case_teams.c.officer.is_(None), 0), else_=1)


def _counting_in(insert: Any, pg: bool) -> Any:
    """Sorted, so that two turns lock counters in one order."""
    rows = (
        select(
            case_teams.c.team,
            case_teams.c.status,
            case_teams.c.urgency,
            _taken(),
            case_teams.c.feedback,
            literal(1).label("n"),
            literal(1).label("changes"),
        )
        .where(case_teams.c.case_id == _CASE)
        .order_by(case_teams.c.team)
    )
    made = insert(case_counts).from_select(["team", "status", "urgency", "taken", "feedback", "n", "changes"], rows)
    return made.on_conflict_do_update(
        index_elements=["team", "status", "urgency", "taken", "feedback"],
        set_={"n": case_counts.c.n + 1, "changes": case_counts.c.changes + 1},
    )


COUNT_IN = Hot(_counting_in)
COUNT_OUT = Hot(
    lambda insert, pg: (
        update(case_counts)
        .where(
            exists().where(
                case_teams.c.case_id == _CASE,
                and_(
                    case_counts.c.team == case_teams.c.team,
                    case_counts.c.status == case_teams.c.status,
                    case_counts.c.urgency == case_teams.c.urgency,
                    case_counts.c.taken == _taken(),
                    case_counts.c.feedback == case_teams.c.feedback,
                ),
            )
        )
        .values(n=case_counts.c.n - 1, changes=case_counts.c.changes + 1)
    )
)
