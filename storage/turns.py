"""What the writes of a turn become: a list of steps, the same for both databases.

A step is one statement and the rows it runs for; the back-ends only decide how steps travel.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import groupby
from typing import Any, assert_never

from bot.core.case import Wish
from bot.core.writes import (
    AddToCase,
    CaseHead,
    DropNotice,
    DropNoticesOf,
    EndVoice,
    EraseDraft,
    ForgetAnswers,
    ForgetMailbox,
    KeepDraft,
    KeepMailbox,
    KeepNotice,
    KeepRecord,
    KeepSlot,
    KeepVoice,
    OpenCase,
    Post,
    QueueVoice,
    ReadNotice,
    Tally,
    Vanish,
    Write,
)
from storage import hot
from storage.statements import Hot

Row = dict[str, Any]
PARKED = 16
"""Attempts of a voice job that nobody claims any more: eight to fetch it, and as many to say that it failed."""


@dataclass(slots=True)
class Step:
    """`must_match`: it has to change a row; otherwise somebody was faster and the turn starts again.

    `point`: failpoint that is passed when it is done.
    """

    statement: Hot
    rows: list[Row]
    must_match: bool = False
    point: str = ""


def steps(writes: Sequence[Write], now: int, head: CaseHead | None) -> list[Step]:
    """The steps of `writes`, in order; rows for the same table travel together, what may be overtaken goes first."""
    if len(writes) == 1 and type(writes[0]) is Post:  # nearly every turn: a button pressed, an answer shown
        return [Step(hot.POST, [post_row(writes[0], now)], point="F6")]
    made: list[Step] = []
    for kind, group in groupby(_newest_prompts(writes), key=type):
        made.extend(_steps_of(kind, list(group), now, head))
    return sorted(made, key=lambda step: not step.must_match)


def _newest_prompts(writes: Sequence[Write]) -> list[Write]:
    """Two prompts of one turn that collapse: only the later one exists at all."""
    last = {w.collapse: w.id for w in writes if isinstance(w, Post) and w.collapse is not None}
    return [w for w in writes if not isinstance(w, Post) or w.collapse is None or w.id == last[w.collapse]]


def _steps_of(kind: type[Write], group: list[Any], now: int, head: CaseHead | None) -> list[Step]:
    if kind is Post:
        return [Step(hot.POST, [post_row(w, now) for w in group], point="F6")]
    if kind is KeepRecord:
        return [Step(hot.RECORD, [record_row(w) for w in group], point="F5")]
    if kind is KeepSlot:
        return [Step(hot.SLOT, [_slot_row(w) for w in group])]
    if kind is Tally:
        return [Step(hot.TALLY, _tally_rows(group))]
    if kind is QueueVoice:
        return [Step(hot.VOICE_JOB, [_voice_job_row(w, now) for w in group])]
    if kind is KeepDraft:
        return [Step(hot.DRAFT, [{"case_id": w.case, "expires": w.expires} for w in group])]
    return [step for write in group for step in _rare_steps(write, head)]


def _rare_steps(write: Write, head: CaseHead | None) -> list[Step]:
    match write:
        case EraseDraft(case):
            return [Step(statement, [{"case_id": case}]) for statement in hot.ERASE_DRAFT]
        case OpenCase():
            return _opening(write)
        case KeepMailbox():
            return [
                Step(hot.SALT, [{"locator": write.locator, "salt": write.salt}]),
                Step(hot.MAILBOX, [_mailbox_row(write)]),
            ]
        case AddToCase():
            return _adding(write, head)
        case ForgetAnswers(mailbox, count, last, mark):
            given = {"mailbox_id": mailbox, "count": count, "last": last, "mark": mark}
            return [Step(hot.EMPTIED, [given]), Step(hot.FORGET_ANSWERS, [{"mailbox_id": mailbox, "count": count}])]
        case ForgetMailbox(mailbox):
            return [Step(hot.FORGET_MAILBOX, [{"mailbox_id": mailbox}])]
        case KeepNotice(mailbox, chat, told, until):
            wish = {"mailbox_id": mailbox, "chat": chat, "told": told, "until_hour": until, "due_at": None}
            return [Step(hot.NOTICE, [wish])]
        case ReadNotice(mailbox, told):
            return [Step(hot.NOTICE_READ, [{"mailbox_id": mailbox, "count": told}])]
        case DropNotice(mailbox):
            return [Step(hot.NO_NOTICE, [{"mailbox_id": mailbox}])]
        case DropNoticesOf(id, chat, hour):
            return [Step(hot.NOTICE_END, [{"id": id, "chat": chat, "hour": hour}])]
        case KeepVoice(case, record, envelope):
            return [Step(hot.VOICE_FILE, [{"case_id": case, "record": record, "envelope": envelope}])]
        case EndVoice(id, fence, parked):
            ended = hot.VOICE_PARKED if parked else hot.VOICE_DONE
            return [Step(ended, [{"id": id, "fence": fence, "given_up": PARKED}], must_match=True)]
        case Vanish(conversations, ticket, at, fading):
            statement = hot.FADE if fading else hot.VANISH
            return [Step(statement, [{"of_chat": c, "chat_ticket": ticket, "from_second": at} for c in conversations])]
        case KeepRecord() | KeepSlot() | KeepDraft() | Post() | Tally() | QueueVoice():
            raise AssertionError(type(write))
        case _ as unreachable:
            assert_never(unreachable)


def _opening(write: OpenCase) -> list[Step]:
    one = [{"case_id": write.id}]
    return [
        Step(hot.DRAFT_SENT, one),
        Step(hot.CASE, [_case_row(write)]),
        Step(hot.HEAD, [_head_row(write)]),
        Step(hot.TEAM, [_team_row(write, team) for team in sorted(set(write.teams))]),
        Step(hot.COUNT_IN, one),
    ]


def _adding(write: AddToCase, head: CaseHead | None) -> list[Step]:
    """`head` is what the decision was made from: if the case has moved on since, the decision is made again."""
    one = [{"case_id": write.case}]
    grown = {"case_id": write.case, "seq": write.seq, "head": write.head, "was": head.seq if head else write.seq - 1}
    return [
        Step(hot.GROW, [grown], must_match=True),
        Step(hot.COUNT_OUT, one),
        *((Step(hot.ROUSES, one), Step(hot.STIRS, one)) if write.wish is None else (Step(hot.WAKES, one),)),
        Step(hot.WAITING, [{"case_id": write.case, "at": write.hour}]),
        *_wish(write),
        Step(hot.TEAMS_FOLLOW, one),
        Step(hot.COUNT_IN, one),
    ]


def _wish(write: AddToCase) -> list[Step]:
    match write.wish:
        case None:
            return []
        case Wish.NONE:
            return [Step(hot.NO_WISH, [{"case_id": write.case}])]
        case wish:
            return [Step(hot.WISH, [{"case_id": write.case, "wish": wish.value}])]


def post_row(w: Post, now: int) -> Row:
    """`due_at` and `since` count from the database's clock, so they are waits, not times."""
    wait = max(w.lease, w.not_before, now) - now
    return {
        "id": w.id, "serial": 0, "kind": w.kind, "priority": w.priority, "ticket": w.ticket, "message": w.message,
        "collapse": w.collapse, "since": 0, "due_at": wait, "fence": 0, "attempts": 0, "now": now,
    }  # fmt: skip


