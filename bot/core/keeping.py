"""The case code and the sending: the code is made, shown once and confirmed before anything goes anywhere (D1).

Beside it stands an offer, never a question: something that only the reporter can answer, so that helpers know who is
writing before they write details (S54).
"""

from dataclasses import replace

from bot.core.answering import routing_of
from bot.core.effects import Class, Cover, Deliver, Fade, LocalTime, MakeCode, Say, Text
from bot.core.flow import Flow, standing
from bot.core.helplines import number_lines
from bot.core.mailbox_screens import QUESTION
from bot.core.private import Private
from bot.core.rows import DOORS, EXITS
from bot.core.screens import keeping_rows
from bot.core.state import Browsing, Draft, Keeping, State, Talk
from bot.core.triage import triage
from bot.core.turn import Turn, settle


def chose(flow: Flow, state: Keeping, key: str) -> Turn:
    match key:
        case "code-again" if not state.step:
            return Turn(Keeping(state.talk), (Say((Text("code.making"),), turn=state.talk.turn), MakeCode()))
        case "question" if state.made and not state.step:
            return settle(flow, replace(state, step=QUESTION))
        case "!back" if state.step:
            return settle(flow, replace(state, step=""))
        case "code-saved" if state.made and not state.step and state.talk.draft:
            return _deliver(flow, state.talk, state.talk.draft)
    return settle(flow, state, Text("say.stale"))


def code_made(state: State, code: Private) -> Turn:
    """Show the code once; it is in nobody's memory afterwards but the reporter's."""
    if not isinstance(state, Keeping):
        return Turn(state, ())  # the reporter went elsewhere meanwhile
    talk = state.talk.next_turn()
    shown = Keeping(talk, made=True)
    lines = (Text("code.show", {"code": code}),)
    return Turn(shown, (Say(lines, keeping_rows(shown), Class.CODE, talk.turn),))


def _deliver(flow: Flow, talk: Talk, draft: Draft) -> Turn:
    answers = standing(flow, draft.answers)
    urgency, reasons = triage(flow.rules, answers)
    routing = routing_of(flow, draft)
    concern = routing.concern
    age = (answers.get("age") or ("unknown",))[0]
    deliver = Deliver(
        cover=Cover(age, reasons, concern, answers),
        language=talk.lang,
        region=routing.places[0] if routing.places else "",
        concern=concern,
        urgency=urgency,
        routing=routing,
    )
    sent = Browsing(replace(talk, draft=None, turn=talk.turn + 1), "home")
    rows = ((DOORS["!mail"], DOORS["!home"]), EXITS)
    lines = sent_lines(flow, talk.region, urgency, talk.touched)
    return Turn(sent, (deliver, Fade(), Say(lines, rows, Class.SAVED, sent.talk.turn)))


def sent_lines(flow: Flow, region: str, urgency: str, now: int) -> tuple[Text, ...]:
    """Thanks, when somebody will read (honestly, at night too), and what comes next."""
    lines = [Text("sent.thanks")]
    if urgency in ("U0", "U1"):
        lines += [Text("sent.urgent"), *number_lines(flow, region)[1:]]
    opening = flow.hours.next_opening(now)
    if flow.hours.open_at(now):
        lines.append(Text("sent.now"))
    elif opening is None:
        lines.append(Text("sent.unknown-time"))
    else:
        today = flow.hours.local_day(now) == opening.date()
        when = LocalTime(opening.hour, opening.minute, None if today else opening.weekday())
        lines.append(Text("sent.later", {"time": when}))
    return (*lines, Text("sent.next"))