def _tally_rows(group: Sequence[Tally]) -> list[Row]:
    """Each row once, and in one order, so that two turns never wait for one another's."""
    return [
        {"kind": w.kind, "item": w.item, "lang": w.lang, "audience": w.audience, "month": w.month, "n": n}
        for w, n in sorted(Counter(group).items(), key=lambda pair: astuple(pair[0]))
    ]


def record_row(w: KeepRecord) -> Row:
    return {
        "case_id": w.case, "seq": w.seq, "id": w.id, "kind": w.kind, "roster": w.roster, "day": w.day,
        "digest": w.digest, "envelope": w.envelope,
    }  # fmt: skip


def _voice_job_row(w: QueueVoice, now: int) -> Row:
    return {
        "id": w.id, "job": w.job, "since": 0, "due_at": max(0, w.due - now), "fence": 0, "attempts": 0, "now": now,
    }  # fmt: skip


def _slot_row(w: KeepSlot) -> Row:
    return {"case_id": w.case, "key_id": w.key, "roster": w.roster, "slot": w.slot}


def _mailbox_row(w: KeepMailbox) -> Row:
    return {
        "id": w.id, "case_id": w.case, "locator": w.locator, "cost": w.cost, "day": w.day, "auth": w.auth, "kem": w.kem,
        "case_mark": w.case_mark,
    }  # fmt: skip


def _case_row(w: OpenCase) -> Row:
    return {
        "id": w.id, "handle": w.handle, "language": w.language, "region": w.region, "concern": w.concern,
        "urgency": w.urgency, "channel": w.channel, "day": w.day, "climb_at": w.climb_at, "status": "new",
        "officer": None, "waiting": 1, "hour": w.hour, "version": 1, "closed_day": None, "held": 0,
    }  # fmt: skip


def _head_row(w: OpenCase) -> Row:
    return {"case_id": w.id, "seq": w.seq, "head": w.head, "public": w.public, "slot_list": w.slot_list}


def _team_row(w: OpenCase, team: str) -> Row:
    return {
        "case_id": w.id, "team": team, "status": "new", "urgency": w.urgency, "hour": w.hour, "officer": None,
        "feedback": int(w.feedback),
    }  # fmt: skip
